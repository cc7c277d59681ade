package main

import (
	"testing"

	"nguon/app/account"
)

// A decision counts more than any change between decisions, a later change
// more than an earlier one.
func TestOrderOfRegistrations(t *testing.T) {
	var last int64 = -1
	for _, c := range []struct {
		decisions int
		edits     int64
	}{{1, 0}, {1, 1}, {1, 900}, {2, 900}, {2, 901}, {3, 901}} {
		if seq := seqOf(account.Org{Decisions: make([]account.Decision, c.decisions), Edits: c.edits}); seq <= last {
			t.Errorf("%+v comes at %d, after %d", c, seq, last)
		} else {
			last = seq
		}
	}
}
