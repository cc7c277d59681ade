package tours

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// ReviewState says whether everybody reads a review.
type ReviewState string

// States of a review.
const (
	ReviewShown  ReviewState = "shown"
	ReviewHidden ReviewState = "hidden" // by the market, with a reason
)

// Review is what a party that came says of its visit: one for each booking, whose
// id it bears.
type Review struct {
	ID         string      `bson:"_id"` // Ref of the booking, with its departure
	Tour       string      `bson:"tour"`
	Org        string      `bson:"org"`
	Stars      int64       `bson:"stars"` // 1 to 5
	Text       string      `bson:"text"`
	Name       string      `bson:"name"` // as it is signed, "" for none
	Lang       lang.Lang   `bson:"lang"`
	Visited    time.Time   `bson:"visited"`
	At         time.Time   `bson:"at"`
	Answer     string      `bson:"answer,omitempty"` // of the host
	Answered   *time.Time  `bson:"answered,omitempty"`
	State      ReviewState `bson:"state"`
	Reason     string      `bson:"reason,omitempty"` // why it is hidden
	outbox.Box `bson:",inline"`
}

// maxReview are the characters of a review or an answer.
const maxReview = 2000

// Reviewable says why a party cannot review, nil when it can: fault.Conflict
// "tours.review.not_yet" before anybody came, "tours.review.late" three months
// after the visit.
func (b Booking) Reviewable(now time.Time) error {
	switch {
	case len(b.Arrivals) == 0:
		return fault.New(fault.Conflict, "tours.review.not_yet")
	case now.After(b.Start.AddDate(0, 3, 0)):
		return fault.New(fault.Conflict, "tours.review.late")
	}
	return nil
}

// Say keeps a party's review; another takes its place until the host answered.
// Faults: Invalid "tours.review.form" with fields stars, text; those of Reviewable;
// Conflict "tours.review.answered".
func (s *Service) Say(ctx context.Context, booking string, stars int64, text, name string) error {
	b, err := s.Booking(ctx, booking)
	if err != nil {
		return err
	}
	now := store.Stamp(s.Now())
	if err := b.Reviewable(now); err != nil {
		return err
	}
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	f := fault.NewForm("tours.review.form")
	f.Need(stars >= 1 && stars <= 5, "stars", "tours.review.stars")
	f.Need(utf8.RuneCountInString(text) <= maxReview, "text", "tours.field.long")
	if err := f.Result(); err != nil {
		return err
	}
	id := b.reviewID()
	empty := Review{ID: id, Tour: b.Tour, Org: b.Org, Lang: b.Lang, Visited: b.Start, State: ReviewShown}
	return s.reviewed(ctx, id, s.reviews.Upsert(ctx, id, empty, func(r *Review) error {
		if r.Answer != "" {
			return fault.New(fault.Conflict, "tours.review.answered")
		}
		if r.Stars == 0 {
			r.Post(now, outbox.Effect{ID: "review:" + id, Task: &outbox.Task{Name: TaskReview, Object: id}})
		}
		r.Stars, r.Text, r.Name, r.At = stars, text, clip(name, 60), now
		return nil
	}))
}

func (b Booking) reviewID() string { return b.Departure + "-" + b.Ref() }

func (s *Service) reviewed(ctx context.Context, id string, err error) error {
	if err == nil {
		s.settled(ctx, "review", s.reviewOut.Settle(ctx, id))
	}
	return unknown(err, "tours.review.not_found")
}

// ReviewOf is the review of a booking; ok is false where there is none.
func (s *Service) ReviewOf(ctx context.Context, b Booking) (r Review, ok bool, err error) {
	r, err = s.reviews.Get(ctx, b.reviewID())
	if fault.Is(err, fault.NotFound) {
		return r, false, nil
	}
	return r, err == nil, err
}

// Review finds a review.
func (s *Service) Review(ctx context.Context, id string) (Review, error) {
	r, err := s.reviews.Get(ctx, id)
	return r, unknown(err, "tours.review.not_found")
}

// Reviews are those of a tour that everybody reads, the latest first.
func (s *Service) Reviews(ctx context.Context, tour string, limit int) ([]Review, error) {
	list, _, err := s.reviews.Find(ctx, store.Query{Index: "tour", Eq: []any{tour, string(ReviewShown)}, Desc: true, Limit: limit})
	return list, err
}

// ReviewsOf are those of an organisation's tours, hidden ones too, the latest first.
func (s *Service) ReviewsOf(ctx context.Context, org, after string) ([]Review, string, error) {
	return s.reviews.Find(ctx, store.Query{Index: "org", Eq: []any{org}, Desc: true, Limit: 30, After: after})
}

// AllReviews are those in a state, of all tours, the latest first.
func (s *Service) AllReviews(ctx context.Context, state ReviewState, after string) ([]Review, string, error) {
	return s.reviews.Find(ctx, store.Query{Index: "state", Eq: []any{string(state)}, Desc: true, Limit: 30, After: after})
}

// Answer keeps the host's answer; an empty one takes it back.
func (s *Service) Answer(ctx context.Context, by, id, text string) error {
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	if utf8.RuneCountInString(text) > maxReview {
		return fault.New(fault.Invalid, "tours.review.form").Field("answer", "tours.field.long")
	}
	return s.changeReview(ctx, by, id, "review.answer", func(r *Review, now time.Time) error {
		if r.Answer = text; text == "" {
			r.Answered = nil
			return nil
		}
		r.Answered = &now
		return nil
	})
}

// Moderate hides a review from everybody, or shows it again; a reason is needed to
// hide it and is told to who reads the log.
func (s *Service) Moderate(ctx context.Context, by, id string, hide bool, reason string) error {
	reason = clip(reason, 300)
	if hide && reason == "" {
		return fault.New(fault.Invalid, "tours.review.form").Field("reason", "tours.field.missing")
	}
	return s.changeReview(ctx, by, id, "review.moderate", func(r *Review, _ time.Time) error {
		if r.State, r.Reason = ReviewShown, ""; hide {
			r.State, r.Reason = ReviewHidden, reason
		}
		return nil
	})
}

func (s *Service) changeReview(ctx context.Context, by, id, action string, fn func(*Review, time.Time) error) error {
	now := store.Stamp(s.Now())
	return s.reviewed(ctx, id, s.reviews.Update(ctx, id, func(r *Review) error {
		if err := fn(r, now); err != nil {
			return err
		}
		e := outbox.Entry{At: now, By: by, Action: action, Object: "review:" + r.ID, Org: r.Org, After: []outbox.Value{{Name: "state", Text: string(r.State)}, {Name: "reason", Text: r.Reason}}}
		r.Post(now, outbox.Effect{ID: store.NewID(now), Entry: &e})
		return nil
	}))
}
