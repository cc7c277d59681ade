package order

import (
	"maps"
	"strings"

	"nguon/app/money"
	"nguon/app/outbox"
)

// TaskNew is posted when a seller's part of an order can be packed; its object
// is "order@seller". TaskLedger brings the ledger up to date; TaskStuck tells
// the operators of an order that cannot be fulfilled.
const (
	TaskNew    = "order-new"
	TaskLedger = "order-ledger"
	TaskStuck  = "order-stuck"
)

// mails are the steps that shoppers are told of; of a refund, by its cause.
var mails = map[string]string{"placed": "mail.order_received", "confirmed": "mail.order_confirmed", "stuck": "mail.order_stuck",
	"expired": "mail.order_expired", "cancelled": "mail.order_cancelled", "sent": "mail.order_sent", "dropped": "mail.order_dropped",
	"return_declined": "mail.order_declined", "refund:over": "mail.order_over", "refund:late": "mail.order_late", "refund:returned": "mail.order_returned",
	"refund_other": "mail.order_account", "refunded": "mail.order_refunded", "credited": "mail.order_credited"}

// effects follow from the steps that came since a revision.
func (o Order) effects(since int64, pay func(string, money.VND) (string, map[string]string)) (list []outbox.Effect) {
	first := len(o.Steps) - int(o.Rev-since)
	for i := max(first, 0); i < len(o.Steps); i++ {
		st := o.Steps[i]
		id := "order:" + o.ID + ":" + itoa(i) + ":"
		if key := o.mailOf(st); key != "" {
			m := o.mail(id+"mail", key, st)
			if st.Name == "placed" && o.Method == Transfer && pay != nil {
				qr, args := pay(o.Code, o.Due())
				m.Mail.QR = qr
				maps.Copy(m.Mail.Args, args)
			}
			list = append(list, m)
		}
		switch st.Name {
		case "confirmed":
			for _, p := range o.Parcels {
				list = append(list, outbox.Effect{ID: id + p.Seller, Task: &outbox.Task{Name: TaskNew, Object: o.ID + "@" + p.Seller}})
			}
		case "stuck":
			list = append(list, outbox.Effect{ID: id + "told", Task: &outbox.Task{Name: TaskStuck, Object: o.ID}})
		}
		if o.Settled != nil || len(o.Ledger()) > 0 {
			list = append(list, outbox.Effect{ID: id + "ledger", Task: &outbox.Task{Name: TaskLedger, Object: o.ID}})
		}
		if st.By != "worker" && st.By != "shopper" && st.By != "webhook" {
			list = append(list, o.entryOf(id+"log", st))
		}
	}
	return list
}

// entryOf is the line of the audit log about what a person did. It names the
// order by its code, which opens nothing; what concerns one seller's parcel is in
// that seller's log.
func (o Order) entryOf(id string, st Step) outbox.Effect {
	e := outbox.Entry{At: st.At, By: st.By, Action: "order." + st.Name, Object: "order:" + o.Code}
	if o.Parcel(st.Note) >= 0 {
		e.Org = st.Note
	} else if st.Note != "" {
		e.After = []outbox.Value{{Name: "note", Text: st.Note}}
	}
	return outbox.Effect{ID: id, Entry: &e}
}

// mailOf names the mail about a step, "" for one that needs none: another
// follows at once, or nobody left an address.
func (o Order) mailOf(st Step) string {
	name := st.Name
	switch {
	case o.Customer.Email == "", name == "placed" && o.DueNow == 0, name == "expired" && o.Paid() > 0:
		return ""
	case name == "placed" && o.Method == Card:
		return "mail.order_card"
	case name == "refund":
		if i := o.refund(st.Note); i >= 0 {
			name += ":" + o.Refunds[i].Cause
		}
	}
	return mails[name]
}

// mail is what the shopper is told of a step.
func (o Order) mail(id, key string, st Step) outbox.Effect {
	l := o.Lang
	args := map[string]string{"Code": o.Code, "Total": o.Total().String(), "Due": o.Due().String(), "Paid": o.Paid().String()}
	if o.Until != nil {
		args["Until"] = l.DateTime(*o.Until)
	}
	if i := o.Parcel(st.Note); i >= 0 {
		p := o.Parcels[i]
		args["Seller"], args["Carrier"], args["Tracking"], args["Why"] = p.Name(l), p.Carrier, p.Tracking, p.Why
	}
	if i := o.refund(st.Note); i >= 0 {
		r := o.Refunds[i]
		args["Refund"], args["Credit"] = r.Amount.String(), r.Ref
		if args["How"] = l.T("mail.how.account"); r.Method == Card {
			args["How"] = l.T("mail.how.card")
		}
		if r.Done != nil {
			args["Until"] = l.Date(r.Done.AddDate(1, 0, 0))
		}
	}
	return outbox.Effect{ID: id, Mail: &outbox.Mail{To: o.Customer.Email, Lang: string(l), Key: key, Args: args, Link: "/orders/" + o.ID}}
}

// CutTask takes the object of TaskNew apart.
func CutTask(object string) (order, seller string, ok bool) { return strings.Cut(object, "@") }
