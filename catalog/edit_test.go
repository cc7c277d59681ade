package catalog

import (
	"context"
	"strings"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/app/outbox"
)

// keeper collects entries of the log, and tasks.
type keeper struct {
	mu    sync.Mutex
	list  []outbox.Entry
	tasks []outbox.Task
}

func (k *keeper) Perform(_ context.Context, e outbox.Effect) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e.Task != nil {
		k.tasks = append(k.tasks, *e.Task)
		return nil
	}
	k.list = append(k.list, *e.Entry)
	return nil
}

func draft(name string) Edit {
	return Edit{By: "p1", Product: Product{ID: "d1", Producer: "a", Name: name, Kind: Roasted, Species: "arabica", Art: Art{Color: "roast"},
		Variants: []Variant{{NetGrams: 250, Grind: "beans", Price: 135_000}}}, Stock: map[string]int64{"0": 40}}
}

func TestFromDraftToShopAndBack(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	log := &keeper{}
	s.Perform(log)
	save(t, s, producer("a", "HTX An", "04132"))

	p, err := s.Save(ctx, draft("Cà phê Sương"))
	if err != nil {
		t.Fatal(err)
	}
	number := p.Variants[0].GTIN
	if !gs1.IsGTIN14(number) || !gs1.IsRestricted(number) {
		t.Errorf("%s is no in-store number", number)
	}
	if on, err := s.OnHand(ctx, p); err != nil || on[number] != 40 {
		t.Errorf("%v, %v", on, err)
	}
	if _, err := s.Product(ctx, p.Slug); !fault.Is(err, fault.NotFound) {
		t.Errorf("a draft is shown: %v", err)
	}
	// Incomplete, it stays a draft.
	wantField(t, s.Publish(ctx, "p1", p.ID, false), "catalog.product.incomplete", "summary.vi", "field.missing")
	e := draft("Cà phê Sương")
	e.Product.Summary, e.Product.Variants[0].GTIN, e.Seen = lang.Text{Vi: "Rang vừa."}, number, p.Changed
	if p, err = s.Save(ctx, e); err != nil {
		t.Fatal(err)
	}
	if p.Variants[0].GTIN != number {
		t.Error("another number")
	}
	for range 2 {
		if err := s.Publish(ctx, "p1", p.ID, false); err != nil {
			t.Fatal(err)
		}
	}
	shown, err := s.Product(ctx, p.Slug)
	if err != nil || shown.First == nil {
		t.Fatal(err)
	}
	// Packets bear it now: the trade item stays, and can end.
	e.Seen = shown.Changed
	e.Product.Variants[0].NetGrams = 500
	_, err = s.Save(ctx, e)
	wantField(t, err, "catalog.product.incomplete", "variants.0.netGrams", "variant.fixed")
	e.Product.Variants = []Variant{{NetGrams: 500, Grind: "beans", Price: 250_000}}
	_, err = s.Save(ctx, e)
	wantField(t, err, "catalog.product.incomplete", "variants", "variant.gone")
	e.Product.Variants = []Variant{{GTIN: number, NetGrams: 250, Grind: "beans", Price: 135_000, Ended: true}, {NetGrams: 500, Grind: "beans", Price: 250_000}}
	e.Stock = nil
	if _, err = s.Save(ctx, e); err != nil {
		t.Fatal(err)
	}
	if shown, err = s.Product(ctx, p.Slug); err != nil || len(shown.Sold()) != 1 || shown.MinPrice != 250_000 {
		t.Errorf("%d sold, from %d, %v", len(shown.Sold()), shown.MinPrice, err)
	}
	if _, _, err := s.ByGTIN(ctx, number); err != nil {
		t.Errorf("old packets lost their name: %v", err)
	}
	// The operator takes it out; only the operator lets it back.
	wantField(t, s.Withdraw(ctx, "op", p.ID, " ", true), "catalog.reason", "reason", "product.reason")
	if err := s.Withdraw(ctx, "op", p.ID, "Nguồn gốc không đúng.", true); err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(ctx, "p1", p.ID, false); fault.CodeOf(err) != "catalog.product.taken_out" {
		t.Error(err)
	}
	if err := s.Publish(ctx, "op", p.ID, true); err != nil {
		t.Error(err)
	}
	var actions []string
	for _, l := range log.list {
		actions = append(actions, l.Action)
	}
	if got := strings.Join(actions, " "); got != "product.create product.edit product.publish product.edit product.withdraw product.publish" {
		t.Error(got)
	}
}

func TestOfTwoEditorsOneIsTold(t *testing.T) {
	s, c := newService(t)
	save(t, s, producer("a", "HTX An", "04132"))
	p, err := s.Save(t.Context(), draft("Một"))
	if err != nil {
		t.Fatal(err)
	}
	c.set("2026-03-02")
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wg.Go(func() {
			e := draft("Hai")
			e.Seen, e.Product.Variants[0].GTIN, e.Stock = p.Changed, p.Variants[0].GTIN, nil
			e.Product.Name += strings.Repeat("!", i)
			_, errs[i] = s.Save(context.Background(), e)
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else if fault.CodeOf(err) != "catalog.product.stale" {
			t.Error(err)
		}
	}
	if won != 1 {
		t.Errorf("%d changes of one state were kept", won)
	}
}

func TestWhatMayNotBeTyped(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	save(t, s, producer("a", "HTX An", "04132"), producer("b", "HTX Bình", "04132"))
	for name, c := range map[string]struct {
		change      func(*Edit)
		field, code string
	}{
		"somebody's in-store number": {func(e *Edit) { e.Product.Variants[0].GTIN = "2000000000015" }, "variants.0.gtin", "variant.restricted"},
		"a wrong check digit":        {func(e *Edit) { e.Product.Variants[0].GTIN = "8931234567891" }, "variants.0.gtin", "variant.gtin"},
		"no weight":                  {func(e *Edit) { e.Product.Variants[0].NetGrams = 0 }, "variants.0.netGrams", "variant.weight"},
		"six stars":                  {func(e *Edit) { e.Product.OCOP = &OCOP{Stars: 6} }, "ocop.stars", "ocop.stars"},
		"stars without a decision":   {func(e *Edit) { e.Product.OCOP = &OCOP{Stars: 5} }, "ocop.decision", "field.missing"},
		"no name":                    {func(e *Edit) { e.Product.Name = "" }, "name", "field.missing"},
	} {
		e := draft("Một")
		c.change(&e)
		_, err := s.Save(ctx, e)
		t.Run(name, func(t *testing.T) { wantField(t, err, "catalog.product.incomplete", c.field, c.code) })
	}
	p, err := s.Save(ctx, draft("Một"))
	if err != nil {
		t.Fatal(err)
	}
	e := draft("Của người khác")
	e.Product.Producer, e.Seen = "b", p.Changed
	if _, err := s.Save(ctx, e); !fault.Is(err, fault.NotFound) {
		t.Errorf("another's product: %v", err)
	}
}

// Nobody claims five stars without somebody having looked.
func TestStarsShowOnceChecked(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	save(t, s, producer("a", "HTX An", "04132"))
	e := draft("Một")
	e.Product.Summary = lang.Text{Vi: "Rang vừa."}
	e.Product.OCOP = &OCOP{Stars: 5, Decision: "12/QĐ", Grantor: lang.Text{Vi: "Bộ"}, From: on("2025-01-01"), To: on("2027-12-31"),
		Checked: &Check{Holds: true, By: "p1"}} // as a forged form would
	p, err := s.Save(ctx, e)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(ctx, "p1", p.ID, false); err != nil {
		t.Fatal(err)
	}
	stars := func() int {
		t.Helper()
		page, err := s.Products(ctx, Filter{Stars: 5})
		if err != nil {
			t.Fatal(err)
		}
		shown, err := s.Product(ctx, p.Slug)
		if err != nil {
			t.Fatal(err)
		}
		if (shown.OCOP != nil) != (len(page.Items) > 0) {
			t.Errorf("the page shows %v, the list finds %d", shown.OCOP, len(page.Items))
		}
		return len(page.Items)
	}
	if stars() != 0 {
		t.Error("a claim shows as stars")
	}
	if claims, _, err := s.Claims(ctx, ""); err != nil || len(claims) != 1 {
		t.Errorf("%d claims, %v", len(claims), err)
	}
	now, err := s.ByID(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CheckOCOP(ctx, "op", p.ID, now.Changed, true, ""); err != nil {
		t.Fatal(err)
	}
	if stars() != 1 {
		t.Error("checked and not shown")
	}
	if now, err = s.ByID(ctx, p.ID); err != nil {
		t.Fatal(err)
	}
	e.Seen, e.Product.Variants[0].GTIN, e.Stock = now.Changed, p.Variants[0].GTIN, nil
	if _, err := s.Save(ctx, e); err != nil || stars() != 1 {
		t.Errorf("an edit elsewhere lost the check: %v", err)
	}
	if now, err = s.ByID(ctx, p.ID); err != nil {
		t.Fatal(err)
	}
	o := *e.Product.OCOP
	o.Decision = "13/QĐ"
	e.Product.OCOP, e.Seen = &o, now.Changed
	if _, err := s.Save(ctx, e); err != nil || stars() != 0 {
		t.Errorf("a changed claim keeps the check: %v", err)
	}
	if n, err := s.CountClaims(ctx); err != nil || n != 1 {
		t.Error(n, err)
	}
}

func TestStockIsCounted(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if err := s.Count(ctx, "p1", "x", int64(i)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	st, err := s.stocks.Get(ctx, "x")
	if err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, m := range st.Moves {
		sum += m.Quantity
	}
	if sum != st.OnHand || st.Moves[0].Reason != Received {
		t.Errorf("moves add up to %d, on hand are %d", sum, st.OnHand)
	}
	for _, n := range []int64{-1, maxStock + 1} {
		if err := s.Count(ctx, "p1", "x", n); !fault.Is(err, fault.Invalid) {
			t.Errorf("%d: %v", n, err)
		}
	}
}

func TestInStoreNumbersAreGivenOnce(t *testing.T) {
	s, _ := newService(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	seen := map[string]bool{}
	for range 50 {
		wg.Go(func() {
			n, err := s.InStore(context.Background())
			mu.Lock()
			defer mu.Unlock()
			if err != nil || seen[n] || !gs1.IsGTIN14(n) || n[0] != '0' || n[1] != '2' {
				t.Error(n, err)
			}
			seen[n] = true
		})
	}
	wg.Wait()
}

func TestFaceFollowsTheRegistration(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	f := Face{ID: "a", Name: "HTX An", Kind: Cooperative, Commune: "04132", Address: "Bản Noong", Phone: "0212 385 1234"}
	for range 2 {
		if err := s.SetFace(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Producer(ctx, "htx-an"); !fault.Is(err, fault.NotFound) {
		t.Errorf("shown before it was approved: %v", err)
	}
	if err := s.SetPortrait(ctx, "p1", "a", Portrait{Story: lang.Text{Vi: "Chuyện."}, Founded: 2016, Members: 84}); err != nil {
		t.Fatal(err)
	}
	f.Published = true
	if err := s.SetFace(ctx, f); err != nil {
		t.Fatal(err)
	}
	p, err := s.Producer(ctx, "htx-an")
	if err != nil || p.Story.Vi != "Chuyện." || p.Members != 84 {
		t.Errorf("%+v, %v", p, err)
	}
	wantField(t, s.SetPortrait(ctx, "p1", "a", Portrait{Founded: 1700}), "catalog.producer.incomplete", "founded", "field.year")
}

func TestOldProductsKeepTheirStars(t *testing.T) {
	claim := map[string]any{"_id": "p", "ocop": map[string]any{"stars": 4, "from": on("2025-01-01")}}
	plain := map[string]any{"_id": "p"}
	for _, c := range []struct {
		from    int
		doc     map[string]any
		checked bool
	}{{1, claim, true}, {1, plain, false}, {2, claim, false}, {2, plain, false}} {
		up, err := upgradeProduct(c.from, mustBSON(t, c.doc))
		if err != nil || strings.Contains(up.String(), `"holds": true`) != c.checked || !strings.Contains(up.String(), `"numbers": []`) {
			t.Errorf("from %d: %s, %v", c.from, up, err)
		}
	}
	held := mustBSON(t, map[string]any{"_id": "p", "numbers": []string{gtin(1)}})
	if up, err := upgradeProduct(3, held); err != nil || !strings.Contains(up.String(), gtin(1)) {
		t.Errorf("a draft of version 3 lost what it holds: %s, %v", up, err)
	}
}

func mustBSON(t *testing.T, v any) bson.Raw {
	t.Helper()
	raw, err := bson.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// One round tells all that is wrong with a form, and of a field that could not
// be read nothing else.
func TestAllThatIsWrongAtOnce(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	save(t, s, producer("a", "HTX An", "04132"))
	e := draft("")
	e.Product.Variants[0].Price = 0
	e.Unread = []fault.Field{{Name: "variants.0.price", Code: "catalog.variant.price"}, {Name: "ocop.from", Code: "catalog.field.date"}}
	e.Stock["0"] = -1
	_, err := s.Save(ctx, e)
	for field, code := range map[string]string{"variants.0.price": "variant.price", "ocop.from": "field.date", "name": "field.missing", "variants.0.stock": "stock.count"} {
		wantField(t, err, "catalog.product.incomplete", field, code)
	}
	if n := len(fault.As(err).Fields); n != 4 {
		t.Errorf("%d mistakes: %v", n, err)
	}
	// A form of which something could not be read stores nothing, even if the rest is right.
	e = draft("Một")
	e.Unread = []fault.Field{{Name: "art.motif", Code: "catalog.field.number"}}
	_, err = s.Save(ctx, e)
	wantField(t, err, "catalog.product.incomplete", "art.motif", "field.number")
	if list, err := s.Own(ctx, "a"); err != nil || len(list) != 0 {
		t.Errorf("%d stored, %v", len(list), err)
	}
	read := draft("Một")
	if _, err := s.Save(ctx, read); err != nil {
		t.Fatal(err)
	}
	_, err = s.Save(ctx, e)
	wantFault(t, "sent again, unreadable now", err, fault.Conflict, "catalog.product.stale")
}
