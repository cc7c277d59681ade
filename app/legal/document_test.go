package legal

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store"
)

var noon = time.Date(2026, 12, 1, 5, 0, 0, 123_456_789, time.UTC)

func both(s string) lang.Text { return lang.Text{Vi: "vi " + s, En: "en " + s} }

func (d *document) must(t *testing.T, e edit) {
	t.Helper()
	if err := d.apply(e); err != nil {
		t.Fatal(err)
	}
}

func TestApply(t *testing.T) {
	tests := map[string]struct {
		edit edit
		code string
		rev  int // afterwards
	}{
		"the next":                           {edit{"lan", 2, both("c"), noon}, "", 3},
		"nothing changed":                    {edit{"lan", 2, both("b"), noon}, "", 2},
		"the same again":                     {edit{"minh", 1, both("b"), noon.Add(time.Second)}, "", 2},
		"the same words of somebody else":    {edit{"lan", 1, both("b"), noon}, "legal.stale", 2},
		"one language differs":               {edit{"minh", 1, lang.Text{Vi: "vi b", En: "en c"}, noon}, "legal.stale", 2},
		"stale":                              {edit{"lan", 1, both("c"), noon}, "legal.stale", 2},
		"of the default":                     {edit{"lan", 0, both("c"), noon}, "legal.stale", 2},
		"ahead":                              {edit{"lan", 3, both("c"), noon}, "legal.stale", 2},
		"below":                              {edit{"lan", -1, both("c"), noon}, "legal.stale", 2},
		"back to an earlier text":            {edit{"lan", 2, both("a"), noon}, "", 3},
		"an earlier text by an old revision": {edit{"lan", 0, both("a"), noon}, "legal.stale", 2},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := document{ID: Terms}
			d.must(t, edit{"lan", 0, both("a"), noon})
			d.must(t, edit{"minh", 1, both("b"), noon})
			if err := d.apply(tt.edit); fault.CodeOf(err) != tt.code {
				t.Errorf("got %v, want %q", err, tt.code)
			}
			if d.Rev != tt.rev || d.last().Number != tt.rev || len(d.Revisions) != tt.rev || len(d.Pending) != tt.rev {
				t.Errorf("revision %d, %d kept, %d effects; want %d", d.Rev, len(d.Revisions), len(d.Pending), tt.rev)
			}
		})
	}
}

func TestApplyPostsAnEntry(t *testing.T) {
	d := document{ID: Privacy}
	d.must(t, edit{"lan", 0, lang.Text{Vi: "Đủ", En: "Enough"}, noon})
	e := d.Pending[0]
	got := fmt.Sprintf("%s %s %s %s %v %v", e.ID, e.Entry.Action, e.Entry.Object, e.Entry.By, e.Entry.Before, e.Entry.After)
	if want := "text:privacy:1 text.edit text:privacy lan [] [{rev 1} {vi 2} {en 6}]"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if at := store.Stamp(noon); !e.Entry.At.Equal(at) || !d.last().At.Equal(at) {
		t.Errorf("at %v and %v, not %v", e.Entry.At, d.last().At, at)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	long := strings.Repeat("𐐀", MaxText-8) // four bytes each
	tests := map[string]struct {
		body  string
		edits int
		want  int
	}{
		"few":          {"a", 5, 5},
		"as many":      {"a", maxRevisions, maxRevisions},
		"many":         {"a", maxRevisions + 7, maxRevisions},
		"the longest":  {long, 6, 2},
		"the only one": {long, 1, 1},
		"long":         {strings.Repeat("ạ", MaxText/8), 60, 29},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := document{ID: Terms}
			for i := range tt.edits {
				d.must(t, edit{"lan", i, both(tt.body + fmt.Sprint(i)), noon})
			}
			if len(d.Revisions) != tt.want || d.last().Number != tt.edits {
				t.Errorf("%d revisions to %d, want %d to %d", len(d.Revisions), d.last().Number, tt.want, tt.edits)
			}
			if !slices.IsSortedFunc(d.Revisions, func(a, b Revision) int { return a.Number - b.Number }) {
				t.Error("out of order")
			}
			raw, err := bson.Marshal(d)
			if err != nil || len(raw) > store.MaxDocument {
				t.Errorf("%d bytes, %v", len(raw), err)
			}
		})
	}
}

func TestChecked(t *testing.T) {
	long := strings.Repeat("ạ", MaxText)
	tests := map[string]struct {
		body, want lang.Text
		fields     string
	}{
		"plain":       {both("a"), both("a"), ""},
		"line ends":   {lang.Text{Vi: "\r\na\r\nb\rc\u2028d\u2029e\n", En: " a "}, lang.Text{Vi: "a\nb\nc\nd\n\ne", En: "a"}, ""},
		"within":      {lang.Text{Vi: "a  \n   b\u00a0₫", En: "a\tb"}, lang.Text{Vi: "a  \n   b\u00a0₫", En: "a b"}, ""},
		"invisible":   {lang.Text{Vi: "\ufeffa\u202eb\x00\x1bc", En: "a\u2066b"}, lang.Text{Vi: "abc", En: "ab"}, ""},
		"longest":     {lang.Text{Vi: long + "\r\n", En: long}, lang.Text{Vi: long, En: long}, ""},
		"too long":    {lang.Text{Vi: long + "a", En: long + "a"}, lang.Text{}, "[{vi legal.field.long} {en legal.field.long}]"},
		"no English":  {lang.Text{Vi: "a", En: " \r\n\u200f"}, lang.Text{}, "[{en legal.field.missing}]"},
		"nothing":     {lang.Text{}, lang.Text{}, "[{vi legal.field.missing} {en legal.field.missing}]"},
		"not UTF-8":   {lang.Text{Vi: "a\xff", En: "a"}, lang.Text{}, "[{vi legal.field.text}]"},
		"and nothing": {lang.Text{Vi: "a\xff"}, lang.Text{}, "[{vi legal.field.text} {en legal.field.missing}]"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := checked(tt.body)
			fields := ""
			if err != nil {
				fields = fmt.Sprint(fault.As(err).Fields)
			}
			if got != tt.want || fields != tt.fields {
				t.Errorf("got %q and %s, want %q and %s", got, fields, tt.want, tt.fields)
			}
		})
	}
}
