package tours

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// EditionEdit is what a member of a committee enters of an edition.
type EditionEdit struct {
	By      string
	Edition Edition       // id, committee and what the form asks for; venues and booths have forms of their own
	Seen    time.Time     // Changed of the edition that the form showed, zero for a new one
	Unread  []fault.Field // fields that hold what could not be read; told with whatever else is wrong
}

// Save makes an edition, or changes what is said of it; its year follows from its
// first day. Faults: Invalid "tours.edition.form" with fields, before anything is
// stored; Conflict "tours.edition.stale" when somebody else changed it since Seen;
// NotFound for an edition of another committee.
func (s *Editions) Save(ctx context.Context, in EditionEdit) (Edition, error) {
	e := in.Edition
	if !e.From.IsZero() {
		e.From, e.Year = store.Stamp(lang.Midnight(e.From)), int64(e.From.In(lang.Zone).Year())
	}
	if !e.To.IsZero() {
		e.To = store.Stamp(lang.Midnight(e.To))
	}
	if in.Seen.IsZero() {
		return s.make(ctx, in, e)
	}
	return s.change(ctx, editionStep{by: in.By, id: e.ID, org: e.Org, seen: in.Seen, action: "edition.edit"}, func(old *Edition) error {
		next := *old
		next.From, next.To, next.Name, next.Ground, next.Story, next.Rain, next.Way, next.Phone = e.From, e.To, e.Name, e.Ground, e.Story, e.Rain, e.Way, e.Phone
		if next.First == nil {
			next.Year = e.Year
		}
		if err := fault.Join(unreadOf("tours.edition.form", in.Unread), next.Validate(next.Published), next.kept()); err != nil {
			return err
		}
		if old.First != nil && (!next.From.Equal(old.From) || !next.To.Equal(old.To) || next.Ground != old.Ground) {
			next.Sequence++
		}
		*old = next
		return nil
	})
}

// make inserts an edition; a form that was sent twice makes one.
func (s *Editions) make(ctx context.Context, in EditionEdit, e Edition) (Edition, error) {
	now := store.Stamp(s.now())
	e.Venues, e.Booths, e.Slots = []Venue{}, []Booth{}, []VenueSlot{}
	e.Sequence, e.Published, e.First, e.Photo, e.Created, e.Changed = 0, false, nil, "", now, now
	if err := fault.Join(unreadOf("tours.edition.form", in.Unread), e.Validate(false)); err != nil {
		return Edition{}, err
	}
	e.Post(now, e.entry("edition.create", in.By, now))
	err := s.editions.Insert(ctx, e)
	if fault.Is(err, fault.Conflict) {
		old, found := s.editions.Get(ctx, e.ID)
		if found == nil && old.Org == e.Org && old.Changed.Equal(old.Created) && old.Name == e.Name && old.From.Equal(e.From) {
			return old, nil
		}
		if found == nil {
			return Edition{}, fault.New(fault.Conflict, "tours.edition.stale")
		}
	}
	if err != nil {
		return Edition{}, yearTaken(err)
	}
	_ = s.out.Settle(ctx, e.ID) // what fails waits for Sweep
	return e, nil
}

func yearTaken(err error) error {
	if fault.CodeOf(err) == "store.conflict" {
		return fault.Wrap(fault.Conflict, "tours.edition.form", err).Field("from", "tours.edition.year_taken")
	}
	return err
}

// SetVenues puts a list of venues in place of the old one. Those that are new get
// an id; one in which an event takes place stays. Faults as Save's, fields
// "venues.N.name" and the like.
func (s *Editions) SetVenues(ctx context.Context, in EditionEdit) (Edition, error) {
	return s.change(ctx, editionStep{by: in.By, id: in.Edition.ID, org: in.Edition.Org, seen: in.Seen, action: "edition.venues"}, func(e *Edition) error {
		next, taken := *e, map[string]bool{}
		next.Venues = slices.Clone(in.Edition.Venues)
		for _, v := range e.Venues {
			taken[v.ID] = true
		}
		for i, v := range next.Venues {
			if _, old := e.Venue(v.ID); !old {
				next.Venues[i].ID = freshSlug(v.Name.Vi, "venue", taken)
			}
		}
		err := fault.Join(unreadOf("tours.edition.form", in.Unread), next.venuesWrong(e.Published), next.boothsLost(), next.kept())
		if err == nil {
			*e = next
		}
		return err
	})
}

// boothsLost notes booths that stand in a venue that is no more.
func (e *Edition) boothsLost() error {
	f := fault.NewForm("tours.edition.form")
	f.Need(!slices.ContainsFunc(e.Booths, func(b Booth) bool { _, known := e.Venue(b.Venue); return !known }), "venues", "tours.edition.venue_used")
	return f.Result()
}

// SetBooths puts a list of booths in place of the old one. Faults as Save's,
// fields "booths.N.number" and the like.
func (s *Editions) SetBooths(ctx context.Context, in EditionEdit) (Edition, error) {
	return s.change(ctx, editionStep{by: in.By, id: in.Edition.ID, org: in.Edition.Org, seen: in.Seen, action: "edition.booths"}, func(e *Edition) error {
		next, taken := *e, map[string]bool{}
		next.Booths = slices.Clone(in.Edition.Booths)
		for _, b := range e.Booths {
			taken[b.ID] = true
		}
		for i, b := range next.Booths {
			if _, old := e.Booth(b.ID); !old {
				next.Booths[i].ID = freshSlug(b.Number, "booth", taken)
			}
		}
		err := fault.Join(unreadOf("tours.edition.form", in.Unread), next.boothsWrong())
		if err == nil {
			*e = next
		}
		return err
	})
}

// freshSlug makes an id of a name that nothing else has, and notes it.
func freshSlug(name, kind string, taken map[string]bool) string {
	base := lang.Slug(name)
	if base == "" {
		base = kind
	}
	id := base
	for n := 2; taken[id]; n++ {
		id = strings.TrimRight(base, "-") + "-" + strconv.Itoa(n)
	}
	taken[id] = true
	return id
}

// SetPhoto puts a photo at the head of the page, or takes it away when it is empty.
func (s *Editions) SetPhoto(ctx context.Context, by, id, photo string) error {
	_, err := s.change(ctx, editionStep{by: by, id: id, action: "edition.photo"}, func(e *Edition) error {
		e.Photo = photo
		return nil
	})
	return err
}

// Publish shows an edition with its programme. It must be complete: fault.Invalid
// "tours.edition.form". Publishing it again changes nothing.
func (s *Editions) Publish(ctx context.Context, by, id string) error {
	now := store.Stamp(s.now())
	_, err := s.change(ctx, editionStep{by: by, id: id, action: "edition.publish"}, func(e *Edition) error {
		if e.Published {
			return nil
		}
		if err := e.Validate(true); err != nil {
			return err
		}
		if e.Published = true; e.First == nil {
			e.First = &now
		}
		return nil
	})
	return err
}

// Withdraw hides an edition; its committee still sees it.
func (s *Editions) Withdraw(ctx context.Context, by, id string) error {
	_, err := s.change(ctx, editionStep{by: by, id: id, action: "edition.withdraw"}, func(e *Edition) error {
		e.Published = false
		return nil
	})
	return err
}

// editionStep says who changes an edition and what for. Org and seen are checked
// where they are given.
type editionStep struct {
	by, id, org, action string
	seen                time.Time
}

// change takes one step in the life of an edition; one that changes nothing leaves
// no trace.
func (s *Editions) change(ctx context.Context, st editionStep, fn func(*Edition) error) (Edition, error) {
	now := store.Stamp(s.now())
	nonce := store.NewID(now)
	var out Edition
	err := s.editions.Update(ctx, st.id, func(e *Edition) error {
		if st.org != "" && e.Org != st.org {
			return fault.New(fault.NotFound, "tours.edition.not_found")
		}
		if !st.seen.IsZero() && !e.Changed.Equal(store.Stamp(st.seen)) {
			return fault.New(fault.Conflict, "tours.edition.stale")
		}
		was := *e
		if err := fn(e); err != nil {
			return err
		}
		if out = *e; !e.differs(was) {
			return nil
		}
		e.Changed = later(was.Changed, now)
		f := e.entry(st.action, st.by, now)
		f.ID += ":" + nonce
		e.Post(now, f, outbox.Effect{ID: "follow:" + e.ID + ":" + nonce, Task: &outbox.Task{Name: TaskEdition, Object: e.ID}})
		out = *e
		return nil
	})
	if err != nil {
		return Edition{}, yearTaken(missing(err, "tours.edition.not_found"))
	}
	_ = s.out.Settle(ctx, st.id)
	return out, nil
}

// differs reports whether a step changed something.
func (e *Edition) differs(o Edition) bool {
	return e.Name != o.Name || !e.From.Equal(o.From) || !e.To.Equal(o.To) || e.Ground != o.Ground || e.Story != o.Story || e.Rain != o.Rain || e.Way != o.Way ||
		e.Phone != o.Phone || e.Photo != o.Photo || e.Published != o.Published || !slices.Equal(e.Venues, o.Venues) || !slices.Equal(e.Booths, o.Booths)
}

// entry is what the log says of an edition.
func (e *Edition) entry(action, by string, now time.Time) outbox.Effect {
	day := func(t time.Time) string { return t.In(lang.Zone).Format(time.DateOnly) }
	o := &outbox.Entry{At: now, By: by, Action: action, Object: "edition:" + e.ID, Org: e.Org, After: []outbox.Value{
		{Name: "name", Text: e.Name.Vi}, {Name: "from", Text: day(e.From)}, {Name: "to", Text: day(e.To)}}}
	switch action {
	case "edition.venues":
		o.After = []outbox.Value{{Name: "venues", Text: itoa(len(e.Venues))}}
	case "edition.booths":
		o.After = []outbox.Value{{Name: "booths", Text: itoa(len(e.Booths))}}
	case "edition.photo":
		o.After = []outbox.Value{{Name: "photo", Text: e.Photo}}
	}
	return outbox.Effect{ID: action + ":" + e.ID, Entry: o}
}

// later is the time of a change: two changes never bear the same, because what
// somebody saw is told by it.
func later(last, now time.Time) time.Time {
	if now.After(last) {
		return now
	}
	return last.Add(time.Millisecond)
}

// unreadOf is what could not be read of a form.
func unreadOf(code string, list []fault.Field) error {
	f := fault.NewForm(code)
	for _, w := range list {
		f.Wrong(w.Name, w.Code)
	}
	return f.Result()
}
