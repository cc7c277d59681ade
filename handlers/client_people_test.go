package handlers_test

import (
	"context"
	"encoding/base32"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp/totp"

	"nguon/app/account"
	"nguon/app/outbox"
	"nguon/app/seed"
)

// person is somebody with cookies, on a site.
type person struct {
	s       *site
	cookies map[string]string
}

func (s *site) visitor() *person { return &person{s: s, cookies: map[string]string{}} }

func (p *person) headers(more ...string) []string {
	var all []string
	for name, value := range p.cookies {
		all = append(all, name+"="+value)
	}
	h := append([]string{"Sec-Fetch-Site: same-origin"}, more...)
	if len(all) > 0 {
		h = append(h, "Cookie: "+strings.Join(all, "; "))
	}
	return h
}

// keep takes the cookies of an answer as a browser would.
func (p *person) keep(a answer) answer {
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if c.MaxAge < 0 {
			delete(p.cookies, c.Name)
			continue
		}
		p.cookies[c.Name] = c.Value
	}
	return a
}

func (p *person) get(path string) answer {
	p.s.t.Helper()
	return p.keep(p.s.do("GET", path, p.headers()...))
}

// token is the form token of the pages of whoever has signed in.
func (p *person) token() string {
	p.s.t.Helper()
	return p.get("/account/profile").doc(p.s.t).Find(`main input[name="token"]`).AttrOr("value", "")
}

// post sends a form; pairs are fields and values.
func (p *person) post(path string, pairs ...string) answer {
	p.s.t.Helper()
	return p.keep(p.s.send("POST", path, form(pairs...), p.headers("Content-Type: application/x-www-form-urlencoded")...))
}

func form(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

// enter signs in one of the invented people.
func (s *site) enter(r account.Role) *person {
	s.t.Helper()
	p := s.visitor()
	if r == account.Visitor {
		return p
	}
	for _, someone := range seed.People() {
		if someone.Role != r {
			continue
		}
		in := someone.SignInOf(signIn)
		if a := p.post("/sign-in", "email", in.Email, "password", in.Password); a.Status != 303 {
			s.t.Fatalf("%s: %d\n%s", r, a.Status, a.Body)
		}
		if in.TOTP != nil {
			if a := p.post("/sign-in/code", "code", s.code(in.TOTP)); a.Status != 303 {
				s.t.Fatalf("%s: %d\n%s", r, a.Status, a.Body)
			}
			s.clock.Add(int64(31 * time.Second)) // a code counts once
		}
		return p
	}
	s.t.Fatal(r)
	return nil
}

// email is the address of the invented person with a role.
func (s *site) email(r account.Role) string {
	for _, someone := range seed.People() {
		if someone.Role == r {
			return someone.SignInOf(signIn).Email
		}
	}
	s.t.Fatal(r)
	return ""
}

func (s *site) code(secret []byte) string {
	s.t.Helper()
	c, err := totp.GenerateCode(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret), s.now())
	must(s.t, err)
	return c
}

// letters are the mails to an address that were sent until now.
func (s *site) letters(to string) (links []string) {
	s.t.Helper()
	ctx := context.Background()
	must(s.t, s.acc.PerformPending(ctx))
	_, err := s.mail.Work(ctx)
	must(s.t, err)
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	for _, e := range s.box.list {
		if e.To.Address == to {
			for _, line := range strings.Split(e.Text, "\n") {
				if strings.HasPrefix(line, s.base) {
					links = append(links, strings.TrimPrefix(line, s.base))
				}
			}
		}
	}
	return links
}

func letterFor(to string) outbox.Mail { return outbox.Mail{To: to, Lang: "vi", Key: "mail.changed"} }
