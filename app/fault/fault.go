// Package fault is the error vocabulary of the program: a kind that decides
// the HTTP status, a stable code that is also the message key, the fields of a
// form that are wrong, and a cause that never leaves the building.
package fault

import (
	"context"
	"errors"
	"fmt"
)

// Kind sorts an error by what the caller can do about it. The zero value is
// Internal, so an error that nobody classified is never shown to a visitor.
type Kind uint8

// The kinds; handlers/errors.go holds the only table that maps them to HTTP.
const (
	Internal Kind = iota
	Invalid
	Unauthenticated
	Forbidden
	NotFound
	Gone
	Conflict
	TooMany
	Unavailable
)

var kindNames = [...]string{"internal", "invalid", "unauthenticated", "forbidden",
	"not_found", "gone", "conflict", "too_many", "unavailable"}

func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "internal"
}

// Field is one wrong field of a form: its name and the message key of what is
// wrong with it.
type Field struct{ Name, Code string }

// Error is what every service returns. Code is a stable, dotted, lower-case
// name ("qr.link.check_digit") and the key of the message shown to people;
// Args fill the placeholders of that message and may be shown too.
type Error struct {
	Kind   Kind
	Code   string
	Fields []Field
	Args   map[string]any
	cause  error
}

// New makes an error without a cause.
func New(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// Wrap makes an error that keeps its cause for the log and for errors.Is.
func Wrap(kind Kind, code string, cause error) *Error {
	return &Error{Kind: kind, Code: code, cause: cause}
}

// With returns a copy that carries one more message argument.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Args = make(map[string]any, len(e.Args)+1)
	for k, v := range e.Args {
		c.Args[k] = v
	}
	c.Args[name] = value
	return &c
}

// Field returns a copy that names one more wrong form field.
func (e *Error) Field(name, code string) *Error {
	c := *e
	c.Fields = append(append([]Field(nil), e.Fields...), Field{name, code})
	return &c
}

// Error is for logs: kind, code and cause. It is never shown to visitors.
func (e *Error) Error() string {
	s := e.Kind.String() + " " + e.Code
	for _, f := range e.Fields {
		s += " " + f.Name + "=" + f.Code
	}
	if len(e.Args) > 0 {
		s += fmt.Sprintf(" %v", e.Args)
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.cause }

// As finds the first *Error in err's chain. A context that ended without a
// classified error counts as Unavailable; anything else, as Internal with the
// code "internal". It returns nil for nil.
func As(err error) *Error {
	if err == nil {
		return nil
	}
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return Wrap(Unavailable, "unavailable", err)
	}
	return Wrap(Internal, "internal", err)
}

// KindOf is As(err).Kind; nil is Internal, so ask only about real errors.
func KindOf(err error) Kind {
	if e := As(err); e != nil {
		return e.Kind
	}
	return Internal
}

// CodeOf is As(err).Code, or "" for nil.
func CodeOf(err error) string {
	if e := As(err); e != nil {
		return e.Code
	}
	return ""
}

// Is reports whether err is a classified error of the given kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
