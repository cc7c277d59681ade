package views

import (
	"strings"

	"github.com/a-h/templ"

	"nguon/app/account"
)

// Component renders the page.
func (p LogPage) Component() templ.Component {
	p.Base = p.private(p.T("logpage.title"), p.T("logpage.description"))
	return p.page()
}

// logActions are those that the menu offers.
var logActions = [...]string{"person.create", "person.sign_in", "person.sign_out", "person.edit", "person.password", "person.reset", "person.second_on", "person.second_off",
	"person.delete", "role.grant", "org.apply", "org.approve", "org.refuse", "org.suspend", "org.lift", "org.edit", "org.document", "member.invite", "member.revoke",
	"member.join", "member.role", "member.remove", "product.create", "product.edit", "product.publish", "product.withdraw", "product.photo", "ocop.confirm", "ocop.refuse",
	"face.edit", "text.edit", "report.file", "report.answer", "report.close", "report.reopen"}

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

// on words the object of an entry: a person by name, others by kind and id.
func (p LogPage) on(e account.LogEntry) string {
	if id, ok := strings.CutPrefix(e.Object, "person:"); ok && p.Names[id] != "" {
		return p.Names[id]
	}
	return e.Object
}

func (p LogPage) change(e account.LogEntry) string {
	before, after := valuesText(e.Before), valuesText(e.After)
	switch {
	case e.Erased:
		return p.T("logpage.erased")
	case before != "" && after != "":
		return before + " → " + after
	}
	return before + after
}
