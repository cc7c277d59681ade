package views

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/outbox"
)

// Component renders the page.
func (p LogPage) Component() templ.Component {
	p.Base = p.private(p.T("logpage.title"), p.T("logpage.description"))
	return p.page()
}

// logActions are those that the menu offers.
var logActions = [...]string{"person.create", "person.sign_in", "person.sign_out", "person.edit", "person.password", "person.address", "person.reset", "person.second_on", "person.second_off",
	"person.recovery_used", "person.recovery_new", "person.delete", "role.grant", "mail.retry", "org.register", "org.apply", "org.close", "org.approve", "org.refuse", "org.suspend", "org.lift", "org.edit", "org.document", "org.document_gone",
	"member.invite", "member.revoke", "member.join", "member.role", "member.remove", "product.create", "product.edit", "product.publish", "product.withdraw", "product.allow", "product.drop", "product.photo",
	"ocop.confirm", "ocop.refuse", "face.edit", "text.edit", "report.file", "report.answer", "report.close", "report.reopen", "report.erase",
	"order.packed", "order.sent", "order.delivered", "order.collected", "order.remitted", "order.returned", "order.dropped", "order.cancelled", "order.paid", "order.refund_account", "order.refund_sent", "order.refunded",
	"order.refund_failed", "order.refund_again", "order.credit", "order.refund_other", "order.return_declined", "order.dispute_seen", "order.left", "order.came", "transfer.enter", "transfer.assign", "transfer.ignore", "statement.receive", "batch.make", "batch.paid", "batch.bounced", "coupon.make", "coupon.end",
	"terms.rates", "terms.commission", "terms.account",
	"edition.create", "edition.edit", "edition.venues", "edition.booths", "edition.photo", "edition.publish", "edition.withdraw", "event.create", "event.edit", "event.call_off", "event.drop",
	"tour.create", "tour.edit", "tour.publish", "tour.withdraw", "tour.photos", "tour.planned", "departure.close", "departure.resize", "departure.move", "departure.call_off", "review.answer", "review.moderate"}

func (p LogPage) actions() []choice {
	list := []choice{{"", p.T("logpage.action.all")}}
	for _, a := range logActions {
		list = append(list, choice{a, p.T("logpage.action." + a)})
	}
	return list
}

func (p LogPage) organisations() []choice {
	var list []choice
	if p.All {
		list = append(list, choice{"", p.T("logpage.org.all")})
	}
	for _, o := range p.Orgs {
		list = append(list, choice{o.ID, o.Name})
	}
	return list
}

// action words what was done; one that has no words yet shows as it is.
func (p LogPage) action(e account.LogEntry) string {
	if key := "logpage.action." + e.Action; p.Lang.Has(key) {
		return p.T(key)
	}
	return e.Action
}

// on words the object of an entry: its kind, and a name where one is known.
func (p LogPage) on(e account.LogEntry) (kind, name string) {
	kind, id, cut := strings.Cut(e.Object, ":")
	if !cut {
		return "", e.Object
	}
	return word(p.Lang, "logpage.kind.", kind), p.called(kind, id)
}

func (p LogPage) called(kind, id string) string {
	switch name := p.Objects[kind+":"+id]; {
	case name != "":
		return name
	case kind == "person":
		return p.person(id)
	}
	return short(id)
}

// person is a name, or the end of an id that no name is known for.
func (p LogPage) person(id string) string {
	if n := p.Names[id]; n != "" {
		return n
	}
	return short(id)
}

// only is the address of the entries about one object or of one person, within
// the organisation whose log is read.
func (p LogPage) only(field, value string) string {
	q := url.Values{field: {value}}
	if org := p.Form.Get("org"); org != "" {
		q.Set("org", org)
	}
	return "/console/log?" + q.Encode()
}

// named reports whether the author of an entry is a person and the log is not
// that person's alone already.
func (p LogPage) named(e account.LogEntry) bool {
	return len(e.By) == idLength && p.Form.Get("by") != e.By
}

// brief reports whether an entry says no more than who did it to themselves, such
// as signing in: one line on a phone.
func (p LogPage) brief(e account.LogEntry) bool {
	return e.Object == "person:"+e.By && !e.Erased && len(changes(e)) == 0
}

// change is what an entry says of one value. An Old of nil was not recorded.
type change struct {
	name     string
	old, now *string
}

// changes sets what stood before beside what stood after; what stayed the same
// is left out.
func changes(e account.LogEntry) []change {
	var list []change
	find := func(name string) *change {
		for i := range list {
			if list[i].name == name {
				return &list[i]
			}
		}
		list = append(list, change{name: name})
		return &list[len(list)-1]
	}
	for _, v := range e.Before {
		c := find(v.Name)
		c.old = withValue(c.old, v)
	}
	for _, v := range e.After {
		c := find(v.Name)
		c.now = withValue(c.now, v)
	}
	kept := list[:0]
	for _, c := range list {
		if c.tells() {
			kept = append(kept, c)
		}
	}
	return kept
}

// withValue adds a value to others of the same name: a person may have several
// roles.
func withValue(to *string, v outbox.Value) *string {
	if to == nil {
		return &v.Text
	}
	both := *to + ", " + v.Text
	return &both
}

func (c change) tells() bool {
	switch {
	case c.old != nil && c.now != nil:
		return *c.old != *c.now
	case c.old != nil:
		return *c.old != ""
	}
	return *c.now != ""
}
