package views

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"nguon/catalog"
	"nguon/qr/gi"
)

// Component renders the page.
func (p ProducerList) Component() templ.Component {
	p.Base = p.named(p.T("shop.producers.title"), p.T("shop.producers.description"))
	for _, m := range p.Producers {
		p.shows(m.Demo)
	}
	return p.page()
}

func (p ProducerList) nextPath() string {
	return "/producers?" + url.Values{"after": {p.Next}}.Encode()
}

func communesOf(list []catalog.Producer) []string {
	codes := make([]string, 0, len(list))
	for _, m := range list {
		codes = append(codes, m.Commune)
	}
	return codes
}

// Component renders the page.
func (p ProducerPage) Component() templ.Component {
	first := p.T("shop.producers.description")
	if ps := paragraphs(p.Producer.Story.In(p.Lang)); len(ps) > 0 {
		first = ps[0]
	}
	p.Base = p.named(producerName(p.Lang, p.Producer), first)
	p.Demo = p.Demo || p.Producer.Demo
	p.JSONLD = append(p.JSONLD, p.organization(p.Producer), p.crumbsLD(p.crumbs()))
	return p.page()
}

func (p ProducerPage) crumbs() []crumb {
	return []crumb{{p.T("shop.producers.title"), "/producers"}, {producerName(p.Lang, p.Producer), "/producers/" + p.Producer.Slug}}
}

func (p ProducerPage) facts() []fact {
	m := p.Producer
	list := []fact{
		{p.T("shop.producer.address"), m.Address.In(p.Lang)},
		{p.T("shop.producer.commune"), upperFirst(communeName(p.Lang, m.Commune))},
	}
	if m.Founded > 0 {
		list = append(list, fact{p.T("shop.producer.founded"), strconv.Itoa(m.Founded)})
	}
	if m.Members > 0 {
		list = append(list, fact{p.T("shop.producer.members"), p.N("shop.members", m.Members)})
	}
	if m.AreaHa > 0 {
		list = append(list, fact{p.T("shop.producer.area"), p.Lang.Num(m.AreaHa, 1) + "\u00a0ha"})
	}
	if m.Phone != "" {
		list = append(list, fact{p.T("shop.producer.phone"), m.Phone})
	}
	return list
}

func rightPath(number string) string { return "/gi/" + url.PathEscape(number) }

// statusResult is how the status of a right is drawn.
func statusResult(s gi.Status) string {
	switch s {
	case gi.Valid:
		return "pass"
	case gi.NotYet:
		return "plain"
	case gi.Suspended:
		return "undetermined"
	}
	return "fail"
}
