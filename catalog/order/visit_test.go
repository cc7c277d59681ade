package order

import (
	"testing"
	"time"

	"nguon/app/lang"
	"nguon/app/money"
)

// visits lets the shop of a test sell a visit of two people: 500.000 ₫, of which
// a fifth is paid at booking.
func visits(d *shop) {
	d.seats.quotes["visit"] = Quote{Seller: "htx", Title: lang.Text{Vi: "Hái quả và rang"}, Price: 500_000, Now: 100_000, Service: true, Apart: true,
		Needs: []Need{{seat, "sat", 2}}}
}

func (d *shop) visit(m Method, more ...string) Order {
	d.t.Helper()
	cart := d.fill(more...)
	d.ok(d.Put(d.t.Context(), cart, "", seat, "visit", 1))
	o, err := d.Place(d.t.Context(), d.form(cart, m))
	d.ok(err)
	return o
}

const visitParcel = "seat-visit"

func TestAVisitIsAParcelOfItsOwn(t *testing.T) {
	d := newShop(t)
	visits(d)
	o := d.visit(Transfer, "a250 2")
	if len(o.Parcels) != 2 || o.Parcel("htx") < 0 || o.Parcel(visitParcel) < 0 || len(o.Sellers) != 1 {
		t.Fatalf("%+v of %v", o.Parcels, o.Sellers)
	}
	goods, visit := o.Parcels[o.Parcel("htx")], o.Parcels[o.Parcel(visitParcel)]
	if visit.Total() != 500_000 || visit.Rest != 400_000 || visit.Way != OnSite || goods.Rest != 0 {
		t.Errorf("%+v and %+v", goods, visit)
	}
	if o.DueNow != goods.Total()+100_000 || o.DueNow == o.Total() {
		t.Errorf("%v of %v is due", o.DueNow, o.Total())
	}
	d.transfer("FT1", o, o.DueNow, d.clock())
	o = d.get(o.ID)
	if o.State != Confirmed || d.free(d.seats, "sat") != 18 || len(d.seats.book("sat").Settled) != 0 {
		t.Errorf("%s, %d seats are free, claims %+v", o.State, d.free(d.seats, "sat"), d.seats.book("sat"))
	}
	d.refused(o.cancellable(), "order.cancel.visit")
	if desks := o.desks(o.Parcels[o.Parcel(visitParcel)]); len(desks) != 0 {
		t.Errorf("there is something to pack of a visit: %v", desks)
	}
	d.sound()
}

func TestAVisitIsLeft(t *testing.T) {
	for _, tt := range []struct {
		name          string
		percent       int64
		credit        bool
		back, kept    money.VND
		free          int64
		entries       int
		commissionsOf money.VND
	}{
		{"in time", 100, false, 100_000, 0, 20, 0, 0},
		{"half", 50, false, 50_000, 50_000, 20, 3, 50_000},
		{"a third, rounded for the shopper", 33, false, 33_000, 67_000, 20, 3, 67_000},
		{"too late", 0, false, 0, 100_000, 20, 3, 100_000},
		{"for a credit", 100, true, 100_000, 0, 20, 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newShop(t)
			visits(d)
			o := d.visit(Transfer)
			d.transfer("FT1", o, o.DueNow, d.clock())
			l := Leaving{Parcel: visitParcel, By: "shopper", Percent: tt.percent, Cause: "visit", Credit: tt.credit}
			for range 2 {
				d.ok(d.Leave(t.Context(), o.ID, l))
			}
			o = d.get(o.ID)
			if o.Returned() != tt.back || o.Parcels[0].Kept != tt.kept || d.free(d.seats, "sat") != tt.free {
				t.Errorf("%v goes back, %v is kept, %d seats are free", o.Returned(), o.Parcels[0].Kept, d.free(d.seats, "sat"))
			}
			if tt.credit && (len(o.Refunds) != 1 || o.Refunds[0].State != RefundCredit || o.Refunds[0].Ref == "") {
				t.Errorf("no credit was made: %+v", o.Refunds)
			}
			if list := o.Ledger(); len(list) != tt.entries {
				t.Errorf("%d entries: %+v", len(list), list)
			}
			d.refused(d.Attend(t.Context(), "p1", o.ID, visitParcel), "order.parcel.state")
			d.sound()
		})
	}
}

func TestPeopleCome(t *testing.T) {
	d := newShop(t)
	visits(d)
	o := d.visit(Transfer)
	d.refused(d.Attend(t.Context(), "p1", o.ID, visitParcel), "order.parcel.state") // nothing was paid
	d.transfer("FT1", o, o.DueNow, d.clock())
	for range 2 {
		d.ok(d.Attend(t.Context(), "p1", o.ID, visitParcel))
	}
	o = d.get(o.ID)
	if o.Paid() != 500_000 || o.Returned() != 0 || o.Parcels[0].State != Delivered {
		t.Errorf("%v was paid, %v goes back, %s", o.Paid(), o.Returned(), o.Parcels[0].State)
	}
	sum := money.VND(0)
	for _, e := range o.Ledger() {
		if e.Account == "htx" {
			sum += e.Amount
		}
	}
	if sum != 500_000-25_000-400_000 { // less commission and what the host has in cash
		t.Errorf("the host is owed %v", sum)
	}
	d.refused(d.Leave(t.Context(), o.ID, Leaving{Parcel: visitParcel, By: "shopper", Percent: 100, Cause: "visit"}), "order.parcel.state")
	d.sound()
}

// A visit is told of once for each step, and its seats come back whatever else
// happens to the order.
func TestAVisitInAnOrderThatIsCancelled(t *testing.T) {
	d := newShop(t)
	visits(d)
	o := d.visit(Transfer, "a250 2")
	d.transfer("FT1", o, o.DueNow, d.clock())
	d.ok(d.Leave(t.Context(), o.ID, Leaving{Parcel: visitParcel, By: "shopper", Percent: 50, Cause: "visit"}))
	d.ok(d.Cancel(t.Context(), "shopper", o.ID, ""))
	d.later(time.Minute)
	d.sweep()
	o = d.get(o.ID)
	if o.Returned() != o.Paid()-50_000 || d.free(d.seats, "sat") != 20 || d.free(d.goods, "a250") != 20 {
		t.Errorf("%v of %v goes back, %d seats and %d packets are free", o.Returned(), o.Paid(), d.free(d.seats, "sat"), d.free(d.goods, "a250"))
	}
	told := map[string]int{}
	for _, task := range d.done {
		if task.Name == TaskVisit {
			told[task.Object]++
		}
	}
	if len(told) != 1 || told[o.ID+"@"+visitParcel] != 4 { // placed, confirmed, left, cancelled
		t.Errorf("told: %v", told)
	}
	d.sound()
}

func TestAFreeVisitIsConfirmedAtOnce(t *testing.T) {
	d := newShop(t)
	d.seats.quotes["visit"] = Quote{Seller: "htx", Title: lang.Text{Vi: "Toạ đàm"}, Service: true, Apart: true, Needs: []Need{{seat, "sat", 1}}}
	o := d.get(d.visit(Transfer).ID)
	if o.State != Confirmed || len(o.Refunds) != 0 || d.free(d.seats, "sat") != 19 {
		t.Errorf("%s, %+v, %d are free", o.State, o.Refunds, d.free(d.seats, "sat"))
	}
	d.ok(d.Attend(t.Context(), "p1", o.ID, visitParcel))
	d.sound()
}
