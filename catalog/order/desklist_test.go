package order

import (
	"slices"
	"testing"
)

// piles names the piles of a seller in which an order lies.
func (d *shop) piles(seller, id string) (list []Desk) {
	d.t.Helper()
	for _, k := range Desks {
		orders, _, err := d.DeskList(d.t.Context(), seller, k, "")
		d.ok(err)
		n, err := d.DeskCount(d.t.Context(), seller, k)
		d.ok(err)
		if int(n) != len(orders) {
			d.t.Errorf("%s counts %d and lists %d", k, n, len(orders))
		}
		if slices.ContainsFunc(orders, func(o Order) bool { return o.ID == id }) {
			list = append(list, k)
		}
	}
	return list
}

func (d *shop) lies(seller, id string, want ...Desk) {
	d.t.Helper()
	if got := d.piles(seller, id); !slices.Equal(got, want) {
		d.t.Errorf("%s finds it at %v, want %v", seller, got, want)
	}
}

func TestParcelsLieWhereTheyAreWorkedOn(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	paid := d.place(Transfer, "a250 1", "b500 1")
	d.lies("htx", paid.ID)
	d.transfer("vcb:1", paid, paid.Total(), d.clock())
	d.lies("htx", paid.ID, DeskPack)
	d.ok(d.Handle(ctx, "p1", paid.ID, Moving{Move: Pack, Seller: "htx", Seen: ToPack}))
	d.lies("htx", paid.ID, DeskWay)
	d.lies("ho", paid.ID, DeskPack)
	d.ok(d.Handle(ctx, "p1", paid.ID, Moving{Move: Send, Seller: "htx", Seen: Packed}))
	d.ok(d.AskReturn(ctx, paid.ID, "htx", "vỡ gói"))
	d.lies("htx", paid.ID, DeskWay, DeskBack)
	d.ok(d.Handle(ctx, "p1", paid.ID, Moving{Move: Return, Seller: "htx", Seen: Sent, Note: "rách"}))
	d.lies("htx", paid.ID, DeskBack)
	d.ok(d.Handle(ctx, "p1", paid.ID, Moving{Move: Drop, Seller: "ho", Seen: ToPack, Note: "hết hàng"}))
	d.lies("ho", paid.ID, DeskOff)
	if o := d.get(paid.ID); o.Parcels[o.Parcel("ho")].Why != "hết hàng" || o.Parcels[o.Parcel("htx")].Why != "rách" {
		t.Error("the notes are gone")
	}

	cash := d.place(Cash, "a250 1")
	d.lies("htx", cash.ID, DeskPack)
	d.ok(d.Handle(ctx, "p1", cash.ID, Moving{Move: Send, Seller: "htx", Collector: BySeller}))
	d.lies("htx", cash.ID, DeskWay, DeskCash)
	d.ok(d.Handle(ctx, "p1", cash.ID, Moving{Move: Deliver, Seller: "htx"}))
	d.lies("htx", cash.ID, DeskCash)
	d.ok(d.Handle(ctx, "p1", cash.ID, Moving{Move: Collect, Seller: "htx"}))
	d.lies("htx", cash.ID, DeskDone)

	gone := d.place(Transfer, "a250 1")
	d.ok(d.Cancel(ctx, "shopper", gone.ID, ""))
	d.lies("htx", gone.ID) // it was never the seller's business
	gone = d.place(Cash, "a250 1")
	d.ok(d.Cancel(ctx, "shopper", gone.ID, ""))
	d.lies("htx", gone.ID, DeskOff)
	if o := d.get(gone.ID); !o.OnDesk() {
		t.Error("a cancelled order is hidden")
	}
}

func TestALateFormChangesNothing(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	o := d.place(Cash, "a250 1")
	d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Pack, Seller: "htx", Seen: ToPack}))
	d.refused(d.Handle(ctx, "p2", o.ID, Moving{Move: Drop, Seller: "htx", Seen: ToPack}), "order.parcel.state")
	d.ok(d.Handle(ctx, "p2", o.ID, Moving{Move: Pack, Seller: "htx", Seen: ToPack})) // repeated
	if got := d.get(o.ID); got.Parcels[0].State != Packed {
		t.Error(got.Parcels[0].State)
	}
}

func TestAPileIsPagedInTheOrderOfTheWork(t *testing.T) {
	d := newShop(t)
	d.goods.capacity["a250"] = 1000
	var placed []string
	for range 60 {
		placed = append(placed, d.place(Cash, "a250 1").ID)
		d.later(1e9)
	}
	first, next, err := d.DeskList(t.Context(), "htx", DeskPack, "")
	d.ok(err)
	rest, end, err := d.DeskList(t.Context(), "htx", DeskPack, next)
	d.ok(err)
	var got []string
	for _, o := range append(first, rest...) {
		got = append(got, o.ID)
	}
	if !slices.Equal(got, placed) || end != "" || len(first) != 50 {
		t.Errorf("%d and %d of %d, then %q", len(first), len(rest), len(placed), end)
	}
	n := 0
	d.ok(d.DeskAll(t.Context(), "htx", DeskPack, func(Order) error { n++; return nil }))
	if n != 60 {
		t.Errorf("%d of 60", n)
	}
}

func TestAStatementSaysWhatTheLedgerWill(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	o := d.place(Cash, "b500 1")
	sum := func() (sum int64, earned bool) {
		list, earned := d.get(o.ID).Statement("ho")
		for _, e := range list {
			sum += int64(e.Amount)
		}
		return sum, earned
	}
	before, earned := sum()
	if before != 120_000+20_000-6_000-1_800 || earned {
		t.Errorf("%d, earned %v", before, earned)
	}
	d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Send, Seller: "ho", Collector: BySeller}))
	d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Collect, Seller: "ho"}))
	after, earned := sum()
	if balance, err := d.Balance(ctx, "ho"); after != -7_800 || !earned || int64(balance) != after || err != nil {
		t.Errorf("%d, earned %v, balance %d, %v", after, earned, balance, err)
	}
	if list, _ := d.get(o.ID).Statement("khac"); list != nil {
		t.Error("a stranger has a statement")
	}
}
