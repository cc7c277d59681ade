package bleveindex

import (
	"os"
	"path/filepath"
	"testing"

	"nguon/app/lang"
	"nguon/app/search"
	"nguon/app/search/searchtest"
)

func open(t testing.TB) search.Index {
	t.Helper()
	x, _, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	return x
}

func TestContract(t *testing.T) {
	searchtest.Contract(t, func(t *testing.T) search.Index { return open(t) })
}

// An index that was built whole is found again; one that was not, or that cannot be
// read, begins empty.
func TestOpenAgain(t *testing.T) {
	dir := t.TempDir()
	opened := func(want bool, n int64) *Index {
		t.Helper()
		x, found, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := x.Count(t.Context()); err != nil || got != n || found != want {
			t.Errorf("found %t with %d documents, %v", found, got, err)
		}
		return x
	}
	d := search.Document{ID: "product-a", Kind: search.Product, Title: lang.Text{Vi: "Cà phê"}}
	x := opened(false, 0)
	if err := x.Put(t.Context(), []search.Document{d}); err != nil {
		t.Fatal(err)
	}
	x.Close()
	x = opened(false, 0) // it never held everything
	if err := x.Rebuild(t.Context(), func(yield func(search.Document) error) error { return yield(d) }); err != nil {
		t.Fatal(err)
	}
	x.Close()
	x = opened(true, 1)
	if _, _, err := Open(dir); err == nil {
		t.Error("two have it open")
	}
	if n, err := x.Count(t.Context()); err != nil || n != 1 {
		t.Errorf("the second took %d documents from the first, %v", 1-n, err)
	}
	x.Close()
	if left, _ := os.ReadDir(dir); len(left) != 3 {
		t.Errorf("%v is left", left)
	}
	inside, _ := filepath.Glob(filepath.Join(dir, scheme+"-*", "*"))
	for _, name := range inside {
		if err := os.RemoveAll(name); err != nil {
			t.Fatal(err)
		}
	}
	opened(false, 0).Close()
}
