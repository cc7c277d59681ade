package qr

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"hash"
	"strings"

	"nguon/app/fault"
)

// crockford is the alphabet of serials: no I, L, O (read as 1 and 0) and no U.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// A serial is key id, index and MAC without separators, 13 to 20 characters.
const (
	keyIDLen  = 2
	macLen    = 10 // 50 bits
	maxDigits = 8  // of the index
	maxIndex  = 1<<(5*maxDigits) - 1
)

// Serial is AI 21 taken apart: which key signed it, the packet's number within
// its GTIN, from 1, and the signature.
type Serial struct {
	KeyID string
	Index int64
	MAC   string
}

// ParseSerial reads a serial in its one canonical form, upper case and without
// leading zeros of the index. Anything else is fault.Invalid
// "qr.serial.form", and was not issued here. It says nothing about the MAC.
func ParseSerial(s string) (Serial, error) {
	bad := fault.New(fault.Invalid, "qr.serial.form")
	digits := len(s) - keyIDLen - macLen
	if digits < 1 || digits > maxDigits {
		return Serial{}, bad
	}
	for i := range len(s) {
		if strings.IndexByte(crockford, s[i]) < 0 {
			return Serial{}, bad
		}
	}
	if s[keyIDLen] == '0' {
		return Serial{}, bad
	}
	var n int64
	for i := keyIDLen; i < keyIDLen+digits; i++ {
		n = n<<5 | int64(strings.IndexByte(crockford, s[i]))
	}
	return Serial{s[:keyIDLen], n, s[keyIDLen+digits:]}, nil
}

// appendIndex writes an index with as few digits as it takes.
func appendIndex(b []byte, n int64) []byte {
	var d [13]byte
	i := len(d)
	for ; n > 0; n >>= 5 {
		i--
		d[i] = crockford[n&31]
	}
	return append(b, d[i:]...)
}

// longestSerial stands in for the serials up to index n: no symbol of one of
// them is larger. It is all letters, which take most room, and has five more
// than the serials, because the encoder may divide a symbol before and behind
// a row of digits, at most twice in a serial, for up to 13 bits each time.
func longestSerial(n int64) string {
	const spare = 5
	return strings.Repeat("A", keyIDLen+len(appendIndex(nil, n))+macLen+spare)
}

// signer makes and checks serials of one GTIN and lot with one key. It is not
// safe for concurrent use.
type signer struct {
	keyID string
	mac   hash.Hash
	head  []byte // what comes before the index
	sum   []byte
}

// macDomain keeps these signatures apart from any other use of the key.
const macDomain = "nguon/qr-serial/1"

func newSigner(keyID string, secret []byte, gtin, lot string) *signer {
	var head []byte
	for _, s := range [...]string{macDomain, keyID, gtin, lot} {
		head = binary.BigEndian.AppendUint32(head, uint32(len(s)))
		head = append(head, s...)
	}
	return &signer{keyID, hmac.New(sha256.New, secret), head, make([]byte, 0, sha256.Size)}
}

// appendMAC writes the first 50 bits of HMAC-SHA256 over domain, key id, GTIN,
// lot (each with its length) and index.
func (g *signer) appendMAC(b []byte, index int64) []byte {
	g.mac.Reset()
	g.mac.Write(g.head)
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(index))
	g.mac.Write(n[:])
	g.sum = g.mac.Sum(g.sum[:0])
	bits := binary.BigEndian.Uint64(g.sum)
	for i := range macLen {
		b = append(b, crockford[bits>>(59-5*i)&31])
	}
	return b
}

// appendSerial writes the whole serial of an index.
func (g *signer) appendSerial(b []byte, index int64) []byte {
	return g.appendMAC(appendIndex(append(b, g.keyID...), index), index)
}

// verifies compares in constant time.
func (g *signer) verifies(s Serial) bool {
	var want [macLen]byte
	return subtle.ConstantTimeCompare(g.appendMAC(want[:0], s.Index), []byte(s.MAC)) == 1
}

// tidySerial brings what people type to the canonical form: separators out,
// upper case, I and L as 1, O as 0.
func tidySerial(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '.', '_', '/', '·':
			return -1
		case 'i', 'I', 'l', 'L':
			return '1'
		case 'o', 'O':
			return '0'
		}
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}
