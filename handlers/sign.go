package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/views"
)

func (s *Site) signUpForm(c *fiber.Ctx) error {
	return s.own(c, views.SignUpPage{Base: s.base(c)})
}

func (s *Site) signUp(c *fiber.Ctx) error {
	v, l := values(c), lang.From(c.UserContext())
	err := s.Account.Request(c.UserContext(), account.SignUp{Name: v["name"], Email: v["email"], Password: v["password"],
		Agreed: v["agreed"] == "on", Lang: l, Network: s.network(c)})
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.SignUpPage{Base: s.base(c), Form: f} }, v)
	}
	return s.notice(c, "notice.sign_up_sent", []any{"Email", v["email"]}, views.Way{Path: "/sign-in", Key: "sign.in"})
}

// notice says what happened; it is the page that answers a form.
func (s *Site) notice(c *fiber.Ctx, key string, args []any, ways ...views.Way) error {
	page := views.NoticePage{Base: s.base(c), Key: key, Args: args, Ways: ways}
	page.NoIndex = true
	return s.own(c, page)
}

func (s *Site) confirmForm(c *fiber.Ctx) error {
	link, err := query(c, "token")
	if err != nil {
		return err
	}
	email, err := s.Account.Confirmable(c.UserContext(), link)
	if err != nil {
		return err
	}
	page := views.ConfirmPage{Base: s.base(c), Email: email, Link: link}
	page.Query = rawQuery(c)
	return s.own(c, page)
}

func (s *Site) confirm(c *fiber.Ctx) error {
	if err := s.Account.Confirm(c.UserContext(), values(c)["token"]); err != nil {
		return err
	}
	return s.notice(c, "notice.confirmed", nil, views.Way{Path: "/sign-in", Key: "sign.in"})
}

func (s *Site) signInForm(c *fiber.Ctx) error {
	next, err := query(c, "next")
	if err != nil {
		return err
	}
	page := views.SignInPage{Base: s.base(c), Next: local(next)}
	page.Query = rawQuery(c)
	return s.own(c, page)
}

func (s *Site) signIn(c *fiber.Ctx) error {
	v := values(c)
	next := local(v["next"])
	o, err := s.Account.SignIn(c.UserContext(), account.SignIn{Email: v["email"], Password: v["password"],
		Device: s.cookie(c, deviceCookie), Network: s.network(c), Agent: c.Get(fiber.HeaderUserAgent)})
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.SignInPage{Base: s.base(c), Form: f, Next: next} }, v)
	}
	// A session that this browser had before is of no more use.
	if err := s.Account.SignOut(c.UserContext(), s.cookie(c, sessionCookie)); err != nil {
		return err
	}
	s.enter(c, o)
	if o.Waits {
		return s.see(c, "/sign-in/code", "next", next)
	}
	return s.goOn(c, next)
}

// goOn leads to where somebody wanted to go before signing in.
func (s *Site) goOn(c *fiber.Ctx, next string) error {
	if next == "" {
		return s.see(c, "/console")
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderLocation, lang.From(c.UserContext()).Path(next))
	c.Status(fiber.StatusSeeOther)
	return nil
}

func (s *Site) codeForm(c *fiber.Ctx) error {
	next, err := query(c, "next")
	if err != nil {
		return err
	}
	page := views.CodePage{Base: s.base(c), Next: local(next)}
	page.Query = rawQuery(c)
	return s.own(c, page)
}

func (s *Site) code(c *fiber.Ctx) error {
	v := values(c)
	next := local(v["next"])
	o, err := s.Account.SecondStep(c.UserContext(), s.cookie(c, sessionCookie), v["code"], s.network(c))
	if fault.CodeOf(err) == "account.session.none" { // it took too long, or too many tries
		s.setCookie(c, sessionCookie, "", 0)
		return s.again(c, fault.New(fault.Unauthenticated, "account.session.over"),
			func(f views.Form) views.Page { return views.SignInPage{Base: s.base(c), Form: f, Next: next} }, v)
	}
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.CodePage{Base: s.base(c), Form: f, Next: next} }, v)
	}
	s.enter(c, o)
	return s.goOn(c, next)
}

func (s *Site) signOut(c *fiber.Ctx, _ account.Actor) error {
	if err := s.Account.SignOut(c.UserContext(), s.cookie(c, sessionCookie)); err != nil {
		return err
	}
	s.setCookie(c, sessionCookie, "", 0)
	c.Locals(localActor, nil)
	return s.notice(c, "notice.signed_out", nil, views.Way{Path: "/", Key: "errorpage.way.home"}, views.Way{Path: "/sign-in", Key: "sign.in"})
}

func (s *Site) forgotForm(c *fiber.Ctx) error {
	return s.own(c, views.ForgotPage{Base: s.base(c)})
}

func (s *Site) forgot(c *fiber.Ctx) error {
	v := values(c)
	if err := s.Account.Forgot(c.UserContext(), v["email"], s.network(c), lang.From(c.UserContext())); err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.ForgotPage{Base: s.base(c), Form: f} }, v)
	}
	return s.notice(c, "notice.forgot_sent", []any{"Email", v["email"]}, views.Way{Path: "/sign-in", Key: "sign.in"})
}

func (s *Site) resetForm(c *fiber.Ctx) error {
	link, err := query(c, "token")
	if err != nil {
		return err
	}
	if err := s.Account.Resettable(c.UserContext(), link); err != nil {
		return err
	}
	page := views.ResetPage{Base: s.base(c), Link: link}
	page.Query = rawQuery(c)
	return s.own(c, page)
}

func (s *Site) reset(c *fiber.Ctx) error {
	v := values(c)
	link := v["token"]
	device, err := s.Account.Reset(c.UserContext(), link, v["password"])
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.ResetPage{Base: s.base(c), Form: f, Link: link} }, v)
	}
	s.setCookie(c, deviceCookie, device, deviceKept)
	s.setCookie(c, sessionCookie, "", 0)
	return s.notice(c, "notice.reset_done", nil, views.Way{Path: "/sign-in", Key: "sign.in"})
}

// joinForm shows an invitation, to whoever holds its link.
func (s *Site) joinForm(c *fiber.Ctx) error {
	link, err := query(c, "token")
	if err != nil {
		return err
	}
	org, in, err := s.Account.Invited(c.UserContext(), link)
	if err != nil {
		return err
	}
	a, err := s.maybe(c)
	if err != nil {
		return err
	}
	page := views.JoinPage{Base: s.base(c), Org: org.Name, Role: in.Role, Invite: in.Email, Mine: a.Person.Email, Link: link}
	page.Query = rawQuery(c)
	return s.own(c, page)
}

// joinOrg makes who has signed in a member.
func (s *Site) joinOrg(c *fiber.Ctx, a account.Actor) error {
	org, err := s.Account.Join(c.UserContext(), a, values(c)["link"])
	if err != nil {
		return err
	}
	return s.see(c, "/console/people/"+org, "done", "joined")
}
