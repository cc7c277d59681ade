package handlers

import (
	"crypto/rand"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/app/report"
	"nguon/views"
)

// reportForm is where anybody reports that something is not right, without an
// account. About is the path of the page that it is about.
func (s *Site) reportForm(c *fiber.Ctx) error {
	path, err := query(c, "about")
	if err != nil {
		return err
	}
	page := views.ReportFormPage{Base: s.base(c), Once: rand.Text() + rand.Text()}
	page.NoIndex, page.Query = path != "", rawQuery(c)
	if path == "" {
		return s.reportTyped(c, page)
	}
	about, err := s.about(c, path)
	if err != nil {
		return err
	}
	page.About = about
	return s.own(c, page)
}

// reportTyped helps who came without a page: an address or a code leads on.
func (s *Site) reportTyped(c *fiber.Ctx, page views.ReportFormPage) error {
	input, err := lines(c, "page")
	if err != nil || input == "" {
		if err != nil {
			return err
		}
		return s.own(c, page)
	}
	if u, err := url.Parse(input); err == nil && strings.HasPrefix(u.Path, "/") {
		path := strings.TrimPrefix(u.EscapedPath(), "/en")
		if _, err := s.about(c, path); err == nil {
			return s.see(c, "/report", "about", path)
		}
	}
	target, err := s.typed(c, input)
	if err != nil {
		return s.again(c, asField(err, "page"), func(f views.Form) views.Page { page.Form = f; return page }, map[string]string{"page": input})
	}
	target, _, _ = strings.Cut(target, "?")
	return s.see(c, "/report", "about", target)
}

// about finds what a page shows, as evidence. A page that nothing can be
// reported of is fault.NotFound.
func (s *Site) about(c *fiber.Ctx, path string) (*report.About, error) {
	missing := fault.New(fault.NotFound, "report.page")
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, p := range parts {
		plain, err := url.PathUnescape(p)
		if err != nil || !isText(plain) {
			return nil, missing
		}
		parts[i] = plain
	}
	switch {
	case parts[0] == "trace" && (len(parts) == 3 || len(parts) == 4):
		serial := ""
		if len(parts) == 4 {
			serial = parts[3]
		}
		if !gs1.IsGTIN14(parts[1]) || !gs1.IsQualifier(parts[2]) || serial != "" && !gs1.IsQualifier(serial) {
			return nil, missing
		}
		return s.aboutPacket(c, path, parts[1], parts[2], serial)
	case parts[0] == "products" && len(parts) == 2 && lang.IsSlug(parts[1]):
		return s.aboutListing(c, path, parts[1])
	}
	return nil, missing
}

// aboutPacket is what the trace page says. It counts no scan.
func (s *Site) aboutPacket(c *fiber.Ctx, path, gtin, lot, serial string) (*report.About, error) {
	t, err := s.QR.Inspect(c.UserContext(), gtin, lot, serial)
	if err != nil {
		return nil, err
	}
	a := &report.About{Kind: report.Packet, Path: path, GTIN: gtin, Lot: lot, Serial: serial,
		Title: lang.Text{Vi: lang.Vi.T("report.packet", "Lot", lot), En: lang.En.T("report.packet", "Lot", lot)}}
	add := factsOf(a)
	add("gtin", gtin)
	add("lot", lot)
	add("serial", serial)
	add("state", string(t.State))
	if t.Product.Name != "" {
		a.Title = lang.Text{Vi: t.Product.Name + " · " + a.Title.Vi, En: t.Product.NameEn + " · " + a.Title.En}
		a.Producer = t.Product.Producer
		add("product", t.Product.Name)
		add("producer", t.Product.ProducerName)
	}
	if t.GI != nil {
		add("gi", string(t.GI.Shown().Result))
	}
	if t.Scans.Count > 0 {
		add("scans", strconv.FormatInt(t.Scans.Count, 10))
		add("first", lang.Vi.DateTime(t.Scans.First))
	}
	return a, nil
}

func (s *Site) aboutListing(c *fiber.Ctx, path, slug string) (*report.About, error) {
	p, err := s.Catalog.Product(c.UserContext(), slug)
	if err != nil {
		return nil, err
	}
	maker, err := s.Catalog.ProducerByID(c.UserContext(), p.Producer)
	if err != nil {
		return nil, err
	}
	a := &report.About{Kind: report.Listing, Path: path, Product: p.ID, Producer: p.Producer, Title: lang.Text{Vi: p.Name, En: p.NameEn}}
	add := factsOf(a)
	add("product", p.Name)
	add("producer", maker.Name)
	add("summary", p.Summary.Vi)
	add("kind", string(p.Kind))
	if n := p.StarsOn(s.Now()); n > 0 {
		add("stars", strconv.Itoa(n)+" · "+p.OCOP.Decision)
	}
	for _, v := range p.Sold() {
		add("price", lang.Vi.Kilograms(v.NetGrams)+" · "+v.Price.String())
	}
	return a, nil
}

// factsOf adds what a page shows, where it shows it.
func factsOf(a *report.About) func(name, text string) {
	return func(name, text string) {
		if text != "" {
			a.Facts = append(a.Facts, report.Fact{Name: name, Text: text})
		}
	}
}

// fileReport takes a report in. A trap that only programs fill in lets them
// believe that it worked.
func (s *Site) fileReport(c *fiber.Ctx) error {
	v := values(c)
	about, err := s.about(c, v["about"])
	if err != nil {
		return err
	}
	if v["website"] != "" {
		return s.notice(c, "notice.report_sent", []any{"Number", "BC-000000"})
	}
	ctx := c.UserContext()
	d := report.Draft{About: *about, Reason: report.Reason(v["reason"]), Words: v["words"], Where: v["where"], Contact: v["contact"], Lang: lang.From(ctx), Once: v["once"]}
	if err = d.Check(); err == nil { // mistakes count for nobody's limit
		err = s.Account.MayReport(ctx, s.network(c))
	}
	var r report.Report
	if err == nil {
		r, err = s.Reports.File(ctx, d)
	}
	if err != nil {
		page := views.ReportFormPage{Base: s.base(c), About: about, Once: v["once"]}
		if fault.CodeOf(err) == "report.once_used" { // what stands in the form now is another report
			page.Once = rand.Text() + rand.Text()
		}
		page.Query = url.Values{"about": {v["about"]}}.Encode()
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.notice(c, "notice.report_sent", []any{"Number", r.Number}, views.Way{Path: "/", Key: "errorpage.way.home"}, views.Way{Path: "/verify", Key: "errorpage.way.verify"})
}
