package views

import (
	"slices"

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

// open are the invitations that still hold.
func (p PeoplePage) open() []account.Invite {
	var list []account.Invite
	for _, in := range p.Org.Invites {
		if p.Today.Before(in.Until) {
			list = append(list, in)
		}
	}
	return list
}

// onlyOwner reports whether a member owns the organisation alone, and so cannot
// leave it.
func (p PeoplePage) onlyOwner(m account.Member) bool {
	return m.Role == account.Owner && !slices.ContainsFunc(p.Org.Members, func(o account.Member) bool { return o.Role == account.Owner && o.Person != m.Person })
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

func hasRole(p account.Person, r account.Role) bool { return slices.Contains(p.Roles, r) }

// secondStep says whether the roles of a person count yet.
func secondStep(p account.Person) (result, key string) {
	if p.Second != nil && p.Second.On != nil {
		return "pass", "people.second.on"
	}
	return "undetermined", "people.second.off"
}
