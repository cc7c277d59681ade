package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/x/mongo/driver/topology"

	"nguon/app/fault"
)

// classify turns the driver's errors into faults. What may or may not have
// been written is Unavailable: the caller repeats the operation, and its own
// business key recognises whatever did arrive.
func classify(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, mongo.ErrNoDocuments):
		return fault.New(fault.NotFound, "store.not_found")
	case duplicate(err):
		return fault.Wrap(fault.Conflict, "store.conflict", err)
	case ctx.Err() != nil:
		return fault.Wrap(fault.Unavailable, "store.unavailable", errors.Join(ctx.Err(), err))
	case unreachable(err):
		return fault.Wrap(fault.Unavailable, "store.unavailable", err)
	}
	return fault.Wrap(fault.Internal, "store.engine", err)
}

// duplicate also knows the text in which FerretDB reports a broken unique
// index when it updates: as an internal error of its SQLite backend.
func duplicate(err error) bool {
	return mongo.IsDuplicateKeyError(err) || strings.Contains(err.Error(), "UNIQUE constraint failed")
}

// failover lists the answers of a server that is stopping, stepping down or
// not a primary, and of one that could not confirm a write in time.
var failover = [...]int{6, 7, 50, 64, 89, 91, 100, 112, 189, 262, 9001, 10058, 10107, 11600, 11602, 13435, 13436}

func unreachable(err error) bool {
	if mongo.IsNetworkError(err) || mongo.IsTimeout(err) || errors.Is(err, mongo.ErrClientDisconnected) {
		return true
	}
	var selection topology.ServerSelectionError
	if errors.As(err, &selection) {
		return true
	}
	var we mongo.WriteException
	if errors.As(err, &we) && we.WriteConcernError != nil && len(we.WriteErrors) == 0 {
		return true
	}
	var be mongo.BulkWriteException
	if errors.As(err, &be) && be.WriteConcernError != nil && len(be.WriteErrors) == 0 {
		return true
	}
	var se mongo.ServerError
	if !errors.As(err, &se) {
		return false
	}
	for _, code := range failover {
		if se.HasErrorCode(code) {
			return true
		}
	}
	return se.HasErrorLabel("RetryableWriteError") || se.HasErrorLabel("TransientTransactionError")
}

// badAddress is for the operator who starts the program; the driver's cause
// says what is wrong with the address without repeating it.
func badAddress(err error) error {
	return fault.Wrap(fault.Internal, "store.engine", fmt.Errorf("address: %w", err))
}
