package tours

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"nguon/app/fault"
)

// Ticket is what the symbol of a ticket says, enough to let a party in without
// asking anybody: which departure or event, whose booking, which of its people.
// What was revoked, and who came already, stands on the list of the day.
type Ticket struct {
	Event   string // departure, or event of a festival
	Booking string // its Ref
	Place   uint16 // of the people of the booking, from 1; 0 for all of them
	Issue   uint16 // grows when it is issued anew, which ends those before
}

// Signer signs tickets with one of the keys that gates know.
type Signer struct {
	ID  uint32
	Key ed25519.PrivateKey
}

// Gate checks tickets without a network. Its keys are public.
type Gate map[uint32]ed25519.PublicKey

// The text of a ticket: a mark, a version, and then in base64url, without
// padding, the key's id, place and issue, event and booking with their lengths,
// and an Ed25519 signature (RFC 8032) over all of it, the mark included.
const (
	ticketMark = "NGV1."
	ticketHead = 4 + 2 + 2
	maxTicket  = 400 // characters
	maxPart    = 64
)

// Sign makes the text of a ticket's symbol. A ticket whose parts are empty or
// too long is fault.Invalid "tours.ticket".
func (s Signer) Sign(t Ticket) (string, error) {
	if t.Event == "" || t.Booking == "" || len(t.Event) > maxPart || len(t.Booking) > maxPart {
		return "", badTicket()
	}
	b := binary.BigEndian.AppendUint32(nil, s.ID)
	b = binary.BigEndian.AppendUint16(b, t.Place)
	b = binary.BigEndian.AppendUint16(b, t.Issue)
	for _, part := range [...]string{t.Event, t.Booking} {
		b = append(append(b, byte(len(part))), part...)
	}
	b = append(b, ed25519.Sign(s.Key, append([]byte(ticketMark), b...))...)
	return ticketMark + base64.RawURLEncoding.EncodeToString(b), nil
}

// Check reads a ticket. What was not signed by a known key, or not all of it, is
// fault.Invalid "tours.ticket"; nothing of it can be relied on then.
func (g Gate) Check(text string) (t Ticket, err error) {
	body, ok := strings.CutPrefix(strings.TrimSpace(text), ticketMark)
	if !ok || len(body) > maxTicket {
		return t, badTicket()
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(body)
	if err != nil || len(b) < ticketHead+ed25519.SignatureSize {
		return t, badTicket()
	}
	said, signature := b[:len(b)-ed25519.SignatureSize], b[len(b)-ed25519.SignatureSize:]
	key, known := g[binary.BigEndian.Uint32(said)]
	if !known || !ed25519.Verify(key, append([]byte(ticketMark), said...), signature) {
		return t, badTicket()
	}
	t.Place, t.Issue = binary.BigEndian.Uint16(said[4:]), binary.BigEndian.Uint16(said[6:])
	rest := said[ticketHead:]
	for _, part := range [...]*string{&t.Event, &t.Booking} {
		if len(rest) == 0 || len(rest) < 1+int(rest[0]) {
			return Ticket{}, badTicket()
		}
		*part, rest = string(rest[1:1+rest[0]]), rest[1+rest[0]:]
	}
	if len(rest) != 0 {
		return Ticket{}, badTicket()
	}
	return t, nil
}

func badTicket() error { return fault.New(fault.Invalid, "tours.ticket") }
