package stripefake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/stripe/stripe-go/v76/webhook"
)

// Event is something that happened. Its object is written as it was then.
type Event struct {
	ID, Type  string
	Created   time.Time
	Delivered bool // was answered with 2xx each time it was sent

	object, previous json.RawMessage
}

// happen records an event about an object, to be delivered later.
func (f *Fake) happen(typ string, o, previous object) {
	f.last++
	e := Event{ID: fmt.Sprintf("evt_test_%06d", f.last), Type: typ, Created: f.now(), object: encode(o)}
	if previous != nil {
		e.previous = encode(previous)
	}
	f.events = append(f.events, e)
}

// Events are all that happened, oldest first.
func (f *Fake) Events() []Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Event(nil), f.events...)
}

// Body is an event as it is sent by an endpoint of an API version. In any other
// version than Version its object is cut down to id and kind, so that whoever
// reads more of it has to ask for it.
func (e Event) Body(version string) []byte {
	o := e.object
	if version != Version {
		var head struct {
			ID     string `json:"id"`
			Object string `json:"object"`
		}
		_ = json.Unmarshal(o, &head) // written by encode
		o = encode(head)
	}
	data := object{"object": o}
	if e.previous != nil {
		data["previous_attributes"] = e.previous
	}
	return encode(object{"id": e.ID, "object": "event", "api_version": version, "created": e.Created.Unix(), "type": e.Type,
		"livemode": false, "pending_webhooks": 1, "request": object{"id": nil, "idempotency_key": nil}, "data": data})
}

// Sign is the Stripe-Signature of a body that is sent at a moment.
func Sign(body []byte, secret string, at time.Time) string {
	return webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: body, Secret: secret, Timestamp: at}).Header
}

// Option changes how Deliver delivers.
type Option func(*delivery)

type delivery struct {
	version, secret string
	again           bool
	seed            uint64
	types           map[string]bool
	age             time.Duration
	client          *http.Client
}

// As writes the events in another API version.
func As(version string) Option { return func(d *delivery) { d.version = version } }

// Again sends what was delivered already as well.
func Again() Option { return func(d *delivery) { d.again = true } }

// Shuffled sends in an order that follows from seed, which is not 0.
func Shuffled(seed uint64) Option { return func(d *delivery) { d.seed = seed } }

// Only sends events of these types; the others wait.
func Only(types ...string) Option {
	return func(d *delivery) {
		d.types = map[string]bool{}
		for _, t := range types {
			d.types[t] = true
		}
	}
}

// Aged dates the signatures back.
func Aged(by time.Duration) Option { return func(d *delivery) { d.age = by } }

// SignedWith signs with another secret.
func SignedWith(secret string) Option { return func(d *delivery) { d.secret = secret } }

// Deliver posts the events that wait, each a number of times, so many at once,
// and returns the statuses in the order of sending. An event that is not answered
// with 2xx each time goes on waiting, as at Stripe; so an event is late by
// calling Deliver late. Order is kept where parallel is 1 and nothing shuffles.
func (f *Fake) Deliver(url string, times, parallel int, options ...Option) ([]int, error) {
	d := delivery{version: Version, secret: f.secret, client: &http.Client{Timeout: time.Minute,
		Transport: &http.Transport{MaxIdleConnsPerHost: parallel}}}
	defer d.client.CloseIdleConnections()
	for _, o := range options {
		o(&d)
	}
	var queue []Event
	for range times {
		for _, e := range f.Events() {
			if (!e.Delivered || d.again) && (d.types == nil || d.types[e.Type]) {
				queue = append(queue, e)
			}
		}
	}
	if d.seed != 0 {
		r := rand.New(rand.NewPCG(d.seed, d.seed))
		r.Shuffle(len(queue), func(i, j int) { queue[i], queue[j] = queue[j], queue[i] })
	}
	statuses, errs := make([]int, len(queue)), make([]error, len(queue))
	next := make(chan int)
	var workers sync.WaitGroup
	for range max(parallel, 1) {
		workers.Go(func() {
			for i := range next {
				statuses[i], errs[i] = d.post(url, queue[i])
			}
		})
	}
	for i := range queue {
		next <- i
	}
	close(next)
	workers.Wait()
	f.settle(queue, statuses)
	return statuses, errors.Join(errs...)
}

func (d delivery) post(url string, e Event) (int, error) {
	body := e.Body(d.version)
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Stripe-Signature", Sign(body, d.secret, time.Now().Add(-d.age)))
	resp, err := d.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode, err
}

// settle marks what was answered with 2xx each time.
func (f *Fake) settle(queue []Event, statuses []int) {
	failed := map[string]bool{}
	sent := map[string]bool{}
	for i, e := range queue {
		sent[e.ID] = true
		failed[e.ID] = failed[e.ID] || statuses[i] < 200 || statuses[i] > 299
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.events {
		if id := f.events[i].ID; sent[id] {
			f.events[i].Delivered = f.events[i].Delivered || !failed[id]
		}
	}
}
