package mail

import (
	"bytes"
	"errors"
	"maps"
	netmail "net/mail"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/emersion/go-smtp"
	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

func TestTheLeaseRunsOut(t *testing.T) {
	sends := 0
	d := newDesk(t, sending(func(Envelope) error { sends++; return nil }))
	d.add("one", letterHoa)
	if mine, err := d.take(t.Context(), d.doc("one")); !mine || err != nil { // and then a crash
		t.Fatal(mine, err)
	}
	d.work()
	if d.at = d.at.Add(lease); sends != 0 || d.work() != 1 {
		t.Errorf("%d sent under a lease, %+v", sends, d.doc("one"))
	}
}

func TestTriesThatFailAreLogged(t *testing.T) {
	d := newDesk(t, broken{errors.New("connection refused")})
	d.add("one", letterHoa)
	d.work()
	if log := d.log.String(); !strings.Contains(log, "level=WARN") || strings.Contains(log, "hoa@") || strings.Contains(log, "token=") {
		t.Errorf("nobody sees that mail does not go out: %s", log)
	}
}

// Filters of spam repeat the links they do not like.
func TestReasonsHoldNoLinks(t *testing.T) {
	for _, answer := range []string{"blocked: https://nguon.example/confirm?token=abc.DEF-_1",
		"blocked: nguon.example/confirm?token=abc.DEF-_1 (policy)", "blocked: token=3Dabc.DEF-_1", "blocked: /confirm%3Ftoken%3Dabc.DEF-_1"} {
		p := newPostOffice(t, false)
		p.refuse = []*smtp.SMTPError{{Code: 550, Message: answer}}
		s, err := NewSMTP("smtp://" + p.addr)
		if err != nil {
			t.Fatal(err)
		}
		d := newDesk(t, s)
		d.add("one", letterHoa)
		d.work()
		failed, err := d.Failed(t.Context(), 10)
		if err != nil || len(failed) != 1 || !strings.Contains(failed[0].Reason, "550") || strings.Contains(failed[0].Reason, "abc.DEF") {
			t.Errorf("%q: %+v, %v", answer, failed, err)
		}
	}
}

// A link stays on this site and on its line.
func TestLinksLeadNowhereElse(t *testing.T) {
	for _, link := range []string{"@evil.example/x", ".evil.example/", "//evil.example/", "https://evil.example/", "confirm", "/x y", "/x\nhttps://evil.example", `/\evil.example`, "/x?a=b c"} {
		m := doc{Lang: lang.Vi, Key: "mail.confirm", Link: link}
		if w, err := m.letter("https://nguon.example"); !permanent(err) {
			t.Errorf("%q becomes %q", link, w.Link)
		}
	}
}

func TestBaseAddresses(t *testing.T) {
	d := newDesk(t, sending(func(Envelope) error { return nil }))
	for _, base := range []string{"", "nguon.example", "https://", "https://a b", ":", "ftp://nguon.example", "https://nguon.example/?x"} {
		o := d.Options
		o.BaseURL = base
		if _, err := New(t.Context(), d.db, o); err == nil {
			t.Errorf("%q was taken", base)
		}
	}
}

func TestStricterServerAddresses(t *testing.T) {
	for _, raw := range []string{"smtp://m.example?tsl=none", "smtp://m.example?tls=none&tls=must", "smtps://m.example?tls=none", "smtp://m.example?%zz", "smtp://m.example#x", "smtp://user@m.example", "smtp://:pass@m.example"} {
		if ParseURL(raw) == nil {
			t.Errorf("%s was taken", raw)
		}
	}
}

var headers = []string{"Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To"}

func FuzzHeaders(f *testing.F) {
	f.Add("hoa@nguon.example", "Hoa", "HTX", "Bi")
	f.Add("hoa@nguon.example\r\nBcc: x@evil.example", "Hoa", "HTX", "")
	f.Add("hoa@nguon.example", "Hoa\"\r\nBcc: x@evil.example", "HTX\r\nBcc: x@evil.example\r\n\r\nhi", "\x00\x1b[31m")
	f.Add("hoa@nguon.example", "Hoa", "\x01\u2028\x85", "\x00\x1b[31m\xff")
	f.Add("0@0", "\\\\\xbd\xa2", "", "")
	f.Add("hoa@nguon.example", `Lò \ Hoa\`, "", "")
	f.Add("a@[1.2.3.4]", `\" <b@c>, "`, "=?utf-8?q?=0D=0ABcc:_x?=", "\xff")
	f.Add("đ@nguon.example", "\u202e", strings.Repeat("á", 2000), strings.Repeat("x", 3000))
	f.Fuzz(func(t *testing.T, to, name, org, by string) {
		if checkAddress(to, name) != nil {
			return
		}
		q := &Queue{Options: Options{BaseURL: "https://nguon.example", Now: func() time.Time { return time.Unix(0, 0) }}, from: &netmail.Address{Name: "Nguồn", Address: "x@nguon.example"}}
		e, err := q.envelope(doc{ID: "x", To: to, Name: name, Lang: lang.Vi, Key: "mail.invite", Args: map[string]string{"Org": org, "By": by, "Role": "x"}, Link: "/join"})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := message(e).WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		m, err := netmail.ReadMessage(&b)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(m.Header)); !slices.Equal(got, headers) {
			t.Errorf("headers %q", got)
		}
		for k, v := range m.Header {
			if len(v) != 1 {
				t.Errorf("%s stands %d times", k, len(v))
			}
		}
		list, err := m.Header.AddressList("To")
		if err != nil || len(list) != 1 || list[0].Address != to || list[0].Name != headerName(name) {
			t.Errorf("to %v, %v; want %q %q", list, err, name, to)
		}
		if strings.ContainsFunc(e.Subject, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("subject %q", e.Subject)
		}
	})
}

func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"smtp://u:p@mail.example:2525?tls=none", "smtps://[::1]", "smtp:x", "smtp://a:b@c:99999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		u, port, err := parseURL(raw)
		if err == nil && (u.Hostname() == "" || port < 1 || port > 65535) {
			t.Errorf("%q: %v %d", raw, u, port)
		}
	})
}

// The arguments that callers give, and no others.
var callers = []struct{ key, args, link string }{
	{"confirm", "", "/confirm?token=x"}, {"known", "", "/sign-in"}, {"reset", "", "/reset?token=x"}, {"changed", "", ""}, {"second_on", "", ""}, {"second_off", "", ""},
	{"invite", "Org By Role", "/join?token=x"}, {"removed", "Org", ""}, {"org_approved", "Org Reason", "/console/organisations/x"}, {"org_refused", "Org Reason", "/console/organisations/x"},
	{"org_suspended", "Org Reason", "/console/organisations/x"}, {"org_lifted", "Org Reason", "/console/organisations/x"}, {"org_waiting", "Org", "/console/market/x"},
	{"report_answer", "Number Title Answer", ""}, {"new_report", "About", "/console/reports/x"}, {"role", "Role", ""}, {"deleted", "", ""},
}

func TestArgumentsAreThoseOfCallers(t *testing.T) {
	for _, c := range callers {
		args := map[string]string{}
		for _, a := range strings.Fields(c.args) {
			args[a] = "‹" + a + "›"
		}
		for _, l := range lang.All {
			w, err := doc{Lang: l, Key: "mail." + c.key, Args: args, Link: c.link, Name: "Hoa"}.letter("https://nguon.example")
			if err != nil {
				t.Errorf("%s in %s: %v", c.key, l, err)
				continue
			}
			html, err := w.html()
			if err != nil || strings.Contains(w.Subject+w.text()+html, "no value") {
				t.Errorf("%s in %s: %v %s", c.key, l, err, w.text())
			}
			page, err := goquery.NewDocumentFromReader(strings.NewReader(html))
			if err != nil {
				t.Fatal(err)
			}
			if n := page.Find("img, link, script, iframe, style, object, form, [src], [background], [onclick]").Length(); n != 0 {
				t.Errorf("%s in %s: %d things that are not text", c.key, l, n)
			}
			links := page.Find("a[href]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("href", "") })
			if want := w.Link; c.link != "" && !slices.Equal(links, []string{want}) || c.link == "" && len(links) != 0 {
				t.Errorf("%s in %s: links %q, want %q", c.key, l, links, want)
			}
			if u, err := url.Parse(w.Link); err != nil || c.link != "" && (l == lang.En) != strings.HasPrefix(u.Path, "/en/") {
				t.Errorf("%s in %s: %q %v", c.key, l, w.Link, err)
			}
			for _, line := range strings.Split(w.text(), "\n") {
				if len([]rune(line)) > 76 {
					t.Errorf("%s in %s: a long line %q", c.key, l, line)
				}
			}
		}
	}
}

// A message of a newer program does not hold up those behind it.
func TestABadMessageHoldsNobodyUp(t *testing.T) {
	d := newDesk(t, sending(func(Envelope) error { return nil }))
	newer, err := d.db.Open(t.Context(), store.Spec{Name: "mails", Version: 2, Indexes: []store.Index{
		{Name: "due", Parts: []store.Part{{Path: "state"}, {Path: "due", Kind: store.Time}}}}})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := bson.Marshal(bson.M{"_id": "newer", "_v": int32(2), "_r": int64(1), "state": waiting, "due": d.at, "to": letterHoa.To, "lang": "vi", "key": "mail.changed", "tries": 0, "at": d.at})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newer.Insert(t.Context(), []bson.Raw{raw}); err != nil {
		t.Fatal(err)
	}
	d.add("one", letterHoa)
	n, err := d.Work(t.Context())
	if n != 1 || d.doc("one").State != sent || fault.CodeOf(err) != "store.newer" {
		t.Errorf("%d sent, %v", n, err)
	}
}

func TestInvalidTextIsRefused(t *testing.T) {
	d := newDesk(t, sending(func(Envelope) error { return nil }))
	if err := d.Add(t.Context(), "x", outbox.Mail{To: "hoa@nguon.example", Name: "\xff", Lang: "vi", Key: "mail.changed"}); fault.CodeOf(err) != "mail.address" {
		t.Error(err)
	}
}
