package account

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

// desk is a service on a store of its own, a clock that moves when told, and
// the mails that were sent.
type desk struct {
	*Service
	t   *testing.T
	db  store.DB
	at  time.Time
	mu  sync.Mutex
	out map[string]outbox.Mail
}

var cheap = cost{memory: 64, passes: 1, threads: 1}

func newDesk(t *testing.T) *desk {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	d := &desk{t: t, db: db, at: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), out: map[string]outbox.Mail{}}
	d.Service, err = New(t.Context(), Deps{DB: db, Effects: d, Secret: []byte("0123456789abcdef0123456789abcdef"), Site: "nguon.example",
		Now: d.clock, Log: slog.New(slog.DiscardHandler), quick: &cheap})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *desk) later(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

// Perform does what the program does, and keeps mails.
func (d *desk) Perform(ctx context.Context, e outbox.Effect) error {
	switch {
	case e.Entry != nil:
		return d.Record(ctx, e.ID, *e.Entry)
	case e.Mail != nil:
		return d.post(ctx, e.ID, *e.Mail)
	case e.Task.Name == TaskFace:
		return nil
	}
	return d.Do(ctx, e.ID, *e.Task, d.post)
}

func (d *desk) post(_ context.Context, id string, m outbox.Mail) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.out[id] = m
	return nil
}

// mails are those of a key to an address.
func (d *desk) mails(key, to string) (list []outbox.Mail) {
	d.t.Helper()
	d.ok(d.PerformPending(d.t.Context()))
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range d.out {
		if m.Key == key && m.To == to {
			list = append(list, m)
		}
	}
	return list
}

// link is the token of the only mail of a key to an address.
func (d *desk) link(key, to string) string {
	d.t.Helper()
	list := d.mails(key, to)
	if len(list) != 1 {
		d.t.Fatalf("%d mails %s to %s", len(list), key, to)
	}
	return tokenOf(list[0].Link)
}

func tokenOf(link string) string {
	const mark = "token="
	for i := range link {
		if len(link) > i+len(mark) && link[i:i+len(mark)] == mark {
			return link[i+len(mark):]
		}
	}
	return ""
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// refused expects a fault with this code.
func (d *desk) refused(err error, code string) {
	d.t.Helper()
	if fault.CodeOf(err) != code {
		d.t.Fatalf("got %v, want %s", err, code)
	}
}

func field(t *testing.T, err error, name, code string) {
	t.Helper()
	if err == nil {
		t.Fatalf("accepted, want %s=%s", name, code)
	}
	for _, f := range fault.As(err).Fields {
		if f.Name == name && f.Code == code {
			return
		}
	}
	t.Fatalf("%v, want %s=%s", err, name, code)
}

const (
	password = "nương chè xanh mướt"
	home     = "192.0.2.1/32"
	away     = "198.51.100.7/32"
)

func (d *desk) signUp(email string) {
	d.t.Helper()
	d.ok(d.Request(d.t.Context(), SignUp{Name: "Lò Thị Hoa", Email: email, Password: password, Agreed: true, Lang: lang.Vi, Network: home}))
}

// someone signs up, confirms and signs in.
func (d *desk) someone(email string) Actor {
	d.t.Helper()
	d.signUp(email)
	d.ok(d.confirm(d.link("mail.confirm", email)))
	return d.enterAs(email)
}

func (d *desk) enterAs(email string) Actor {
	d.t.Helper()
	o, err := d.SignIn(d.t.Context(), SignIn{Email: email, Password: password, Network: home, Agent: "Firefox"})
	d.ok(err)
	return d.actor(o.Secret)
}

func (d *desk) actor(secret string) Actor {
	d.t.Helper()
	a, err := d.Actor(d.t.Context(), secret)
	d.ok(err)
	return a
}

// again reads what an actor may do now, in the same session.
func (d *desk) again(a Actor) Actor {
	d.t.Helper()
	p, err := d.person(d.t.Context(), a.Person.ID)
	d.ok(err)
	a.Person, a.Orgs = p, nil
	d.ok(d.orgs.All(d.t.Context(), store.Query{Index: "member", Eq: []any{p.ID}}, func(o Org) error {
		a.Orgs = append(a.Orgs, o)
		return nil
	}))
	return a
}

// boss is an operator in a session that passed the second step.
func (d *desk) boss(r Role) Actor {
	d.t.Helper()
	p, _, err := d.Create(d.t.Context(), NewPerson{Email: string(r) + "@nguon.example", Name: "Người vận hành", Lang: lang.Vi, Roles: []Role{r}})
	d.ok(err)
	return Actor{Person: p, Session: Session{Strong: true}}
}

var coop = OrgForm{Kind: Cooperative, Name: "HTX Chè Xanh", TaxCode: "5500123456", Commune: "03670", Address: "Bản Noong", Phone: "0212 385 1234"}

func form1() OrgForm {
	f := coop
	f.TaxCode = "0000000017"
	return f
}

func (d *desk) registered(a Actor) (Actor, string) {
	d.t.Helper()
	id := store.NewID(d.clock())
	d.ok(d.Register(d.t.Context(), a, id, form1()))
	return d.again(a), id
}

// decide sends the operator's form from a page that shows the organisation as
// it stands.
func (d *desk) decide(a Actor, id string, act Act, seq int, reason string) error {
	d.t.Helper()
	o, err := d.OrgByID(d.t.Context(), id)
	d.ok(err)
	return d.Decide(d.t.Context(), a, id, Verdict{Act: act, Seq: seq, Seen: o.Digest(), Reason: reason})
}

// confirm opens an account with the usual password.
func (d *desk) confirm(link string) error {
	_, _, err := d.Confirm(d.t.Context(), link, password)
	return err
}
