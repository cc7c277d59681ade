package mongo

import (
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/store"
)

var (
	sparseCode = store.Index{Name: "code", Unique: true, Sparse: true,
		Parts: []store.Part{{Path: "group"}, {Path: "code"}}}
	eachGTIN = store.Index{Name: "variants.gtin", Unique: true,
		Parts: []store.Part{{Path: "variants.gtin", Each: true}}}
)

func raw(t *testing.T, d bson.D) bson.Raw {
	t.Helper()
	b, err := bson.Marshal(append(d, bson.E{Key: "_v", Value: int32(1)}, bson.E{Key: "_r", Value: int64(1)}))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func keyed(t *testing.T, x store.Index, d bson.D) bson.RawValue {
	t.Helper()
	c := &docs{spec: store.Spec{Name: "c", Version: 1, Indexes: []store.Index{x}}}
	doc := raw(t, d)
	with, err := c.derived(doc)
	if err != nil {
		t.Fatal(err)
	}
	if err := with.Validate(); err != nil {
		t.Fatal(err)
	}
	bare, err := plain(with)
	if err != nil || string(bare) != string(doc) {
		t.Errorf("plain gives %v, %v; want %v", bare, err, doc)
	}
	return with.Lookup(keysField, keyName(x))
}

func TestKeysTellValuesApart(t *testing.T) {
	seen := map[string]bson.D{}
	for _, d := range []bson.D{
		{{Key: "_id", Value: "1"}, {Key: "group", Value: "a"}, {Key: "code", Value: "bc"}},
		{{Key: "_id", Value: "2"}, {Key: "group", Value: "ab"}, {Key: "code", Value: "c"}},
		{{Key: "_id", Value: "3"}, {Key: "group", Value: "a"}, {Key: "code", Value: "2:bc"}},
		{{Key: "_id", Value: "4"}, {Key: "group", Value: "a"}, {Key: "code", Value: ""}},
		{{Key: "_id", Value: "5"}, {Key: "group", Value: "a"}},
		{{Key: "_id", Value: "6"}, {Key: "group", Value: "a"}, {Key: "code", Value: nil}},
	} {
		key := keyed(t, sparseCode, d).StringValue()
		if other, taken := seen[key]; taken {
			t.Errorf("%v and %v share the key %s", other, d, key)
		}
		seen[key] = d
	}
}

func TestKeyIsTheValueAlone(t *testing.T) {
	a := keyed(t, sparseCode, bson.D{{Key: "_id", Value: "1"}, {Key: "group", Value: "g"}, {Key: "code", Value: "x"}})
	b := keyed(t, sparseCode, bson.D{{Key: "_id", Value: "2"}, {Key: "code", Value: "x"}, {Key: "group", Value: "g"}})
	if !a.Equal(b) {
		t.Errorf("the same values have the keys %v and %v", a, b)
	}
	if k := keyed(t, sparseCode, bson.D{{Key: "_id", Value: "x/1"}, {Key: "code", Value: "x"}}).StringValue(); k != "-x/1" {
		t.Errorf("without a part the key is %q, want the id behind a dash", k)
	}
}

func TestKeysOfElements(t *testing.T) {
	gtins := func(values ...string) bson.A {
		var a bson.A
		for _, v := range values {
			a = append(a, bson.D{{Key: "gtin", Value: v}})
		}
		return a
	}
	values := func(v bson.RawValue) []bson.RawValue {
		vs, err := v.Array().Values()
		if err != nil {
			t.Fatal(err)
		}
		return vs
	}
	two := values(keyed(t, eachGTIN, bson.D{{Key: "_id", Value: "1"}, {Key: "variants", Value: gtins("a", "b", "a")}}))
	one := values(keyed(t, eachGTIN, bson.D{{Key: "_id", Value: "2"}, {Key: "variants", Value: gtins("b")}}))
	none := values(keyed(t, eachGTIN, bson.D{{Key: "_id", Value: "3"}, {Key: "variants", Value: bson.A{}}}))
	if len(two) != 2 || len(one) != 1 || !two[1].Equal(one[0]) {
		t.Errorf("keys %v and %v should share the second", two, one)
	}
	if len(none) != 1 || none[0].StringValue() != "-3" {
		t.Errorf("without elements the keys are %v", none)
	}
}
