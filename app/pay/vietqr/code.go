package vietqr

import (
	"fmt"
	"strconv"
	"strings"

	"nguon/app/fault"
	"nguon/app/money"
)

// Service is how the receiving bank is to read the number of a code.
type Service string

// The services of NAPAS 247.
const (
	ToAccount Service = "QRIBFTTA"
	ToCard    Service = "QRIBFTTC"
)

// Code is what a payload says.
type Code struct {
	Dynamic bool // point of initiation: 12, for one payment, or 11, for any number of them
	BIN     string
	Number  string // of the account, or of the card
	Service Service
	Amount  money.VND // in đồng; 0 when the payer types it
	Bill    string    // bill number, "" for none
	Purpose string    // memo, "" for none
}

const (
	aid       = "A000000727" // NAPAS
	currency  = "704"        // ISO 4217, VND
	country   = "VN"
	static    = "11"
	dynamic   = "12"
	maxNumber = 19
	minCard   = 16
	maxAmount = 9_999_999_999_999 // 13 digits
	maxText   = 25                // of bill number and purpose
)

// Payload writes the code. What Parse would not read is fault.Invalid:
// "vietqr.bin", "vietqr.account", "vietqr.service", "vietqr.amount",
// "vietqr.bill" or "vietqr.memo".
func (c Code) Payload() (string, error) {
	if err := c.check(); err != nil {
		return "", err
	}
	initiation := static
	if c.Dynamic {
		initiation = dynamic
	}
	var b strings.Builder
	b.WriteString(tlv("00", "01") + tlv("01", initiation))
	b.WriteString(tlv("38", tlv("00", aid)+tlv("01", tlv("00", c.BIN)+tlv("01", c.Number))+tlv("02", string(c.Service))))
	b.WriteString(tlv("53", currency))
	if c.Amount > 0 {
		b.WriteString(tlv("54", strconv.FormatInt(int64(c.Amount), 10)))
	}
	b.WriteString(tlv("58", country) + tlv("62", tlv("01", c.Bill)+tlv("08", c.Purpose)))
	b.WriteString("6304")
	return b.String() + checksum(b.String()), nil
}

// tlv is one field: tag, two digits of length, value. An empty value is no field.
func tlv(tag, value string) string {
	if value == "" {
		return ""
	}
	return fmt.Sprintf("%s%02d%s", tag, len(value), value)
}

// checksum is CRC-16/CCITT-FALSE (polynomial 1021, start FFFF) in four digits.
func checksum(s string) string {
	crc := uint16(0xffff)
	for i := range len(s) {
		crc ^= uint16(s[i]) << 8
		for range 8 {
			top := crc&0x8000 != 0
			if crc <<= 1; top {
				crc ^= 0x1021
			}
		}
	}
	return fmt.Sprintf("%04X", crc)
}

// check is the rule for codes that are written and for those that are read.
func (c Code) check() error {
	switch {
	case len(c.BIN) != 6 || !all(c.BIN, isDigit):
		return fault.New(fault.Invalid, "vietqr.bin")
	case c.Service != ToAccount && c.Service != ToCard:
		return fault.New(fault.Invalid, "vietqr.service")
	case !c.fitsNumber():
		return fault.New(fault.Invalid, "vietqr.account")
	case c.Amount < 0 || c.Amount > maxAmount:
		return fault.New(fault.Invalid, "vietqr.amount")
	case len(c.Bill) > maxText || !all(c.Bill, isPrintable):
		return fault.New(fault.Invalid, "vietqr.bill")
	case len(c.Purpose) > maxText || !all(c.Purpose, isPrintable):
		return fault.New(fault.Invalid, "vietqr.memo")
	}
	return nil
}

func (c Code) fitsNumber() bool {
	if c.Service == ToCard {
		return len(c.Number) >= minCard && len(c.Number) <= maxNumber && all(c.Number, isDigit)
	}
	return c.Number != "" && len(c.Number) <= maxNumber && all(c.Number, isAlnum)
}

// isPrintable leaves out what is not ASCII, because programs differ in how they
// count its length.
func isPrintable(b byte) bool { return b >= ' ' && b <= '~' }
