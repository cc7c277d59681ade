package place_test

import (
	"math"
	"strings"
	"testing"

	"nguon/app/lang"
	"nguon/app/place"
)

func TestCommunes(t *testing.T) {
	all := place.All()
	if len(all) != 75 {
		t.Fatalf("%d units, want 75", len(all))
	}
	wards, area := 0, 0.0
	for i, c := range all {
		if i > 0 && all[i-1].Code >= c.Code {
			t.Errorf("%s does not come after %s", c.Code, all[i-1].Code)
		}
		if got, ok := place.ByCode(c.Code); !ok || got != c {
			t.Errorf("ByCode(%s) = %v, %v", c.Code, got, ok)
		}
		if c.Name == "" || !strings.HasSuffix(c.FullName, c.Name) || c.NameEn == "" || c.FullNameEn == "" {
			t.Errorf("%s lacks a name: %+v", c.Code, c)
		}
		if c.Ward != strings.HasPrefix(c.FullName, "Phường ") {
			t.Errorf("%s: ward %v but called %s", c.Code, c.Ward, c.FullName)
		}
		if c.Ward {
			wards++
		}
		area += c.AreaKm2
	}
	// Resolution 1681/NQ-UBTVQH15: 67 communes and 8 wards; FACTS: 14,108.89 km².
	if wards != 8 || math.Abs(area-14108.89) > 0.01 {
		t.Errorf("%d wards, %.2f km²", wards, area)
	}
	all[0].Name = "changed"
	if again, _ := place.ByCode(all[0].Code); again.Name == "changed" {
		t.Error("All gave out its own memory")
	}
	if c, ok := place.ByCode("00000"); ok || c != (place.Commune{}) {
		t.Errorf("unknown code found %v", c)
	}
}

func TestOldCommunes(t *testing.T) {
	var all []place.OldCommune
	for _, c := range place.All() {
		all = append(all, place.OldUnitsOf(c.Code)...)
	}
	if len(all) != 200 {
		t.Fatalf("%d old units, want 200", len(all))
	}
	seen := map[string]bool{}
	for _, o := range all {
		if seen[o.Key] {
			t.Errorf("two units have the key %s", o.Key)
		}
		seen[o.Key] = true
		if _, ok := place.ByCode(o.New); !ok {
			t.Errorf("%s became %s, which does not exist", o.Key, o.New)
		}
		if got, ok := place.Old(o.Key); !ok || got != o {
			t.Errorf("Old(%s) = %v, %v", o.Key, got, ok)
		}
		want := lang.Slug(o.District) + "/" + lang.Slug(o.Name)
		if o.Key != want && o.Key != want+"-"+lang.Slug(o.Type) {
			t.Errorf("key %s, want %s", o.Key, want)
		}
	}
	total := 0
	for _, c := range place.All() {
		olds := place.OldUnitsOf(c.Code)
		if len(olds) == 0 {
			t.Errorf("%s was made from nothing", c.FullName)
		}
		total += len(olds)
	}
	if total != 200 {
		t.Errorf("the 75 units were made from %d, want 200", total)
	}
	if got := place.OldUnitsOf("00000"); len(got) != 0 {
		t.Errorf("unknown code was made from %v", got)
	}
}

func TestHomonyms(t *testing.T) {
	tests := []struct{ key, name, kind, district, now string }{
		{"mai-son/chieng-chung", "Chiềng Chung", "xã", "huyện Mai Sơn", "Mường Chanh"},
		{"moc-chau/chieng-chung", "Chiềng Chung", "xã", "huyện Mộc Châu", "Đoàn Kết"},
		{"mai-son/hat-lot-xa", "Hát Lót", "xã", "huyện Mai Sơn", "Mai Sơn"},
		{"mai-son/hat-lot-thi-tran", "Hát Lót", "thị trấn", "huyện Mai Sơn", "Mai Sơn"},
		{"thanh-pho-son-la/hua-la", "Hua La", "xã", "Thành phố Sơn La", "Chiềng Cơi"},
	}
	for _, tt := range tests {
		o, ok := place.Old(tt.key)
		if !ok {
			t.Errorf("%s is not known", tt.key)
			continue
		}
		now, _ := place.ByCode(o.New)
		if o.FullName() != tt.kind+" "+tt.name || o.DistrictName() != tt.district || now.Name != tt.now {
			t.Errorf("%s is %s, %s, now %s", tt.key, o.FullName(), o.DistrictName(), now.Name)
		}
	}
	for _, key := range []string{"", "chieng-chung", "mai-son/hat-lot", "Mai-Son/Chieng-Chung"} {
		if o, ok := place.Old(key); ok {
			t.Errorf("Old(%q) found %v", key, o)
		}
	}
}
