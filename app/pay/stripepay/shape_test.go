package stripepay_test

import (
	"context"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/pay/stripepay"
	"nguon/app/pay/stripepay/stripefake"
	"nguon/catalog/order"
)

// mock is a stripe-mock, which refuses what its specification of the API does
// not know. Without one the test is skipped, which REQUIRE_SERVICES=1 forbids.
// Its answers are fixtures that do not follow from what it was sent.
func mock(t *testing.T) *stripepay.Gateway {
	t.Helper()
	at := os.Getenv("TEST_STRIPE_URL")
	switch {
	case at != "":
	case os.Getenv("REQUIRE_SERVICES") == "1":
		t.Fatal("REQUIRE_SERVICES=1, but TEST_STRIPE_URL is not set")
	default:
		t.Skip("needs stripe-mock: set TEST_STRIPE_URL, or use .ci/run")
	}
	return stripepay.New(stripepay.Options{Key: "sk_test_123", WebhookSecrets: []string{secret}, Base: at})
}

func TestShapeOfStart(t *testing.T) {
	g := mock(t)
	w := newWorld(t)
	s := w.start(1)
	page, err := g.Start(context.Background(), s)
	if err != nil || page.ID == "" || page.Order != s.Order || page.Amount != s.Amount {
		t.Errorf("got %+v, %v", page, err)
	}
	s.Lang = "en"
	s.Email = ""
	if _, err := g.Start(context.Background(), s); err != nil {
		t.Error(err)
	}
}

// The mock's page has no currency, so that it is read and then refused.
func TestShapeOfSession(t *testing.T) {
	_, err := mock(t).Session(context.Background(), "cs_test_1")
	want(t, err, fault.Internal, "order.card.currency")
}

func TestShapeOfRefund(t *testing.T) {
	ref, err := mock(t).Refund(context.Background(), back("pi_1", "r1", 5_000))
	if err != nil || ref == "" {
		t.Errorf("got %q, %v", ref, err)
	}
}

// Each object that an event of another version makes us ask for can be asked
// for. The mock's objects are nobody's, and of another currency.
func TestShapeOfWhatEventsAskFor(t *testing.T) {
	g := mock(t)
	for typ, id := range map[string]string{
		"checkout.session.completed": "cs_1", "payment_intent.succeeded": "pi_1", "charge.refunded": "ch_1",
		"charge.refund.updated": "re_1", "charge.dispute.created": "dp_1",
	} {
		body := []byte(`{"id":"evt_1","type":"` + typ + `","api_version":"2025-01-27.acacia","data":{"object":{"id":"` + id + `"}}}`)
		nobodys(t, g, body)
	}
	// These two list what they are about.
	for typ, o := range map[string]string{
		"payment_intent.succeeded": `{"id":"pi_1","metadata":{"order":"o1"}}`, "charge.refunded": `{"id":"ch_1"}`,
	} {
		nobodys(t, g, []byte(`{"id":"evt_1","type":"`+typ+`","api_version":"`+stripefake.Version+`","data":{"object":`+o+`}}`))
	}
}

func nobodys(t *testing.T, g *stripepay.Gateway, body []byte) {
	t.Helper()
	e, err := g.Event(context.Background(), body, stripefake.Sign(body, secret, time.Now()))
	if err != nil || e.Kind != order.EventOther {
		t.Errorf("%s: %+v, %v", body, e, err)
	}
}

// The tests above would mean nothing before a mock that takes anything.
func TestMockRefuses(t *testing.T) {
	mock(t)
	for _, form := range []string{"mode=nonsense", "mode=payment&colour=red", "mode=payment&expires_at=soon"} {
		r, err := http.NewRequest(http.MethodPost, os.Getenv("TEST_STRIPE_URL")+"/v1/checkout/sessions", strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer sk_test_123")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp := must(http.DefaultClient.Do(r))(t)
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: answered %d", form, resp.StatusCode)
		}
	}
}
