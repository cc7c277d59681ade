package views

import "github.com/a-h/templ"

// Component renders the page.
func (p AboutPage) Component() templ.Component {
	key := "legal." + string(p.Text.Page)
	p.Base = p.named(p.T(key+".title"), p.T(key+".description"))
	return p.page()
}
