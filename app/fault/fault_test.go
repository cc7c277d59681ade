package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestAs(t *testing.T) {
	gone := New(Gone, "x.gone")
	for _, tt := range []struct {
		name string
		err  error
		kind Kind
		code string
	}{
		{"itself", gone, Gone, "x.gone"},
		{"wrapped", fmt.Errorf("reading: %w", gone), Gone, "x.gone"},
		{"around another", Wrap(Unavailable, "x.off", gone), Unavailable, "x.off"},
		{"joined", errors.Join(io.EOF, gone), Gone, "x.gone"},
		{"a deadline", fmt.Errorf("reading: %w", context.DeadlineExceeded), Unavailable, "unavailable"},
		{"cancelled", context.Canceled, Unavailable, "unavailable"},
		{"a deadline with a kind", Wrap(Invalid, "x.bad", context.DeadlineExceeded), Invalid, "x.bad"},
		{"anything else", io.ErrUnexpectedEOF, Internal, "internal"},
	} {
		if KindOf(tt.err) != tt.kind || CodeOf(tt.err) != tt.code || !Is(tt.err, tt.kind) {
			t.Errorf("%s is %v %q", tt.name, KindOf(tt.err), CodeOf(tt.err))
		}
	}
	if As(nil) != nil || CodeOf(nil) != "" || Is(nil, Internal) {
		t.Error("no error is an error")
	}
}

// An error may be a package variable: what is added to it stays with the copy.
func TestCopies(t *testing.T) {
	base := New(Invalid, "x.bad").With("A", 1).Field("name", "x.empty")
	_ = base.With("B", 2).With("A", 3)
	_ = base.Field("other", "x.long")
	if len(base.Args) != 1 || base.Args["A"] != 1 || len(base.Fields) != 1 {
		t.Errorf("the original changed: %+v", base)
	}
	cause := io.ErrClosedPipe
	if err := Wrap(Unavailable, "x.off", cause).With("A", 1); !errors.Is(err, cause) {
		t.Error("the cause was lost")
	}
}

func TestErrorIsForTheLog(t *testing.T) {
	err := Wrap(Conflict, "x.taken", io.EOF).With("ID", "7").Field("slug", "x.used")
	for _, part := range []string{"conflict", "x.taken", "slug=x.used", "7", "EOF"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not name %q", err, part)
		}
	}
	if Kind(99).String() != "internal" || TooMany.String() != "too_many" {
		t.Error("kinds are misnamed")
	}
}

func TestForm(t *testing.T) {
	f := NewForm("order.incomplete")
	f.Need(true, "name", "missing")
	f.Wrong("phone", "")
	if err := f.Result(); err != nil {
		t.Fatalf("nothing is wrong: %v", err)
	}
	f.Need(false, "name", "missing")
	f.Wrong("phone", "short")
	f.With("Most", 3)
	e := As(f.Result())
	want := []Field{{Name: "name", Code: "missing"}, {Name: "phone", Code: "short"}}
	if e.Kind != Invalid || e.Code != "order.incomplete" || !slices.Equal(e.Fields, want) || e.Args["Most"] != 3 {
		t.Errorf("%v", e)
	}
}

func TestFormsAreJoined(t *testing.T) {
	one, two := NewForm("one"), NewForm("two")
	one.Wrong("a", "x")
	two.Wrong("a", "y")
	two.Wrong("b", "z")
	for name, tt := range map[string]struct {
		err  error
		want string
	}{
		"nothing":     {Join(nil, NewForm("one").Result()), "<nil>"},
		"one":         {Join(nil, two.Result()), "invalid two a=y b=z"},
		"both":        {Join(one.Result(), nil, two.Result()), "invalid one a=x b=z"},
		"other way":   {Join(two.Result(), one.Result()), "invalid two a=y b=z"},
		"not of ours": {Join(io.EOF), "internal internal: EOF"},
	} {
		if got := fmt.Sprint(tt.err); got != tt.want {
			t.Errorf("%s: %s, want %s", name, got, tt.want)
		}
	}
}
