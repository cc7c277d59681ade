// Package mongo keeps documents in MongoDB, or in a server that speaks its
// protocol: natural documents, acknowledged by a majority and journaled. It
// implements the port of package store and passes store/storetest.
//
// It relies on nothing that a stand-alone server lacks: no transactions, no
// partial indexes. What a stored document has beyond its BSON is the field
// "_u", explained in derive.go; readers never see it.
package mongo

import (
	"context"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/event"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/mongo/readconcern"
	"go.mongodb.org/mongo-driver/mongo/readpref"
	"go.mongodb.org/mongo-driver/mongo/writeconcern"
	"go.mongodb.org/mongo-driver/x/mongo/driver/connstring"

	"nguon/app/store"
)

// Options of Open; the zero value is right for production.
type Options struct {
	// Database overrides the name in the address; without either it is "nguon".
	Database string
	// Monitor sees every command, for tests.
	Monitor *event.CommandMonitor
	Log     *slog.Logger
}

// selectTimeout is how long an operation waits for a primary: longer than an
// election takes, shorter than a visitor waits. opTimeout bounds the
// operations of callers that set no deadline.
const (
	selectTimeout = 8 * time.Second
	opTimeout     = 30 * time.Second
)

// DB is a connection to one database.
type DB struct {
	client *mongo.Client
	db     *mongo.Database
	locks  store.Locks
	log    *slog.Logger
}

var _ store.DB = (*DB)(nil)

// Open connects and waits for a server that takes writes. An address that
// cannot be parsed is fault.Internal; a server that does not answer,
// fault.Unavailable.
func Open(ctx context.Context, uri string, o Options) (*DB, error) {
	name, err := database(uri, o.Database)
	if err != nil {
		return nil, err
	}
	client, err := mongo.Connect(ctx, clientOptions(uri, o.Monitor))
	if err != nil {
		return nil, badAddress(err)
	}
	db := &DB{client: client, log: o.Log}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	replica, err := db.greet(ctx)
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	db.db = client.Database(name, databaseOptions(replica))
	return db, nil
}

func clientOptions(uri string, m *event.CommandMonitor) *options.ClientOptions {
	journal := true
	o := options.Client().SetServerSelectionTimeout(selectTimeout).ApplyURI(uri)
	o.SetAppName("nguon").SetReadPreference(readpref.Primary())
	o.SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal})
	if m != nil {
		o.SetMonitor(m)
	}
	return o
}

// databaseOptions asks replica sets for reads that cannot be rolled back, so
// that a change which finds its work done already may rely on it. Other
// servers have no such thing and some refuse the request.
func databaseOptions(replica bool) *options.DatabaseOptions {
	o := options.Database()
	if replica {
		o.SetReadConcern(readconcern.Majority())
	}
	return o
}

func database(uri, override string) (string, error) {
	cs, err := connstring.ParseAndValidate(uri)
	switch {
	case err != nil:
		return "", badAddress(err)
	case override != "":
		return override, nil
	case cs.Database != "":
		return cs.Database, nil
	}
	return "nguon", nil
}

// greet asks the server who it is: a member of a named replica set, or the
// router in front of several.
func (db *DB) greet(ctx context.Context) (replica bool, err error) {
	if err := db.Ping(ctx); err != nil {
		return false, err
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	var hello struct {
		SetName string `bson:"setName"`
		Msg     string `bson:"msg"`
	}
	cmd := bson.D{{Key: "hello", Value: 1}}
	err = db.client.Database("admin").RunCommand(ctx, cmd).Decode(&hello)
	return hello.SetName != "" || hello.Msg == "isdbgrid", classify(ctx, err)
}

// Ping reports whether a primary, which is what takes writes, can be reached.
func (db *DB) Ping(ctx context.Context) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	return classify(ctx, db.client.Ping(ctx, readpref.Primary()))
}

// Close waits for operations under way, at most ten seconds.
func (db *DB) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	return db.client.Disconnect(ctx)
}

// Open declares a collection and brings its indexes in line; see index.go.
func (db *DB) Open(ctx context.Context, spec store.Spec) (store.Docs, error) {
	d := &docs{db: db, coll: db.db.Collection(spec.Name), spec: spec}
	if err := d.reconcile(ctx); err != nil {
		return nil, err
	}
	return d, nil
}

// bounded gives operations without a deadline one.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, opTimeout)
}
