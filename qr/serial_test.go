package qr

import (
	"math/rand/v2"
	"strings"
	"testing"
)

const (
	testGTIN = "09520123456788"
	testLot  = "SL-2601"
)

func testSigner() *signer {
	return newSigner("A0", []byte("0123456789abcdef0123456789abcdef"), testGTIN, testLot)
}

// The format is printed on packets, so it must never change by accident.
func TestSerialIsStable(t *testing.T) {
	g := testSigner()
	for index, want := range map[int64]string{1: "A01" + macOf(g, 1), 32: "A010" + macOf(g, 32), maxIndex: "A0ZZZZZZZZ" + macOf(g, maxIndex)} {
		got := string(g.appendSerial(nil, index))
		if got != want || len(got) > 20 {
			t.Errorf("%d: got %s, want %s", index, got, want)
		}
		sr, err := ParseSerial(got)
		if err != nil || sr.Index != index || written(sr) != got || !g.verifies(sr) {
			t.Errorf("%s: %+v, %v", got, sr, err)
		}
	}
	if got := string(g.appendSerial(nil, 7)); got != goldenSerial {
		t.Errorf("the seventh serial is %s, was %s", got, goldenSerial)
	}
}

const goldenSerial = "A07WASGJ9JQD1"

func macOf(g *signer, n int64) string { return string(g.appendMAC(nil, n)) }

func TestParseSerialRefuses(t *testing.T) {
	good := string(testSigner().appendSerial(nil, 1000))
	for _, s := range []string{"", "A0", strings.ToLower(good), " " + good, good + " ", "A00" + good[3:], good[:12],
		"A0" + strings.Repeat("Z", 9) + good[len(good)-10:], "A01ABCDEFGHI0", "A01ABCDEFGHU0", "A01ABCDEFGHÔ0"} {
		if sr, err := ParseSerial(s); err == nil {
			t.Errorf("%q was read as %+v", s, sr)
		}
	}
}

// Changing any one character of a serial must leave it unsigned, also when the
// GTIN, the lot or the key is another.
func TestForgeries(t *testing.T) {
	g := testSigner()
	for _, index := range []int64{1, 31, 1024, 987654} {
		good := string(g.appendSerial(nil, index))
		for i := range good {
			for _, c := range []byte(crockford) {
				forged := good[:i] + string(c) + good[i+1:]
				sr, err := ParseSerial(forged)
				if forged != good && err == nil && sr.KeyID == "A0" && g.verifies(sr) {
					t.Fatalf("%s verifies, made from %s", forged, good)
				}
			}
		}
		sr, _ := ParseSerial(good)
		for _, other := range []*signer{
			newSigner("A0", []byte("0123456789abcdef0123456789abcdef"), "09520123456795", testLot),
			newSigner("A0", []byte("0123456789abcdef0123456789abcdef"), testGTIN, "SL-2602"),
			newSigner("A0", []byte("0123456789abcdef0123456789abcdeX"), testGTIN, testLot),
			newSigner("A0", []byte("0123456789abcdef0123456789abcdef"), testGTIN+"S", testLot[1:]),
			newSigner("A1", []byte("0123456789abcdef0123456789abcdef"), testGTIN, testLot),
		} {
			if other.verifies(sr) {
				t.Fatalf("%s verifies for another key, GTIN or lot", good)
			}
		}
	}
}

func TestGuesses(t *testing.T) {
	g, r := testSigner(), rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		s := []byte("A0")
		for range 1 + r.IntN(maxDigits) + macLen {
			s = append(s, crockford[r.IntN(32)])
		}
		if sr, err := ParseSerial(string(s)); err == nil && g.verifies(sr) {
			t.Fatalf("guessed %s", s)
		}
	}
}

func TestSerialsDiffer(t *testing.T) {
	g, seen := testSigner(), map[string]bool{}
	for i := int64(1); i <= 50_000; i++ {
		s := string(g.appendSerial(nil, i))
		if seen[s] {
			t.Fatalf("%s twice", s)
		}
		seen[s] = true
	}
}

// written puts a serial together again.
func written(s Serial) string {
	return string(append(appendIndex([]byte(s.KeyID), s.Index), s.MAC...))
}

func FuzzParseSerial(f *testing.F) {
	f.Add(string(testSigner().appendSerial(nil, 12345)))
	f.Add("a0-1 23io")
	f.Fuzz(func(t *testing.T, s string) {
		sr, err := ParseSerial(s)
		if err != nil {
			return
		}
		if written(sr) != s || sr.Index < 1 || sr.Index > maxIndex {
			t.Fatalf("%q became %+v", s, sr)
		}
		if tidySerial(strings.ToLower(s)) != s {
			t.Fatalf("%q does not survive typing", s)
		}
	})
}

func BenchmarkSerial(b *testing.B) {
	g, buf := testSigner(), make([]byte, 0, 32)
	b.ReportAllocs()
	for i := int64(1); b.Loop(); i++ {
		buf = g.appendSerial(buf[:0], i)
	}
}
