package report

import (
	"context"

	"nguon/app/fault"
	"nguon/app/store"
)

const pageSize = 24

// Inbox lists the reports of one inbox with one status, newest first, and the
// cursor of the next page, "" on the last. An inbox or status that does not
// exist is fault.Invalid "report.filter_unknown".
func (s *Service) Inbox(ctx context.Context, inbox Inbox, status Status, after string) ([]Report, string, error) {
	if !inbox.known() || !status.known() {
		return nil, "", fault.New(fault.Invalid, "report.filter_unknown")
	}
	return s.reports.Find(ctx, store.Query{Index: "inbox", Eq: []any{inbox, status}, Desc: true, Limit: pageSize, After: after})
}

func (i Inbox) known() bool { return i == Authority || i == Operator }

func (s Status) known() bool { return s == Open || s == Answered || s == Closed }

// CountOpen counts the reports of an inbox that wait for somebody.
func (s *Service) CountOpen(ctx context.Context, inbox Inbox) (int64, error) {
	return s.reports.Count(ctx, store.Query{Index: "inbox", Eq: []any{inbox, Open}})
}

// Get returns one report, or fault.NotFound "report.not_found".
func (s *Service) Get(ctx context.Context, id string) (Report, error) {
	r, err := s.reports.Get(ctx, id)
	return r, unknown(err)
}

// ByNumber finds a report by the number that somebody quotes, however they
// write it, or is fault.NotFound "report.not_found".
func (s *Service) ByNumber(ctx context.Context, number string) (Report, error) {
	n, ok := parseNumber(number)
	if !ok {
		return Report{}, fault.New(fault.NotFound, "report.not_found")
	}
	r, err := s.reports.First(ctx, store.Query{Index: "number", Eq: []any{n}})
	return r, unknown(err)
}
