package tours

import (
	"context"
	"slices"
	"strconv"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Tasks that follow from changes of a festival: seats of ticketed events are
// booked, moved and called off as departures. Their object is the event, or the
// edition, of which all events follow.
const (
	TaskEvent   = "festival-event"
	TaskEdition = "festival-edition"
)

func (v *Event) follows(nonce string) outbox.Effect {
	return outbox.Effect{ID: "follow:" + v.ID + ":" + nonce, Task: &outbox.Task{Name: TaskEvent, Object: v.ID}}
}

// choiceFor is how long parties may say what they want in place of an event.
const choiceFor = 7 * 24 * time.Hour

// Departs is the departure at which the seats of a ticketed event are booked.
func (v Event) Departs() string { return v.ID + "-event" }

// SyncEvent brings the seats of an event in line with the programme: they can be
// booked while its edition is published, follow its hour and venue, and are called
// off with it. Again it changes nothing.
func (s *Service) SyncEvent(ctx context.Context, e Edition, v Event) error {
	open := v.Ticketed && e.Published && !v.Dropped
	_, err := s.tours.Get(ctx, v.ID)
	if fault.Is(err, fault.NotFound) && !open {
		return nil
	}
	if gone(err) != nil {
		return err
	}
	now := s.Now()
	t := v.visit(e, open, store.Stamp(now))
	err = s.tours.Upsert(ctx, t.ID, t, func(old *Tour) error {
		t.Created, t.Box = old.Created, old.Box
		*old = t
		return nil
	})
	if err != nil {
		return err
	}
	d := t.leaving(v.Start, v.Capacity)
	d.ID, d.End, d.Cutoff, d.Place = v.Departs(), store.Stamp(v.End), store.Stamp(v.Closes()), t.Meeting.Words.Vi
	d.seal(now)
	if err := s.departures.Insert(ctx, d); !fault.Is(err, fault.Conflict) {
		return err
	}
	if v.Off() || v.Dropped {
		return s.eventOff(ctx, v, now)
	}
	return s.decideOn(ctx, "worker", d.ID, "departure.move", func(old *Departure, now time.Time) error {
		if old.State == CalledOff {
			return nil
		}
		at := store.Stamp(now)
		if !old.Start.Equal(d.Start) {
			was := old.Start
			old.Was = &was
		}
		if !old.Start.Equal(d.Start) || old.Place != d.Place {
			old.Moved = &at
			old.Rev++
			old.Done = slices.DeleteFunc(old.Done, func(x string) bool { return x == remindDays || x == remindHours })
		}
		old.Start, old.End, old.Cutoff, old.Place, old.Title, old.Path = d.Start, d.End, d.Cutoff, d.Place, d.Title, d.Path
		old.Capacity = max(d.Capacity, old.Capacity-old.Left(now)) // nobody loses a seat
		if old.State = Open; !open {
			old.State = Closed
		}
		return nil
	})
}

func (s *Service) eventOff(ctx context.Context, v Event, now time.Time) error {
	err := s.CallOff(ctx, "worker", v.Departs(), "other", v.Reason.Vi, now.Add(choiceFor))
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) { // it is over
		return nil
	}
	return err
}

// visit is an event as something to book.
func (v Event) visit(e Edition, open bool, now time.Time) Tour {
	where := e.Ground.Words
	if x, ok := e.Venue(v.Venue); ok {
		join := func(l lang.Lang) string { return x.Name.In(l) + ", " + e.Ground.Words.In(l) }
		where = lang.Text{Vi: join(lang.Vi), En: join(lang.En)}
	}
	t := Tour{ID: v.ID, Org: e.Org, Page: v.Path(e), Slug: "le-hoi-" + strconv.FormatInt(e.Year, 10) + "-" + v.Slug, Kind: AtEvent, Name: v.Title.Vi, NameEn: v.Title.En, Commune: e.Ground.Commune,
		Story: v.Story, Phone: e.Phone, Minutes: int64(v.End.Sub(v.Start) / time.Minute), Level: Easy, Meeting: Meeting{Lat: e.Ground.Lat, Lon: e.Ground.Lon, Words: where, Road: ByBus},
		Rain: e.Rain, Types: v.Types, AddOns: []AddOn{}, Questions: []Question{}, Policy: v.Policy, Cutoff: v.Cutoff, Seats: v.Capacity, Edition: e.ID, Published: open, Demo: e.Demo,
		Photos: []string{}, Speaks: []string{}, Uses: []Use{}, SortName: lang.SortKey(v.Title.Vi), Created: now, Changed: now}
	t.fill()
	return t
}

// Follow gives an event as it stands, discarded or not, to who keeps its seats.
func (s *Editions) Follow(ctx context.Context, event string, sync func(context.Context, Edition, Event) error) error {
	v, err := s.events.Get(ctx, event)
	if err != nil {
		return gone(err)
	}
	e, err := s.Edition(ctx, v.Edition)
	if err != nil {
		return err
	}
	return sync(ctx, e, v)
}

// FollowAll does that for all events of an edition.
func (s *Editions) FollowAll(ctx context.Context, edition string, sync func(context.Context, Edition, Event) error) error {
	e, err := s.Edition(ctx, edition)
	if err != nil {
		return err
	}
	list, err := s.Programme(ctx, e.ID)
	if err != nil {
		return err
	}
	for _, v := range list {
		if err := sync(ctx, e, v); err != nil {
			return err
		}
	}
	return nil
}
