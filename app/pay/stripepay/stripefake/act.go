package stripefake

import (
	"errors"
	"fmt"
	"maps"
)

// Pay pays a page as a shopper does, also one that was accepted before and is
// settled now, and returns the id of the payment. A page that is paid or closed
// cannot be paid.
func (f *Fake) Pay(session string) (payment string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, err := f.payable(session)
	if err != nil {
		return "", err
	}
	event := "checkout.session.completed"
	if s.text("status") == "complete" {
		event = "checkout.session.async_payment_succeeded"
	}
	pi := f.intentFor(s)
	f.succeed(pi)
	s["status"], s["payment_status"], s["url"] = "complete", "paid", nil
	f.happen(event, s, nil)
	return pi.id(), nil
}

// Accept completes a page with a slow method: the money comes, or does not, by
// Pay or FailPayment.
func (f *Fake) Accept(session string) (payment string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, err := f.payable(session)
	if err != nil {
		return "", err
	}
	pi := f.intentFor(s)
	pi["status"] = "processing"
	s["status"], s["url"] = "complete", nil
	f.happen("checkout.session.completed", s, nil)
	return pi.id(), nil
}

// FailPayment lets a payment fail: of an open page, which stays open for
// another card, or for good after Accept.
func (f *Fake) FailPayment(session string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	s, err := f.payable(session)
	if err != nil {
		return err
	}
	pi := f.intentFor(s)
	pi["status"] = "requires_payment_method"
	f.happen("payment_intent.payment_failed", pi, nil)
	if s.text("status") == "complete" {
		f.happen("checkout.session.async_payment_failed", s, nil)
	}
	return nil
}

// ExpireSession closes an open page, as time does.
func (f *Fake) ExpireSession(session string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, no := f.expire(session); no != nil {
		return no
	}
	return nil
}

// PayWithoutPage takes a payment that no page made and returns its id.
func (f *Fake) PayWithoutPage(amount int, metadata map[string]string) (payment string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	m := object{}
	for k, v := range metadata {
		m[k] = v
	}
	pi := f.add("pi_", "payment_intent", object{"amount": amount, "amount_received": 0, "currency": "vnd", "metadata": m, "latest_charge": nil})
	f.succeed(pi)
	return pi.id()
}

// ConfirmRefund lets a pending refund arrive.
func (f *Fake) ConfirmRefund(refund string) error {
	return f.end(refund, "succeeded", "refund.updated")
}

// FailRefund lets the bank send a refund back, pending or confirmed.
func (f *Fake) FailRefund(refund string) error { return f.end(refund, "failed", "refund.failed") }

func (f *Fake) end(refund, status, event string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	r, no := f.find("re_", refund)
	if no != nil {
		return no
	}
	if was := r.text("status"); was == "failed" || was == status {
		return fmt.Errorf("stripefake: %s is %s", refund, was)
	}
	r["status"] = status
	if status == "failed" {
		ch := f.objects[r.text("charge")]
		ch["amount_refunded"], ch["refunded"] = ch.number("amount_refunded")-r.number("amount"), false
	}
	f.happen("charge.refund.updated", r, nil)
	f.happen(event, r, nil)
	return nil
}

// Dispute lets the cardholder's bank dispute a payment and returns the id of
// the dispute.
func (f *Fake) Dispute(payment string) (dispute string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	pi, no := f.find("pi_", payment)
	if no != nil {
		return "", no
	}
	ch, ok := f.objects[pi.text("latest_charge")]
	if !ok {
		return "", errors.New("stripefake: nothing was paid")
	}
	ch["disputed"] = true
	d := f.add("dp_", "dispute", object{"amount": ch["amount"], "currency": ch["currency"], "charge": ch.id(), "payment_intent": pi.id(),
		"status": "needs_response", "reason": "fraudulent", "metadata": object{}})
	f.happen("charge.dispute.created", d, nil)
	return d.id(), nil
}

// CloseDispute ends a dispute.
func (f *Fake) CloseDispute(dispute string, won bool) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	d, no := f.find("dp_", dispute)
	if no != nil {
		return no
	}
	d["status"] = map[bool]string{true: "won", false: "lost"}[won]
	f.happen("charge.dispute.closed", d, nil)
	return nil
}

// payable finds a page that is open, or that waits for slow money.
func (f *Fake) payable(session string) (object, error) {
	s, no := f.find("cs_", session)
	if no != nil {
		return nil, no
	}
	failed := s.text("status") == "complete" && f.objects[s.text("payment_intent")].text("status") != "processing"
	if s.text("status") == "expired" || s.text("payment_status") == "paid" || failed {
		return nil, fmt.Errorf("stripefake: %s is %s and %s", session, s["status"], s["payment_status"])
	}
	return s, nil
}

// intentFor is the payment of a page; it is made by the first try to pay.
func (f *Fake) intentFor(s object) object {
	if pi, ok := f.objects[s.text("payment_intent")]; ok {
		return pi
	}
	o := maps.Clone(f.intentOf[s.id()])
	o["amount"], o["amount_received"], o["currency"], o["latest_charge"] = s["amount_total"], 0, s["currency"], nil
	pi := f.add("pi_", "payment_intent", o)
	s["payment_intent"] = pi.id()
	return pi
}

func (f *Fake) succeed(pi object) {
	ch := f.add("ch_", "charge", object{"amount": pi["amount"], "amount_captured": pi["amount"], "amount_refunded": 0, "currency": pi["currency"],
		"metadata": pi["metadata"], "payment_intent": pi.id(), "paid": true, "captured": true, "refunded": false, "disputed": false, "status": "succeeded"})
	pi["status"], pi["amount_received"], pi["latest_charge"] = "succeeded", pi["amount"], ch.id()
	f.happen("charge.succeeded", ch, nil)
	f.happen("payment_intent.succeeded", pi, nil)
}
