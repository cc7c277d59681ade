package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/bsonrw"

	"nguon/app/fault"
)

// Meta is what engines read from a document.
type Meta struct {
	ID       string
	Version  int
	Revision int64
}

// ReadMeta reads "_id", "_v" and "_r"; a document without them was not written
// through this package and is fault.Internal.
func ReadMeta(doc bson.Raw) (Meta, error) {
	var m Meta
	var ok [3]bool
	m.ID, ok[0] = doc.Lookup("_id").StringValueOK()
	v, okv := doc.Lookup("_v").AsInt64OK()
	m.Revision, ok[2] = doc.Lookup("_r").AsInt64OK()
	m.Version, ok[1] = int(v), okv
	if m.ID == "" || ok != [3]bool{true, true, true} || m.Revision < 1 {
		return m, fault.Wrap(fault.Internal, "store.damaged",
			fmt.Errorf("document %q lacks _id, _v or _r", m.ID))
	}
	return m, nil
}

// encode turns v into a document of revision rev. With id not empty v must
// still carry that id.
func (c *Collection[T]) encode(v *T, id string, rev int64) (bson.Raw, error) {
	var buf bytes.Buffer
	w, err := bsonrw.NewBSONValueWriter(&buf)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "store.encode", err)
	}
	enc, err := bson.NewEncoder(w)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "store.encode", err)
	}
	enc.NilSliceAsEmpty()
	enc.NilMapAsEmpty()
	enc.NilByteSliceAsEmpty()
	if err := enc.Encode(v); err != nil {
		return nil, fault.Wrap(fault.Internal, "store.encode", fmt.Errorf("%s: %w", c.spec.Name, err))
	}
	doc := seal(buf.Bytes(), c.spec.Version, rev)
	return doc, c.inspect(doc, id)
}

func (c *Collection[T]) inspect(doc bson.Raw, id string) error {
	own, ok := doc.Lookup("_id").StringValueOK()
	if !ok || own == "" || id != "" && own != id {
		return fault.Wrap(fault.Internal, "store.id",
			fmt.Errorf("%s: id %q instead of %q", c.spec.Name, own, id))
	}
	if len(doc) > MaxDocument {
		return fault.New(fault.Invalid, "store.too_large").With("ID", own)
	}
	if path, bad := badText(doc); bad {
		return fault.New(fault.Invalid, "store.text").With("Path", path)
	}
	return nil
}

// seal appends "_v" and "_r" to an encoded document. They stand last, where
// appending them does not move the rest, and where MongoDB leaves them.
func seal(doc []byte, version int, rev int64) bson.Raw {
	out := doc[:len(doc)-1]
	out = append(out, byte(bson.TypeInt32), '_', 'v', 0)
	out = binary.LittleEndian.AppendUint32(out, uint32(version))
	out = append(out, byte(bson.TypeInt64), '_', 'r', 0)
	out = binary.LittleEndian.AppendUint64(out, uint64(rev))
	out = append(out, 0)
	binary.LittleEndian.PutUint32(out, uint32(len(out)))
	return out
}

// tail is the length of what seal adds: "_v", "_r" and the closing zero.
const tail = 8 + 12 + 1

// unseal undoes seal, leaving the closing byte that seal replaces.
func unseal(doc bson.Raw) []byte { return doc[:len(doc)-tail+1] }

func (c *Collection[T]) decode(doc bson.Raw, v *T) error {
	doc, err := c.spec.Current(doc)
	if err != nil {
		return err
	}
	if err := bson.Unmarshal(doc, v); err != nil {
		return fault.Wrap(fault.Internal, "store.damaged", fmt.Errorf("%s: %w", c.spec.Name, err))
	}
	return nil
}

// badText finds a key or a string that is not UTF-8: the codec lets both
// pass, and what a browser sent may hold anything.
func badText(doc bson.Raw) (string, bool) {
	elements, err := doc.Elements()
	if err != nil {
		return "", true
	}
	for _, e := range elements {
		key, value := e.Key(), e.Value()
		if !utf8.ValidString(key) {
			return "", true
		}
		switch value.Type {
		case bson.TypeString:
			if s, ok := value.StringValueOK(); !ok || !utf8.ValidString(s) {
				return key, true
			}
		case bson.TypeEmbeddedDocument, bson.TypeArray:
			if sub, bad := badText(bson.Raw(value.Value)); bad {
				return key + "." + sub, true
			}
		}
	}
	return "", false
}
