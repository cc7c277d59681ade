package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"nguon/app/store"
	"nguon/app/store/storetest"
)

func openFile(t testing.TB, path string, o Options) *DB {
	t.Helper()
	db, err := Open(context.Background(), path, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func fresh(t testing.TB) func() store.DB {
	path := filepath.Join(t.TempDir(), "nguồn dữ liệu?#%41.db")
	return func() store.DB { return openFile(t, path, Options{}) }
}

func TestContract(t *testing.T) { storetest.Run(t, fresh) }
