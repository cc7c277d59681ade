package qr

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"nguon/app/fault"
	"nguon/app/seal"
	"nguon/app/store"
)

// keyDoc is one signing key. Keys are never deleted: packets live longer than
// keys. The secret is wrapped by a key derived from SECRET_KEY.
type keyDoc struct {
	ID        string     `bson:"_id"` // two Crockford characters, first in every serial
	Wrapped   []byte     `bson:"wrapped"`
	NotBefore time.Time  `bson:"notBefore"`
	Retired   *time.Time `bson:"retired,omitempty"` // signs nothing new since then
}

// firstKey is the number of the first key; as letters "A0", so that key ids
// are not mistaken for an AI on a label.
const firstKey, lastKey = 10 << 5, 1<<10 - 1

// keyring holds the unwrapped keys in memory. Another instance's new key is
// found when a serial names an unknown id, by reading at most once a second.
type keyring struct {
	docs   *store.Collection[keyDoc]
	now    func() time.Time
	log    *slog.Logger
	sealer *seal.Sealer
	mu     sync.Mutex // held while loading or changing keys, never while looking one up
	set    atomic.Pointer[keySet]
}

// keySet is what was loaded at one moment; it is never changed.
type keySet struct {
	byID     map[string][]byte
	current  string // signs; "" before the first key
	loadedAt time.Time
}

func newKeyring(ctx context.Context, d Deps) (*keyring, error) {
	docs, err := store.Open[keyDoc](ctx, d.DB, store.Spec{Name: "qr_keys", Version: 1})
	if err != nil {
		return nil, err
	}
	k := &keyring{docs: docs, now: d.Now, log: d.Log}
	k.set.Store(&keySet{})
	if k.sealer, err = seal.New("nguon/qr-key-wrap/1", d.Secret, d.OldSecret); err != nil {
		return nil, fault.Wrap(fault.Internal, "qr.key.short", err).With("Min", seal.MinSecret)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k, k.load(ctx)
}

// load reads all keys; the caller holds mu. A key that no secret opens is an
// error: without it, packets that were printed would read as forged.
func (k *keyring) load(ctx context.Context) error {
	byID, current := make(map[string][]byte), ""
	now := k.now()
	err := k.docs.All(ctx, store.Query{}, func(d keyDoc) error {
		secret, err := k.open(ctx, d)
		if err != nil {
			return err
		}
		byID[d.ID] = secret
		if d.Retired == nil && !d.NotBefore.After(now) {
			current = d.ID // ids ascend
		}
		return nil
	})
	if err != nil {
		return err
	}
	k.set.Store(&keySet{byID, current, now})
	return nil
}

// open unwraps a key, and wraps it anew when only the old secret fits.
func (k *keyring) open(ctx context.Context, d keyDoc) ([]byte, error) {
	if secret, ok := k.set.Load().byID[d.ID]; ok {
		return secret, nil
	}
	secret, old, err := k.sealer.Open(d.Wrapped, d.ID)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "qr.key.locked", errors.New("SECRET_KEY and SECRET_KEY_OLD do not open key "+d.ID))
	}
	if old {
		k.rewrap(ctx, d.ID, secret)
	}
	return secret, nil
}

// rewrap may fail without harm: the old secret still opens the key, and the
// next start tries again.
func (k *keyring) rewrap(ctx context.Context, id string, secret []byte) {
	wrapped := k.sealer.Seal(secret, id)
	err := k.docs.Update(ctx, id, func(d *keyDoc) error {
		d.Wrapped = wrapped
		return nil
	})
	if err != nil {
		k.log.Warn("signing key not rewrapped yet; keep SECRET_KEY_OLD", "key", id, "err", err)
		return
	}
	k.log.Info("signing key rewrapped with the new SECRET_KEY", "key", id)
}

// reloadEvery bounds how often made-up serials make the store be read. A packet
// whose key another process has just made reads as forged for at most this
// long, where an unknown id was looked for shortly before: less than the way
// from a printed label to a scan.
const reloadEvery = 50 * time.Millisecond

// secret finds a key by its id. An unknown id reads the store again.
func (k *keyring) secret(ctx context.Context, id string) ([]byte, bool, error) {
	if s, ok := k.set.Load().byID[id]; ok {
		return s, true, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if age := k.now().Sub(k.set.Load().loadedAt); age < 0 || age >= reloadEvery {
		if err := k.load(ctx); err != nil {
			return nil, false, err
		}
	}
	s, ok := k.set.Load().byID[id]
	return s, ok, nil
}

// signing returns the key for new serials, making the first one on demand.
// Two processes may race for it: the loser finds the id taken and reads again.
func (k *keyring) signing(ctx context.Context) (id string, secret []byte, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.load(ctx); err != nil {
		return "", nil, err
	}
	for try := 0; k.set.Load().current == "" && try < 3; try++ {
		if err := k.create(ctx); err != nil && !fault.Is(err, fault.Conflict) {
			return "", nil, err
		}
		if err := k.load(ctx); err != nil {
			return "", nil, err
		}
	}
	set := k.set.Load()
	if set.current == "" {
		return "", nil, fault.New(fault.Unavailable, "qr.key.none")
	}
	return set.current, set.byID[set.current], nil
}

// create inserts the next key; the caller holds mu and has loaded.
func (k *keyring) create(ctx context.Context) error {
	n := firstKey
	for id := range k.set.Load().byID {
		n = max(n, keyNumber(id)+1)
	}
	if n > lastKey {
		return fault.New(fault.Unavailable, "qr.key.none")
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails; it ends the program instead
	id := string([]byte{crockford[n>>5], crockford[n&31]})
	return k.docs.Insert(ctx, keyDoc{ID: id, Wrapped: k.sealer.Seal(secret, id), NotBefore: store.Stamp(k.now())})
}

func keyNumber(id string) int {
	n := 0
	for i := range len(id) {
		for v := range len(crockford) {
			if crockford[v] == id[i] {
				n = n<<5 | v
			}
		}
	}
	return n
}

// RotateKey makes a new signing key, retires the ones before it and returns
// the new id. Packets signed with retired keys stay valid. Another rotation
// at the same moment is fault.Conflict.
func (s *Service) RotateKey(ctx context.Context) (string, error) {
	k := s.keys
	if _, _, err := k.signing(ctx); err != nil {
		return "", err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.create(ctx); err != nil {
		return "", err
	}
	if err := k.load(ctx); err != nil {
		return "", err
	}
	set := k.set.Load()
	for id := range set.byID {
		if id != set.current {
			if err := k.retire(ctx, id); err != nil {
				return "", err
			}
		}
	}
	return set.current, nil
}

func (k *keyring) retire(ctx context.Context, id string) error {
	at := store.Stamp(k.now())
	return k.docs.Update(ctx, id, func(d *keyDoc) error {
		if d.Retired == nil {
			d.Retired = &at
		}
		return nil
	})
}
