package bank

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/catalog/order"
)

// Parse reads a webhook of either service; the shape of the body tells which. It
// answers as ParseSePay and ParseCasso do; header gives a header's value by its
// name, secret is shared with the service.
func Parse(body []byte, header func(string) string, secret string, now time.Time) ([]order.Incoming, error) {
	var shape struct {
		Type json.RawMessage `json:"transferType"`
		Data json.RawMessage `json:"data"`
	}
	if len(body) <= MaxFile && json.Unmarshal(body, &shape) == nil {
		switch {
		case shape.Type != nil && shape.Data == nil:
			return ParseSePay(body, header, secret, now)
		case shape.Data != nil && shape.Type == nil:
			return ParseCasso(body, header, secret, now)
		}
	}
	if _, err := verify(body, header, secret, now, sepay|casso); err != nil {
		return nil, err // a stranger learns nothing of the form
	}
	return nil, malformed(nil)
}

// ParseSePay reads what SePay sends of one transaction. Money that went out is
// an empty list. Errors are fault.Unauthenticated "order.webhook.signature" (see
// verify for what is accepted) and "order.webhook.old" (signed over five minutes
// ago; with a fixed key alone, booked over seven days ago or over ten minutes
// ahead), and fault.Invalid "order.webhook.form". A replay finds the same Ref.
//
// Source: https://developer.sepay.vn/en/sepay-webhooks/tich-hop-webhook; id is
// the number by which SePay says to tell transactions apart.
func ParseSePay(body []byte, header func(string) string, secret string, now time.Time) ([]order.Incoming, error) {
	v, err := verify(body, header, secret, now, sepay)
	if err != nil {
		return nil, err
	}
	var m struct {
		ID          text   `json:"id"`
		At          string `json:"transactionDate"` // "2023-03-25 14:02:37", in Vietnam
		Account     text   `json:"accountNumber"`
		Content     text   `json:"content"`
		Description text   `json:"description"` // the whole message of the bank
		Type        string `json:"transferType"`
		Amount      text   `json:"transferAmount"`
	}
	if err := json.Unmarshal(v.body, &m); err != nil {
		return nil, malformed(err)
	}
	switch m.Type {
	case "out":
		return nil, nil
	case "in":
	default:
		return nil, malformed(nil)
	}
	in, ok := incoming(transaction{ref: reference("sepay:", string(m.ID)), amount: string(m.Amount), at: m.At,
		memo: first(m.Content, m.Description), to: string(m.Account)})
	if !ok || in.Amount <= 0 {
		return nil, malformed(nil)
	}
	return v.bounded([]order.Incoming{in}, now)
}

// cassoTransaction has the names of both versions that Casso sends.
type cassoTransaction struct {
	ID          text   `json:"id"`
	TID         text   `json:"tid"`
	Reference   text   `json:"reference"`
	Description text   `json:"description"`
	Amount      text   `json:"amount"` // negative: went out
	When        string `json:"when"`
	At          string `json:"transactionDateTime"`
	Account     text   `json:"bank_sub_acc_id"`
	SubAccount  text   `json:"subAccId"`
	Number      text   `json:"accountNumber"`
	Name        text   `json:"corresponsiveName"`
	From        text   `json:"corresponsiveAccount"`
	CounterName text   `json:"counterAccountName"`
	CounterFrom text   `json:"counterAccountNumber"`
}

// isTrial recognises the transaction that Casso makes up when an address is set
// up; its time lies years back.
func (t cassoTransaction) isTrial() bool {
	return string(t.ID) == "0" && first(t.Reference, t.TID) == "MA_GIAO_DICH_THU_NGHIEM"
}

// ParseCasso reads what Casso sends: one transaction or a list of them. Money
// that went out and Casso's own trial are left out. Errors are those of
// ParseSePay; one transaction that is malformed or too old refuses the delivery.
//
// Sources: https://developer.casso.vn/webhook/thiet-lap-webhook-thu-cong and
// https://casso.vn/tich-hop-webhook-tuy-chinh-vao-casso/ (id, tid, description,
// amount, cusum_balance, when, bank_sub_acc_id); version 2 says reference,
// transactionDateTime, accountNumber instead and sends one object.
func ParseCasso(body []byte, header func(string) string, secret string, now time.Time) ([]order.Incoming, error) {
	v, err := verify(body, header, secret, now, casso)
	if err != nil {
		return nil, err
	}
	var m struct {
		Error json.Number     `json:"error"`
		Data  json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(v.body, &m); err != nil {
		return nil, malformed(err)
	}
	var list []cassoTransaction
	if bytes.HasPrefix(m.Data, []byte("{")) {
		m.Data = slices.Concat([]byte("["), m.Data, []byte("]"))
	}
	err = json.Unmarshal(m.Data, &list)
	if err != nil || list == nil || m.Error != "" && m.Error != "0" {
		return nil, malformed(err)
	}
	var all []order.Incoming
	for _, t := range list {
		if t.isTrial() {
			continue
		}
		id := t.ID
		if id == "0" || id == "" {
			id = text(first(t.TID, t.Reference))
		}
		in, ok := incoming(transaction{ref: reference("casso:", string(id)), amount: string(t.Amount),
			at: first(text(t.When), text(t.At)), memo: string(t.Description),
			from: first(t.Name, t.CounterName) + " " + first(t.From, t.CounterFrom),
			to:   first(t.Account, t.Number, t.SubAccount)})
		if !ok {
			return nil, malformed(nil)
		}
		if in.Amount > 0 {
			all = append(all, in)
		}
	}
	return v.bounded(all, now)
}

// bounded refuses bookings that are far from now where only a fixed key vouches
// for them.
func (v vouched) bounded(all []order.Incoming, now time.Time) ([]order.Incoming, error) {
	for _, in := range all {
		if v.keyOnly && (in.Booked.Before(now.Add(-oldest)) || in.Booked.After(now.Add(ahead))) {
			return nil, fault.New(fault.Unauthenticated, "order.webhook.old")
		}
	}
	return all, nil
}

// transaction is what a service says, as it says it.
type transaction struct{ ref, amount, at, memo, from, to string }

// incoming reads a transaction; ok is false when its reference, amount or time
// cannot be read. The amount may be negative.
func incoming(t transaction) (in order.Incoming, ok bool) {
	amount, good := whole(t.amount)
	at, rest, dated := when(t.at)
	return order.Incoming{Ref: t.ref, Amount: amount, Booked: at, Memo: clean(t.memo, MaxMemo),
		From: clean(t.from, maxName), To: clean(t.to, maxName)}, good && dated && rest == "" && t.ref != ""
}

// text is a JSON value that services write as a string or as a number.
type text string

// UnmarshalJSON reads a string, a number or null, which is "".
func (t *text) UnmarshalJSON(b []byte) error {
	if b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	var n json.Number
	err := json.Unmarshal(b, &n)
	*t = text(n)
	return err
}

// first is the first text that is not blank.
func first(list ...text) string {
	for _, t := range list {
		if s := strings.TrimSpace(string(t)); s != "" {
			return s
		}
	}
	return ""
}

func malformed(cause error) error {
	return fault.Wrap(fault.Invalid, "order.webhook.form", cause)
}
