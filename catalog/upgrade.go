package catalog

import (
	"slices"

	"go.mongodb.org/mongo-driver/bson"
)

// upgradeProducer brings producers of version 1 up to date: their drafts may
// have numbers to hold, which Refresh sees to.
func upgradeProducer(_ int, d bson.Raw) (bson.Raw, error) {
	var doc bson.D
	if err := bson.Unmarshal(d, &doc); err != nil {
		return nil, err
	}
	return bson.Marshal(set(doc, "stale", true))
}

// upgradeProduct brings older products up to date. Those of version 1 were
// written by the program itself, so their recognitions count as checked. Before
// version 3 numbers were unique over all products: those that were ever in the
// shop hold theirs; a draft gets them from its producer's Refresh, if at all.
// Version 4 only added a field.
func upgradeProduct(from int, d bson.Raw) (bson.Raw, error) {
	if from >= 3 {
		return d, nil
	}
	var doc bson.D
	if err := bson.Unmarshal(d, &doc); err != nil {
		return nil, err
	}
	if ocop, ok := get(doc, "ocop").(bson.D); ok && from < 2 {
		check := bson.D{{Key: "by", Value: "demo"}, {Key: "at", Value: get(ocop, "from")}, {Key: "holds", Value: true}}
		doc = set(doc, "ocop", set(ocop, "checked", check))
	}
	numbers := bson.A{}
	if variants, ok := get(doc, "variants").(bson.A); ok && (get(doc, "first") != nil || get(doc, "published") == true) {
		for _, v := range variants {
			if v, ok := v.(bson.D); ok {
				numbers = append(numbers, get(v, "gtin"))
			}
		}
	}
	return bson.Marshal(set(doc, "numbers", numbers))
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
