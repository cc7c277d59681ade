package qr

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

// saltDoc is the secret of one day, shared by all instances so that a visitor
// falls into the same bucket on each.
type saltDoc struct {
	Day     string    `bson:"_id"`
	Salt    []byte    `bson:"salt"`
	Created time.Time `bson:"created"`
}

// salts keeps the salts of the days in use in memory.
type salts struct {
	docs *store.Collection[saltDoc]
	mu   sync.Mutex
	days map[string]saltDoc
}

// bucket is the short name of a visitor of one packet on one day. The packet
// is hashed too, so that nobody is followed from one packet to the next.
func (s *salts) bucket(ctx context.Context, now time.Time, id, ip string) (string, error) {
	d, err := s.salt(ctx, now)
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, d.Salt)
	h.Write([]byte(id))
	h.Write([]byte{0})
	h.Write([]byte(network(ip)))
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

func (s *salts) salt(ctx context.Context, now time.Time) (saltDoc, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	day := dayOf(now)
	if d, ok := s.days[day]; ok {
		return d, nil
	}
	d, err := s.docs.Get(ctx, day)
	if fault.Is(err, fault.NotFound) {
		d = saltDoc{Day: day, Salt: make([]byte, 32), Created: store.Stamp(now)}
		rand.Read(d.Salt) // never fails; it ends the program instead
		if err = s.docs.Insert(ctx, d); fault.Is(err, fault.Conflict) {
			d, err = s.docs.Get(ctx, day)
		}
	}
	if err != nil {
		return saltDoc{}, err
	}
	s.days[day] = d
	return d, nil
}

// sweep erases the salts that are 48 hours old, in memory and in the store.
// Several instances may do it at once.
func (s *salts) sweep(ctx context.Context, now time.Time) error {
	s.mu.Lock()
	for day, d := range s.days {
		if now.Sub(d.Created) >= saltLife {
			delete(s.days, day)
		}
	}
	s.mu.Unlock()
	var old []string
	err := s.docs.All(ctx, store.Query{}, func(d saltDoc) error {
		if now.Sub(d.Created) >= saltLife {
			old = append(old, d.Day)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, day := range old {
		if err := s.docs.Delete(ctx, day); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
