package handlers

import (
	"time"

	"nguon/app/lang"
	"nguon/app/place"
	"nguon/qr"
	"nguon/qr/gi"
	"nguon/qr/trace"
)

// The answer of /api/v1/trace, as handlers/openapi.yaml declares it; a test
// holds the two against each other. It is built from projections only, so
// that no name, photo or outline stands in it that a person did not allow.
type (
	traceAnswer struct {
		GTIN         string        `json:"gtin"`
		Lot          string        `json:"lot"`
		Serial       string        `json:"serial,omitempty"`
		Verdict      qr.State      `json:"verdict"`
		Demo         bool          `json:"demo"`
		GI           *giAnswer     `json:"gi,omitempty"`
		Product      *itemAnswer   `json:"product,omitempty"`
		Producer     *makerAnswer  `json:"producer,omitempty"`
		Season       string        `json:"season,omitempty"`
		PackedOn     *time.Time    `json:"packedOn,omitempty"`
		Plots        []plotAnswer  `json:"plots"`
		Steps        []stepAnswer  `json:"steps"`
		Balance      *bookAnswer   `json:"balance,omitempty"`
		Certificates []paperAnswer `json:"certificates"`
		Quality      []labAnswer   `json:"quality"`
		Scans        *scanAnswer   `json:"scans,omitempty"`
		Recall       *recallAnswer `json:"recall,omitempty"`
		Voided       *voidAnswer   `json:"voided,omitempty"`
	}

	giAnswer struct {
		judged
		Today judged `json:"today"`
	}
	judged struct {
		Result gi.Result `json:"result"`
		AsOf   time.Time `json:"asOf"`
		Tests  []gi.Test `json:"tests"`
	}
	itemAnswer struct {
		Name      string `json:"name"`
		NameEn    string `json:"nameEn,omitempty"`
		URL       string `json:"url"`
		Kind      string `json:"kind"`
		Species   string `json:"species,omitempty"`
		Roast     string `json:"roast,omitempty"`
		Process   string `json:"process,omitempty"`
		Grind     string `json:"grind,omitempty"`
		NetGrams  int64  `json:"netGrams"`
		OCOPStars int    `json:"ocopStars"`
	}
	makerAnswer struct {
		ID      string        `json:"id"`
		Name    string        `json:"name"`
		URL     string        `json:"url"`
		Commune communeAnswer `json:"commune"`
	}
	communeAnswer struct {
		Code string `json:"code"`
		Name string `json:"name"`
	}
	plotAnswer struct {
		Code       string        `json:"code"`
		Commune    communeAnswer `json:"commune"`
		OldCommune string        `json:"oldCommune,omitempty"`
		Near       place.Point   `json:"near"`
		Ring       []place.Point `json:"ring,omitempty"`
		Farmer     string        `json:"farmer,omitempty"`
		AreaHa     float64       `json:"areaHa"`
		AltitudeM  int           `json:"altitudeM,omitempty"`
		Species    string        `json:"species"`
		Varieties  []string      `json:"varieties"`
		Planted    int           `json:"planted,omitempty"`
		PUC        string        `json:"puc,omitempty"`
	}
	stepAnswer struct {
		Seq       int           `json:"seq"`
		Kind      string        `json:"kind"`
		At        time.Time     `json:"at"`
		Until     *time.Time    `json:"until,omitempty"`
		Facility  string        `json:"facility,omitempty"`
		Commune   communeAnswer `json:"commune"`
		InForm    string        `json:"inForm,omitempty"`
		OutForm   string        `json:"outForm,omitempty"`
		InGrams   int64         `json:"inGrams"`
		OutGrams  int64         `json:"outGrams"`
		Detail    string        `json:"detail,omitempty"`
		Corrected bool          `json:"corrected"`
		Reason    string        `json:"reason,omitempty"`
		Hash      string        `json:"hash"`
	}
	bookAnswer struct {
		OK             bool          `json:"ok"`
		PackableGrams  int64         `json:"packableGrams"`
		CommittedGrams int64         `json:"committedGrams"`
		ChainHead      string        `json:"chainHead"`
		ChainValid     bool          `json:"chainValid"`
		Checks         []checkAnswer `json:"checks"`
	}
	checkAnswer struct {
		Seq   int     `json:"seq"`
		Code  string  `json:"code"`
		Ratio float64 `json:"ratio"`
		Min   float64 `json:"min"`
		Max   float64 `json:"max"`
		OK    bool    `json:"ok"`
	}
	paperAnswer struct {
		Scheme  string     `json:"scheme"`
		Number  string     `json:"number"`
		Issuer  string     `json:"issuer"`
		Holder  string     `json:"holder,omitempty"`
		From    time.Time  `json:"from"`
		To      time.Time  `json:"to"`
		Revoked *time.Time `json:"revoked,omitempty"`
	}
	labAnswer struct {
		Number    string             `json:"number"`
		Lab       string             `json:"lab"`
		On        time.Time          `json:"on"`
		ValidTo   *time.Time         `json:"validTo,omitempty"`
		Values    map[string]float64 `json:"values"`
		CupPoints float64            `json:"cupPoints,omitempty"`
	}
	scanAnswer struct {
		First *time.Time `json:"first"`
		Count int64      `json:"count"`
	}
	recallAnswer struct {
		At     time.Time `json:"at"`
		Reason lang.Text `json:"reason"`
		Advice lang.Text `json:"advice"`
	}
	voidAnswer struct {
		At     time.Time `json:"at"`
		Reason string    `json:"reason"`
	}
)

// newTraceAnswer projects what was found out about a code.
func newTraceAnswer(t qr.Trace, base string) traceAnswer {
	a := traceAnswer{GTIN: t.GTIN, Lot: t.Lot, Serial: t.Serial, Verdict: t.State, Demo: t.Demo,
		Plots: []plotAnswer{}, Steps: []stepAnswer{}, Certificates: []paperAnswer{}, Quality: []labAnswer{}}
	if r := t.Run; r != nil {
		a.Scans = &scanAnswer{orNull(t.Scans.First), t.Scans.Count}
		if r.Voided != nil {
			a.Voided = &voidAnswer{*r.Voided, r.Reason}
		}
	}
	if t.LotData == nil {
		return a
	}
	p := t.Product
	a.Product = &itemAnswer{p.Name, p.NameEn, base + p.Path(), p.Kind, p.Species, p.Roast, p.Process, p.Grind, p.NetGrams, p.Stars}
	a.Producer = &makerAnswer{p.Producer, p.ProducerName, base + "/producers/" + p.ProducerSlug, newCommune(p.Commune)}
	if t.GI != nil {
		a.GI = &giAnswer{newJudged(t.GI.Shown()), newJudged(t.GI.Today)}
	}
	a.lot(*t.LotData)
	return a
}

func (a *traceAnswer) lot(l trace.PublicLot) {
	a.Season, a.PackedOn = l.Season, l.PackedOn
	for _, p := range l.Plots {
		a.Plots = append(a.Plots, plotAnswer{p.Code, newCommune(p.Commune), p.OldCommune, p.Near, p.Ring, p.Farmer, p.AreaHa,
			p.AltitudeM, string(p.Species), append([]string{}, p.Varieties...), p.Planted, p.PUC})
	}
	for _, s := range l.Steps {
		a.Steps = append(a.Steps, stepAnswer{s.Seq, string(s.Kind), s.At, orNull(s.Until), s.Facility, newCommune(s.Commune),
			string(s.InForm), string(s.OutForm), s.InGrams, s.OutGrams, s.Detail, s.Corrected, s.Reason, s.Hash})
	}
	b := l.Balance
	a.Balance = &bookAnswer{b.OK, b.PackableGrams, b.CommittedGrams, l.ChainHead, l.ChainValid, []checkAnswer{}}
	for _, c := range b.Checks {
		a.Balance.Checks = append(a.Balance.Checks, checkAnswer{c.Seq, c.Code, c.Ratio, c.Min, c.Max, c.OK})
	}
	for _, p := range l.Papers {
		a.Certificates = append(a.Certificates, paperAnswer{p.Scheme, p.Number, p.Issuer, p.Holder, p.From, p.To, p.Revoked})
	}
	for _, r := range l.Quality {
		a.Quality = append(a.Quality, labAnswer{r.Number, r.Lab, r.On, orNull(r.ValidTo), r.Values, r.CupPoints})
	}
	if l.Recall != nil {
		a.Recall = &recallAnswer{l.Recall.At, l.Recall.Reason, l.Recall.Advice}
	}
}

func newJudged(v gi.Verdict) judged {
	tests := v.Tests
	for i := range tests {
		tests[i].Evidence = append([]gi.Evidence{}, tests[i].Evidence...)
	}
	return judged{v.Result, v.AsOf, tests[:]}
}

func newCommune(code string) communeAnswer {
	c, _ := place.ByCode(code)
	return communeAnswer{code, c.FullName}
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
