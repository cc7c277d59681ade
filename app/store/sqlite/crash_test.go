package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"nguon/app/store"
)

const crashFile = "NGUON_CRASH_FILE"

// TestCrash kills a process while it writes: every write that had returned is
// there, none is half there. It cannot show what a power cut does; TestSettings does.
func TestCrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	for round, kill := range []int{5, 120, 400} {
		acked := killedChild(t, path, round, kill)
		if len(acked) < kill {
			t.Fatalf("only %d writes acknowledged", len(acked))
		}
		db := openFile(t, path, Options{Exclusive: true})
		intact(t, db)
		c := collection(t, db, crashSpec())
		counts := map[string]int64{}
		for _, line := range acked {
			var id string
			var rank int64
			if _, err := fmt.Sscan(line, &id, &rank); err != nil {
				t.Fatalf("line %q: %v", line, err)
			}
			counts[id] = max(counts[id], rank)
		}
		for id, rank := range counts {
			v, err := c.Get(context.Background(), id)
			if err != nil || v.Rank < rank || v.Name != id {
				t.Errorf("%s: acknowledged at %d, stored %+v, %v", id, rank, v, err)
			}
		}
		sameInAll(t, c)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func crashSpec() store.Spec {
	return things(byName, store.Index{Name: "tag", Parts: []store.Part{{Path: "tags", Each: true}}})
}

// sameInAll: documents, columns and side table agree after the crash.
func sameInAll(t *testing.T, c *store.Collection[thing]) {
	t.Helper()
	var n [3]int64
	for i, q := range []store.Query{{}, {Index: "name"}, {Index: "tag", Eq: []any{"t"}}} {
		var err error
		if n[i], err = c.Count(context.Background(), q); err != nil {
			t.Fatal(err)
		}
	}
	if n[0] != n[1] || n[0] != n[2] {
		t.Errorf("%d documents, %d by column, %d by side table", n[0], n[1], n[2])
	}
}

// killedChild runs TestCrashChild, kills it after so many lines, and returns all that it
// had printed.
func killedChild(t *testing.T, path string, round, kill int) []string {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestCrashChild$")
	child.Env = append(os.Environ(), crashFile+"="+path, fmt.Sprintf("NGUON_CRASH_ROUND=%d", round))
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var acked []string
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		acked = append(acked, lines.Text())
		if len(acked) == kill {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	return acked
}

// TestCrashChild is the process that TestCrash kills. Each line it prints is a
// write that has returned.
func TestCrashChild(t *testing.T) {
	path := os.Getenv(crashFile)
	if path == "" {
		t.Skip("runs only as the child of TestCrash")
	}
	c := collection(t, openFile(t, path, Options{Exclusive: true}), crashSpec())
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				id := fmt.Sprintf("r%s-w%d-%d", os.Getenv("NGUON_CRASH_ROUND"), w, i)
				crashWrites(t, c, id)
			}
		})
	}
	wg.Wait()
}

func crashWrites(t *testing.T, c *store.Collection[thing], id string) {
	insert(t, c, thing{ID: id, Name: id, Tags: []string{"t"}})
	fmt.Fprintln(os.Stdout, id, 0)
	for rank := range int64(3) {
		err := c.Update(context.Background(), id, func(v *thing) error { v.Rank = rank + 1; return nil })
		if err != nil {
			t.Error(err)
			return
		}
		fmt.Fprintln(os.Stdout, id, rank+1)
	}
}
