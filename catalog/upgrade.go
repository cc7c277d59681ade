package catalog

import (
	"go.mongodb.org/mongo-driver/bson"
)

// upgradeProduct brings products of version 1 up to date: those were written by
// the program itself, whose recognitions count as checked.
func upgradeProduct(_ int, d bson.Raw) (bson.Raw, error) {
	var doc bson.D
	if err := bson.Unmarshal(d, &doc); err != nil {
		return nil, err
	}
	for i, e := range doc {
		ocop, ok := e.Value.(bson.D)
		if e.Key == "ocop" && ok {
			doc[i].Value = append(ocop, bson.E{Key: "checked", Value: bson.D{{Key: "by", Value: "demo"}, {Key: "at", Value: since(ocop)}, {Key: "holds", Value: true}}})
		}
	}
	return bson.Marshal(doc)
}

// since is the first day of a recognition.
func since(ocop bson.D) any {
	for _, e := range ocop {
		if e.Key == "from" {
			return e.Value
		}
	}
	return nil
}
