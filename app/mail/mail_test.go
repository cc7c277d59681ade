package mail

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

// postOffice is a real SMTP server that keeps what it is given.
type postOffice struct {
	mu      sync.Mutex
	refuse  []*smtp.SMTPError // for the next messages, nil to take one
	secure  []bool            // whether each message came encrypted
	letters [][]byte
	hangUp  bool   // right after a message was taken
	login   string // user:password, "" for none
	addr    string
	roots   *tls.Config
}

func newPostOffice(t *testing.T, withTLS bool) *postOffice {
	t.Helper()
	return openPostOffice(t, withTLS, false)
}

// openPostOffice serves STARTTLS when it has a certificate, or TLS from the
// start when it is implicit.
func openPostOffice(t *testing.T, withTLS, implicit bool) *postOffice {
	t.Helper()
	p := &postOffice{}
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		s := session{p: p, c: c}
		if p.login != "" {
			return &guarded{session: s}, nil
		}
		return &s, nil
	}))
	srv.Domain, srv.AllowInsecureAuth = "localhost", true
	if withTLS {
		cert := certificate(t)
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
		pool := x509.NewCertPool()
		pool.AddCert(cert.Leaf)
		p.roots = &tls.Config{RootCAs: pool, ServerName: "localhost"}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p.addr = ln.Addr().String()
	if implicit {
		ln = tls.NewListener(ln, srv.TLSConfig)
	}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	return p
}

func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tpl := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, tpl, tpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

type session struct {
	p *postOffice
	c *smtp.Conn
}

// guarded is a session that takes messages from people it knows.
type guarded struct {
	session
	known bool
}

func (*guarded) AuthMechanisms() []string { return []string{sasl.Plain} }

func (g *guarded) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if g.known = user+":"+password == g.p.login; !g.known {
			return smtp.ErrAuthFailed
		}
		return nil
	}), nil
}

func (g *guarded) Mail(from string, o *smtp.MailOptions) error {
	if !g.known {
		return smtp.ErrAuthRequired
	}
	return g.session.Mail(from, o)
}

func (s *session) Reset() {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if s.p.hangUp && len(s.p.letters) > 0 {
		_ = s.c.Conn().Close()
	}
}

func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	if len(s.p.refuse) > 0 {
		err := s.p.refuse[0]
		s.p.refuse = s.p.refuse[1:]
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	_, secure := s.c.TLSConnectionState()
	s.p.secure, s.p.letters = append(s.p.secure, secure), append(s.p.letters, b)
	return nil
}

func (p *postOffice) received() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.letters
}

// desk is a queue on a store of its own with a clock that moves when told.
type desk struct {
	*Queue
	t   *testing.T
	db  store.DB
	at  time.Time
	log bytes.Buffer
}

func newDesk(t *testing.T, s Sender) *desk {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	d := &desk{t: t, db: db, at: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)}
	d.Queue, err = New(t.Context(), db, Options{Sender: s, From: "Nguồn <no-reply@nguon.example>", BaseURL: "https://nguon.example",
		Now: func() time.Time { return d.at }, Log: slog.New(slog.NewTextHandler(&d.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var letterHoa = outbox.Mail{To: "hoa@nguon.example", Name: "Lò Thị Hoa", Lang: "vi", Key: "mail.confirm", Link: "/confirm?token=abc.DEF-_1"}

func (d *desk) add(id string, m outbox.Mail) {
	d.t.Helper()
	if err := d.Add(d.t.Context(), id, m); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) work() int {
	d.t.Helper()
	n, err := d.Work(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *desk) doc(id string) doc {
	d.t.Helper()
	m, err := d.mails.Get(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return m
}

// letter is a received message taken apart.
type opened struct {
	header     netmail.Header
	subject    string
	text, html string
}

func open(t *testing.T, raw []byte) opened {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	o := opened{header: m.Header}
	if o.subject, err = new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject")); err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return o
		}
		if err != nil {
			t.Fatal(err)
		}
		var r io.Reader = p
		if p.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			r = quotedprintable.NewReader(p)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(b), "\r\n", "\n")
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			o.html = text
		} else {
			o.text = text
		}
	}
}

// engines are all senders, and how to read what they delivered.
func engines(t *testing.T) map[string]func(*testing.T) (Sender, func() [][]byte) {
	return map[string]func(*testing.T) (Sender, func() [][]byte){
		"smtp": func(t *testing.T) (Sender, func() [][]byte) {
			p := newPostOffice(t, true)
			s, err := newSMTP("smtp://"+p.addr+"?tls=must", p.roots)
			if err != nil {
				t.Fatal(err)
			}
			return s, p.received
		},
		"files": func(t *testing.T) (Sender, func() [][]byte) {
			dir := filepath.Join(t.TempDir(), "mail")
			return NewFiles(dir), func() (list [][]byte) {
				names, _ := filepath.Glob(filepath.Join(dir, "*"))
				if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
					t.Error(info, err)
				}
				for _, n := range names {
					info, err := os.Stat(n)
					if err != nil || info.Mode().Perm() != 0o600 || filepath.Ext(n) != ".eml" {
						t.Errorf("%s: %v %v", n, info.Mode(), err)
					}
					b, err := os.ReadFile(n)
					if err != nil {
						t.Fatal(err)
					}
					list = append(list, b)
				}
				return list
			}
		},
	}
}

func TestContract(t *testing.T) {
	for name, engine := range engines(t) {
		t.Run(name, func(t *testing.T) {
			s, received := engine(t)
			d := newDesk(t, s)
			d.add("one", letterHoa)
			d.add("one", letterHoa) // the same cause
			m := letterHoa
			m.Lang, m.Name = "en", ""
			d.add("two", m)
			if n := d.work(); n != 2 {
				t.Fatalf("%d sent", n)
			}
			if n := d.work(); n != 0 {
				t.Fatalf("%d sent again", n)
			}
			letters := received()
			if len(letters) != 2 {
				t.Fatalf("%d letters", len(letters))
			}
			vi, en := open(t, letters[0]), open(t, letters[1])
			if vi.header.Get("Content-Language") != "vi" {
				vi, en = en, vi
			}
			if vi.subject != "Xác nhận địa chỉ thư của bạn" || !strings.Contains(vi.text, "Chào Lò Thị Hoa,") ||
				!strings.Contains(vi.text, "\nhttps://nguon.example/confirm?token=abc.DEF-_1\n") || !strings.Contains(vi.html, `href="https://nguon.example/confirm?token=abc.DEF-_1"`) {
				t.Errorf("%s\n%s\n%s", vi.subject, vi.text, vi.html)
			}
			if en.subject != "Confirm your mail address" || !strings.Contains(en.text, "https://nguon.example/en/confirm?token=") || !strings.HasPrefix(en.text, "Hello,") {
				t.Errorf("%s\n%s", en.subject, en.text)
			}
			for _, h := range []string{"Date", "Message-Id", "From"} {
				if vi.header.Get(h) == "" {
					t.Errorf("no %s", h)
				}
			}
			if vi.header.Get("Auto-Submitted") != "auto-generated" || strings.Contains(vi.html, "<img") || strings.Contains(vi.html, "url(") {
				t.Error(vi.header, vi.html)
			}
			if to, err := netmail.ParseAddress(vi.header.Get("To")); err != nil || to.Name != "Lò Thị Hoa" || to.Address != "hoa@nguon.example" {
				t.Error(to, err)
			}
			if kept := d.doc("one"); kept.State != sent || kept.To != "h•••@nguon.example" || kept.Link != "" || kept.Name != "" {
				t.Errorf("%+v", kept)
			}
			if strings.Contains(d.log.String(), "hoa@") || strings.Contains(d.log.String(), "token=") {
				t.Error(d.log.String())
			}
		})
	}
}

func TestTheServerMustEncrypt(t *testing.T) {
	p := newPostOffice(t, true)
	s, err := newSMTP("smtp://"+p.addr+"?tls=must", p.roots)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, s)
	d.add("one", letterHoa)
	d.work()
	if len(p.secure) != 1 || !p.secure[0] {
		t.Errorf("%v", p.secure)
	}
	bare := newPostOffice(t, false)
	if s, err = newSMTP("smtp://"+bare.addr+"?tls=must", nil); err != nil {
		t.Fatal(err)
	}
	d = newDesk(t, s)
	d.add("one", letterHoa)
	if d.work() != 0 || len(bare.received()) != 0 || d.doc("one").State != waiting {
		t.Errorf("sent in the clear: %+v", d.doc("one"))
	}
	// A stranger's certificate is none.
	if s, err = newSMTP("smtp://"+p.addr+"?tls=must", &tls.Config{ServerName: "localhost"}); err != nil {
		t.Fatal(err)
	}
	d = newDesk(t, s)
	d.add("one", letterHoa)
	if d.work() != 0 {
		t.Error("trusted anybody")
	}
}

func TestTheServerAsksWhoSends(t *testing.T) {
	p := newPostOffice(t, true)
	p.login = "nguon:m t/khẩu"
	for _, tt := range []struct {
		login string
		sent  int
	}{
		{url.UserPassword("nguon", "m t/khẩu").String() + "@", 1},
		{"nguon:wrong-secret@", 0},
		{"", 0},
	} {
		s, err := newSMTP("smtp://"+tt.login+p.addr+"?tls=must", p.roots)
		if err != nil {
			t.Fatal(err)
		}
		d := newDesk(t, s)
		d.add("one", letterHoa)
		if n := d.work(); n != tt.sent {
			t.Errorf("%q: %d sent: %+v", tt.login, n, d.doc("one"))
		}
		// Who fixes the setting finds the message still waiting.
		if kept := d.doc("one"); tt.sent == 0 && tt.login != "" && kept.State != waiting || strings.Contains(kept.Reason, "wrong-secret") {
			t.Errorf("%+v", kept)
		}
		if said := d.log.String() + s.String(); strings.Contains(said, "khẩu") || strings.Contains(said, "wrong-secret") {
			t.Error(said)
		}
	}
	bare := newPostOffice(t, false) // no STARTTLS: the password stays here
	bare.login = "nguon:secret"
	s, err := newSMTP("smtp://nguon:secret@"+bare.addr+"?tls=must", nil)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, s)
	d.add("one", letterHoa)
	if d.work() != 0 || d.doc("one").State != waiting {
		t.Errorf("%+v", d.doc("one"))
	}
}

func TestOldFilesGo(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mail")
	d := newDesk(t, NewFiles(dir))
	d.add("old", letterHoa)
	d.work()
	d.at = d.at.Add(20 * 24 * time.Hour)
	d.add("new", letterHoa)
	d.work()
	if err := os.WriteFile(filepath.Join(dir, "note.eml"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d.at = d.at.Add(11 * 24 * time.Hour)
	if n, err := d.Sweep(t.Context()); n != 2 || err != nil { // the message and its file
		t.Error(n, err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*.eml")); len(left) != 2 {
		t.Error(left)
	}
}

func TestRetriesAndGivingUp(t *testing.T) {
	p := newPostOffice(t, false)
	s, err := NewSMTP("smtp://" + p.addr)
	if err != nil {
		t.Fatal(err)
	}
	busy, no := &smtp.SMTPError{Code: 451, Message: "later"}, &smtp.SMTPError{Code: 550, Message: "no such user hoa@nguon.example"}
	d := newDesk(t, s)
	p.refuse = []*smtp.SMTPError{busy, busy, nil, no}
	d.add("one", letterHoa)
	for i, wait := range []time.Duration{delays[0], delays[1]} {
		if d.work() != 0 {
			t.Fatalf("try %d worked", i)
		}
		d.at = d.at.Add(wait - time.Second)
		if d.work(); d.doc("one").Tries != i+1 {
			t.Errorf("tried before its time: %+v", d.doc("one"))
		}
		d.at = d.at.Add(time.Second)
	}
	if d.work() != 1 {
		t.Fatalf("%+v", d.doc("one"))
	}
	d.add("two", letterHoa)
	d.work()
	failed, err := d.Failed(t.Context(), 10)
	if err != nil || len(failed) != 1 || failed[0].To != "h•••@nguon.example" || strings.Contains(failed[0].Reason, "hoa@") || !strings.Contains(failed[0].Reason, "550") {
		t.Fatalf("%+v, %v", failed, err)
	}
	if n, _ := d.CountFailed(t.Context()); n != 1 || !strings.Contains(d.log.String(), "mail given up") || strings.Contains(d.log.String(), "hoa@") {
		t.Error(n, d.log.String())
	}
	if again, err := d.Retry(t.Context(), "two"); err != nil || !again || d.work() != 1 {
		t.Errorf("%v %+v", err, d.doc("two"))
	}
	if again, err := d.Retry(t.Context(), "two"); again || err != nil {
		t.Error("sent again what went out", err)
	}
	if _, err := d.Retry(t.Context(), "none"); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

type broken struct{ err error }

func (b broken) Send(context.Context, Envelope) (string, error) { return "", b.err }
func (b broken) String() string                                 { return "broken" }

func TestAServerThatStaysAway(t *testing.T) {
	d := newDesk(t, broken{errors.New("connection refused")})
	d.add("one", letterHoa)
	for range delays {
		d.work()
		if m := d.doc("one"); m.State != waiting || m.Link == "" {
			t.Fatalf("%+v", m)
		}
		d.at = d.doc("one").Due
	}
	d.work()
	if m := d.doc("one"); m.State != failed || m.Tries != len(delays)+1 || m.Link == "" {
		t.Fatalf("%+v", m)
	}
	d.at = d.at.Add(keepFailed + time.Second)
	if n, err := d.Sweep(t.Context()); n != 1 || err != nil {
		t.Error(n, err)
	}
}

// counting counts how often each message is sent.
type counting struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *counting) Send(_ context.Context, e Envelope) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[e.ID]++
	return "", nil
}
func (c *counting) String() string { return "counting" }

func TestTwoWorkersSendOnce(t *testing.T) {
	c := &counting{n: map[string]int{}}
	d := newDesk(t, c)
	for i := range 40 {
		d.add(string(rune('a'+i)), letterHoa)
	}
	second, err := New(t.Context(), d.db, d.Options)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for _, q := range []*Queue{d.Queue, second, d.Queue, second} {
		wg.Go(func() {
			if _, err := q.Work(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if len(c.n) != 40 {
		t.Errorf("%d messages", len(c.n))
	}
	for id, n := range c.n {
		if n != 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
}

func TestHeadersCannotBeInjected(t *testing.T) {
	s := NewFiles(t.TempDir())
	d := newDesk(t, s)
	for name, m := range map[string]outbox.Mail{
		"line end in the address": {To: "hoa@nguon.example\r\nBcc: x@evil.example"},
		"two addresses":           {To: "hoa@nguon.example, x@evil.example"},
		"name in the address":     {To: "Hoa <hoa@nguon.example>"},
		"no address":              {To: ""},
		"line end in the name":    {To: "hoa@nguon.example", Name: "Hoa\r\nBcc: x@evil.example"},
		"line separator":          {To: "hoa@nguon.example", Name: "Hoa\u2028Bcc: x@evil.example"},
	} {
		m.Key, m.Lang = "mail.changed", "vi"
		if err := d.Add(t.Context(), name, m); fault.CodeOf(err) != "mail.address" {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := outbox.Mail{To: "hoa@nguon.example", Lang: "en", Key: "mail.invite", Link: "/join?token=x",
		Args: map[string]string{"Org": "HTX\r\nBcc: x@evil.example\r\n\r\n<script>alert(1)</script>", "By": `<b onmouseover="x">`, "Role": "x"}}
	e, err := d.envelope(doc{To: m.To, Lang: lang.En, Key: m.Key, Args: m.Args, Link: m.Link, ID: "x"})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := message(e).WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	o := open(t, b.Bytes())
	if o.header.Get("Bcc") != "" || strings.Contains(o.html, "<script") || strings.Contains(o.html, "<b on") {
		t.Errorf("%v\n%s", o.header, o.html)
	}
}

func TestEveryMessageHasWords(t *testing.T) {
	args := map[string]string{"Org": "HTX Chè", "By": "Hoa", "Role": "nhân viên", "Reason": "vì thế", "Number": "BC-1", "Title": "Cà phê", "Answer": "Đã xem.", "About": "Cà phê"}
	for key, link := range map[string]string{"confirm": "/confirm?token=x", "known": "/sign-in", "reset": "/reset?token=x", "changed": "", "second_on": "", "second_off": "",
		"invite": "/join?token=x", "removed": "", "org_approved": "/console", "org_refused": "/console", "org_suspended": "/console", "org_lifted": "/console",
		"org_waiting": "/console", "report_answer": "", "new_report": "/console", "role": "", "deleted": ""} {
		for _, l := range lang.All {
			w, err := doc{Lang: l, Key: "mail." + key, Args: args, Link: link, To: "a@b.example"}.letter("https://nguon.example")
			if err != nil {
				t.Fatal(err)
			}
			all := w.Subject + w.text()
			if strings.Contains(all, "mail.") || strings.Contains(all, "no value") {
				t.Errorf("%s in %s: %s", key, l, all)
			}
		}
	}
	if _, err := (doc{Lang: lang.Vi, Key: "mail.nothing"}).letter(""); !permanent(err) || !errors.Is(err, errNoText) {
		t.Error(err)
	}
}

func TestServerAddresses(t *testing.T) {
	for raw, ok := range map[string]bool{
		"smtp://mail.example": true, "smtp://u:p@mail.example:2525": true, "smtps://mail.example": true, "smtp://127.0.0.1:1025?tls=none": true,
		"": false, "mail.example": false, "http://mail.example": false, "smtp://": false, "smtp://mail.example:0": false, "smtp://mail.example/x": false, "smtp://m.example?tls=maybe": false,
		"smtp://user:pa%ss@mail.example": false,
	} {
		if err := ParseURL(raw); (err == nil) != ok {
			t.Errorf("%q: %v", raw, err)
		} else if err != nil && strings.Contains(err.Error(), "pa%ss") {
			t.Errorf("the password is told: %v", err)
		}
	}
}
