package tours

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Tour finds a tour by its id, published or not.
func (s *Service) Tour(ctx context.Context, id string) (Tour, error) {
	t, err := s.tours.Get(ctx, id)
	return t, unknown(err, "tours.tour.not_found")
}

// TourAt finds a published tour by its slug.
func (s *Service) TourAt(ctx context.Context, slug string) (Tour, error) {
	if !lang.IsSlug(slug) {
		return Tour{}, fault.New(fault.NotFound, "tours.tour.not_found")
	}
	t, err := s.tours.First(ctx, store.Query{Index: "slug", Eq: []any{slug}})
	if err == nil && !t.Published {
		return Tour{}, fault.New(fault.NotFound, "tours.tour.not_found")
	}
	return t, unknown(err, "tours.tour.not_found")
}

// Own lists the tours of an organisation by name.
func (s *Service) Own(ctx context.Context, org string) ([]Tour, error) {
	return s.list(ctx, store.Query{Index: "own", Eq: []any{org}})
}

// Published lists the tours that can be seen, by name.
func (s *Service) Published(ctx context.Context) ([]Tour, error) {
	return s.list(ctx, store.Query{Index: "listed", Eq: []any{true}})
}

// Showing lists the published tours that show a product (a GTIN) or one of these
// plots.
func (s *Service) Showing(ctx context.Context, gtin string, plots []string) (list []Tour, err error) {
	seen := map[string]bool{}
	add := func(q store.Query) error {
		found, err := s.list(ctx, q)
		for _, t := range found {
			if t.Published && !seen[t.ID] {
				seen[t.ID] = true
				list = append(list, t)
			}
		}
		return err
	}
	if gtin != "" {
		err = add(store.Query{Index: "product", Eq: []any{gtin}})
	}
	for _, p := range plots {
		if err == nil {
			err = add(store.Query{Index: "plot", Eq: []any{p}})
		}
	}
	return list, err
}

func (s *Service) list(ctx context.Context, q store.Query) (list []Tour, err error) {
	err = s.tours.All(ctx, q, func(t Tour) error {
		if t.Page == "" { // events stand in their programme
			list = append(list, t)
		}
		return nil
	})
	return list, err
}

// Save keeps a tour: a new one as a draft, under its id where it has one, a changed
// one as it is. Seen is when the form found it changed, zero for a new one. Faults: Invalid "tours.form" with fields, Conflict
// "tours.form.stale" when somebody else changed it meanwhile.
func (s *Service) Save(ctx context.Context, by string, t Tour, seen time.Time) (Tour, error) {
	now := store.Stamp(s.Now())
	t.Name, t.NameEn = strings.Join(strings.Fields(t.Name), " "), strings.Join(strings.Fields(t.NameEn), " ")
	t.Policy, t.SortName = t.Policy.tidy(), lang.SortKey(t.Name)
	t.fill()
	unknownUse := s.known(ctx, t)
	if seen.IsZero() {
		t.Identify(Tour{})
		if err := fault.Join(t.Validate(false), unknownUse); err != nil {
			return t, err
		}
		if !isTourID(t.ID) {
			t.ID = store.NewID(now)
		}
		t.Created, t.Changed, t.Published = now, now, false
		t.Post(now, entry(by, t, "tour.create", now), outbox.Reindex("tour:"+t.ID, now))
		return s.insert(ctx, t)
	}
	var was Tour
	err := s.tours.Update(ctx, t.ID, func(old *Tour) error {
		if !old.Changed.Equal(seen) {
			return fault.New(fault.Conflict, "tours.form.stale")
		}
		was = *old
		t.Identify(was)
		if err := fault.Join(t.Validate(old.Published), unknownUse); err != nil {
			return err
		}
		*old = t
		old.Org, old.Slug, old.Created, old.Published, old.Taken, old.Demo, old.Photos, old.Box = was.Org, was.Slug, was.Created, was.Published, was.Taken, was.Demo, was.Photos, was.Box
		if old.Changed = now; !now.After(was.Changed) {
			old.Changed = was.Changed.Add(time.Millisecond)
		}
		old.Post(now, entry(by, *old, "tour.edit", now), outbox.Reindex("tour:"+t.ID, now))
		t = *old
		return nil
	})
	if err == nil {
		s.settled(ctx, "tour", s.tourOut.Settle(ctx, t.ID))
		err = s.follow(ctx, was, t)
	}
	return t, unknown(err, "tours.tour.not_found")
}

// fill makes lists of what a form left out, since the store keeps no nothing.
func (t *Tour) fill() {
	t.Photos, t.Plots, t.Products, t.Speaks = listOf(t.Photos), listOf(t.Plots), listOf(t.Products), listOf(t.Speaks)
	t.Types, t.AddOns, t.Questions, t.Uses, t.Policy = listOf(t.Types), listOf(t.AddOns), listOf(t.Questions), listOf(t.Uses), Policy(listOf([]Step(t.Policy)))
	for i := range t.Questions {
		t.Questions[i].Choices = listOf(t.Questions[i].Choices)
	}
}

func listOf[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// insert keeps a new tour under an address that no other has. A form that was sent
// twice makes one.
func (s *Service) insert(ctx context.Context, t Tour) (Tour, error) {
	base := lang.Slug(t.Name)
	if base == "" {
		base = "tour-" + t.ID[len(t.ID)-8:]
	}
	for i := 1; i <= 50; i++ {
		if t.Slug = base; i > 1 {
			t.Slug = base + "-" + itoa(i)
		}
		err := s.tours.Insert(ctx, t)
		if !fault.Is(err, fault.Conflict) {
			if err == nil {
				s.settled(ctx, "tour", s.tourOut.Settle(ctx, t.ID))
			}
			return t, err
		}
		switch old, err := s.tours.Get(ctx, t.ID); {
		case fault.Is(err, fault.NotFound): // the address is another's
		case err != nil:
			return t, err
		case !old.Changed.Equal(old.Created) || !sameForm(old, t):
			return t, fault.New(fault.Conflict, "tours.form.stale")
		default:
			return old, nil
		}
	}
	return t, fault.New(fault.Conflict, "tours.slug.taken").Field("name", "tours.slug.taken")
}

// sameForm reports whether two tours were made of the same form.
func sameForm(a, b Tour) bool {
	b.Slug, b.Created, b.Changed, b.Box, a.Box = a.Slug, a.Created, a.Changed, outbox.Box{}, outbox.Box{}
	return reflect.DeepEqual(a, b)
}

// isTourID reports whether a text is an id as the store gives them.
func isTourID(id string) bool { return len(id) == 24 && strings.Trim(id, "0123456789abcdef") == "" }

// Publish shows a tour to everybody, once it says all that visitors need: fault.Invalid
// "tours.form" with the fields that are missing. Whoever publishes one that the
// market took out is fault.Forbidden "tours.taken", but for the market.
func (s *Service) Publish(ctx context.Context, by, id string, market bool) error {
	return s.change(ctx, by, id, "tour.publish", func(t *Tour) error {
		if t.Taken != "" && !market {
			return fault.New(fault.Forbidden, "tours.taken")
		}
		if err := t.Validate(true); err != nil {
			return err
		}
		t.Published, t.Taken = true, ""
		return nil
	})
}

// Withdraw hides a tour; what is booked stands. The market gives a reason.
func (s *Service) Withdraw(ctx context.Context, by, id, reason string, market bool) error {
	reason = strings.Join(strings.Fields(reason), " ")
	if market && reason == "" {
		return fault.New(fault.Invalid, "tours.form").Field("reason", "tours.field.missing")
	}
	return s.change(ctx, by, id, "tour.withdraw", func(t *Tour) error {
		t.Published = false
		if market {
			t.Taken = reason
		}
		return nil
	})
}

// SetPhotos keeps the pictures of a tour, the first one first.
func (s *Service) SetPhotos(ctx context.Context, by, id string, photos []string) error {
	if len(photos) > maxPhotos {
		return fault.New(fault.Invalid, "tours.form").Field("photo", "tours.photos.many")
	}
	return s.change(ctx, by, id, "tour.photos", func(t *Tour) error { t.Photos = photos; return nil })
}

// maxPhotos are those of a tour.
const maxPhotos = 8

func (s *Service) change(ctx context.Context, by, id, action string, fn func(*Tour) error) error {
	now := store.Stamp(s.Now())
	err := s.tours.Update(ctx, id, func(t *Tour) error {
		if err := fn(t); err != nil {
			return err
		}
		if t.Changed = now; !now.After(t.Changed) {
			t.Changed = t.Changed.Add(time.Millisecond)
		}
		t.Post(now, entry(by, *t, action, now), outbox.Reindex("tour:"+t.ID, now))
		return nil
	})
	if err == nil {
		s.settled(ctx, "tour", s.tourOut.Settle(ctx, id))
	}
	return unknown(err, "tours.tour.not_found")
}

func (s *Service) note(ctx context.Context, by string, t Tour, action string, after ...outbox.Value) error {
	now := store.Stamp(s.Now())
	err := s.tours.Update(ctx, t.ID, func(t *Tour) error {
		e := entry(by, *t, action, now)
		e.Entry.After = after
		t.Post(now, e, outbox.Reindex("tour:"+t.ID, now))
		return nil
	})
	if err == nil {
		s.settled(ctx, "tour", s.tourOut.Settle(ctx, t.ID))
	}
	return err
}

func entry(by string, t Tour, action string, now time.Time) outbox.Effect {
	e := outbox.Entry{At: now, By: by, Action: action, Object: "tour:" + t.ID, Org: t.Org, After: []outbox.Value{{Name: "name", Text: t.Name}}}
	return outbox.Effect{ID: store.NewID(now), Entry: &e}
}

// Resources lists what the tours of an organisation share.
func (s *Service) Resources(ctx context.Context, org string) (list []Resource, err error) {
	err = s.resources.All(ctx, store.Query{Index: "org", Eq: []any{org}}, func(r Resource) error {
		list = append(list, r)
		return nil
	})
	return list, err
}

// SaveResource keeps a thing that tours share; an empty id makes a new one. Faults:
// those of Validate; Conflict "tours.resource.used" where a tour uses what ends.
func (s *Service) SaveResource(ctx context.Context, r Resource) (Resource, error) {
	r.Name = strings.Join(strings.Fields(r.Name), " ")
	if err := r.Validate(); err != nil {
		return r, err
	}
	if err := s.endable(ctx, r); err != nil {
		return r, err
	}
	r.Changed = store.Stamp(s.Now())
	if r.ID == "" {
		r.ID = store.NewID(r.Changed)
		return r, s.resources.Insert(ctx, r)
	}
	err := s.resources.Update(ctx, r.ID, func(old *Resource) error {
		if old.Org != r.Org {
			return fault.New(fault.NotFound, "tours.resource.not_found")
		}
		*old = r
		return nil
	})
	return r, unknown(err, "tours.resource.not_found")
}

func (s *Service) endable(ctx context.Context, r Resource) error {
	if r.ID == "" || !r.Ended {
		return nil
	}
	own, err := s.Own(ctx, r.Org)
	if err == nil && slices.ContainsFunc(own, func(t Tour) bool {
		return slices.ContainsFunc(t.Uses, func(u Use) bool { return u.Resource == r.ID })
	}) {
		err = fault.New(fault.Conflict, "tours.resource.used")
	}
	return err
}
