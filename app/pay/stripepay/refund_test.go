package stripepay_test

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/catalog/order"
)

func back(payment, refund string, amount money.VND) order.GatewayRefund {
	return order.GatewayRefund{Order: "01J9ORDER", Refund: refund, Payment: payment, Amount: amount}
}

func TestRefundIsSentOnce(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	_, payment := w.paid(t, 1)
	first := must(w.Refund(ctx, back(payment, "r1", 100_000)))(t)
	sent := w.fake.Requests()
	if last := sent[len(sent)-1]; last.Key != "01J9ORDER:r1" || last.Form.Get("payment_intent") != payment || last.Form.Get("amount") != "100000" ||
		last.Form.Get("metadata[order]") != "01J9ORDER" || last.Form.Get("metadata[refund]") != "r1" {
		t.Errorf("sent %+v", last)
	}
	if again := must(w.Refund(ctx, back(payment, "r1", 100_000)))(t); again != first {
		t.Errorf("sent as %s and as %s", first, again)
	}
	if other := must(w.Refund(ctx, back(payment, "r2", 100_000)))(t); other == first {
		t.Error("two refunds of one amount became one")
	}
	_, err := w.Refund(ctx, back(payment, "r1", 50_000))
	want(t, err, fault.Conflict, "order.refund.refused")
	_, err = w.Refund(ctx, back(payment, "r3", 100_000)) // 85.000 are left
	want(t, err, fault.Conflict, "order.refund.refused")
	_ = must(w.Refund(ctx, back(payment, "r4", 85_000)))(t)
	_, err = w.Refund(ctx, back(payment, "r5", 1))
	want(t, err, fault.Conflict, "order.refund.refused")
	if again := must(w.Refund(ctx, back(payment, "r1", 100_000)))(t); again != first {
		t.Errorf("after all went back, sent as %s and as %s", first, again)
	}
}

func TestRefundInParallelIsSentOnce(t *testing.T) {
	w := newWorld(t)
	_, payment := w.paid(t, 1)
	refs := make([]string, 20)
	var all sync.WaitGroup
	for i := range refs {
		all.Go(func() { refs[i] = must(w.Refund(context.Background(), back(payment, "r1", 285_000)))(t) })
	}
	all.Wait()
	for _, ref := range refs {
		if ref == "" || ref != refs[0] {
			t.Fatalf("sent as %v", refs)
		}
	}
}

// The first look does not see what another process sends meanwhile.
func TestRefundOfWhatIsReturnedAlready(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	_, payment := w.paid(t, 1)
	ours := must(w.Refund(ctx, back(payment, "r1", 285_000)))(t)
	w.hideFirstList(t)
	if ref := must(w.Refund(ctx, back(payment, "r1", 285_000)))(t); ref != ours {
		t.Errorf("got %s, want %s", ref, ours)
	}
	w.hideFirstList(t)
	_, err := w.Refund(ctx, back(payment, "r2", 285_000))
	want(t, err, fault.Conflict, "order.refund.refused")
}

// hideFirstList answers the next list of refunds with none and forgets all
// idempotency keys.
func (w *world) hideFirstList(t *testing.T) {
	t.Helper()
	hidden := false
	w.fake.Forget()
	w.at.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !hidden && r.Method == http.MethodGet && r.URL.Path == "/v1/refunds" {
			hidden = true
			_, _ = rw.Write([]byte(`{"object":"list","data":[],"has_more":false}`))
			return
		}
		w.fake.ServeHTTP(rw, r)
	})
}

func TestRefundRefusals(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	_, payment := w.paid(t, 1)
	for name, r := range map[string]order.GatewayRefund{
		"below nothing": back(payment, "r1", -5), "of nothing": back(payment, "r1", 0), "of no payment": back("", "r1", 5),
		"without an id": back(payment, "", 5), "of a path": back("../charges", "r1", 5),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := w.Refund(ctx, r)
			want(t, err, fault.Internal, "order.refund.incomplete")
		})
	}
	_, err := w.Refund(ctx, back("pi_none", "r1", 5))
	want(t, err, fault.Conflict, "order.refund.refused")
	_ = must(w.fake.Dispute(payment))(t)
	_, err = w.Refund(ctx, back(payment, "r1", 5))
	want(t, err, fault.Conflict, "order.refund.refused")
	w.fake.Fail(9, http.StatusServiceUnavailable)
	_, err = w.Refund(ctx, back(payment, "r1", 5))
	want(t, err, fault.Unavailable, "order.card.away")
}

// A refund whose answer was lost is not sent a second time, not even when
// Stripe has forgotten its key.
func TestRefundAfterALostAnswer(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	_, payment := w.paid(t, 1)
	ref := must(w.Refund(ctx, back(payment, "r1", 100_000)))(t)
	w.fake.Forget()
	if again := must(w.Refund(ctx, back(payment, "r1", 100_000)))(t); again != ref {
		t.Errorf("sent again as %s", again)
	}
}
