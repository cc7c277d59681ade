package handlers_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/csv"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"nguon/app/account"
	"nguon/app/report"
)

// The whole way over HTTPS with a browser's own rules for cookies: sign in,
// look, change something, sign out, with every header on.
func TestOverHTTPSWithAllHeaders(t *testing.T) {
	s := newSite(t)
	client, done := s.overTLS()
	defer done()
	for _, path := range []string{"/", "/sign-in", "/report", "/about", "/account", "/photos/x", "/nothing", "/static/x/y", "/01/x"} {
		resp, err := client.Get(s.base + path)
		must(t, err)
		resp.Body.Close()
		for name, want := range map[string]string{"Strict-Transport-Security": "max-age=", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin", "Permissions-Policy": "camera=()",
			"Content-Security-Policy": "frame-ancestors 'none'", "Cross-Origin-Opener-Policy": "same-origin"} {
			if got := resp.Header.Get(name); !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if csp := resp.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe-inline") {
			t.Errorf("%s: %s", path, csp)
		}
	}
	in := signIn("chu-htx@nguon.example")
	resp := s.submit(client, "/sign-in", form("email", in.Email, "password", in.Password))
	if resp.StatusCode != 303 {
		t.Fatal(resp.Status)
	}
	for _, c := range resp.Cookies() {
		if !strings.HasPrefix(c.Name, "__Host-") || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			t.Errorf("%+v", c)
		}
	}
	u, _ := url.Parse(s.base)
	if n := len(client.Jar.Cookies(u)); n != 2 {
		t.Errorf("%d cookies", n)
	}
	page, err := client.Get(s.base + "/console")
	must(t, err)
	defer page.Body.Close()
	if page.StatusCode != 200 || page.Header.Get("Cache-Control") != "no-store" {
		t.Error(page.Status, page.Header.Get("Cache-Control"))
	}
	if resp := s.submit(client, "/account/profile", form("name", "x")); resp.StatusCode != 403 {
		t.Errorf("without a token: %s", resp.Status)
	}
}

// overTLS serves the site under its public name with a certificate of its own.
func (s *site) overTLS() (*http.Client, func()) {
	s.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(s.t, err)
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"nguon.example"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, &key.PublicKey, key)
	must(s.t, err)
	leaf, err := x509.ParseCertificate(der)
	must(s.t, err)
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}})
	must(s.t, err)
	go s.proxy(ln)
	jar, err := cookiejar.New(nil)
	must(s.t, err)
	client := &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DisableKeepAlives: true,
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, network, ln.Addr().String())
			}}}
	return client, func() { ln.Close() }
}

// proxy takes the encryption away, as the machine in front of the program does.
func (s *site) proxy(ln net.Listener) {
	for {
		in, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer in.Close()
			out, err := net.Dial("tcp", s.addr)
			if err != nil {
				return
			}
			defer out.Close()
			go func() { _, _ = io.Copy(out, in) }()
			_, _ = io.Copy(in, out)
		}()
	}
}

func (s *site) submit(client *http.Client, path, body string) *http.Response {
	s.t.Helper()
	req, err := http.NewRequest("POST", s.base+path, strings.NewReader(body))
	must(s.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", s.base) // an older browser, without Fetch Metadata
	resp, err := client.Do(req)
	must(s.t, err)
	resp.Body.Close()
	return resp
}

// Every form refuses requests that do not come from our own pages, also those
// of pages without a cookie.
func TestFormsOfOtherSites(t *testing.T) {
	s := newSite(t)
	n := 0
	for _, route := range s.h.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if method != "POST" || strings.HasPrefix(path, "/webhooks/") { // those are signed
			continue
		}
		n++
		path = strings.NewReplacer(":org", "x", ":product", "x", ":page", "terms", ":report", "x").Replace(path)
		for _, h := range [][]string{nil, {"Sec-Fetch-Site: cross-site"}, {"Sec-Fetch-Site: same-site"}, {"Origin: https://evil.example"}, {"Origin: null"},
			{"Origin: https://nguon.example.evil.example"}, {"Sec-Fetch-Site: cross-site", "Origin: https://nguon.example"}} {
			a := s.send("POST", path, "a=b", append(h, "Content-Type: application/x-www-form-urlencoded")...)
			if a.Status != 403 {
				t.Errorf("%s with %v: %d", route, h, a.Status)
			}
		}
		for _, h := range []string{"Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: none", "Origin: https://nguon.example"} {
			if a := s.send("POST", path, "a=b", h, "Content-Type: application/x-www-form-urlencoded"); a.Status == 403 {
				t.Errorf("%s with %s: %d", route, h, a.Status)
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d forms; is the search still right?", n)
	}
}

func TestSessionsCannotBeChosenOrForged(t *testing.T) {
	s := newSite(t)
	p := s.visitor()
	chosen := strings.Repeat("A", 43)
	p.cookies["__Host-session"] = chosen
	in := signIn("chu-htx@nguon.example")
	p.post("/sign-in", "email", in.Email, "password", in.Password)
	if got := p.cookies["__Host-session"]; got == chosen || len(got) != 43 {
		t.Fatalf("%q", got)
	}
	good := p.cookies["__Host-session"]
	for _, bad := range []string{chosen, "", "x", good + "A", good[:42], strings.ToUpper(good), "%00", strings.Repeat("x", 3000)} {
		v := s.visitor()
		v.cookies["__Host-session"] = bad
		if a := v.get("/console"); a.Status != 303 || !strings.Contains(a.Header.Get("Location"), "/sign-in") {
			t.Errorf("%.50q: %d", bad, a.Status)
		}
	}
	v := s.visitor()
	v.cookies["session"] = good // not the name that only we can set
	if a := v.get("/console"); a.Status != 303 {
		t.Error(a.Status)
	}
	token := p.token()
	other := s.enter(account.Buyer)
	for _, bad := range []string{"", "x", token + "A", other.token(), strings.Repeat("A", 86)} {
		if a := p.post("/account/profile", "name", "x", "token", bad); a.Status != 403 {
			t.Errorf("token %.20q: %d", bad, a.Status)
		}
	}
	if one, two := p.token(), p.token(); one == two {
		t.Error("the token is the same on every page")
	}
	if a := p.post("/account/profile", "name", "Tên Mới", "lang", "vi", "token", token); a.Status != 303 {
		t.Error(a.Status)
	}
}

func TestPublicPagesStayTheSameForEverybody(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Owner)
	for _, path := range []string{"/", "/products", "/gi", page(""), "/about", "/verify"} {
		mine, theirs := p.get(path), s.get(path)
		if mine.Body != theirs.Body || mine.Header.Get("Set-Cookie") != "" || strings.Contains(mine.Header.Get("Cache-Control"), "no-store") {
			t.Errorf("%s is not for everybody: %v", path, mine.Header)
		}
	}
}

func TestSignInLeadsBack(t *testing.T) {
	s := newSite(t)
	a := s.get("/console/shop?x=1")
	if a.Header.Get("Location") != "/sign-in?next=%2Fconsole%2Fshop%3Fx%3D1" {
		t.Error(a.Header.Get("Location"))
	}
	if a := s.get("/en/console"); a.Header.Get("Location") != "/en/sign-in?next=%2Fconsole" {
		t.Error(a.Header.Get("Location"))
	}
	in := signIn("chu-htx@nguon.example")
	for next, want := range map[string]string{"/console/shop?x=1": "/console/shop?x=1", "//evil.example": "/console", "/\\evil.example": "/console", "https://evil.example": "/console",
		"/%2fevil.example": "/console", "javascript:alert(1)": "/console", "/console\r\nX: y": "/console", "": "/console", "/../x": "/console"} {
		p := s.visitor()
		if a := p.post("/sign-in", "email", in.Email, "password", in.Password, "next", next); a.Header.Get("Location") != want {
			t.Errorf("%q: %q", next, a.Header.Get("Location"))
		}
	}
}

func TestTwoStepsAreTwo(t *testing.T) {
	s := newSite(t)
	in := signIn("van-hanh@nguon.example")
	p := s.visitor()
	a := p.post("/sign-in", "email", in.Email, "password", in.Password, "next", "/console/market")
	if a.Status != 303 || a.Header.Get("Location") != "/sign-in/code?next=%2Fconsole%2Fmarket" {
		t.Fatal(a.Status, a.Header.Get("Location"))
	}
	for _, path := range []string{"/account", "/account/data", "/console", "/console/market", "/account/two-step"} {
		if a := p.get(path); a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/sign-in/code") {
			t.Errorf("%s by the password alone: %d", path, a.Status)
		}
	}
	before := p.cookies["__Host-session"]
	if a := p.post("/sign-in/code", "code", "000000", "next", "/console/market"); a.Status != 422 {
		t.Error(a.Status)
	}
	if a := p.post("/sign-in/code", "code", s.code(in.TOTP), "next", "/console/market"); a.Status != 303 || a.Header.Get("Location") != "/console/market" {
		t.Error(a.Status, a.Header.Get("Location"))
	}
	if p.cookies["__Host-session"] == before {
		t.Error("the session kept its id")
	}
	if a := p.get("/console/market"); a.Status != 200 {
		t.Error(a.Status)
	}
}

func TestSignUpByMail(t *testing.T) {
	s := newSite(t)
	p := s.visitor()
	fields := []string{"name", "Lò Thị Hoa", "email", "hoa@htx.example", "password", "nương chè xanh mướt"}
	a := p.post("/sign-up", fields...)
	if a.Status != 422 || a.doc(t).Find(`#agreed[aria-invalid]`).Length() != 1 || a.doc(t).Find(`#name`).AttrOr("value", "") != "Lò Thị Hoa" {
		t.Errorf("%d", a.Status)
	}
	if strings.Contains(a.Body, "nương chè") {
		t.Error("the password comes back")
	}
	one := p.post("/sign-up", append(fields, "agreed", "on")...)
	links := s.letters("hoa@htx.example")
	if one.Status != 200 || len(links) != 1 {
		t.Fatal(one.Status, links)
	}
	token := strings.TrimPrefix(links[0], "/confirm?token=")
	for range 2 { // mail programs look first
		if a := p.get(links[0]); a.Status != 200 {
			t.Error(a.Status)
		}
	}
	if a := p.post("/confirm", "token", token, "password", "mật khẩu của người khác"); a.Status != 422 || a.doc(t).Find(`#password[aria-invalid]`).Length() != 1 {
		t.Errorf("another password: %d", a.Status)
	}
	if a := p.post("/confirm", "token", token, "password", "nương chè xanh mướt"); a.Status != 303 || a.Header.Get("Location") != "/console" || p.cookies["__Host-session"] == "" {
		t.Errorf("who confirms is not let in: %d %s", a.Status, a.Header.Get("Location"))
	}
	if a := p.post("/confirm", "token", token, "password", "nương chè xanh mướt"); a.Status != 410 {
		t.Errorf("replayed: %d", a.Status)
	}
	// A known address is answered to the letter as an unknown one.
	s.clock.Add(int64(time.Hour))
	two := s.visitor().post("/sign-up", append(fields, "agreed", "on")...)
	if two.Status != one.Status || two.Body != one.Body {
		t.Error("the answer tells that the address is known")
	}
	if n := len(s.letters("hoa@htx.example")); n != 2 {
		t.Errorf("%d letters", n)
	}
	for _, email := range []string{"hoa@htx.example", "nobody@htx.example"} {
		if a := p.post("/forgot", "email", email); a.Status != 200 || strings.ReplaceAll(a.Body, email, "") == "" {
			t.Error(a.Status)
		}
		if a := p.post("/sign-in", "email", email, "password", "sai hoàn toàn rồi"); a.Status != 401 {
			t.Error(email, a.Status)
		}
	}
}

func TestBadBodies(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Owner)
	long := strings.Repeat("x", 1<<20)
	if a := p.post("/sign-in", "email", "hoa@htx.example", "password", long); a.Status != 413 {
		t.Errorf("a password of a megabyte: %d", a.Status)
	}
	if a := p.post("/sign-in", "email", "hoa@htx.example", "password", long[:300]); a.Status != 422 {
		t.Errorf("a long password: %d", a.Status)
	}
	for _, kind := range []string{"application/json", "text/plain", "multipart/form-data; boundary=x", "multipart/form-data", ""} {
		if a := s.send("POST", "/sign-in", `{"email":"a"}`, p.headers("Content-Type: "+kind)...); a.Status >= 500 || a.Status < 400 {
			t.Errorf("%q: %d", kind, a.Status)
		}
	}
	for name, value := range map[string]string{"name": "Hoa\r\nBcc: x@evil.example\x00", "email": "a@b.example\r\nBcc: c@d.example"} {
		v := map[string]string{"name": "Hoa", "email": "hoa@htx.example", "password": "nương chè xanh mướt", "agreed": "on"}
		v[name] = value
		var pairs []string
		for k, x := range v {
			pairs = append(pairs, k, x)
		}
		if a := p.post("/sign-up", pairs...); a.Status != 422 {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	if n := len(s.letters("c@d.example")); n != 0 {
		t.Errorf("%d letters to the injected address", n)
	}
}

func TestARemovedMembersPageEnds(t *testing.T) {
	s := newSite(t)
	owner, staff := s.enter(account.Owner), s.enter(account.Staff)
	if a := staff.get("/console/shop"); a.Status != 200 || !strings.Contains(a.Body, "Sương Núi") {
		t.Fatal(a.Status)
	}
	removed, err := s.acc.Actor(context.Background(), staff.cookies["__Host-session"])
	must(t, err)
	if a := owner.post("/console/people/demo-suong-nui/remove", "person", removed.Person.ID, "token", owner.token()); a.Status != 303 {
		t.Fatal(a.Status)
	}
	if a := staff.get("/console/shop"); a.Status != 303 {
		t.Errorf("still there: %d", a.Status)
	}
	if a := owner.get("/console/log?org=demo-suong-nui&action=member.remove"); a.Status != 200 || !strings.Contains(a.doc(t).Find(".changes").Text(), removed.Person.Name) {
		t.Error("the log does not say who was removed")
	}
}

func TestAnUnapprovedSellerPublishesNothing(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	list, err := s.cat.Own(context.Background(), "demo-suong-nui")
	must(t, err)
	operator := s.enter(account.Operator)
	seen := operator.get("/console/market/demo-suong-nui").doc(t).Find(`input[name="seen"]`).AttrOr("value", "")
	if a := operator.post("/console/market/demo-suong-nui", "act", "suspend", "seq", "2", "seen", seen, "reason", "Tem bị làm giả.", "token", operator.token()); a.Status != 303 {
		t.Fatal(a.Status)
	}
	if a := s.get("/products/" + list[0].Slug); a.Status != 404 {
		t.Errorf("still in the shop: %d", a.Status)
	}
	if a := owner.post("/console/shop/"+list[0].ID+"/publish", "token", owner.token()); a.Status != 403 {
		t.Errorf("published: %d", a.Status)
	}
	if a := s.get(page("")); a.Status != 200 { // packets that were sold still tell their story
		t.Error(a.Status)
	}
}

func TestReportsFromThePublic(t *testing.T) {
	s := newSite(t)
	serial := s.packets(1)[0]
	path := page(serial)
	link := s.get(path).doc(t).Find(`a[href^="/report"]`).First().AttrOr("href", "")
	if link != "/report?about="+url.QueryEscape(path) {
		t.Fatal(link)
	}
	p := s.visitor()
	d := p.get(link).doc(t)
	once := d.Find(`input[name="once"]`).AttrOr("value", "")
	if a := p.post("/report", "about", path, "once", once, "reason", "code_copied", "words", "ngắn"); a.Status != 422 || a.doc(t).Find("#words[aria-invalid]").Length() != 1 {
		t.Error(a.Status)
	}
	send := func(once string) answer {
		return p.post("/report", "about", path, "once", once, "reason", "code_copied", "words", "Tem dán đè lên tem khác.", "contact", "mua@khach.example")
	}
	one, two := send(once), send(once) // the button was pressed twice
	if one.Status != 200 || one.Body != two.Body {
		t.Error(one.Status, two.Status)
	}
	if a := p.post("/report", "about", path, "once", strings.Repeat("z", 40), "reason", "code_copied", "words", "Mua ngay giá rẻ", "website", "http://spam.example"); a.Status != 200 {
		t.Error(a.Status)
	}
	list, _, err := s.rep.Inbox(context.Background(), report.Authority, report.Open, "")
	must(t, err)
	if len(list) != 1 || list[0].About.Serial != serial || len(list[0].About.Facts) < 6 {
		t.Fatalf("%+v", list)
	}
	authority, operator := s.enter(account.Authority), s.enter(account.Operator)
	where := "/console/reports/" + list[0].ID
	if a := operator.get(where); a.Status != 404 {
		t.Errorf("the operator reads the authority's reports: %d", a.Status)
	}
	a := authority.get(where)
	if a.Status != 200 || !strings.Contains(a.Body, "Tem dán đè") {
		t.Fatal(a.Status)
	}
	answerOnce := a.doc(t).Find(`input[name="once"]`).AttrOr("value", "")
	for range 2 {
		if a := authority.post(where, "do", "answer", "words", "Cảm ơn, chúng tôi đang kiểm tra.", "once", answerOnce, "token", authority.token()); a.Status != 303 {
			t.Error(a.Status)
		}
	}
	for _, form := range [][]string{{"close", "0"}, {"reopen", "1"}, {"close", "0"}} { // the first form is sent again, late
		if a := authority.post(where, "do", form[0], "closings", form[1], "words", "xong", "token", authority.token()); a.Status != 303 {
			t.Error(form, a.Status)
		}
	}
	if a := authority.get(where); a.doc(t).Find(`button[value="close"]`).Length() != 1 {
		t.Error("a repeated form closed the report again")
	}
	s.letters("mua@khach.example")
	if n := len(s.box.list); n != 1 {
		t.Errorf("%d letters", n)
	}
	for _, bad := range []string{"/console", "//evil.example", "/trace/x/y", "/trace/" + gtin + "/" + lot + "/a/b", "javascript:alert(1)", "/products/none"} {
		if a := s.get("/report?about=" + url.QueryEscape(bad)); a.Status != 404 {
			t.Errorf("%s: %d", bad, a.Status)
		}
	}
}

func TestReportFloods(t *testing.T) {
	s := newSite(t)
	p := s.visitor()
	var a answer
	for i := range 30 { // mistakes count for nobody
		if a = p.post("/report", "about", page(""), "once", fmt.Sprintf("%040d", 100+i), "reason", "quality", "words", ""); a.Status != 422 {
			t.Fatal(a.Status)
		}
	}
	for i := range 11 {
		a = p.post("/report", "about", page(""), "once", fmt.Sprintf("%040d", i), "reason", "quality", "words", "Vị không giống lần trước.")
	}
	if a.Status != 429 || a.Header.Get("Retry-After") == "" || a.doc(t).Find("#words").Text() != "Vị không giống lần trước." {
		t.Error(a.Status, a.Header)
	}
}

func TestLogAsFile(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Owner)
	if a := p.post("/account/profile", "name", `=cmd|' /C calc'!A0`, "lang", "vi", "token", p.token()); a.Status != 303 {
		t.Fatal(a.Status)
	}
	admin := s.enter(account.Admin)
	a := admin.get("/console/log.csv?action=person.edit")
	body, marked := strings.CutPrefix(a.Body, "\ufeff")
	if !marked {
		t.Error("Excel would not know the text for UTF-8")
	}
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || len(rows) != 2 || rows[0][0] != "seq" || !strings.Contains(a.Header.Get("Content-Disposition"), "attachment") {
		t.Fatal(err, rows)
	}
	for _, cell := range rows[1] {
		if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
			t.Errorf("a spreadsheet runs %q", cell)
		}
	}
	if by, object := rows[1][3], rows[1][6]; by != `'=cmd|' /C calc'!A0` || object != by {
		t.Errorf("the file names %q and %q", by, object)
	}
	for _, bad := range []string{"from=yesterday", "after=x", "to=2026-13-01", "object=%00"} {
		if a := admin.get("/console/log?" + bad); a.Status != 400 {
			t.Errorf("%s: %d", bad, a.Status)
		}
	}
}

// The log names what it speaks of, and finds an id that was typed without its
// kind.
func TestLogNamesObjects(t *testing.T) {
	s := newSite(t)
	owner, admin := s.enter(account.Owner), s.enter(account.Admin)
	mine, err := s.cat.Own(context.Background(), "demo-suong-nui")
	must(t, err)
	product := mine[0]
	if a := owner.post("/console/shop/"+product.ID+"/withdraw", "token", owner.token()); a.Status != 303 {
		t.Fatal(a.Status, a.Body)
	}
	for _, typed := range []string{"product:" + product.ID, product.ID} {
		d := admin.get("/console/log?object=" + typed).doc(t)
		if got := d.Find(".log tbody tr").First().Text(); !strings.Contains(got, product.Name) {
			t.Errorf("%q: the log reads %q", typed, got)
		}
		if got := d.Find("#object").AttrOr("value", ""); got != "product:"+product.ID {
			t.Errorf("the filter is %q", got)
		}
		if a := admin.get("/console/log.csv?object=" + typed); !strings.Contains(a.Body, product.Name) {
			t.Errorf("%q: the file reads %s", typed, a.Body)
		}
	}
	if d := owner.get("/console/log").doc(t); !strings.Contains(d.Find(".log").Text(), product.Name) {
		t.Error("an owner reads no name")
	}
	if got := admin.get("/console/log?object=demo-suong-nui").doc(t).Find("#object").AttrOr("value", ""); got != "org:demo-suong-nui" {
		t.Errorf("an organisation is found as %q", got)
	}
	if a := admin.get("/console/log?object=nothing"); a.Status != 200 || a.doc(t).Find(".empty").Length() != 1 {
		t.Errorf("what nobody knows: %d", a.Status)
	}
}

func TestDocumentsAreDownloads(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	doc := s.document(owner)
	path := "/console/organisations/demo-suong-nui/documents/" + doc
	a := owner.get(path)
	if a.Status != 200 || a.Header.Get("Content-Disposition") != "attachment; filename=giay.pdf" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "sandbox") || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	for _, r := range []account.Role{account.Buyer, account.Organizer, account.Authority} {
		if a := s.enter(r).get(path); a.Status != 404 {
			t.Errorf("%s reads it: %d", r, a.Status)
		}
	}
	if a := s.enter(account.Operator).get(path); a.Status != 200 {
		t.Error(a.Status)
	}
}

func TestEditedTextsAreShown(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Operator)
	d := p.get("/console/market/texts/terms").doc(t)
	rev := d.Find(`input[name="rev"]`).AttrOr("value", "")
	body := "# Điều khoản\n\n<script>alert(1)</script> [bấm](javascript:alert(1))\n\nĐoạn **mới**."
	if a := p.post("/console/market/texts/terms", "rev", rev, "vi", body, "en", "New terms.", "token", p.token()); a.Status != 303 {
		t.Fatal(a.Status, a.Body)
	}
	if a := p.post("/console/market/texts/terms", "rev", rev, "vi", "khác", "en", "other", "token", p.token()); a.Status != 409 {
		t.Errorf("a stale text: %d", a.Status)
	}
	a := s.get("/about/terms")
	if a.Status != 200 || !strings.Contains(a.Body, "<strong>mới</strong>") || strings.Contains(a.Body, "<script>alert") || strings.Contains(a.Body, `href="javascript`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := s.get("/en/about/terms"); !strings.Contains(a.Body, "New terms.") {
		t.Error(a.Status)
	}
	for _, name := range []string{"", "/terms", "/privacy", "/delivery", "/returns", "/complaints"} {
		for _, l := range []string{"", "/en"} {
			if a := s.get(l + "/about" + name); a.Status != 200 || a.doc(t).Find("article h1").Length() != 1 {
				t.Errorf("%s/about%s: %d", l, name, a.Status)
			}
		}
	}
}

func TestABrokenStoreIsSaid(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Owner)
	token := p.token()
	s.store.fail(io.ErrUnexpectedEOF)
	for _, a := range []answer{p.get("/console"), p.get("/account"), s.get("/about/terms"), p.post("/sign-in", "email", "a@b.example", "password", "một câu nào đó"),
		p.post("/account/profile", "name", "x", "token", token)} {
		if a.Status < 500 || strings.Contains(a.Body, "unexpected EOF") {
			t.Errorf("%d", a.Status)
		}
	}
}

// A wrong price is marked in the row where it was typed, also behind a row that
// was left empty.
func TestTheRowThatIsWrongIsMarked(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Owner)
	a := p.post("/console/shop/new?org=demo-suong-nui", "token", p.token(), "do", "save", "rows", "3", "id", strings.Repeat("a", 24), "name", "Thử", "kind", "roasted", "species", "arabica",
		"weight.0", "250", "grind.0", "beans", "price.0", "135.000", "weight.2", "500", "grind.2", "beans", "price.2", "nhiều")
	d := a.doc(t)
	if a.Status != 422 || d.Find(`[id="price.2"][aria-invalid]`).Length() != 1 || d.Find(`[id="price.1"][aria-invalid]`).Length() != 0 {
		t.Errorf("%d %s", a.Status, d.Find(".problem").Text())
	}
}
