package views

import (
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
		if key := "tracepage.gi.result." + f.Text; b.Lang.Has(key) {
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
		{p.T("logpage.when"), p.Lang.DateTime(p.Report.At)},
		{p.T("inbox.what"), p.T("report.reason." + string(p.Report.Reason))},
		{p.T("inbox.where"), p.Report.Where},
		{p.T("inbox.contact"), p.contact()},
	}
}

func reasonsOf(k report.Kind) []report.Reason { return report.Reasons(k) }
