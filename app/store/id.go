package store

import (
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson/primitive"
)

// NewID makes a time-ordered id of 24 hexadecimal digits: random ids halve the
// speed of inserts. It is not a secret.
func NewID(now time.Time) string { return primitive.NewObjectIDFromTimestamp(now).Hex() }

// Stamp cuts a time to what a BSON date keeps: UTC, milliseconds.
func Stamp(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// IsID reports whether s has the form of an id that NewID gives.
func IsID(s string) bool { return len(s) == 24 && strings.Trim(s, "0123456789abcdef") == "" }
