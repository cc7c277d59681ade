package report

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store/sqlite"
)

// desk performs effects as the rest of the program would: each id once.
type desk struct {
	mu   sync.Mutex
	away error
	done map[string]outbox.Effect
	now  time.Time
}

func (d *desk) Perform(_ context.Context, e outbox.Effect) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away == nil {
		d.done[e.ID] = e
	}
	return d.away
}

func (d *desk) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) set(day int, away error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now, d.away = days(day), away
}

// count says how many entries, mails and tasks were performed.
func (d *desk) count() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var entries, mails, tasks int
	for _, e := range d.done {
		switch {
		case e.Entry != nil:
			entries++
		case e.Mail != nil:
			mails++
		case e.Task != nil:
			tasks++
		}
	}
	return fmt.Sprintf("%d entries, %d mails, %d tasks", entries, mails, tasks)
}

func newService(t *testing.T) (*Service, *desk) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	d := &desk{done: map[string]outbox.Effect{}, now: noon}
	s, err := New(t.Context(), db, d.Now, d)
	if err != nil {
		t.Fatal(err)
	}
	return s, d
}

func file(t *testing.T, s *Service, change ...func(*Draft)) Report {
	t.Helper()
	r, err := s.File(t.Context(), draft(change...))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func get(t *testing.T, s *Service, id string) Report {
	t.Helper()
	r, err := s.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func once(n int) func(*Draft) { return func(d *Draft) { d.Once = fmt.Sprintf("%s-%d", token, n) } }

func TestReportFromEndToEnd(t *testing.T) {
	ctx := t.Context()
	s, d := newService(t)
	r := file(t, s)
	if r.Inbox != Authority || r.Status != Open || d.count() != "1 entries, 0 mails, 1 tasks" {
		t.Errorf("%+v, %s", r, d.count())
	}
	kept := get(t, s, r.ID)
	if kept.Pending != nil || kept.PendingAt != nil {
		t.Errorf("effects are left: %+v", kept.Box)
	}
	kept.Box = r.Box
	if !reflect.DeepEqual(kept, r) {
		t.Errorf("stored %+v\nreturned %+v", kept, r)
	}
	for range 2 { // everything may be repeated
		if err := s.Answer(ctx, "p1", r.ID, Reply{" Chúng tôi đã xem. \r\n", token}); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := s.Close(ctx, "p1", r.ID, "xong", 0); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		if err := s.Reopen(ctx, "p2", r.ID, 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(ctx, "p1", r.ID, "xong", 0); err != nil { // the same form, late: closed once and reopened since
		t.Fatal(err)
	}
	r = get(t, s, r.ID)
	if r.Status != Open || len(r.Answers) != 1 || r.Answers[0].Words != "Chúng tôi đã xem." || !r.Answers[0].Mailed || len(r.Closings) != 1 {
		t.Errorf("%+v", r)
	}
	if got := d.count(); got != "4 entries, 1 mails, 1 tasks" {
		t.Error(got)
	}
	found, err := s.ByNumber(ctx, " "+r.Number[3:])
	if err != nil || found.ID != r.ID {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestWithoutAnAddressNothingIsMailed(t *testing.T) {
	s, d := newService(t)
	r := file(t, s, func(d *Draft) { d.Contact = "" })
	if err := s.Answer(t.Context(), "p1", r.ID, Reply{"Đã xem", token}); err != nil {
		t.Fatal(err)
	}
	if r = get(t, s, r.ID); r.Answers[0].Mailed || d.count() != "2 entries, 0 mails, 1 tasks" {
		t.Errorf("%+v, %s", r.Answers, d.count())
	}
}

func TestRefusals(t *testing.T) {
	ctx := t.Context()
	s, _ := newService(t)
	r := file(t, s)
	long := string(slices.Repeat([]byte("a"), MaxWords+1))
	for _, tt := range []struct {
		name  string
		err   error
		wrong string
	}{
		{"no answer", s.Answer(ctx, "p1", r.ID, Reply{" ", token}), "words=answer"},
		{"a long answer", s.Answer(ctx, "p1", r.ID, Reply{long, token}), "words=words_long"},
		{"an unreadable answer", s.Answer(ctx, "p1", r.ID, Reply{"a\xff", token}), "words=text"},
		{"an answer without a token", s.Answer(ctx, "p1", r.ID, Reply{"a", ""}), "once=once"},
		{"a long note", s.Close(ctx, "p1", r.ID, long, 0), "words=words_long"},
	} {
		if got := mistakes(t, tt.err); got != tt.wrong {
			t.Errorf("%s: %q", tt.name, got)
		}
	}
	_, unknown := s.Get(ctx, "none")
	_, unread := s.ByNumber(ctx, "BC-UUUUUU")
	_, unused := s.ByNumber(ctx, "BC-000000")
	for name, err := range map[string]error{
		"get": unknown, "a number that is none": unread, "an unused number": unused,
		"answer": s.Answer(ctx, "p1", "none", Reply{"a", token}), "close": s.Close(ctx, "p1", "none", "", 0),
		"reopen": s.Reopen(ctx, "p1", "none", 1), "erase": s.Erase(ctx, "p1", "none"),
	} {
		if !fault.Is(err, fault.NotFound) || fault.CodeOf(err) != "report.not_found" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := get(t, s, r.ID); got.Status != Open || len(got.Answers) != 0 {
		t.Errorf("%+v", got)
	}
	if _, err := s.File(ctx, Draft{}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an empty form: %v", err)
	}
}

func TestSendingAFormTwiceIsOneReport(t *testing.T) {
	s, d := newService(t)
	first := file(t, s)
	again := file(t, s, func(d *Draft) { // the packet was scanned meanwhile
		d.About.Facts = nil
		d.Words += " \n"
	})
	if again.ID != first.ID || again.Number != first.Number || len(again.About.Facts) != 2 {
		t.Errorf("%+v, then %+v", first, again)
	}
	for name, change := range map[string]func(*Draft){
		"words":   func(d *Draft) { d.Words += " Và thêm nữa." },
		"reason":  func(d *Draft) { d.Reason = Opened },
		"contact": func(d *Draft) { d.Contact = "" },
		"page":    func(d *Draft) { d.About.Path = "/trace/09520123456788/SL-2602" },
	} {
		_, err := s.File(t.Context(), draft(change))
		if !fault.Is(err, fault.Conflict) || fault.CodeOf(err) != "report.once_used" || fault.As(err).Args["Number"] != first.Number {
			t.Errorf("other %s: %v", name, err)
		}
	}
	if err := s.Erase(t.Context(), "p1", first.ID); err != nil {
		t.Fatal(err)
	}
	if again := file(t, s); again.ID != first.ID || again.Contact != "" {
		t.Errorf("after erasing: %+v", again)
	}
	if n, err := s.CountOpen(t.Context(), Authority); n != 1 || err != nil || d.count() != "2 entries, 0 mails, 1 tasks" {
		t.Errorf("%d reports, %v, %s", n, err, d.count())
	}
}

// at runs fn in as many goroutines at once.
func at(n int, fn func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() {
			<-start
			fn(i)
		})
	}
	close(start)
	wg.Wait()
}

func TestSendingAFormManyTimesAtOnce(t *testing.T) {
	s, d := newService(t)
	const forms, times = 4, 10
	ids := make([]string, forms*times)
	at(len(ids), func(i int) {
		r, err := s.File(t.Context(), draft(once(i%forms)))
		if err != nil {
			t.Error(err)
		}
		ids[i] = r.ID
	})
	for i, id := range ids {
		if id == "" || id != ids[i%forms] {
			t.Errorf("form %d became %q and %q", i%forms, ids[i%forms], id)
		}
	}
	if n, err := s.CountOpen(t.Context(), Authority); n != forms || err != nil || d.count() != "4 entries, 0 mails, 4 tasks" {
		t.Errorf("%d reports, %v, %s", n, err, d.count())
	}
}

func TestSendingAnAnswerManyTimesAtOnce(t *testing.T) {
	s, d := newService(t)
	r := file(t, s)
	at(10, func(int) {
		if err := s.Answer(t.Context(), "p1", r.ID, Reply{"Đã xem", token}); err != nil {
			t.Error(err)
		}
	})
	if r = get(t, s, r.ID); len(r.Answers) != 1 || d.count() != "2 entries, 1 mails, 1 tasks" {
		t.Errorf("%d answers, %s", len(r.Answers), d.count())
	}
}

func TestTakenNumbersAreDrawnAgain(t *testing.T) {
	s, d := newService(t)
	draws := []string{"BC-000001", "BC-000001", "BC-000001", "BC-000002"}
	s.number = func() string {
		n := draws[0]
		draws = draws[1:]
		return n
	}
	a, b := file(t, s, once(1)), file(t, s, once(2))
	if a.Number != "BC-000001" || b.Number != "BC-000002" || a.ID == b.ID || d.count() != "2 entries, 0 mails, 2 tasks" {
		t.Errorf("%s, %s, %s", a.Number, b.Number, d.count())
	}
	s.number = func() string { return "BC-000001" }
	if _, err := s.File(t.Context(), draft(once(3))); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without a free number: %v", err)
	}
}

func TestInbox(t *testing.T) {
	ctx := t.Context()
	s, d := newService(t)
	var want []string
	for i := range 30 {
		d.set(i, nil)
		want = append(want, file(t, s, once(i)).ID)
	}
	slices.Reverse(want)
	listing := file(t, s, once(99), func(d *Draft) { d.About.Kind, d.Reason = Listing, Price })
	page, next, err := s.Inbox(ctx, Authority, Open, "")
	if err != nil || len(page) != 24 || next == "" {
		t.Fatalf("%d reports, %q, %v", len(page), next, err)
	}
	rest, end, err := s.Inbox(ctx, Authority, Open, next)
	if err != nil || end != "" {
		t.Fatalf("%q, %v", end, err)
	}
	var got []string
	for _, r := range append(page, rest...) {
		got = append(got, r.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	if err := s.Close(ctx, "p1", want[0], "", 0); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		inbox  Inbox
		status Status
		first  string
		open   int64
	}{
		{Authority, Open, want[1], 29}, {Authority, Closed, want[0], 29}, {Authority, Answered, "", 29}, {Operator, Open, listing.ID, 1},
	} {
		page, _, err := s.Inbox(ctx, tt.inbox, tt.status, "")
		n, countErr := s.CountOpen(ctx, tt.inbox)
		if err := errors.Join(err, countErr); err != nil || n != tt.open || (tt.first == "") != (len(page) == 0) || len(page) > 0 && page[0].ID != tt.first {
			t.Errorf("%s, %s: %d reports, %d open, %v", tt.inbox, tt.status, len(page), n, err)
		}
	}
	for _, err := range []error{second(s.Inbox(ctx, "province", Open, "")), second(s.Inbox(ctx, Operator, "", "")), second(s.Inbox(ctx, Operator, Open, "x"))} {
		if !fault.Is(err, fault.Invalid) || !lang.Vi.Has(fault.CodeOf(err)) {
			t.Errorf("%v", err)
		}
	}
}

func second(_ []Report, _ string, err error) error { return err }

func TestSweep(t *testing.T) {
	ctx := t.Context()
	s, d := newService(t)
	filed, none := file(t, s, once(1)), file(t, s, once(2), func(d *Draft) { d.Contact = "" })
	answered, asked := file(t, s, once(3)), file(t, s, once(4))
	if err := s.Answer(ctx, "p1", answered.ID, Reply{"Đã xem", token}); err != nil {
		t.Fatal(err)
	}
	if err := s.Erase(ctx, "p1", asked.ID); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ day, want int }{{179, 0}, {180, 1}, {181, 0}, {364, 0}, {365, 1}, {366, 0}} {
		d.set(tt.day, nil)
		if n, err := s.Sweep(ctx); n != tt.want || err != nil {
			t.Errorf("day %d: %d erased, %v", tt.day, n, err)
		}
	}
	for _, r := range []Report{filed, none, answered, asked} {
		got := get(t, s, r.ID)
		if got.Contact != "" || got.EraseAt != nil || (got.ErasedAt == nil) != (r.ID == none.ID) || got.Words != r.Words {
			t.Errorf("%+v", got)
		}
	}
	if got := d.count(); got != "8 entries, 1 mails, 4 tasks" {
		t.Error(got)
	}
}

// While the mail server or the log is away, everybody can go on; a worker
// finishes what is left.
func TestEffectsWait(t *testing.T) {
	ctx := t.Context()
	s, d := newService(t)
	d.set(0, errors.New("away"))
	r := file(t, s)
	if err := s.Answer(ctx, "p1", r.ID, Reply{"Đã xem", token}); err != nil {
		t.Fatal(err)
	}
	if n, err := s.SweepEffects(ctx, days(1)); n != 0 || err == nil || d.count() != "0 entries, 0 mails, 0 tasks" {
		t.Errorf("%d, %v, %s", n, err, d.count())
	}
	d.set(0, nil)
	if n, err := s.SweepEffects(ctx, days(0)); n != 0 || err != nil {
		t.Errorf("too early: %d, %v", n, err)
	}
	if n, err := s.SweepEffects(ctx, days(1)); n != 1 || err != nil || d.count() != "2 entries, 1 mails, 1 tasks" {
		t.Errorf("%d, %v, %s", n, err, d.count())
	}
}

func TestStoreAway(t *testing.T) {
	s, _ := newService(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, filing := s.File(ctx, draft())
	_, sweeping := s.Sweep(ctx)
	for name, err := range map[string]error{"file": filing, "sweep": sweeping, "answer": s.Answer(ctx, "p", "x", Reply{"a", token}),
		"inbox": second(s.Inbox(ctx, Authority, Open, ""))} {
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
