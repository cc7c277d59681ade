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

// mails are the steps that shoppers are told of.
var mails = map[string]string{"placed": "mail.order_received", "confirmed": "mail.order_confirmed", "stuck": "mail.order_stuck",
	"expired": "mail.order_expired", "cancelled": "mail.order_cancelled", "sent": "mail.order_sent", "refunded": "mail.order_refunded"}

// effects follow from the steps that came since a revision.
func (o Order) effects(since int64, pay func(string, money.VND) (string, map[string]string)) (list []outbox.Effect) {
	first := len(o.Steps) - int(o.Rev-since)
	for i := max(first, 0); i < len(o.Steps); i++ {
		st := o.Steps[i]
		id := "order:" + o.ID + ":" + itoa(i) + ":"
		if key := mails[st.Name]; key != "" && !o.silent(st.Name) {
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
			list = append(list, outbox.Effect{ID: id + "log", Entry: &outbox.Entry{At: st.At, By: st.By, Action: "order." + st.Name, Object: "order:" + o.ID,
				After: []outbox.Value{{Name: "code", Text: o.Code}, {Name: "note", Text: st.Note}}}})
		}
	}
	return list
}

// silent reports whether a step needs no mail: one that another follows at once,
// or nobody left an address.
func (o Order) silent(step string) bool {
	return o.Customer.Email == "" || step == "placed" && o.DueNow == 0
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
		args["Seller"], args["Carrier"], args["Tracking"] = p.SellerName, p.Carrier, p.Tracking
	}
	for _, r := range o.Refunds {
		if r.ID == st.Note {
			args["Refund"] = r.Amount.String()
		}
	}
	return outbox.Effect{ID: id, Mail: &outbox.Mail{To: o.Customer.Email, Lang: string(l), Key: key, Args: args, Link: "/orders/" + o.ID}}
}

// CutTask takes the object of TaskNew apart.
func CutTask(object string) (order, seller string, ok bool) { return strings.Cut(object, "@") }
