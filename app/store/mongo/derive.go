package mongo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
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
func needsKey(x store.Index) bool { return x.Unique && (x.Sparse || x.HasEach()) }

// keyName is the field below keysField; a dot would lead further down.
func keyName(x store.Index) string { return strings.ReplaceAll(x.Name, ".", "~") }

// derived returns doc with its keys, or doc itself when no index needs any. A
// document that an index cannot take is refused before the server sees it.
func (d *docs) derived(doc bson.Raw) (bson.Raw, error) {
	current, err := d.spec.Current(doc)
	if err != nil {
		return nil, err
	}
	var keys bson.D
	for _, x := range d.spec.Indexes {
		entries, err := x.Keys(current)
		if err != nil {
			return nil, err
		}
		if needsKey(x) {
			keys = append(keys, bson.E{Key: keyName(x), Value: uniqueKeys(x, entries, doc)})
		}
	}
	if len(keys) == 0 {
		return doc, nil
	}
	value, err := bson.Marshal(keys)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "store.encode", err)
	}
	out := append([]byte(nil), doc[:len(doc)-1]...)
	out = append(bsoncore.AppendDocumentElement(out, keysField, value), 0)
	return bsoncore.UpdateLength(out, 0, int32(len(out))), nil
}

// uniqueKeys is one string, or for an index through an array one for each entry.
func uniqueKeys(x store.Index, entries [][]any, doc bson.Raw) any {
	keys := make([]string, len(entries))
	for i, e := range entries {
		keys[i] = hash(e)
	}
	if len(keys) == 0 {
		keys = []string{"-" + idOf(doc)}
	}
	if x.HasEach() {
		return keys
	}
	return keys[0]
}

// hash keeps a key short whatever the length of its values; 128 bits do not
// meet by chance.
func hash(entry []any) string {
	h := sha256.New()
	for _, v := range entry {
		if t, ok := v.(time.Time); ok {
			v = t.UnixMilli()
		}
		s := fmt.Sprint(v)
		fmt.Fprintf(h, "%d:%s", len(s), s)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// plain returns a stored document without its keys. It copies, because the
// driver reuses the memory it hands out.
func plain(stored bson.Raw) (bson.Raw, error) {
	return without(stored, keysField)
}

// without copies a document and leaves out the named fields.
func without(doc bson.Raw, fields ...string) (bson.Raw, error) {
	elems, err := bsoncore.Document(doc).Elements()
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "store.damaged", err)
	}
	out := make([]byte, 4, len(doc))
	for _, e := range elems {
		if !slices.Contains(fields, e.Key()) {
			out = append(out, e...)
		}
	}
	out = append(out, 0)
	return bsoncore.UpdateLength(out, 0, int32(len(out))), nil
}

func idOf(doc bson.Raw) string {
	id, _ := doc.Lookup("_id").StringValueOK()
	return id
}
