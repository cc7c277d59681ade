package tours

import "testing"

func TestWhenOrdersGoToABooth(t *testing.T) {
	e := festival()
	e.From, e.To, e.Published = festDay("2026-12-18"), festDay("2026-12-20"), true
	for _, tt := range []struct {
		now    string
		hidden bool
		want   bool
	}{
		{"2026-11-02 23:59", false, false},
		{"2026-11-03 00:00", false, true}, // 45 days before
		{"2026-12-19 23:59", false, true},
		{"2026-12-20 00:00", false, false}, // who brings it then has no day left
		{"2026-12-10 12:00", true, false},
	} {
		e.Published = !tt.hidden
		if got := e.Hands(festTime(tt.now)); got != tt.want {
			t.Errorf("%s, hidden %t: %t", tt.now, tt.hidden, got)
		}
	}
}

func TestWhichBoothHandsOut(t *testing.T) {
	e := festival()
	e.Published = true
	e.Venues = []Venue{{ID: "cho"}}
	e.Venues[0].Name.Vi = "Chợ cà phê"
	e.Booths = []Booth{{ID: "a1", Number: "A1", Venue: "cho", Producer: "htx"}, {ID: "a2", Number: "A2", Venue: "cho", Producer: "htx", Pickup: true},
		{ID: "a3", Number: "A3", Venue: "cho", Producer: "htx", Pickup: true}, {ID: "b", Number: "B", Venue: "cho", Name: "Bàn", Pickup: true}}
	b, ok := e.Pickup("htx")
	if !ok || b.ID != "a2" || e.BoothWords(b).Vi != "Gian A2, Chợ cà phê" || e.BoothWords(b).En != "Booth A2, Chợ cà phê" {
		t.Errorf("%t %+v %+v", ok, b, e.BoothWords(b))
	}
	for _, other := range []string{"", "ho"} {
		if b, ok := e.Pickup(other); ok {
			t.Errorf("%q hands out at %+v", other, b)
		}
	}
	e.Published = false
	if b, ok := e.Pickup("htx"); ok {
		t.Errorf("at a hidden festival: %+v", b)
	}
}
