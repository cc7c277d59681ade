package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"nguon/app/fault"
	"nguon/app/store"
)

var byTag = store.Index{Name: "tag", Parts: []store.Part{{Path: "tags", Each: true}}}

// TestInterruptedBuild: a process that dies while it builds indexes leaves a
// file that both the old and the new program can open.
func TestInterruptedBuild(t *testing.T) {
	for what, after := range map[string]store.Spec{"new program": things(byName, byTag), "old program": things(byName)} {
		t.Run(what, func(t *testing.T) {
			path, ctx := filepath.Join(t.TempDir(), "a.db"), context.Background()
			db := openFile(t, path, Options{})
			c := collection(t, db, things(byName))
			const n = fillBatch + 100
			for i := range n {
				insert(t, c, thing{ID: name(i), Name: name(i), Tags: []string{"t"}})
			}
			s := &shaper{layout: newLayout(things(byName, byTag))}
			for _, step := range []func(*tx) error{s.begin, s.fill} {
				if err := db.writer.do(ctx, &job{many: true, run: step}); err != nil {
					t.Fatal(err)
				}
			}
			wantCode(t, c.Insert(ctx, thing{ID: "meanwhile", Name: "m"}), fault.Unavailable, "store.reshaped")
			if err := db.Close(); err != nil {
				t.Fatal(err)
			}
			c = collection(t, openFile(t, path, Options{}), after)
			insert(t, c, thing{ID: "after", Name: "after", Tags: []string{"t"}})
			for _, x := range after.Indexes {
				q := store.Query{Index: x.Name}
				if x.HasEach() {
					q.Eq = []any{"t"}
				}
				if got, err := c.Count(ctx, q); err != nil || got != n+1 {
					t.Errorf("index %s holds %d of %d, %v", x.Name, got, n+1, err)
				}
			}
		})
	}
}

// TestBuildRefusesIncompleteDocuments: an index that is not sparse over
// documents that lack its part is refused, and the file stays as useful as it was.
func TestBuildRefusesIncompleteDocuments(t *testing.T) {
	db, ctx := openFile(t, filepath.Join(t.TempDir(), "a.db"), Options{}), context.Background()
	insert(t, collection(t, db, things()), thing{ID: "1", Name: "a"})
	_, err := db.Open(ctx, things(store.Index{Name: "x", Parts: []store.Part{{Path: "unknown"}}}))
	wantCode(t, err, fault.Internal, "store.index")
	insert(t, collection(t, db, things(byName)), thing{ID: "2", Name: "b"})
}
