package qr

import (
	"context"
	"net/url"
	"strings"

	"nguon/app/fault"
)

// Link types that this resolver knows, as GS1's vocabulary names them.
const (
	DefaultLink  = "gs1:defaultLink"
	Traceability = "gs1:traceability" // the trace page of a lot or serial
	PIP          = "gs1:pip"          // the product's page
)

// Resolve answers a Digital Link with the path to redirect to (307), its query
// passed on: the trace page of the lot and serial, or the product's page when
// the link names no lot that we know ("walking up"); of a product that the shop
// does not show, the page where the rest of a label is typed. A serial is always left
// to the trace page, which says what it is worth. The linkType of the query
// is honoured. Faults: NotFound "qr.gtin.unknown" for a GTIN never issued here
// and "qr.link.type_absent" for a kind of link that there is none of.
func (s *Service) Resolve(ctx context.Context, l Link) (string, error) {
	if l.asked && l.Lot != "" && l.Serial != "" {
		return l.TracePath(), nil
	}
	product, levels, err := s.walk(ctx, l)
	if err != nil {
		return "", err
	}
	target, query := "", l.Query
	switch linkType(l.LinkType()) {
	case "", DefaultLink:
		target = levels[0].path(product)
	case Traceability:
		target = levels[0].TracePath()
	case PIP:
		if product.Listed {
			target = product.Path()
		}
	}
	if target == "" {
		return "", fault.New(fault.NotFound, "qr.link.type_absent").With("Type", excerpt(l.LinkType()))
	}
	if missed := l.missed(levels[0]); missed != "" {
		query = strings.TrimSuffix(missed+"&"+query, "&")
	}
	if query != "" {
		sep := "?"
		if strings.Contains(target, sep) {
			sep = "&"
		}
		target += sep + query
	}
	return target, nil
}

// missed is the part of a link, as a query, that the most exact known level of
// it lacks; "" when that level says all.
func (l Link) missed(known Link) string {
	switch {
	case known.Lot != "":
		return ""
	case l.Lot != "":
		return "lot=" + url.QueryEscape(l.Lot)
	case l.Serial != "":
		return "serial=" + url.QueryEscape(l.Serial)
	}
	return ""
}

// linkType brings the ways to write a type to one; linkset and all are asked
// for elsewhere and fall back to the default.
func linkType(s string) string {
	for _, voc := range [...]string{vocabulary, "https://gs1.org/voc/", "http://gs1.org/voc/", "https://www.gs1.org/voc/"} {
		if name, ok := strings.CutPrefix(s, voc); ok {
			return "gs1:" + name
		}
	}
	if s == "linkset" || s == "all" {
		return ""
	}
	return s
}

// walk checks what of a link is known. Levels begins with the most exact one
// that a page exists for and ends with the GTIN alone.
func (s *Service) walk(ctx context.Context, l Link) (Product, []Link, error) {
	product, err := s.product(ctx, l.GTIN)
	if err != nil {
		return Product{}, nil, err
	}
	item := Link{GTIN: l.GTIN}
	lot := l.Lot
	switch {
	case lot != "":
		_, err = s.lots.get(ctx, l.GTIN, lot)
	case l.Serial != "":
		lot, err = s.lotOfSerial(ctx, l.GTIN, l.Serial)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Product{}, nil, err
	}
	if err != nil || lot == "" {
		return product, []Link{item}, nil
	}
	batch := Link{GTIN: l.GTIN, Lot: lot}
	if l.Serial == "" {
		return product, []Link{batch, item}, nil
	}
	return product, []Link{{GTIN: l.GTIN, Lot: lot, Serial: l.Serial}, batch, item}, nil
}

// path is the page of one level.
func (l Link) path(p Product) string {
	if l.Lot != "" {
		return l.TracePath()
	}
	return p.Path()
}

// Path is the site path that a GTIN leads to: the product's page, or, where the
// shop does not show it, the page where the rest of a label is typed. The GTIN
// alone says nothing then, while lot and serial still find their packet.
func (p Product) Path() string {
	if p.Listed {
		return "/products/" + p.Slug
	}
	return "/verify?unsold=1"
}
