package qr

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"nguon/app/fault"
	"nguon/app/lang"
)

const vocabulary = "https://ref.gs1.org/voc/"

// What a linkset is served as. The media type goes out bare, without charset;
// LinksetContext goes into a Link header with rel
// "http://www.w3.org/ns/json-ld#context" and type "application/ld+json".
const (
	LinksetMedia   = "application/linkset+json"
	LinksetContext = "https://ref.gs1.org/standards/resolver/linkset-context"
)

// linkContext is one member of a linkset (RFC 9264): a thing and its links. The
// names and their order follow GS1's linkset schema.
type linkContext struct {
	Anchor       string    `json:"anchor"`
	Description  string    `json:"itemDescription"`
	Default      []linkRef `json:"https://ref.gs1.org/voc/defaultLink,omitempty"`
	Traceability []linkRef `json:"https://ref.gs1.org/voc/traceability,omitempty"`
	PIP          []linkRef `json:"https://ref.gs1.org/voc/pip,omitempty"`
}

type linkRef struct {
	Href     string   `json:"href"`
	Title    string   `json:"title"`
	Type     string   `json:"type,omitempty"`
	Hreflang []string `json:"hreflang,omitempty"`
}

// Linkset lists the links of a Digital Link, for each level from the most exact
// one known up to the GTIN, as application/linkset+json. The most exact
// level has the one default link. Base is the address of this resolver
// without a trailing slash, l the language of titles that stand for both. It
// fails like Resolve.
func (s *Service) Linkset(ctx context.Context, link Link, base string, l lang.Lang) ([]byte, error) {
	product, levels, err := s.walk(ctx, link)
	if err != nil {
		return nil, err
	}
	base = strings.TrimSuffix(base, "/")
	contexts := make([]linkContext, 0, len(levels))
	for i, level := range levels {
		contexts = append(contexts, level.context(product, base, l, i == 0))
	}
	return encodeJSON(map[string]any{"linkset": contexts})
}

func (l Link) context(p Product, base string, in lang.Lang, entry bool) linkContext {
	c := linkContext{Anchor: base + l.Path(), Description: l.describe(p, in)}
	refs := make([]linkRef, 0, len(lang.All))
	for _, each := range lang.All {
		refs = append(refs, linkRef{Href: base + each.Path(l.path(p)), Title: l.title(p, each),
			Type: "text/html", Hreflang: []string{string(each)}})
	}
	switch {
	case l.Lot != "":
		c.Traceability = refs
	case p.Listed:
		c.PIP = refs
	}
	if entry {
		c.Default = []linkRef{{Href: base + lang.Vi.Path(l.path(p)), Title: l.title(p, in)}}
	}
	return c
}

func productName(p Product, l lang.Lang) string { return lang.Text{Vi: p.Name, En: p.NameEn}.In(l) }

func (l Link) describe(p Product, in lang.Lang) string {
	switch name := productName(p, in); {
	case l.Serial != "":
		return in.T("qr.linkset.serial", "Name", name, "Lot", l.Lot, "Serial", l.Serial)
	case l.Lot != "":
		return in.T("qr.linkset.lot", "Name", name, "Lot", l.Lot)
	default:
		return name
	}
}

func (l Link) title(p Product, in lang.Lang) string {
	switch {
	case l.Serial != "":
		return in.T("qr.linkset.title.serial", "Name", productName(p, in))
	case l.Lot != "":
		return in.T("qr.linkset.title.lot", "Name", productName(p, in), "Lot", l.Lot)
	default:
		return in.T("qr.linkset.title.product", "Name", productName(p, in))
	}
}

// ResolverFile is the description of this resolver for
// /.well-known/gs1resolver, as application/json.
func (s *Service) ResolverFile() ([]byte, error) {
	return encodeJSON(map[string]any{
		"name":                        "Nguồn",
		"resolverRoot":                s.base,
		"supportedPrimaryKeys":        []string{"01"},
		"supportedLinkType":           []map[string]string{{"namespace": vocabulary, "prefix": "gs1:"}},
		"linkTypeDefaultCanBeLinkset": false,
		"supportsLanguageVariants":    true,
	})
}

// encodeJSON leaves & < > readable, since these answers are never put into HTML.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fault.Wrap(fault.Internal, "internal", err)
	}
	return b.Bytes(), nil
}
