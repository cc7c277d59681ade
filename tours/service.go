package tours

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"log/slog"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/seal"
	"nguon/app/store"
)

// Shop is where visits are paid. Both repeat without effect.
type Shop interface {
	// Leave gives back a percentage of what was paid for a booking, as a credit
	// where that is asked for; cause is a Leaving's.
	Leave(ctx context.Context, order, booking, by string, percent int64, cause string, credit bool) error
	// Attend notes that its people came and the host has what was still to be paid.
	Attend(ctx context.Context, order, booking, by string) error
}

// Deps is what a Service needs.
type Deps struct {
	DB        store.DB
	Effects   outbox.Performer
	Shop      Shop
	Secret    []byte
	OldSecret []byte // the secret before it was changed, may be empty: its tickets still count
	Now       func() time.Time
	Log       *slog.Logger
}

// Service keeps tours, departures, what they share and bookings. It is safe for
// concurrent use; any number of instances may share a store.
type Service struct {
	Deps
	tours      *store.Collection[Tour]
	departures *store.Collection[Departure]
	bookings   *store.Collection[Booking]
	resources  *store.Collection[Resource]
	days       *store.Collection[Day]
	reviews    *store.Collection[Review]
	tourOut    *outbox.Outbox[Tour]
	leaveOut   *outbox.Outbox[Departure]
	bookOut    *outbox.Outbox[Booking]
	reviewOut  *outbox.Outbox[Review]
	signer     Signer
	gate       Gate
}

// Tasks that follow from what happens to bookings; their object is the booking.
const (
	TaskLeave  = "visit-leave"  // the shop gives back what goes back
	TaskAttend = "visit-attend" // the shop learns that people came
	TaskMoved  = "visit-moved"  // the seats of the departure before go back
	TaskBooked = "visit-booked" // the host is told
	TaskReview = "visit-review" // the host is told of a review
)

// New declares the collections.
func New(ctx context.Context, d Deps) (s *Service, err error) {
	s = &Service{Deps: d}
	if err := s.keys(); err != nil {
		return nil, err
	}
	text := func(path string) store.Part { return store.Part{Path: path} }
	at := func(path string) store.Part { return store.Part{Path: path, Kind: store.Time} }
	yes := func(path string) store.Part { return store.Part{Path: path, Kind: store.Bool} }
	if s.tours, err = store.Open[Tour](ctx, d.DB, store.Spec{Name: "tours", Version: 1, Indexes: []store.Index{
		{Name: "slug", Parts: []store.Part{text("slug")}, Unique: true},
		{Name: "own", Parts: []store.Part{text("org"), text("sortName")}},
		{Name: "listed", Parts: []store.Part{yes("published"), text("sortName")}},
		{Name: "product", Parts: []store.Part{{Path: "products", Each: true}}},
		{Name: "plot", Parts: []store.Part{{Path: "plots", Each: true}}},
		outbox.Index,
	}}); err != nil {
		return nil, err
	}
	if s.departures, err = store.Open[Departure](ctx, d.DB, store.Spec{Name: "departures", Version: 1, Indexes: []store.Index{
		{Name: "tour", Parts: []store.Part{text("tour"), at("start")}},
		{Name: "org", Parts: []store.Part{text("org"), at("start")}},
		{Name: "state", Parts: []store.Part{text("state"), at("start")}},
		{Name: "wake", Parts: []store.Part{at("wake")}, Sparse: true},
		outbox.Index,
	}}); err != nil {
		return nil, err
	}
	if s.bookings, err = store.Open[Booking](ctx, d.DB, store.Spec{Name: "bookings", Version: 1, Indexes: []store.Index{
		{Name: "departure", Parts: []store.Part{text("departure"), text("state"), at("created")}},
		{Name: "order", Parts: []store.Part{text("order")}, Sparse: true},
		{Name: "tag", Parts: []store.Part{{Path: "tags", Each: true}}},
		{Name: "erase", Parts: []store.Part{at("erase")}, Sparse: true},
		outbox.Index,
	}}); err != nil {
		return nil, err
	}
	if s.resources, err = store.Open[Resource](ctx, d.DB, store.Spec{Name: "tour_resources", Version: 1, Indexes: []store.Index{
		{Name: "org", Parts: []store.Part{text("org"), text("name")}},
	}}); err != nil {
		return nil, err
	}
	if s.days, err = store.Open[Day](ctx, d.DB, store.Spec{Name: "tour_days", Version: 1, Indexes: []store.Index{
		{Name: "erase", Parts: []store.Part{at("erase")}},
	}}); err != nil {
		return nil, err
	}
	if s.reviews, err = store.Open[Review](ctx, d.DB, store.Spec{Name: "tour_reviews", Version: 1, Indexes: []store.Index{
		{Name: "tour", Parts: []store.Part{text("tour"), text("state"), at("at")}},
		{Name: "org", Parts: []store.Part{text("org"), at("at")}},
		{Name: "state", Parts: []store.Part{text("state"), at("at")}},
		outbox.Index,
	}}); err != nil {
		return nil, err
	}
	s.tourOut = outbox.New(s.tours, d.Effects, func(t *Tour) (string, *outbox.Box) { return t.ID, &t.Box })
	s.leaveOut = outbox.New(s.departures, d.Effects, func(d *Departure) (string, *outbox.Box) { return d.ID, &d.Box })
	s.bookOut = outbox.New(s.bookings, d.Effects, func(b *Booking) (string, *outbox.Box) { return b.ID, &b.Box })
	s.reviewOut = outbox.New(s.reviews, d.Effects, func(r *Review) (string, *outbox.Box) { return r.ID, &r.Box })
	return s, nil
}

// keys derives the key that signs tickets, and the one before the secret was
// changed, whose tickets still count.
func (s *Service) keys() error {
	s.gate = Gate{}
	for _, secret := range [][]byte{s.OldSecret, s.Secret} {
		if len(secret) == 0 {
			continue
		}
		seed, err := seal.Key(secret, "nguon/ticket/1")
		if err != nil {
			return err
		}
		key := ed25519.NewKeyFromSeed(seed)
		public := key.Public().(ed25519.PublicKey)
		hash := sha256.Sum256(public)
		s.signer = Signer{binary.BigEndian.Uint32(hash[:]), key}
		s.gate[s.signer.ID] = public
	}
	return nil
}

// Gate checks tickets of this site.
func (s *Service) Gate() Gate { return s.gate }

// Sweep performs what documents carried since before a moment: what a crash left.
func (s *Service) Sweep(ctx context.Context, before time.Time) (n int, err error) {
	for _, sweep := range []func(context.Context, time.Time) (int, error){s.tourOut.Sweep, s.leaveOut.Sweep, s.bookOut.Sweep, s.reviewOut.Sweep} {
		m, e := sweep(ctx, before)
		n, err = n+m, errors.Join(err, e)
	}
	return n, err
}

// settled performs what a document carries; what fails is left to Sweep.
func (s *Service) settled(ctx context.Context, what string, err error) {
	if err != nil {
		s.Log.Warn("effects are left to the worker", "of", what, "error", err)
	}
}

func unknown(err error, code string) error {
	if fault.CodeOf(err) == "store.not_found" {
		return fault.Wrap(fault.NotFound, code, err)
	}
	return err
}

// gone takes "not found" for done.
func gone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
