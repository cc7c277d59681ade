package report

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456, lang.Zone)

func days(n int) time.Time { return noon.Add(time.Duration(n) * 24 * time.Hour) }

func filed(t *testing.T, change ...func(*Draft)) Report {
	t.Helper()
	r, err := draft(change...).report()
	if err != nil {
		t.Fatal(err)
	}
	r.register("BC-000001", noon)
	return r
}

// step does one thing named by a word; a number tells forms of an answer apart,
// and says how many closings the page of another form had seen.
func step(r *Report, what string, now time.Time) error {
	verb, n, _ := strings.Cut(what, ":")
	seen := strings.TrimLeft(verb, "acdeiklmnoprstw")
	verb = strings.TrimSuffix(verb, seen)
	closings, _ := strconv.Atoi(seen)
	switch verb {
	case "answer":
		return r.answer("p1", Reply{"Lời đáp " + n, token + n}, now)
	case "close":
		return r.close("p1", n, closings, now)
	case "reopen":
		return r.reopen("p2", closings, now)
	case "erase":
		r.erase("p3", now)
	}
	return nil
}

func TestStates(t *testing.T) {
	for _, tt := range []struct {
		steps string
		want  Status
		sizes string // answers, closings
		code  string // of the last step
	}{
		{"", Open, "0 0", ""},
		{"answer:1", Answered, "1 0", ""},
		{"answer:1 answer:1", Answered, "1 0", ""},
		{"answer:1 answer:2", Answered, "2 0", ""},
		{"answer:1 close0:", Closed, "1 1", ""},
		{"close0:", Closed, "0 1", ""},
		{"close0:xong close0:xong", Closed, "0 1", ""},
		{"close0:xong close0:khác", Closed, "0 1", "report.closed"},
		{"close1:xong", Open, "0 0", "report.closed"},
		{"close0: close1:", Closed, "0 1", "report.closed"},
		{"close0: answer:1", Closed, "0 1", "report.closed"},
		{"answer:1 close0: answer:1", Closed, "1 1", ""},
		{"close0: reopen1", Open, "0 1", ""},
		{"close0: reopen1 reopen1", Open, "0 1", ""},
		{"close0: reopen1 close0:", Open, "0 1", ""}, // the first form, sent again
		{"close0: reopen1 close0:x", Open, "0 1", "report.closed"},
		{"close0: reopen1 close1: reopen1", Closed, "0 2", ""},
		{"close0: reopen2", Closed, "0 1", "report.not_closed"},
		{"reopen0", Open, "0 0", "report.not_closed"},
		{"answer:1 reopen1", Answered, "1 0", "report.not_closed"},
		{"answer:1 close0: reopen1", Open, "1 1", ""},
		{"answer:1 close0: reopen1 answer:1", Open, "1 1", ""},
		{"answer:1 close0: reopen1 answer:2 close1: reopen2 close2:x", Closed, "2 3", ""},
		{"erase answer:1 close0:", Closed, "1 1", ""},
	} {
		r := filed(t)
		var err error
		for _, s := range strings.Fields(tt.steps) {
			if err != nil {
				t.Fatalf("%s: before %s: %v", tt.steps, s, err)
			}
			err = step(&r, s, noon)
		}
		sizes := fmt.Sprint(len(r.Answers), len(r.Closings))
		if r.Status != tt.want || sizes != tt.sizes || fault.CodeOf(err) != tt.code || err != nil && !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %s, %s, %v", tt.steps, r.Status, sizes, err)
		}
		unique := map[string]bool{}
		for _, e := range r.Pending {
			unique[e.ID] = true
		}
		if len(unique) != len(r.Pending) {
			t.Errorf("%s: effects share an id: %v", tt.steps, unique)
		}
	}
}

func TestFormOfAnAnswerServesOnce(t *testing.T) {
	for name, again := range map[string]func(r *Report) error{
		"other words":   func(r *Report) error { return r.answer("p1", Reply{"Khác", token}, noon) },
		"other persons": func(r *Report) error { return r.answer("p2", Reply{"Lời đáp", token}, noon) },
	} {
		r := filed(t)
		if err := r.answer("p1", Reply{"Lời đáp", token}, noon); err != nil {
			t.Fatal(err)
		}
		if err := again(&r); fault.CodeOf(err) != "report.answer_used" || len(r.Answers) != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReopeningIsKept(t *testing.T) {
	r := filed(t)
	for i, s := range []string{"close0:xong", "reopen1"} {
		if err := step(&r, s, days(i)); err != nil {
			t.Fatal(err)
		}
	}
	c := r.Closings[0]
	if c.By != "p1" || c.Words != "xong" || c.ReopenedBy != "p2" || c.ReopenedAt == nil || !c.ReopenedAt.Equal(days(1).Truncate(time.Millisecond)) {
		t.Errorf("%+v", c)
	}
}

// The audit log says what was done; it holds neither words nor addresses.
func TestEffects(t *testing.T) {
	r := filed(t, func(d *Draft) { d.Lang = lang.En })
	for _, s := range []string{"answer:1", "close0:ghi", "reopen1", "erase"} {
		if s == "erase" {
			r.Box = outbox.Box{} // the mail has gone out
		}
		if err := step(&r, s, noon); err != nil {
			t.Fatal(err)
		}
		if s != "reopen1" {
			continue
		}
		var actions, mails, tasks []string
		for _, e := range r.Pending {
			switch {
			case e.Entry != nil:
				actions = append(actions, e.Entry.By+" "+e.Entry.Action)
				if said := fmt.Sprintf("%+v", *e.Entry); e.Entry.Object != "report:"+r.ID || e.Entry.At.IsZero() ||
					strings.Contains(said, "Tem dán") || strings.Contains(said, "example.com") || strings.Contains(said, "Lời đáp") || strings.Contains(said, "ghi") {
					t.Errorf("the log says %s", said)
				}
			case e.Mail != nil:
				mails = append(mails, fmt.Sprint(e.Mail.To, e.Mail.Lang, e.Mail.Key, e.Mail.Args))
			case e.Task != nil:
				tasks = append(tasks, e.Task.Name+" "+e.Task.Object)
			}
		}
		if got := strings.Join(actions, ", "); got != "visitor report.file, p1 report.answer, p1 report.close, p2 report.reopen" {
			t.Error(got)
		}
		if got := strings.Join(mails, ", "); got != "an@example.comenmail.report_answermap[Answer:Lời đáp 1 Number:BC-000001 Title:Trial coffee]" {
			t.Error(got)
		}
		if got := strings.Join(tasks, ", "); got != "notify-inbox "+r.ID {
			t.Error(got)
		}
	}
	if len(r.Pending) != 1 || r.Pending[0].Entry.Action != "report.erase" || r.Pending[0].Entry.By != "p3" || !r.Answers[0].Mailed {
		t.Errorf("%+v, %+v", r.Pending, r.Answers)
	}
}

// An address that is erased also leaves the mails that have not gone out.
func TestErasingTakesMailsBack(t *testing.T) {
	r := filed(t)
	for _, s := range []string{"answer:1", "answer:2", "erase", "erase", "answer:3"} {
		if err := step(&r, s, noon); err != nil {
			t.Fatal(err)
		}
	}
	if said := fmt.Sprintf("%+v", r); strings.Contains(said, "example.com") || r.Contact != "" || r.EraseAt != nil || r.ErasedAt == nil {
		t.Errorf("the address is still there: %s", said)
	}
	for _, e := range r.Pending {
		if e.Mail != nil {
			t.Errorf("a mail is left: %+v", e.Mail)
		}
	}
	for i, a := range r.Answers {
		if a.Mailed {
			t.Errorf("answer %d counts as mailed", i+1)
		}
	}
}

func TestWhenTheAddressGoes(t *testing.T) {
	for _, tt := range []struct {
		steps string // each "what@day"
		want  int    // day, -1 for never
	}{
		{"", 365},
		{"answer:1@0", 180},
		{"answer:1@10 answer:2@20", 200},
		{"answer:1@10 answer:1@20", 190},
		{"answer:1@10 close0:@40 reopen1@50", 220},
		{"close0:@1 close0:@30", 181},
		{"answer:1@185", 365},
		{"answer:1@300", 365},
		{"erase@5 answer:1@10", -1},
	} {
		r := filed(t)
		for _, s := range strings.Fields(tt.steps) {
			what, day, _ := strings.Cut(s, "@")
			var n int
			if _, err := fmt.Sscan(day, &n); err != nil {
				t.Fatal(err)
			}
			if err := step(&r, what, days(n)); err != nil {
				t.Fatalf("%s: %v", tt.steps, err)
			}
		}
		if tt.want < 0 {
			if r.EraseAt != nil {
				t.Errorf("%s: %s", tt.steps, r.EraseAt)
			}
			continue
		}
		if r.EraseAt == nil || !r.EraseAt.Equal(days(tt.want).Truncate(time.Millisecond)) {
			t.Errorf("%q: %s, want day %d", tt.steps, r.EraseAt, tt.want)
		}
	}
	if r := filed(t, func(d *Draft) { d.Contact = "" }); r.EraseAt != nil {
		t.Error("nothing has to go, and yet it has a day")
	}
}
