package mail

import (
	"context"
	"errors"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// sending is a sender made of a function.
type sending func(Envelope) error

func (s sending) Send(_ context.Context, e Envelope) (string, error) { return "", s(e) }
func (s sending) String() string                                     { return "sending" }

func TestMask(t *testing.T) {
	for to, want := range map[string]string{
		"hoa@nguon.example":  "h•••@nguon.example",
		"đoàn@nguon.example": "đ•••@nguon.example",
		"a•b@nguon.example":  "a•••@nguon.example",
		"h•••@nguon.example": "h•••@nguon.example",
		"hoa":                "•••",
		"@nguon.example":     "•••",
		"":                   "•••",
	} {
		if got := mask(to); got != want || !utf8.ValidString(got) {
			t.Errorf("%q: %q", to, got)
		}
	}
}

func TestAnAddressOutsideASCIIIsSentOnce(t *testing.T) {
	n := 0
	d := newDesk(t, sending(func(Envelope) error { n++; return nil }))
	m := letterHoa
	m.To = "đoàn@nguon.example"
	d.add("one", m)
	d.work()
	d.at = d.at.Add(lease + time.Second)
	if d.work(); n != 1 || d.doc("one").State != sent {
		t.Errorf("sent %d times: %+v", n, d.doc("one"))
	}
}

func TestReasonsAreTextWithoutTheAddress(t *testing.T) {
	d := newDesk(t, sending(func(Envelope) error { return errors.New("kh\xf4ng c\xf3 <HOA@Nguon.example>\x00") }))
	d.add("one", letterHoa)
	d.work()
	m := d.doc("one")
	if m.Tries != 1 || strings.Contains(strings.ToLower(m.Reason), "hoa@") || strings.Contains(m.Reason, "\x00") || !strings.Contains(m.Reason, "h•••@nguon.example") {
		t.Errorf("%+v", m)
	}
}

func TestWhatWasSentIsNotedThoughTheProgramStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	d := newDesk(t, sending(func(Envelope) error { stop(); return nil }))
	d.add("one", letterHoa)
	d.add("two", letterHoa)
	if n, err := d.Work(ctx); n != 1 {
		t.Errorf("%d sent, %v", n, err)
	}
	if m := d.doc("one"); m.State != sent || m.Link != "" {
		t.Errorf("%+v", m)
	}
	if m := d.doc("two"); m.State != waiting || m.Tries != 0 {
		t.Errorf("%+v", m)
	}
}

func TestStoppingIsNoFailure(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	d := newDesk(t, sending(func(Envelope) error { stop(); return context.Canceled }))
	d.add("one", letterHoa)
	_, _ = d.Work(ctx)
	if m := d.doc("one"); m.State != waiting || m.Tries != 0 {
		t.Errorf("%+v", m)
	}
}

func TestAServerThatHangsUpAfterTakingAMessage(t *testing.T) {
	p := newPostOffice(t, false)
	p.hangUp = true
	s, err := NewSMTP("smtp://" + p.addr)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, s)
	d.add("one", letterHoa)
	if n := d.work(); n != 1 || len(p.received()) != 1 {
		t.Errorf("%d sent, %d received: %+v", n, len(p.received()), d.doc("one"))
	}
}

func TestNamesArriveAsTheyAre(t *testing.T) {
	for _, name := range []string{`Hoa "Bé"`, `Hoa\`, `a" <evil@evil.example>, "b`, `<x>`, `Lò (Thị), Hoa`, strings.Repeat("Nguyễn ", 30) + "Hoa"} {
		dir := t.TempDir()
		s := NewFiles(dir)
		d := newDesk(t, s)
		m := letterHoa
		m.Name = name
		d.add("one", m)
		if d.work() != 1 {
			t.Errorf("%s: %s", name, d.doc("one").Reason)
			continue
		}
		to, err := netmail.ParseAddressList(open(t, onlyFile(t, dir)).header.Get("To"))
		if err != nil || len(to) != 1 || to[0].Name != name || to[0].Address != m.To {
			t.Errorf("%s: %v, %v", name, to, err)
		}
	}
}

func TestTheOldestGoFirstAndNotAllAtOnce(t *testing.T) {
	var order []string
	d := newDesk(t, sending(func(e Envelope) error { order = append(order, e.ID); return nil }))
	var want []string
	for i := range perCall + 5 {
		id := string(rune('z'+perCall-i)) + "x"
		d.add(id, letterHoa)
		want = append(want, id)
		d.at = d.at.Add(time.Second)
	}
	if first, rest := d.work(), d.work(); first != perCall || rest != 5 || strings.Join(order, " ") != strings.Join(want, " ") {
		t.Errorf("%d and %d: %v", first, rest, order)
	}
}

func TestSweepKeepsWhatIsNotOver(t *testing.T) {
	d := newDesk(t, sending(func(Envelope) error { return nil }))
	d.add("one", letterHoa)
	d.work()
	d.add("two", letterHoa)
	d.at = d.at.Add(keepSent - time.Second)
	if n, err := d.Sweep(t.Context()); n != 0 || err != nil {
		t.Error(n, err)
	}
	d.at = d.at.Add(2 * time.Second)
	if n, err := d.Sweep(t.Context()); n != 1 || err != nil || d.doc("two").State != waiting {
		t.Error(n, err)
	}
}

func TestTLSFromTheStart(t *testing.T) {
	p := openPostOffice(t, true, true)
	s, err := newSMTP("smtps://"+p.addr, p.roots)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, s)
	d.add("one", letterHoa)
	if d.work() != 1 || len(p.secure) != 1 || !p.secure[0] {
		t.Errorf("%v %+v", p.secure, d.doc("one"))
	}
}

func TestSendersDoNotTellTheirSecrets(t *testing.T) {
	s, err := NewSMTP("smtps://hoa:m%40t%3Akhau@mail.example")
	if err != nil || s.String() != "smtps://mail.example:465" {
		t.Error(s, err)
	}
}

func TestWhenTLSIsAMust(t *testing.T) {
	for raw, want := range map[string]gomail.TLSPolicy{
		"smtp://mail.example":            gomail.TLSMandatory,
		"smtp://10.0.0.1":                gomail.TLSMandatory,
		"smtp://localhost.example":       gomail.TLSMandatory,
		"smtp://mail.example?tls=none":   gomail.NoTLS,
		"smtp://localhost":               gomail.TLSOpportunistic,
		"smtp://[::1]:25":                gomail.TLSOpportunistic,
		"smtp://127.0.0.1:1025?tls=must": gomail.TLSMandatory,
		"smtp://127.0.0.1:1025?tls=none": gomail.NoTLS,
	} {
		u, _, err := parseURL(raw)
		if err != nil || tlsPolicy(u) != want {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

func onlyFile(t *testing.T, dir string) []byte {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil || len(names) != 1 {
		t.Fatal(names, err)
	}
	return read(t, names[0])
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// A try that fails after its lease ran out leaves alone what another process
// has sent meanwhile.
func TestALateFailureChangesNothing(t *testing.T) {
	d := newDesk(t, &counting{n: map[string]int{}})
	d.add("one", letterHoa)
	before := d.doc("one")
	if d.work() != 1 {
		t.Fatal("not sent")
	}
	if err := d.failed(t.Context(), before, errors.New("connection reset")); err != nil {
		t.Fatal(err)
	}
	if m := d.doc("one"); m.State != sent || m.Tries != 0 {
		t.Errorf("%+v", m)
	}
}
