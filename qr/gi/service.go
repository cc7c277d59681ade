package gi

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/place"
	"nguon/app/store"
)

// Service keeps the register in the store.
type Service struct {
	rights   *store.Collection[Right]
	now      func() time.Time
	onChange []func()
}

// New declares the register's collection in db.
func New(ctx context.Context, db store.DB, now func() time.Time) (*Service, error) {
	rights, err := store.Open[Right](ctx, db, store.Spec{
		Name:    "gi_rights",
		Version: 1,
		Indexes: []store.Index{
			{Name: "number", Parts: []store.Part{{Path: "number"}}, Unique: true},
			{Name: "holder", Parts: []store.Part{{Path: "holder"}, {Path: "number"}}},
		},
	})
	if err != nil {
		return nil, err
	}
	return &Service{rights: rights, now: now}, nil
}

// OnChange calls fn behind every write of this Service, also one whose outcome
// is unknown, before the caller hears of it: for whoever keeps what was judged.
// Call it while the program is put together, before anybody else uses s.
func (s *Service) OnChange(fn func()) { s.onChange = append(s.onChange, fn) }

func (s *Service) changed() {
	for _, fn := range s.onChange {
		fn()
	}
}

// Create enters a right without decisions; Decide grants it. Repeating it
// changes nothing. A taken number, or another right under the same id, is
// fault.Conflict "gi.right.taken"; incomplete data are fault.Invalid.
func (s *Service) Create(ctx context.Context, r Right) error {
	if err := r.validate(RulesToday()); err != nil {
		return err
	}
	for i := range r.Reports {
		r.Reports[i] = r.Reports[i].stamped()
	}
	defer s.changed()
	err := s.rights.Insert(ctx, r)
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	old, getErr := s.rights.Get(ctx, r.ID)
	if getErr == nil && old.Number == r.Number && old.Holder == r.Holder && slices.Equal(old.Products, r.Products) {
		return nil
	}
	return fault.Wrap(fault.Conflict, "gi.right.taken", err).With("Number", r.Number)
}

// Decide appends a decision. The service sets Seq, Recorded, Prev and Hash. A
// Key that is there already changes nothing; an unknown right is
// fault.NotFound; a decision that the history does not allow is fault.Conflict.
// A correction restates From, To, Number and Reason of the decision that
// Corrects names; one without From annuls it.
func (s *Service) Decide(ctx context.Context, rightID string, d Decision) error {
	now := s.now()
	defer s.changed()
	err := s.rights.Update(ctx, rightID, func(r *Right) error { return r.decide(d, now) })
	return notFound(err)
}

// AddReport adds a periodic quality report of the holder, with the day until
// which it counts. The same report again changes nothing; another one with
// the same number and kind is fault.Conflict.
func (s *Service) AddReport(ctx context.Context, rightID string, q Report) error {
	if err := q.validate(RulesToday(), true); err != nil {
		return err
	}
	q = q.stamped()
	defer s.changed()
	err := s.rights.Update(ctx, rightID, func(r *Right) error {
		for _, old := range r.Reports {
			if old.Number != q.Number || old.Kind != q.Kind {
				continue
			}
			if old.On.Equal(q.On) && old.ValidTo.Equal(q.ValidTo) && maps.Equal(old.Values, q.Values) {
				return nil
			}
			return fault.New(fault.Conflict, "gi.report.number_used").With("Number", q.Number)
		}
		r.Reports = append(r.Reports, q)
		return nil
	})
	return notFound(err)
}

// Right finds a right by its number, or is fault.NotFound.
func (s *Service) Right(ctx context.Context, number string) (Right, error) {
	if !IsNumber(number) {
		return Right{}, fault.New(fault.NotFound, "gi.right.not_found")
	}
	r, err := s.rights.First(ctx, store.Query{Index: "number", Eq: []any{number}})
	return r, notFound(err)
}

// RightsOf lists all rights of an organisation by number, whatever their
// status.
func (s *Service) RightsOf(ctx context.Context, holder string) ([]Right, error) {
	var found []Right
	err := s.rights.All(ctx, store.Query{Index: "holder", Eq: []any{holder}}, func(r Right) error {
		found = append(found, r)
		return nil
	})
	return found, err
}

// Holders is the public register as it stands today, by number.
func (s *Service) Holders(ctx context.Context) ([]Holder, error) {
	now := s.now()
	var found []Holder
	err := s.rights.All(ctx, store.Query{Index: "number"}, func(r Right) error {
		found = append(found, r.HolderOn(now))
		return nil
	})
	return found, err
}

// Judge decides by today's rules and the packer's rights as of a day; a zero
// time means now.
func (s *Service) Judge(ctx context.Context, subject Subject, at time.Time) (Verdict, error) {
	if at.IsZero() {
		at = s.now()
	}
	var rights []Right
	if subject.Packer != "" {
		var err error
		if rights, err = s.RightsOf(ctx, subject.Packer); err != nil {
			return Verdict{}, err
		}
	}
	return today.Judge(subject, rights, at), nil
}

// IsNumber reports whether s can be the number of a right. It is part of an
// address, so it holds ASCII letters, digits, points and hyphens only.
func IsNumber(s string) bool {
	const allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-."
	return s != "" && len(s) <= 40 && strings.Trim(s, allowed) == "" && strings.Trim(s, ".") != ""
}

func (r Right) validate(rules Rules) error {
	bad := fault.New(fault.Invalid, "gi.right.incomplete")
	need := func(ok bool, field, code string) {
		if !ok {
			bad = bad.Field(field, "gi.right."+code)
		}
	}
	_, known := place.ByCode(r.Commune)
	need(r.ID != "", "id", "id_missing")
	need(IsNumber(r.Number), "number", "number_form")
	need(r.Holder != "", "holder", "holder_missing")
	need(strings.TrimSpace(r.HolderName) != "", "holderName", "holder_missing")
	need(known, "commune", "commune_unknown")
	need(len(r.Products) > 0, "products", "products_missing")
	for _, kind := range r.Products {
		need(slices.Contains(rules.Kinds, kind), "products", "product_unknown")
	}
	need(len(r.Decisions) == 0, "decisions", "decisions_given")
	if len(bad.Fields) > 0 {
		return bad
	}
	for _, q := range r.Reports {
		if err := q.validate(rules, true); err != nil {
			return err
		}
	}
	return nil
}

func (q Report) stamped() Report {
	q.On, q.ValidTo = stampOrZero(q.On), stampOrZero(q.ValidTo)
	return q
}

func notFound(err error) error {
	if fault.CodeOf(err) == "store.not_found" {
		return fault.Wrap(fault.NotFound, "gi.right.not_found", err)
	}
	return err
}
