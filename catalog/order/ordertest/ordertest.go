// Package ordertest is the contract that everyone who fulfils orders keeps, and
// a stand-in who sells seats. A fulfiller's own tests call Fulfiller.
package ordertest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/catalog/order"
)

// Make makes a fulfiller with so much of one resource, none for 0, and names one
// unit of it and the reference that quotes it. Its clock is now.
type Make func(t *testing.T, capacity int64, now func() time.Time) (f order.Fulfiller, ref string, unit order.Need)

// Fulfiller runs the whole contract.
func Fulfiller(t *testing.T, fresh Make) {
	for _, tt := range []struct {
		name  string
		steps []step // on ten units
	}{
		{"hold twice", []step{holds("a", 3, 7), holds("a", 3, 7)}},
		{"hold again replaces", []step{holds("a", 3, 7), holds("a", 5, 5), holds("a", 2, 8), holds("a", 10, 0)}},
		{"hold again for too much leaves the claim", []step{holds("b", 4, 6), holds("a", 3, 3), soldOut("hold", "a", 7, 6, 3), settles("a", 3, 3)}},
		{"sold out", []step{soldOut("hold", "a", 11, 10, 10), holds("a", 6, 4), soldOut("hold", "b", 5, 4, 4), holds("b", 4, 0), soldOut("hold", "c", 1, 0, 0)}},
		{"a hold runs out", []step{holds("a", 6, 4), waits(10, 10), holds("b", 6, 4)}},
		{"a hold is longer when held again", []step{holds("a", 6, 4), waits(5, 4), holds("a", 6, 4), waits(5, 4), waits(5, 10)}},
		{"settle twice", []step{holds("a", 3, 7), settles("a", 3, 7), settles("a", 3, 7), waits(60, 7)}},
		{"hold after settle", []step{settles("a", 3, 7), holds("a", 5, 7)}},
		{"settle late, while it is free", []step{holds("a", 6, 4), waits(10, 10), settles("a", 6, 4), settles("a", 6, 4)}},
		{"settle late, when another has it", []step{holds("a", 6, 4), waits(10, 10), holds("b", 6, 4), soldOut("settle", "a", 6, 4, 4), settles("b", 6, 4)}},
		{"settle without a hold", []step{settles("a", 10, 0), soldOut("settle", "b", 1, 0, 0)}},
		{"release a hold", []step{holds("a", 3, 7), releases("a", 10), releases("a", 10), holds("b", 10, 0)}},
		{"release what is settled", []step{holds("a", 3, 7), settles("a", 3, 7), releases("a", 10), releases("a", 10), settles("b", 10, 0)}},
		{"release what is not there", []step{holds("b", 3, 7), releases("a", 7)}},
		{"settle after a release", []step{holds("a", 3, 7), releases("a", 10), settles("a", 3, 7)}},
		{"fold lowers for good", []step{settles("a", 3, 7), folds("a", 7), folds("a", 7), releases("a", 7), waits(60, 7), soldOut("hold", "b", 8, 7, 7), holds("b", 7, 0)}},
		{"fold only what is settled", []step{holds("a", 3, 7), folds("a", 7), releases("a", 10), folds("b", 10)}},
		{"hold and settle after a fold", []step{settles("a", 3, 7), folds("a", 7), settles("a", 3, 7), holds("a", 3, 7), folds("a", 7)}},
		{"restore", []step{settles("a", 3, 7), folds("a", 7), restores("a", 3, 10), restores("a", 3, 10), holds("b", 10, 0)}},
		{"restore leaves the others", []step{settles("a", 3, 7), settles("b", 4, 3), folds("a", 3), folds("b", 3), restores("b", 4, 7), restores("a", 3, 10)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, fresh, 10)
			for i, s := range tt.steps {
				w.do(i, s)
			}
		})
	}
	t.Run("nothing to have", func(t *testing.T) { nothing(t, fresh) })
	t.Run("quote", func(t *testing.T) { quote(t, fresh) })
	t.Run("40 buyers of 20", func(t *testing.T) { race(t, fresh) })
	t.Run("one order many times at once", func(t *testing.T) { again(t, fresh) })
}

// step is what an order does and what is free afterwards. Told is what it is
// told to be free, -1 where it is not refused.
type step struct {
	verb, order string
	n           int64
	told, free  int64
}

func holds(order string, n, free int64) step    { return step{"hold", order, n, -1, free} }
func settles(order string, n, free int64) step  { return step{"settle", order, n, -1, free} }
func releases(order string, free int64) step    { return step{"release", order, 0, -1, free} }
func folds(order string, free int64) step       { return step{"fold", order, 0, -1, free} }
func restores(order string, n, free int64) step { return step{"restore", order, n, -1, free} }
func waits(minutes, free int64) step            { return step{"wait", "", minutes, -1, free} }
func soldOut(verb, order string, n, told, free int64) step {
	return step{verb, order, n, told, free}
}

// world is one fulfiller with its clock.
type world struct {
	*testing.T
	order.Fulfiller
	ref  string
	need order.Need
	mu   sync.Mutex
	now  time.Time
}

func newWorld(t *testing.T, fresh Make, capacity int64) *world {
	t.Helper()
	w := &world{T: t, now: time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)}
	w.Fulfiller, w.ref, w.need = fresh(t, capacity, w.clock)
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) of(n int64) order.Need {
	need := w.need
	need.Quantity = n
	return need
}

// take does one step; a hold lasts ten minutes.
func (w *world) take(s step) error {
	switch s.verb {
	case "hold":
		return w.Hold(w.Context(), s.order, w.of(s.n), w.clock().Add(10*time.Minute))
	case "settle":
		return w.Settle(w.Context(), s.order, w.of(s.n))
	case "release":
		return w.Release(w.Context(), s.order, w.need)
	case "fold":
		return w.Fold(w.Context(), s.order, w.need)
	case "restore":
		return w.Restore(w.Context(), s.order, w.of(s.n))
	}
	w.pass(time.Duration(s.n) * time.Minute)
	return nil
}

func (w *world) do(i int, s step) {
	w.Helper()
	err := w.take(s)
	if told, refused := toldFree(err); err != nil && !refused || refused != (s.told >= 0) || refused && told != s.told {
		w.Fatalf("step %d, %s %s %d: %v", i, s.verb, s.order, s.n, err)
	}
	if free := w.free(); free != s.free {
		w.Fatalf("step %d, %s %s %d: %d are free, want %d", i, s.verb, s.order, s.n, free, s.free)
	}
}

// toldFree is how much a refusal says is free.
func toldFree(err error) (int64, bool) {
	e := fault.As(err)
	if e == nil || e.Kind != fault.Conflict || e.Code != "hold.sold_out" {
		return 0, false
	}
	n, ok := e.Args["Free"].(int64)
	return n, ok
}

// free asks for more than anybody has.
func (w *world) free() int64 {
	w.Helper()
	err := w.Hold(w.Context(), "probe", w.of(1<<40), w.clock().Add(time.Minute))
	n, refused := toldFree(err)
	if !refused {
		w.Fatalf("a hold of everything: %v", err)
	}
	return n
}

// nothing: there was never anything of the resource.
func nothing(t *testing.T, fresh Make) {
	w := newWorld(t, fresh, 0)
	for i, s := range []step{soldOut("hold", "a", 1, 0, 0), soldOut("settle", "a", 1, 0, 0), releases("a", 0), folds("a", 0)} {
		w.do(i, s)
	}
}

func quote(t *testing.T, fresh Make) {
	w := newWorld(t, fresh, 10)
	if err := w.Hold(t.Context(), "a", w.of(4), w.clock().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	q, err := w.Quote(t.Context(), w.ref)
	if err != nil || q.Free != 6 || q.Seller == "" || q.Price <= 0 || q.Title.Vi == "" || q.Title.En == "" || q.Path == "" {
		t.Errorf("%+v, %v", q, err)
	}
	if len(q.Needs) != 1 || q.Needs[0] != w.of(1) {
		t.Errorf("one needs %+v, want %+v", q.Needs, w.of(1))
	}
	for _, ref := range []string{"", "nothing", w.ref + "x"} {
		if _, err := w.Quote(t.Context(), ref); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", ref, err)
		}
	}
}

// each runs fn for n orders at once.
func each(n int, fn func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			<-start
			errs[i] = fn(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

// race: of 40 buyers who want one of 20, 20 get it, and every unit is accounted
// for to the end: every second buyer takes it away and brings it back, the others
// give it up.
func race(t *testing.T, fresh Make) {
	const buyers, units = 40, 20
	w := newWorld(t, fresh, units)
	ask := func(verb string, i int) error {
		return w.take(step{verb: verb, order: fmt.Sprintf("order-%d", i), n: 1})
	}
	var got []int
	for i, err := range each(buyers, func(i int) error { return ask("hold", i) }) {
		if err == nil {
			got = append(got, i)
		} else if _, refused := toldFree(err); !refused {
			t.Errorf("buyer %d: %v", i, err)
		}
	}
	if len(got) != units || w.free() != 0 {
		t.Fatalf("%d of %d buyers have one of %d, and %d are free", len(got), buyers, units, w.free())
	}
	all := func(verbs [2]string) {
		t.Helper()
		err := errors.Join(each(units, func(k int) error { return ask(verbs[k%2], got[k]) })...)
		if err != nil {
			t.Error(err)
		}
	}
	for _, next := range []struct {
		verbs [2]string
		free  int64
	}{{[2]string{"settle", "settle"}, 0}, {[2]string{"fold", "release"}, units / 2}, {[2]string{"restore", "release"}, units}} {
		all(next.verbs)
		if free := w.free(); free != next.free {
			t.Errorf("after %v %d are free, want %d", next.verbs, free, next.free)
		}
	}
}

// again: what one order asks many times at once happens once.
func again(t *testing.T, fresh Make) {
	w := newWorld(t, fresh, 10)
	for _, s := range []step{holds("a", 3, 7), settles("a", 3, 7), folds("a", 7), restores("a", 3, 10)} {
		if err := errors.Join(each(20, func(int) error { return w.take(s) })...); err != nil {
			t.Fatalf("%s: %v", s.verb, err)
		}
		if free := w.free(); free != s.free {
			t.Fatalf("%s: %d are free, want %d", s.verb, free, s.free)
		}
	}
}
