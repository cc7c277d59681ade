package handlers

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/store"
	"nguon/catalog"
	"nguon/views"
)

// The first listing form. Its fields are named in views.ProductFormPage; this
// file carries them to a catalog.Edit and back.

const (
	firstRows = 2
	mostRows  = 20
)

func (s *Site) newProductForm(c *fiber.Ctx, a account.Actor) error {
	o, err := s.orgOfQuery(c, a)
	if err != nil {
		return err
	}
	f := views.Form{Values: map[string]string{"kind": string(catalog.Roasted), "species": "arabica", "color": "roast", "rows": strconv.Itoa(firstRows), "id": newID(s.Now())}}
	page := views.ProductFormPage{Base: s.base(c), Form: f, Org: o, Rows: firstRows}
	page.Query, page.Demo = rawQuery(c), o.Demo
	return s.own(c, page)
}

// newID names a product before it is there, so that a form sent twice makes one
// product.
func newID(now time.Time) string { return store.NewID(now) }

// orgOfQuery is the organisation that a new product is for.
func (s *Site) orgOfQuery(c *fiber.Ctx, a account.Actor) (account.Org, error) {
	org, err := query(c, "org")
	if err != nil {
		return account.Org{}, err
	}
	return s.Account.Org(c.UserContext(), a, account.ProductEdit, org)
}

func (s *Site) newProduct(c *fiber.Ctx, a account.Actor) error {
	o, err := s.orgOfQuery(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	page := views.ProductFormPage{Base: s.base(c), Org: o}
	page.Query, page.Demo = rawQuery(c), o.Demo
	product := v["id"]
	if !isID(product) {
		product = newID(s.Now())
	}
	return s.saveProduct(c, a, page, product, v)
}

// isID reports whether s has the form of an id of the store.
func isID(s string) bool { return len(s) == 24 && strings.Trim(s, "0123456789abcdef") == "" }

func (s *Site) editProductForm(c *fiber.Ctx, a account.Actor) error {
	p, o, err := s.ownProduct(c, a, account.ProductEdit)
	if err != nil {
		return err
	}
	stock, err := s.Catalog.OnHand(c.UserContext(), p)
	if err != nil {
		return err
	}
	page := views.ProductFormPage{Base: s.base(c), Form: views.Form{Values: productValues(p, stock)}, Org: o, Product: &p,
		Rows: max(len(p.Variants), 1), Seen: seenOf(p)}
	page.Demo = p.Demo
	return s.own(c, page)
}

// seenOf tells, as a field of a form, which state of a product the form shows.
func seenOf(p catalog.Product) string { return strconv.FormatInt(p.Changed.UnixMilli(), 10) }

// seenAt reads it back; zero where there is none.
func seenAt(field string) time.Time {
	ms, err := strconv.ParseInt(field, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func (s *Site) editProduct(c *fiber.Ctx, a account.Actor) error {
	p, o, err := s.ownProduct(c, a, account.ProductEdit)
	if err != nil {
		return err
	}
	v := values(c)
	page := views.ProductFormPage{Base: s.base(c), Org: o, Product: &p, Seen: v["seen"]}
	page.Demo = p.Demo
	return s.saveProduct(c, a, page, p.ID, v)
}

func (s *Site) saveProduct(c *fiber.Ctx, a account.Actor, page views.ProductFormPage, product string, v map[string]string) error {
	rows, _ := strconv.Atoi(v["rows"])
	page.Rows = min(max(rows, 1), mostRows)
	if v["do"] == "row" {
		page.Rows = min(page.Rows+1, mostRows)
		v["id"], v["rows"] = product, strconv.Itoa(page.Rows)
		page.Form = typed(v, nil)
		return s.own(c, page)
	}
	edit, filled := productEdit(v, page.Rows)
	edit.By, edit.Product.ID, edit.Product.Producer = a.Person.ID, product, page.Org.ID
	if _, err := s.Catalog.Save(c.UserContext(), edit); err != nil {
		v["id"], v["rows"] = product, strconv.Itoa(page.Rows)
		return s.again(c, formNames(err, filled...), func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/shop/"+product, "done", "product_saved")
}

// productEdit reads the form; what is no number or day is noted under the names
// that the service uses. Filled are the rows of the form that are variants.
func productEdit(v map[string]string, rows int) (e catalog.Edit, filled []int) {
	r := &reader{v: v}
	p := catalog.Product{Name: one(v["name"]), NameEn: one(v["nameEn"]), Kind: catalog.Kind(v["kind"]), Species: v["species"],
		Roast: catalog.Roast(v["roast"]), Process: catalog.Process(v["process"]), Summary: lang.Text{Vi: one(v["summary"]), En: one(v["summaryEn"])},
		Story: lang.Text{Vi: plainText(v["story"]), En: plainText(v["storyEn"])}, Brew: lang.Text{Vi: plainText(v["brew"]), En: plainText(v["brewEn"])},
		Notes: notesOf(v["notes"], v["notesEn"]), Art: catalog.Art{Color: cmp.Or(v["color"], "roast"), Motif: int(r.whole("motif", "art.motif"))}}
	e.Stock = map[string]int64{}
	for i := range rows {
		r.variant(i, &p, e.Stock)
	}
	p.OCOP = r.ocop()
	e.Seen, e.Product, e.Unread = seenAt(v["seen"]), p, r.unread
	return e, r.filled
}

// one is a text on one line.
func one(s string) string { return strings.Join(strings.Fields(s), " ") }

// plainText is a text of several lines, with line ends as the store keeps them.
func plainText(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n"))
}

// notesOf pairs the lines of tasting notes in both languages.
func notesOf(vi, en string) []lang.Text {
	var list []lang.Text
	english := strings.Split(plainText(en), "\n")
	for i, l := range strings.Split(plainText(vi), "\n") {
		if l = one(l); l == "" {
			continue
		}
		t := lang.Text{Vi: l}
		if i < len(english) {
			t.En = one(english[i])
		}
		list = append(list, t)
	}
	return list
}

// reader reads typed values and collects what is wrong with them.
type reader struct {
	v      map[string]string
	filled []int
	unread []fault.Field
}

func (r *reader) wrong(field, code string) {
	r.unread = append(r.unread, fault.Field{Name: field, Code: code})
}

// whole reads a number; an empty field is 0.
func (r *reader) whole(name, field string) int64 {
	s := strings.NewReplacer(" ", "", "\u00a0", "").Replace(r.v[name])
	if s == "" {
		return 0
	}
	n, err := money.Parse(s) // with or without points between thousands
	if err != nil {
		r.wrong(field, "catalog.field.number")
		return 0
	}
	return int64(n)
}

// variant reads a row; one in which nothing stands is no variant.
func (r *reader) variant(i int, p *catalog.Product, stock map[string]int64) {
	n := strconv.Itoa(i)
	if r.v["weight."+n] == "" && r.v["price."+n] == "" && r.v["gtin."+n] == "" {
		return
	}
	r.filled = append(r.filled, i)
	at := "variants." + strconv.Itoa(len(p.Variants))
	// What was not typed is not counted: packets may have been sold since.
	if r.v["stock."+n] != "" && r.v["stock."+n] != r.v["shown."+n] {
		stock[strconv.Itoa(len(p.Variants))] = r.whole("stock."+n, at+".stock")
	}
	price, err := money.Parse(r.v["price."+n])
	if err != nil {
		r.wrong(at+".price", "catalog.variant.price")
	}
	p.Variants = append(p.Variants, catalog.Variant{GTIN: strings.TrimSpace(r.v["gtin."+n]), NetGrams: r.whole("weight."+n, at+".netGrams"),
		Grind: r.v["grind."+n], Price: price, Ended: r.v["ended."+n] == "on"})
}

// ocop reads the recognition; no stars are none.
func (r *reader) ocop() *catalog.OCOP {
	stars := r.whole("stars", "ocop.stars")
	if stars == 0 {
		return nil
	}
	o := &catalog.OCOP{Stars: int(stars), Decision: one(r.v["decision"]), Grantor: lang.Text{Vi: one(r.v["grantor"])}}
	var err error
	if o.From, err = dayOf(r.v["from"]); err != nil {
		r.wrong("ocop.from", "catalog.field.date")
	}
	if o.To, err = dayOf(r.v["to"]); err != nil {
		r.wrong("ocop.to", "catalog.field.date")
	}
	return o
}

// serviceNames are fields of the service under the names that forms use.
var serviceNames = map[string]string{
	"summary.vi": "summary", "summary.en": "summaryEn", "story.vi": "story", "story.en": "storyEn", "brew.vi": "brew", "brew.en": "brewEn",
	"ocop.stars": "stars", "ocop.decision": "decision", "ocop.grantor.vi": "grantor", "ocop.from": "from", "ocop.to": "to", "art.color": "color",
	"variants": "weight.0",
}

// formNames renames the fields of an error from what the service calls them to
// what the form does. Filled says in which row of the form each variant stands,
// where rows were left empty.
func formNames(err error, filled ...int) error {
	if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return err
	}
	e := *fault.As(err)
	fields := e.Fields
	e.Fields = nil
	out := &e
	for _, f := range fields {
		out = out.Field(formName(f.Name, filled), f.Code)
	}
	return out
}

func formName(name string, filled []int) string {
	if n, ok := serviceNames[name]; ok {
		return n
	}
	parts := strings.Split(name, ".")
	switch {
	case len(parts) == 3 && parts[0] == "variants":
		row := parts[1]
		if i, err := strconv.Atoi(row); err == nil && i < len(filled) {
			row = strconv.Itoa(filled[i])
		}
		if parts[2] == "netGrams" {
			return "weight." + row
		}
		return parts[2] + "." + row
	case parts[0] == "notes" && parts[len(parts)-1] == "en":
		return "notesEn"
	case parts[0] == "notes":
		return "notes"
	}
	return name
}

// productValues fills the form from a product.
func productValues(p catalog.Product, stock map[string]int64) map[string]string {
	v := map[string]string{"id": p.ID, "rows": strconv.Itoa(max(len(p.Variants), 1)), "seen": seenOf(p), "name": p.Name, "nameEn": p.NameEn, "kind": string(p.Kind),
		"species": p.Species, "roast": string(p.Roast), "process": string(p.Process), "summary": p.Summary.Vi, "summaryEn": p.Summary.En,
		"story": p.Story.Vi, "storyEn": p.Story.En, "brew": p.Brew.Vi, "brewEn": p.Brew.En, "color": p.Art.Color, "motif": strconv.Itoa(p.Art.Motif)}
	var vi, en []string
	for _, n := range p.Notes {
		vi, en = append(vi, n.Vi), append(en, n.En)
	}
	v["notes"], v["notesEn"] = strings.Join(vi, "\n"), strings.TrimSpace(strings.Join(en, "\n"))
	for i, x := range p.Variants {
		n := strconv.Itoa(i)
		v["weight."+n], v["grind."+n], v["price."+n], v["gtin."+n] = strconv.FormatInt(x.NetGrams, 10), x.Grind, x.Price.Digits(), x.GTIN
		if x.Ended {
			v["ended."+n] = "on"
		}
		if onHand, ok := stock[x.GTIN]; ok {
			v["stock."+n] = strconv.FormatInt(onHand, 10)
			v["shown."+n] = v["stock."+n]
		}
	}
	if o := p.OCOP; o != nil {
		v["stars"], v["decision"], v["grantor"] = strconv.Itoa(o.Stars), o.Decision, o.Grantor.Vi
		v["from"], v["to"] = o.From.In(lang.Zone).Format(time.DateOnly), o.To.In(lang.Zone).Format(time.DateOnly)
	}
	return v
}
