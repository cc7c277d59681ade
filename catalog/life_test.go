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

// What seller and operator can do with a product in each state.
func TestInAndOutOfTheShop(t *testing.T) {
	now := on("2026-03-02")
	published := func(p *Product) { p.Published, p.First = true, &now }
	draft := func(p *Product) { p.Published = false }
	ended := func(p *Product) { p.Published, p.First, p.Withdrawn = false, &now, &Withdrawal{By: "p1"} }
	taken := func(p *Product) {
		p.Published, p.First, p.Withdrawn = false, &now, &Withdrawal{By: "op", Reason: "Ảnh.", Market: true}
	}
	barred := func(p *Product) { p.Published, p.Withdrawn = false, &Withdrawal{By: "op", Market: true, Hidden: true} }
	emptied := func(p *Product) { taken(p); p.Summary = lang.Text{} }
	out := func(market bool) func(*Product) (step, error) {
		return func(p *Product) (step, error) {
			return p.withdraw(Withdrawal{By: "x", At: now, Reason: "Vì thế.", Market: market}), nil
		}
	}
	in := func(p *Product) (step, error) { return p.publish(now) }
	back := func(p *Product) (step, error) { return p.letBack(now) }
	for _, c := range []struct {
		name      string
		state     func(*Product)
		do        func(*Product) (step, error)
		action    string
		code      string
		published bool
		taken     bool // by the operator
	}{
		{"seller publishes a draft", draft, in, "product.publish", "", true, false},
		{"seller publishes twice", published, in, "", "", true, false},
		{"seller publishes what was ended", ended, in, "product.publish", "", true, false},
		{"seller publishes what was taken out", taken, in, "", "catalog.product.taken_out", false, true},
		{"seller publishes what was barred", barred, in, "", "catalog.product.taken_out", false, true},
		{"seller ends", published, out(false), "product.withdraw", "", false, false},
		{"seller ends a draft", draft, out(false), "", "", false, false},
		{"seller ends what was taken out", taken, out(false), "", "", false, true},
		{"operator takes out", published, out(true), "product.withdraw", "", false, true},
		{"operator takes out twice", taken, out(true), "", "", false, true},
		{"operator takes out what the seller just ended", ended, out(true), "product.withdraw", "", false, true},
		{"operator takes out a draft", draft, out(true), "product.withdraw", "", false, true},
		{"operator bars twice", barred, out(true), "", "", false, true},
		{"operator lets back", taken, back, "product.publish", "", true, false},
		{"operator lets back twice", published, back, "", "", true, false},
		{"operator lets back what was not in the shop", barred, back, "product.allow", "", false, false},
		{"operator lets back what lacks something now", emptied, back, "product.allow", "", false, false},
		{"operator publishes a draft", draft, back, "", "catalog.product.not_taken_out", false, false},
		{"operator publishes what the seller ended", ended, back, "", "catalog.product.not_taken_out", false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := product(1, "a", "Một", c.state)
			st, err := c.do(&p)
			if st.action != c.action || fault.CodeOf(err) != c.code {
				t.Errorf("%q, %v", st.action, err)
			}
			if p.Published != c.published || p.takenOut() != c.taken {
				t.Errorf("published %v, taken out %v", p.Published, p.takenOut())
			}
			if err != nil {
				wantFault(t, c.name, err, fault.KindOf(err), c.code)
			}
		})
	}
}

// The seller ends a product while the operator writes why it is taken out: the
// reason is not lost.
func TestTakenOutWhileItWasOut(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	log := &keeper{}
	s.Perform(log)
	save(t, s, producer("a", "HTX An", "04132"), product(1, "a", "Một"))
	if err := s.Withdraw(ctx, "p1", "p1", "", false); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Withdraw(ctx, "op", "p1", "Ảnh là của nơi khác.", true); err != nil {
			t.Fatal(err)
		}
	}
	wantFault(t, "seller", s.Publish(ctx, "p1", "p1", false), fault.Forbidden, "catalog.product.taken_out")
	p, err := s.ByID(ctx, "p1")
	if err != nil || p.Withdrawn == nil || p.Withdrawn.Reason != "Ảnh là của nơi khác." || len(log.list) != 2 {
		t.Errorf("%+v, %d entries, %v", p.Withdrawn, len(log.list), err)
	}
	if err := s.Publish(ctx, "op", "p1", true); err != nil {
		t.Error(err)
	}
	wantFault(t, "operator", s.Publish(ctx, "op", "p1", true), fault.Conflict, "catalog.product.not_taken_out")
	if err := s.Publish(ctx, "p1", "p1", false); err != nil {
		t.Error(err)
	}
}
