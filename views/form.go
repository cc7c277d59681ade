package views

import (
	"bytes"
	"context"
	"io"

	"github.com/a-h/templ"

	"nguon/app/fault"
)

// Form is what was typed into a form and what is wrong with it.
type Form struct {
	Values map[string]string // as typed, by field; a ticked box holds "on"
	Err    *fault.Error      // nil before the first try
}

// Get is what stands in a field.
func (f Form) Get(name string) string { return f.Values[name] }

// wrong words what is wrong with a field, "" when nothing is.
func (f Form) wrong(b Base, name string) string {
	if f.Err == nil {
		return ""
	}
	for _, w := range f.Err.Fields {
		if w.Name == name {
			return b.Lang.Map(w.Code, f.Err.Args)
		}
	}
	return ""
}

// says words an error that belongs to no field.
func (f Form) says(b Base) string {
	if f.Err == nil {
		return ""
	}
	return problemWords(b.Lang, f.Err)
}

// field is one input of a form. Label and Hint are worded.
type field struct {
	Name, Label, Hint string
	In                string // what the label belongs to, where several fields bear it
	Type              string // of the input, "text" when empty; "area" for several lines
	Auto              string // autocomplete
	Mode              string // inputmode
	Rows              int
	Optional          bool
	Max               int // maxlength, 0 for none
}

func (f field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// describedBy names what a screen reader says beside a field.
func (f field) describedBy(problem string) string {
	s := ""
	if problem != "" {
		s = f.Name + "-error"
	}
	if f.Hint != "" {
		if s != "" {
			s += " "
		}
		s += f.Name + "-hint"
	}
	return s
}

// choice is one entry of a menu.
type choice struct{ Value, Text string }

// aria are the attributes that tie a field to its notes.
func (f field) aria(problem string) templ.Attributes {
	a := templ.Attributes{}
	if by := f.describedBy(problem); by != "" {
		a["aria-describedby"] = by
	}
	if problem != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

type namedKey struct{}

// noteName notes what a field is called, for the summary above the form.
func noteName(ctx context.Context, d field) {
	if named, ok := ctx.Value(namedKey{}).(map[string]string); ok {
		named[d.Name] = lineOf(d.In, d.Label)
	}
}

// lineOf joins what a line is about and what it says.
func lineOf(about, says string) string {
	if about == "" || says == "" {
		return about + says
	}
	return about + ": " + says
}

// underProblem puts the summary of what is wrong above a page's forms. They
// are rendered first, since they know what their fields are called.
func underProblem(b Base, f Form) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		forms := templ.GetChildren(ctx)
		ctx = templ.ClearChildren(ctx)
		if f.Err == nil {
			return forms.Render(ctx, w)
		}
		named := map[string]string{}
		var below bytes.Buffer
		if err := forms.Render(context.WithValue(ctx, namedKey{}, named), &below); err != nil {
			return err
		}
		if err := formProblem(b, f, named).Render(ctx, w); err != nil {
			return err
		}
		_, err := below.WriteTo(w)
		return err
	})
}
