package order

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/money"
)

// A balance is that of all entries, however many were added up before, and also
// when many ask at once.
func TestABalanceIsCarriedOn(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	want := money.VND(0)
	add := func(n int) {
		t.Helper()
		list := []Entry{}
		for i := range n {
			e := Entry{ID: fmt.Sprint("e", want, "/", i), Account: "htx", Kind: Sale, Amount: money.VND(1000 + i), At: d.clock().AddDate(0, 0, -i)}
			list = append(list, e)
			want += e.Amount
		}
		d.ok(d.write(ctx, list))
	}
	for round, n := range []int{3, mostTail + 50, 5, mostTail, 1} {
		add(n)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if got, err := d.Balance(ctx, "htx"); got != want || err != nil {
					t.Errorf("round %d: %d, want %d, %v", round, got, want, err)
				}
			})
		}
		wg.Wait()
		d.later(2 * afterAll)
	}
	doc, err := d.sums.Get(ctx, "htx")
	if err != nil || doc.Until.IsZero() || doc.Sum == 0 || doc.Sum == want {
		t.Errorf("%+v, %v", doc, err)
	}
	if got, err := d.Balance(ctx, "ho"); got != 0 || err != nil {
		t.Errorf("another's: %d, %v", got, err)
	}
	if found, err := d.checkSums(ctx); len(found) != 0 || err != nil {
		t.Errorf("%v, %v", found, err)
	}
	d.ok(d.sums.Update(ctx, "htx", func(x *sumDoc) error { x.Sum++; return nil }))
	if found, err := d.checkSums(ctx); len(found) != 1 || err != nil {
		t.Errorf("%v, %v", found, err)
	}
}

func TestEntriesOfBeforeAreUpgraded(t *testing.T) {
	at := time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)
	old, err := bson.Marshal(bson.M{"_id": "e", "amount": int64(5), "at": at})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := upgradeEntry(1, old)
	var e Entry
	if err == nil {
		err = bson.Unmarshal(raw, &e)
	}
	if err != nil || !e.Written.Equal(at) || e.Amount != 5 {
		t.Errorf("%+v, %v", e, err)
	}
}
