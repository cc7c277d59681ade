package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"nguon/app/fault"
)

// cost is what one hash takes. Parameters stand beside each hash, so that they
// can be raised: at the next sign-in the hash is made anew.
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// usualCost is the first choice of the OWASP Password Storage Cheat Sheet for
// argon2id with little memory (RFC 9106).
var usualCost = cost{memory: 19 * 1024, passes: 2, threads: 1}

const (
	saltBytes = 16
	hashBytes = 32

	// most guards against a stored hash that would take the machine down.
	mostMemory = 256 * 1024
	mostPasses = 16
)

// hasher makes and checks hashes, a bounded number at once, because each takes
// as much memory as its cost says.
type hasher struct {
	cost  cost
	turn  chan struct{}
	decoy string // what a password is checked against when nobody has the address
}

func newHasher(c cost, atOnce int) *hasher {
	h := &hasher{cost: c, turn: make(chan struct{}, atOnce)}
	h.decoy = h.make(rand.Text())
	return h
}

// hash waits for its turn; the end of ctx is fault.Unavailable.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	if err := h.wait(ctx); err != nil {
		return "", err
	}
	defer func() { <-h.turn }()
	return h.make(password), nil
}

func (h *hasher) wait(ctx context.Context) error {
	select {
	case h.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.Wrap(fault.Unavailable, "unavailable", ctx.Err())
	}
}

func (h *hasher) make(password string) string {
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails; it ends the program instead
	return phc(h.cost, salt, h.cost.key(password, salt))
}

// key takes a password in NFC, so that it does not matter which keyboard typed
// its accents (RFC 8265 §4.2).
func (c cost) key(password string, salt []byte) []byte {
	return argon2.IDKey(norm.NFC.Bytes([]byte(password)), salt, c.passes, c.memory, c.threads, hashBytes)
}

// verify reports whether the password fits, and whether its hash was made at
// another cost than today's. An empty hash is that of nobody: it takes the same
// time and fits nothing.
func (h *hasher) verify(ctx context.Context, password, stored string) (fits, stale bool, err error) {
	known := stored != ""
	if !known {
		stored = h.decoy
	}
	c, salt, want, err := parsePHC(stored)
	if err != nil {
		return false, false, fault.Wrap(fault.Internal, "internal", err)
	}
	if err := h.wait(ctx); err != nil {
		return false, false, err
	}
	defer func() { <-h.turn }()
	same := subtle.ConstantTimeCompare(c.key(password, salt), want) == 1
	return same && known, c != h.cost, nil
}

// phc writes a hash in the PHC string format, as other libraries read it.
func phc(c cost, salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.passes, c.threads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

func parsePHC(s string) (c cost, salt, key []byte, err error) {
	bad := fmt.Errorf("account: a stored hash is not argon2id in PHC form")
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return c, nil, nil, bad
	}
	var version int
	if n, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &c.memory, &c.passes, &c.threads); n != 4 || err != nil {
		return c, nil, nil, bad
	}
	salt, saltErr := base64.RawStdEncoding.DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.DecodeString(parts[5])
	switch {
	case saltErr != nil, keyErr != nil, version != argon2.Version, len(salt) < 8, len(key) != hashBytes,
		c.memory < 8 || c.memory > mostMemory, c.passes < 1 || c.passes > mostPasses, c.threads < 1:
		return c, nil, nil, bad
	}
	return c, salt, key, nil
}
