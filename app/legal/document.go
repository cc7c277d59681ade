package legal

import (
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// What of a page's history is kept: so many revisions, and so many bytes of
// text, that the document stays below store.MaxDocument with the effects it
// carries. The newest revision stays in any case: two texts of MaxText
// characters are 320,000 bytes at most.
const (
	maxRevisions = 50
	maxBytes     = 900_000
)

// Revision is one text that an operator saved.
type Revision struct {
	Number int       `bson:"number"` // from 1; the default text is 0
	At     time.Time `bson:"at"`
	By     string    `bson:"by"` // person's id
	Body   lang.Text `bson:"body"`
}

// document is an edited page.
type document struct {
	ID         Page       `bson:"_id"`
	Rev        int        `bson:"rev"`
	Revisions  []Revision `bson:"revisions"` // oldest first, never empty
	outbox.Box `bson:",inline"`
}

func (d *document) last() Revision {
	if len(d.Revisions) == 0 {
		return Revision{}
	}
	return d.Revisions[len(d.Revisions)-1]
}

func (d *document) text() Text {
	last := d.last()
	return Text{Page: d.ID, Body: last.Body, Changed: last.At, Rev: d.Rev}
}

// edit is a body that somebody wrote while looking at revision rev.
type edit struct {
	by   string
	rev  int
	body lang.Text
	at   time.Time
}

// apply adds an edit as a revision. The same edit again, or one that changes
// nothing, leaves the document as it is; any other that saw an older revision
// is fault.Conflict "legal.stale".
func (d *document) apply(e edit) error {
	last := d.last()
	repeated := e.rev == d.Rev-1 && last.By == e.by
	if last.Body == e.body && (e.rev == d.Rev || repeated) {
		return nil
	}
	if e.rev != d.Rev {
		return fault.New(fault.Conflict, "legal.stale")
	}
	d.Rev++
	at := store.Stamp(e.at)
	d.Revisions = append(d.Revisions, Revision{Number: d.Rev, At: at, By: e.by, Body: e.body})
	d.forget()
	d.Post(at, d.noted(e))
	return nil
}

// forget drops the oldest revisions that there is no room for.
func (d *document) forget() {
	keep, size := 0, 0
	for _, r := range slices.Backward(d.Revisions) {
		size += len(r.Body.Vi) + len(r.Body.En)
		if keep == maxRevisions || keep > 0 && size > maxBytes {
			break
		}
		keep++
	}
	d.Revisions = slices.Clone(d.Revisions[len(d.Revisions)-keep:])
}

// noted is the entry of the newest revision in the audit log. It says how long
// the texts are, not what they say: the history does.
func (d *document) noted(e edit) outbox.Effect {
	length := func(s string) string { return strconv.Itoa(utf8.RuneCountInString(s)) }
	return outbox.Effect{
		ID: fmt.Sprintf("text:%s:%d", d.ID, d.Rev),
		Entry: &outbox.Entry{At: store.Stamp(e.at), By: e.by, Action: "text.edit", Object: "text:" + string(d.ID), After: []outbox.Value{
			{Name: "rev", Text: strconv.Itoa(d.Rev)},
			{Name: "vi", Text: length(e.body.Vi)},
			{Name: "en", Text: length(e.body.En)},
		}},
	}
}
