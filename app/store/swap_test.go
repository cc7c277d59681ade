package store

import (
	"context"
	"errors"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
)

// interleaver is one document into which somebody else writes, the first
// `others` times, just before Replace looks at the revision.
type interleaver struct {
	rev, sum int64
	others   int
	loads    int
}

func (f *interleaver) doc() bson.Raw {
	raw, _ := bson.Marshal(bson.D{{Key: "_id", Value: "x"}, {Key: "sum", Value: f.sum},
		{Key: "_v", Value: int32(1)}, {Key: "_r", Value: f.rev}})
	return raw
}

func (f *interleaver) Load(context.Context, string) (bson.Raw, error) {
	f.loads++
	return f.doc(), nil
}

func (f *interleaver) Replace(_ context.Context, old Meta, doc bson.Raw) (bool, error) {
	if f.others > 0 {
		f.others--
		f.rev, f.sum = f.rev+1, f.sum+1000
	}
	if f.rev != old.Revision {
		return false, nil
	}
	f.rev, f.sum = doc.Lookup("_r").Int64(), doc.Lookup("sum").Int64()
	return true, nil
}

// addOne is the change of these tests: one more, in the next revision.
func addOne(raw bson.Raw) (bson.Raw, error) {
	f := interleaver{rev: raw.Lookup("_r").Int64() + 1, sum: raw.Lookup("sum").Int64() + 1}
	return f.doc(), nil
}

func TestSwapStartsAgain(t *testing.T) {
	for _, others := range []int{0, 1, 5, SwapTries - 1} {
		f := &interleaver{rev: 1, others: others}
		if err := Swap(context.Background(), f, "x", addOne); err != nil {
			t.Errorf("%d others: %v", others, err)
		}
		if want := int64(others)*1000 + 1; f.sum != want || f.loads != others+1 {
			t.Errorf("%d others: sum %d after %d loads, want %d after %d", others, f.sum, f.loads, want, others+1)
		}
	}
}

func TestSwapGivesUp(t *testing.T) {
	f := &interleaver{rev: 1, others: 1 << 30}
	err := Swap(context.Background(), f, "x", addOne)
	if !fault.Is(err, fault.Unavailable) || fault.CodeOf(err) != "store.busy" {
		t.Errorf("error %v", err)
	}
	if f.loads != SwapTries || f.sum != SwapTries*1000 {
		t.Errorf("%d loads, sum %d: the lost update must leave no trace", f.loads, f.sum)
	}
}

func TestSwapStops(t *testing.T) {
	own := errors.New("own")
	cancelled, cancel := context.WithCancel(context.Background())
	for name, c := range map[string]struct {
		change func(bson.Raw) (bson.Raw, error)
		loads  int
		check  func(error) bool
	}{
		"own error": {func(bson.Raw) (bson.Raw, error) { return nil, own }, 1, func(err error) bool { return err == own }},
		"no change": {func(bson.Raw) (bson.Raw, error) { return nil, nil }, 1, func(err error) bool { return err == nil }},
		"other revision": {func(raw bson.Raw) (bson.Raw, error) { return raw, nil }, 1,
			func(err error) bool { return fault.CodeOf(err) == "store.id" && fault.Is(err, fault.Internal) }},
		"cancelled": {func(raw bson.Raw) (bson.Raw, error) { cancel(); return addOne(raw) }, 1,
			func(err error) bool { return errors.Is(err, context.Canceled) && fault.Is(err, fault.Unavailable) }},
	} {
		t.Run(name, func(t *testing.T) {
			f := &interleaver{rev: 1, others: 100}
			ctx := context.Background()
			if name == "cancelled" {
				ctx = cancelled
			}
			if err := Swap(ctx, f, "x", c.change); !c.check(err) || f.loads != c.loads {
				t.Errorf("error %v after %d loads", err, f.loads)
			}
		})
	}
}

func TestLocks(t *testing.T) {
	var l Locks
	ctx, n := context.Background(), map[string]int{"a": 0, "b": 0}
	var mu sync.Mutex // the map's; each counter is guarded by its lock alone
	counter := map[string]*int{"a": new(int), "b": new(int)}
	var wg sync.WaitGroup
	for i := range 200 {
		id := []string{"a", "b"}[i%2]
		wg.Go(func() {
			unlock, err := l.Lock(ctx, id)
			if err != nil {
				t.Error(err)
				return
			}
			*counter[id]++
			mu.Lock()
			n[id]++
			mu.Unlock()
			unlock()
		})
	}
	wg.Wait()
	if *counter["a"] != 100 || *counter["b"] != 100 || n["a"] != 100 {
		t.Errorf("counted %d and %d", *counter["a"], *counter["b"])
	}
	if len(l.held) != 0 {
		t.Errorf("%d locks kept after use", len(l.held))
	}
	unlock, _ := l.Lock(ctx, "a")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := l.Lock(ended, "a"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a wait past its context: %v", err)
	}
	unlock()
	if len(l.held) != 0 {
		t.Error("a wait that was given up keeps the lock")
	}
}
