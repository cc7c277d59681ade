package place

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"os"
	"slices"
	"testing"

	"nguon/app/lang"
)

var update = flag.Bool("update", false, "write data/communes.json and data/map.json anew from data/source")

// TestDataIsDerived keeps the embedded files equal to what their sources give,
// so that how they were made is code and not memory.
func TestDataIsDerived(t *testing.T) {
	for name, derive := range map[string]func(*testing.T) []byte{
		"data/communes.json": deriveCommunes,
		"data/map.json":      deriveMap,
	} {
		want := derive(t)
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what data/source gives; run go test ./app/place -update and look at the difference", name)
		}
	}
}

func deriveCommunes(t *testing.T) []byte {
	var now struct {
		Communes []struct {
			Code, Name, Type string
			FullName         string     `json:"full_name"`
			NameEn           string     `json:"name_en"`
			FullNameEn       string     `json:"full_name_en"`
			Area             float64    `json:"area_km2"`
			Label            [2]float64 `json:"label_point"`
		}
	}
	var merge struct {
		Units []struct {
			Code     string                        `json:"new_code"`
			District string                        `json:"old_district"`
			Old      []struct{ Name, Type string } `json:"old_units"`
		}
	}
	readJSON(t, "data/source/sonla_communes.json", &now)
	readJSON(t, "data/source/sonla_merge_2025.json", &merge)
	var g gazetteer
	for _, c := range now.Communes {
		g.Communes = append(g.Communes, Commune{c.Code, c.Name, c.FullName, c.NameEn, c.FullNameEn,
			c.Type == "phường", c.Area, Point{c.Label[0], c.Label[1]}})
	}
	taken := map[string]int{}
	for _, u := range merge.Units {
		for _, o := range u.Old {
			key := lang.Slug(u.District) + "/" + lang.Slug(o.Name)
			taken[key]++
			g.Old = append(g.Old, OldCommune{key, o.Name, u.District, o.Type, u.Code})
		}
	}
	// Hát Lót in Mai Sơn was both a township and a commune.
	for i, o := range g.Old {
		if taken[o.Key] > 1 {
			g.Old[i].Key += "-" + lang.Slug(o.Type)
		}
	}
	slices.SortFunc(g.Communes, func(a, b Commune) int { return bytes.Compare([]byte(a.Code), []byte(b.Code)) })
	slices.SortFunc(g.Old, func(a, b OldCommune) int { return bytes.Compare([]byte(a.Key), []byte(b.Key)) })
	return oneRowEach(t, "communes", g.Communes, "old", g.Old)
}

// oneRowEach writes an object of two lists with a line for each row, so that a
// change shows as a line in a diff.
func oneRowEach[A, B any](t *testing.T, nameA string, as []A, nameB string, bs []B) []byte {
	var b bytes.Buffer
	b.WriteString("{\n\"" + nameA + "\": ")
	rows(t, &b, as)
	b.WriteString(",\n\"" + nameB + "\": ")
	rows(t, &b, bs)
	b.WriteString("\n}\n")
	return b.Bytes()
}

func rows[T any](t *testing.T, b *bytes.Buffer, vs []T) {
	for i, v := range vs {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(map[bool]string{true: "[\n", false: ",\n"}[i == 0])
		b.Write(raw)
	}
	b.WriteString("\n]")
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 2 && raw[0] == 0x1f && raw[1] == 0x8b {
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		var plain bytes.Buffer
		if _, err := plain.ReadFrom(z); err != nil {
			t.Fatal(err)
		}
		raw = plain.Bytes()
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}
