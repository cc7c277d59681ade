package order

import (
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
)

func aStand() Stand {
	day := func(d int) time.Time { return time.Date(2026, 12, d, 0, 0, 0, 0, lang.Zone) }
	return Stand{Ref: "fest/htx", Event: lang.Text{Vi: "Lễ hội", En: "The Festival"}, At: lang.Text{Vi: "Gian A1, Chợ", En: "Booth A1, Market"}, Path: "/festival/2026", From: day(18), To: day(20)}
}

func TestHowAParcelComes(t *testing.T) {
	stand := aStand()
	north := Rates{Zones: []Zone{{Provinces: []string{"14"}, Steps: []RateStep{{1000, 20_000}}}}}
	for _, tt := range []struct {
		name     string
		pickup   string
		stand    *Stand
		province string
		want     Way
		got      Way
		place    string
		fault    string // of a checkout that has the same wish
	}{
		{"sent, where nothing is said", "Bản Noong", &stand, "14", "", Ship, "", ""},
		{"fetched at the stand", "Bản Noong", &stand, "14", AtStand, AtStand, "Booth A1, Market, The Festival (18 Dec 2026 – 20 Dec 2026)", ""},
		{"fetched at the seller's", "Bản Noong", &stand, "14", Pickup, Pickup, "Bản Noong", ""},
		{"a stand that is none", "Bản Noong", nil, "14", AtStand, Ship, "", ""},
		{"not sent there, seller first", "Bản Noong", &stand, "79", "", Pickup, "Bản Noong", "order.field.choice"},
		{"not sent there, the stand only", "", &stand, "79", "", AtStand, "Booth A1", "order.field.choice"},
		{"not sent there, the stand chosen", "", &stand, "79", AtStand, AtStand, "Booth A1", ""},
		{"not sent there at all", "", nil, "79", AtStand, Ship, "", "order.field.way"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := Offer{Parcel: Parcel{Seller: "htx", Goods: 100_000}, Grams: 300, PickupAt: tt.pickup, Stand: tt.stand}
			w := Wish{Province: tt.province, Ways: map[string]Way{"htx": tt.want}}
			p.way(north, w)
			if p.Way != tt.got || !strings.HasPrefix(p.Place(lang.En), tt.place) || (tt.place == "") != (p.Place(lang.En) == "") || p.Fetched() && p.Fee != 0 {
				t.Errorf("%s at %q for %v", p.Way, p.Place(lang.En), p.Fee)
			}
			bad := fault.NewForm("x")
			Basket{Parcels: []Offer{p}}.ask(w.Ways, true, bad)
			got := ""
			if e := fault.As(bad.Result()); bad.Result() != nil {
				got = e.Fields[0].Code
			}
			if got != tt.fault {
				t.Errorf("the checkout says %q", got)
			}
		})
	}
}

func TestOrdersFollowAStand(t *testing.T) {
	d := newShop(t)
	stand := aStand()
	d.makers.stands["htx"] = &stand
	buy := func() Order {
		f := d.form(d.fill("a250 1", "b500 1"), Cash)
		f.Ways["htx"] = AtStand
		c, err := d.Cart(t.Context(), f.Cart)
		d.ok(err)
		b, err := d.Basket(t.Context(), c, Wish{Province: "14", Ways: f.Ways})
		d.ok(err)
		f.Seen = b.Total
		o, err := d.Place(t.Context(), f)
		d.ok(err)
		return o
	}
	o, done, off := buy(), buy(), buy()
	at := func(o Order) Parcel { p := d.get(o.ID); return p.Parcels[p.Parcel("htx")] }
	if p := at(o); p.Way != AtStand || p.Fee != 0 || p.Stand == nil || p.Stand.Ref != "fest/htx" {
		t.Fatalf("%+v", p)
	}
	if m := d.mails["order:"+o.ID+":1:mail"]; !strings.Contains(m.Args["Order"], "Gian A1, Chợ, Lễ hội") {
		t.Errorf("the mail says %q", m.Args["Order"])
	}
	if !slices.ContainsFunc(d.done, func(t outbox.Task) bool { return t.Name == TaskStand && t.Object == o.ID+"@fest" }) {
		t.Errorf("nobody looks where the stand of a new order is: %v", d.done)
	}
	d.ok(d.Handle(t.Context(), "p1", done.ID, Moving{Seller: "htx", Move: Send}))
	d.ok(d.Handle(t.Context(), "p1", done.ID, Moving{Seller: "htx", Move: Deliver}))
	d.ok(d.Cancel(t.Context(), "shopper", off.ID, ""))
	mails, tasks := len(d.mails), len(d.done)
	moved := stand
	moved.At = lang.Text{Vi: "Gian C7, Nhà", En: "Booth C7, Hall"}
	as := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	follow := func(now map[string]Stand, name string) {
		t.Helper()
		as = as.Add(time.Hour)
		for range 2 { // again it changes nothing
			d.ok(d.FollowStands(t.Context(), Stands{"fest", as, now}))
		}
		d.ok(d.FollowStands(t.Context(), Stands{"fest", as.Add(-time.Minute), map[string]Stand{}})) // read before, heard after
		steps := d.get(o.ID).Steps
		if last := steps[len(steps)-1]; last.Name != name || last.Note != "htx" {
			t.Errorf("the last step is %+v, not %s", last, name)
		}
	}
	follow(map[string]Stand{"fest/htx": moved}, "stand")
	if p := at(o); p.Stand.At != moved.At || p.Place(lang.Vi) != "Gian C7, Nhà, Lễ hội ("+moved.Days(lang.Vi)+")" {
		t.Errorf("%+v", p.Stand)
	}
	if len(d.mails) != mails+1 || len(d.done) != tasks {
		t.Errorf("%d mails and %d tasks more", len(d.mails)-mails, len(d.done)-tasks)
	}
	follow(map[string]Stand{}, "stand_gone")
	if p := at(o); !p.Stand.Gone || len(d.mails) != mails+2 || len(d.done) != tasks+1 || d.done[tasks].Name != TaskStandGone || d.done[tasks].Object != o.ID+"@htx" {
		t.Errorf("%+v, tasks %v", p.Stand, d.done[tasks:])
	}
	follow(map[string]Stand{"fest/htx": moved}, "stand")
	if p := at(o); p.Stand.Gone {
		t.Error("it came back and is gone")
	}
	for _, o := range []Order{done, off} {
		if p := at(o); p.Stand.At != stand.At || p.Stand.Gone {
			t.Errorf("%s: %+v", p.State, p.Stand)
		}
	}
	// One that was placed while the stand moved is looked at once more.
	late := buy()
	d.ok(d.FollowStandsOf(t.Context(), late.ID, Stands{"fest", as, map[string]Stand{"fest/htx": moved}}))
	if p := at(late); p.Stand.At != moved.At {
		t.Errorf("the order that came in between knows %+v", p.Stand)
	}
	d.ok(d.FollowStands(t.Context(), Stands{"another", as, map[string]Stand{}}))
	if p := at(o); p.Stand.Gone {
		t.Error("another festival took it away")
	}
	d.sound()
}
