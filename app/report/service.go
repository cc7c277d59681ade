package report

import (
	"context"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Service keeps the reports. It does not ask who may read or answer: callers
// let only people of a report's Inbox near anything but File.
type Service struct {
	reports *store.Collection[Report]
	effects *outbox.Outbox[Report]
	now     func() time.Time
	number  func() string
}

// New declares the collection of reports in db; by performs what follows from
// a report: entries of the audit log, the mail with an answer, and the task TaskNotify
// whose object is the id of a new report.
func New(ctx context.Context, db store.DB, now func() time.Time, by outbox.Performer) (*Service, error) {
	reports, err := store.Open[Report](ctx, db, store.Spec{
		Name:    "reports",
		Version: 1,
		Indexes: []store.Index{
			{Name: "number", Parts: []store.Part{{Path: "number"}}, Unique: true},
			{Name: "once", Parts: []store.Part{{Path: "once"}}, Unique: true},
			{Name: "inbox", Parts: []store.Part{{Path: "inbox"}, {Path: "status"}, {Path: "at", Kind: store.Time}}},
			{Name: "erase", Parts: []store.Part{{Path: "eraseAt", Kind: store.Time}}, Sparse: true},
			outbox.Index,
		},
	})
	if err != nil {
		return nil, err
	}
	effects := outbox.New(reports, by, func(r *Report) (string, *outbox.Box) { return r.ID, &r.Box })
	return &Service{reports, effects, now, newNumber}, nil
}

// numberTries is how many taken numbers are drawn before File gives up.
const numberTries = 10

// File stores a report. What the form lacks is fault.Invalid
// "report.incomplete" with its Fields: about, reason, words, where, contact,
// once. The same form sent again returns the first report; with other words in
// it, it is fault.Conflict "report.once_used".
func (s *Service) File(ctx context.Context, d Draft) (Report, error) {
	r, err := d.report()
	if err != nil {
		return Report{}, err
	}
	for range numberTries {
		r.register(s.number(), s.now())
		err = s.reports.Insert(ctx, r)
		if err == nil {
			s.settle(ctx, r.ID)
			return r, nil
		}
		if !fault.Is(err, fault.Conflict) {
			return Report{}, err
		}
		first, found := s.reports.First(ctx, store.Query{Index: "once", Eq: []any{r.Once}})
		if !fault.Is(found, fault.NotFound) {
			return first.repeated(r, found)
		}
	}
	return Report{}, fault.Wrap(fault.Unavailable, "store.busy", err)
}

// repeated is what the second sending of a form returns, given the report of
// the first and the error of looking it up.
func (r Report) repeated(second Report, err error) (Report, error) {
	if err != nil {
		return Report{}, err
	}
	if !r.same(second) {
		return Report{}, r.refuse("report.once_used")
	}
	return r, nil
}

// Answer writes to the visitor: the answer is kept with the report, and mailed
// if an address was left. A Once that is there already changes nothing; with
// other words it is fault.Conflict "report.answer_used". Empty or too long words are
// fault.Invalid, a closed report is fault.Conflict "report.closed", an unknown
// one fault.NotFound.
func (s *Service) Answer(ctx context.Context, by, id string, d Reply) error {
	f := form{fault.NewForm("report.incomplete")}
	typed := d.Words
	d.Words = paragraphs(typed)
	f.Need(d.Words != "", "words", "report.field.answer")
	f.words(typed, d.Words, 0)
	f.Need(isOnce(d.Once), "once", "report.field.once")
	if err := f.Result(); err != nil {
		return err
	}
	return s.update(ctx, id, func(r *Report) error { return r.answer(by, d, s.now()) })
}

// Close ends the work on a report that was seen with a number of closings, with
// a note for the inbox or with none. Repeating it changes nothing, not even
// after a reopening; closing what was closed since is fault.Conflict
// "report.closed".
func (s *Service) Close(ctx context.Context, by, id, words string, closings int) error {
	f := form{fault.NewForm("report.incomplete")}
	note := paragraphs(words)
	f.words(words, note, 0)
	if err := f.Result(); err != nil {
		return err
	}
	return s.update(ctx, id, func(r *Report) error { return r.close(by, note, closings, s.now()) })
}

// Reopen undoes the last of a number of closings. Repeating it changes nothing,
// not even after another closing; a report that is not closed is fault.Conflict
// "report.not_closed".
func (s *Service) Reopen(ctx context.Context, by, id string, closings int) error {
	return s.update(ctx, id, func(r *Report) error { return r.reopen(by, closings, s.now()) })
}

func (s *Service) update(ctx context.Context, id string, change func(*Report) error) error {
	if err := s.reports.Update(ctx, id, change); err != nil {
		return unknown(err)
	}
	s.settle(ctx, id)
	return nil
}

// settle performs at once what can be; the rest stays in the document for
// SweepEffects, so its error concerns nobody who waits for a page.
func (s *Service) settle(ctx context.Context, id string) { _ = s.effects.Settle(ctx, id) }

// SweepEffects performs what was posted before a moment and is still pending,
// and returns how many reports it settled. A worker calls it.
func (s *Service) SweepEffects(ctx context.Context, before time.Time) (int, error) {
	return s.effects.Sweep(ctx, before)
}

// unknown turns the store's "not found" into one that speaks of reports.
func unknown(err error) error {
	if fault.CodeOf(err) == "store.not_found" {
		return fault.Wrap(fault.NotFound, "report.not_found", err)
	}
	return err
}
