package views

import (
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
)

// wrongForm is what comes back when every named field is wrong.
func wrongForm(fields ...string) Form {
	e := fault.New(fault.Invalid, "account.form")
	f := Form{Values: map[string]string{"name": "An", "email": "an@", "password": "typed-secret", "current": "typed-secret"}}
	for _, name := range fields {
		e = e.Field(name, "account.field.missing")
	}
	f.Err = e
	return f
}

// signPages are the pages of signing in and of an account.
func signPages(l lang.Lang) map[string]Page {
	base := func(path string) Base { return Base{Lang: l, Path: path, BaseURL: "https://nguon.example"} }
	mine := func(path string) Base {
		b := base(path)
		b.Token, b.Me = "form-token", &Me{Name: "Lò Thị An"}
		return b
	}
	dev, done, on := base("/sign-up"), mine("/account"), sampleDay(8, 2)
	dev.Dev, done.Done = true, "done.password"
	org := account.Org{ID: "org1", Name: "HTX Mẫu", Kind: account.Cooperative, Status: account.Waiting}
	person := account.Person{Name: "Lò Thị An", Email: "an@mau.example", Lang: l, Since: on, Password: "$argon2id$secret", Second: &account.Second{Sealed: []byte("sealed-secret"), On: &on, Recovery: []string{"secret-hash"}},
		Sessions: []account.Session{{Hash: "secret-session"}}}
	sessions := []account.Session{{Hash: strings.Repeat("a", 64), Created: on, Seen: on, Agent: "Firefox"}, {Hash: strings.Repeat("b", 64), Created: on, Seen: on}}
	return map[string]Page{
		"sign-up":      SignUpPage{Base: base("/sign-up")},
		"sign-up-bad":  SignUpPage{Base: base("/sign-up"), Form: wrongForm("name", "email", "password", "agreed")},
		"sign-in":      SignInPage{Base: base("/sign-in"), Next: "/join?token=a.b"},
		"sign-in-bad":  SignInPage{Base: base("/sign-in"), Form: wrongForm("email", "password")},
		"code":         CodePage{Base: base("/sign-in/code"), Next: "/console"},
		"code-bad":     CodePage{Base: base("/sign-in/code"), Form: wrongForm("code")},
		"forgot":       ForgotPage{Base: base("/forgot")},
		"forgot-bad":   ForgotPage{Base: base("/forgot"), Form: wrongForm("email")},
		"reset":        ResetPage{Base: base("/reset"), Link: "link-token"},
		"reset-bad":    ResetPage{Base: base("/reset"), Form: wrongForm("password"), Link: "link-token"},
		"confirm":      ConfirmPage{Base: base("/confirm"), Email: "an@mau.example", Link: "link-token"},
		"join":         JoinPage{Base: base("/join"), Org: org.Name, Role: account.Staff, Invite: "an@mau.example", Link: "a+b.c"},
		"join-mine":    JoinPage{Base: mine("/join"), Org: org.Name, Role: account.Owner, Invite: "an@mau.example", Mine: "an@mau.example", ForMe: true, Link: "a+b.c"},
		"join-other":   JoinPage{Base: mine("/join"), Org: org.Name, Role: account.Owner, Invite: "khac@mau.example", Mine: "an@mau.example", Link: "a+b.c"},
		"sign_up_sent": NoticePage{Base: dev, Key: "notice.sign_up_sent", Args: []any{"Email", "an@mau.example"}, Ways: []Way{{"/sign-in", "sign.in"}}},
		"forgot_sent":  NoticePage{Base: base("/forgot"), Key: "notice.forgot_sent", Args: []any{"Email", "an@mau.example"}},
		"reset_done":   NoticePage{Base: base("/reset"), Key: "notice.reset_done"},
		"signed_out":   NoticePage{Base: base("/sign-out"), Key: "notice.signed_out"},
		"deleted":      NoticePage{Base: base("/account/delete"), Key: "notice.deleted"},
		"account":      AccountPage{Base: done, Person: person, Roles: []account.Role{account.Buyer, account.Owner}, Orgs: []account.Org{org}, Live: 1},
		"account-0":    AccountPage{Base: mine("/account"), Person: account.Person{Name: "An", Lang: l, Since: on}, Roles: []account.Role{account.Buyer}, Live: 3},
		"profile":      ProfilePage{Base: mine("/account/profile"), Form: Form{Values: map[string]string{"name": "An", "lang": "vi"}}},
		"profile-bad":  ProfilePage{Base: mine("/account/profile"), Form: wrongForm("name")},
		"address":      AddressPage{Base: mine("/account/address")},
		"address-bad":  AddressPage{Base: mine("/account/address"), Form: wrongForm("current", "email")},
		"address-new":  NewAddressPage{Base: base("/account/address/confirm"), Email: "an@mau.example", Link: "link-token"},
		"address_sent": NoticePage{Base: mine("/account/address"), Key: "notice.address_sent", Args: []any{"Email", "an@mau.example"}},
		"moved":        NoticePage{Base: base("/account/address/confirm"), Key: "notice.moved"},
		"password":     PasswordPage{Base: mine("/account/password")},
		"password-bad": PasswordPage{Base: mine("/account/password"), Form: wrongForm("current", "password")},
		"second":       SecondPage{Base: mine("/account/two-step"), Setup: &account.Setup{Secret: "JBSWY3DPEHPK3PXP"}, Symbol: "data:image/svg+xml;base64,AA==", Needed: true},
		"second-bad":   SecondPage{Base: mine("/account/two-step"), Setup: &account.Setup{Secret: "JBSWY3DPEHPK3PXP"}, Symbol: "data:image/svg+xml;base64,AA==", Form: wrongForm("code")},
		"second-on":    SecondPage{Base: mine("/account/two-step"), On: &on, Left: 1},
		"recovery":     RecoveryPage{Base: mine("/account/two-step"), Codes: []string{"ABCD-2345", "EFGH-6789"}},
		"ask-off":      AskPage{Base: mine("/account/two-step/off"), Kind: "off"},
		"ask-recovery": AskPage{Base: mine("/account/two-step/recovery"), Kind: "recovery"},
		"ask-delete":   AskPage{Base: mine("/account/delete"), Kind: "delete", Form: wrongForm("current")},
		"sessions":     SessionsPage{Base: mine("/account/sessions"), Sessions: sessions, Mine: sessions[0].Name()},
	}
}

func eachSign(t *testing.T, check func(t *testing.T, l lang.Lang, name string, d *goquery.Document, html string)) {
	t.Helper()
	for _, l := range lang.All {
		for name, p := range signPages(l) {
			t.Run(string(l)+"/"+name, func(t *testing.T) {
				d, html := mustDocument(t, p)
				check(t, l, name, d, html)
			})
		}
	}
}

var bareKey = regexp.MustCompile(`^[a-z_]+(\.[a-z_0-9]+)+$`)

func TestSignPagesAreWorded(t *testing.T) {
	eachSign(t, func(t *testing.T, _ lang.Lang, _ string, d *goquery.Document, html string) {
		for _, bad := range []string{"<no value>", "&lt;no value", "{{", "%!"} {
			if strings.Contains(html, bad) {
				t.Errorf("the page shows %q", bad)
			}
		}
		d.Find("*").Contents().Each(func(_ int, s *goquery.Selection) {
			if text := strings.TrimSpace(s.Text()); goquery.NodeName(s) == "#text" && bareKey.MatchString(text) {
				t.Errorf("the page shows the message key %q", text)
			}
		})
		d.Find("[alt], [aria-label], meta[content]").Each(func(_ int, s *goquery.Selection) {
			for _, a := range []string{"alt", "aria-label", "content"} {
				if v := s.AttrOr(a, ""); bareKey.MatchString(v) {
					t.Errorf("%s shows the message key %q", a, v)
				}
			}
		})
		if n := d.Find("h1").Length(); n != 1 {
			t.Errorf("%d headings of the first level", n)
		}
	})
}

func TestSignFieldsAreTied(t *testing.T) {
	eachSign(t, func(t *testing.T, _ lang.Lang, name string, d *goquery.Document, html string) {
		d.Find("main input:not([type=hidden])").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if s.Closest("label").Length() == 0 && d.Find(`label[for="`+id+`"]`).Length() != 1 {
				t.Errorf("the field %q has no label", s.AttrOr("name", ""))
			}
			if s.AttrOr("type", "") == "password" && s.AttrOr("value", "") != "" {
				t.Error("a password came back")
			}
			for _, by := range strings.Fields(s.AttrOr("aria-describedby", "")) {
				if d.Find("#"+by).Length() != 1 {
					t.Errorf("%q is described by %q, which is not there", id, by)
				}
			}
		})
		linesName(t, d)
		wrong := d.Find(".problem[role=alert] li a")
		if strings.HasSuffix(name, "-bad") && wrong.Length() == 0 {
			t.Error("nothing says what is wrong")
		}
		wrong.Each(func(_ int, s *goquery.Selection) {
			field := d.Find("input" + s.AttrOr("href", ""))
			if field.AttrOr("aria-invalid", "") != "true" || !strings.Contains(field.AttrOr("aria-describedby", ""), "-error") {
				t.Errorf("the field %s is not marked as wrong", s.AttrOr("href", ""))
			}
		})
		if strings.Contains(html, "typed-secret") {
			t.Error("a typed password stands on the page")
		}
	})
}

func TestSignFormsComeFromUs(t *testing.T) {
	eachSign(t, func(t *testing.T, l lang.Lang, _ string, d *goquery.Document, _ string) {
		tokens := d.Find(`input[name=token][value="form-token"]`).Length()
		if forms := d.Find("form[method=post]").Length(); d.Find(`form[action$="/sign-out"]`).Length() > 0 && tokens != forms {
			t.Errorf("%d of %d forms carry the token", tokens, forms)
		}
		d.Find("form").Each(func(_ int, s *goquery.Selection) {
			if action := s.AttrOr("action", ""); s.AttrOr("method", "") != "post" || strings.HasPrefix(action, "/en/") != (l == lang.En) {
				t.Errorf("a form goes to %q", action)
			}
		})
		if d.Find(`meta[name=robots][content*=noindex]`).Length() == 0 && d.Find("form[action$='/sign-up']").Length() == 0 {
			t.Error("a search engine may keep the page")
		}
	})
}

func TestSignPagesKeepTheWay(t *testing.T) {
	for page, selectors := range map[string][]string{
		"sign-up":      {`a[href="/about/terms"]`, `a[href="/about/privacy"]`, `input[name=agreed][type=checkbox]:not([checked])`, `#password[autocomplete=new-password][aria-describedby=password-hint]`},
		"sign-in":      {`input[type=hidden][name=next][value="/join?token=a.b"]`, `#password[autocomplete=current-password]`, `a[href="/forgot"]`, `a[href="/sign-up?next=%2Fjoin%3Ftoken%3Da.b"]`},
		"code":         {`input[type=hidden][name=next][value="/console"]`, `#code[type=text][autocomplete=one-time-code]:not([inputmode=numeric])`},
		"reset":        {`input[type=hidden][name=token][value=link-token]`},
		"confirm":      {`input[type=hidden][name=token][value=link-token]`},
		"join":         {`a[href="/sign-in?next=%2Fjoin%3Ftoken%3Da%252Bb.c"]`, `a[href="/sign-up?next=%2Fjoin%3Ftoken%3Da%252Bb.c"]`},
		"join-mine":    {`form[action="/join"] input[name=link][value="a+b.c"]`},
		"account":      {`h1 + .done[role=status]`, `a[href="/account/data"][download]`, `a[href="/account/delete"]:not([download])`, `a[href="/console/organisations/org1"] .badge`},
		"second":       {`img.symbol-box[alt]`, `form[action="/account/two-step"] #code`, `ol.steps-plain > li:nth-child(3)`},
		"second-on":    {`a[href="/account/two-step/recovery"]`, `a[href="/account/two-step/off"]`},
		"recovery":     {`.codes li.code:nth-child(2)`},
		"ask-delete":   {`form[action="/account/delete"] #current[autocomplete=current-password]`, `a[href="/account"]`},
		"ask-recovery": {`form[action="/account/two-step/recovery"] #current`},
		"sessions":     {`form[action="/account/sessions"] input[name=others][value=on]`, `.rows li:first-child:not(:has(form)) .badge`, `.rows li:nth-child(2) input[name=name]`},
	} {
		d, _ := mustDocument(t, signPages(lang.Vi)[page])
		for _, sel := range selectors {
			if d.Find("main "+sel).Length() != 1 {
				t.Errorf("%s has %d × %s", page, d.Find("main "+sel).Length(), sel)
			}
		}
	}
}

func TestSignPagesKeepSecrets(t *testing.T) {
	eachSign(t, func(t *testing.T, _ lang.Lang, name string, _ *goquery.Document, html string) {
		for _, secret := range []string{"$argon2id", "sealed-secret", "secret-hash", "secret-session", strings.Repeat("a", 64), strings.Repeat("b", 64)} {
			if strings.Contains(html, secret) {
				t.Errorf("the page shows %q", secret)
			}
		}
		if name != "second" && name != "second-bad" && strings.Contains(html, "JBSW") {
			t.Error("the key of the second step shows")
		}
	})
}

func TestNoticeTellsOfMailFiles(t *testing.T) {
	for _, dev := range []bool{true, false} {
		p := signPages(lang.En)["sign_up_sent"].(NoticePage)
		p.Dev = dev
		if _, html := mustDocument(t, p); strings.Contains(html, ".eml") != dev {
			t.Errorf("on a development site (%v) the notice tells of files: %v", dev, !dev)
		}
	}
}

func TestSpaced(t *testing.T) {
	for key, want := range map[string]string{"": "", "ABCD": "ABCD", "ABCDE": "ABCD E", "ABCDEFGHIJ": "ABCD EFGH IJ"} {
		if got := spaced(key); got != want {
			t.Errorf("spaced(%q) = %q, want %q", key, got, want)
		}
	}
}

// TestEveryAccountMessageIsWorded holds the words that are put together from a
// constant of the domain.
func TestEveryAccountMessageIsWorded(t *testing.T) {
	var keys []string
	for _, r := range []account.Role{account.Visitor, account.Buyer, account.Owner, account.Staff, account.Organizer, account.Authority, account.Province, account.Operator, account.Admin} {
		keys = append(keys, "account.role."+string(r))
	}
	for _, k := range account.OrgKinds {
		keys = append(keys, "account.kind."+string(k))
	}
	for _, s := range account.Statuses {
		keys = append(keys, "account.status."+string(s))
	}
	for _, a := range []account.Act{account.Apply, account.Approve, account.Refuse, account.Suspend, account.Lift} {
		keys = append(keys, "account.act."+string(a))
	}
	keys = append(keys, "account.member.owner", "account.member.staff")
	for _, l := range lang.All {
		for _, key := range keys {
			if !l.Has(key) {
				t.Errorf("%s has no %s", l, key)
			}
		}
	}
}
