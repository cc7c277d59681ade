package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/views"
)

// peopleList leads to the people of one's organisations; with only one, to it.
func (s *Site) peopleList(c *fiber.Ctx, a account.Actor) error {
	admin := a.Is(account.Admin)
	if len(a.Orgs) == 1 && !admin {
		return s.see(c, "/console/people/"+a.Orgs[0].ID)
	}
	return s.own(c, views.PeopleListPage{Base: s.base(c), Orgs: a.Orgs, Admin: admin})
}

func (s *Site) people(c *fiber.Ctx, a account.Actor) error {
	page, err := s.peoplePage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) peoplePage(c *fiber.Ctx, a account.Actor) (page views.PeoplePage, err error) {
	o, err := s.object(c, a, account.MemberRead)
	if err != nil {
		return page, err
	}
	page = views.PeoplePage{Base: s.base(c), Org: o, MeID: a.Person.ID, Today: s.Now(), Owner: a.May(account.MemberChange, account.OfOrg(o)) == nil}
	page.Demo = o.Demo
	page.People, err = s.Account.Members(c.UserContext(), o)
	return page, err
}

// peopleAgain shows the page once more with what is wrong.
func (s *Site) peopleAgain(c *fiber.Ctx, a account.Actor, err error, v map[string]string) error {
	page, broken := s.peoplePage(c, a)
	if broken != nil {
		return broken
	}
	return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
}

func (s *Site) invite(c *fiber.Ctx, a account.Actor) error {
	org, err := id(c, "org")
	if err != nil {
		return err
	}
	v := values(c)
	if err := s.Account.Invite(c.UserContext(), a, org, v["email"], account.Role(v["role"])); err != nil {
		return s.peopleAgain(c, a, err, v)
	}
	return s.see(c, "/console/people/"+org, "done", "invited")
}

func (s *Site) revoke(c *fiber.Ctx, a account.Actor) error {
	org, err := id(c, "org")
	if err != nil {
		return err
	}
	if err := s.Account.Revoke(c.UserContext(), a, org, values(c)["invite"]); err != nil {
		return err
	}
	return s.see(c, "/console/people/"+org, "done", "revoked")
}

func (s *Site) setRole(c *fiber.Ctx, a account.Actor) error {
	org, err := id(c, "org")
	if err != nil {
		return err
	}
	v := values(c)
	if err := s.Account.SetRole(c.UserContext(), a, org, v["person"], account.Role(v["role"])); err != nil {
		return s.peopleAgain(c, a, err, v)
	}
	return s.see(c, "/console/people/"+org, "done", "role")
}

func (s *Site) removeMember(c *fiber.Ctx, a account.Actor) error {
	org, err := id(c, "org")
	if err != nil {
		return err
	}
	v := values(c)
	if err := s.Account.RemoveMember(c.UserContext(), a, org, v["person"]); err != nil {
		return s.peopleAgain(c, a, err, v)
	}
	if v["person"] == a.Person.ID {
		return s.see(c, "/console")
	}
	return s.see(c, "/console/people/"+org, "done", "removed")
}

// roles is where the administrator gives roles.
func (s *Site) roles(c *fiber.Ctx, a account.Actor) error {
	page, err := s.rolesPage(c, a)
	if err != nil {
		return err
	}
	email, err := query(c, "email")
	if err != nil {
		return err
	}
	if page.Search, page.Asked = email, email != ""; page.Asked {
		page.Query = rawQuery(c)
		p, err := s.Account.PersonByAddress(c.UserContext(), a, email)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil {
			page.Found = &p
		}
	}
	return s.own(c, page)
}

func (s *Site) rolesPage(c *fiber.Ctx, a account.Actor) (views.RolesPage, error) {
	page := views.RolesPage{Base: s.base(c), MeID: a.Person.ID, Given: map[account.Role][]account.Person{}}
	for _, r := range [...]account.Role{account.Operator, account.Admin} {
		list, err := s.Account.WithRole(c.UserContext(), a, r)
		if err != nil {
			return page, err
		}
		page.Given[r] = list
	}
	return page, nil
}

func (s *Site) grant(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	err := s.Account.Grant(c.UserContext(), a, v["person"], account.Role(v["role"]), v["on"] == "on")
	if err != nil {
		page, broken := s.rolesPage(c, a)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/people/roles", "done", "role")
}
