package store

import (
	"fmt"
	"reflect"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
)

// Plan is a checked query, as an engine carries it out: Eq equals the first
// parts of Index, From <= Order[0] < To, in the order of Order, then of ids.
// Values are string, int64, UTC time.Time cut to ms, or bool; a nil side is open.
type Plan struct {
	Index    Index // the zero Index means the order of ids
	Eq       []any
	From, To any
	Order    []Part // the parts after Eq, none of them Each
	Desc     bool
	Limit    int
	After    *Position // nil on the first page
}

// idPart is what From and To speak of when a query names no index.
var idPart = Part{Path: "_id", Kind: Text}

// Plan checks a query against the declaration. A query that names no declared
// index or does not fit it is fault.Internal "store.index"; a text that is not
// UTF-8 and a cursor that this query cannot have given are fault.Invalid.
func (s Spec) Plan(q Query) (Plan, error) {
	p := Plan{Desc: q.Desc, Limit: q.Limit}
	if q.Index != "" {
		x, ok := s.index(q.Index)
		if !ok {
			return p, s.unfit(q, "no such index")
		}
		p.Index = x
	}
	if q.Limit < 0 || len(q.Eq) > len(p.Index.Parts) {
		return p, s.unfit(q, "too many values or a negative limit")
	}
	if p.Limit == 0 || p.Limit > MaxLimit {
		p.Limit = MaxLimit
	}
	if p.Index.each() >= len(q.Eq) {
		return p, s.unfit(q, "an Each part takes equality only")
	}
	if err := p.values(s, q); err != nil {
		return p, err
	}
	if q.After != "" {
		after, err := p.position(q.After)
		if err != nil {
			return p, err
		}
		p.After = &after
	}
	return p, nil
}

func (p *Plan) values(s Spec, q Query) (err error) {
	p.Order = p.Index.Parts[len(q.Eq):]
	p.Eq = make([]any, len(q.Eq))
	for i, v := range q.Eq {
		if p.Eq[i], err = normal(p.Index.Parts[i].Kind, v); err != nil {
			return s.badValue(q, err)
		}
	}
	if q.From == nil && q.To == nil {
		return nil
	}
	next := idPart
	if q.Index != "" {
		if len(p.Order) == 0 {
			return s.unfit(q, "no part is left for the range")
		}
		next = p.Order[0]
	}
	if q.From != nil {
		if p.From, err = normal(next.Kind, q.From); err != nil {
			return s.badValue(q, err)
		}
	}
	if q.To != nil {
		if p.To, err = normal(next.Kind, q.To); err != nil {
			return s.badValue(q, err)
		}
	}
	return nil
}

func (s Spec) index(name string) (Index, bool) {
	for _, x := range s.Indexes {
		if x.Name == name {
			return x, true
		}
	}
	return Index{}, false
}

func (s Spec) unfit(q Query, why string) error {
	return fault.Wrap(fault.Internal, "store.index",
		fmt.Errorf("collection %q, index %q: %s", s.Name, q.Index, why))
}

func (s Spec) badValue(q Query, err error) error {
	if fault.Is(err, fault.Invalid) {
		return err
	}
	return s.unfit(q, err.Error())
}

// normal brings a value to the one Go type of its kind; named types of the
// same shape (a Species, a Status) are welcome.
func normal(k Kind, v any) (any, error) {
	if t, ok := v.(time.Time); ok && k == Time {
		return Stamp(t), nil
	}
	r := reflect.ValueOf(v)
	switch {
	case k == Text && r.Kind() == reflect.String:
		if !utf8.ValidString(r.String()) {
			return nil, fault.New(fault.Invalid, "store.text").With("Path", "")
		}
		return r.String(), nil
	case k == Int && r.CanInt():
		return r.Int(), nil
	case k == Bool && r.Kind() == reflect.Bool:
		return r.Bool(), nil
	}
	return nil, fmt.Errorf("a value of type %T does not fit the part", v)
}
