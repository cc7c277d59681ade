package mail

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"html/template"

	qrcode "github.com/skip2/go-qrcode"
)

// symbol is a QR code that travels in the message, because pictures from
// elsewhere are blocked and tell who reads. Without a text it is empty.
type symbol struct {
	Source template.URL // cid: of its part
	Alt    string
	Side   int // CSS pixels, quiet zone included
	png    []byte
}

const (
	maxQR      = 512 // bytes, which is what EMVCo lets a payment be
	shownDots  = 5   // CSS pixels a module
	storedDots = 2 * shownDots
	quietZone  = 4 // modules on each side
)

var errQR = errors.New("mail: a text that no QR code in a mail holds")

// symbol draws the text at level M.
func (d doc) symbol() (symbol, error) {
	if d.QR == "" {
		return symbol{}, nil
	}
	code, err := qrcode.New(d.QR, qrcode.Medium)
	if err != nil || len(d.QR) > maxQR {
		return symbol{}, permanentError{errQR}
	}
	png, err := code.PNG(-storedDots)
	if err != nil {
		return symbol{}, permanentError{err}
	}
	modules := 17 + 4*code.VersionNumber + 2*quietZone
	return symbol{Source: template.URL("cid:" + contentID(d.ID)), Alt: d.Lang.T(qrKey(d)), Side: modules * shownDots, png: png}, nil
}

// qrKey words what the symbol is for: a payment, or the ticket that a calendar's
// entry comes with.
func qrKey(d doc) string {
	if d.Event != nil {
		return "mail.qr.ticket"
	}
	return "mail.qr"
}

// contentID names the picture of a message, in words that need no escaping.
func contentID(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:16]) + "@qr"
}
