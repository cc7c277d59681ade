package handlers

import (
	"context"
	"slices"
	"sync"

	"github.com/gofiber/fiber/v2"

	"nguon/qr"
	"nguon/static"
	"nguon/tours"
	"nguon/views"
)

// tracePolicy accepts the one style sheet that stands in a trace page.
var tracePolicy = policy(static.InlineHash("css/trace.css"))

// code is a code as the path of a trace page names it.
type code struct{ GTIN, Lot, Serial string }

// codeOf reads the path by the rules of a Digital Link, from the bytes of the
// request line; what breaks them is malformed.
func codeOf(c *fiber.Ctx) (code, error) {
	target := "/01/" + c.Params("gtin") + "/10/" + c.Params("lot")
	if serial := c.Params("serial"); serial != "" {
		target += "/21/" + serial
	}
	link, err := qr.ParseLink(target)
	if err != nil {
		return code{}, malformed(err)
	}
	return code{link.GTIN, link.Lot, link.Serial}, nil
}

// visit is what may be counted of this request.
func (s *Site) visit(c *fiber.Ctx, k code) qr.Visit {
	v := qr.Visit{GTIN: k.GTIN, Lot: k.Lot, Serial: k.Serial, Method: c.Method(),
		IP: s.client(c).String(), UserAgent: c.Get(fiber.HeaderUserAgent), Region: s.region(c)}
	for _, h := range [...]string{"Sec-Purpose", "Purpose", "X-Moz"} {
		if v.Purpose = c.Get(h); v.Purpose != "" {
			break
		}
	}
	return v
}

// trace is the page of a lot, or of one packet, which counts the visit. It is
// the hot path: what all packets of a lot share is taken from memory,
// compressed, and only what speaks of this code is made anew.
func (s *Site) trace(c *fiber.Ctx) error {
	k, err := codeOf(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	part, err := orNil(s.QR.LotPart(ctx, k.GTIN, k.Lot))
	if err != nil {
		return err
	}
	page := views.TracePage{Base: s.base(c), Today: s.Now()}
	if page.Trace, err = s.QR.View(ctx, s.visit(c, k)); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentSecurityPolicy, tracePolicy)
	c.Set(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if k.Serial == "" {
		c.Set(fiber.HeaderCacheControl, keepLots)
	}
	zip := acceptsGzip(c.Get(fiber.HeaderAcceptEncoding))
	if part == nil || !page.ShowsLot() {
		return s.whole(c, page, zip) // not issued: rare, and nothing to share
	}
	// The shown lot is the one that the frame is kept for, even when it
	// changed between the two calls above.
	page.Trace.Product, page.Trace.LotData, page.Trace.GI = part.Product, &part.Lot, &part.GI
	if zip {
		return s.join(c, page, part)
	}
	found, err := s.around(c, part)
	if err != nil {
		return err
	}
	page.Producer, page.Visit = found.Producer, found.Visit
	return s.whole(c, page, zip)
}

// whole renders a page of which nothing is kept.
func (s *Site) whole(c *fiber.Ctx, page views.TracePage, zip bool) error {
	if err := s.render(c, page); err != nil {
		return err
	}
	if unchanged(c, tagOf(c.Response().Body())) {
		c.Response().ResetBody()
		return nil
	}
	if !zip {
		return nil
	}
	m := members.Get().(*member)
	defer members.Put(m)
	m.begin()
	if err := m.text(c.Response().Body()); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	c.Response().SetBody(m.end())
	return nil
}

func (s *Site) around(c *fiber.Ctx, part *qr.LotPart) (a around, err error) {
	if a.Producer, err = orNil(s.Catalog.ProducerByID(c.UserContext(), part.Product.Producer)); err != nil {
		return a, err
	}
	a.Visit, err = s.visitTo(c.UserContext(), part.Product.GTIN, part.PlotIDs())
	return a, err
}

// visitTo is the visit that shows where a lot grew: one that is in season and has
// seats before others, nil where nothing can be booked.
func (s *Site) visitTo(ctx context.Context, gtin string, plots []string) (best *views.TraceVisit, err error) {
	list, err := s.Tours.Showing(ctx, gtin, plots)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	for _, t := range list {
		leaves, err := s.Tours.Departures(ctx, t.ID, now, now.Add(ahead))
		if err != nil {
			return nil, err
		}
		i := slices.IndexFunc(leaves, func(d tours.Departure) bool {
			return t.Season.Has(d.Start) && d.Bookable(now) == nil && d.Left(now) > 0
		})
		if i < 0 {
			continue
		}
		v := &views.TraceVisit{Name: t.Title(), Path: "/tours/" + t.Slug, Next: leaves[i].Start, Season: t.Kind == tours.Harvest && t.Season.Has(now)}
		if best == nil || v.Season && !best.Season {
			best = v
		}
	}
	return best, nil
}

// join writes the page as one gzip member: what it shares with others as it is
// kept, and in the holes what speaks of this packet, worded now.
func (s *Site) join(c *fiber.Ctx, page views.TracePage, lot *qr.LotPart) error {
	f, err := s.frame(c, page, lot)
	if err != nil {
		return err
	}
	fills := page.Fills()
	if unchanged(c, f.tag(fills)) {
		return nil
	}
	m := members.Get().(*member)
	defer members.Put(m)
	m.begin()
	for _, p := range f.sections {
		m.block(p.block)
		if err := m.text([]byte(fills[p.then])); err != nil {
			return err
		}
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Set(fiber.HeaderContentEncoding, "gzip")
	c.Response().SetBody(m.end()) // copies, so the member may go back
	return nil
}

// tag names all that the page depends on.
func (f *frame) tag(fills views.Fills) string {
	parts := [1 + len(fills)][]byte{f.hash}
	for i, text := range fills {
		parts[i+1] = []byte(text)
	}
	return tagOf(parts[:]...)
}

var members = sync.Pool{New: func() any { return new(member) }}
