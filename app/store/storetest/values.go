package storetest

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/store"
)

// everything has a field of every shape the domains use.
type everything struct {
	ID        string            `bson:"_id"`
	Text      string            `bson:"text"`
	Empty     string            `bson:"empty"`
	Int       int               `bson:"int"`
	Big       int64             `bson:"big"`
	Small     int64             `bson:"small"`
	Price     money.VND         `bson:"price"`
	Float     float64           `bson:"float"`
	Tiny      float64           `bson:"tiny"`
	Yes       bool              `bson:"yes"`
	At        time.Time         `bson:"at"`
	Never     time.Time         `bson:"never"`
	Early     time.Time         `bson:"early"`
	Bytes     []byte            `bson:"bytes"`
	NoBytes   []byte            `bson:"noBytes"`
	List      []string          `bson:"list"`
	NoList    []string          `bson:"noList"`
	Nested    []nested          `bson:"nested"`
	Map       map[string]int64  `bson:"map"`
	NoMap     map[string]string `bson:"noMap"`
	Inner     nested            `bson:"inner"`
	Pointer   *nested           `bson:"pointer"`
	NoPointer *nested           `bson:"noPointer"`
	Left      *nested           `bson:"left,omitempty"`
	When      *time.Time        `bson:"when"`
	Both      lang.Text         `bson:"both"`
}

type nested struct {
	Name  string    `bson:"name"`
	Lines []string  `bson:"lines"`
	Deep  []nested  `bson:"deep"`
	At    time.Time `bson:"at"`
}

func values(t *testing.T, fresh Fresh) {
	t.Run("RoundTrip", func(t *testing.T) { roundTrip(t, fresh) })
	t.Run("OddKeys", func(t *testing.T) { oddKeys(t, fresh) })
	t.Run("NilIsEmpty", func(t *testing.T) { nilIsEmpty(t, fresh) })
	t.Run("BadText", func(t *testing.T) { badText(t, fresh) })
	t.Run("TooLarge", func(t *testing.T) { tooLarge(t, fresh) })
}

func full() everything {
	at := time.Date(2025, 11, 3, 4, 5, 6, 789_000_000, time.UTC)
	in := nested{Name: "Cà phê Sơn La ☕ đ\x00'\"", Lines: []string{"a", ""}, At: at,
		Deep: []nested{{Name: "x", Lines: []string{}, Deep: []nested{}, At: at}}}
	return everything{
		ID: "every/đ 1", Text: "Nguồn gốc", Int: -7, Big: math.MaxInt64, Small: math.MinInt64,
		Price: 125_000, Float: math.MaxFloat64, Tiny: math.SmallestNonzeroFloat64, Yes: true,
		At: at, Early: time.Date(1890, 1, 1, 0, 0, 0, 1_000_000, time.UTC),
		Bytes: []byte{0, 255, 1}, NoBytes: []byte{}, List: []string{"đ", "", "z"}, NoList: []string{},
		Nested: []nested{in}, Map: map[string]int64{"k 1": 1, "ố": math.MinInt64}, NoMap: map[string]string{},
		Inner: in, Pointer: &in, When: &at, Both: lang.Text{Vi: "Mật ong", En: "Honey"},
	}
}

func roundTrip(t *testing.T, fresh Fresh) {
	w := newWorld(t, fresh)
	every := store.Spec{Name: "every", Version: 1}
	c := open[everything](t, w.db, every)
	want := full()
	sent := want
	sent.At = want.At.Add(999 * time.Microsecond).In(time.FixedZone("ICT", 7*3600))
	insert(t, c, sent)
	if got := get(t, c, want.ID); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	w.reopen()
	c = open[everything](t, w.db, every)
	if got := get(t, c, want.ID); !reflect.DeepEqual(got, want) {
		t.Errorf("after a restart got  %+v\nwant %+v", got, want)
	}
	if at := get(t, c, want.ID).At; at.Location() != time.UTC {
		t.Errorf("time in %v, want UTC", at.Location())
	}
}

// oddKeys: a map may have keys that mean something in a path or a command.
func oddKeys(t *testing.T, fresh Fresh) {
	w := newWorld(t, fresh)
	c := open[everything](t, w.db, store.Spec{Name: "every", Version: 1})
	want := map[string]int64{"k.1": 1, "$ố": 2}
	insert(t, c, everything{ID: "odd", Map: want})
	if got := get(t, c, "odd").Map; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func nilIsEmpty(t *testing.T, fresh Fresh) {
	w := newWorld(t, fresh)
	c := open[everything](t, w.db, store.Spec{Name: "every", Version: 1})
	insert(t, c, everything{ID: "nil", Nested: []nested{{}}})
	got := get(t, c, "nil")
	if got.NoList == nil || got.NoMap == nil || got.NoBytes == nil || got.Nested[0].Deep == nil {
		t.Errorf("a nil slice or map came back nil: %+v", got)
	}
	if got.Pointer != nil || got.When != nil || !got.Never.IsZero() {
		t.Errorf("a nil pointer or zero time came back changed: %+v", got)
	}
}

func badText(t *testing.T, fresh Fresh) {
	w, c := items(t, fresh, store.Index{Name: "name", Parts: []store.Part{text("name")}})
	ctx := context.Background()
	for what, v := range map[string]item{
		"field":   {ID: "1", Name: "a\xff"},
		"element": {ID: "2", Tags: []string{"ok", "\xc3"}},
		"nested":  {ID: "3", Parts: []part{{Key: "\xed\xa0\x80"}}},
		"id":      {ID: "4\xff"},
	} {
		t.Run(what, func(t *testing.T) {
			wantFault(t, c.Insert(ctx, v), fault.Invalid, "store.text")
		})
	}
	insert(t, c, item{ID: "5", Name: "good"})
	err := c.Update(ctx, "5", func(v *item) error { v.Name = "\xff"; return nil })
	wantFault(t, err, fault.Invalid, "store.text")
	if v := get(t, c, "5"); v.Name != "good" {
		t.Errorf("the refused text was stored: %q", v.Name)
	}
	_, _, err = c.Find(ctx, store.Query{Index: "name", Eq: []any{"\xff"}})
	wantFault(t, err, fault.Invalid, "store.text")
	_, err = c.Get(ctx, "\xff")
	wantFault(t, err, fault.NotFound, "store.not_found")
	m := open[everything](t, w.db, store.Spec{Name: "every", Version: 1})
	err = m.Insert(ctx, everything{ID: "6", Map: map[string]int64{"\xff": 1}})
	wantFault(t, err, fault.Invalid, "store.text")
}

func tooLarge(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh)
	ctx := context.Background()
	insert(t, c, item{ID: "fits", Name: strings.Repeat("x", store.MaxDocument-1000)})
	if got := len(get(t, c, "fits").Name); got != store.MaxDocument-1000 {
		t.Errorf("%d bytes came back", got)
	}
	err := c.Insert(ctx, item{ID: "large", Name: strings.Repeat("x", store.MaxDocument)})
	wantFault(t, err, fault.Invalid, "store.too_large")
	_, err = c.Get(ctx, "large")
	wantFault(t, err, fault.NotFound, "store.not_found")
}
