package views

import (
	"net/url"

	"github.com/a-h/templ"
)

// Component renders the page.
func (p ReportFormPage) Component() templ.Component {
	p.Base = p.named(p.T("reportpage.title"), p.T("reportpage.description"))
	return p.page()
}

// reportPath is the form for reporting a page.
func reportPath(path string) string { return "/report?about=" + url.QueryEscape(path) }

func (p ReportFormPage) reasons() []choice {
	return words(p.Base, "report.reason.", reasonsOf(p.About.Kind)...)
}
