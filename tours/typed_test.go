package tours

import (
	"strings"
	"testing"
	"time"
)

func TestDaysAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"12/12/2026": "2026-12-12", " 1/2/2027 ": "2027-02-01", "2026-12-12": "2026-12-12", "01.03.2027": "2027-03-01", "5-6-2027": "2027-06-05", "29/2/2028": "2028-02-29",
		"29/2/2027": "", "31/11/2026": "", "12/13/2026": "", "12/12/26": "", "12/12": "", "": "", "mai": "", "12/12/2026/1": "", "0/1/2027": "", "1/0/2027": "", "12//12/2026": "", "+1/2/2027": "", "12/12/1999": "",
	} {
		got, ok := ParseDay(typed)
		if ok != (want != "") || ok && got.Format(time.DateOnly) != want {
			t.Errorf("%q: %v %v", typed, got, ok)
		}
	}
	list, bad := ParseDays("2/9/2026\n\n 1/1/2027 , 2027-02-06;\r\n")
	if len(list) != 3 || bad != "" {
		t.Errorf("%v %q", list, bad)
	}
	if _, bad := ParseDays("2/9/2026\nTết"); bad != "Tết" {
		t.Errorf("%q", bad)
	}
}

func TestTimesAsTheyAreTyped(t *testing.T) {
	for typed, want := range map[string]string{"08:00": "08:00", "8:00": "08:00", "8h": "08:00", "8h30": "08:30", "6G15": "06:15", "14 giờ": "14:00", "8.30": "08:30", "23:59": "23:59", "0:00": "00:00",
		"24:00": "", "8:60": "", "8": "", "8:5": "", "": "", "-1:00": "", "sáng": "", "8:00:00": "", "123:00": ""} {
		got, ok := ParseClock(typed)
		if ok != (want != "") || ok && got.String() != want {
			t.Errorf("%q: %v %v", typed, got, ok)
		}
	}
}

func TestPlacesAsTheyAreTyped(t *testing.T) {
	for _, tt := range []struct {
		lat, lon  string
		north, ea float64
		ok        bool
	}{
		{"21.33", "103.90", 21.33, 103.9, true},
		{"21,33", "103,90", 21.33, 103.9, true},
		{"21.33, 103.90", "", 21.33, 103.9, true},
		{"21.33,103.90", "", 21.33, 103.9, true},
		{"21,33; 103,90", "", 21.33, 103.9, true},
		{"21.33° 103.90°", "", 21.33, 103.9, true},
		{"", "", 0, 0, true},
		{"21.33", "", 0, 0, false},
		{"", "103.9", 0, 0, false},
		{"91", "103", 0, 0, false},
		{"21", "181", 0, 0, false},
		{"1e1", "103", 0, 0, false},
		{"21..3", "103", 0, 0, false},
		{"NaN", "Inf", 0, 0, false},
	} {
		n, e, ok := ParsePlace(tt.lat, tt.lon)
		if ok != tt.ok || ok && (n != tt.north || e != tt.ea) {
			t.Errorf("%q %q: %v %v %v", tt.lat, tt.lon, n, e, ok)
		}
	}
}

func TestChoicesAsTheyAreTyped(t *testing.T) {
	got := ParseChoices("Ngủ chung | Shared\r\n\n Phòng   riêng\n | only\n")
	if len(got) != 2 || got[0].Vi != "Ngủ chung" || got[0].En != "Shared" || got[1].Vi != "Phòng riêng" || got[1].En != "" {
		t.Errorf("%+v", got)
	}
}

func FuzzTyped(f *testing.F) {
	for _, s := range []string{"12/12/2026", "8h30", "21,33; 103,90", "a | b\nc", "2/9/2026, 1/1/2027"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := ParseDay(s); ok {
			if again, ok := ParseDay(d.Format("02/01/2006")); !ok || !again.Equal(d) {
				t.Errorf("%q: %v", s, d)
			}
		}
		if c, ok := ParseClock(s); ok {
			if again, ok := ParseClock(c.String()); !ok || again != c || c < 0 || c >= 24*60 {
				t.Errorf("%q: %v", s, c)
			}
		}
		if n, e, ok := ParsePlace(s, ""); ok && (n != n || e != e || n < -90 || n > 90 || e < -180 || e > 180) {
			t.Errorf("%q: %v %v", s, n, e)
		}
		for _, c := range ParseChoices(s) {
			if c.Vi == "" || strings.Contains(c.Vi, "\n") {
				t.Errorf("%q: %+v", s, c)
			}
		}
		ParseDays(s)
	})
}
