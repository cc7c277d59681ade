package sqlite

import (
	"errors"
	"strings"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"nguon/app/fault"
)

func errClosed() error {
	return fault.Wrap(fault.Unavailable, "store.unavailable", errors.New("the store is closed"))
}

// classify gives an error of the library its kind. Full disks, locks and
// failing devices may pass, so they are Unavailable; damage does not.
func classify(err error) error {
	var f *fault.Error
	if err == nil || errors.As(err, &f) {
		return err
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fault.Wrap(fault.Unavailable, "store.unavailable", err)
	}
	switch e.Code() {
	case lib.SQLITE_CONSTRAINT_UNIQUE, lib.SQLITE_CONSTRAINT_PRIMARYKEY:
		return fault.Wrap(fault.Conflict, "store.conflict", err)
	}
	switch e.Code() & 0xff {
	case lib.SQLITE_FULL:
		return fault.Wrap(fault.Unavailable, "store.full", err)
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return fault.Wrap(fault.Unavailable, "store.busy", err)
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return fault.Wrap(fault.Internal, "store.damaged", err)
	case lib.SQLITE_ERROR:
		if strings.Contains(err.Error(), "no such index") || strings.Contains(err.Error(), "no such table") {
			return errReshaped(err)
		}
		return fault.Wrap(fault.Internal, "store.engine", err)
	}
	return fault.Wrap(fault.Unavailable, "store.unavailable", err)
}

// errReshaped: another process declared the collection otherwise, so this one
// would leave indexes behind that do not fit.
func errReshaped(cause error) error { return fault.Wrap(fault.Unavailable, "store.reshaped", cause) }

// own reports whether an error concerns one job only: a constraint, or what the
// job found by itself. Any other means that the whole batch did not happen.
func own(err error) bool {
	if fault.Is(err, fault.Conflict) || fault.CodeOf(err) == "store.reshaped" {
		return true
	}
	var e *sqlite.Error
	return !errors.As(err, &e) && !fault.Is(err, fault.Unavailable)
}
