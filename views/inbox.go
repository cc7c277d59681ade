package views

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"nguon/app/report"
)

// Component renders the page.
func (p ReportsPage) Component() templ.Component {
	p.Base = p.private(p.T("inbox.title"), p.T("inbox.description"))
	return p.page()
}

// Component renders the page.
func (p ReportPage) Component() templ.Component {
	p.Base = p.private(p.T("inbox.report", "Number", p.Report.Number), p.T("inbox.description"))
	return p.page()
}

var reportStatuses = [...]report.Status{report.Open, report.Answered, report.Closed}

func reportResult(s report.Status) string {
	switch s {
	case report.Open:
		return "undetermined"
	case report.Answered:
		return "pass"
	}
	return "plain"
}

func (p ReportsPage) path(in report.Inbox, st report.Status) string {
	return "/console/reports?inbox=" + string(in) + "&status=" + string(st)
}

// above is the list that the report stands in.
func (p ReportPage) above() crumb {
	return crumb{p.T("inbox.title"), ReportsPage{}.path(p.Report.Inbox, p.Report.Status)}
}

// evidence words what a page showed when a report came in.
func evidence(b Base, a report.About) []fact {
	list := make([]fact, 0, len(a.Facts))
	for _, f := range a.Facts {
		list = append(list, fact{word(b.Lang, "inbox.fact.", f.Name), factText(b, f)})
	}
	return list
}

// factText words values that are codes.
func factText(b Base, f report.Fact) string {
	switch f.Name {
	case "state":
		if key := "tracepage.kind." + f.Text; b.Lang.Has(key) {
			return b.T(key)
		}
	case "gi":
		if key := "tracepage.gi." + f.Text; b.Lang.Has(key) {
			return b.T(key)
		}
	case "kind":
		return word(b.Lang, "shop.kind.", f.Text)
	}
	return f.Text
}

func (p ReportPage) contact() string {
	switch {
	case p.Report.Contact != "":
		return p.Report.Contact
	case p.Report.ErasedAt != nil:
		return p.T("inbox.contact.erased")
	}
	return p.T("inbox.contact.none")
}

func (p ReportPage) facts() []fact {
	return []fact{
		{p.T("inbox.at"), p.Lang.DateTime(p.Report.At)},
		{p.T("inbox.what"), p.T("report.reason." + string(p.Report.Reason))},
		{p.T("inbox.where"), p.Report.Where},
		{p.T("inbox.contact"), p.contact()},
		{p.T("inbox.lang"), p.T("accountpage.lang." + string(p.Report.Lang))},
	}
}

// event is one step of the work on a report.
type event struct {
	at        time.Time
	by, words string
	kind      string // message key suffix under "inbox.event."
}

// events are what was done with the report, the latest first.
func (p ReportPage) events() []event {
	var list []event
	for _, a := range p.Report.Answers {
		kind := "kept"
		if a.Mailed {
			kind = "mailed"
		}
		list = append(list, event{a.At, a.By, a.Words, kind})
	}
	for _, c := range p.Report.Closings {
		list = append(list, event{c.At, c.By, c.Words, "closed"})
		if c.ReopenedAt != nil {
			list = append(list, event{*c.ReopenedAt, c.ReopenedBy, "", "reopened"})
		}
	}
	slices.SortStableFunc(list, func(x, y event) int { return y.at.Compare(x.at) })
	return list
}

func (e event) result() string {
	if e.kind == "reopened" {
		return "undetermined"
	}
	if e.kind == "closed" {
		return "plain"
	}
	return "pass"
}

// answerHint says what becomes of the words.
func (p ReportPage) answerHint() string {
	if p.Report.Contact == "" {
		return p.T("inbox.answer.hint.kept")
	}
	return p.T("inbox.answer.hint")
}

func reasonsOf(k report.Kind) []report.Reason { return report.Reasons(k) }
