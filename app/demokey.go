package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"strings"

	"nguon/app/fault"
	"nguon/app/seal"
	"nguon/app/seed"
	"nguon/app/store"
)

// demoKey is what the sign-ins of the demonstration follow from: random, made
// once, and kept with the people who use them.
type demoKey struct {
	ID  string `bson:"_id"`
	Key string `bson:"key"`
}

// signIns returns the sign-ins of the demonstration: for each address the same
// password and second step for as long as the store lives, and in no other.
func (s *services) signIns(ctx context.Context) (func(email string) seed.SignIn, error) {
	keys, err := store.Open[demoKey](ctx, s.db, store.Spec{Name: "demo_key", Version: 1})
	if err != nil {
		return nil, err
	}
	err = keys.Insert(ctx, demoKey{"demo", rand.Text() + rand.Text()})
	if err != nil && !fault.Is(err, fault.Conflict) {
		return nil, err
	}
	k, err := keys.Get(ctx, "demo")
	if err != nil {
		return nil, err
	}
	return func(email string) seed.SignIn {
		password, _ := seal.Key([]byte(k.Key), "demo-password/"+email) // of a key that is long enough
		secret, _ := seal.Key([]byte(k.Key), "demo-totp/"+email)
		text := strings.ToLower(base32.StdEncoding.EncodeToString(password[:10]))
		return seed.SignIn{Email: email, Password: text[:4] + "-" + text[4:8] + "-" + text[8:12] + "-" + text[12:16], TOTP: secret[:20]}
	}, nil
}
