package handlers_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/pay/stripepay"
	"nguon/app/pay/stripepay/stripefake"
	"nguon/catalog/order"
	"nguon/handlers"
)

const cardSecret = "whsec_of_the_test"

// cards lets a site take cards at a stand-in for Stripe.
func cards(t *testing.T) (*site, *stripefake.Fake) {
	t.Helper()
	var fake *stripefake.Fake
	s := newSite(t, func(d *handlers.Deps) {
		fake = stripefake.New("sk_test_1", cardSecret, d.Now)
		fake.QuickRefunds = true
		at := httptest.NewServer(fake)
		t.Cleanup(at.Close)
		g := stripepay.New(stripepay.Options{Key: "sk_test_1", WebhookSecrets: []string{cardSecret}, Base: at.URL, Timeout: 5 * time.Second, Now: d.Now, Log: d.Log})
		d.Card = g
		d.Orders.Gateway = g
	})
	return s, fake
}

// byCard places an order and pays its page.
func (s *site) byCard(fake *stripefake.Fake) (o order.Order, payment string) {
	s.t.Helper()
	o = s.buyOne(order.Card)
	_, err := s.orders.Card(context.Background(), o.ID, s.base+"/orders/"+o.ID, s.base+"/orders/"+o.ID)
	must(s.t, err)
	o = s.order(o.ID)
	payment, err = fake.Pay(o.Sessions[0])
	must(s.t, err)
	return o, payment
}

func (s *site) cardHook() string { return "http://" + s.addr + "/webhooks/stripe" }

// all reports whether each of some statuses is the same.
func all(statuses []int, want int) bool {
	return len(statuses) > 0 && !slices.ContainsFunc(statuses, func(got int) bool { return got != want })
}

func steps(o order.Order, name string) (n int) {
	for _, st := range o.Steps {
		if st.Name == name {
			n++
		}
	}
	return n
}

func TestACardsWordFiftyTimesAtOnce(t *testing.T) {
	s, fake := cards(t)
	o, _ := s.byCard(fake)
	statuses, err := fake.Deliver(s.cardHook(), 50, 50)
	if err != nil || !all(statuses, 200) {
		t.Fatalf("%v, %v", statuses, err)
	}
	o = s.order(o.ID)
	if o.State != order.Confirmed || len(o.Payments) != 1 || steps(o, "paid") != 1 || steps(o, "confirmed") != 1 {
		t.Errorf("%s: %+v", o.State, o.Steps)
	}
	if mails := s.letters("hoa@khach.example"); len(mails) != 2 { // received, confirmed
		t.Errorf("%d mails", len(mails))
	}
	if _, found, err := s.orders.Check(context.Background()); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}

func TestACardsWordThatIsRefused(t *testing.T) {
	s, fake := cards(t)
	o, _ := s.byCard(fake)
	for name, option := range map[string]stripefake.Option{"another secret": stripefake.SignedWith("whsec_other"), "old": stripefake.Aged(10 * time.Minute)} {
		if statuses, err := fake.Deliver(s.cardHook(), 1, 1, option); err != nil || !all(statuses, 400) {
			t.Errorf("%s: %v, %v", name, statuses, err)
		}
	}
	if a := s.send("POST", "/webhooks/stripe", "{}"); a.Status != 400 || !strings.Contains(a.Body, "order.webhook.signature") {
		t.Errorf("without a signature: %d %s", a.Status, a.Body)
	}
	if a := s.send("POST", "/webhooks/stripe", strings.Repeat("x", 257<<10)); a.Status != 413 {
		t.Errorf("too large: %d", a.Status)
	}
	s.store.fail(fault.New(fault.Unavailable, "store.busy"))
	if statuses, err := fake.Deliver(s.cardHook(), 1, 1, stripefake.Only("checkout.session.completed")); err != nil || !all(statuses, 503) {
		t.Errorf("the store is away: %v, %v", statuses, err)
	}
	s.store.fail(nil)
	if s.order(o.ID).Paid() != 0 {
		t.Error("something was taken")
	}
	if statuses, err := fake.Deliver(s.cardHook(), 1, 1); err != nil || !all(statuses, 200) || s.order(o.ID).State != order.Confirmed {
		t.Errorf("it comes again: %v, %v", statuses, err)
	}
	fake.PayWithoutPage(100_000, map[string]string{"order": order.NewID()})
	if statuses, err := fake.Deliver(s.cardHook(), 1, 1, stripefake.Only("payment_intent.succeeded")); err != nil || !all(statuses, 404) {
		t.Errorf("unknown order: %v, %v", statuses, err)
	}
	e := fake.Events()[len(fake.Events())-1]
	body := e.Body(stripefake.Version)
	a := s.send("POST", "/webhooks/stripe", string(body), "Stripe-Signature: "+stripefake.Sign(body, cardSecret, time.Now()))
	if a.Status != 404 || a.Header.Get("Retry-After") == "" {
		t.Errorf("unknown order: %d, again after %q", a.Status, a.Header.Get("Retry-After"))
	}
	if a := newSite(t).send("POST", "/webhooks/stripe", "{}"); a.Status != 404 {
		t.Errorf("without cards: %d", a.Status)
	}
	if log := s.log.String(); strings.Contains(log, cardSecret) {
		t.Error("the secret is in the log")
	}
}

// Whatever the order in which words come, the end is the same.
func TestCardsWordsShuffled(t *testing.T) {
	var want string
	for seed := range uint64(6) {
		s, fake := cards(t)
		ctx := context.Background()
		kept, payment := s.byCard(fake)
		back, _ := s.byCard(fake)
		if _, err := fake.Deliver(s.cardHook(), 1, 1, stripefake.Only("checkout.session.completed")); err != nil {
			t.Fatal(err)
		}
		must(t, s.orders.Cancel(ctx, "shopper", back.ID, ""))
		dispute, err := fake.Dispute(payment)
		must(t, err)
		must(t, fake.CloseDispute(dispute, true))
		taken, payment := s.byCard(fake)
		if _, err := fake.Deliver(s.cardHook(), 1, 1, stripefake.Only("checkout.session.completed")); err != nil {
			t.Fatal(err)
		}
		dispute, err = fake.Dispute(payment)
		must(t, err)
		must(t, fake.CloseDispute(dispute, false))
		statuses, err := fake.Deliver(s.cardHook(), 3, 4, stripefake.Shuffled(seed+1), stripefake.Again())
		if err != nil || !all(statuses, 200) {
			t.Fatalf("%v, %v", statuses, err)
		}
		kept, back = s.order(kept.ID), s.order(back.ID)
		got := fmt.Sprint(kept.State, kept.Disputed(), len(kept.Payments), back.State, len(back.Payments), back.Refunds[0].State, len(back.Refunds))
		if want == "" {
			want = got
		}
		if got != want || kept.Disputed() || back.Refunds[0].State != order.RefundDone {
			t.Errorf("seed %d: %s, want %s", seed, got, want)
		}
		if taken = s.order(taken.ID); taken.Disputes[0].Lost != taken.Total() || len(taken.Refunds) != 0 {
			t.Errorf("%+v, %+v", taken.Disputes, taken.Refunds)
		}
		if _, found, err := s.orders.Check(ctx); err != nil || len(found) > 0 {
			t.Error(found, err)
		}
	}
}

// bankWord is what SePay sends of a transfer, and its headers.
func (s *site) bankWord(id int, amount int64, memo, secret string, at time.Time) (body string, headers []string) {
	body = fmt.Sprintf(`{"id":%d,"gateway":"Vietcombank","transactionDate":"%s","accountNumber":"0123456789","code":null,"content":%q,"transferType":"in","transferAmount":%d,"accumulated":1,"subAccount":null,"referenceCode":"FT1","description":""}`,
		id, s.now().In(time.FixedZone("", 7*3600)).Format(time.DateTime), memo, amount)
	t := fmt.Sprint(at.Unix())
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(t + "." + body))
	return body, []string{"Content-Type: application/json", "X-Signature: t=" + t + ",v1=" + hex.EncodeToString(m.Sum(nil))}
}

func TestABanksWordFiftyTimesAtOnce(t *testing.T) {
	s := newSite(t)
	o := s.buyOne(order.Transfer)
	body, headers := s.bankWord(92704, int64(o.Total()), "MBVCB."+o.Code, "a-secret-of-the-bank", s.now())
	var wg sync.WaitGroup
	answers := make([]answer, 50)
	for i := range answers {
		wg.Go(func() { answers[i] = s.send("POST", "/webhooks/transfers", body, headers...) })
	}
	wg.Wait()
	for _, a := range answers {
		if a.Status != 200 || a.Body != `{"success":true}` {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
	}
	o = s.order(o.ID)
	if o.State != order.Confirmed || len(o.Payments) != 1 || steps(o, "paid") != 1 || steps(o, "confirmed") != 1 {
		t.Errorf("%s: %+v", o.State, o.Steps)
	}
	if mails := s.letters("hoa@khach.example"); len(mails) != 2 {
		t.Errorf("%d mails", len(mails))
	}
	body, headers = s.bankWord(92704, 1, o.Code, "a-secret-of-the-bank", s.now())
	if a := s.send("POST", "/webhooks/transfers", body, headers...); a.Status != 409 {
		t.Errorf("the reference with another amount: %d", a.Status)
	}
}

func TestABanksWordThatIsRefused(t *testing.T) {
	s := newSite(t)
	o := s.buyOne(order.Transfer)
	send := func(secret string, at time.Time) answer {
		body, headers := s.bankWord(1, int64(o.Total()), o.Code, secret, at)
		return s.send("POST", "/webhooks/transfers", body, headers...)
	}
	for name, c := range map[string]struct {
		a      answer
		status int
		code   string
	}{
		"another secret": {send("other", s.now()), 401, "order.webhook.signature"},
		"old":            {send("a-secret-of-the-bank", s.now().Add(-6*time.Minute)), 401, "order.webhook.old"},
		"none":           {s.send("POST", "/webhooks/transfers", "{}"), 401, "order.webhook.signature"},
		"no form":        {s.send("POST", "/webhooks/transfers", `{"transferType":"in"}`, "Authorization: Apikey a-secret-of-the-bank"), 400, "order.webhook.form"},
		"too large":      {s.send("POST", "/webhooks/transfers", strings.Repeat("x", 257<<10)), 413, "http.too_large"},
	} {
		if c.a.Status != c.status || !strings.Contains(c.a.Body, c.code) {
			t.Errorf("%s: %d %s", name, c.a.Status, c.a.Body)
		}
	}
	s.store.fail(fault.New(fault.Unavailable, "store.busy"))
	if a := send("a-secret-of-the-bank", s.now()); a.Status != 503 || a.Header.Get("Retry-After") == "" {
		t.Errorf("the store is away: %d", a.Status)
	}
	s.store.fail(nil)
	if s.order(o.ID).Paid() != 0 {
		t.Error("something was taken")
	}
	if log := s.log.String(); strings.Contains(log, "a-secret-of-the-bank") {
		t.Error("the secret is in the log")
	}
	none := newSite(t, func(d *handlers.Deps) { d.TransferSecret = "" })
	if a := none.send("POST", "/webhooks/transfers", "{}"); a.Status != 404 {
		t.Errorf("without a secret: %d", a.Status)
	}
}
