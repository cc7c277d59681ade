package gi

import (
	"time"

	"nguon/app/lang"
)

// Term is a message key given as an argument of evidence, so that it is
// written in the reader's language.
type Term string

// In is the message itself.
func (t Term) In(l lang.Lang) string { return l.T(string(t)) }

// Text is the evidence as a sentence: dates, numbers and terms are written in
// the language.
func (e Evidence) Text(l lang.Lang) string {
	args := make(map[string]any, len(e.Args))
	for name, v := range e.Args {
		switch v := v.(type) {
		case time.Time:
			args[name] = l.Date(v)
		case int:
			args[name] = l.Int(int64(v))
		case float64:
			args[name] = l.Num(v, 3)
		case interface{ In(lang.Lang) string }:
			args[name] = v.In(l)
		default:
			args[name] = v
		}
	}
	return l.Map(e.Code, args)
}

// evidence makes one fact; args are pairs of placeholder and value.
func evidence(res Result, code string, args ...any) Evidence {
	e := Evidence{Result: res, Code: "gi.evidence." + code, Args: make(map[string]any, len(args)/2)}
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			e.Args[name] = args[i+1]
		}
	}
	return e
}

func (t *Test) add(res Result, code string, args ...any) {
	t.Evidence = append(t.Evidence, evidence(res, code, args...))
}

// close draws the result from the evidence: one failure fails, else one gap
// leaves it open. Nothing at all proves nothing.
func (t Test) close() Test {
	t.Result = Undetermined
	if len(t.Evidence) > 0 {
		t.Result = Pass
	}
	for _, e := range t.Evidence {
		t.Result = worse(t.Result, e.Result)
	}
	return t
}

func worse(a, b Result) Result {
	if a == Fail || b == Fail {
		return Fail
	}
	if a == Undetermined || b == Undetermined {
		return Undetermined
	}
	return Pass
}
