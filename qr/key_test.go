package qr

import (
	"bytes"
	"sync"
	"testing"

	"nguon/app/fault"
	"nguon/app/store"
)

func TestRotateKey(t *testing.T) {
	b := newBench(t)
	old := packets(b.issue(t, 1))[0]
	other := b.another(t)
	id, err := b.RotateKey(b.ctx)
	must(t, err)
	if id != "A1" {
		t.Errorf("the second key is %s", id)
	}
	fresh := packets(b.issue(t, 1))[0]
	if old.Serial[:2] != "A0" || fresh.Serial[:2] != "A1" {
		t.Errorf("%s, then %s", old.Serial, fresh.Serial)
	}
	b.pass(2e9) // the other instance finds the new key by itself
	for _, p := range []Packet{old, fresh} {
		for _, s := range []*Service{b.Service, other} {
			got, err := s.Inspect(b.ctx, gtin250, theLot, p.Serial)
			must(t, err)
			if got.State != Genuine {
				t.Errorf("%s is %s", p.Serial, got.State)
			}
		}
	}
	var retired, stands int
	must(t, b.keys.docs.All(b.ctx, store.Query{}, func(d keyDoc) error {
		if d.Retired != nil {
			retired++
		} else {
			stands++
		}
		return nil
	}))
	if retired != 1 || stands != 1 {
		t.Errorf("%d keys retired, %d not", retired, stands)
	}
}

func TestSecretChange(t *testing.T) {
	b := newBench(t)
	p := packets(b.issue(t, 1))[0]
	before, err := b.keys.docs.Get(b.ctx, "A0")
	must(t, err)
	b.deps.Secret, b.deps.OldSecret = []byte("another secret, as long"), nil
	_, err = New(b.ctx, b.deps)
	wantCode(t, err, fault.Internal, "qr.key.locked")
	b.deps.OldSecret = []byte("a secret of enough bytes")
	b.another(t)
	after, err := b.keys.docs.Get(b.ctx, "A0")
	must(t, err)
	if bytes.Equal(before.Wrapped, after.Wrapped) {
		t.Error("the key was not wrapped anew")
	}
	b.deps.OldSecret = nil
	got, err := b.another(t).Inspect(b.ctx, gtin250, theLot, p.Serial)
	must(t, err)
	if got.State != Genuine {
		t.Errorf("after the change: %s", got.State)
	}
	b.deps.Secret = []byte("short")
	_, err = New(b.ctx, b.deps)
	wantCode(t, err, fault.Internal, "qr.key.short")
}

func TestFirstKeyIsMadeOnce(t *testing.T) {
	b := newBench(t)
	var wg sync.WaitGroup
	ids := make(chan string, 8)
	for range 8 {
		s := b.another(t)
		wg.Go(func() {
			id, _, err := s.keys.signing(b.ctx)
			if err != nil {
				t.Error(err)
			}
			ids <- id
		})
	}
	wg.Wait()
	close(ids)
	for id := range ids {
		if id != "A0" {
			t.Errorf("one instance signs with %q", id)
		}
	}
	n, err := b.keys.docs.Count(b.ctx, store.Query{})
	if err != nil || n != 1 {
		t.Errorf("%d keys, %v", n, err)
	}
}

// Made-up key ids must not become reads of the store.
func TestUnknownKeysAreCheap(t *testing.T) {
	b := newBench(t)
	b.issue(t, 1)
	b.broken.Store(true)
	for range 100 {
		if _, ok, err := b.keys.secret(b.ctx, "ZZ"); ok || err != nil {
			t.Fatalf("%v, %v", ok, err)
		}
	}
	b.pass(2e9)
	if _, _, err := b.keys.secret(b.ctx, "ZZ"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("after two seconds: %v", err)
	}
}
