package tours

import (
	"context"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// EventEdit is what a member of a committee enters of an event.
type EventEdit struct {
	By     string
	Event  Event         // id, edition, and what the form asks for
	Seen   time.Time     // Changed of the event that the form showed, zero for a new one
	Unread []fault.Field // fields that hold what could not be read; told with whatever else is wrong
}

// unsettled is how long a slot may differ from its event: between the two writes
// of one that saves it. After that the event is right.
const unsettled = time.Minute

// SaveEvent makes an event of an edition, or changes it. Its slug stays. What
// changes of time or venue after publishing is kept in Changes. Faults: Invalid
// "tours.event.form" with fields; Conflict "tours.event.stale" when somebody else
// changed it since Seen, "tours.event.off" for one that was called off.
func (s *Editions) SaveEvent(ctx context.Context, in EventEdit) (Event, error) {
	e, err := s.Edition(ctx, in.Event.Edition)
	if err != nil {
		return Event{}, err
	}
	now := store.Stamp(s.now())
	v := in.Event
	v.Org, v.Demo = e.Org, e.Demo
	v.Start, v.End = store.Stamp(v.Start), store.Stamp(v.End)
	v.tidy()
	old, err := s.editableEvent(ctx, v, in.Seen)
	if err != nil {
		return Event{}, err
	}
	v.keep(old, now)
	if err := fault.Join(unreadOf("tours.event.form", in.Unread), v.Validate(e)); err != nil {
		return Event{}, err
	}
	v.Policy = v.Policy.tidy() // not before, so that what is wrong names the line that was typed
	if err := s.book(ctx, v, now); err != nil {
		return Event{}, err
	}
	if err := s.writeEvent(ctx, &v, old, e.First != nil, in.By, now); err != nil {
		s.settleSlot(ctx, v.Edition, v.ID, now)
		return Event{}, err
	}
	_ = s.eventOut.Settle(ctx, v.ID)
	return v, nil
}

// tidy gives ids to what is new and drops what an event without tickets has none of.
func (v *Event) tidy() {
	taken := map[string]bool{}
	v.Types = slices.Clone(v.Types)
	for _, c := range v.Types {
		taken[c.ID] = true
	}
	for i, c := range v.Types {
		if c.ID == "" {
			v.Types[i].ID = freshSlug(c.Name.Vi, "type", taken)
		}
	}
	if !v.Ticketed {
		v.Capacity, v.Types, v.Policy, v.Cutoff = 0, nil, nil, 0
	}
}

// editableEvent reads the event that is to be changed; one without an id is new.
func (s *Editions) editableEvent(ctx context.Context, v Event, seen time.Time) (Event, error) {
	old, err := s.Event(ctx, v.ID)
	switch {
	case fault.Is(err, fault.NotFound) && seen.IsZero():
		return Event{}, nil
	case err != nil:
		return Event{}, err
	case old.Edition != v.Edition:
		return Event{}, fault.New(fault.NotFound, "tours.event.not_found")
	case seen.IsZero() && old.Changed.Equal(old.Created) && old.Title == v.Title && old.Start.Equal(v.Start):
		return old, nil // the form was sent twice
	case !old.Changed.Equal(store.Stamp(seen)):
		return Event{}, fault.New(fault.Conflict, "tours.event.stale")
	case old.Off():
		return Event{}, fault.New(fault.Conflict, "tours.event.off")
	}
	return old, nil
}

// keep takes over what a form does not change.
func (v *Event) keep(old Event, now time.Time) {
	v.Created, v.Changed, v.State, v.Slug, v.Box = now, now, EventOn, "", outbox.Box{}
	v.Changes, v.Sequence, v.Dropped, v.Reason = nil, 0, false, lang.Text{}
	if old.ID != "" {
		v.Slug, v.Created, v.Changed, v.State, v.Reason = old.Slug, old.Created, later(old.Changed, now), old.State, old.Reason
	}
}

// book takes the time of the venue. A slot that its own event no longer takes is
// put right first: its writer did not come to an end.
func (s *Editions) book(ctx context.Context, v Event, now time.Time) error {
	for range maxEvents {
		var other VenueSlot
		taken := false
		err := s.editions.Update(ctx, v.Edition, func(e *Edition) error {
			if err := v.Validate(*e); err != nil { // against what the edition is now
				return err
			}
			if len(e.Slots) >= maxEvents {
				return fault.New(fault.Invalid, "tours.event.form").Field("title", "tours.event.many")
			}
			if other, taken = e.clash(v, now); taken {
				return takenBy(other)
			}
			return e.take(v, now)
		})
		if !taken || now.Sub(other.At) < unsettled || !s.settleSlot(ctx, v.Edition, other.Event, now) {
			return missing(err, "tours.edition.not_found")
		}
	}
	return fault.New(fault.Unavailable, "store.busy")
}

// settleSlot gives an event the slot that its document says, and reports whether
// that changed something.
func (s *Editions) settleSlot(ctx context.Context, edition, id string, now time.Time) (changed bool) {
	v, err := s.Event(ctx, id)
	if fault.Is(err, fault.NotFound) {
		v, err = Event{ID: id, Dropped: true}, nil
	}
	if err != nil {
		return false
	}
	err = s.editions.Update(ctx, edition, func(e *Edition) error {
		changed = false
		before := slices.Clone(e.Slots)
		if err := e.take(v, now); err != nil {
			return err
		}
		changed = !slices.Equal(before, e.Slots)
		return nil
	})
	return err == nil && changed
}

func (s *Editions) writeEvent(ctx context.Context, v *Event, old Event, published bool, by string, now time.Time) error {
	if old.ID == "" {
		return s.insertEvent(ctx, v, by, now)
	}
	nonce := store.NewID(now)
	return s.events.Update(ctx, v.ID, func(cur *Event) error {
		if !cur.Changed.Equal(old.Changed) {
			return fault.New(fault.Conflict, "tours.event.stale")
		}
		next := *v
		next.Box = cur.Box
		next.revise(*cur, published, now)
		next.Post(now, next.entry("event.edit", nonce, by, now), next.follows(nonce))
		*cur, *v = next, next
		return nil
	})
}

func (s *Editions) insertEvent(ctx context.Context, v *Event, by string, now time.Time) error {
	v.Post(now, v.entry("event.create", "", by, now), v.follows("new"))
	taken := map[string]bool{"print": true} // an address of its own
	for range 50 {
		v.Slug = freshSlug(v.Title.Vi, "event", taken)
		err := s.events.Insert(ctx, *v)
		if !fault.Is(err, fault.Conflict) {
			return err
		}
		if _, found := s.events.Get(ctx, v.ID); found == nil {
			return fault.New(fault.Conflict, "tours.event.stale")
		}
	}
	return fault.New(fault.Conflict, "tours.event.form").Field("title", "tours.event.title_taken")
}

// CallOff says that an event does not take place, and why; it gives back its
// venue. Calling it off again changes nothing.
func (s *Editions) CallOff(ctx context.Context, by, id string, reason lang.Text) error {
	reason = lang.Text{Vi: strings.TrimSpace(reason.Vi), En: strings.TrimSpace(reason.En)}
	f := fault.NewForm("tours.event.call_off")
	textNeeds(f, "reason", reason, maxWords, true)
	if err := f.Result(); err != nil {
		return err
	}
	return s.end(ctx, by, id, "event.call_off", func(v *Event, e Edition, now time.Time) error {
		if v.Off() {
			return nil
		}
		old := *v
		v.State, v.Reason = EventOff, reason
		v.revise(old, e.First != nil, now)
		return nil
	})
}

// DropEvent discards an event of an edition that was never published; one that
// visitors may know of is called off: fault.Conflict "tours.event.known".
func (s *Editions) DropEvent(ctx context.Context, by, id string) error {
	return s.end(ctx, by, id, "event.drop", func(v *Event, e Edition, now time.Time) error {
		if e.First != nil {
			return fault.New(fault.Conflict, "tours.event.known")
		}
		v.Dropped, v.Slug = true, v.Slug+"."+v.ID // frees its address
		return nil
	})
}

// end takes an event out of the programme, then gives back its venue.
func (s *Editions) end(ctx context.Context, by, id, action string, fn func(*Event, Edition, time.Time) error) error {
	v, err := s.Event(ctx, id)
	if err != nil {
		return err
	}
	e, err := s.Edition(ctx, v.Edition)
	if err != nil {
		return err
	}
	now := store.Stamp(s.now())
	nonce := store.NewID(now)
	err = s.events.Update(ctx, id, func(v *Event) error {
		if v.Dropped {
			return fault.New(fault.NotFound, "tours.event.not_found")
		}
		was := v.State
		if err := fn(v, e, now); err != nil {
			return err
		}
		if v.State == was && !v.Dropped {
			return nil
		}
		v.Changed = later(v.Changed, now)
		v.Post(now, v.entry(action, nonce, by, now), v.follows(nonce))
		return nil
	})
	if err != nil {
		return err
	}
	s.settleSlot(ctx, v.Edition, id, now)
	_ = s.eventOut.Settle(ctx, id)
	return nil
}

// entry is what the log says of an event.
func (v *Event) entry(action, nonce, by string, now time.Time) outbox.Effect {
	o := &outbox.Entry{At: now, By: by, Action: action, Object: "event:" + v.ID, Org: v.Org, After: []outbox.Value{
		{Name: "name", Text: v.Title.Vi}, {Name: "start", Text: v.Start.In(lang.Zone).Format("2006-01-02 15:04")}, {Name: "venue", Text: v.Venue}}}
	if v.Off() {
		o.After = []outbox.Value{{Name: "reason", Text: v.Reason.Vi}}
	}
	return outbox.Effect{ID: action + ":" + v.ID + ":" + nonce, Entry: o}
}
