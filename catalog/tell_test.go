package catalog

import (
	"slices"
	"testing"

	"nguon/app/lang"
	"nguon/app/outbox"
)

// What the operator does is told to the owners, once; what they do themselves
// is not.
func TestOwnersAreTold(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	k := &keeper{}
	s.Perform(k)
	save(t, s, producer("a", "HTX An", "04132"), product(1, "a", "Một", stars(3, "2025-01-01", "2027-12-31")))
	check := func(holds bool, reason string) func() error {
		return func() error {
			p, err := s.ByID(ctx, "p1")
			if err != nil {
				return err
			}
			return s.CheckOCOP(ctx, "op", "p1", p.Changed, holds, reason)
		}
	}
	for _, c := range []struct {
		name   string
		do     func() error
		task   string // "" for none
		key    string
		reason string
	}{
		{"refused", check(false, "Không có."), TaskRefused, "mail.stars_refused", "Không có."},
		{"confirmed", check(true, ""), TaskConfirmed, "mail.stars_confirmed", ""},
		{"ended by its people", func() error { return s.Withdraw(ctx, "p1", "p1", "Hết vụ.", false) }, "", "", ""},
		{"published by its people", func() error { return s.Publish(ctx, "p1", "p1", false) }, "", "", ""},
		{"taken out", func() error { return s.Withdraw(ctx, "op", "p1", "Ảnh.", true) }, TaskTakenOut, "mail.product_out", "Ảnh."},
		{"let back", func() error { return s.Publish(ctx, "op", "p1", true) }, TaskLetBack, "mail.product_back", ""},
		{"ended again", func() error { return s.Withdraw(ctx, "p1", "p1", "", false) }, "", "", ""},
		{"barred", func() error { return s.Withdraw(ctx, "op", "p1", "Tem.", true) }, TaskTakenOut, "mail.product_out", "Tem."},
		{"allowed", func() error { return s.Publish(ctx, "op", "p1", true) }, TaskLetBack, "mail.product_allowed", ""},
	} {
		k.tasks = nil
		if err := c.do(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var want []outbox.Task
		if c.task != "" {
			want = []outbox.Task{{Name: c.task, Object: "p1"}}
		}
		want = append(want, outbox.Task{Name: outbox.TaskIndex, Object: "product:p1"})
		if !slices.Equal(k.tasks, want) {
			t.Errorf("%s: %v, want %v", c.name, k.tasks, want)
		}
		p, err := s.ByID(ctx, "p1")
		if err != nil {
			t.Fatal(err)
		}
		key, reason := p.Told(c.task)
		if key != c.key || reason != c.reason {
			t.Errorf("%s: %q because %q", c.name, key, reason)
		}
		for _, l := range lang.All {
			for _, part := range []string{".subject", ".text", ".button"} {
				if key != "" && !l.Has(key+part) {
					t.Errorf("%s has no message in %s", key+part, l)
				}
			}
		}
	}
}

// A mail that is late tells nothing that is no longer so.
func TestNothingIsToldLate(t *testing.T) {
	confirmed := product(1, "a", "Một", stars(3, "2025-01-01", "2027-12-31"))
	barred := product(1, "a", "Một", func(p *Product) { p.Published, p.Withdrawn = false, &Withdrawal{Market: true} })
	for task, p := range map[string]Product{TaskRefused: confirmed, TaskTakenOut: confirmed, TaskConfirmed: barred, TaskLetBack: barred, "other": barred} {
		if key, _ := p.Told(task); key != "" {
			t.Errorf("%s: %s", task, key)
		}
	}
}

// The operator finds what was taken out, the latest first.
func TestTakenOut(t *testing.T) {
	s, c := newService(t)
	ctx := t.Context()
	save(t, s, producer("a", "HTX An", "04132"), product(1, "a", "Một"), product(2, "a", "Hai"), product(3, "a", "Ba"), product(4, "a", "Bốn"))
	for _, step := range []struct {
		day, id string
		market  bool
	}{{"2026-03-02", "p1", true}, {"2026-03-03", "p2", true}, {"2026-03-04", "p3", false}} {
		c.set(step.day)
		if err := s.Withdraw(ctx, "op", step.id, "Ảnh.", step.market); err != nil {
			t.Fatal(err)
		}
	}
	ids := func() (ids []string) {
		list, next, err := s.TakenOut(ctx, "")
		if err != nil || next != "" {
			t.Fatal(next, err)
		}
		for _, p := range list {
			ids = append(ids, p.ID)
		}
		return ids
	}
	if got := ids(); !slices.Equal(got, []string{"p2", "p1"}) {
		t.Errorf("%v", got)
	}
	if err := s.Publish(ctx, "op", "p2", true); err != nil {
		t.Fatal(err)
	}
	if got := ids(); !slices.Equal(got, []string{"p1"}) {
		t.Errorf("after p2 was let back: %v", got)
	}
}
