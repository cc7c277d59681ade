package stripepay_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/pay/stripepay"
	"nguon/app/pay/stripepay/stripefake"
	"nguon/catalog/order"
)

const (
	key    = "sk_test_keykeykey"
	secret = "whsec_secretsecret"
	older  = "whsec_oldoldold"
)

// world is a gateway before a fake account.
type world struct {
	*stripepay.Gateway
	fake *stripefake.Fake
	at   *httptest.Server
	now  time.Time
	log  bytes.Buffer
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{now: time.Now().Truncate(time.Second)}
	clock := func() time.Time { return w.now }
	w.fake = stripefake.New(key, secret, clock)
	w.at = httptest.NewServer(w.fake)
	t.Cleanup(w.at.Close)
	w.Gateway = stripepay.New(stripepay.Options{Key: key, WebhookSecrets: []string{secret, older}, Base: w.at.URL,
		Timeout: 5 * time.Second, Now: clock, Log: slog.New(slog.NewTextHandler(&w.log, nil))})
	return w
}

// start is a payment of an order of 285.000 ₫.
func (w *world) start(attempt int) order.Start {
	return order.Start{Order: "01J9ORDER", Code: "K7M2", Attempt: attempt, Amount: 285_000, Email: "lan@example.com", Lang: lang.Vi,
		Until: w.now.Add(40 * time.Minute), Done: "https://nguon.example/orders/01J9ORDER", Back: "https://nguon.example/checkout",
		Lines: []order.StartLine{{Title: "Cà phê Chiềng Ban, 500 g × 2", Amount: 260_000}, {Title: "Giao hàng", Amount: 25_000}}}
}

// open starts a payment that must start.
func (w *world) open(t *testing.T, s order.Start) order.Session {
	t.Helper()
	page, err := w.Start(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// paid is a payment that was made.
func (w *world) paid(t *testing.T, attempt int) (order.Session, string) {
	t.Helper()
	page := w.open(t, w.start(attempt))
	return page, must(w.fake.Pay(page.ID))(t)
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// want fails unless err is a fault of a kind and code, and keeps the secrets.
func want(t *testing.T, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.CodeOf(err) != code {
		t.Errorf("got %v, want %v %s", err, kind, code)
	}
	for _, s := range []string{key, secret, older} {
		if err != nil && strings.Contains(err.Error(), s) {
			t.Errorf("an error tells a secret: %v", err)
		}
	}
}

func TestStartSaysWhatIsBought(t *testing.T) {
	w := newWorld(t)
	page := w.open(t, w.start(1))
	if page.ID == "" || !strings.HasPrefix(page.URL, "https://") || page.Order != "01J9ORDER" || page.Amount != 285_000 || page.Paid || page.Payment != "" {
		t.Errorf("got %+v", page)
	}
	sent := w.fake.Requests()[0]
	if sent.Key != "01J9ORDER:1" || sent.Version != stripefake.Version {
		t.Errorf("sent with key %q in version %q", sent.Key, sent.Version)
	}
	for name, value := range map[string]string{
		"mode": "payment", "client_reference_id": "01J9ORDER", "metadata[order]": "01J9ORDER", "metadata[attempt]": "1", "locale": "vi",
		"payment_intent_data[metadata][order]": "01J9ORDER", "payment_intent_data[transfer_group]": "01J9ORDER",
		"payment_intent_data[description]": "K7M2", "customer_email": "lan@example.com",
		"expires_at": fmt.Sprint(w.now.Add(40 * time.Minute).Unix()), "success_url": "https://nguon.example/orders/01J9ORDER",
		"cancel_url": "https://nguon.example/checkout", "line_items[0][quantity]": "1", "line_items[0][price_data][currency]": "vnd",
		"line_items[0][price_data][unit_amount]": "260000", "line_items[1][price_data][unit_amount]": "25000",
		"line_items[1][price_data][product_data][name]": "Giao hàng",
	} {
		if got := sent.Form.Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

func TestStartTwiceOpensTheSamePage(t *testing.T) {
	w := newWorld(t)
	s := w.start(1)
	first := w.open(t, s)
	w.now = w.now.Add(20 * time.Minute) // the page closes in less than Stripe's 30 minutes now
	if again := w.open(t, s); again.ID != first.ID || again.URL != first.URL {
		t.Errorf("the same attempt opened %s, then %s", first.ID, again.ID)
	}
	if other := w.open(t, order.Start{Order: s.Order, Attempt: 2, Amount: s.Amount, Lines: s.Lines, Until: w.now.Add(time.Hour), Done: s.Done, Back: s.Back}); other.ID == first.ID {
		t.Error("another attempt opened the same page")
	}
	s.Lines = []order.StartLine{{Title: "else", Amount: s.Amount}}
	_, err := w.Start(context.Background(), s)
	want(t, err, fault.Conflict, "order.card.attempt")
}

func TestStartMovesAMomentThatStripeRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ until, want time.Duration }{
		"near":    {10 * time.Minute, 31 * time.Minute},
		"past":    {-time.Hour, 31 * time.Minute},
		"far":     {72 * time.Hour, 24*time.Hour - time.Minute},
		"as said": {30 * time.Minute, 30 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			s := w.start(1)
			s.Until = w.now.Add(tt.until)
			w.open(t, s)
			sent := w.fake.Requests()
			if got, want := sent[len(sent)-1].Form.Get("expires_at"), fmt.Sprint(w.now.Add(tt.want).Unix()); got != want {
				t.Errorf("closes at %s, want %s", got, want)
			}
		})
	}
}

func TestStartWithoutAnAddressThatStripeRefuses(t *testing.T) {
	w := newWorld(t)
	s := w.start(1)
	s.Email, s.Until, s.Lang = "not an address", w.now, lang.En
	w.open(t, s)
	sent := w.fake.Requests()
	if last := sent[len(sent)-1].Form; last.Has("customer_email") || last.Get("locale") != "en" {
		t.Errorf("sent %v", last)
	}
}

func TestStartRefusals(t *testing.T) {
	w := newWorld(t)
	for name, tt := range map[string]struct {
		change func(*order.Start)
		kind   fault.Kind
		code   string
	}{
		"lines beside the amount": {func(s *order.Start) { s.Amount++ }, fault.Internal, "order.card.lines"},
		"no lines":                {func(s *order.Start) { s.Amount, s.Lines = 0, nil }, fault.Internal, "order.card.lines"},
		"a line below nothing": {func(s *order.Start) {
			s.Lines = append(s.Lines, order.StartLine{Title: "Coupon", Amount: -10_000})
			s.Amount -= 10_000
		}, fault.Internal, "order.card.lines"},
		"no order":  {func(s *order.Start) { s.Order = "" }, fault.Internal, "order.card.lines"},
		"too small": {func(s *order.Start) { s.Amount = 1; s.Lines = []order.StartLine{{Title: "x", Amount: 1}} }, fault.Invalid, "order.card.amount"},
		"too large": {func(s *order.Start) { s.Amount = 1e9; s.Lines = []order.StartLine{{Title: "x", Amount: 1e9}} }, fault.Invalid, "order.card.amount"},
		"our fault": {func(s *order.Start) { s.Done = "nowhere" }, fault.Internal, "order.card.refused"},
	} {
		t.Run(name, func(t *testing.T) {
			s := w.start(1)
			tt.change(&s)
			_, err := w.Start(context.Background(), s)
			want(t, err, tt.kind, tt.code)
		})
	}
}

func TestManyLinesAreSummedUp(t *testing.T) {
	w := newWorld(t)
	s := w.start(1)
	s.Amount, s.Lines = 0, nil
	for i := range 150 {
		s.Lines = append(s.Lines, order.StartLine{Title: strings.Repeat("ê", 300), Amount: money.VND(1000 + i)})
		s.Amount += money.VND(1000 + i)
	}
	page := w.open(t, s)
	if got := must(w.Session(context.Background(), page.ID))(t); got.Amount != s.Amount {
		t.Errorf("the page takes %d, want %d", got.Amount, s.Amount)
	}
	form := w.fake.Requests()[0].Form
	if form.Get("line_items[99][price_data][product_data][name]") != "+ 51" || form.Has("line_items[100][quantity]") {
		t.Errorf("the last line is %q", form.Get("line_items[99][price_data][product_data][name]"))
	}
}

func TestSession(t *testing.T) {
	ctx := context.Background()
	w := newWorld(t)
	page := w.open(t, w.start(1))
	got := must(w.Session(ctx, page.ID))(t)
	if got.Paid || got.Payment != "" || got.URL != page.URL || got.Order != "01J9ORDER" || got.Amount != 285_000 || !got.At.IsZero() {
		t.Errorf("open: %+v", got)
	}
	_ = must(w.fake.Accept(page.ID))(t)
	if got = must(w.Session(ctx, page.ID))(t); got.Paid || got.Payment != "" {
		t.Errorf("accepted only: %+v", got)
	}
	w.now = w.now.Add(time.Minute)
	payment := must(w.fake.Pay(page.ID))(t)
	if got = must(w.Session(ctx, page.ID))(t); !got.Paid || got.Payment != payment || got.Amount != 285_000 || !got.At.Equal(w.now) {
		t.Errorf("paid: %+v, want payment %s at %s", got, payment, w.now)
	}
	for _, id := range []string{"cs_none", "", "../refunds", payment} {
		_, err := w.Session(ctx, id)
		want(t, err, fault.NotFound, "order.card.unknown")
	}
}

func TestAway(t *testing.T) {
	ctx := context.Background()
	for name, status := range map[string]int{"broken": 500, "shut": 503, "too many": 429, "forbidden": 403} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.fake.Fail(9, status)
			_, err := w.Start(ctx, w.start(1))
			want(t, err, fault.Unavailable, "order.card.away")
		})
	}
	t.Run("down", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.at.Close()
		_, err := w.Session(ctx, "cs_1")
		want(t, err, fault.Unavailable, "order.card.away")
		_, err = w.Refund(ctx, order.GatewayRefund{Order: "o", Refund: "r", Payment: "pi_1", Amount: 1})
		want(t, err, fault.Unavailable, "order.card.away")
		if !strings.Contains(w.log.String(), "retry 2") || strings.Contains(w.log.String(), key) {
			t.Errorf("the log says %s", w.log.String())
		}
	})
	t.Run("wrong key", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		g := stripepay.New(stripepay.Options{Key: "sk_test_other", Base: w.at.URL})
		_, err := g.Start(ctx, w.start(1))
		want(t, err, fault.Unavailable, "order.card.away")
	})
	t.Run("in time", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		short, cancel := context.WithCancel(ctx)
		cancel()
		_, err := w.Start(short, w.start(1))
		want(t, err, fault.Unavailable, "order.card.away")
	})
	t.Run("once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.fake.Lose(1) // carried out, answer lost
		page := w.open(t, w.start(1))
		if again := w.open(t, w.start(1)); again.ID != page.ID {
			t.Errorf("a lost answer opened %s and %s", page.ID, again.ID)
		}
	})
}

func TestAnswersThatAreNotTheAPIs(t *testing.T) {
	refund := order.GatewayRefund{Order: "o", Refund: "r", Payment: "pi_1", Amount: 1}
	for name, tt := range map[string]struct {
		status int
		body   string
	}{
		"a page":             {200, "<html>" + secret},
		"half an answer":     {200, `{"id":"cs_1","client_secret":"` + secret},
		"nothing":            {200, `{}`},
		"too much":           {200, `{"id":"` + strings.Repeat("x", 5<<20) + `"}`},
		"a way elsewhere":    {302, ""},
		"an error of no API": {400, `{"secret":"` + secret + `"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("was asked elsewhere") }))
			defer elsewhere.Close()
			w.at.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Location", elsewhere.URL)
				rw.Header().Set("Stripe-Should-Retry", "false")
				rw.WriteHeader(tt.status)
				_, _ = rw.Write([]byte(tt.body))
			})
			_, err := w.Start(context.Background(), w.start(1))
			want(t, err, fault.Unavailable, "order.card.away")
			_, err = w.Refund(context.Background(), refund)
			want(t, err, fault.Unavailable, "order.card.away")
		})
	}
}

// A failure that Stripe keeps for a key does not go away by asking again.
func TestStartAfterAFailureThatIsKept(t *testing.T) {
	w := newWorld(t)
	w.at.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Idempotent-Replayed", "true")
		rw.WriteHeader(http.StatusInternalServerError)
		_, _ = rw.Write([]byte(`{"error":{"type":"api_error","message":"broken"}}`))
	})
	_, err := w.Start(context.Background(), w.start(1))
	want(t, err, fault.Conflict, "order.card.attempt")
}

func TestSecretsAreNotPrinted(t *testing.T) {
	w := newWorld(t)
	o := stripepay.Options{Key: key, WebhookSecrets: []string{secret}, Base: w.at.URL}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "stripe", o)
	for _, s := range []string{fmt.Sprint(o), fmt.Sprintf("%#v %+v", o, o), fmt.Sprintf("%v %+v %#v", w.Gateway, w.Gateway, w.Gateway), log.String()} {
		if strings.Contains(s, key) || strings.Contains(s, secret) || !strings.Contains(s, w.at.URL) {
			t.Errorf("printed as %s", s)
		}
	}
}
