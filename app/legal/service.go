package legal

import (
	"context"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Service keeps the edited texts in the store. It does not ask who may edit:
// callers let only operators near Edit and History. It is safe for concurrent
// use.
type Service struct {
	docs    *store.Collection[document]
	effects *outbox.Outbox[document]
	now     func() time.Time
	cache   cache
}

// New declares the collection of texts in db; by performs the entries of the
// audit log that follow from edits.
func New(ctx context.Context, db store.DB, now func() time.Time, by outbox.Performer) (*Service, error) {
	docs, err := store.Open[document](ctx, db, store.Spec{Name: "legal_texts", Version: 1, Indexes: []store.Index{outbox.Index}})
	if err != nil {
		return nil, err
	}
	effects := outbox.New(docs, by, func(d *document) (string, *outbox.Box) { return string(d.ID), &d.Box })
	return &Service{docs: docs, effects: effects, now: now, cache: cache{kept: map[Page]reading{}, seen: map[Page]int{}}}, nil
}

// Text is what a page says now; what another instance wrote within the last
// second may be missing. A page that does not exist is fault.NotFound.
func (s *Service) Text(ctx context.Context, page Page) (Text, error) {
	at := s.now()
	t, writes, ok := s.cache.get(page, at)
	if ok {
		return t, nil
	}
	d, err := s.document(ctx, page)
	if err != nil {
		return Text{}, err
	}
	t = defaults[page]
	if d.Rev > 0 {
		t = d.text()
	}
	s.cache.put(reading{t, at}, writes)
	return t, nil
}

// document reads a page; one that nobody edited comes without revisions.
func (s *Service) document(ctx context.Context, page Page) (document, error) {
	if !slices.Contains(Pages, page) {
		return document{}, fault.New(fault.NotFound, "legal.not_found")
	}
	d, err := s.docs.Get(ctx, string(page))
	if fault.Is(err, fault.NotFound) {
		return document{ID: page}, nil
	}
	return d, err
}

// Edit saves a text as the next revision; rev is the one that the editor saw, 0
// for the default. One that somebody else has replaced meanwhile is
// fault.Conflict "legal.stale"; a text that is missing in a language or too
// long is fault.Invalid "legal.incomplete" with the Fields "vi" and "en"; a
// page that does not exist is fault.NotFound. Repeating it changes nothing.
func (s *Service) Edit(ctx context.Context, by string, page Page, rev int, body lang.Text) error {
	if !slices.Contains(Pages, page) {
		return fault.New(fault.NotFound, "legal.not_found")
	}
	body, err := checked(body)
	if err != nil {
		return err
	}
	defer s.cache.written(page) // also when the outcome is unknown
	if err := s.write(ctx, page, edit{by, rev, body, s.now()}); err != nil {
		return err
	}
	_ = s.effects.Settle(ctx, string(page)) // what fails stays for Sweep
	return nil
}

// write makes the document with the first edit, and meets there whoever was
// quicker.
func (s *Service) write(ctx context.Context, page Page, e edit) error {
	return s.docs.Upsert(ctx, string(page), document{ID: page}, func(d *document) error { return d.apply(e) })
}

// History lists the revisions of a page that are kept, the newest first: none
// while nobody has edited it. A page that does not exist is fault.NotFound.
func (s *Service) History(ctx context.Context, page Page) ([]Revision, error) {
	d, err := s.document(ctx, page)
	if err != nil {
		return nil, err
	}
	slices.Reverse(d.Revisions)
	return d.Revisions, nil
}

// Sweep performs the effects that were posted before a moment and are still
// pending, and returns how many pages it settled. A worker calls it.
func (s *Service) Sweep(ctx context.Context, before time.Time) (int, error) {
	return s.effects.Sweep(ctx, before)
}
