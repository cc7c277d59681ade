package views

import (
	"github.com/a-h/templ"

	"nguon/app/account"
)

// Component renders the page.
func (p PeoplePage) Component() templ.Component {
	p.Base = p.private(p.T("people.title", "Org", p.Org.Name), p.T("people.description"))
	return p.page()
}

// Component renders the page.
func (p PeopleListPage) Component() templ.Component {
	p.Base = p.private(p.T("people.list.title"), p.T("people.description"))
	return p.page()
}

// Component renders the page.
func (p RolesPage) Component() templ.Component {
	p.Base = p.private(p.T("people.roles"), p.T("people.roles.description"))
	return p.page()
}

func (p PeoplePage) name(m account.Member) string {
	if person, ok := p.People[m.Person]; ok {
		return person.Name
	}
	return p.T("people.gone")
}

func (p PeoplePage) open() []account.Invite {
	var list []account.Invite
	for _, in := range p.Org.Invites {
		if p.Today.Before(in.Until) {
			list = append(list, in)
		}
	}
	return list
}

func (p PeoplePage) path(end string) string { return "/console/people/" + p.Org.ID + end }

func (p PeoplePage) roles() []choice {
	return []choice{{string(account.Staff), upperFirst(p.T("account.member.staff"))}, {string(account.Owner), upperFirst(p.T("account.member.owner"))}}
}

func otherRole(r account.Role) account.Role {
	if r == account.Owner {
		return account.Staff
	}
	return account.Owner
}

var givenRoles = [...]account.Role{account.Operator, account.Admin}

func hasRole(p account.Person, r account.Role) bool {
	for _, o := range p.Roles {
		if o == r {
			return true
		}
	}
	return false
}
