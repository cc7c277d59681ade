package catalog

import (
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
)

// claimed is a product that claims stars and waits for a check since it was
// changed.
func claimed(change ...func(*Product)) Product {
	at := on("2026-03-01")
	p := product(1, "a", "Một", stars(3, "2025-01-01", "2027-12-31"))
	p.Changed = at
	p.OCOP.Checked, p.OCOP.Claimed = nil, &at
	for _, c := range change {
		c(&p)
	}
	return p
}

// An operator confirms what he saw, and nothing else.
func TestCheckOfWhatWasSeen(t *testing.T) {
	seen, now := on("2026-03-01"), on("2026-03-02")
	done := Check{By: "op", At: seen, Holds: true}
	for name, c := range map[string]struct {
		change func(*Product)
		check  Check
		action string // "" for nothing
		code   string
	}{
		"as seen":            {func(*Product) {}, Check{By: "op", Holds: true}, "ocop.confirm", ""},
		"refused":            {func(*Product) {}, Check{By: "op", Reason: "Không có."}, "ocop.refuse", ""},
		"changed meanwhile":  {func(p *Product) { p.OCOP.Stars, p.Changed = 5, now }, Check{By: "op", Holds: true}, "", "catalog.product.stale"},
		"gone meanwhile":     {func(p *Product) { p.OCOP = nil }, Check{By: "op", Holds: true}, "", "catalog.product.stale"},
		"sent twice":         {func(p *Product) { p.OCOP.Checked, p.Changed = &done, now }, Check{By: "op", Holds: true}, "", ""},
		"somebody else's":    {func(p *Product) { p.OCOP.Checked, p.Changed = &done, now }, Check{By: "op2", Holds: true}, "", "catalog.product.stale"},
		"the other answer":   {func(p *Product) { p.OCOP.Checked, p.Changed = &done, now }, Check{By: "op", Reason: "Không có."}, "", "catalog.product.stale"},
		"found out later on": {func(p *Product) { p.OCOP.Checked = &done }, Check{By: "op", Reason: "Đã thu hồi."}, "ocop.refuse", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := claimed(c.change)
			st, err := p.check(c.check, seen)
			if fault.CodeOf(err) != c.code || st.action != c.action {
				t.Errorf("%q, %v", st.action, err)
			}
			if c.action != "" && (p.OCOP.Checked.Holds != c.check.Holds || p.OCOP.Claimed != nil) {
				t.Errorf("noted %+v", p.OCOP)
			}
		})
	}
}

// Stars changed between the operator's page and its form stay unchecked.
func TestStarsChangedBeforeTheCheck(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	save(t, s, producer("a", "HTX An", "04132"))
	e := draft("Một")
	e.Product.OCOP = &OCOP{Stars: 3, Decision: "12/QĐ", Grantor: lang.Text{Vi: "Tỉnh"}, From: on("2025-01-01"), To: on("2027-12-31")}
	page, err := s.Save(ctx, e)
	if err != nil {
		t.Fatal(err)
	}
	e.Seen, e.Product.Variants[0].GTIN, e.Stock = page.Changed, page.Variants[0].GTIN, nil
	five := *e.Product.OCOP
	five.Stars, e.Product.OCOP = 5, &five
	if _, err := s.Save(ctx, e); err != nil { // at the same moment by the clock
		t.Fatal(err)
	}
	wantFault(t, "an older page", s.CheckOCOP(ctx, "op", page.ID, page.Changed, true, ""), fault.Conflict, "catalog.product.stale")
	now, err := s.ByID(ctx, page.ID)
	if err != nil || now.OCOP.Checked != nil {
		t.Fatalf("%+v, %v", now.OCOP, err)
	}
	for range 2 { // the same form twice
		if err := s.CheckOCOP(ctx, "op", page.ID, now.Changed, true, ""); err != nil {
			t.Fatal(err)
		}
	}
}

// A paper names a product: what was checked of one does not hold for another.
func TestClaimOfAnotherProductWaitsAgain(t *testing.T) {
	then, now := on("2026-03-01"), on("2026-03-02")
	for name, c := range map[string]struct {
		change func(*Product)
		again  bool
	}{
		"name":         {func(p *Product) { p.Name = "Hai" }, true},
		"English name": {func(p *Product) { p.NameEn = "Two" }, true},
		"kind":         {func(p *Product) { p.Kind = Ground }, true},
		"species":      {func(p *Product) { p.Species = "robusta" }, true},
		"stars":        {func(p *Product) { o := *p.OCOP; o.Stars, p.OCOP = 5, &o }, true},
		"story":        {func(p *Product) { p.Story = lang.Text{Vi: "Chuyện."} }, false},
		"price":        {func(p *Product) { p.Variants[0].Price = 1 }, false},
		"roast":        {func(p *Product) { p.Roast = Dark }, false},
		"spaces only":  {func(p *Product) { p.Name = " Một " }, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, check := range []*Check{{By: "op", At: then, Holds: true}, {By: "op", At: then, Reason: "Không có."}} {
				old := claimed(func(p *Product) { p.OCOP.Checked, p.OCOP.Claimed = check, nil })
				p := claimed(c.change)
				p.tidy()
				p.merge(&old, now)
				if waits := p.OCOP.Checked == nil && p.OCOP.Claimed != nil && p.OCOP.Claimed.Equal(now); waits != c.again {
					t.Errorf("checked %v, claimed %v", p.OCOP.Checked, p.OCOP.Claimed)
				}
			}
			if c.again { // what waits keeps its place, unless the claim itself is another
				old, p := claimed(), claimed(c.change)
				p.tidy()
				p.merge(&old, now)
				if kept := p.OCOP.Claimed.Equal(then); kept != (name != "stars") {
					t.Errorf("waits since %v", p.OCOP.Claimed)
				}
			}
		})
	}
}

func TestTwoChangesNeverBearTheSameTime(t *testing.T) {
	at := on("2026-03-01")
	for _, c := range []struct{ last, now, want time.Time }{
		{at, at.Add(time.Second), at.Add(time.Second)}, {at, at, at.Add(time.Millisecond)}, {at, at.Add(-time.Hour), at.Add(time.Millisecond)},
	} {
		if got := next(c.last, c.now); !got.Equal(c.want) {
			t.Errorf("%v after %v: %v", c.now, c.last, got)
		}
	}
}
