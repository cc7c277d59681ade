package views

import "github.com/a-h/templ"

// Component renders the page.
func (p Home) Component() templ.Component {
	p.Base = p.named(p.T("home.pagetitle"), p.T("home.description"))
	p.JSONLD = append(p.JSONLD, ld{"@context": "https://schema.org", "@type": "WebSite", "name": p.T("site.name"), "url": p.In(p.Lang), "inLanguage": string(p.Lang)})
	for _, item := range p.Products {
		p.shows(item.Demo)
	}
	for _, m := range p.Producers {
		p.shows(m.Demo)
	}
	return p.page()
}

func (p Home) communes() []string {
	if len(p.Communes) > 0 {
		return p.Communes
	}
	return communesOf(p.Producers)
}

var homeSteps = [...]struct{ name, icon string }{{"scan", "scan-qr-code"}, {"compare", "package-check"}, {"read", "scroll-text"}}

// bandStrip is the woven band between two parts of a page.
func bandStrip() templ.Component { return bandAgain }
