package stripefake

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// newSession opens a page, as strictly as the API for what it knows.
func (f *Fake) newSession(form url.Values) (object, *refusal) {
	invalid := func(code, param, message string) *refusal {
		return refuse(400, "invalid_request_error", code, param, message)
	}
	if form.Get("mode") != "payment" {
		return nil, invalid("", "mode", "only payments are played here")
	}
	for _, param := range []string{"success_url", "cancel_url"} {
		if u, err := url.Parse(form.Get(param)); err != nil || u.Host == "" {
			return nil, invalid("url_invalid", param, "Not a valid URL")
		}
	}
	if mail := form.Get("customer_email"); form.Has("customer_email") && !strings.Contains(mail, "@") {
		return nil, invalid("email_invalid", "customer_email", "Invalid email address: "+mail)
	}
	now := f.now()
	until := now.Add(24 * time.Hour).Unix()
	if form.Has("expires_at") {
		until, _ = strconv.ParseInt(form.Get("expires_at"), 10, 64)
		if until < now.Add(30*time.Minute).Unix() || until > now.Add(24*time.Hour).Unix() {
			return nil, invalid("", "expires_at", "The `expires_at` timestamp must be between 30 minutes and 24 hours from creation")
		}
	}
	total, no := lineTotal(form)
	if no != nil {
		return nil, no
	}
	s := f.add("cs_", "checkout.session", object{
		"mode": "payment", "status": "open", "payment_status": "unpaid", "payment_intent": nil,
		"amount_subtotal": total, "amount_total": total, "currency": form.Get("line_items[0][price_data][currency]"),
		"client_reference_id": nullable(form.Get("client_reference_id")), "customer_email": nullable(form.Get("customer_email")),
		"metadata": group(form, "metadata"), "locale": nullable(form.Get("locale")), "expires_at": int(until),
		"success_url": form.Get("success_url"), "cancel_url": form.Get("cancel_url"),
	})
	s["url"] = "https://checkout.stripe.example/c/pay/" + s.id()
	f.intentOf[s.id()] = object{"metadata": group(form, "payment_intent_data[metadata]"),
		"transfer_group": nullable(form.Get("payment_intent_data[transfer_group]")), "description": nullable(form.Get("payment_intent_data[description]"))}
	return s, nil
}

func lineTotal(form url.Values) (int, *refusal) {
	total := 0
	for i := 0; ; i++ {
		at := fmt.Sprintf("line_items[%d]", i)
		if !form.Has(at + "[price_data][currency]") {
			break
		}
		unit, err := strconv.Atoi(form.Get(at + "[price_data][unit_amount]"))
		n, bad := strconv.Atoi(form.Get(at + "[quantity]"))
		if err != nil || bad != nil || unit < 0 || n < 1 || form.Get(at+"[price_data][product_data][name]") == "" {
			return 0, refuse(400, "invalid_request_error", "parameter_invalid_integer", at+"[price_data][unit_amount]", "not a line")
		}
		total += unit * n
	}
	switch {
	case total < Least:
		return 0, refuse(400, "invalid_request_error", "amount_too_small", "", "The total amount due must be higher")
	case total > Most:
		return 0, refuse(400, "invalid_request_error", "amount_too_large", "", "The total amount due must be lower")
	}
	return total, nil
}

// group reads name[key]=value.
func group(form url.Values, name string) object {
	m := object{}
	for k := range form {
		if key, ok := strings.CutPrefix(k, name+"["); ok {
			m[strings.TrimSuffix(key, "]")] = form.Get(k)
		}
	}
	return m
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// expire closes an open page.
func (f *Fake) expire(id string) (object, *refusal) {
	s, no := f.find("cs_", id)
	if no != nil {
		return nil, no
	}
	if s.text("status") != "open" {
		return nil, refuse(400, "invalid_request_error", "", "", "Only Checkout Sessions with a status in [\"open\"] can be expired")
	}
	s["status"], s["url"] = "expired", nil
	f.happen("checkout.session.expired", s, nil)
	return s, nil
}

// newRefund sends money back. What was paid bounds it.
func (f *Fake) newRefund(form url.Values) (object, *refusal) {
	pi, no := f.find("pi_", form.Get("payment_intent"))
	if no != nil {
		return nil, no
	}
	ch, ok := f.objects[pi.text("latest_charge")]
	if !ok || pi.text("status") != "succeeded" {
		return nil, refuse(400, "invalid_request_error", "payment_intent_unexpected_state", "", "This PaymentIntent does not have a successful charge to refund")
	}
	if disputed, _ := ch["disputed"].(bool); disputed {
		return nil, refuse(400, "invalid_request_error", "charge_disputed", "", "The charge has been disputed")
	}
	left := ch.number("amount") - ch.number("amount_refunded")
	amount := left
	if form.Has("amount") {
		var err error
		if amount, err = strconv.Atoi(form.Get("amount")); err != nil || amount < 1 {
			return nil, refuse(400, "invalid_request_error", "parameter_invalid_integer", "amount", "Invalid positive integer")
		}
	}
	switch {
	case left == 0:
		return nil, refuse(400, "invalid_request_error", "charge_already_refunded", "", "Charge has already been refunded.")
	case amount > left:
		return nil, refuse(400, "invalid_request_error", "", "amount", "Refund amount is greater than unrefunded amount on charge")
	}
	status := "pending"
	if f.QuickRefunds {
		status = "succeeded"
	}
	r := f.add("re_", "refund", object{"amount": amount, "currency": ch["currency"], "charge": ch.id(), "payment_intent": pi.id(),
		"status": status, "metadata": group(form, "metadata"), "reason": nullable(form.Get("reason"))})
	before := ch.number("amount_refunded")
	ch["amount_refunded"], ch["refunded"] = before+amount, amount == left
	f.happen("refund.created", r, nil)
	f.happen("charge.refunded", ch, object{"amount_refunded": before})
	return r, nil
}
