// Package outbox carries work that follows from the change of a document (a
// mail, an entry of the audit log, a step in another document) inside that
// document, in the same atomic write, until it has been performed: a crash at
// any point is finished by a worker. It stands beside package store, and every
// domain may use it.
package outbox

import (
	"context"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

// Effect is one piece of such work: exactly one of Entry, Mail and Task is set.
// ID is derived from its cause; performing it twice changes nothing.
type Effect struct {
	ID    string `bson:"id"`
	Entry *Entry `bson:"entry,omitempty"`
	Mail  *Mail  `bson:"mail,omitempty"`
	Task  *Task  `bson:"task,omitempty"`
}

// Entry is one line of the audit log.
type Entry struct {
	At     time.Time `bson:"at"`
	By     string    `bson:"by"`            // person's id, or "cli", "worker", "visitor"
	Action string    `bson:"action"`        // a verb on an object: "org.approve"
	Object string    `bson:"object"`        // kind and id: "org:0193…"
	Org    string    `bson:"org,omitempty"` // organisation it belongs to
	Before []Value   `bson:"before,omitempty"`
	After  []Value   `bson:"after,omitempty"`
}

// Value is one value before or after a change. Secrets never stand here.
type Value struct {
	Name string `bson:"name" json:"name"`
	Text string `bson:"text" json:"text"`
}

// Mail is one message to one person. Its texts are the messages Key+".subject",
// Key+".text" and, when Link is set, Key+".button", filled in with Args.
type Mail struct {
	To   string            `bson:"to"`
	Name string            `bson:"name,omitempty"` // of the person, for the greeting
	Lang string            `bson:"lang"`
	Key  string            `bson:"key"`
	Args map[string]string `bson:"args,omitempty"`
	Link string            `bson:"link,omitempty"` // site path with its query: "/confirm?token=…", in the language of the mail
	QR   string            `bson:"qr,omitempty"`   // text of a QR code shown in the mail: a payment, a ticket
	// Event is an entry of a calendar that comes with the mail; one with the same
	// UID and a higher Sequence takes the place of the one before.
	Event *Event `bson:"event,omitempty"`
}

// Event is an entry of a calendar (RFC 5545).
type Event struct {
	UID       string    `bson:"uid"` // without the host
	Start     time.Time `bson:"start"`
	End       time.Time `bson:"end"`
	Sequence  int64     `bson:"sequence"`
	Cancelled bool      `bson:"cancelled,omitempty"`
	Title     string    `bson:"title"`
	Text      string    `bson:"text,omitempty"`
	Place     string    `bson:"place,omitempty"`
	Lat       float64   `bson:"lat,omitempty"` // WGS 84, degrees
	Lon       float64   `bson:"lon,omitempty"`
	Link      string    `bson:"link,omitempty"` // site path
}

// Task is a step in another document or domain, by name.
type Task struct {
	Name   string `bson:"name"`
	Object string `bson:"object"`
}

// Box is embedded in documents that have effects, with `bson:",inline"`. Their
// collection declares Index.
type Box struct {
	Pending   []Effect   `bson:"pending,omitempty"`
	PendingAt *time.Time `bson:"pendingAt,omitempty"` // when the oldest was added
}

// Index finds the documents whose box is not empty, the oldest first.
var Index = store.Index{Name: "pending", Parts: []store.Part{{Path: "pendingAt", Kind: store.Time}}, Sparse: true}

// Post adds effects; one whose id is there already is not added again.
func (b *Box) Post(now time.Time, effects ...Effect) {
	for _, e := range effects {
		if !slices.ContainsFunc(b.Pending, func(o Effect) bool { return o.ID == e.ID }) {
			b.Pending = append(b.Pending, e)
		}
	}
	if b.PendingAt == nil && len(b.Pending) > 0 {
		at := store.Stamp(now)
		b.PendingAt = &at
	}
}

func (b *Box) settle(done []string) {
	b.Pending = slices.DeleteFunc(b.Pending, func(e Effect) bool { return slices.Contains(done, e.ID) })
	if len(b.Pending) == 0 {
		b.Pending, b.PendingAt = nil, nil
	}
}

// Performer does the work of one effect. Doing it again must change nothing.
type Performer interface {
	Perform(ctx context.Context, e Effect) error
}

// Outbox performs the effects of one collection.
type Outbox[T any] struct {
	docs *store.Collection[T]
	box  func(*T) (id string, b *Box)
	by   Performer
}

// New serves a collection whose documents carry a box.
func New[T any](docs *store.Collection[T], by Performer, box func(*T) (id string, b *Box)) *Outbox[T] {
	return &Outbox[T]{docs, box, by}
}

// Settle performs what one document carries and clears it. What fails stays
// for Sweep; the first error is returned after the others were tried.
func (o *Outbox[T]) Settle(ctx context.Context, id string) error {
	doc, err := o.docs.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return nil // whoever removed it had settled it
	}
	if err != nil {
		return err
	}
	_, b := o.box(&doc)
	var done []string
	var first error
	for _, e := range b.Pending {
		if err := o.by.Perform(ctx, e); err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		done = append(done, e.ID)
	}
	if len(done) == 0 {
		return first
	}
	err = o.docs.Update(ctx, id, func(doc *T) error {
		_, b := o.box(doc)
		b.settle(done)
		return nil
	})
	if first == nil && !fault.Is(err, fault.NotFound) {
		first = err
	}
	return first
}

// Sweep settles every document whose effects were posted before a moment and
// returns how many it settled. One that fails does not hold up the others.
func (o *Outbox[T]) Sweep(ctx context.Context, before time.Time) (n int, first error) {
	err := o.docs.All(ctx, store.Query{Index: Index.Name, To: before}, func(doc T) error {
		id, _ := o.box(&doc)
		err := o.Settle(ctx, id)
		if err == nil {
			n++
		} else if first == nil {
			first = err
		}
		return ctx.Err()
	})
	if first == nil {
		first = err
	}
	return n, first
}
