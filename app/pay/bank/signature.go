package bank

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"hash"
	"strconv"
	"strings"
	"time"

	"nguon/app/fault"
)

const (
	window = 5 * time.Minute    // a signature is good for, before and after
	oldest = 7 * 24 * time.Hour // a booking that only a fixed key vouches for
	ahead  = 10 * time.Minute   // the same, in the future
	marks  = 8                  // signatures of one header that are looked at
)

// source is a service whose own headers are accepted.
type source uint8

const (
	sepay source = 1 << iota
	casso
)

// vouched is a body whose sender is known.
type vouched struct {
	body    []byte // what was signed
	keyOnly bool   // only a fixed key stands for it: nothing says when it was sent
}

// verify checks who sent a body. The strongest header that is there decides; a
// wrong signature is not made good by a key beside it:
//
//	X-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>]   HMAC-SHA256 of t.body
//	X-SePay-Signature: sha256=<hex>, X-SePay-Timestamp  the same, SePay's words
//	X-Casso-Signature: t=<milliseconds>,v1=<hex>        HMAC-SHA512 of t.sorted body
//	Authorization: Apikey <secret>                      SePay
//	Secure-Token: <secret>                              Casso
//
// Sources: https://developer.sepay.vn/en/sepay-webhooks/xac-thuc (HMAC-SHA256,
// API key), /bao-mat (five minutes);
// https://developer.casso.vn/webhook/thiet-lap-webhook-thu-cong (Secure-Token),
// and its "Webhook V2" with X-Casso-Signature.
//
// It is fault.Unauthenticated "order.webhook.signature", or "order.webhook.old"
// where a right signature is out of its window.
func verify(body []byte, header func(string) string, secret string, now time.Time, from source) (vouched, error) {
	wrong := fault.New(fault.Unauthenticated, "order.webhook.signature")
	if secret == "" || len(body) > MaxFile {
		return vouched{}, wrong
	}
	sum := signature{secret: secret, unit: time.Second, hash: sha256.New, signed: body}
	switch ours, sep, cas := header("X-Signature"), header("X-SePay-Signature"), header("X-Casso-Signature"); {
	case ours != "":
		sum.read(ours)
	case sep != "" && from&sepay != 0:
		sum.at = header("X-SePay-Timestamp")
		sum.marks = []string{strings.TrimPrefix(sep, "sha256=")}
	case cas != "" && from&casso != 0:
		sum.read(cas)
		sum.unit, sum.hash, sum.signed = time.Millisecond, sha512.New, sorted(body)
	case from&sepay != 0 && same(header("Authorization"), "Apikey "+secret),
		from&casso != 0 && same(header("Secure-Token"), secret):
		return vouched{body, true}, nil
	default:
		return vouched{}, wrong
	}
	if !sum.right() {
		return vouched{}, wrong
	}
	if !sum.fresh(now) {
		return vouched{}, fault.New(fault.Unauthenticated, "order.webhook.old")
	}
	return vouched{sum.signed, false}, nil
}

// signature is what a header says, and how to check it.
type signature struct {
	secret string
	at     string // as it was signed
	unit   time.Duration
	marks  []string // hexadecimal; one right is enough, so that keys can change
	hash   func() hash.Hash
	signed []byte
}

// read takes a header of the form t=…,v1=…; other parts are not ours. A second
// time makes it unreadable.
func (s *signature) read(header string) {
	for part := range strings.SplitSeq(header, ",") {
		switch k, v, _ := strings.Cut(strings.TrimSpace(part), "="); {
		case k == "t" && s.at == "":
			s.at = v
		case k == "t":
			s.at = "twice"
		case k == "v1" && len(s.marks) < marks:
			s.marks = append(s.marks, v)
		}
	}
}

// right reports whether one of the marks is that of the time and the body.
func (s *signature) right() bool {
	if s.at == "" || len(s.at) > 15 || strings.Trim(s.at, "0123456789") != "" || s.signed == nil {
		return false
	}
	mac := hmac.New(s.hash, []byte(s.secret))
	mac.Write([]byte(s.at + "."))
	mac.Write(s.signed)
	want, ok := mac.Sum(nil), false
	for _, m := range s.marks {
		got, err := hex.DecodeString(m)
		ok = err == nil && hmac.Equal(got, want) || ok
	}
	return ok
}

// fresh reports whether the time of the signature is within the window.
func (s *signature) fresh(now time.Time) bool {
	n, err := strconv.ParseInt(s.at, 10, 64)
	at := time.UnixMilli(n)
	if s.unit == time.Second {
		at = time.Unix(n, 0)
	}
	return err == nil && !at.Before(now.Add(-window)) && !at.After(now.Add(window))
}

// same compares two texts in a time that depends on neither.
func same(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return hmac.Equal(x[:], y[:])
}

// sorted writes a JSON body as Casso signs it: keys in order, no white space,
// nothing escaped that need not be. nil when it is no JSON.
func sorted(body []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil || dec.More() {
		return nil
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}
