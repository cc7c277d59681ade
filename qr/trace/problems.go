package trace

import "nguon/app/fault"

// problems gathers what is wrong with the fields of an input, so that a form
// can show everything at once.
type problems struct{ err *fault.Error }

func checking(code string) *problems { return &problems{fault.New(fault.Invalid, code)} }

// must records code against field unless ok.
func (p *problems) must(ok bool, field, code string) {
	if !ok {
		p.err = p.err.Field(field, code)
	}
}

// found is nil when nothing was recorded.
func (p *problems) found() error {
	if len(p.err.Fields) == 0 {
		return nil
	}
	return p.err
}
