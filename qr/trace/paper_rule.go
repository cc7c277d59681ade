package trace

import (
	"math"
	"regexp"
	"slices"
	"time"

	"nguon/app/fault"
)

// maxPapers bounds the certificates and the reports of one lot.
const maxPapers = 50

// schemes lists the certificates whose meaning we can explain: message keys
// "paper.<scheme>" and "paper.<scheme>.means".
var schemes = []string{"4c", "organic_vn", "vietgap", "ra", "haccp", "iso22000"}

var propertyName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

func (r Report) check(w *fault.Form, now time.Time) {
	w.Need(r.Number != "" && shortText(r.Number, 60), "number", "trace.field.required")
	w.Need(r.Lab != "" && shortText(r.Lab, 120), "lab", "trace.field.required")
	w.Need(!r.On.IsZero() && !r.On.After(now), "on", "trace.report.on")
	w.Need(r.ValidTo.IsZero() || !r.ValidTo.Before(r.On), "validTo", "trace.paper.dates")
	w.Need(r.CupPoints >= 0 && r.CupPoints <= 100, "cupPoints", "trace.report.cup")
	w.Need(len(r.Values) <= 40, "values", "trace.report.values")
	for name, v := range r.Values {
		w.Need(propertyName.MatchString(name) && v >= 0 && !math.IsInf(v, 0), "values", "trace.report.values")
	}
}

func (p Paper) check(w *fault.Form) {
	w.Need(slices.Contains(schemes, p.Scheme), "scheme", "trace.paper.scheme")
	w.Need(p.Number != "" && shortText(p.Number, 60), "number", "trace.field.required")
	w.Need(p.Issuer != "" && shortText(p.Issuer, 120), "issuer", "trace.field.required")
	w.Need(shortText(p.Holder, 120), "holder", "trace.field.text")
	w.Need(!p.From.IsZero() && !p.To.Before(p.From), "to", "trace.paper.dates")
	w.Need(p.Revoked == nil || !p.Revoked.Before(p.From), "revoked", "trace.paper.dates")
}

// addReport appends a laboratory report; one with the same number and
// laboratory changes nothing.
func (l *Lot) addReport(r Report, now time.Time) error {
	w := fault.NewForm("trace.report.invalid")
	r.check(w, now)
	if err := w.Result(); err != nil {
		return err
	}
	if slices.ContainsFunc(l.Quality, func(x Report) bool { return x.Number == r.Number && x.Lab == r.Lab }) {
		return errUnchanged
	}
	if len(l.Quality) >= maxPapers {
		return fault.New(fault.Conflict, "trace.paper.too_many").With("Max", maxPapers)
	}
	r.On, r.ValidTo = stamp(r.On), stamp(r.ValidTo)
	l.Quality = append(slices.Clip(l.Quality), r)
	l.touch(now)
	return nil
}

// addPaper adds a certificate, or replaces the one with the same scheme and
// number: so a revocation is recorded.
func (l *Lot) addPaper(p Paper, now time.Time) error {
	w := fault.NewForm("trace.paper.invalid")
	p.check(w)
	if err := w.Result(); err != nil {
		return err
	}
	p.From, p.To = stamp(p.From), stamp(p.To)
	papers := slices.Clone(l.Papers)
	if i := slices.IndexFunc(papers, func(x Paper) bool { return x.Scheme == p.Scheme && x.Number == p.Number }); i >= 0 {
		papers[i] = p
	} else if len(papers) >= maxPapers {
		return fault.New(fault.Conflict, "trace.paper.too_many").With("Max", maxPapers)
	} else {
		papers = append(papers, p)
	}
	l.Papers = papers
	l.touch(now)
	return nil
}

// callBack recalls the lot, once: a second recall changes nothing.
func (l *Lot) callBack(r Recall, now time.Time) error {
	if l.Recall != nil {
		return errUnchanged
	}
	w := fault.NewForm("trace.recall.invalid")
	w.Need(r.Reason.Vi != "", "reason", "trace.recall.reason")
	w.Need(r.Advice.Vi != "", "advice", "trace.recall.advice")
	w.Need(r.By != "", "by", "trace.field.required")
	w.Need(!r.At.After(now), "at", "trace.field.future")
	if err := w.Result(); err != nil {
		return err
	}
	if r.At.IsZero() {
		r.At = now
	}
	r.At = stamp(r.At)
	l.Recall = &r
	l.touch(now)
	return nil
}
