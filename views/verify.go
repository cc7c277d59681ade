package views

import (
	"github.com/a-h/templ"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/qr"
)

// Component renders the page.
func (p VerifyPage) Component() templ.Component {
	p.Base = p.named(p.T("verify.title"), p.T("verify.description"))
	if p.Err != nil {
		p.Title = p.T("verify.title.problem")
		p.NoIndex = true
	}
	return p.page()
}

// message is what went wrong: the field's own message where there is one.
func (p VerifyPage) message() string {
	for _, f := range p.Err.Fields {
		if p.Lang.Has(f.Code) {
			return p.Lang.Map(f.Code, shown(p.Lang, p.Err.Args))
		}
	}
	return faultText(p.Lang, p.Err)
}

func (p VerifyPage) fieldError() string {
	if p.Err == nil {
		return ""
	}
	return p.message()
}

// answers are the verdicts that the page explains, best first.
func (p VerifyPage) answers() []qr.State {
	return []qr.State{qr.Genuine, qr.Suspicious, qr.Recalled, qr.Void, qr.Forged}
}

// faultText is the message of an error in a language. A code without a message
// is an error of ours and reads so.
func faultText(l lang.Lang, e *fault.Error) string {
	if e.Kind == fault.Internal || !l.Has(e.Code) {
		return l.T("error.internal")
	}
	return l.Map(e.Code, shown(l, e.Args))
}

// shown writes numbers among the arguments as the language does.
func shown(l lang.Lang, args map[string]any) map[string]any {
	m := make(map[string]any, len(args))
	for k, v := range args {
		switch v := v.(type) {
		case int:
			m[k] = l.Int(int64(v))
		case int64:
			m[k] = l.Int(v)
		default:
			m[k] = v
		}
	}
	return m
}

// problemWords words an error. A long wait reads in minutes.
func problemWords(l lang.Lang, e *fault.Error) string {
	if s, ok := e.Args["Seconds"].(int64); ok && s > 90 && l.Has(e.Code+".minutes") {
		return l.T(e.Code+".minutes", "Minutes", l.Int((s+59)/60))
	}
	return l.Map(e.Code, shown(l, e.Args))
}
