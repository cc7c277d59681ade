package handlers

import (
	"bytes"
	"context"
	"encoding/xml"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
	"nguon/catalog"
)

// robots keeps crawlers away from answers meant for programs and from what
// belongs to one shopper. Pages of single
// packets say noindex themselves, which a crawler must be able to read.
func (s *Site) robots(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	private := ""
	for _, l := range lang.All {
		for _, path := range [...]string{"/cart", "/checkout", "/orders"} {
			private += "Disallow: " + l.Path(path) + "\n"
		}
	}
	return c.SendString("User-agent: *\nDisallow: /api/\nDisallow: /01/\n" + private + "\nSitemap: " + s.BaseURL + "/sitemap.xml\n")
}

// maxSitemap is the most addresses that the protocol allows in one file; each
// page has one for each language.
const maxSitemap = 50_000 / len(lang.All)

type urlset struct {
	XMLName xml.Name     `xml:"urlset"`
	NS      string       `xml:"xmlns,attr"`
	XHTML   string       `xml:"xmlns:xhtml,attr"`
	URLs    []sitemapURL `xml:"url"`
}

type sitemapURL struct {
	Loc        string      `xml:"loc"`
	Alternates []alternate `xml:"xhtml:link"`
}

type alternate struct {
	Rel  string `xml:"rel,attr"`
	Lang string `xml:"hreflang,attr"`
	Href string `xml:"href,attr"`
}

// sitemap names every public page that stands for itself, in both languages.
func (s *Site) sitemap(c *fiber.Ctx) error {
	paths, err := s.publicPaths(c.UserContext())
	if err != nil {
		return err
	}
	set := urlset{NS: "http://www.sitemaps.org/schemas/sitemap/0.9", XHTML: "http://www.w3.org/1999/xhtml"}
	for _, p := range paths[:min(len(paths), maxSitemap)] {
		var others []alternate
		for _, l := range lang.All {
			others = append(others, alternate{"alternate", string(l), s.BaseURL + l.Path(p)})
		}
		for _, l := range lang.All {
			set.URLs = append(set.URLs, sitemapURL{s.BaseURL + l.Path(p), others})
		}
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(set); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationXMLCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	return c.Send(b.Bytes())
}

func (s *Site) publicPaths(ctx context.Context) ([]string, error) {
	paths := []string{"/", "/products", "/producers", "/verify", "/gi"}
	for f := (catalog.Filter{Limit: 100}); len(paths) < maxSitemap; {
		page, err := s.Catalog.Products(ctx, f)
		if err != nil {
			return nil, err
		}
		for _, p := range page.Items {
			paths = append(paths, "/products/"+p.Slug)
		}
		if f.After = page.Next; f.After == "" {
			break
		}
	}
	for after := ""; len(paths) < maxSitemap; {
		producers, next, err := s.Catalog.Producers(ctx, after)
		if err != nil {
			return nil, err
		}
		for _, p := range producers {
			paths = append(paths, "/producers/"+p.Slug)
		}
		if after = next; after == "" {
			break
		}
	}
	visits, err := s.offered(ctx)
	if err != nil {
		return nil, err
	}
	paths = append(paths, "/tours")
	for _, t := range visits {
		paths = append(paths, "/tours/"+t.Slug)
	}
	festival, err := s.festivalPaths(ctx)
	if err != nil {
		return nil, err
	}
	paths = append(paths, festival...)
	holders, err := s.GI.Holders(ctx)
	for _, h := range holders {
		paths = append(paths, "/gi/"+url.PathEscape(h.Number))
	}
	return paths, err
}
