package order

import (
	"context"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/store"
)

// fuse lets a number of writes through, then none: the process was killed. With
// after, the last one is done and its caller does not hear of it.
type fuse struct {
	mu    sync.Mutex
	left  int
	after bool
	blown bool
}

// burn reports whether a write is done, and whether its caller hears of it.
func (f *fuse) burn() (done, heard bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.left--
	if f.left >= 0 {
		return true, true
	}
	done = f.left == -1 && f.after
	f.blown = true
	return done, false
}

type mortalDB struct {
	store.DB
	fuse *fuse
}

func (m mortalDB) Open(ctx context.Context, spec store.Spec) (store.Docs, error) {
	docs, err := m.DB.Open(ctx, spec)
	return mortalDocs{docs, m.fuse}, err
}

type mortalDocs struct {
	store.Docs
	fuse *fuse
}

func (m mortalDocs) Insert(ctx context.Context, docs []bson.Raw) (n int, err error) {
	done, heard := m.fuse.burn()
	if done {
		n, err = m.Docs.Insert(ctx, docs)
	}
	if !heard {
		return 0, errDead
	}
	return n, err
}

func (m mortalDocs) Update(ctx context.Context, id string, change func(bson.Raw) (bson.Raw, error)) (err error) {
	done, heard := m.fuse.burn()
	if done {
		err = m.Docs.Update(ctx, id, change)
	}
	if !heard {
		return errDead
	}
	return err
}

// Whatever write is the last before the process dies: no packet is lost, none
// is sold twice, and no paid order is forgotten.
func TestKilledAtEveryStep(t *testing.T) {
	for _, method := range []Method{Transfer, Cash} {
		for _, after := range []bool{false, true} {
			name := string(method)
			if after {
				name += ", write done"
			}
			t.Run(name, func(t *testing.T) {
				for k := range 60 {
					if !dieAt(t, method, k, after) {
						t.Logf("%d writes", k)
						return
					}
				}
				t.Error("it never came to an end")
			})
		}
	}
}

// dieAt lives through an order whose process dies after k writes; it reports
// whether it died.
func dieAt(t *testing.T, method Method, k int, after bool) bool {
	t.Helper()
	d := newShop(t)
	ctx := t.Context()
	d.ok(d.SaveCoupon(ctx, Coupon{Code: "HOI26", Kind: Amount, Amount: 10_000, Bears: MarketBears, From: d.clock(), To: d.clock().Add(100 * time.Hour), Uses: 5, By: "p1"}))
	cart := d.fill("a250 2", "b500 1", "sat 1")
	d.ok(d.AddCode(ctx, cart, "", "HOI26"))
	f := d.form(cart, method)
	alive, whole := &fuse{left: 1 << 30}, d.db
	mortal := &fuse{left: k, after: after}
	d.db = mortalDB{whole, mortal}
	d.goods.fuse, d.seats.fuse = mortal, mortal
	d.restartWith(mortal)
	o, err := d.Place(ctx, f)
	placed := err == nil
	paid := false
	if placed && method == Transfer {
		in := Incoming{Ref: "vcb:1", Amount: o.Total(), Booked: d.clock(), Memo: o.Code}
		_, err := d.Receive(ctx, in, "webhook", "webhook")
		paid = err == nil
	}
	died := mortal.blown
	d.db = whole
	d.goods.fuse, d.seats.fuse = alive, alive
	d.restart()
	d.later(2 * time.Minute)
	for range 3 {
		d.sweep()
		_, err := d.SweepTransfers(ctx)
		d.ok(err)
		d.later(time.Minute)
	}
	got, err := d.orders.Get(ctx, f.ID)
	if err != nil {
		if placed {
			t.Fatalf("after %d writes: a placed order is gone: %v", k, err)
		}
	} else {
		want := map[bool]State{true: Confirmed, false: Open}[paid || method == Cash]
		switch {
		case placed && got.State != want && !(died && got.State == Confirmed):
			t.Fatalf("after %d writes: placed, paid %v, and %s", k, paid, got.State)
		case !placed && got.State != Failed && got.State != want && got.State != Confirmed:
			t.Fatalf("after %d writes: not placed and %s", k, got.State)
		}
		if method == Transfer && got.State == Open && died { // the bank sends its word again
			d.transfer("vcb:1", got, got.Total(), d.clock())
			if got = d.get(f.ID); got.State != Confirmed {
				t.Fatalf("after %d writes: the money came and it is %s", k, got.State)
			}
		}
	}
	left := int64(20)
	if err == nil && (got.State == Confirmed || got.State == Open) {
		left -= 2
	}
	if free := d.free(d.goods, "a250"); free != left {
		t.Fatalf("after %d writes: %d packets are free, want %d (%s)", k, free, left, got.State)
	}
	if free := d.free(d.seats, "guide"); free != 20 && free != 19 || (free == 19) != (left == 18) {
		t.Fatalf("after %d writes: %d seats are free", k, free)
	}
	d.sound()
	return died
}

// A step that was asleep past its lease undoes nothing that happened meanwhile.
func TestAStepThatWasAsleep(t *testing.T) {
	t.Run("a release, and late money", func(t *testing.T) {
		d := newShop(t)
		ctx := t.Context()
		o := d.place(Transfer, "a250 2")
		d.later(holdTransfer + grace)
		d.ok(d.record(ctx, o.ID, func(o *Order, now time.Time) { o.expire(now) }))
		asleep := d.get(o.ID)
		d.transfer("vcb:1", o, o.Total(), d.clock())
		if o = d.get(o.ID); o.State != Confirmed {
			t.Fatal(o.State)
		}
		d.ok(d.release(ctx, asleep))
		if free := d.free(d.goods, "a250"); free != 18 || d.get(o.ID).Released {
			t.Errorf("%d are free", free)
		}
		d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Send, Seller: "htx"}))
		d.ok(d.release(ctx, asleep)) // and once more when it was sent
		if free := d.free(d.goods, "a250"); free != 18 {
			t.Errorf("%d are free of 18 on the shelf", free)
		}
		d.sound()
	})
	t.Run("a settlement, and a cancellation", func(t *testing.T) {
		d := newShop(t)
		ctx := t.Context()
		d.ok(d.SaveCoupon(ctx, Coupon{Code: "HOI26", Kind: Amount, Amount: 10_000, Bears: MarketBears, From: d.clock(), To: d.clock().Add(100 * time.Hour), Uses: 2, By: "p1"}))
		cart := d.fill("a250 2")
		d.ok(d.AddCode(ctx, cart, "", "HOI26"))
		o, err := d.Place(ctx, d.form(cart, Transfer))
		d.ok(err)
		asleep := d.get(o.ID)
		asleep.State = Settling
		d.transfer("vcb:1", o, o.Total(), d.clock())
		d.ok(d.settle(ctx, asleep)) // it was confirmed meanwhile: nothing is counted twice
		if k, _ := d.coupons.Get(ctx, "HOI26"); k.Used(d.clock()) != 1 {
			t.Errorf("%d uses", k.Used(d.clock()))
		}
		d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
		d.ok(d.settle(ctx, asleep))
		k, err := d.coupons.Get(ctx, "HOI26")
		if free := d.free(d.goods, "a250"); free != 20 || err != nil || k.Used(d.clock()) != 0 {
			t.Errorf("%d are free, %d uses, %v", free, k.Used(d.clock()), err)
		}
		d.sound()
	})
}
