package qr

import (
	"strings"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/lang"
)

// fieldNames are the words people put before a value, folded.
var fieldNames = map[string]string{
	"gtin": "01", "ma hang": "01", "ma san pham": "01", "ma vach": "01", "barcode": "01", "ean": "01", "01": "01",
	"lo": "10", "so lo": "10", "ma lo": "10", "lot": "10", "batch": "10", "lot no": "10", "lo/lot": "10", "10": "10",
	"serial": "21", "seri": "21", "se-ri": "21", "so se-ri": "21", "so seri": "21", "so serial": "21", "s/n": "21", "ma goi": "21", "ma": "21", "code": "21", "ma/code": "21", "21": "21",
	"dong goi": ignored, "ngay dong goi": ignored, "packed": ignored, "dong goi/packed": ignored, "nsx": ignored, "hsd": ignored,
}

// ignored is the field of what the label says beside the code.
const ignored = "-"

// readWords reads values separated by blanks, commas or slashes.
func readWords(s string) (typed, error) {
	var t typed
	words := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,;|·•", r) })
	words = splitSlashes(words)
	values := map[string][]string{}
	field := ""
	for i := 0; i < len(words); {
		value := words[i]
		if ai, n, rest := fieldName(words[i:]); n > 0 {
			field, value = ai, rest
			i += n - 1
		}
		i++
		if value == "" {
			continue
		}
		values[field] = append(values[field], value)
		if field == "10" || field == ignored {
			field = "" // one word each; a GTIN and a serial may be written in groups
		}
	}
	if err := t.takeGTIN(values); err != nil {
		return t, err
	}
	t.link.Lot = strings.Join(values["10"], "")
	t.link.Serial = tidySerial(strings.Join(values["21"], ""))
	t.rest = append(t.rest, values[""]...)
	if len(t.rest) == 0 && t.link.Lot+t.link.Serial == "" && t.link.GTIN == "" {
		return t, fault.New(fault.Invalid, "qr.typed.empty")
	}
	return t, nil
}

// splitSlashes takes "GTIN/LOT/SERIAL" apart; a lot may hold slashes, so other
// words keep theirs.
func splitSlashes(words []string) []string {
	var all []string
	for _, w := range words {
		head, _, _ := strings.Cut(w, "/")
		if _, ok := gs1.GTIN14(head); ok {
			all = append(all, strings.FieldsFunc(w, func(r rune) bool { return r == '/' })...)
			continue
		}
		all = append(all, strings.Trim(w, "/"))
	}
	return all
}

// fieldName recognises a word or two that name a field, and a value glued to
// them by a colon ("Lô:SL-1"). A bare word that is only digits, or one that
// is followed by nothing, is a value.
func fieldName(words []string) (ai string, n int, rest string) {
	for n := min(3, len(words)); n > 0; n-- {
		last := words[n-1]
		name, glued, colon := strings.Cut(last, ":")
		phrase := lang.Fold(strings.TrimRight(strings.Join(append(append([]string{}, words[:n-1]...), name), " "), ".#º°"))
		ai, ok := fieldNames[phrase]
		if ok && (colon || n < len(words) && !allDigits(phrase)) {
			return ai, n, glued
		}
	}
	return "", 0, ""
}

// takeGTIN finds the GTIN: as many words of digits, of the named ones or else of
// those in front, as make the longest right one. Words behind it are left over.
func (t *typed) takeGTIN(values map[string][]string) error {
	named := len(values["01"]) > 0
	words, used, digits := append(values["01"], values[""]...), 0, ""
	for i, w := range words {
		digits += strings.ReplaceAll(w, "-", "")
		if !allDigits(digits) || len(digits) > 14 {
			break
		}
		if full, ok := gs1.GTIN14(digits); ok {
			t.link.GTIN, used = full, i+1
		}
	}
	if used > 0 {
		values[""] = words[used:]
		return nil
	}
	if named {
		return wrongGTIN(strings.Join(values["01"], ""))
	}
	if len(words) > 0 {
		if d := strings.ReplaceAll(words[0], "-", ""); allDigits(d) && (len(d) == 13 || len(d) == 14) {
			return wrongGTIN(d)
		}
	}
	return nil
}

func wrongGTIN(s string) error {
	return fault.New(fault.Invalid, "qr.typed.gtin").With("GTIN", excerpt(s))
}
