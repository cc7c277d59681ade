package handlers

import (
	"encoding/base64"
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/qr"
	"nguon/views"
)

func (s *Site) accountPage(c *fiber.Ctx, a account.Actor) error {
	return s.own(c, views.AccountPage{Base: s.base(c), Person: a.Person, Roles: a.Roles(), Orgs: a.Orgs, Live: len(a.Person.Sessions)})
}

func (s *Site) profileForm(c *fiber.Ctx, a account.Actor) error {
	f := views.Form{Values: map[string]string{"name": a.Person.Name, "lang": string(a.Person.Lang)}}
	return s.own(c, views.ProfilePage{Base: s.base(c), Form: f})
}

func (s *Site) profile(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	l, _ := lang.Parse(v["lang"])
	if err := s.Account.SetProfile(c.UserContext(), a, v["name"], l); err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.ProfilePage{Base: s.base(c), Form: f} }, v)
	}
	c.SetUserContext(lang.With(c.UserContext(), l)) // the language that was chosen
	return s.see(c, "/account", "done", "profile")
}

func (s *Site) passwordForm(c *fiber.Ctx, _ account.Actor) error {
	return s.own(c, views.PasswordPage{Base: s.base(c)})
}

func (s *Site) password(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	secret, err := s.Account.ChangePassword(c.UserContext(), a, v["current"], v["password"])
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.PasswordPage{Base: s.base(c), Form: f} }, v)
	}
	s.setCookie(c, sessionCookie, secret, sessionKept)
	return s.see(c, "/account", "done", "password")
}

func (s *Site) addressForm(c *fiber.Ctx, _ account.Actor) error {
	return s.own(c, views.AddressPage{Base: s.base(c)})
}

func (s *Site) address(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	if err := s.Account.AskAddress(c.UserContext(), a, v["current"], v["email"]); err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.AddressPage{Base: s.base(c), Form: f} }, v)
	}
	return s.notice(c, "notice.address_sent", []any{"Email", v["email"]}, views.Way{Path: "/account", Key: "accountpage.title"})
}

// newAddressForm is where the link of a mail leads; it may be opened in another
// browser than the one that asked for it.
func (s *Site) newAddressForm(c *fiber.Ctx) error {
	link, err := query(c, "token")
	if err != nil {
		return err
	}
	email, err := s.Account.NewAddress(c.UserContext(), link)
	if err != nil {
		return err
	}
	page := views.NewAddressPage{Base: s.base(c), Email: email, Link: link}
	page.Query = rawQuery(c)
	return s.own(c, page)
}

func (s *Site) newAddress(c *fiber.Ctx) error {
	v := values(c)
	link := v["token"]
	if err := s.Account.ChangeAddress(c.UserContext(), link, v["password"]); err != nil {
		email, broken := s.Account.NewAddress(c.UserContext(), link)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page {
			return views.NewAddressPage{Base: s.base(c), Form: f, Email: email, Link: link}
		}, v)
	}
	return s.notice(c, "notice.moved", nil, views.Way{Path: "/account", Key: "accountpage.title"})
}

func (s *Site) secondForm(c *fiber.Ctx, a account.Actor) error {
	page, err := s.second(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

// second is the page of the second step as it stands.
func (s *Site) second(c *fiber.Ctx, a account.Actor) (views.SecondPage, error) {
	page := views.SecondPage{Base: s.base(c), Needed: a.NeedsSecond()}
	if two := a.Person.Second; two != nil && two.On != nil {
		page.On, page.Left = two.On, len(two.Recovery)
		return page, nil
	}
	setup, err := s.Account.SetUpSecond(c.UserContext(), a)
	if err != nil {
		return page, err
	}
	symbol, err := qr.Symbol(setup.URL)
	if err != nil {
		return page, err
	}
	page.Setup, page.Symbol = &setup, "data:image/svg+xml;base64,"+base64.StdEncoding.EncodeToString([]byte(symbol))
	return page, nil
}

func (s *Site) secondOn(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	codes, secret, err := s.Account.ConfirmSecond(c.UserContext(), a, v["current"], v["code"])
	if err != nil {
		page, fresh := s.second(c, a)
		if fresh != nil {
			return fresh
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	s.setCookie(c, sessionCookie, secret, sessionKept)
	return s.recovered(c, codes, secret)
}

// recovered shows recovery codes, this once.
func (s *Site) recovered(c *fiber.Ctx, codes []string, secret string) error {
	base := s.base(c)
	if secret != "" {
		base.Token = formToken(secret)
		base.Me.Second = false
	}
	return s.own(c, views.RecoveryPage{Base: base, Codes: codes})
}

// ask shows the form that asks for the password once more.
func (s *Site) ask(kind string) personal {
	return func(c *fiber.Ctx, a account.Actor) error {
		return s.own(c, s.askPage(c, a, kind))
	}
}

func (s *Site) askPage(c *fiber.Ctx, a account.Actor, kind string) views.AskPage {
	page := views.AskPage{Base: s.base(c), Kind: kind}
	if kind == "delete" {
		page.Closes = a.Alone()
	}
	return page
}

func (s *Site) askAgain(c *fiber.Ctx, a account.Actor, kind string, err error, v map[string]string) error {
	page := s.askPage(c, a, kind)
	return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
}

func (s *Site) secondOff(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	secret, err := s.Account.DropSecond(c.UserContext(), a, v["current"])
	if err != nil {
		return s.askAgain(c, a, "off", err, v)
	}
	s.setCookie(c, sessionCookie, secret, sessionKept)
	return s.see(c, "/account/two-step", "done", "second_off")
}

func (s *Site) recovery(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	codes, err := s.Account.NewRecovery(c.UserContext(), a, v["current"])
	if err != nil {
		return s.askAgain(c, a, "recovery", err, v)
	}
	return s.recovered(c, codes, "")
}

func (s *Site) sessionsPage(c *fiber.Ctx, a account.Actor) error {
	return s.own(c, views.SessionsPage{Base: s.base(c), Sessions: a.Person.Sessions, Mine: a.Session.Name()})
}

func (s *Site) endSessions(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	if v["others"] == "on" {
		if err := s.Account.EndOtherSessions(c.UserContext(), a); err != nil {
			return err
		}
		return s.see(c, "/account/sessions", "done", "sessions_ended")
	}
	if err := s.Account.EndSession(c.UserContext(), a, v["name"]); err != nil {
		return err
	}
	return s.see(c, "/account/sessions", "done", "session_ended")
}

// data is everything that is held about who asks, as a file.
func (s *Site) data(c *fiber.Ctx, a account.Actor) error {
	d, err := s.Account.Data(c.UserContext(), a)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSONCharsetUTF8)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="nguon-data.json"`)
	return c.Send(body)
}

func (s *Site) deleteAccount(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	if err := s.Account.Delete(c.UserContext(), a, v["current"]); err != nil {
		return s.askAgain(c, a, "delete", err, v)
	}
	s.setCookie(c, sessionCookie, "", 0)
	c.Locals(localActor, nil)
	return s.notice(c, "notice.deleted", nil, views.Way{Path: "/", Key: "errorpage.way.home"})
}
