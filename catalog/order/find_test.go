package order

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nguon/app/fault"
)

// A network looks orders up ten times within an hour, however many ask at once;
// others do not wait for it.
func TestLookUpsAreLimited(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	var let atomic.Int64
	var all sync.WaitGroup
	for range 3 * mostFinds {
		all.Go(func() {
			switch err := d.MayFind(ctx, "192.0.2.1/32"); {
			case err == nil:
				let.Add(1)
			case !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.Unavailable):
				t.Error(err)
			}
		})
	}
	all.Wait()
	for let.Load() < mostFinds && d.MayFind(ctx, "192.0.2.1/32") == nil { // some found the store busy
		let.Add(1)
	}
	if let.Load() != mostFinds {
		t.Errorf("%d look-ups were let through", let.Load())
	}
	err := d.MayFind(ctx, "192.0.2.1/32")
	d.refused(err, "order.find.many")
	if wait := fault.As(err).Args["Seconds"]; wait != int64(3600) {
		t.Errorf("the next is in %v seconds", wait)
	}
	d.ok(d.MayFind(ctx, "192.0.2.2/32"))
	d.later(time.Hour)
	d.ok(d.MayFind(ctx, "192.0.2.1/32"))
}

// Whoever guesses learns nothing: a code that does not exist and one with
// another telephone are answered alike.
func TestFindTellsNothing(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	o, err := d.Place(ctx, d.form(d.fill("a250 1"), Transfer))
	d.ok(err)
	if found, err := d.Find(ctx, " "+o.Code+" ", "+"+o.Customer.Key); err != nil || found.ID != o.ID {
		t.Error(found.ID, err)
	}
	for _, try := range [][2]string{{"SLAAAAAA", o.Customer.Phone}, {o.Code, "0999 999 999"}, {o.Code, ""}, {"", ""}} {
		_, err := d.Find(ctx, try[0], try[1])
		d.refused(err, "order.not_found")
	}
}
