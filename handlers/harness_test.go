package handlers_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/account"
	"nguon/app/files"
	"nguon/app/finder"
	"nguon/app/goods"
	"nguon/app/legal"
	"nguon/app/mail"
	"nguon/app/outbox"
	"nguon/app/report"
	"nguon/app/search"
	"nguon/app/search/bleveindex"
	"nguon/app/seats"
	"nguon/app/seed"
	"nguon/app/store"
	"nguon/app/store/sqlite"
	"nguon/catalog"
	"nguon/catalog/order"
	"nguon/handlers"
	"nguon/qr"
	"nguon/qr/gi"
	"nguon/qr/trace"
	"nguon/tours"
)

// site is the real site on a real embedded store with the demonstration data,
// listening on a port of its own. Its clock moves only when told.
type site struct {
	t      testing.TB
	addr   string
	base   string
	h      *handlers.Site
	qr     *qr.Service
	trace  *trace.Service
	cat    *catalog.Service
	acc    *account.Service
	rep    *report.Service
	legal  *legal.Service
	mail   *mail.Queue
	files  *files.Store
	box    *postbox
	store  *breakable
	clock  atomic.Int64 // nanoseconds added to start
	log    *lockedBuffer
	orders *order.Service
	tours  *tours.Service
	fest   *tours.Editions
	finder *finder.Finder
	bought int // orders that were placed
}

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func (s *site) now() time.Time { return start.Add(time.Duration(s.clock.Load())) }

// later moves the clock past everything that is kept for a moment.
func (s *site) later() { s.clock.Add(int64(5 * time.Second)) }

func newSite(t testing.TB, change ...func(*handlers.Deps)) *site {
	t.Helper()
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "test.db")
	for suffix, body := range seeded(t) {
		must(t, os.WriteFile(file+suffix, body, 0o600))
	}
	db, err := sqlite.Open(ctx, file, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, base: "https://nguon.example", store: &breakable{DB: db, docs: map[string]store.Docs{}}, log: new(lockedBuffer)}
	s.join(ctx, change)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = ln.Addr().String()
	done := make(chan error, 1)
	go func() { done <- s.h.Serve(ln) }()
	t.Cleanup(func() {
		_ = s.h.Stop(ln, 5*time.Second)
		<-done
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// seeding makes the demonstration data once; each site begins with a copy of it.
var seeding struct {
	once  sync.Once
	files map[string][]byte // by what follows the name of the store
}

func seeded(t testing.TB) map[string][]byte {
	t.Helper()
	seeding.once.Do(func() {
		ctx := context.Background()
		file := filepath.Join(t.TempDir(), "seeded.db")
		db, err := sqlite.Open(ctx, file, sqlite.Options{})
		must(t, err)
		s := &site{t: t, base: "https://nguon.example", store: &breakable{DB: db, docs: map[string]store.Docs{}}, log: new(lockedBuffer)}
		s.join(ctx, nil)
		must(t, seed.Run(ctx, seed.Services{Catalog: s.cat, Trace: s.trace, Now: s.now, Accounts: s.acc, SignIns: signIn, Tours: s.tours, Festival: s.fest,
			GI: func(ctx context.Context, now func() time.Time) (*gi.Service, error) { return gi.New(ctx, s.store, now) }}))
		must(t, db.Close())
		seeding.files = map[string][]byte{}
		for _, suffix := range []string{"", "-wal"} { // the log may hold what was written last
			if body, err := os.ReadFile(file + suffix); err == nil {
				seeding.files[suffix] = body
			}
		}
	})
	if len(seeding.files) == 0 {
		t.Fatal("the demonstration data was not made")
	}
	return seeding.files
}

func (s *site) join(ctx context.Context, change []func(*handlers.Deps)) {
	t := s.t
	t.Helper()
	log := slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	register, err := gi.New(ctx, s.store, s.now)
	must(t, err)
	s.people(ctx, log)
	s.trace, err = trace.New(ctx, s.store, s.now)
	must(t, err)
	s.cat.InLots(s.inLot)
	s.qr, err = qr.New(ctx, qr.Deps{DB: s.store, Trace: s.trace, GI: register, Products: items{s.cat}, Sellers: s.acc, BaseURL: s.base,
		Secret: []byte("0123456789abcdef0123456789abcdef"), Now: s.now, Log: log})
	must(t, err)
	s.finder, err = finder.New(ctx, finder.Deps{DB: s.store, Index: &lazyIndex{t: t, s: s}, Now: s.now, Log: log,
		Source: &finder.Domains{Catalog: s.cat, Tours: s.tours, Festival: s.fest, GI: register, Trace: s.trace, Account: s.acc, Now: s.now}})
	must(t, err)
	d := handlers.Deps{Finder: s.finder, Account: s.acc, Legal: s.legal, Reports: s.rep, Files: s.files, Mail: s.mail, Catalog: s.cat, Orders: s.orders, Tours: s.tours, Festival: s.fest, Payee: order.Account{BIN: "970436", Number: "0123456789", Name: "CHO NGUON"}, TransferSecret: "a-secret-of-the-bank", Trace: s.trace, GI: register, QR: s.qr, Ping: s.store.Ping, Now: s.now, Log: log, BaseURL: s.base}
	for _, f := range change {
		f(&d)
	}
	s.h = handlers.New(d)
}

func (s *site) inLot(ctx context.Context, producer, gtin string) (bool, error) {
	for lot, err := range s.trace.EachOf(ctx, gtin) {
		if err != nil || lot.Producer == producer {
			return err == nil, err
		}
	}
	return false, nil
}

// people joins what knows people as the program does.
func (s *site) people(ctx context.Context, log *slog.Logger) {
	t := s.t
	t.Helper()
	var err error
	out := &effects{s: s}
	s.box = &postbox{}
	s.cat, err = catalog.New(ctx, s.store, s.now)
	must(t, err)
	s.cat.Perform(out)
	s.acc, err = account.New(ctx, account.Deps{DB: s.store, Effects: out, Secret: []byte("0123456789abcdef0123456789abcdef"), Site: "nguon.example", Now: s.now, Log: log})
	must(t, err)
	s.legal, err = legal.New(ctx, s.store, s.now, out)
	must(t, err)
	s.rep, err = report.New(ctx, s.store, s.now, out)
	must(t, err)
	s.mail, err = mail.New(ctx, s.store, mail.Options{Sender: s.box, From: "Nguồn <no-reply@nguon.example>", BaseURL: s.base, Now: s.now, Log: log})
	must(t, err)
	s.files, err = files.Open(ctx, t.TempDir())
	must(t, err)
	s.fest, err = tours.NewEditions(ctx, s.store, s.now, out)
	must(t, err)
	s.fest.May = s.acc.MayPublish
	paid := &seats.Shop{}
	s.tours, err = tours.New(ctx, tours.Deps{DB: s.store, Effects: out, Shop: paid, Secret: []byte("0123456789abcdef0123456789abcdef"), Now: s.now, Log: log})
	must(t, err)
	s.orders, err = order.New(ctx, order.Deps{DB: s.store, Effects: out, Fulfillers: map[order.Kind]order.Fulfiller{order.Goods: goods.Goods{Catalog: s.cat}, seats.Kind: seats.Seats{Tours: s.tours}}, Sellers: sellers{s},
		Key: []byte("0123456789abcdef0123456789abcdef"), Now: s.now, Log: log})
	must(t, err)
	paid.Orders = s.orders
}

// lazyIndex is an embedded index that is opened and built when something is looked
// for first: most tests look for nothing.
type lazyIndex struct {
	t    testing.TB
	s    *site
	once sync.Once
	search.Index
}

func (x *lazyIndex) open() search.Index {
	x.once.Do(func() {
		index, _, err := bleveindex.Open(x.t.TempDir())
		must(x.t, err)
		x.t.Cleanup(func() { index.Close() })
		x.Index = index
		must(x.t, x.s.finder.Rebuild(context.Background()))
	})
	return x.Index
}

func (x *lazyIndex) Search(ctx context.Context, q search.Query) (search.Result, error) {
	return x.open().Search(ctx, q)
}

// sellers tells orders who sells, as the program does.
type sellers struct{ s *site }

func (m sellers) Seller(ctx context.Context, id string) (order.Seller, error) {
	p, err := m.s.cat.ProducerByID(ctx, id)
	if o, found := m.s.acc.OrgByID(ctx, id); err != nil && found == nil && o.Kind == account.Committee {
		return order.Seller{ID: id, Name: o.Name, MaySell: o.Status == account.Approved, Demo: o.Demo}, nil
	}
	if err != nil {
		return order.Seller{}, err
	}
	may, err := m.s.acc.MayPublish(ctx, id)
	if err != nil {
		return order.Seller{}, err
	}
	t, err := m.s.orders.Terms(ctx, id)
	if err != nil {
		return order.Seller{}, err
	}
	stand, err := seats.StandOf(ctx, m.s.fest, id, m.s.now())
	return order.Seller{ID: id, Name: p.Name, Stand: stand, Household: p.Kind == catalog.Household, MaySell: may && p.Published, PickupAt: p.Address.Vi,
		Commission: t.Commission, Rates: t.Rates, Demo: p.Demo}, err
}

// effects performs what documents carry, as the program does.
type effects struct{ s *site }

func (e *effects) Perform(ctx context.Context, f outbox.Effect) error {
	switch {
	case f.Entry != nil:
		return e.s.acc.Record(ctx, f.ID, *f.Entry)
	case f.Mail != nil:
		return e.s.mail.Add(ctx, f.ID, *f.Mail)
	case f.Task.Name == outbox.TaskIndex:
		if e.s.finder == nil { // while the store is filled: the first search builds the index
			return nil
		}
		return e.s.finder.Note(ctx, f.Task.Object)
	case f.Task.Name == account.TaskFace:
		o, err := e.s.acc.OrgByID(ctx, f.Task.Object)
		if err != nil || !o.Kind.Sells() {
			return err
		}
		return e.s.cat.SetFace(ctx, catalog.Face{ID: o.ID, Name: o.Name, NameEn: o.NameEn, Kind: catalog.ProducerKind(o.Kind), Commune: o.Commune,
			Address: o.Address, Published: o.Status == account.Approved, Demo: o.Demo, Seq: int64(len(o.Decisions))<<20 + o.Edits})
	case f.Task.Name == order.TaskLedger:
		return e.s.orders.WriteLedger(ctx, f.Task.Object)
	case f.Task.Name == order.TaskVisit:
		return seats.Follow(ctx, e.s.orders, e.s.tours, *f.Task)
	case f.Task.Name == order.TaskStand:
		return seats.FollowPlaced(ctx, e.s.fest, e.s.orders, *f.Task)
	case f.Task.Name == tours.TaskEvent:
		return e.s.fest.Follow(ctx, f.Task.Object, e.s.tours.SyncEvent)
	case f.Task.Name == tours.TaskEdition:
		if err := e.s.fest.FollowAll(ctx, f.Task.Object, e.s.tours.SyncEvent); err != nil {
			return err
		}
		return seats.FollowEdition(ctx, e.s.fest, e.s.orders, f.Task.Object)
	case f.Task.Name == tours.TaskLeave, f.Task.Name == tours.TaskAttend, f.Task.Name == tours.TaskMoved:
		return e.s.tours.Do(ctx, *f.Task)
	case f.Task.Name == tours.TaskBooked, f.Task.Name == tours.TaskReview, f.Task.Name == order.TaskNew, f.Task.Name == order.TaskStuck, f.Task.Name == order.TaskStandGone, f.Task.Name == report.TaskNotify, strings.HasPrefix(f.Task.Name, "stars-"), strings.HasPrefix(f.Task.Name, "product-"):
		return nil // mails that package main's tests read
	}
	return e.s.acc.Do(ctx, f.ID, *f.Task, e.s.mail.Add)
}

// postbox keeps the mails that were sent.
type postbox struct {
	mu   sync.Mutex
	list []mail.Envelope
}

func (p *postbox) String() string { return "postbox" }

func (p *postbox) Send(_ context.Context, e mail.Envelope) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.list = append(p.list, e)
	return "postbox", nil
}

// signIn is how each invented person signs in.
func signIn(email string) seed.SignIn {
	return seed.SignIn{Email: email, Password: "mật khẩu của " + email, TOTP: []byte("12345678901234567890")}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// items joins catalogue and codes as the program does.
type items struct{ cat *catalog.Service }

func (i items) TradeItem(ctx context.Context, gtin string) (qr.Product, error) {
	p, v, err := i.cat.ByGTIN(ctx, gtin)
	return i.item(ctx, p, v, err)
}

func (i items) Packable(ctx context.Context, producer, gtin string) (qr.Product, error) {
	p, v, err := i.cat.Packable(ctx, producer, gtin)
	return i.item(ctx, p, v, err)
}

func (i items) Claim(ctx context.Context, producer, gtin string) error {
	return i.cat.Claim(ctx, producer, gtin)
}

func (i items) item(ctx context.Context, p catalog.Product, v catalog.Variant, err error) (qr.Product, error) {
	if err != nil {
		return qr.Product{}, err
	}
	m, err := i.cat.ProducerByID(ctx, p.Producer)
	return qr.Product{GTIN: v.GTIN, Name: p.Name, NameEn: p.NameEn, Slug: p.Slug, Kind: string(p.Kind), Species: p.Species,
		NetGrams: v.NetGrams, Grind: v.Grind, Producer: m.ID, ProducerName: m.Name, ProducerSlug: m.Slug, Commune: m.Commune, Listed: p.Listed, Demo: p.Demo}, err
}

// answer is a response read to its end and decompressed.
type answer struct {
	Status int
	Header http.Header
	Body   string
	Wire   int // bytes of the body as sent
}

func (a answer) doc(t testing.TB) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(a.Body))
	must(t, err)
	return d
}

// do sends a request line as it is, which http.Client would tidy up. Headers
// are whole lines.
func (s *site) do(method, target string, headers ...string) answer {
	s.t.Helper()
	return s.send(method, target, "", headers...)
}

// send is do with a body.
func (s *site) send(method, target, content string, headers ...string) answer {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	must(s.t, err)
	defer conn.Close()
	must(s.t, conn.SetDeadline(time.Now().Add(20*time.Second)))
	request := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: nguon.example\r\nConnection: close\r\n", method, target)
	for _, h := range headers {
		request += h + "\r\n"
	}
	if content != "" {
		request += fmt.Sprintf("Content-Length: %d\r\n", len(content))
	}
	_, err = io.WriteString(conn, request+"\r\n"+content)
	if content == "" {
		must(s.t, err) // a server that refuses a body may close before it has read it
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: method})
	if err != nil {
		s.t.Fatalf("%s %.80s: %v", method, target, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	must(s.t, err)
	a := answer{resp.StatusCode, resp.Header, string(body), len(body)}
	if resp.Header.Get("Content-Encoding") == "gzip" && len(body) > 0 {
		z, err := gzip.NewReader(bytes.NewReader(body))
		must(s.t, err)
		plain, err := io.ReadAll(z)
		must(s.t, err)
		a.Body = string(plain)
	}
	return a
}

func (s *site) get(target string, headers ...string) answer {
	s.t.Helper()
	return s.do("GET", target, headers...)
}

// A lot of the demonstration data that carries the indication.
const (
	gtin = "09520001000010"
	lot  = "SN-26-01"
)

// packets issues labels and returns their serials.
func (s *site) packets(n int64) []string {
	s.t.Helper()
	issued, err := s.qr.Issue(context.Background(), qr.IssueRequest{LotCode: lot, GTIN: gtin, Count: n, By: "test"})
	must(s.t, err)
	var serials []string
	for p := range issued.Packets {
		serials = append(serials, p.Serial)
	}
	return serials
}

func page(serial string) string {
	p := "/trace/" + gtin + "/" + lot
	if serial != "" {
		p += "/" + serial
	}
	return p
}

// breakable is a store that can be made to fail.
type breakable struct {
	store.DB
	fault atomic.Pointer[error]
	docs  map[string]store.Docs // by name, past the fault
}

func (b *breakable) fail(err error) { b.fault.Store(&err) }

func (b *breakable) err() error {
	if p := b.fault.Load(); p != nil {
		return *p
	}
	return nil
}

func (b *breakable) Ping(ctx context.Context) error {
	if err := b.err(); err != nil {
		return err
	}
	return b.DB.Ping(ctx)
}

func (b *breakable) Open(ctx context.Context, spec store.Spec) (store.Docs, error) {
	docs, err := b.DB.Open(ctx, spec)
	b.docs[spec.Name] = docs
	return &breakableDocs{docs, b}, err
}

type breakableDocs struct {
	store.Docs
	db *breakable
}

func (d *breakableDocs) Get(ctx context.Context, id string) (bson.Raw, error) {
	if err := d.db.err(); err != nil {
		return nil, err
	}
	return d.Docs.Get(ctx, id)
}

func (d *breakableDocs) Find(ctx context.Context, q store.Query) ([]bson.Raw, string, error) {
	if err := d.db.err(); err != nil {
		return nil, "", err
	}
	return d.Docs.Find(ctx, q)
}

func (d *breakableDocs) Count(ctx context.Context, q store.Query) (int64, error) {
	if err := d.db.err(); err != nil {
		return 0, err
	}
	return d.Docs.Count(ctx, q)
}

// lockedBuffer is a log that a test may read while requests write.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// last is the last line.
func (l *lockedBuffer) last() string {
	lines := strings.Split(strings.TrimSpace(l.String()), "\n")
	return lines[len(lines)-1]
}
