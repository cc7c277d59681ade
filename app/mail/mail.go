// Package mail keeps messages in the store until they are delivered, words them
// in the language of who gets them, and delivers them by SMTP or into files.
package mail

import (
	"context"
	"log/slog"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Options is what a Queue needs. From is the sender with its name, BaseURL what
// links in mails are built on.
type Options struct {
	Sender  Sender
	From    string
	BaseURL string
	Now     func() time.Time
	Log     *slog.Logger
}

// Queue keeps messages and delivers them. Any number of processes may share a
// store.
type Queue struct {
	Options
	from  *mail.Address
	mails *store.Collection[doc]
}

// doc is one message. What it says is erased once it was delivered, because
// links are secrets.
type doc struct {
	ID     string            `bson:"_id"`
	State  string            `bson:"state"`
	Due    time.Time         `bson:"due"` // of the next try; of erasure when it is over
	To     string            `bson:"to"`  // masked when it is over
	Name   string            `bson:"name,omitempty"`
	Lang   lang.Lang         `bson:"lang"`
	Key    string            `bson:"key"`
	Args   map[string]string `bson:"args,omitempty"`
	Link   string            `bson:"link,omitempty"`
	QR     string            `bson:"qr,omitempty"` // text of a QR code
	Event  *outbox.Event     `bson:"event,omitempty"`
	Tries  int               `bson:"tries"`
	Reason string            `bson:"reason,omitempty"` // of the last failure
	At     time.Time         `bson:"at"`
	Over   *time.Time        `bson:"over,omitempty"`
}

const (
	waiting = "waiting"
	sent    = "sent"
	failed  = "failed"

	keepSent   = 30 * 24 * time.Hour
	keepFailed = 14 * 24 * time.Hour
	// lease is how long one process has a message for itself.
	lease   = 2 * time.Minute
	perCall = 50
)

// delays are how long after a failed try the next one comes; after the last of
// them a message is given up.
var delays = [...]time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// New declares the collection. A From that is no address is fault.Internal
// "mail.address", a BaseURL that no link can be built on "mail.base".
func New(ctx context.Context, db store.DB, o Options) (*Queue, error) {
	from, err := mail.ParseAddress(o.From)
	if err != nil || hasControl(o.From) {
		return nil, fault.Wrap(fault.Internal, "mail.address", err)
	}
	if o.BaseURL = strings.TrimSuffix(o.BaseURL, "/"); !isOrigin(o.BaseURL) {
		return nil, fault.New(fault.Internal, "mail.base")
	}
	mails, err := store.Open[doc](ctx, db, store.Spec{Name: "mails", Version: 1, Indexes: []store.Index{
		{Name: "due", Parts: []store.Part{{Path: "state"}, {Path: "due", Kind: store.Time}}},
	}})
	if err != nil {
		return nil, err
	}
	return &Queue{o, from, mails}, nil
}

func isOrigin(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" && s == u.Scheme+"://"+u.Host
}

// Add keeps a message under an id that is derived from its cause; one that is
// there already is not kept again. An address or name that could break a header
// is fault.Invalid "mail.address".
func (q *Queue) Add(ctx context.Context, id string, m outbox.Mail) error {
	if err := checkAddress(m.To, m.Name); err != nil {
		return err
	}
	l, _ := lang.Parse(m.Lang)
	now := store.Stamp(q.Now())
	err := q.mails.Insert(ctx, doc{ID: id, State: waiting, Due: now, To: m.To, Name: m.Name, Lang: l, Key: m.Key, Args: m.Args, Link: m.Link, QR: m.QR, Event: m.Event, At: now})
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

func checkAddress(to, name string) error {
	a, err := mail.ParseAddress(to)
	if err != nil || a.Address != to || !utf8.ValidString(name) || hasControl(to+name) {
		return fault.Wrap(fault.Invalid, "mail.address", err)
	}
	return nil
}

func hasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' })
}

// Work delivers what is due, the oldest first, and returns how many it sent. A
// message that another process has taken is left to it; one that cannot be worked
// on does not hold up those behind it, and the first such error is returned. A
// crash between sending and noting may send a message twice.
func (q *Queue) Work(ctx context.Context) (n int, first error) {
	due, _, err := q.mails.Find(ctx, store.Query{Index: "due", Eq: []any{waiting}, To: q.Now().Add(time.Millisecond), Limit: perCall})
	if err != nil {
		return 0, err
	}
	for _, d := range due {
		done, err := q.try(ctx, d)
		if done {
			n++
		}
		if first == nil {
			first = err
		}
		if ctx.Err() != nil || fault.Is(err, fault.Unavailable) {
			break
		}
	}
	return n, first
}

func (q *Queue) try(ctx context.Context, d doc) (bool, error) {
	taken, err := q.take(ctx, d)
	if err != nil || !taken {
		return false, err
	}
	return q.deliver(ctx, d)
}

// take moves the due time, so that no other process sends the message meanwhile.
func (q *Queue) take(ctx context.Context, d doc) (bool, error) {
	mine := false
	err := q.mails.Update(ctx, d.ID, func(cur *doc) error {
		if mine = cur.State == waiting && cur.Due.Equal(d.Due); mine {
			cur.Due = store.Stamp(q.Now().Add(lease))
		}
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return mine, err
}

func (q *Queue) deliver(ctx context.Context, d doc) (bool, error) {
	e, err := q.envelope(d)
	where := ""
	if err == nil {
		where, err = q.Sender.Send(ctx, e)
	}
	if err != nil && ctx.Err() != nil {
		return false, nil // stopping; the lease runs out
	}
	if err != nil {
		return false, q.failed(ctx, d, err)
	}
	ctx = context.WithoutCancel(ctx) // stopping now would send it twice
	now := store.Stamp(q.Now())
	err = q.mails.Update(ctx, d.ID, func(d *doc) error {
		d.State, d.Over, d.Due, d.Reason = sent, &now, now.Add(keepSent), ""
		d.To, d.Name, d.Args, d.Link, d.QR, d.Event = mask(d.To), "", nil, "", "", nil
		return nil
	})
	if err == nil {
		q.Log.Info("mail sent", "mail", d.ID, "key", d.Key, "via", where)
	}
	return err == nil, err
}

// failed notes a try that did not work; a permanent answer, or the last delay,
// ends it.
func (q *Queue) failed(ctx context.Context, d doc, cause error) error {
	now := store.Stamp(q.Now())
	over := permanent(cause) || d.Tries >= len(delays)
	tries, why, late := d.Tries, reason(cause, d), false
	err := q.mails.Update(ctx, d.ID, func(d *doc) error {
		if late = d.State != waiting || d.Tries != tries; late {
			return nil // the lease ran out, and another process has tried since
		}
		d.Tries++
		d.Reason = why
		if over {
			d.State, d.Over, d.Due = failed, &now, now.Add(keepFailed)
			return nil
		}
		d.Due = now.Add(delays[d.Tries-1])
		return nil
	})
	switch {
	case err != nil || late:
	case over:
		q.Log.Error("mail given up", "mail", d.ID, "key", d.Key, "tries", tries+1, "reason", why)
	default:
		q.Log.Warn("mail not sent and will be tried again", "mail", d.ID, "key", d.Key, "tries", tries+1, "reason", why)
	}
	return err
}

// Failure is a message that was given up.
type Failure struct {
	ID, Key, To, Reason string // To is masked
	At                  time.Time
}

// Failed lists messages that were given up, the latest first.
func (q *Queue) Failed(ctx context.Context, limit int) ([]Failure, error) {
	docs, _, err := q.mails.Find(ctx, store.Query{Index: "due", Eq: []any{failed}, Desc: true, Limit: limit})
	list := make([]Failure, 0, len(docs))
	for _, d := range docs {
		list = append(list, Failure{d.ID, d.Key, mask(d.To), d.Reason, *d.Over})
	}
	return list, err
}

// CountFailed is how many messages were given up lately.
func (q *Queue) CountFailed(ctx context.Context) (int64, error) {
	return q.mails.Count(ctx, store.Query{Index: "due", Eq: []any{failed}})
}

// Retry takes a message that was given up back to those that wait, and says
// whether it had been given up.
func (q *Queue) Retry(ctx context.Context, id string) (again bool, err error) {
	now := store.Stamp(q.Now())
	err = q.mails.Update(ctx, id, func(d *doc) error {
		if again = d.State == failed; again {
			d.State, d.Due, d.Tries, d.Over = waiting, now, 0, nil
		}
		return nil
	})
	if fault.CodeOf(err) == "store.not_found" {
		return false, fault.New(fault.NotFound, "mail.not_found")
	}
	return again, err
}

// Sweep deletes what is over: sent messages after 30 days, also their files,
// those given up after 14. It returns how many it deleted.
func (q *Queue) Sweep(ctx context.Context) (n int, err error) {
	for _, state := range [...]string{sent, failed} {
		err = q.mails.All(ctx, store.Query{Index: "due", Eq: []any{state}, To: q.Now()}, func(d doc) error {
			n++
			if err := q.mails.Delete(ctx, d.ID); !fault.Is(err, fault.NotFound) {
				return err
			}
			return nil
		})
		if err != nil {
			return n, err
		}
	}
	if files, ok := q.Sender.(fileSender); ok {
		gone, err := files.sweep(q.Now().Add(-keepSent))
		return n + gone, err
	}
	return n, nil
}
