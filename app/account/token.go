package account

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// secretBytes is the length of ids of sessions and of secrets in links.
const secretBytes = 32

// newSecret is 256 random bits, as they stand in a cookie or a link.
func newSecret() string {
	b := make([]byte, secretBytes)
	rand.Read(b) // never fails; it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// hashed is what the store keeps of a secret: a stolen copy of the store opens
// no session. The secret has 256 random bits, so a plain hash is enough.
func hashed(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

func sameHash(secret, hash string) bool {
	return subtle.ConstantTimeCompare([]byte(hashed(secret)), []byte(hash)) == 1
}

// A token is what stands in a mailed link: the id of a document and the secret.
func token(id, secret string) string { return id + "." + secret }

// splitToken takes a token apart; ok is false for what cannot be one.
func splitToken(t string) (id, secret string, ok bool) {
	id, secret, ok = strings.Cut(t, ".")
	return id, secret, ok && id != "" && len(id) <= 80 && len(secret) == base64.RawURLEncoding.EncodedLen(secretBytes)
}
