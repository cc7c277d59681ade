package mongo_test

import (
	"context"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/store"
	"nguon/app/store/mongo"
	"nguon/app/store/storetest"
)

// beyondFerret names the subtests of the contract that FerretDB 1.24 cannot
// pass whatever the client does, and why. They run on MongoDB.
var beyondFerret = map[string]string{
	"Updates/TwoProcesses":             "acknowledges compare-and-set writes that it did not store",
	"Indexes/UniqueEach":               "compares whole arrays in a unique index, not their elements",
	"Shapes/UniqueOverDuplicates/each": "compares whole arrays in a unique index, not their elements",
	"Values/OddKeys":                   "refuses keys with a dot or a dollar, which MongoDB takes since 5.0",
}

// The race of two handles needs a server that keeps its word: it runs where
// the server says that it is a replica set.
func TestContract(t *testing.T) {
	uri, server := address(t), whichServer(t)
	storetest.Run(t, func(t testing.TB) func() store.DB {
		_, subtest, _ := strings.Cut(t.Name(), "/")
		if why, ok := beyondFerret[subtest]; ok && server.Ferret != "" {
			t.Skipf("does not apply to FerretDB, which %s", why)
		}
		if subtest == "Updates/TwoProcesses" && server.SetName == "" {
			t.Skip("applies to replica sets; this server is none")
		}
		name := database(t)
		return func() store.DB {
			db, err := mongo.Open(context.Background(), uri, mongo.Options{Database: name})
			if err != nil {
				t.Fatal(err)
			}
			return db
		}
	})
}

// server is what one says of itself; Ferret is empty unless it is FerretDB.
type server struct {
	SetName string `bson:"setName"`
	Ferret  string `bson:"ferretdbVersion"`
}

func whichServer(t testing.TB) server {
	t.Helper()
	var s server
	admin := client(t).Database("admin")
	for _, name := range []string{"hello", "buildInfo"} {
		cmd := bson.D{{Key: name, Value: 1}}
		if err := admin.RunCommand(context.Background(), cmd).Decode(&s); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("server: %+v", s)
	return s
}
