package store

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
)

var sample = Spec{Name: "sample", Version: 1, Indexes: []Index{
	{Name: "all", Parts: []Part{{Path: "t"}, {Path: "n", Kind: Int}, {Path: "at", Kind: Time}, {Path: "b", Kind: Bool}}},
	{Name: "each", Parts: []Part{{Path: "list.k", Each: true}, {Path: "n", Kind: Int}}},
	{Name: "thin", Sparse: true, Parts: []Part{{Path: "list.k", Each: true}, {Path: "deep.t"}}},
}}

func document(t testing.TB, d bson.D) bson.Raw {
	t.Helper()
	raw, err := bson.Marshal(append(bson.D{{Key: "_id", Value: "x"}}, d...))
	if err != nil {
		t.Fatal(err)
	}
	return seal(raw, 1, 1)
}

func TestPlanNormalises(t *testing.T) {
	type name string
	type days int16
	at := time.Date(2025, 1, 2, 3, 4, 5, 6_789_000, time.FixedZone("ICT", 7*3600))
	p, err := sample.Plan(Query{Index: "all", Eq: []any{name("x"), days(7), at}, From: false})
	if err != nil {
		t.Fatal(err)
	}
	want := []any{"x", int64(7), time.Date(2025, 1, 1, 20, 4, 5, 6_000_000, time.UTC)}
	if !reflect.DeepEqual(p.Eq, want) || p.From != false || p.Limit != MaxLimit || len(p.Order) != 1 {
		t.Errorf("plan %+v", p)
	}
}

func TestKeys(t *testing.T) {
	list := func(ks ...any) bson.A {
		a := bson.A{}
		for _, k := range ks {
			a = append(a, bson.D{{Key: "k", Value: k}})
		}
		return a
	}
	at := time.UnixMilli(1700000000123).UTC()
	deep := bson.E{Key: "deep", Value: bson.D{{Key: "t", Value: "d"}}}
	for name, c := range map[string]struct {
		index int
		doc   bson.D
		want  [][]any // nil and no code: no entry
		code  string
	}{
		"all":            {0, bson.D{{Key: "t", Value: "a"}, {Key: "n", Value: int32(2)}, {Key: "at", Value: at}, {Key: "b", Value: true}}, [][]any{{"a", int64(2), at, true}}, ""},
		"missing":        {0, bson.D{{Key: "t", Value: "a"}}, nil, "store.index"},
		"null":           {0, bson.D{{Key: "t", Value: nil}}, nil, "store.index"},
		"wrong type":     {0, bson.D{{Key: "t", Value: 1}}, nil, "store.index"},
		"float for Int":  {0, bson.D{{Key: "t", Value: "a"}, {Key: "n", Value: 2.0}}, nil, "store.index"},
		"array":          {0, bson.D{{Key: "t", Value: bson.A{"a"}}}, nil, "store.index"},
		"each":           {1, bson.D{{Key: "n", Value: int64(1)}, {Key: "list", Value: list("a", "b", "a")}}, [][]any{{"a", int64(1)}, {"b", int64(1)}}, ""},
		"each empty":     {1, bson.D{{Key: "n", Value: int64(1)}, {Key: "list", Value: bson.A{}}}, [][]any{}, ""},
		"each missing":   {1, bson.D{{Key: "n", Value: int64(1)}}, nil, "store.index"},
		"each no array":  {1, bson.D{{Key: "n", Value: int64(1)}, {Key: "list", Value: bson.D{{Key: "k", Value: "a"}}}}, nil, "store.index"},
		"each hole":      {1, bson.D{{Key: "n", Value: int64(1)}, {Key: "list", Value: list("a", nil)}}, nil, "store.index"},
		"each of arrays": {1, bson.D{{Key: "n", Value: int64(1)}, {Key: "list", Value: list(bson.A{"a"})}}, nil, "store.index"},
		"thin":           {2, bson.D{deep, {Key: "list", Value: list("a", nil)}}, [][]any{{"a", "d"}}, ""},
		"thin, no deep":  {2, bson.D{{Key: "list", Value: list("a")}}, nil, ""},
		"thin, no list":  {2, bson.D{deep}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := sample.Indexes[c.index].Keys(document(t, c.doc))
			if fault.CodeOf(err) != c.code || !reflect.DeepEqual(got, c.want) {
				t.Errorf("keys %v, %v; want %v, %q", got, err, c.want, c.code)
			}
		})
	}
}

func TestSealKeepsTheDocument(t *testing.T) {
	plain, err := bson.Marshal(bson.D{{Key: "_id", Value: "x"}, {Key: "a", Value: "b"}})
	if err != nil {
		t.Fatal(err)
	}
	doc := seal(append([]byte(nil), plain...), 3, 1<<40)
	if err := doc.Validate(); err != nil {
		t.Fatal(err)
	}
	if m, err := ReadMeta(doc); err != nil || m != (Meta{"x", 3, 1 << 40}) {
		t.Errorf("meta %+v %v", m, err)
	}
	again := seal(unseal(append([]byte(nil), doc...)), 4, 2)
	if m, err := ReadMeta(again); err != nil || m != (Meta{"x", 4, 2}) || again.Validate() != nil {
		t.Errorf("sealed again: %+v %v", m, err)
	}
	if _, err := ReadMeta(bson.Raw(plain)); fault.CodeOf(err) != "store.damaged" {
		t.Errorf("a document of somebody else: %v", err)
	}
}

// FuzzCursor: whatever stands in an address is a position that the query could
// have given, or fault.Invalid.
func FuzzCursor(f *testing.F) {
	at := time.UnixMilli(1700000000123).UTC()
	doc := document(f, bson.D{{Key: "t", Value: "đ\x00"}, {Key: "n", Value: int64(-1)},
		{Key: "at", Value: at}, {Key: "b", Value: true}})
	plan, err := sample.Plan(Query{Index: "all"})
	if err != nil {
		f.Fatal(err)
	}
	good, err := plan.Cursor(doc)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{good, good[:20], strings.ToUpper(good), "BQAAAAA", "AAAAAA", "e30", "", "%", "\x00", "____"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, after string) {
		p, err := sample.Plan(Query{Index: "all", After: after})
		if err != nil {
			if fault.CodeOf(err) != "store.cursor" || !fault.Is(err, fault.Invalid) {
				t.Fatalf("error %v", err)
			}
			return
		}
		if p.After != nil && (len(p.After.Values) != 4 || p.After.ID == "") {
			t.Fatalf("position %+v", p.After)
		}
	})
	p, err := sample.Plan(Query{Index: "all", After: good})
	if err != nil || !reflect.DeepEqual(p.After.Values, []any{"đ\x00", int64(-1), at, true}) || p.After.ID != "x" {
		f.Errorf("round trip %+v %v", p.After, err)
	}
}

func TestNewIDOrder(t *testing.T) {
	at := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	prev := ""
	for i := range 1000 {
		id := NewID(at.Add(time.Duration(i/100) * time.Second))
		if len(id) != 24 || id <= prev {
			t.Fatalf("%q after %q", id, prev)
		}
		prev = id
	}
}
