package stripepay_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/pay/stripepay"
	"nguon/app/pay/stripepay/stripefake"
	"nguon/catalog/order"
)

// last reads the newest event of a type, as an endpoint of a version sends it.
func (w *world) last(t *testing.T, typ, version string) order.Event {
	t.Helper()
	all := w.fake.Events()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Type == typ {
			return w.read(t, all[i], version)
		}
	}
	t.Fatalf("no %s among %v", typ, all)
	return order.Event{}
}

func (w *world) read(t *testing.T, e stripefake.Event, version string) order.Event {
	t.Helper()
	body := e.Body(version)
	got := must(w.Event(context.Background(), body, stripefake.Sign(body, secret, time.Now())))(t)
	if got.ID != e.ID || !got.At.Equal(e.Created) {
		t.Errorf("%s is told as %s at %s", e.ID, got.ID, got.At)
	}
	got.ID, got.At = "", time.Time{}
	return got
}

// both reads an event in the library's version and in a newer one, whose object
// has to be asked for.
func (w *world) both(t *testing.T, typ string, want order.Event) {
	t.Helper()
	for _, version := range []string{stripefake.Version, "2025-01-27.acacia"} {
		if got := w.last(t, typ, version); got != want {
			t.Errorf("%s in %s is\n%+v, want\n%+v", typ, version, got, want)
		}
	}
}

func TestEventsOfAPage(t *testing.T) {
	const o = "01J9ORDER"
	t.Run("paid", func(t *testing.T) {
		w := newWorld(t)
		page, payment := w.paid(t, 1)
		w.both(t, "checkout.session.completed", order.Event{Kind: order.EventPaid, Order: o, Session: page.ID, Payment: payment, Amount: 285_000})
		w.both(t, "payment_intent.succeeded", order.Event{Kind: order.EventOther}) // the page tells it
		w.both(t, "charge.succeeded", order.Event{Kind: order.EventOther})
	})
	t.Run("slow money", func(t *testing.T) {
		w := newWorld(t)
		page := w.open(t, w.start(1))
		payment := must(w.fake.Accept(page.ID))(t)
		w.both(t, "checkout.session.completed", order.Event{Kind: order.EventOther, Order: o, Session: page.ID, Amount: 285_000})
		_ = must(w.fake.Pay(page.ID))(t)
		w.both(t, "checkout.session.async_payment_succeeded", order.Event{Kind: order.EventPaid, Order: o, Session: page.ID, Payment: payment, Amount: 285_000})
	})
	t.Run("slow money that does not come", func(t *testing.T) {
		w := newWorld(t)
		page := w.open(t, w.start(1))
		_ = must(w.fake.Accept(page.ID))(t)
		if err := w.fake.FailPayment(page.ID); err != nil {
			t.Fatal(err)
		}
		w.both(t, "checkout.session.async_payment_failed", order.Event{Kind: order.EventFailed, Order: o, Session: page.ID, Amount: 285_000})
	})
	t.Run("a card refused", func(t *testing.T) {
		w := newWorld(t)
		page := w.open(t, w.start(1))
		if err := w.fake.FailPayment(page.ID); err != nil {
			t.Fatal(err)
		}
		w.both(t, "payment_intent.payment_failed", order.Event{Kind: order.EventOther}) // the page is still open
		_ = must(w.fake.Pay(page.ID))(t)
	})
	t.Run("expired", func(t *testing.T) {
		w := newWorld(t)
		page := w.open(t, w.start(1))
		if err := w.fake.ExpireSession(page.ID); err != nil {
			t.Fatal(err)
		}
		w.both(t, "checkout.session.expired", order.Event{Kind: order.EventExpired, Order: o, Session: page.ID, Amount: 285_000})
		if got := must(w.Session(context.Background(), page.ID))(t); got.Paid || got.URL != "" {
			t.Errorf("got %+v", got)
		}
	})
}

func TestEventsOfAPaymentWithoutAPage(t *testing.T) {
	w := newWorld(t)
	payment := w.fake.PayWithoutPage(90_000, map[string]string{"order": "01J9ORDER"})
	w.both(t, "payment_intent.succeeded", order.Event{Kind: order.EventPaid, Order: "01J9ORDER", Payment: payment, Amount: 90_000})
	w.fake.PayWithoutPage(90_000, nil) // another use of the account
	w.both(t, "payment_intent.succeeded", order.Event{Kind: order.EventOther})
	for typ, want := range map[string]order.EventKind{
		"payment_intent.payment_failed": order.EventFailed, "payment_intent.canceled": order.EventExpired, "payment_intent.succeeded": order.EventOther,
	} {
		body := []byte(`{"id":"evt_1","type":"` + typ + `","api_version":"` + stripefake.Version + `","data":{"object":
			{"id":"pi_9","metadata":{"order":"o1"},"status":"requires_payment_method","currency":"vnd","amount":90000}}}`)
		got := must(w.Event(context.Background(), body, stripefake.Sign(body, secret, time.Now())))(t)
		if got.Kind != want || got.Order != "o1" || got.Payment != "pi_9" || got.Amount != 90_000 {
			t.Errorf("%s is %+v", typ, got)
		}
	}
}

func TestEventsOfRefunds(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	_, payment := w.paid(t, 1)
	ref := must(w.Refund(ctx, back(payment, "r1", 100_000)))(t)
	e := order.Event{Kind: order.EventOther, Order: "01J9ORDER", Payment: payment, Refund: "r1", Ref: ref, Amount: 100_000}
	w.both(t, "charge.refunded", e)
	w.both(t, "refund.created", e)
	if err := w.fake.ConfirmRefund(ref); err != nil {
		t.Fatal(err)
	}
	e.Kind = order.EventRefunded
	w.both(t, "charge.refund.updated", e)
	w.both(t, "refund.updated", e)
	if err := w.fake.FailRefund(ref); err != nil {
		t.Fatal(err)
	}
	e.Kind = order.EventRefundFailed
	w.both(t, "charge.refund.updated", e)
	w.both(t, "refund.failed", e)
}

// Several refunds of one charge are told apart, also when their events come
// late and in the wrong order, and one of them failed since.
func TestEachRefundOfAChargeIsTold(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	w.fake.QuickRefunds = true
	_, payment := w.paid(t, 1)
	refs := map[string]string{}
	for _, r := range []string{"r1", "r2", "r3"} {
		refs[r] = must(w.Refund(ctx, back(payment, r, 50_000)))(t)
	}
	var told []string
	for _, e := range w.fake.Events() {
		if e.Type == "charge.refunded" {
			got := w.read(t, e, stripefake.Version)
			if got.Kind != order.EventRefunded || got.Ref != refs[got.Refund] {
				t.Errorf("got %+v", got)
			}
			told = append([]string{got.Refund}, told...)
		}
	}
	if fmt.Sprint(told) != "[r3 r2 r1]" {
		t.Errorf("told %v", told)
	}
	w.now = w.now.Add(time.Hour)
	r4 := must(w.Refund(ctx, back(payment, "r4", 20_000)))(t)
	if err := w.fake.FailRefund(refs["r1"]); err != nil {
		t.Fatal(err)
	}
	if got := w.last(t, "charge.refunded", stripefake.Version); got.Refund != "r4" || got.Ref != r4 {
		t.Errorf("got %+v", got)
	}
}

func TestRefundsByOthersAreNotOurs(t *testing.T) {
	w := newWorld(t)
	_, payment := w.paid(t, 1)
	r, err := http.NewRequest(http.MethodPost, w.at.URL+"/v1/refunds", strings.NewReader("payment_intent="+payment))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	resp := must(http.DefaultClient.Do(r))(t)
	_ = resp.Body.Close()
	w.both(t, "charge.refunded", order.Event{Kind: order.EventOther})
	w.both(t, "refund.created", order.Event{Kind: order.EventOther})
}

func TestEventsOfDisputes(t *testing.T) {
	w := newWorld(t)
	_, payment := w.paid(t, 1)
	d := must(w.fake.Dispute(payment))(t)
	w.both(t, "charge.dispute.created", order.Event{Kind: order.EventDisputed, Order: "01J9ORDER", Payment: payment, Ref: d, Amount: 285_000})
	if err := w.fake.CloseDispute(d, true); err != nil {
		t.Fatal(err)
	}
	w.both(t, "charge.dispute.closed", order.Event{Kind: order.EventDisputeOver, Order: "01J9ORDER", Payment: payment, Ref: d, Amount: 285_000})
	if err := w.fake.CloseDispute(d, false); err != nil {
		t.Fatal(err)
	}
	w.both(t, "charge.dispute.closed", order.Event{Kind: order.EventDisputeOver, Order: "01J9ORDER", Payment: payment, Ref: d, Amount: 285_000, Lost: true})
	_ = must(w.fake.Dispute(w.fake.PayWithoutPage(90_000, nil)))(t)
	w.both(t, "charge.dispute.created", order.Event{Kind: order.EventOther})
}

func TestSignatures(t *testing.T) {
	w := newWorld(t)
	w.paid(t, 1)
	body := w.fake.Events()[2].Body(stripefake.Version)
	now := time.Now()
	good := stripefake.Sign(body, secret, now)
	for name, tt := range map[string]struct {
		body   []byte
		header string
		ok     bool
	}{
		"ours":                {body, good, true},
		"of the old secret":   {body, stripefake.Sign(body, older, now), true},
		"of two secrets":      {body, good + ",v1=" + strings.Repeat("ab", 32), true},
		"nearly too old":      {body, stripefake.Sign(body, secret, now.Add(-290*time.Second)), true},
		"too old":             {body, stripefake.Sign(body, secret, now.Add(-301*time.Second)), false},
		"of another secret":   {body, stripefake.Sign(body, "whsec_else", now), false},
		"of the empty secret": {body, stripefake.Sign(body, "", now), false},
		"none":                {body, "", false},
		"no header":           {body, "nonsense", false},
		"of another scheme":   {body, strings.Replace(good, "v1=", "v0=", 1), false},
		"a changed body":      {[]byte(strings.Replace(string(body), "285000", "285001", 1)), good, false},
		"a changed time":      {body, strings.Replace(good, "t="+fmt.Sprint(now.Unix()), "t="+fmt.Sprint(now.Unix()+1), 1), false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Event(context.Background(), tt.body, tt.header)
			if tt.ok && err != nil {
				t.Error(err)
			}
			if !tt.ok {
				want(t, err, fault.Invalid, "order.webhook.signature")
			}
		})
	}
	for _, secrets := range [][]string{nil, {""}} {
		g := stripepay.New(stripepay.Options{Key: key, WebhookSecrets: secrets, Base: w.at.URL})
		_, err := g.Event(context.Background(), body, stripefake.Sign(body, "", now))
		want(t, err, fault.Invalid, "order.webhook.signature")
	}
}

func TestBodies(t *testing.T) {
	const page = `"id":"cs_1","object":"checkout.session","client_reference_id":"o1","payment_status":"paid","payment_intent":"pi_1"`
	wrap := func(typ, o string) string {
		return `{"id":"evt_1","type":"` + typ + `","api_version":"` + stripefake.Version + `","created":1,"data":{"object":` + o + `}}`
	}
	w := newWorld(t)
	for name, tt := range map[string]struct {
		body string
		kind fault.Kind
		code string // "" for an event of no consequence
	}{
		"not JSON":         {`{`, fault.Invalid, "order.webhook.body"},
		"no event":         {`{}`, fault.Invalid, "order.webhook.body"},
		"no data":          {`{"id":"evt_1","type":"checkout.session.completed"}`, fault.Invalid, "order.webhook.body"},
		"no object":        {wrap("checkout.session.completed", `null`), fault.Invalid, "order.webhook.body"},
		"an odd id":        {wrap("charge.refunded", `{"id":"../x"}`), fault.Invalid, "order.webhook.body"},
		"odd types":        {wrap("checkout.session.completed", `{"id":"cs_1","amount_total":"much"}`), fault.Invalid, "order.webhook.body"},
		"below nothing":    {wrap("checkout.session.completed", `{`+page+`,"amount_total":-5,"currency":"vnd"}`), fault.Invalid, "order.webhook.body"},
		"another currency": {wrap("checkout.session.completed", `{`+page+`,"amount_total":285000,"currency":"usd"}`), fault.Internal, "order.card.currency"},
		"gone from Stripe": {`{"id":"evt_1","type":"checkout.session.completed","api_version":"2025-01-27.acacia","data":{"object":{"id":"cs_1"}}}`, fault.NotFound, "order.card.unknown"},
		"unknown type":     {wrap("payout.paid", `{"id":"po_1"}`), 0, ""},
		"an old event":     {`{"id":"evt_1","type":"customer.created","api_version":"2015-01-01","request":"req_1","data":{"object":{}}}`, 0, ""},
		"another's page":   {wrap("checkout.session.completed", `{"id":"cs_1","payment_status":"paid","amount_total":5,"currency":"usd"}`), 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e, err := w.Event(context.Background(), []byte(tt.body), stripefake.Sign([]byte(tt.body), secret, time.Now()))
			if tt.code != "" {
				want(t, err, tt.kind, tt.code)
			} else if err != nil || e.Kind != order.EventOther || e.ID != "evt_1" {
				t.Errorf("got %+v, %v", e, err)
			}
		})
	}
}

// An event that has to be asked about comes again while Stripe is away.
func TestEventWhileStripeIsAway(t *testing.T) {
	w := newWorld(t)
	w.paid(t, 1)
	body := w.fake.Events()[2].Body("2025-01-27.acacia")
	w.fake.Fail(9, http.StatusInternalServerError)
	_, err := w.Event(context.Background(), body, stripefake.Sign(body, secret, time.Now()))
	want(t, err, fault.Unavailable, "order.card.away")
}

func TestSessionInAnotherCurrency(t *testing.T) {
	w := newWorld(t)
	w.at.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(rw, `{"id":"cs_1","currency":"usd","amount_total":1100,"payment_status":"paid"}`)
	})
	_, err := w.Session(context.Background(), "cs_1")
	want(t, err, fault.Internal, "order.card.currency")
}

// Delivered many times at once, shuffled and in two versions, each event is read
// as the same; one that was refused at first comes again.
func TestDelivery(t *testing.T) {
	w := newWorld(t)
	page, payment := w.paid(t, 1)
	var mu sync.Mutex
	seen, refuse := map[order.Event]int{}, true
	shop := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		e, err := w.Event(r.Context(), body, r.Header.Get("Stripe-Signature"))
		mu.Lock()
		defer mu.Unlock()
		switch {
		case fault.Is(err, fault.Invalid):
			rw.WriteHeader(http.StatusBadRequest)
		case err != nil || refuse:
			rw.WriteHeader(http.StatusServiceUnavailable)
		case e.Kind != order.EventOther:
			e.At = time.Time{}
			seen[e]++
		}
	}))
	defer shop.Close()
	deliver := func(want int, times, parallel int, o ...stripefake.Option) {
		t.Helper()
		statuses, err := w.fake.Deliver(shop.URL, times, parallel, o...)
		if err != nil || len(statuses) == 0 {
			t.Fatal(statuses, err)
		}
		for _, s := range statuses {
			if s != want {
				t.Fatalf("answered %v, want %d", statuses, want)
			}
		}
	}
	deliver(503, 1, 1)
	refuse = false
	deliver(400, 1, 1, stripefake.Aged(10*time.Minute))
	deliver(400, 1, 1, stripefake.SignedWith("whsec_else"))
	deliver(200, 50, 50, stripefake.Shuffled(7), stripefake.Only("checkout.session.completed"))
	deliver(200, 2, 4)
	if statuses, err := w.fake.Deliver(shop.URL, 1, 1); len(statuses) != 0 || err != nil {
		t.Errorf("what was delivered waits: %v, %v", statuses, err)
	}
	deliver(200, 2, 2, stripefake.Again(), stripefake.As("2025-01-27.acacia"))
	var id string
	for _, e := range w.fake.Events() {
		if e.Type == "checkout.session.completed" {
			id = e.ID
		}
	}
	only := order.Event{ID: id, Kind: order.EventPaid, Order: "01J9ORDER", Session: page.ID, Payment: payment, Amount: 285_000}
	if seen[only] != 52 || len(seen) != 1 {
		t.Errorf("seen %+v", seen)
	}
}

func FuzzEvent(f *testing.F) {
	w := newWorld(f)
	w.fake.QuickRefunds = true
	page := must(w.Start(context.Background(), w.start(1)))(f)
	payment := must(w.fake.Pay(page.ID))(f)
	_ = must(w.Refund(context.Background(), back(payment, "r1", 5_000)))(f)
	_ = must(w.fake.Dispute(payment))(f)
	for _, e := range w.fake.Events() {
		f.Add(e.Body(stripefake.Version))
		f.Add(e.Body("2025-01-27.acacia"))
	}
	for _, s := range []string{"", "null", "[]", `{"id":"evt_1"}`, `{"id":"e","type":"checkout.session.completed","data":null}`,
		`{"id":"e","type":"charge.refunded","api_version":"2023-10-16","data":{"object":{"id":"ch_1","amount_refunded":1e400}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := w.Event(context.Background(), body, stripefake.Sign(body, secret, time.Now()))
		if err != nil {
			if code := fault.CodeOf(err); !strings.HasPrefix(code, "order.") || code == "order.webhook.signature" || code == "order.card.refused" {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		if e.ID == "" || e.Kind == "" || e.Amount < 0 || e.Kind != order.EventOther && e.Order == "" {
			t.Errorf("%q is %+v", body, e)
		}
		if e.Kind == order.EventPaid && e.Payment == "" || e.Kind == order.EventRefunded && (e.Refund == "" || e.Ref == "") {
			t.Errorf("%q is %+v", body, e)
		}
	})
}
