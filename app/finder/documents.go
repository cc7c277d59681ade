package finder

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"nguon/app/lang"
	"nguon/app/place"
	"nguon/app/search"
	"nguon/catalog"
	"nguon/qr/gi"
	"nguon/tours"
)

// DocumentID is the id of an object's document: "product:x" is "product-x", with
// what no engine takes in an id written as its hexadecimal code.
func DocumentID(object string) string {
	kind, id, _ := strings.Cut(object, ":")
	var b strings.Builder
	b.WriteString(kind + "-")
	for _, r := range id {
		if r < 128 && (r == '-' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z') {
			b.WriteRune(r)
		} else {
			b.WriteString("_" + strconv.FormatInt(int64(r), 16) + "_")
		}
	}
	return b.String()
}

// both words a message in both languages.
func both(key string, args ...any) lang.Text {
	return lang.Text{Vi: lang.Vi.T(key, args...), En: lang.En.T(key, args...)}
}

// join puts texts together, each language for itself; one that has no English
// stands in Vietnamese in both.
func join(by string, texts ...lang.Text) lang.Text {
	var vi, en []string
	for _, t := range texts {
		if t.Vi != "" {
			vi = append(vi, t.Vi)
		}
		if s := t.In(lang.En); s != "" {
			en = append(en, s)
		}
	}
	return lang.Text{Vi: strings.Join(vi, by), En: strings.Join(en, by)}
}

func same(s string) lang.Text { return lang.Text{Vi: s, En: s} }

// places are the names that a commune is looked for by: today's, in both
// languages, and those of the units that it was made from.
func places(code string) (list []string) {
	c, ok := place.ByCode(code)
	if !ok {
		return nil
	}
	list = []string{c.FullName, c.FullNameEn}
	for _, o := range place.OldUnitsOf(code) {
		list = append(list, o.FullName()+", "+o.DistrictName())
	}
	return append(list, "Sơn La")
}

func commune(code string) lang.Text {
	c, _ := place.ByCode(code)
	return lang.Text{Vi: c.FullName, En: c.FullNameEn}
}

// papers are the schemes and the numbers of certificates that are valid on a day.
func papers(list []catalog.Certificate, now time.Time) (schemes, numbers []string) {
	for _, c := range list {
		numbers = append(numbers, c.Number)
		if lang.OnDays(now, c.From, c.To) && !slices.Contains(schemes, c.Scheme) {
			schemes = append(schemes, c.Scheme)
		}
	}
	return schemes, numbers
}

// productFacts are what a product's document holds beside the product.
type productFacts struct {
	Maker catalog.Producer
	Lots  []string // codes, the newest first
	Right bool     // its maker may use the indication for it today
	Left  bool     // some of it can be had
}

func productDocument(p catalog.Product, x productFacts, now time.Time) (d search.Document, ok bool) {
	p = p.Shown()
	sold := p.Sold()
	if !p.Listed || len(sold) == 0 {
		return d, false
	}
	d = search.Document{ID: DocumentID("product:" + p.ID), Kind: search.Product, Path: "/products/" + p.Slug, Image: p.Photo, Title: lang.Text{Vi: p.Name, En: p.NameEn},
		Price: p.MinPrice, Sold: x.Left, Created: p.Created, Demo: p.Demo, Facets: search.Facets{}}
	if p.First != nil {
		d.Created = *p.First
	}
	kind := both("shop.kind." + string(p.Kind))
	d.Detail = join(" · ", kind, lang.Text{Vi: x.Maker.Name, En: x.Maker.NameEn}, commune(x.Maker.Commune))
	text := []lang.Text{p.Summary, p.Story, p.Brew, both("shop.species." + p.Species)}
	set := func(f search.Facet, prefix, v string) {
		if v != "" {
			d.Facets[f] = []string{v}
			text = append(text, both(prefix+v))
		}
	}
	set(search.Coffee, "shop.kind.", string(p.Kind))
	set(search.Process, "shop.process.", string(p.Process))
	set(search.Roast, "shop.roast.", string(p.Roast))
	d.Facets[search.Maker], d.Facets[search.Commune] = []string{x.Maker.Slug}, []string{p.Commune}
	if n := p.StarsOn(now); n > 0 {
		stars := strconv.Itoa(n)
		d.Facets[search.Stars] = []string{stars}
		text = append(text, same("OCOP "+stars+" sao, OCOP "+stars+" stars"))
		d.Codes = append(d.Codes, p.OCOP.Decision)
	}
	if x.Right {
		d.Facets[search.GI] = []string{"right"}
		text = append(text, both("search.gi.right"))
	}
	schemes, numbers := papers(slices.Concat(p.Papers, x.Maker.Papers), now)
	d.Codes = append(d.Codes, numbers...)
	for _, s := range schemes {
		d.Facets[search.Paper] = append(d.Facets[search.Paper], s)
		text = append(text, both("paper."+s))
	}
	for _, v := range sold {
		d.Codes = append(d.Codes, v.GTIN, strings.TrimPrefix(v.GTIN, "0"))
		text = append(text, lang.Text{Vi: lang.Vi.Kilograms(v.NetGrams), En: lang.En.Kilograms(v.NetGrams)}, both("shop.grind."+v.Grind))
	}
	d.Codes = append(d.Codes, x.Lots...)
	text = append(text, p.Notes...)
	d.Text = join("\n", text...)
	d.Names = places(x.Maker.Commune)
	return d, true
}

func producerDocument(p catalog.Producer, now time.Time) (d search.Document, ok bool) {
	if !p.Published {
		return d, false
	}
	kind := both("shop.producer." + string(p.Kind))
	d = search.Document{ID: DocumentID("producer:" + p.ID), Kind: search.Producer, Path: "/producers/" + p.Slug, Title: lang.Text{Vi: p.Name, En: p.NameEn},
		Detail: join(" · ", kind, commune(p.Commune)), Sold: true, Demo: p.Demo, Names: places(p.Commune), Facets: search.Facets{search.Commune: {p.Commune}}}
	schemes, numbers := papers(p.Papers, now)
	text := []lang.Text{p.Story, p.Address}
	for _, s := range schemes {
		d.Facets[search.Paper] = append(d.Facets[search.Paper], s)
		text = append(text, both("paper."+s))
	}
	d.Codes = append(numbers, p.Phone)
	d.Text = join("\n", text...)
	return d, true
}

// tourFacts are what a tour's document holds beside the tour.
type tourFacts struct {
	Host lang.Text
	Slug string      // of a host who is a producer, "" for none
	Days []time.Time // that can be booked
}

func tourDocument(t tours.Tour, x tourFacts) (d search.Document, ok bool) {
	if !t.Published || t.Page != "" {
		return d, false
	}
	kind := both("visit.kind." + string(t.Kind))
	d = search.Document{ID: DocumentID("tour:" + t.ID), Kind: search.Tour, Path: "/tours/" + t.Slug, Title: lang.Text{Vi: t.Name, En: t.NameEn}, Detail: join(" · ", kind, x.Host, commune(t.Commune)),
		Text: join("\n", t.Story, t.Host, t.Included, t.Food, t.Meeting.Words, t.Rain, both("search.tour.words")), Names: places(t.Commune), Sold: len(x.Days) > 0, Created: t.Created, Days: x.Days, Demo: t.Demo,
		Facets: search.Facets{search.Commune: {t.Commune}, search.Season: months(t.Season)}}
	if len(t.Photos) > 0 {
		d.Image = t.Photos[0]
	}
	if x.Slug != "" {
		d.Facets[search.Maker] = []string{x.Slug}
	}
	if least, ok := t.PriceFrom(); ok {
		d.Price = int64(least)
	}
	d.Codes = []string{t.Phone}
	return d, true
}

// months are those in which a tour has a day of its season; none for one that is
// open all year.
func months(s tours.Season) (list []string) {
	if s == (tours.Season{}) {
		return nil
	}
	for m := 1; m <= 12; m++ {
		for day := 1; day <= 28; day += 9 {
			if s.Has(time.Date(2027, time.Month(m), day, 12, 0, 0, 0, lang.Zone)) {
				list = append(list, twoDigits(m))
				break
			}
		}
	}
	return list
}

func twoDigits(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

func eventDocument(e tours.Edition, v tours.Event, now time.Time) (d search.Document, ok bool) {
	if !e.Published || v.Dropped || v.Off() {
		return d, false
	}
	venue, _ := e.Venue(v.Venue)
	d = search.Document{ID: DocumentID("event:" + v.ID), Kind: search.Event, Path: v.Path(e), Title: v.Title, Image: e.Photo,
		Detail: join(" · ", lang.Text{Vi: lang.Vi.DateTime(v.Start), En: lang.En.DateTime(v.Start)}, venue.Name, e.Name), Sold: !v.End.Before(now), Created: v.Created, Demo: v.Demo,
		Names: append(places(e.Ground.Commune), e.Ground.Words.Vi, e.Ground.Words.En), Facets: search.Facets{search.Commune: {e.Ground.Commune}}}
	text := []lang.Text{v.Story, both("festival.kind." + string(v.Kind)), both("search.event.words")}
	for _, s := range v.Speakers {
		text = append(text, same(s.Name), same(s.Of), s.Words)
	}
	d.Text = join("\n", text...)
	if least, ok := v.PriceFrom(); ok {
		d.Price = int64(least)
	}
	for day := lang.Midnight(v.Start); day.Before(v.End) && len(d.Days) < 31; day = day.AddDate(0, 0, 1) {
		d.Days = append(d.Days, day)
	}
	return d, true
}

func rightDocument(h gi.Holder) search.Document {
	d := search.Document{ID: DocumentID("right:" + h.Number), Kind: search.Right, Path: "/gi/" + h.Number, Title: join(" · ", same(h.Number), same(h.Name)), Sold: h.Status == gi.Valid, Created: h.From, Demo: h.Demo,
		Detail: join(" · ", both("gi.status."+string(h.Status)), commune(h.Commune)), Names: places(h.Commune), Codes: append([]string{h.Number}, h.Papers...), Facets: search.Facets{search.Commune: {h.Commune}}}
	text := []lang.Text{both("search.right.words")}
	for _, k := range h.Products {
		text = append(text, both("gi.kind."+k))
	}
	if h.Status == gi.Valid {
		d.Facets[search.GI] = []string{"right"}
	}
	d.Text = join("\n", text...)
	return d
}
