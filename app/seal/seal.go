// Package seal derives keys from SECRET_KEY and keeps short secrets sealed in
// the store, each purpose under a key of its own.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
)

// MinSecret is the shortest secret that keys may be derived from, in bytes.
const MinSecret = 16

// ErrShort is returned for a shorter one, ErrLocked for what neither the
// secret nor the one before it opens.
var (
	ErrShort  = fmt.Errorf("seal: a secret needs at least %d bytes", MinSecret)
	ErrLocked = errors.New("seal: no secret opens it")
)

// Key derives 32 bytes for one purpose by HKDF with SHA-256 (RFC 5869).
func Key(secret []byte, purpose string) ([]byte, error) {
	if len(secret) < MinSecret {
		return nil, ErrShort
	}
	return hkdf.Key(sha256.New, secret, nil, purpose, 32)
}

// Sealer seals by AES-256-GCM with random nonces. It is safe for concurrent use.
type Sealer struct{ open []cipher.AEAD } // the first one seals

// New makes a Sealer for one purpose; old is the secret before SECRET_KEY was
// changed, and may be empty.
func New(purpose string, secret, old []byte) (*Sealer, error) {
	secrets := [][]byte{secret}
	if len(old) > 0 {
		secrets = append(secrets, old)
	}
	s := &Sealer{}
	for _, secret := range secrets {
		key, err := Key(secret, purpose)
		if err != nil {
			return nil, err
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		s.open = append(s.open, aead)
	}
	return s, nil
}

// Seal seals plain for one owner, whose id must be given again to open it.
func (s *Sealer) Seal(plain []byte, owner string) []byte {
	return s.open[0].Seal(nil, nil, plain, []byte(owner))
}

// Open returns what was sealed for an owner; old says that only the secret
// before the present one opens it, so that it should be sealed anew.
func (s *Sealer) Open(sealed []byte, owner string) (plain []byte, old bool, err error) {
	for i, aead := range s.open {
		if plain, err := aead.Open(nil, nil, sealed, []byte(owner)); err == nil {
			return plain, i > 0, nil
		}
	}
	return nil, false, ErrLocked
}
