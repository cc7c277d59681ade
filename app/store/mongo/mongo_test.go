package mongo_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
	driver "go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"nguon/app/fault"
	"nguon/app/store"
	"nguon/app/store/mongo"
)

// address is the server under test. Without one the test is skipped, which
// REQUIRE_SERVICES=1 forbids.
func address(t testing.TB) string {
	t.Helper()
	uri := os.Getenv("TEST_MONGODB_URI")
	switch {
	case uri != "":
	case os.Getenv("REQUIRE_SERVICES") == "1":
		t.Fatal("REQUIRE_SERVICES=1, but TEST_MONGODB_URI is not set")
	default:
		t.Skip("needs a server: set TEST_MONGODB_URI, or use .ci/run")
	}
	return uri
}

// client is a connection beside the package under test.
func client(t testing.TB) *driver.Client {
	t.Helper()
	c, err := driver.Connect(context.Background(), options.Client().ApplyURI(address(t)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Disconnect(context.Background()) })
	return c
}

// database is a name that this test alone uses; it is dropped at the end.
func database(t testing.TB) string {
	t.Helper()
	name := "test_" + store.NewID(time.Now())
	c := client(t)
	t.Cleanup(func() {
		if err := c.Database(name).Drop(context.Background()); err != nil {
			t.Errorf("drop %s: %v", name, err)
		}
	})
	return name
}

func open(t *testing.T, o mongo.Options) *mongo.DB {
	t.Helper()
	if o.Database == "" {
		o.Database = database(t)
	}
	db, err := mongo.Open(t.Context(), address(t), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

type stock struct {
	ID    string   `bson:"_id"`
	Code  string   `bson:"code,omitempty"`
	Tags  []string `bson:"tags"`
	Units int      `bson:"units"`
}

var stocks = store.Spec{Name: "stocks", Version: 1, Indexes: []store.Index{
	{Name: "code", Unique: true, Sparse: true, Parts: []store.Part{{Path: "code", Kind: store.Text}}},
	{Name: "units", Parts: []store.Part{{Path: "units", Kind: store.Int}}},
}}

func collection(t *testing.T, db store.DB, s store.Spec) *store.Collection[stock] {
	t.Helper()
	c, err := store.Open[stock](t.Context(), db, s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What makes an update atomic is that it is one command, filtered on the id
// and the revision that was read: this holds on any server.
func TestUpdateIsOneConditionalCommand(t *testing.T) {
	var seen []bson.Raw
	db := open(t, mongo.Options{Monitor: &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) {
			if e.CommandName == "find" || e.CommandName == "update" || e.CommandName == "findAndModify" {
				seen = append(seen, append(bson.Raw(nil), e.Command...))
			}
		},
	}})
	c := collection(t, db, stocks)
	if err := c.Insert(t.Context(), stock{ID: "a", Units: 5}); err != nil {
		t.Fatal(err)
	}
	for revision := int64(1); revision <= 3; revision++ {
		seen = nil
		err := c.Update(t.Context(), "a", func(s *stock) error { s.Units--; return nil })
		if err != nil {
			t.Fatal(err)
		}
		if len(seen) != 2 || seen[0].Lookup("find").StringValue() != "stocks" {
			t.Fatalf("an update sent %d commands: %v", len(seen), seen)
		}
		checkUpdate(t, seen[1], revision)
	}
}

func checkUpdate(t *testing.T, cmd bson.Raw, revision int64) {
	t.Helper()
	updates, err := cmd.Lookup("updates").Array().Values()
	if err != nil || len(updates) != 1 {
		t.Fatalf("not one update: %v", cmd)
	}
	var u struct {
		Q     bson.M `bson:"q"`
		U     bson.M `bson:"u"`
		Multi bool   `bson:"multi"`
		Up    bool   `bson:"upsert"`
	}
	if err := updates[0].Unmarshal(&u); err != nil {
		t.Fatal(err)
	}
	if len(u.Q) != 2 || u.Q["_id"] != "a" || u.Q["_r"] != revision {
		t.Errorf("filter %v, want id a and revision %d alone", u.Q, revision)
	}
	if u.U["_r"] != revision+1 || u.Multi || u.Up {
		t.Errorf("writes revision %v, multi %t, upsert %t", u.U["_r"], u.Multi, u.Up)
	}
	if w := cmd.Lookup("writeConcern", "w"); w.String() != `"majority"` || !cmd.Lookup("writeConcern", "j").Boolean() {
		t.Errorf("write concern %v", cmd.Lookup("writeConcern"))
	}
}

// A reader sees exactly the document that was written; the server sees the
// keys beside it.
func TestKeysStayInside(t *testing.T) {
	name := database(t)
	db := open(t, mongo.Options{Database: name})
	c := collection(t, db, stocks)
	for _, s := range []stock{{ID: "a", Code: "X"}, {ID: "b"}, {ID: "c"}} {
		if err := c.Insert(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	err := c.Insert(t.Context(), stock{ID: "d", Code: "X"})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("a taken code: %v", err)
	}
	err = c.Update(t.Context(), "b", func(s *stock) error { s.Code = "X"; return nil })
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("a code taken by an update: %v", err)
	}
	raw, err := client(t).Database(name).Collection("stocks").FindOne(t.Context(), bson.D{{Key: "_id", Value: "b"}}).Raw()
	if err != nil || raw.Lookup("_u", "code").StringValue() != "-b" {
		t.Errorf("stored %v, %v", raw, err)
	}
	docs, err := db.Open(t.Context(), stocks)
	if err != nil {
		t.Fatal(err)
	}
	seen, err := docs.Get(t.Context(), "b")
	if err != nil || strings.Contains(seen.String(), "_u") || seen.Validate() != nil {
		t.Errorf("a reader got %v, %v", seen, err)
	}
}

// A declaration that changed, went and came back is what the server has in
// the end, and what was written meanwhile is in it.
func TestIndexesFollowTheDeclaration(t *testing.T) {
	name := database(t)
	db := open(t, mongo.Options{Database: name})
	bare := store.Spec{Name: "stocks", Version: 1}
	c := collection(t, db, bare)
	for _, s := range []stock{{ID: "a", Code: "X"}, {ID: "b", Code: "Y"}, {ID: "c"}} {
		if err := c.Insert(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	c = collection(t, db, stocks)
	if err := c.Insert(t.Context(), stock{ID: "d", Code: "Y"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("the added index let a duplicate in: %v", err)
	}
	c = collection(t, db, bare)
	if n := indexes(t, name); n != 1 {
		t.Errorf("%d indexes left, want the server's own", n)
	}
	if err := c.Insert(t.Context(), stock{ID: "d", Code: "Y"}); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open[stock](t.Context(), db, stocks)
	f := fault.As(err)
	if f == nil || f.Kind != fault.Conflict || f.Args["IDs"] != "b, d" {
		t.Errorf("a unique index over duplicates: %v", err)
	}
	if err := c.Delete(t.Context(), "b"); err != nil {
		t.Fatal(err)
	}
	c = collection(t, db, stocks)
	found, _, err := c.Find(t.Context(), store.Query{Index: "code", Eq: []any{"Y"}})
	if err != nil || len(found) != 1 || found[0].ID != "d" {
		t.Errorf("the returned index finds %v, %v", found, err)
	}
}

func indexes(t *testing.T, database string) int {
	t.Helper()
	specs, err := client(t).Database(database).Collection("stocks").Indexes().ListSpecifications(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(specs)
}
