package store

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
	"time"

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
// so that one query's cursor cannot mislead another. It is JSON because the BSON
// library panics on some garbage.
type cursor struct {
	Index  string   `json:"x"`
	Desc   bool     `json:"d"`
	Values []string `json:"v"`
	ID     string   `json:"i"`
}

// Cursor names the position behind last, the last document of a page, brought
// up to the current version by Spec.Current.
func (p Plan) Cursor(last bson.Raw) (string, error) {
	m, err := ReadMeta(last)
	if err != nil {
		return "", err
	}
	c := cursor{Index: p.Index.Name, Desc: p.Desc, Values: []string{}, ID: m.ID}
	for _, part := range p.Order {
		v, ok, err := part.Value(last)
		if err == nil && !ok {
			err = part.wrong("missing behind a page")
		}
		if err != nil {
			return "", err
		}
		c.Values = append(c.Values, write(v))
	}
	raw, err := json.Marshal(c)
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
	var c cursor
	if err != nil || json.Unmarshal(raw, &c) != nil || c.ID == "" ||
		c.Index != p.Index.Name || c.Desc != p.Desc || len(c.Values) != len(p.Order) {
		return Position{}, bad
	}
	pos := Position{Values: make([]any, len(p.Order)), ID: c.ID}
	for i, part := range p.Order {
		if pos.Values[i], err = part.read(c.Values[i]); err != nil {
			return Position{}, bad
		}
	}
	return pos, nil
}

func write(v any) string {
	switch v := v.(type) {
	case int64:
		return strconv.FormatInt(v, 10)
	case time.Time:
		return strconv.FormatInt(v.UnixMilli(), 10)
	case bool:
		return strconv.FormatBool(v)
	}
	s, _ := v.(string)
	return s
}

func (p Part) read(s string) (any, error) {
	switch p.Kind {
	case Int:
		return strconv.ParseInt(s, 10, 64)
	case Time:
		ms, err := strconv.ParseInt(s, 10, 64)
		return time.UnixMilli(ms).UTC(), err
	case Bool:
		return strconv.ParseBool(s)
	}
	return s, nil
}
