package trace

import (
	"context"
	"errors"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

// Service keeps plots, people, facilities and lots in a store. Errors it did
// not make itself are the store's: fault.NotFound for an unknown id,
// fault.Unavailable when the store cannot answer.
type Service struct {
	plots      *store.Collection[Plot]
	farmers    *store.Collection[Farmer]
	consents   *store.Collection[Consent]
	facilities *store.Collection[Facility]
	lots       *store.Collection[Lot]
	now        func() time.Time
	onChange   []func()
}

func text(path string) store.Part { return store.Part{Path: path} }

func each(path string) store.Part { return store.Part{Path: path, Each: true} }

func when(path string) store.Part { return store.Part{Path: path, Kind: store.Time} }

var (
	plotSpec = store.Spec{Name: "trace_plots", Version: 1, Indexes: []store.Index{
		{Name: "number", Parts: []store.Part{text("producer"), text("code")}, Unique: true}}}
	farmerSpec = store.Spec{Name: "trace_farmers", Version: 1, Indexes: []store.Index{
		{Name: "producer", Parts: []store.Part{text("producer")}}}}
	consentSpec = store.Spec{Name: "trace_consents", Version: 1, Indexes: []store.Index{
		{Name: "farmer", Parts: []store.Part{text("farmer"), when("given")}}}}
	facilitySpec = store.Spec{Name: "trace_facilities", Version: 1, Indexes: []store.Index{
		{Name: "producer", Parts: []store.Part{text("producer")}}}}
	lotSpec = store.Spec{Name: "trace_lots", Version: 1, Indexes: []store.Index{
		{Name: "item", Parts: []store.Part{each("items.gtin"), text("code")}, Unique: true},
		{Name: "code", Parts: []store.Part{text("code"), when("created")}},
		{Name: "gtin", Parts: []store.Part{each("items.gtin"), when("created")}},
		{Name: "picked", Parts: []store.Part{each("plots"), text("season")}}}}
)

// New opens the collections. Now is the clock that everything is stamped with.
func New(ctx context.Context, db store.DB, now func() time.Time) (*Service, error) {
	s := &Service{now: now}
	var err error
	if s.plots, err = store.Open[Plot](ctx, db, plotSpec); err != nil {
		return nil, err
	}
	if s.farmers, err = store.Open[Farmer](ctx, db, farmerSpec); err != nil {
		return nil, err
	}
	if s.consents, err = store.Open[Consent](ctx, db, consentSpec); err != nil {
		return nil, err
	}
	if s.facilities, err = store.Open[Facility](ctx, db, facilitySpec); err != nil {
		return nil, err
	}
	s.lots, err = store.Open[Lot](ctx, db, lotSpec)
	return s, err
}

// OnChange calls fn behind every write of this Service, also one whose outcome
// is unknown, before the caller hears of it: for whoever keeps what was read.
// Call it while the program is put together, before anybody else uses s.
func (s *Service) OnChange(fn func()) { s.onChange = append(s.onChange, fn) }

func (s *Service) changed() {
	for _, fn := range s.onChange {
		fn()
	}
}

// updateLot changes one lot; that there was nothing to change is no error.
func (s *Service) updateLot(ctx context.Context, id string, fn func(*Lot) error) error {
	defer s.changed()
	return settled(s.lots.Update(ctx, id, fn))
}

// owned is a document that belongs to a producer and is replaced as a whole.
type owned interface {
	key() (id, producer string)
}

func (p Plot) key() (string, string)     { return p.ID, p.Producer }
func (f Farmer) key() (string, string)   { return f.ID, f.Producer }
func (f Facility) key() (string, string) { return f.ID, f.Producer }

// save inserts v or replaces the document with its id. A document stays with
// its producer: another one's is fault.Conflict "trace.owner"; a taken unique value, taken.
func save[T owned](ctx context.Context, c *store.Collection[T], v T, taken string) error {
	id, producer := v.key()
	replace := func(had *T) error {
		if _, owner := (*had).key(); owner != producer {
			return fault.New(fault.Conflict, "trace.owner")
		}
		*had = v
		return nil
	}
	err := c.Update(ctx, id, replace)
	if fault.Is(err, fault.NotFound) {
		if err = c.Insert(ctx, v); fault.Is(err, fault.Conflict) {
			// Another call may have inserted the same id meanwhile.
			if again := c.Update(ctx, id, replace); !fault.Is(again, fault.NotFound) {
				err = again
			}
		}
	}
	return conflict(err, taken)
}

// conflict names a store's bare conflict after what it means here.
func conflict(err error, code string) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Conflict && code != "" && f.Code != "trace.owner" && f.Code != "store.newer" {
		return fault.Wrap(fault.Conflict, code, err)
	}
	return err
}

// settled turns "nothing to change" into success.
func settled(err error) error {
	if errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}
