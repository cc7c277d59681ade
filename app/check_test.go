package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/store"
	"nguon/app/store/sqlite"
)

func TestCheckFindsWhatWasTamperedWith(t *testing.T) {
	dir := t.TempDir()
	check := func() (string, int) {
		t.Helper()
		var out, errs bytes.Buffer
		code := run(t.Context(), []string{"check"}, env("DATA_DIR", dir), &out, &errs)
		return out.String() + errs.String(), code
	}
	out, code := check()
	if code != exitOK || !strings.Contains(out, "audit log: ") || !strings.Contains(out, "organisations: 11") {
		t.Fatalf("%d %s", code, out)
	}
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, storeFile), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	alter := func(collection, id, field string) {
		t.Helper()
		type raw struct {
			ID   string `bson:"_id"`
			Rest bson.M `bson:",inline"`
		}
		docs, err := store.Open[raw](t.Context(), db, store.Spec{Name: collection, Version: 1})
		if err == nil {
			err = docs.Update(t.Context(), id, func(d *raw) error {
				d.Rest[field] = "x"
				delete(d.Rest, "_v") // the store's own
				delete(d.Rest, "_r")
				return nil
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	alter("audit_log", "0000000000000003", "by")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if out, code = check(); code != exitFailed || !strings.Contains(out, "entry 3 does not fit") {
		t.Errorf("%d %s", code, out)
	}
}
