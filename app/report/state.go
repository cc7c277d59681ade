package report

import (
	"slices"
	"strconv"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// How long an address is kept, whichever ends first.
const (
	keepAfterFiling = 365 * 24 * time.Hour
	keepAfterAnswer = 180 * 24 * time.Hour // the last answer or closing
)

// Reply is an answer as it comes from the form of the inbox. Once is a random
// token made with the form, as in Draft.
type Reply struct {
	Words string
	Once  string
}

// register gives a new report its names and posts what follows from it.
func (r *Report) register(number string, now time.Time) {
	r.ID, r.Number, r.At, r.Box = store.NewID(now), number, store.Stamp(now), outbox.Box{}
	r.keepContact(r.At.Add(keepAfterFiling))
	r.Post(now, r.entry(outbox.Entry{At: r.At, By: "visitor", Action: "report.file"}, "file"),
		outbox.Effect{ID: r.effect("notify"), Task: &outbox.Task{Name: TaskNotify, Object: r.ID}})
}

// same reports whether the same form, with the same words in it, came twice.
// The evidence may differ: the packet may have been scanned meanwhile.
func (r Report) same(o Report) bool {
	return r.About.Kind == o.About.Kind && r.About.Path == o.About.Path && r.Reason == o.Reason &&
		r.Words == o.Words && r.Where == o.Where && (r.Contact == o.Contact || r.ErasedAt != nil)
}

// answer takes a checked reply. An open or answered report becomes answered.
func (r *Report) answer(by string, d Reply, now time.Time) error {
	if i := slices.IndexFunc(r.Answers, func(a Answer) bool { return a.Once == d.Once }); i >= 0 {
		if a := r.Answers[i]; a.Words != d.Words || a.By != by {
			return r.refuse("report.answer_used")
		}
		return nil
	}
	if r.Status == Closed {
		return r.refuse("report.closed")
	}
	now = store.Stamp(now)
	r.Answers = append(r.Answers, Answer{Once: d.Once, Words: d.Words, By: by, At: now, Mailed: r.Contact != ""})
	r.keepContact(now.Add(keepAfterAnswer))
	n := len(r.Answers)
	if r.Contact != "" {
		r.Post(now, outbox.Effect{ID: r.mailID(n), Mail: &outbox.Mail{To: r.Contact, Lang: string(r.Lang), Key: "mail.report_answer",
			Args: map[string]string{"Number": r.Number, "Title": r.About.Title.In(r.Lang), "Answer": d.Words}}})
	}
	r.move(Answered, by, "report.answer", n, now)
	return nil
}

// close ends the work for the time after a number of closings; so a form that
// is sent late, after a reopening, closes nothing again.
func (r *Report) close(by, words string, closings int, now time.Time) error {
	if closings >= 0 && closings < len(r.Closings) && r.Closings[closings].By == by && r.Closings[closings].Words == words {
		return nil
	}
	if r.Status == Closed || closings != len(r.Closings) {
		return r.refuse("report.closed")
	}
	now = store.Stamp(now)
	r.Closings = append(r.Closings, Closing{Words: words, By: by, At: now})
	r.keepContact(now.Add(keepAfterAnswer))
	r.move(Closed, by, "report.close", len(r.Closings), now)
	return nil
}

// reopen undoes the last of a number of closings.
func (r *Report) reopen(by string, closings int, now time.Time) error {
	if closings < 1 || closings > len(r.Closings) {
		return r.refuse("report.not_closed")
	}
	c := &r.Closings[closings-1]
	if c.ReopenedAt != nil {
		return nil
	}
	now = store.Stamp(now)
	c.ReopenedBy, c.ReopenedAt = by, &now
	r.move(Open, by, "report.reopen", len(r.Closings), now)
	return nil
}

// erase removes the address, also from mails that have not gone out; their
// answers are then not mailed.
func (r *Report) erase(by string, now time.Time) {
	if r.Contact == "" {
		return
	}
	for i := range r.Answers {
		if r.drop(r.mailID(i + 1)) {
			r.Answers[i].Mailed = false
		}
	}
	now = store.Stamp(now)
	r.Contact, r.EraseAt, r.ErasedAt = "", nil, &now
	r.Post(now, r.entry(outbox.Entry{At: now, By: by, Action: "report.erase"}, "erase"))
}

// drop takes an effect back that has not been performed.
func (r *Report) drop(id string) bool {
	n := len(r.Pending)
	r.Pending = slices.DeleteFunc(r.Pending, func(e outbox.Effect) bool { return e.ID == id })
	return len(r.Pending) < n
}

// keepContact sets when the address has to go; nothing is kept longer than
// keepAfterFiling.
func (r *Report) keepContact(until time.Time) {
	if r.Contact == "" {
		return
	}
	if most := r.At.Add(keepAfterFiling); until.After(most) {
		until = most
	}
	r.EraseAt = &until
}

func (r *Report) refuse(code string) error {
	return fault.New(fault.Conflict, code).With("Number", r.Number)
}

// move changes the status and says so in the audit log, which never holds what
// was written.
func (r *Report) move(to Status, by, action string, n int, now time.Time) {
	e := outbox.Entry{At: now, By: by, Action: action}
	e.Before = []outbox.Value{{Name: "status", Text: string(r.Status)}}
	e.After = []outbox.Value{{Name: "status", Text: string(to)}}
	r.Status = to
	r.Post(now, r.entry(e, action+":"+strconv.Itoa(n)))
}

func (r *Report) entry(e outbox.Entry, cause string) outbox.Effect {
	e.Object = "report:" + r.ID
	return outbox.Effect{ID: r.effect(cause), Entry: &e}
}

// effect is the id of the effect of one cause in the life of this report.
func (r *Report) effect(cause string) string { return "report:" + r.ID + ":" + cause }

func (r *Report) mailID(answer int) string { return r.effect("mail:" + strconv.Itoa(answer)) }

// TaskNotify is the task that tells the people of an inbox of a new report; its
// object is the report's id.
const TaskNotify = "notify-inbox"
