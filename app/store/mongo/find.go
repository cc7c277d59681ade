package mongo

import (
	"context"
	"math"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
	"go.mongodb.org/mongo-driver/mongo/options"

	"nguon/app/store"
)

func (d *docs) Find(ctx context.Context, q store.Query) ([]bson.Raw, string, error) {
	p, err := d.spec.Plan(q)
	if err != nil {
		return nil, "", err
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	// One more than asked for tells whether there is a next page.
	o := options.Find().SetSort(sorting(p)).SetLimit(int64(p.Limit) + 1)
	found, err := d.coll.Find(ctx, filter(p), o)
	if err != nil {
		return nil, "", classify(ctx, err)
	}
	defer found.Close(ctx)
	var page []bson.Raw
	for found.Next(ctx) {
		if len(page) == p.Limit {
			next, err := d.cursor(p, page[p.Limit-1])
			return page, next, err
		}
		doc, err := plain(found.Current)
		if err != nil {
			return nil, "", err
		}
		page = append(page, doc)
	}
	return page, "", classify(ctx, found.Err())
}

func (d *docs) cursor(p store.Plan, last bson.Raw) (string, error) {
	last, err := d.spec.Current(last)
	if err != nil {
		return "", err
	}
	return p.Cursor(last)
}

func (d *docs) Count(ctx context.Context, q store.Query) (int64, error) {
	q.After, q.Limit = "", 0
	p, err := d.spec.Plan(q)
	if err != nil {
		return 0, err
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	n, err := d.coll.CountDocuments(ctx, filter(p))
	return n, classify(ctx, err)
}

// filter asks for equality on the first parts, the range on the next, the
// presence of the others where the index is sparse, and what is behind the cursor.
func filter(p store.Plan) bson.D {
	var all bson.A
	for i, v := range p.Eq {
		all = append(all, bson.D{{Key: p.Index.Parts[i].Path, Value: value(v)}})
	}
	first := paths(p)[0]
	if p.From != nil {
		all = append(all, compare(first, "$gte", p.From))
	}
	if p.To != nil {
		all = append(all, compare(first, "$lt", p.To))
	}
	if p.Index.Sparse {
		for _, part := range p.Order {
			all = append(all, compare(part.Path, "$gte", least(part.Kind)))
		}
	}
	if p.After != nil {
		all = append(all, beyond(p)...)
	}
	if len(all) == 0 {
		return bson.D{}
	}
	return bson.D{{Key: "$and", Value: all}}
}

// paths is what a plan is ordered by: its remaining parts, then the id.
func paths(p store.Plan) []string {
	names := make([]string, 0, len(p.Order)+1)
	for _, part := range p.Order {
		names = append(names, part.Path)
	}
	return append(names, "_id")
}

// sorting leaves the id out where the values alone decide, so that the server
// can read a unique index in its own order.
func sorting(p store.Plan) bson.D {
	way := 1
	if p.Desc {
		way = -1
	}
	names := paths(p)
	if p.Index.Unique && !needsKey(p.Index) && len(names) > 1 {
		names = names[:len(names)-1]
	}
	var s bson.D
	for _, name := range names {
		s = append(s, bson.E{Key: name, Value: way})
		if name == "_id" {
			break // nothing is left to decide, and a name may stand only once
		}
	}
	return s
}

// beyond selects what comes after a position: later in the first part, or
// equal there and later in the second, and so on down to the id. The bound on
// the first part alone is what lets the server start at the right place.
func beyond(p store.Plan) bson.A {
	op, bound := "$gt", "$gte"
	if p.Desc {
		op, bound = "$lt", "$lte"
	}
	names, at := paths(p), append(append([]any(nil), p.After.Values...), p.After.ID)
	var or bson.A
	for i, name := range names {
		var branch bson.A
		for j := range i {
			branch = append(branch, bson.D{{Key: names[j], Value: value(at[j])}})
		}
		branch = append(branch, compare(name, op, at[i]))
		or = append(or, bson.D{{Key: "$and", Value: branch}})
	}
	return bson.A{compare(names[0], bound, at[0]), bson.D{{Key: "$or", Value: or}}}
}

func compare(path, op string, v any) bson.D {
	return bson.D{{Key: path, Value: bson.D{{Key: op, Value: value(v)}}}}
}

// value is what the value of a plan is stored as.
func value(v any) any {
	if t, ok := v.(time.Time); ok {
		return primitive.NewDateTimeFromTime(t)
	}
	return v
}

// least is the smallest value of a kind: comparisons never cross types, so
// "at least this" means "present, and of this kind".
func least(k store.Kind) any {
	switch k {
	case store.Int:
		return int64(math.MinInt64)
	case store.Time:
		return primitive.DateTime(math.MinInt64)
	case store.Bool:
		return false
	}
	return ""
}
