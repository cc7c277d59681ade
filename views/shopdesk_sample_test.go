package views

import (
	"maps"
	"strings"
	"time"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/legal"
	"nguon/app/report"
	"nguon/catalog"
)

func sellerBase(l lang.Lang, path string) Base {
	return Base{Lang: l, Path: path, BaseURL: "https://nguon.example", Token: "form-token", Me: &Me{Name: "Lò Thị Hoa",
		Sections: []Section{{Path: "/console", Name: "console.home", Icon: "house"}, {Path: "/console/shop", Name: "console.shop", Icon: "store"}}}}
}

func sellerOrg(s account.Status) account.Org {
	return account.Org{ID: "org-1", Kind: account.Cooperative, Name: "Hợp tác xã Nông nghiệp Dịch vụ Tổng hợp Cà phê Đặc sản Thượng Nguồn Sông Mã", TaxCode: "0000000200",
		Commune: "04132", Address: "Bản Noong", Phone: "0212 385 1234", Status: s, Members: []account.Member{{Person: "secret-person", Role: account.Owner}}}
}

// sellerProducts are products in each state in which their people see them.
func sellerProducts() map[string]catalog.Product {
	m, on := map[string]catalog.Product{}, sampleDay(3, 1)
	put := func(name string, change func(*catalog.Product)) {
		p := sampleProduct(catalog.Roasted, "roast", 4)
		p.ID, p.First, p.Listed, p.Demo = name, &on, true, false
		change(&p)
		m[name] = p
	}
	out := func(p *catalog.Product) { p.Published, p.Listed = false, false }
	put("listed", func(p *catalog.Product) {})
	put("hidden", func(p *catalog.Product) { p.Listed = false; p.OCOP.Checked = nil; p.Photo = "/photos/x-large.jpg" })
	put("draft", func(p *catalog.Product) { out(p); p.First = nil; p.OCOP = nil })
	put("bare", func(p *catalog.Product) {
		out(p)
		p.First, p.OCOP, p.Summary, p.Variants, p.Name = nil, nil, lang.Text{}, nil, "Cà phê Arabica Chiềng Ban rang mộc thủ công bằng chảo gang trên bếp củi nhà sàn truyền thống"
	})
	put("withdrawn", func(p *catalog.Product) {
		out(p)
		p.Withdrawn = &catalog.Withdrawal{By: "secret-person", At: on, Reason: "Hết vụ."}
		p.Variants[1].Ended = true
		p.Variants[1].GTIN = "02000000000015"
	})
	put("market", func(p *catalog.Product) {
		out(p)
		p.Withdrawn = &catalog.Withdrawal{By: "secret-person", At: on, Reason: "Ảnh là của nơi khác.", Market: true}
		p.OCOP.Checked = &catalog.Check{By: "secret-person", Reason: "Không thấy quyết định này."}
	})
	return m
}

func typedProduct() map[string]string {
	return map[string]string{"name": "Cà phê mẫu", "kind": "roasted", "species": "arabica", "roast": "medium", "summary": "Rang vừa.", "notes": "Quýt\nMật mía", "brewEn": "Three minutes.",
		"weight.0": "250", "grind.0": "phin", "price.0": "135.000", "gtin.0": "09521234000012", "stock.0": "40", "weight.1": "500", "grind.1": "beans", "price.1": "0", "gtin.1": "09521234000029", "gtin.2": "02000000000015", "stars": "4", "color": "leaf", "id": "p1"}
}

func wrongAt(code string, pairs ...string) *fault.Error {
	e := fault.New(fault.Invalid, code)
	for i := 0; i < len(pairs); i += 2 {
		e = e.Field(pairs[i], pairs[i+1])
	}
	return e
}

func sellerPages(l lang.Lang) map[string]Page {
	products := sellerProducts()
	own := []catalog.Product{products["listed"], products["hidden"], products["draft"], products["bare"], products["withdrawn"], products["market"]}
	on := sampleDay(3, 1)
	maker := sampleProducer()
	wrong := wrongAt("catalog.product.incomplete", "name", "catalog.field.missing", "kind", "catalog.field.choice", "summary", "catalog.field.missing", "storyEn", "catalog.field.long",
		"weight.0", "catalog.variant.gone", "price.1", "catalog.variant.price", "gtin.2", "catalog.variant.restricted", "decision", "catalog.field.missing", "from", "catalog.field.date", "color", "catalog.field.choice")
	fixed := products["listed"]
	about := &report.About{Kind: report.Packet, Path: "/trace/09521234000012/SN-26A1/A1K7", Title: lang.Text{Vi: "Cà phê mẫu · gói thuộc lô SN-26A1", En: "Sample coffee · a packet of lot SN-26A1"},
		Facts: []report.Fact{{Name: "gtin", Text: "09521234000012"}, {Name: "lot", Text: "SN-26A1"}, {Name: "state", Text: "genuine"}, {Name: "gi", Text: "pass"}, {Name: "scans", Text: "4"}}}
	public := func(path string) Base { return Base{Lang: l, Path: path, BaseURL: "https://nguon.example"} }
	pages := map[string]Page{
		"shop":          ShopPage{Base: sellerBase(l, "/console/shop"), Shops: []Shop{{Org: sellerOrg(account.Approved), Products: own, Slug: "htx-ca-phe-mau"}, {Org: sellerOrg(account.Waiting)}}},
		"shop-0":        ShopPage{Base: sellerBase(l, "/console/shop")},
		"form":          ProductFormPage{Base: sellerBase(l, "/console/shop/new"), Org: sellerOrg(account.Approved), Rows: 2, Form: Form{Values: map[string]string{"kind": "roasted", "species": "arabica", "color": "roast"}}},
		"form-edit":     ProductFormPage{Base: sellerBase(l, "/console/shop/p1/edit"), Org: sellerOrg(account.Approved), Product: &fixed, Rows: 3, Seen: "177", Form: Form{Values: typedProduct()}},
		"form-wrong":    ProductFormPage{Base: sellerBase(l, "/console/shop/p1/edit"), Org: sellerOrg(account.Suspended), Product: &fixed, Rows: 3, Seen: "177", Form: Form{Values: typedProduct(), Err: wrong}},
		"form-stale":    ProductFormPage{Base: sellerBase(l, "/console/shop/p1/edit"), Org: sellerOrg(account.Approved), Product: &fixed, Rows: 2, Seen: "177", Form: Form{Values: typedProduct(), Err: fault.New(fault.Conflict, "catalog.product.stale")}},
		"portrait":      PortraitPage{Base: sellerBase(l, "/console/shop/org-1/portrait"), Org: sellerOrg(account.Approved), Producer: maker, Owner: true, Form: Form{Values: map[string]string{"story": maker.Story.Vi, "founded": "2016"}}},
		"portrait-err":  PortraitPage{Base: sellerBase(l, "/console/shop/org-1/portrait"), Org: sellerOrg(account.Waiting), Form: Form{Values: map[string]string{"founded": "16"}, Err: wrongAt("catalog.producer.incomplete", "founded", "catalog.field.year", "storyEn", "catalog.field.long")}},
		"report":        ReportFormPage{Base: public("/report"), About: about, Once: "once-token"},
		"report-wrong":  ReportFormPage{Base: public("/report"), About: about, Once: "once-token", Form: Form{Values: map[string]string{"words": "Sai"}, Err: wrongAt("report.incomplete", "reason", "report.field.reason", "words", "report.field.words_short", "contact", "report.field.contact")}},
		"report-0":      ReportFormPage{Base: public("/report")},
		"report-0-bad":  ReportFormPage{Base: public("/report"), Form: Form{Values: map[string]string{"page": "<b>?"}, Err: wrongAt("report.page", "page", "report.page")}},
		"about":         AboutPage{Base: public("/about/terms"), Text: legal.Text{Page: legal.Terms, Changed: on, Rev: 2}, HTML: "<p>Một đoạn <strong>dài</strong>.</p><h2>Mục</h2><ul><li>Một</li><li>Hai</li></ul>"},
		"about-imprint": AboutPage{Base: public("/about"), Text: legal.Text{Page: legal.Imprint, Changed: on, Default: true}, HTML: "<p>x</p>"},
	}
	for name, p := range products {
		org := sellerOrg(account.Approved)
		if name == "hidden" {
			org = sellerOrg(account.Suspended)
		}
		pages["desk-"+name] = ProductDeskPage{Base: sellerBase(l, "/console/shop/"+name), Org: org, Product: p, Mine: true, Stock: map[string]int64{"09521234000012": 40}}
	}
	pages["desk-waiting"] = ProductDeskPage{Base: sellerBase(l, "/console/shop/draft"), Org: sellerOrg(account.Waiting), Product: products["draft"], Mine: true}
	pages["desk-operator"] = ProductDeskPage{Base: sellerBase(l, "/console/shop/listed"), Org: sellerOrg(account.Approved), Product: products["listed"]}
	done := pages["desk-listed"].(ProductDeskPage)
	done.Done = "done.published"
	pages["desk-done"] = done
	photo := pages["desk-hidden"].(ProductDeskPage)
	photo.Form = Form{Err: wrongAt("files.empty", "photo", "files.empty", "reason", "catalog.product.reason")}
	pages["desk-photo"] = photo
	refused := pages["desk-bare"].(ProductDeskPage)
	refused.Form = Form{Err: wrongAt("catalog.product.incomplete", "summary", "catalog.field.missing", "weight.0", "catalog.variant.count")}
	pages["desk-refused"] = refused
	preview := ProductPage{Base: sellerBase(l, "/console/shop/draft/preview"), Product: products["draft"], Producer: maker, Today: time.Time{}, Preview: "/console/shop/draft"}
	pages["preview"] = preview
	maps.Copy(pages, moneyPages(l, func(path string) Base {
		b := sellerBase(l, path)
		b.Path, b.Query, _ = strings.Cut(path, "?")
		return b
	}))
	return pages
}
