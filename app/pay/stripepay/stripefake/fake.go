// Package stripefake is a stand-in for Stripe in tests. It speaks the part of
// the API that a shop uses, keeps what it was told, and sends signed events:
// late, several times, in parallel and out of order if asked to. Amounts are in
// whole đồng.
package stripefake

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Version is the API version that objects are written in.
const Version = "2023-10-16"

// Least and Most are what a page may cost, in đồng.
const (
	Least = 13_000
	Most  = 999_999_999
)

// Fake is one account. It is an http.Handler, and safe for concurrent use.
type Fake struct {
	// QuickRefunds makes refunds succeed at once, as those of cards do; else
	// they wait for ConfirmRefund. Set it before the first request.
	QuickRefunds bool

	key, secret string
	now         func() time.Time

	mu       sync.Mutex
	last     int // number of the last id
	objects  map[string]object
	intentOf map[string]object // what the payment of a page will carry, by page
	order    []string          // ids, oldest first
	answers  map[string]answer
	events   []Event
	requests []Request
	failing  int // how many requests are still refused with status
	status   int
	losing   int // how many are still carried out without an answer
}

// object is an object as the API writes it.
type object map[string]any

func (o object) id() string           { return o["id"].(string) }
func (o object) text(k string) string { s, _ := o[k].(string); return s }
func (o object) number(k string) int  { n, _ := o[k].(int); return n }

// Request is one that the fake was sent.
type Request struct {
	Method, Path string
	Form         url.Values
	Key          string // of idempotency
	Version      string // of the API
}

// answer is what a request got, kept under its idempotency key.
type answer struct {
	print  [sha256.Size]byte // of the request
	status int
	body   []byte
}

// New makes an account with an API key and a webhook secret.
func New(key, secret string, now func() time.Time) *Fake {
	return &Fake{key: key, secret: secret, now: now, objects: map[string]object{}, intentOf: map[string]object{}, answers: map[string]answer{}}
}

// Requests are those that came so far, the refused ones included.
func (f *Fake) Requests() []Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Request(nil), f.requests...)
}

// Fail refuses the next n requests with a status, before they do anything.
func (f *Fake) Fail(n, status int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failing, f.status = n, status
}

// Lose carries the next n requests out and cuts the connection instead of
// answering.
func (f *Fake) Lose(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.losing = n
}

// Forget drops all idempotency keys, as Stripe does after a day or more.
func (f *Fake) Forget() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.answers)
}

// ServeHTTP answers as api.stripe.com does.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, replayed, lost := f.serve(r)
	if lost {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Request-Id", "req_fake")
	if replayed {
		w.Header().Set("Idempotent-Replayed", "true")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

func (f *Fake) serve(r *http.Request) (a answer, replayed, lost bool) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	form := r.URL.Query()
	if r.Method == http.MethodPost {
		var bad error
		if form, bad = url.ParseQuery(string(body)); err == nil {
			err = bad
		}
	}
	key := r.Header.Get("Idempotency-Key")
	print := sha256.Sum256([]byte(r.Method + " " + r.URL.Path + "\n" + string(body)))
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, Request{r.Method, r.URL.Path, form, key, r.Header.Get("Stripe-Version")})
	switch {
	case err != nil:
		return refuse(400, "invalid_request_error", "", "", "the form cannot be read").answer(), false, false
	case r.Header.Get("Authorization") != "Bearer "+f.key:
		return refuse(401, "invalid_request_error", "", "", "Invalid API Key provided").answer(), false, false
	case f.failing > 0:
		f.failing--
		return refuse(f.status, "api_error", "", "", "told to fail").answer(), false, false
	}
	if known, ok := f.answers[key]; ok && key != "" && r.Method == http.MethodPost {
		if known.print != print {
			return refuse(400, "idempotency_error", "", "", "Keys for idempotent requests can only be used with the same parameters").answer(), false, false
		}
		return known, true, false
	}
	a = f.route(r.Method, strings.TrimPrefix(r.URL.Path, "/v1/"), form)
	a.print = print
	// What fails its validation uses no key up.
	if key != "" && r.Method == http.MethodPost && a.status != 400 {
		f.answers[key] = a
	}
	if f.losing > 0 {
		f.losing--
		return a, false, true
	}
	return a, false, false
}

func (f *Fake) route(method, path string, form url.Values) answer {
	name, id, _ := strings.Cut(path, "/")
	if name == "checkout" {
		_, id, _ = strings.Cut(id, "/") // checkout/sessions/…
		name = "checkout/sessions"
	}
	id, action, _ := strings.Cut(id, "/")
	var o object
	var no *refusal
	switch {
	case method == http.MethodPost && path == "checkout/sessions":
		o, no = f.newSession(form)
	case method == http.MethodPost && path == "refunds":
		o, no = f.newRefund(form)
	case method == http.MethodPost && name == "checkout/sessions" && action == "expire":
		o, no = f.expire(id)
	case method == http.MethodGet && id == "":
		o = f.list(prefixes[name], form)
	case method == http.MethodGet && action == "":
		o, no = f.find(prefixes[name], id)
	default:
		no = refuse(404, "invalid_request_error", "", "", "Unrecognized request URL")
	}
	if no != nil {
		return no.answer()
	}
	return answer{status: 200, body: encode(f.expand(o, form))}
}

// prefixes of the ids of each kind of object.
var prefixes = map[string]string{"checkout/sessions": "cs_", "payment_intents": "pi_", "charges": "ch_", "refunds": "re_", "disputes": "dp_"}

func (f *Fake) find(prefix, id string) (object, *refusal) {
	if o, ok := f.objects[id]; ok && prefix != "" && strings.HasPrefix(id, prefix) {
		return o, nil
	}
	return nil, refuse(404, "invalid_request_error", "resource_missing", "id", "No such object: '"+id+"'")
}

// list writes the objects of a kind, newest first, filtered by what they refer to.
func (f *Fake) list(prefix string, form url.Values) object {
	data := []any{}
	for i := len(f.order) - 1; i >= 0; i-- {
		o := f.objects[f.order[i]]
		if prefix == "" || !strings.HasPrefix(o.id(), prefix) {
			continue
		}
		if pi, ch := form.Get("payment_intent"), form.Get("charge"); pi != "" && o.text("payment_intent") != pi || ch != "" && o.text("charge") != ch {
			continue
		}
		data = append(data, o)
	}
	return object{"object": "list", "data": data, "has_more": false, "url": "/v1/"}
}

// expand writes an object with the payment and the charge in place of their
// ids, if asked to.
func (f *Fake) expand(o object, form url.Values) object {
	for _, v := range group(form, "expand") {
		path, _ := v.(string)
		if pi, ok := f.objects[o.text("payment_intent")]; ok && strings.HasPrefix(path, "payment_intent") {
			o, pi = maps.Clone(o), maps.Clone(pi)
			if ch, ok := f.objects[pi.text("latest_charge")]; ok && path == "payment_intent.latest_charge" {
				pi["latest_charge"] = ch
			}
			o["payment_intent"] = pi
		}
	}
	return o
}

// add keeps a new object under a new id.
func (f *Fake) add(prefix, kind string, o object) object {
	f.last++
	o["id"] = fmt.Sprintf("%stest_%06d", prefix, f.last)
	o["object"], o["created"], o["livemode"] = kind, int(f.now().Unix()), false
	f.objects[o.id()] = o
	f.order = append(f.order, o.id())
	return o
}

// refusal is an error as the API writes it.
type refusal struct {
	status int
	body   object
}

func refuse(status int, typ, code, param, message string) *refusal {
	e := object{"type": typ, "message": message}
	for k, v := range map[string]string{"code": code, "param": param} {
		if v != "" {
			e[k] = v
		}
	}
	return &refusal{status, object{"error": e}}
}

func (r *refusal) answer() answer { return answer{status: r.status, body: encode(r.body)} }

// Error makes a refusal fit for the methods that act as a shopper or a bank.
func (r *refusal) Error() string { return "stripefake: " + string(encode(r.body)) }

func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // maps of texts and numbers
	return bytes.TrimSpace(b.Bytes())
}
