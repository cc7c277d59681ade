package catalog

import (
	"slices"

	"go.mongodb.org/mongo-driver/bson"
)

// upgradeProducer brings older producers up to date: which numbers their drafts
// hold has to be found out again, which Refresh sees to.
func upgradeProducer(_ int, d bson.Raw) (bson.Raw, error) {
	var doc bson.D
	if err := bson.Unmarshal(d, &doc); err != nil {
		return nil, err
	}
	return bson.Marshal(set(doc, "stale", true))
}

// upgradeProduct brings older products up to date. Those of version 1 were
// written by the program itself, so their recognitions count as checked. Before
// version 3 numbers were unique over all products, and each held what it said;
// before version 5 a draft could. What a draft held counts as printed, until Refresh
// has asked which of it lots bear.
func upgradeProduct(from int, d bson.Raw) (bson.Raw, error) {
	var doc bson.D
	if err := bson.Unmarshal(d, &doc); err != nil {
		return nil, err
	}
	if ocop, ok := get(doc, "ocop").(bson.D); ok && from < 2 {
		check := bson.D{{Key: "by", Value: "demo"}, {Key: "at", Value: get(ocop, "from")}, {Key: "holds", Value: true}}
		doc = set(doc, "ocop", set(ocop, "checked", check))
	}
	if from < 3 {
		doc = set(doc, "numbers", said(doc))
	}
	if get(doc, "first") == nil && get(doc, "published") != true {
		doc = set(doc, "printed", get(doc, "numbers"))
	}
	return bson.Marshal(doc)
}

// said are the numbers of a product's variants.
func said(doc bson.D) bson.A {
	numbers := bson.A{}
	variants, _ := get(doc, "variants").(bson.A)
	for _, v := range variants {
		if v, ok := v.(bson.D); ok {
			numbers = append(numbers, get(v, "gtin"))
		}
	}
	return numbers
}

// get is the value of a field, nil without one.
func get(doc bson.D, field string) any {
	for _, e := range doc {
		if e.Key == field {
			return e.Value
		}
	}
	return nil
}

func set(doc bson.D, field string, value any) bson.D {
	i := slices.IndexFunc(doc, func(e bson.E) bool { return e.Key == field })
	if i < 0 {
		return append(doc, bson.E{Key: field, Value: value})
	}
	doc[i].Value = value
	return doc
}
