package order

import (
	"maps"
	"strings"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
)

// Tasks whose object is "order@parcel" tell a seller: that its part of an order
// can be packed, that it was cancelled, that the shopper wants to return it, that the stand where it
// was to be handed out is no more.
// TaskStand looks, for an order that was placed, where its stands are now; its object
// is "order@event".
// TaskLedger brings the ledger up to date; TaskStuck tells the operators of an
// order that cannot be fulfilled. Their object is the order.
const (
	TaskNew       = "order-new"
	TaskCancelled = "order-cancelled"
	TaskAsked     = "order-return"
	TaskStandGone = "order-stand"
	TaskStand     = "order-stands"
	TaskLedger    = "order-ledger"
	TaskStuck     = "order-stuck"
)

// mails are the steps that shoppers are told of; of a refund, by its cause.
var mails = map[string]string{"placed": "mail.order_received", "confirmed": "mail.order_confirmed", "stuck": "mail.order_stuck",
	"expired": "mail.order_expired", "cancelled": "mail.order_cancelled", "sent": "mail.order_sent", "dropped": "mail.order_dropped", "stand": "mail.order_stand", "stand_gone": "mail.order_stand_gone",
	"return_declined": "mail.order_declined", "refund_failed": "mail.order_refund_failed", "refund:over": "mail.order_over", "refund:late": "mail.order_late", "refund:returned": "mail.order_returned",
	"refund:visit": "mail.order_visit", "refund:called_off": "mail.order_called_off",
	"refund_other": "mail.order_account", "refunded": "mail.order_refunded", "credited": "mail.order_credited"}

// effects follow from the steps that came since a revision.
func (o Order) effects(since int64, pay func(string, money.VND) (string, map[string]string)) (list []outbox.Effect) {
	first := len(o.Steps) - int(o.Rev-since)
	for i := max(first, 0); i < len(o.Steps); i++ {
		st := o.Steps[i]
		id := "order:" + o.ID + ":" + itoa(i) + ":"
		if key := o.mailOf(st); key != "" {
			m := o.mail(id+"mail", key, st)
			if (st.Name == "placed" || st.Name == "paid") && o.Method == Transfer && pay != nil {
				qr, args := pay(o.Code, o.Due())
				m.Mail.QR = qr
				maps.Copy(m.Mail.Args, args)
			}
			list = append(list, m)
		}
		for _, p := range o.Parcels {
			task := ""
			switch {
			case p.Visit() && tellsVisit(st, p):
				task = TaskVisit
			case p.Visit():
				continue
			case st.Name == "confirmed":
				task = TaskNew
			case st.Name == "cancelled" && o.Settled != nil && p.DroppedAt != nil && p.DroppedAt.Equal(st.At): // not one that its seller dropped
				task = TaskCancelled
			case st.Name == "return_asked" && st.Note == p.ID():
				task = TaskAsked
			case st.Name == "stand_gone" && st.Note == p.ID() && o.State == Confirmed:
				task = TaskStandGone
			default:
				continue
			}
			list = append(list, outbox.Effect{ID: id + p.ID(), Task: &outbox.Task{Name: task, Object: o.ID + "@" + p.ID()}})
		}
		if st.Name == "placed" {
			for _, event := range o.stands() {
				list = append(list, outbox.Effect{ID: id + "stand:" + event, Task: &outbox.Task{Name: TaskStand, Object: o.ID + "@" + event}})
			}
		}
		if st.Name == "stuck" {
			list = append(list, outbox.Effect{ID: id + "told", Task: &outbox.Task{Name: TaskStuck, Object: o.ID}})
		}
		if st.By != "worker" && st.By != "shopper" && st.By != "webhook" {
			list = append(list, o.entryOf(id+"log", st))
		}
	}
	if len(o.Ledger()) > 0 { // once for all steps of a change
		list = append(list, outbox.Effect{ID: "order:" + o.ID + ":" + itoa(len(o.Steps)) + ":ledger", Task: &outbox.Task{Name: TaskLedger, Object: o.ID}})
	}
	return list
}

// entryOf is the line of the audit log about what a person did. It names the
// order by its code, which opens nothing; what concerns one seller's parcel is in
// that seller's log.
func (o Order) entryOf(id string, st Step) outbox.Effect {
	e := outbox.Entry{At: st.At, By: st.By, Action: "order." + st.Name, Object: "order:" + o.Code}
	if i := o.Parcel(st.Note); i >= 0 {
		e.Org = o.Parcels[i].Seller
	} else if st.Note != "" {
		e.After = []outbox.Value{{Name: "note", Text: st.Note}}
	}
	return outbox.Effect{ID: id, Entry: &e}
}

// mailOf names the mail about a step, "" for one that needs none: another
// follows at once, or nobody left an address.
func (o Order) mailOf(st Step) string {
	name := st.Name
	i, r := o.Parcel(st.Note), o.refund(st.Note)
	switch {
	case o.Customer.Email == "", name == "placed" && o.DueNow == 0, name == "expired" && o.Paid() > 0:
		return ""
	case name == "refund_failed" && r >= 0 && o.Refunds[r].Method == Card:
		return "" // the market finds another way, and then asks
	case name == "paid" && o.Method == Transfer && o.State == Open && o.Due() > 0:
		return "mail.order_part"
	case name == "placed" && o.Method == Card:
		return "mail.order_card"
	case name == "confirmed" && o.WasLate():
		return "mail.order_late_kept"
	case name == "sent" && i >= 0 && o.Parcels[i].Way != Ship:
		return "mail.order_ready"
	case name == "refund" && r >= 0:
		name += ":" + o.Refunds[r].Cause
	}
	return mails[name]
}

// mail is what the shopper is told of a step.
func (o Order) mail(id, key string, st Step) outbox.Effect {
	l := o.Lang
	args := map[string]string{"Code": o.Code, "Total": o.Total().String(), "Due": o.Due().String(), "Paid": o.Paid().String(), "Order": o.words(l)}
	if o.Until != nil {
		args["Until"] = l.DateTime(*o.Until)
	}
	if i := o.Parcel(st.Note); i >= 0 {
		p := o.Parcels[i]
		args["Seller"], args["Why"], args["Place"], args["More"] = p.Name(l), p.Why, p.Place(l), o.parcelWords(p, l)
		args["Back"] = l.T("mail.back." + string(o.Method))
	}
	if i := o.refund(st.Note); i >= 0 {
		r := o.Refunds[i]
		args["Refund"], args["Credit"] = r.Amount.String(), r.Ref
		if args["How"] = l.T("mail.how.account"); r.Method == Card {
			args["How"] = l.T("mail.how.card")
		}
		if r.Expires != nil {
			args["Until"] = l.Date(*r.Expires)
		}
	}
	return outbox.Effect{ID: id, Mail: &outbox.Mail{To: o.Customer.Email, Lang: string(l), Key: key, Args: args, Link: "/orders/" + o.ID}}
}

// words list what was bought of whom, what its delivery costs, where it goes and
// whom to call.
func (o Order) words(l lang.Lang) string {
	var b strings.Builder
	for _, p := range o.Parcels {
		b.WriteString(p.Name(l) + "\n")
		b.WriteString(o.linesOf(p.ID(), l))
		if p.Fee > 0 {
			b.WriteString(l.T("mail.part.fee", "Fee", p.Fee.String()) + "\n")
		}
		switch p.Way {
		case Pickup, AtStand:
			b.WriteString(l.T("mail.part.pickup", "Place", p.Place(l)) + "\n")
		case Ship:
			b.WriteString(l.T("mail.part.ship", "Place", o.Customer.Address()) + "\n")
		}
		if p.SellerTel != "" {
			b.WriteString(l.T("mail.part.call", "Phone", p.SellerTel) + "\n")
		}
	}
	return strings.TrimSpace(b.String())
}

// linesOf words the lines of a parcel, one on each line.
func (o Order) linesOf(parcel string, l lang.Lang) string {
	var b strings.Builder
	for _, x := range o.Lines {
		if x.Parcel() != parcel {
			continue
		}
		b.WriteString(l.Int(x.Quantity) + " × " + x.Words(l) + ": " + x.Sum().String() + "\n")
	}
	return b.String()
}

// parcelWords say who brings a parcel, what is to be paid for it and whom to
// call; each begins a new line.
func (o Order) parcelWords(p Parcel, l lang.Lang) string {
	var b strings.Builder
	add := func(is bool, key string, args ...any) {
		if is {
			b.WriteString("\n" + l.T(key, args...))
		}
	}
	add(p.Carrier != "", "mail.part.carrier", "Carrier", p.Carrier)
	add(p.Tracking != "", "mail.part.tracking", "Tracking", p.Tracking)
	add(o.Method == Cash && p.Cash == nil && p.Total() > 0, "mail.part.cash", "Sum", p.Total().String())
	add(p.SellerTel != "", "mail.part.call", "Phone", p.SellerTel)
	return b.String()
}

// Told is what the mail to a seller about a parcel says.
func (o Order) Told(parcel string, l lang.Lang) map[string]string {
	i := o.Parcel(parcel)
	if i < 0 {
		return nil
	}
	p := o.Parcels[i]
	pay := "mail.part.paid"
	if o.Method == Cash {
		pay = "mail.part.cod"
	}
	return map[string]string{"Code": o.Code, "Order": strings.TrimSpace(o.linesOf(parcel, l)) + "\n" + l.T(pay, "Sum", p.Total().String()), "Why": p.Asked}
}

// CutTask takes the object of TaskNew apart.
func CutTask(object string) (order, parcel string, ok bool) { return strings.Cut(object, "@") }
