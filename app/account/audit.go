package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"nguon/app/chain"
	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// logDoc is one entry of the audit log. Its id is its number, so that entries
// form one line that no two writers can continue at the same place; Hash covers
// everything but Values, of which it covers Digest, a salted hash: values can
// be erased and the chain still holds.
type logDoc struct {
	ID     string     `bson:"_id"` // Seq, sixteen digits
	Seq    int64      `bson:"seq"`
	Key    string     `bson:"key"` // of the effect; recording it twice changes nothing
	At     time.Time  `bson:"at"`
	By     string     `bson:"by"`
	Action string     `bson:"action"`
	Object string     `bson:"object"`
	Org    string     `bson:"org"`
	Digest string     `bson:"digest"`
	Prev   string     `bson:"prev"`
	Hash   string     `bson:"hash"`
	Values *logValues `bson:"values,omitempty"`
}

// logValues may hold personal values and can be erased.
type logValues struct {
	Salt   string         `bson:"salt"`
	Before []outbox.Value `bson:"before,omitempty"`
	After  []outbox.Value `bson:"after,omitempty"`
}

var logSpec = store.Spec{Name: "audit_log", Version: 1, Indexes: []store.Index{
	{Name: "key", Parts: []store.Part{{Path: "key"}}, Unique: true},
	{Name: "by", Parts: []store.Part{{Path: "by"}, {Path: "seq", Kind: store.Int}}},
	{Name: "object", Parts: []store.Part{{Path: "object"}, {Path: "seq", Kind: store.Int}}},
	{Name: "org", Parts: []store.Part{{Path: "org"}, {Path: "seq", Kind: store.Int}}},
	{Name: "action", Parts: []store.Part{{Path: "action"}, {Path: "seq", Kind: store.Int}}},
	{Name: "at", Parts: []store.Part{{Path: "at", Kind: store.Time}}},
}}

// LogEntry is an entry as it is shown.
type LogEntry struct {
	Seq    int64          `json:"seq"`
	At     time.Time      `json:"at"`
	By     string         `json:"by"`
	Action string         `json:"action"`
	Object string         `json:"object"`
	Org    string         `json:"org,omitempty"`
	Before []outbox.Value `json:"before,omitempty"`
	After  []outbox.Value `json:"after,omitempty"`
	Erased bool           `json:"erased,omitempty"` // had values once
	Hash   string         `json:"hash"`
}

func logID(seq int64) string { return fmt.Sprintf("%016d", seq) }

// appendTries bounds how often an entry that another took the place of is
// appended anew.
const appendTries = 50

// Record appends an entry to the log under a key that is derived from its cause;
// a key that is there already changes nothing.
func (s *Service) Record(ctx context.Context, key string, e outbox.Entry) error {
	for range appendTries {
		_, err := s.audit.First(ctx, store.Query{Index: "key", Eq: []any{key}})
		if !fault.Is(err, fault.NotFound) {
			return err // nil when it stands there
		}
		last, err := s.audit.First(ctx, store.Query{Desc: true})
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err := s.audit.Insert(ctx, next(last, key, e)); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return fault.New(fault.Unavailable, "store.busy")
}

func next(last logDoc, key string, e outbox.Entry) logDoc {
	d := logDoc{Seq: last.Seq + 1, Key: key, At: store.Stamp(e.At), By: e.By, Action: e.Action, Object: e.Object, Org: e.Org, Prev: last.Hash}
	d.ID = logID(d.Seq)
	if len(e.Before)+len(e.After) > 0 {
		d.Values = &logValues{Salt: rand.Text(), Before: e.Before, After: e.After}
		d.Digest = d.Values.digest()
	}
	d.Hash = d.sum()
	return d
}

func (d logDoc) sum() string {
	return chain.New("nguon/audit/1", d.Prev).Int(d.Seq).Time(d.At).Str(d.Key, d.By, d.Action, d.Object, d.Org, d.Digest).Sum()
}

func (v *logValues) digest() string {
	text, _ := json.Marshal([3]any{v.Salt, v.Before, v.After}) // of strings only
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (d logDoc) shown() LogEntry {
	e := LogEntry{Seq: d.Seq, At: d.At, By: d.By, Action: d.Action, Object: d.Object, Org: d.Org, Hash: d.Hash, Erased: d.Digest != "" && d.Values == nil}
	if d.Values != nil {
		e.Before, e.After = d.Values.Before, d.Values.After
	}
	return e
}

// VerifyLog walks the whole log and returns how many entries it holds and the
// number of the first that does not fit, 0 when all do. A log whose end was cut
// off is whole by itself: compare Last with one noted elsewhere.
func (s *Service) VerifyLog(ctx context.Context) (n, broken int64, last string, err error) {
	err = s.audit.All(ctx, store.Query{}, func(d logDoc) error {
		n++
		fits := d.Seq == n && d.ID == logID(n) && d.Prev == last && d.Hash == d.sum() && (d.Values == nil || d.Values.digest() == d.Digest)
		if !fits && broken == 0 {
			broken = n
		}
		last = d.Hash
		return nil
	})
	return n, broken, last, err
}

// eraseValues takes personal values about an object out of the log.
func (s *Service) eraseValues(ctx context.Context, about string) error {
	return s.audit.All(ctx, store.Query{Index: "object", Eq: []any{about}}, func(d logDoc) error {
		if d.Values == nil {
			return nil
		}
		return s.audit.Update(ctx, d.ID, func(d *logDoc) error {
			d.Values = nil
			return nil
		})
	})
}

// LogFilter selects entries; one of By, Object, Org and Action, or none, and
// days in Vietnam, both included. Org is set by Log for those who may read only
// their own.
type LogFilter struct {
	By, Object, Org, Action string
	From, To                time.Time // zero: open
	After                   string    // cursor
}

const logPage = 50

// Log reads a page of the log, the newest first, and the cursor of the next.
// Owners read their organisations' entries: they must name one of them.
func (s *Service) Log(ctx context.Context, a Actor, f LogFilter) ([]LogEntry, string, error) {
	if err := s.mayReadLog(ctx, a, f.Org); err != nil {
		return nil, "", err
	}
	return s.logPage(ctx, f, logPage)
}

// EachLog calls fn for all entries of a filter, newest first: for an export.
func (s *Service) EachLog(ctx context.Context, a Actor, f LogFilter, fn func(LogEntry) error) error {
	if err := s.mayReadLog(ctx, a, f.Org); err != nil {
		return err
	}
	return s.eachEntry(ctx, f, 0, fn)
}

func (s *Service) mayReadLog(ctx context.Context, a Actor, org string) error {
	o := Object{}
	if org != "" {
		found, err := s.org(ctx, org)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		o = OfOrg(found)
		o.Org = org
	}
	return a.May(LogRead, o)
}

// eachEntry walks a filter, at most so many entries unless most is 0.
func (s *Service) eachEntry(ctx context.Context, f LogFilter, most int, fn func(LogEntry) error) error {
	for n := 0; ; {
		page, next, err := s.logPage(ctx, f, store.MaxLimit)
		if err != nil {
			return err
		}
		for _, e := range page {
			if n++; most > 0 && n > most {
				return nil
			}
			if err := fn(e); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		f.After = next
	}
}

// logPage reads by the most telling index and leaves out what the rest of the
// filter does not want; it reads on until a page is full.
func (s *Service) logPage(ctx context.Context, f LogFilter, size int) ([]LogEntry, string, error) {
	q := f.query()
	found := []LogEntry{}
	for q.Limit = size; ; {
		docs, next, err := s.audit.Find(ctx, q)
		if err != nil {
			return nil, "", err
		}
		for _, d := range docs {
			if f.wants(d) {
				found = append(found, d.shown())
			}
		}
		if next == "" || len(found) >= size || f.past(docs) {
			if f.past(docs) {
				next = ""
			}
			return found, next, nil
		}
		q.After = next
	}
}

func (f LogFilter) query() store.Query {
	q := store.Query{Desc: true, After: f.After}
	for _, by := range [...]struct{ index, value string }{{"object", f.Object}, {"by", f.By}, {"org", f.Org}, {"action", f.Action}} {
		if by.value != "" {
			q.Index, q.Eq = by.index, []any{by.value}
			return q
		}
	}
	if !f.From.IsZero() || !f.To.IsZero() {
		q.Index = "at"
		if !f.From.IsZero() {
			q.From = f.From
		}
		if !f.To.IsZero() {
			q.To = f.To.AddDate(0, 0, 1)
		}
	}
	return q
}

func (f LogFilter) wants(d logDoc) bool {
	fits := func(want, is string) bool { return want == "" || want == is }
	return fits(f.Object, d.Object) && fits(f.By, d.By) && fits(f.Org, d.Org) && fits(f.Action, d.Action) &&
		(f.From.IsZero() || !d.At.Before(f.From)) && (f.To.IsZero() || d.At.Before(f.To.AddDate(0, 0, 1)))
}

// past reports whether all that follows is older than the filter wants.
func (f LogFilter) past(docs []logDoc) bool {
	return len(docs) > 0 && !f.From.IsZero() && docs[len(docs)-1].At.Before(f.From.AddDate(0, 0, -1))
}
