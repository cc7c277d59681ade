package tours

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"
)

func signers() (Signer, Signer, Gate) {
	key := func(n byte) ed25519.PrivateKey {
		return ed25519.NewKeyFromSeed([]byte(strings.Repeat(string(rune('a'+n)), ed25519.SeedSize)))
	}
	one, two := Signer{1, key(1)}, Signer{7, key(2)}
	return one, two, Gate{1: one.Key.Public().(ed25519.PublicKey), 7: two.Key.Public().(ed25519.PublicKey)}
}

func TestTickets(t *testing.T) {
	one, two, gate := signers()
	want := Ticket{Event: "0193a5c2f00b7cc2", Booking: "792ee2a735f34bc3f68e842433330ff0", Place: 3, Issue: 2}
	for _, s := range []Signer{one, two} {
		text, err := s.Sign(want)
		if err != nil || len(text) > 250 {
			t.Fatalf("%d characters, %v", len(text), err)
		}
		if got, err := gate.Check(" " + text + "\n"); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
		for i := range text { // any one character
			other := []byte(text)
			if other[i] = 'A'; other[i] == text[i] {
				other[i] = 'B'
			}
			if _, err := gate.Check(string(other)); err == nil {
				t.Errorf("character %d can be changed", i)
			}
		}
		if _, err := (Gate{2: gate[1]}).Check(text); err == nil {
			t.Error("a key that the gate does not know")
		}
		if _, err := (Gate{1: gate[7], 7: gate[1]}).Check(text); err == nil {
			t.Error("the key of another id")
		}
	}
	for name, bad := range map[string]Ticket{"no event": {Booking: "b", Place: 1}, "no booking": {Event: "e", Place: 1}, "long": {Event: strings.Repeat("x", maxPart+1), Booking: "b", Place: 1}} {
		if _, err := one.Sign(bad); err == nil {
			t.Error(name)
		}
	}
	// Signed, and yet not a ticket: the length leads out of it, or something follows.
	for name, said := range map[string][]byte{"too short": {0, 0, 0, 1, 0, 1, 0, 0, 9, 'e'}, "nothing": {0, 0, 0, 1, 0, 1, 0, 0}, "more": {0, 0, 0, 1, 0, 1, 0, 0, 1, 'e', 1, 'b', 0}} {
		b := append(said, ed25519.Sign(one.Key, append([]byte(ticketMark), said...))...)
		if got, err := gate.Check(ticketMark + base64.RawURLEncoding.EncodeToString(b)); err == nil || got != (Ticket{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func FuzzTicket(f *testing.F) {
	one, _, gate := signers()
	good, _ := one.Sign(Ticket{Event: "e", Booking: "b", Place: 1})
	for _, s := range []string{good, "", ticketMark, ticketMark + "AAAA", good[:len(good)-1], strings.ToLower(good)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := gate.Check(s)
		if err != nil {
			return
		}
		if again, err := one.Sign(got); err != nil || again != strings.TrimSpace(s) {
			t.Errorf("%q says %+v, which is %q", s, got, again)
		}
	})
}
