package handlers

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/views"
)

func (s *Site) signUpForm(c *fiber.Ctx) error {
	next, err := query(c, "next")
	if err != nil {
		return err
	}
	page := views.SignUpPage{Base: s.base(c), Next: local(next)}
	page.Query = rawQuery(c)
	if page.Form.Values, err = s.invitedValues(c, page.Next); err != nil {
		return err
	}
	return s.own(c, page)
}

// invitedValues fills in the address that an invitation went to, for who comes
// from it.
func (s *Site) invitedValues(c *fiber.Ctx, next string) (map[string]string, error) {
	u, err := url.Parse(next)
	if err != nil || u.Path != "/join" {
		return nil, nil
	}
	_, in, err := s.Account.Invited(c.UserContext(), u.Query().Get("token"))
	if fault.Is(err, fault.Gone) {
		return nil, nil
	}
	return map[string]string{"email": in.Email}, err
}

func (s *Site) signUp(c *fiber.Ctx) error {
	v, l := values(c), lang.From(c.UserContext())
	next := local(v["next"])
	err := s.Account.Request(c.UserContext(), account.SignUp{Name: v["name"], Email: v["email"], Password: v["password"],
		Agreed: v["agreed"] == "on", Lang: l, Device: s.cookie(c, deviceCookie), Network: s.network(c), Next: next})
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.SignUpPage{Base: s.base(c), Form: f, Next: next} }, v)
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

// confirm opens an account, and lets in who has just typed its password.
func (s *Site) confirm(c *fiber.Ctx) error {
	v := values(c)
	link := v["token"]
	email, next, err := s.Account.Confirm(c.UserContext(), link, v["password"])
	if err != nil {
		email, broken := s.Account.Confirmable(c.UserContext(), link)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page {
			return views.ConfirmPage{Base: s.base(c), Form: f, Email: email, Link: link}
		}, v)
	}
	v["email"] = email
	return s.signInAs(c, v, local(next))
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
	return s.signInAs(c, v, local(v["next"]))
}

func (s *Site) signInAs(c *fiber.Ctx, v map[string]string, next string) error {
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
	s.bringCart(c, o.Secret)
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
	o, err := s.Account.SecondStep(c.UserContext(), s.cookie(c, sessionCookie), v["code"], s.cookie(c, deviceCookie), s.network(c))
	if fault.CodeOf(err) == "account.session.none" { // it took too long, or too many tries
		s.setCookie(c, sessionCookie, "", 0)
		return s.again(c, fault.New(fault.Unauthenticated, "account.session.over"),
			func(f views.Form) views.Page { return views.SignInPage{Base: s.base(c), Form: f, Next: next} }, v)
	}
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.CodePage{Base: s.base(c), Form: f, Next: next} }, v)
	}
	s.enter(c, o)
	s.bringCart(c, o.Secret)
	return s.goOn(c, next)
}

func (s *Site) signOut(c *fiber.Ctx, _ account.Actor) error {
	if err := s.Account.SignOut(c.UserContext(), s.cookie(c, sessionCookie)); err != nil {
		return err
	}
	s.setCookie(c, sessionCookie, "", 0)
	s.setCookie(c, cartCookie, "", 0) // it waits for its person
	c.Locals(localActor, nil)
	c.Set(fiber.HeaderContentSecurityPolicy, scripted(plainPolicy))
	return s.notice(c, "notice.signed_out", nil, views.Way{Path: "/", Key: "errorpage.way.home"}, views.Way{Path: "/sign-in", Key: "sign.in"})
}

func (s *Site) forgotForm(c *fiber.Ctx) error {
	return s.own(c, views.ForgotPage{Base: s.base(c)})
}

func (s *Site) forgot(c *fiber.Ctx) error {
	v := values(c)
	if err := s.Account.Forgot(c.UserContext(), v["email"], s.cookie(c, deviceCookie), s.network(c), lang.From(c.UserContext())); err != nil {
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
	page := views.JoinPage{Base: s.base(c), Org: org.Name, Role: in.Role, Invite: in.Email, Mine: a.Person.Email, ForMe: strings.EqualFold(a.Person.Email, in.Email), Link: link}
	page.Query = rawQuery(c)
	return s.own(c, page)
}

// joinOrg makes who has signed in a member.
func (s *Site) joinOrg(c *fiber.Ctx, a account.Actor) error {
	org, secret, err := s.Account.Join(c.UserContext(), a, values(c)["link"])
	if err != nil {
		return err
	}
	if secret != "" {
		s.setCookie(c, sessionCookie, secret, sessionKept)
	}
	return s.see(c, "/console/people/"+org, "done", "joined")
}
