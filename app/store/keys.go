package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
)

// Value reads a part that is not Each from a document: a string, int64, UTC
// time.Time or bool after its Kind. ok is false where the document lacks it or holds
// null. A value of another type is fault.Internal.
func (p Part) Value(doc bson.Raw) (v any, ok bool, err error) {
	found, rest, ok := walk(doc, p.Path)
	if !ok {
		return nil, false, nil
	}
	if rest != "" || found.Type == bson.TypeArray {
		return nil, false, p.wrong("an array, but the part is not Each")
	}
	v, err = p.convert(found)
	return v, err == nil, err
}

// values reads an Each part: the distinct values of the elements. ok is false
// where the document lacks the array; whole is false where an element lacks its value.
func (p Part) values(doc bson.Raw) (vs []any, ok, whole bool, err error) {
	array, rest, ok := walk(doc, p.Path)
	if !ok {
		return nil, false, false, nil
	}
	if array.Type != bson.TypeArray {
		return nil, false, false, p.wrong("no array, but the part is Each")
	}
	elements, err := bson.Raw(array.Value).Values()
	if err != nil {
		return nil, false, false, p.wrong(err.Error())
	}
	whole = true
	seen := make(map[any]bool, len(elements))
	for _, e := range elements {
		v, ok, err := p.element(e, rest)
		if err != nil {
			return nil, false, false, err
		}
		if !ok {
			whole = false
		} else if !seen[v] {
			seen[v] = true
			vs = append(vs, v)
		}
	}
	return vs, true, whole, nil
}

func (p Part) element(e bson.RawValue, rest string) (any, bool, error) {
	if rest != "" {
		sub, ok := e.DocumentOK()
		if !ok {
			return nil, false, nil
		}
		below := Part{Path: rest, Kind: p.Kind}
		return below.Value(sub)
	}
	if e.Type == bson.TypeNull {
		return nil, false, nil
	}
	v, err := p.convert(e)
	return v, err == nil, err
}

// Keys are the entries of a document in the index: none, one, or one for each distinct
// element of the array of an Each part. A missing part is fault.Internal
// unless the index is sparse, whose documents then have no entry.
func (x Index) Keys(doc bson.Raw) ([][]any, error) {
	key := make([]any, len(x.Parts))
	var each []any
	for i, p := range x.Parts {
		ok, whole := false, true
		var err error
		if p.Each {
			each, ok, whole, err = p.values(doc)
		} else {
			key[i], ok, err = p.Value(doc)
		}
		if err == nil && (!ok || !whole) && !x.Sparse {
			err = p.wrong("missing in a document")
		}
		if err != nil {
			return nil, fmt.Errorf("index %s: %w", x.Name, err)
		}
		if !ok {
			return nil, nil
		}
	}
	at := x.each()
	if at < 0 {
		return [][]any{key}, nil
	}
	keys := make([][]any, len(each))
	for i, v := range each {
		keys[i] = slices.Clone(key)
		keys[i][at] = v
	}
	return keys, nil
}

// walk follows a dotted path through embedded documents. It stops at an array
// and returns the path that remains below it.
func walk(doc bson.Raw, path string) (v bson.RawValue, rest string, ok bool) {
	for {
		head, tail, more := strings.Cut(path, ".")
		v, err := doc.LookupErr(head)
		if err != nil || v.Type == bson.TypeNull || v.Type == bson.TypeUndefined {
			return v, "", false
		}
		if !more || v.Type == bson.TypeArray {
			return v, tail, true
		}
		if doc, ok = v.DocumentOK(); !ok {
			return v, "", false
		}
		path = tail
	}
}

func (p Part) convert(v bson.RawValue) (any, error) {
	switch {
	case p.Kind == Text && v.Type == bson.TypeString:
		return v.StringValue(), nil
	case p.Kind == Int && (v.Type == bson.TypeInt32 || v.Type == bson.TypeInt64):
		return v.AsInt64(), nil
	case p.Kind == Time && v.Type == bson.TypeDateTime:
		return time.UnixMilli(v.DateTime()).UTC(), nil
	case p.Kind == Bool && v.Type == bson.TypeBoolean:
		return v.Boolean(), nil
	}
	return nil, p.wrong("a " + v.Type.String())
}

func (p Part) wrong(what string) error {
	return fault.Wrap(fault.Internal, "store.index", fmt.Errorf("path %q: %s", p.Path, what))
}
