package mongo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/bsontype"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"nguon/app/fault"
	"nguon/app/store"
)

// keysField holds, for each unique index that is sparse or goes through an
// array, a key made of the values at its parts. MongoDB counts a missing value
// as a value, so two documents without one would collide, and not every
// server can index only some documents; instead each document without a key
// gets one that no other can have: its id behind a dash.
const keysField = "_u"

// needsKey says that uniqueness rests on keysField, not on the parts.
func needsKey(ix store.Index) bool {
	return ix.Unique && (ix.Sparse || through(ix) >= 0)
}

// through returns the number of the part that goes through an array, or -1.
func through(ix store.Index) int {
	for i, p := range ix.Parts {
		if p.Each {
			return i
		}
	}
	return -1
}

// derived returns raw with its keys, or raw itself when no index needs any.
func (d *docs) derived(raw bson.Raw) (bson.Raw, error) {
	keys := bson.D{}
	for _, ix := range d.spec.Indexes {
		if needsKey(ix) {
			keys = append(keys, bson.E{Key: ix.Name, Value: keysOf(ix, raw)})
		}
	}
	if len(keys) == 0 {
		return raw, nil
	}
	value, err := bson.Marshal(keys)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "store.failed", err)
	}
	out := append([]byte(nil), raw[:len(raw)-1]...)
	out = append(bsoncore.AppendDocumentElement(out, keysField, value), 0)
	return bsoncore.UpdateLength(out, 0, int32(len(out))), nil
}

// plain returns a stored document without its keys. It copies, because the
// driver reuses the memory it hands out.
func plain(stored bson.Raw) (bson.Raw, error) {
	elems, err := bsoncore.Document(stored).Elements()
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "store.damaged", err)
	}
	out := make([]byte, 4, len(stored))
	for _, e := range elems {
		if e.Key() != keysField {
			out = append(out, e...)
		}
	}
	out = append(out, 0)
	return bsoncore.UpdateLength(out, 0, int32(len(out))), nil
}

// keysOf makes the keys of one document: one string, or for an index through
// an array one for each different element.
func keysOf(ix store.Index, raw bson.Raw) any {
	each := through(ix)
	keys := []string{""}
	for i, p := range ix.Parts {
		values := lookup(bsoncore.Document(raw), p)
		if len(values) == 0 || (i != each && len(values) > 1) {
			keys = nil
			break
		}
		var longer []string
		for _, k := range keys {
			for _, v := range values {
				longer = append(longer, k+fmt.Sprintf("%d:%s", len(v), v))
			}
		}
		keys = longer
	}
	for i, k := range keys {
		sum := sha256.Sum256([]byte(k))
		keys[i] = hex.EncodeToString(sum[:16])
	}
	if len(keys) == 0 {
		id, _ := raw.Lookup("_id").StringValueOK()
		keys = []string{"-" + id}
	}
	if each < 0 {
		return keys[0]
	}
	return distinct(keys)
}

func distinct(keys []string) []string {
	seen := make(map[string]bool, len(keys))
	out := keys[:0]
	for _, k := range keys {
		if !seen[k] {
			seen[k] = true
			out = append(out, k)
		}
	}
	return out
}

// lookup returns the values at a part's path that are of its kind, as text;
// arrays on the way are entered.
func lookup(doc bsoncore.Document, p store.Part) []string {
	values := []bsoncore.Value{{Type: bsontype.EmbeddedDocument, Data: doc}}
	for _, name := range strings.Split(p.Path, ".") {
		var next []bsoncore.Value
		for _, v := range values {
			if inner, ok := v.DocumentOK(); ok {
				if w, err := inner.LookupErr(name); err == nil {
					next = append(next, elements(w)...)
				}
			}
		}
		values = next
	}
	var out []string
	for _, v := range values {
		if s, ok := text(v, p.Kind); ok {
			out = append(out, s)
		}
	}
	return out
}

func elements(v bsoncore.Value) []bsoncore.Value {
	array, ok := v.ArrayOK()
	if !ok {
		return []bsoncore.Value{v}
	}
	values, err := array.Values()
	if err != nil {
		return nil
	}
	return values
}

// text writes a value of the given kind so that different values differ.
func text(v bsoncore.Value, k store.Kind) (string, bool) {
	switch k {
	case store.Text:
		return v.StringValueOK()
	case store.Int:
		n, ok := v.AsInt64OK()
		return fmt.Sprint(n), ok && v.Type != bsontype.Double
	case store.Time:
		ms, ok := v.DateTimeOK()
		return fmt.Sprint(ms), ok
	case store.Bool:
		b, ok := v.BooleanOK()
		return fmt.Sprint(b), ok
	}
	return "", false
}
