package mongo

import (
	"context"
	"errors"
	"testing"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"nguon/app/fault"
)

func TestClassify(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	live := context.Background()
	unconfirmed := &mongo.WriteConcernError{Code: 64, Message: "waiting for replication timed out"}
	for _, c := range []struct {
		name string
		ctx  context.Context
		err  error
		kind fault.Kind
		code string
	}{
		{"nothing found", live, mongo.ErrNoDocuments, fault.NotFound, "store.not_found"},
		{"duplicate", live, mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 11000}}}, fault.Conflict, "store.conflict"},
		{"FerretDB's duplicate", live, mongo.CommandError{Code: 1,
			Message: "[msg_update.go] constraint failed: UNIQUE constraint failed: index 'x' (2067)"}, fault.Conflict, "store.conflict"},
		{"duplicate, late", ended, mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 11000}}}, fault.Conflict, "store.conflict"},
		{"written, not confirmed", live, mongo.WriteException{WriteConcernError: unconfirmed}, fault.Unavailable, "store.unavailable"},
		{"inserted, not confirmed", live, mongo.BulkWriteException{WriteConcernError: unconfirmed}, fault.Unavailable, "store.unavailable"},
		{"connection lost", live, mongo.CommandError{Labels: []string{"NetworkError"}}, fault.Unavailable, "store.unavailable"},
		{"stepped down", live, mongo.CommandError{Code: 189, Name: "PrimarySteppedDown"}, fault.Unavailable, "store.unavailable"},
		{"no primary", live, topology.ServerSelectionError{Wrapped: topology.ErrServerSelectionTimeout}, fault.Unavailable, "store.unavailable"},
		{"closed", live, mongo.ErrClientDisconnected, fault.Unavailable, "store.unavailable"},
		{"too slow", live, context.DeadlineExceeded, fault.Unavailable, "store.unavailable"},
		{"context ended", ended, errors.New("anything"), fault.Unavailable, "store.unavailable"},
		{"refused", live, mongo.CommandError{Code: 13, Name: "Unauthorized"}, fault.Internal, "store.engine"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := classify(c.ctx, c.err)
			if fault.KindOf(err) != c.kind || fault.CodeOf(err) != c.code {
				t.Errorf("%v became %v, want %v %s", c.err, err, c.kind, c.code)
			}
			if c.ctx == ended && c.kind == fault.Unavailable && !errors.Is(err, context.Canceled) {
				t.Errorf("%v does not carry the context's error", err)
			}
		})
	}
	if err := classify(live, nil); err != nil {
		t.Errorf("no error became %v", err)
	}
}
