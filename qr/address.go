package qr

import (
	"net/url"
	"strings"
)

// Path writes the primary key and its qualifiers in their order, for instance
// "/01/09520123456788/10/ABC1/21/12345".
func (l Link) Path() string {
	var b strings.Builder
	for _, p := range [...]struct{ ai, value string }{
		{"01", l.GTIN}, {"22", l.CPV}, {"10", l.Lot}, {"21", l.Serial}, {"235", l.TPX}} {
		if p.value != "" {
			b.WriteString("/" + p.ai + "/" + escape(p.value))
		}
	}
	return b.String()
}

// TracePath is the page about the lot and serial, for instance
// "/trace/09520123456788/ABC1/12345"; it is empty without a lot.
func (l Link) TracePath() string {
	if l.Lot == "" {
		return ""
	}
	p := "/trace/" + l.GTIN + "/" + escape(l.Lot)
	if l.Serial != "" {
		p += "/" + escape(l.Serial)
	}
	return p
}

// LinkType is the value of the linkType parameter, "" when there is none.
func (l Link) LinkType() string {
	for pair := range strings.SplitSeq(l.Query, "&") {
		if raw, ok := strings.CutPrefix(pair, "linkType="); ok {
			v, err := url.QueryUnescape(raw)
			if err != nil {
				return raw
			}
			return v
		}
	}
	return ""
}
