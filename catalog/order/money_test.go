package order

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
)

// One transfer that two sources tell of under two references is counted once;
// two transfers of one source are two.
func TestATransferToldByTwoSources(t *testing.T) {
	day := 24 * time.Hour
	type told struct {
		ref, source string
		less        money.VND
		after       time.Duration
	}
	for name, tt := range map[string]struct {
		first, second told
		matched       bool
	}{
		"webhook, then statement":  {told{ref: "sepay:92704", source: "webhook"}, told{ref: "FT2524", source: "csv"}, false},
		"statement, then webhook":  {told{ref: "FT2524", source: "csv"}, told{ref: "sepay:92704", source: "webhook"}, false},
		"by hand, then statement":  {told{ref: "tay 1", source: "hand"}, told{ref: "FT2524", source: "csv"}, false},
		"another hour of the day":  {told{ref: "sepay:1", source: "webhook"}, told{ref: "FT1", source: "csv", after: -9 * time.Hour}, false},
		"booked the day after":     {told{ref: "sepay:1", source: "webhook"}, told{ref: "FT1", source: "csv", after: 13 * time.Hour}, false},
		"another day":              {told{ref: "sepay:1", source: "webhook"}, told{ref: "FT1", source: "csv", after: -2 * day}, true},
		"another amount":           {told{ref: "sepay:1", source: "webhook"}, told{ref: "FT1", source: "csv", less: 1000}, true},
		"two services of the bank": {told{ref: "sepay:1", source: "webhook"}, told{ref: "casso:9", source: "webhook"}, false},
		"two of the same source":   {told{ref: "sepay:1", source: "webhook"}, told{ref: "sepay:2", source: "webhook"}, true},
		"the same reference again": {told{ref: "sepay:1", source: "webhook"}, told{ref: "sepay:1", source: "csv"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newShop(t)
			d.at = time.Date(2026, 11, 26, 11, 0, 0, 0, time.UTC) // 18:00 in Vietnam
			o := d.place(Transfer, "a250 1")
			receive := func(x told) TransferIn {
				tr, err := d.Receive(t.Context(), Incoming{Ref: x.ref, Amount: o.Total() - x.less, Booked: d.clock().Add(x.after), Memo: o.Code}, x.source, "p1")
				d.ok(err)
				return tr
			}
			receive(tt.first)
			seen, err := d.Foresee(t.Context(), Incoming{Ref: tt.second.ref, Amount: o.Total() - tt.second.less, Booked: d.clock().Add(tt.second.after), Memo: o.Code}, tt.second.source)
			d.ok(err)
			got := receive(tt.second)
			if (got.State == TransferMatched) != tt.matched || seen.State != got.State {
				t.Fatalf("%+v, foreseen %s", got, seen.State)
			}
			if tt.matched {
				return
			}
			if got.Note != likely || got.Like != tt.first.ref || got.Order != o.ID {
				t.Errorf("%+v", got)
			}
			if o = d.get(o.ID); o.Paid() != o.Total() || len(o.Refunds) != 0 {
				t.Errorf("paid %d, %+v", o.Paid(), o.Refunds)
			}
			if again := receive(tt.second); again.State != TransferUnmatched {
				t.Errorf("told again: %+v", again)
			}
			_, err = d.Assign(t.Context(), "p1", tt.second.ref, o.Code, "hai lần thật") // somebody has looked
			d.ok(err)
			if o = d.get(o.ID); len(o.Refunds) != 1 {
				t.Errorf("%+v", o.Refunds)
			}
			d.sound()
		})
	}
}

// Both sources at once: the order takes one of them.
func TestTwoSourcesAtOnce(t *testing.T) {
	d := newShop(t)
	o := d.place(Transfer, "a250 1")
	var wg sync.WaitGroup
	for i, source := range []string{"webhook", "csv"} {
		wg.Go(func() {
			_, err := d.Receive(t.Context(), Incoming{Ref: fmt.Sprint("ref", i), Amount: o.Total(), Booked: d.clock(), Memo: o.Code}, source, "p1")
			d.ok(err)
		})
	}
	wg.Wait()
	if o = d.get(o.ID); len(o.Payments) != 1 || o.State != Confirmed {
		t.Errorf("%s, %+v", o.State, o.Payments)
	}
}

func TestCandidates(t *testing.T) {
	d := newShop(t)
	a, b := d.place(Transfer, "a250 1"), d.place(Transfer, "b500 1")
	d.place(Cash, "a250 1")
	wrong := []byte(a.Code)
	wrong[4] = 'B' // no letter of a code
	for memo, want := range map[string]string{
		"ck " + string(wrong) + " mua ca phe": a.Code, a.Code[:3] + a.Code[4:]: a.Code, a.Code[:5] + "0" + a.Code[5:]: a.Code, "tien ca phe": b.Code,
	} {
		tr, err := d.Receive(t.Context(), Incoming{Ref: memo, Amount: b.Total(), Booked: d.clock(), Memo: memo}, "csv", "p1")
		d.ok(err)
		list, err := d.Candidates(t.Context(), tr)
		if err != nil || tr.State != TransferUnmatched || len(list) == 0 || list[0].Order.Code != want || len(list) > 2 {
			t.Errorf("%q: %+v, %v", memo, list, err)
		}
	}
}

func (d *shop) owe(account Account) {
	d.t.Helper()
	d.ok(d.SetAccount(d.t.Context(), "p1", "htx", account))
	o := d.place(Transfer, "a250 1")
	d.transfer("vcb:"+o.ID, o, o.Total(), d.clock())
	if b, err := d.Balance(d.t.Context(), "htx"); b != 0 || err != nil {
		d.t.Errorf("%d are owed for what was not sent, %v", b, err)
	}
	d.ok(d.Handle(d.t.Context(), "p1", o.ID, Moving{Move: Send, Seller: "htx"}))
}

var someAccount = Account{BIN: "970436", Number: "0011001234567", Name: "HTX CA PHE"}

func TestPayouts(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	d.owe(someAccount)
	before, err := d.Balance(ctx, "htx")
	d.ok(err)
	id := NewID()
	for range 2 { // the form sent twice
		b, err := d.MakePayouts(ctx, "p1", id, map[string]string{"htx": "HTX", "ho": "Hộ"})
		d.ok(err)
		if len(b.Rows) != 1 || b.Rows[0].Amount != before || b.Rows[0].Account != someAccount || b.State != BatchReady {
			t.Fatalf("%+v", b)
		}
	}
	_, err = d.MakePayouts(ctx, "p1", NewID(), map[string]string{"htx": "HTX"})
	d.refused(err, "order.payout.nothing")
	d.refused(d.EndPayout(ctx, "p1", id, "htx", "", true), "order.payout.form")
	d.refused(d.EndPayout(ctx, "p1", id, "ho", "FT9", true), "order.batch.not_found")
	for range 2 {
		d.ok(d.EndPayout(ctx, "p1", id, "htx", "FT9", true))
	}
	if balance, _ := d.Balance(ctx, "htx"); balance != 0 {
		t.Errorf("%d", balance)
	}
	for range 2 { // the bank sends it back days later
		d.ok(d.EndPayout(ctx, "p1", id, "htx", "", false))
	}
	d.refused(d.EndPayout(ctx, "p1", id, "htx", "FT9", true), "order.payout.state")
	if balance, _ := d.Balance(ctx, "htx"); balance != before {
		t.Errorf("%d came back of %d", balance, before)
	}
	d.sound()
	b, err := d.MakePayouts(ctx, "p1", NewID(), map[string]string{"htx": "HTX"})
	if err != nil || b.Total() != before {
		t.Errorf("%+v, %v", b, err)
	}
	d.ok(d.ledger.Delete(ctx, "payout:"+b.ID+":htx"))
	if _, found, err := d.Check(ctx); err != nil || len(found) != 1 {
		t.Errorf("%v, %v", found, err)
	}
}

// Many operators make batches at once: the balance is paid once. Without the
// unique claim of a batch on its sellers this fails.
func TestBatchesAtOncePayOnce(t *testing.T) {
	for range 5 {
		d := newShop(t)
		d.owe(someAccount)
		want, err := d.Balance(t.Context(), "htx")
		d.ok(err)
		var wg sync.WaitGroup
		var mu sync.Mutex
		var paid money.VND
		for range 16 {
			wg.Go(func() {
				b, err := d.MakePayouts(t.Context(), "p1", NewID(), map[string]string{"htx": "HTX"})
				if code := fault.CodeOf(err); err != nil && code != "order.payout.busy" && code != "order.payout.nothing" {
					t.Error(err)
				}
				if err == nil {
					mu.Lock()
					paid += b.Total()
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if balance, _ := d.Balance(t.Context(), "htx"); paid != want || balance != 0 {
			t.Fatalf("%d were paid of %d, %d are left", paid, want, balance)
		}
	}
}

// A batch that a crash left half made is finished by the worker.
func TestABatchIsFinished(t *testing.T) {
	d := newShop(t)
	d.owe(someAccount)
	b := Batch{ID: NewID(), Kind: Payouts, By: "p1", At: d.clock(), State: BatchMaking, Claims: []string{"seller:htx"}, Rows: []BatchRow{{Seller: "htx", State: RowSent}}}
	d.ok(d.batches.Insert(t.Context(), b))
	_, err := d.MakePayouts(t.Context(), "p2", NewID(), map[string]string{"htx": "HTX"})
	d.refused(err, "order.payout.busy")
	d.later(time.Minute)
	d.sweep()
	b, err = d.Batch(t.Context(), b.ID)
	if balance, _ := d.Balance(t.Context(), "htx"); err != nil || b.State != BatchReady || len(b.Claims) != 0 || balance != 0 {
		t.Errorf("%+v, %d, %v", b, balance, err)
	}
}

func TestRefundsInABatch(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	var picks []RefundID
	for i := range 3 {
		o := d.place(Transfer, "a250 1")
		d.transfer(fmt.Sprint("vcb:", i), o, o.Total(), d.clock())
		d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
		picks = append(picks, RefundID{o.ID, "r1"})
	}
	count := func(st RefundState) int64 {
		n, err := d.CountWaiting(ctx, WaitRefund(st))
		d.ok(err)
		return n
	}
	if count(RefundAsked) != 3 {
		t.Errorf("%d are asked for", count(RefundAsked))
	}
	d.ok(d.NoteAccount(ctx, "p1", picks[0].Order, "r1", someAccount))
	d.ok(d.TellAccount(ctx, picks[1].Order, "r1", someAccount))
	if count(RefundReady) != 2 {
		t.Errorf("%d are ready", count(RefundReady))
	}
	id := NewID()
	for range 2 {
		b, err := d.MakeRefunds(ctx, "p1", id, picks) // the third is left out
		if err != nil || len(b.Rows) != 2 || b.Total() != 2*115_000 {
			t.Fatalf("%+v, %v", b, err)
		}
	}
	_, err := d.MakeRefunds(ctx, "p2", NewID(), picks[:2]) // another operator was faster
	d.refused(err, "order.refund.state")
	d.ok(d.EndRefund(ctx, "p1", picks[0].Order, "r1", "FT1", true))
	d.ok(d.EndRefund(ctx, "p1", picks[1].Order, "r1", "", false))
	if count(RefundSent) != 0 || count(RefundFailed) != 1 || count(RefundAsked) != 1 {
		t.Errorf("%d sent, %d failed", count(RefundSent), count(RefundFailed))
	}
	list, _, err := d.Waiting(ctx, WaitRefund(RefundFailed), "")
	if err != nil || len(list) != 1 || list[0].ID != picks[1].Order {
		t.Errorf("%v, %v", list, err)
	}
	d.ok(d.RetryRefund(ctx, "p1", picks[1].Order, "r1"))
	if b, err := d.MakeRefunds(ctx, "p1", NewID(), picks[1:2]); err != nil || len(b.Rows) != 1 {
		t.Errorf("again: %+v, %v", b, err)
	}
	d.sound()
}

func TestMonthSums(t *testing.T) {
	d := newShop(t)
	o := d.place(Transfer, "b500 1")
	d.transfer("vcb:1", o, o.Total(), d.clock())
	d.ok(d.Handle(t.Context(), "p1", o.ID, Moving{Move: Send, Seller: "ho"}))
	d.later(10 * 24 * time.Hour)
	d.ok(d.Handle(t.Context(), "p1", o.ID, Moving{Move: Return, Seller: "ho"}))
	list, err := d.MonthSums(t.Context(), TaxAccount)
	if err != nil || len(list) != 2 || list[0].Amount != -1_800 || list[1].Amount != 1_800 || list[1].Seller != "ho" || list[0].Month.Month() != time.December {
		t.Errorf("%+v, %v", list, err)
	}
}

// Words of the gateway come late and again: the failure of an earlier try does
// not undo the next, and a dispute that is over stays over.
func TestLateWordsOfTheGateway(t *testing.T) {
	d, g := cardShop(t)
	ctx := t.Context()
	o := d.place(Card, "a250 1")
	_, err := d.Card(ctx, o.ID, "https://x/done", "https://x/back")
	d.ok(err)
	page := g.pay(d.get(o.ID).Sessions[0])
	d.ok(d.Take(ctx, Event{ID: "e1", Kind: EventPaid, Order: o.ID, Payment: page.Payment, Amount: page.Amount, At: d.clock()}))
	d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
	failed := Event{ID: "e2", Kind: EventRefundFailed, Order: o.ID, Refund: "r1", Ref: "re_r1", At: d.clock()}
	d.ok(d.Take(ctx, failed))
	d.ok(d.RetryRefund(ctx, "p1", o.ID, "r1"))
	d.ok(d.Take(ctx, failed)) // told again
	if r := d.get(o.ID).Refunds[0]; r.State != RefundSent || r.Ref != "re_r1.1" {
		t.Errorf("%+v", r)
	}
	d.ok(d.Take(ctx, Event{ID: "e3", Kind: EventRefunded, Order: o.ID, Refund: "r1.1", Ref: "re_r1.1", At: d.clock()}))
	if r := d.get(o.ID).Refunds[0]; r.State != RefundDone {
		t.Errorf("%+v", r)
	}
	for _, kind := range []EventKind{EventDisputeOver, EventDisputed} { // the end first
		d.ok(d.Take(ctx, Event{ID: string(kind), Kind: kind, Order: o.ID, Ref: "dp_1", At: d.clock()}))
	}
	if d.get(o.ID).Disputed() {
		t.Error("a dispute that is over")
	}
	d.ok(d.Take(ctx, Event{ID: "e6", Kind: EventDisputed, Order: o.ID, Ref: "dp_2", At: d.clock()}))
	if n, err := d.CountWaiting(ctx, WaitDisputed); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	d.sound()
}

// What a cardholder's bank took is the market's loss, is seen by somebody, and
// is not sent back a second time.
func TestALostDispute(t *testing.T) {
	for name, tt := range map[string]struct {
		before, after Move
		market        money.VND
		refunds       string
	}{
		"kept":           {Send, "", 4_750 - 115_000, ""},
		"returned after": {Send, Return, -20_000, "r1 done dispute"},
		"dropped before": {Drop, "", 0, "r1 done dropped"},
		"dropped in it":  {"", Drop, 0, "r1 done dispute"},
	} {
		t.Run(name, func(t *testing.T) {
			d, g := cardShop(t)
			ctx := t.Context()
			g.refuse = fault.New(fault.Conflict, "order.refund.refused")
			o := d.place(Card, "a250 1")
			d.ok(d.Take(ctx, Event{ID: "1", Kind: EventPaid, Order: o.ID, Payment: "pi_1", Amount: o.Total(), At: d.clock()}))
			if tt.before != "" {
				d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: tt.before, Seller: "htx"}))
			}
			lost := Event{ID: "2", Kind: EventDisputeOver, Order: o.ID, Payment: "pi_1", Ref: "dp_1", Amount: o.Total(), Lost: true, At: d.clock()}
			early := lost
			early.Payment = "pi_2"
			if err := d.Take(ctx, early); fault.CodeOf(err) != "order.not_found" {
				t.Error("a payment that nobody told of:", err)
			}
			for range 2 {
				d.ok(d.Take(ctx, lost))
			}
			if tt.after != "" {
				d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: tt.after, Seller: "htx"}))
			}
			o = d.get(o.ID)
			got := ""
			for _, r := range o.Refunds {
				got += fmt.Sprintln(r.ID, r.State, r.Cause)
			}
			if strings.TrimSpace(got) != tt.refunds {
				t.Errorf("%q, want %q", got, tt.refunds)
			}
			if n, err := d.CountWaiting(ctx, WaitDisputed); n != 1 || err != nil {
				t.Errorf("%d wait, %v", n, err)
			}
			for range 2 {
				d.ok(d.SeeDispute(ctx, "p1", o.ID, "dp_1"))
			}
			if n, _ := d.CountWaiting(ctx, WaitDisputed); n != 0 {
				t.Error("seen, and it waits")
			}
			d.refused(d.SeeDispute(ctx, "p1", o.ID, "dp_9"), "order.not_found")
			d.ok(d.out.Settle(ctx, o.ID))
			if b, err := d.Balance(ctx, MarketAccount); b != tt.market || err != nil {
				t.Errorf("the market has %d, want %d, %v", b, tt.market, err)
			}
			d.sound()
		})
	}
}

// Money goes back the way it came, however the order was to be paid.
func TestMoneyGoesBackTheWayItCame(t *testing.T) {
	d, g := cardShop(t)
	ctx := t.Context()
	g.refuse = fault.New(fault.Conflict, "order.refund.refused")
	o := d.place(Card, "a250 1")
	d.transfer("vcb:1", o, 50_000, d.clock())
	d.ok(d.Take(ctx, Event{ID: "1", Kind: EventPaid, Order: o.ID, Payment: "pi_1", Amount: o.Total(), At: d.clock()}))
	d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
	got := ""
	for _, r := range d.get(o.ID).Refunds {
		got += fmt.Sprintln(r.ID, r.Method, r.State, int64(r.Amount), r.Payment)
	}
	if want := "r1 card failed 50000 pi_1\nr2 card failed 65000 pi_1\nr3 transfer asked 50000 \n"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	// The gateway refuses for good: the shopper is asked for an account.
	for range 2 {
		d.ok(d.RefundByTransfer(ctx, "p1", o.ID, "r1"))
	}
	d.ok(d.TellAccount(ctx, o.ID, "r1", someAccount))
	d.ok(d.SendRefund(ctx, "p1", o.ID, "r1"))
	d.ok(d.EndRefund(ctx, "p1", o.ID, "r1", "FT1", true))
	d.refused(d.RefundByTransfer(ctx, "p1", o.ID, "r3"), "order.refund.state")
	d.sound()
}

// However a dispute and a refund cross, no more leaves than came in unless the
// bank took what had gone back already, and then it is the market's loss and
// somebody is told.
func TestDisputesAndRefundsCross(t *testing.T) {
	type world struct {
		*shop
		g *till
		o Order
	}
	lose := func(w *world, amount money.VND) {
		w.ok(w.Take(w.t.Context(), Event{ID: "l", Kind: EventDisputeOver, Order: w.o.ID, Payment: "pi_1", Ref: "dp_1", Amount: amount, Lost: true, At: w.clock()}))
	}
	word := func(w *world, kind EventKind) {
		w.ok(w.Take(w.t.Context(), Event{ID: string(kind), Kind: kind, Order: w.o.ID, Refund: "r1", Ref: "re_r1", At: w.clock()}))
	}
	cancel := func(w *world) { w.ok(w.Cancel(w.t.Context(), "shopper", w.o.ID, "")) }
	refuse := func(w *world) { w.g.refuse = fault.New(fault.Conflict, "order.refund.refused") }
	byBank := func(w *world) {
		w.ok(w.TellAccount(w.t.Context(), w.o.ID, "r1", someAccount))
		w.ok(w.SendRefund(w.t.Context(), "p1", w.o.ID, "r1"))
		w.ok(w.EndRefund(w.t.Context(), "p1", w.o.ID, "r1", "FT1", true))
	}
	for name, tt := range map[string]struct {
		do   func(w *world)
		want string // refunds
		held money.VND
	}{
		"sent, lost, and the refund fails": {func(w *world) { cancel(w); lose(w, 115_000); word(w, EventRefundFailed) }, "r1 card done 115000 dp_1", 0},
		"sent, lost, and both go out":      {func(w *world) { cancel(w); lose(w, 115_000); word(w, EventRefunded) }, "r1 card done 115000 ", -115_000},
		"waits for an account": {func(w *world) {
			refuse(w)
			cancel(w)
			w.ok(w.RefundByTransfer(w.t.Context(), "p1", w.o.ID, "r1"))
			lose(w, 115_000)
		}, "r1 card done 115000 dp_1", 0},
		"went by bank before": {func(w *world) {
			refuse(w)
			cancel(w)
			w.ok(w.RefundByTransfer(w.t.Context(), "p1", w.o.ID, "r1"))
			byBank(w)
			lose(w, 115_000)
		}, "r1 transfer done 115000 ", -115_000},
		"a part is lost": {func(w *world) { refuse(w); cancel(w); lose(w, 50_000) }, "r1 card done 50000 dp_1 r2 card failed 65000 ", 65_000},
		"while it is open, nothing is sent": {func(w *world) {
			w.ok(w.Take(w.t.Context(), Event{ID: "d", Kind: EventDisputed, Order: w.o.ID, Payment: "pi_1", Ref: "dp_1", Amount: 115_000, At: w.clock()}))
			cancel(w)
			if len(w.g.refunds) != 0 {
				w.t.Error("a refund was sent")
			}
			lose(w, 115_000)
		}, "r1 card done 115000 dp_1", 0},
	} {
		t.Run(name, func(t *testing.T) {
			d, g := cardShop(t)
			o := d.place(Card, "a250 1")
			d.ok(d.Take(t.Context(), Event{ID: "1", Kind: EventPaid, Order: o.ID, Payment: "pi_1", Amount: o.Total(), At: d.clock()}))
			tt.do(&world{d, g, o})
			o = d.get(o.ID)
			got := []string{}
			for _, r := range o.Refunds {
				got = append(got, fmt.Sprint(r.ID, " ", r.Method, " ", r.State, " ", int64(r.Amount), " ", r.Dispute))
			}
			if strings.Join(got, " ") != tt.want || o.Held() != tt.held {
				t.Errorf("%q, %d held; want %q, %d", strings.Join(got, " "), o.Held(), tt.want, tt.held)
			}
			if n, err := d.CountWaiting(t.Context(), WaitDisputed); n != 1 || err != nil {
				t.Errorf("%d wait to be seen, %v", n, err)
			}
			d.sound()
		})
	}
	// A dispute that is won lets the refund go.
	d, g := cardShop(t)
	o := d.place(Card, "a250 1")
	d.ok(d.Take(t.Context(), Event{ID: "1", Kind: EventPaid, Order: o.ID, Payment: "pi_1", Amount: o.Total(), At: d.clock()}))
	for _, kind := range []EventKind{EventDisputed, EventDisputeOver} {
		d.ok(d.Take(t.Context(), Event{ID: string(kind), Kind: kind, Order: o.ID, Payment: "pi_1", Ref: "dp_1", At: d.clock()}))
		if kind == EventDisputed {
			d.ok(d.Cancel(t.Context(), "shopper", o.ID, ""))
		}
	}
	if len(g.refunds) != 1 {
		t.Errorf("%d refunds were sent", len(g.refunds))
	}
	// One that may be on its way to the card is not made a credit as well.
	d, g = cardShop(t)
	g.refuse = fault.New(fault.Unavailable, "order.card.away")
	o = d.place(Card, "a250 1")
	d.ok(d.Take(t.Context(), Event{ID: "1", Kind: EventPaid, Order: o.ID, Payment: "pi_1", Amount: o.Total(), At: d.clock()}))
	d.ok(d.Cancel(t.Context(), "shopper", o.ID, ""))
	_, err := d.CreditRefund(t.Context(), "p1", o.ID, "r1")
	d.refused(err, "order.refund.state")
}

// A cash order that was paid by transfer is paid back by transfer.
func TestCashThatCameByTransfer(t *testing.T) {
	d := newShop(t)
	o := d.place(Cash, "a250 1")
	d.transfer("vcb:1", o, o.Total(), d.clock())
	if r := d.get(o.ID).Refunds; len(r) != 1 || r[0].Method != Transfer || r[0].Cause != "over" {
		t.Errorf("%+v", r)
	}
	d.sound()
}
