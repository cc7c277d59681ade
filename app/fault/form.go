package fault

import "slices"

// Form collects the wrong fields of one form or record, so that all of them
// are told at once.
type Form struct{ err *Error }

// NewForm begins a form whose error, if it comes to one, is Invalid with a code.
func NewForm(code string) *Form { return &Form{New(Invalid, code)} }

// Need notes what is wrong with a field unless ok.
func (f *Form) Need(ok bool, field, code string) {
	if !ok {
		f.err = f.err.Field(field, code)
	}
}

// Wrong notes the code of what is wrong with a field; "" is nothing.
func (f *Form) Wrong(field, code string) { f.Need(code == "", field, code) }

// With gives the messages an argument.
func (f *Form) With(name string, value any) { f.err = f.err.With(name, value) }

// Result is the error, nil when no field is wrong.
func (f *Form) Result() error {
	if len(f.err.Fields) == 0 {
		return nil
	}
	return f.err
}

// Join makes one error of several forms': the first, with the fields of all. Of a
// field that several name, the first word counts. Nil ones are left out.
func Join(errs ...error) error {
	var all *Error
	for _, err := range errs {
		e := As(err)
		switch {
		case e == nil:
		case all == nil:
			all = e
		default:
			said := all.Fields
			for _, f := range e.Fields {
				if !slices.ContainsFunc(said, func(o Field) bool { return o.Name == f.Name }) {
					all = all.Field(f.Name, f.Code)
				}
			}
		}
	}
	if all == nil {
		return nil
	}
	return all
}
