package store

import (
	"encoding/base64"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
)

// Position is the place of one document in the order of a query: the values
// of Plan.Order, then the id.
type Position struct {
	Values []any
	ID     string
}

// maxCursor bounds what is decoded of a cursor, which comes from an address.
const maxCursor = 64 << 10

// cursor is the written form of a position. It names its index and direction,
// so that one query's cursor cannot mislead another.
type cursor struct {
	Index  string          `bson:"x"`
	Desc   bool            `bson:"d"`
	Values []bson.RawValue `bson:"v"`
	ID     string          `bson:"i"`
}

// Cursor names the position behind last, the last document of a page, brought
// up to the current version by Spec.Current.
func (p Plan) Cursor(last bson.Raw) (string, error) {
	m, err := ReadMeta(last)
	if err != nil {
		return "", err
	}
	values := make(bson.A, len(p.Order))
	for i, part := range p.Order {
		v, ok, err := part.Value(last)
		if err == nil && !ok {
			err = part.wrong("missing behind a page")
		}
		if err != nil {
			return "", err
		}
		values[i] = v
	}
	raw, err := bson.Marshal(bson.D{{Key: "x", Value: p.Index.Name}, {Key: "d", Value: p.Desc},
		{Key: "v", Value: values}, {Key: "i", Value: m.ID}})
	if err != nil {
		return "", fault.Wrap(fault.Internal, "store.encode", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

func (p Plan) position(after string) (Position, error) {
	bad := fault.New(fault.Invalid, "store.cursor")
	if len(after) > maxCursor {
		return Position{}, bad
	}
	raw, err := base64.RawURLEncoding.DecodeString(after)
	if err != nil || bson.Raw(raw).Validate() != nil {
		return Position{}, bad
	}
	var c cursor
	if bson.Unmarshal(raw, &c) != nil || c.ID == "" || c.Index != p.Index.Name ||
		c.Desc != p.Desc || len(c.Values) != len(p.Order) {
		return Position{}, bad
	}
	if _, broken := badText(raw); broken {
		return Position{}, bad
	}
	pos := Position{Values: make([]any, len(p.Order)), ID: c.ID}
	for i, part := range p.Order {
		if pos.Values[i], err = part.convert(c.Values[i]); err != nil {
			return Position{}, bad
		}
	}
	return pos, nil
}
