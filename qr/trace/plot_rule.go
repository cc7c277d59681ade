package trace

import (
	"math"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/app/place"
)

// polygonAboveHa is the area from which a point no longer stands for a plot
// (Regulation (EU) 2023/1115 and its file description).
const polygonAboveHa = 4

// Stated areas come from land papers, outlines from walking: they may differ by
// this share, or by minAreaSlackHa on very small plots. Both are ours.
const (
	areaSlack      = 0.15
	minAreaSlackHa = 0.03
)

// Validate reports everything wrong with the plot as one fault.Invalid
// "trace.plot.invalid" with its fields.
func (p Plot) Validate(now time.Time) error {
	w := fault.NewForm("trace.plot.invalid")
	w.Need(p.ID != "", "id", "trace.field.required")
	w.Need(p.Producer != "", "producer", "trace.field.required")
	w.Need(len(p.Code) <= 40 && gs1.InSet82(p.Code), "code", "trace.plot.code")
	w.Need(p.AreaHa >= 0.0001 && p.AreaHa <= 1000, "areaHa", "trace.plot.area_range")
	w.Need(p.AltitudeM == 0 || p.AltitudeM >= 50 && p.AltitudeM <= 3000, "altitudeM", "trace.plot.altitude")
	w.Need(p.Species == Arabica || p.Species == Robusta, "species", "trace.plot.species")
	w.Need(p.Planted == 0 || p.Planted >= 1900 && p.Planted <= now.In(lang.Zone).Year(), "planted", "trace.plot.planted")
	w.Need(shortText(p.PUC, 60), "puc", "trace.field.text")
	w.Need(len(p.Varieties) <= 10, "varieties", "trace.plot.varieties")
	for _, v := range p.Varieties {
		w.Need(strings.TrimSpace(v) != "" && shortText(v, 60), "varieties", "trace.plot.varieties")
	}
	p.checkGround(w)
	checkCommune(w, p.Commune, p.OldCommune)
	return w.Result()
}

// checkGround holds outline, point and stated area against one another.
func (p Plot) checkGround(w *fault.Form) {
	switch {
	case len(p.Ring) > 0:
		if code := ringFault(p.Ring); code != "" {
			w.Need(false, "ring", code)
			return
		}
		slack := math.Max(p.AreaHa*areaSlack, minAreaSlackHa)
		w.Need(math.Abs(ringHectares(p.Ring)-p.AreaHa) <= slack, "areaHa", "trace.plot.area_differs")
	case p.AreaHa > polygonAboveHa:
		w.Need(false, "ring", "trace.plot.polygon_needed")
	case p.Point == nil:
		w.Need(false, "point", "trace.plot.where")
	}
	w.Need(p.Point == nil || nearProvince(*p.Point), "point", "trace.plot.far_away")
}

// checkCommune wants a commune of today and, where an old one is given, one
// that today's was made from.
func checkCommune(w *fault.Form, code, old string) {
	_, known := place.ByCode(code)
	w.Need(known, "commune", "trace.commune.unknown")
	if old == "" {
		return
	}
	o, known := place.Old(old)
	w.Need(known, "oldCommune", "trace.commune.old_unknown")
	w.Need(!known || o.New == code, "oldCommune", "trace.commune.old_elsewhere")
}

// Warnings lists message keys of what looks wrong but may be right, for the
// person who records the plot: none of them refuses it.
func (p Plot) Warnings() []string {
	var keys []string
	if p.PUC != "" && !PUCLooksUsual(p.PUC) {
		keys = append(keys, "trace.plot.puc_unusual")
	}
	if c, ok := p.centre(); ok {
		if at, ok := place.At(c); ok && at.Code != p.Commune {
			keys = append(keys, "trace.plot.other_commune")
		}
	}
	if p.OldCommune == "" {
		keys = append(keys, "trace.plot.old_missing")
	}
	return keys
}

// Decision 3156/QĐ-BNN-TT (2022): VN-province-district-commune-number-year. Districts
// ended on 1 July 2025 and no new format was found, so both are usual.
var pucPattern = regexp.MustCompile(`^VN-\d{2}(-\d{3})?-\d{5}-\d{2,4}-\d{2}$`)

// PUCLooksUsual reports whether a growing-area code has the domestic pattern.
// Export codes have others, so this is a reason to warn and never to refuse.
func PUCLooksUsual(puc string) bool { return pucPattern.MatchString(puc) }

// shortText reports whether s is at most n characters of UTF-8 without control characters.
func shortText(s string, n int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= n && strings.IndexFunc(s, unicode.IsControl) < 0
}
