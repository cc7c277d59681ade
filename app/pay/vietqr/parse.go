package vietqr

import (
	"errors"
	"fmt"
	"strconv"

	"nguon/app/fault"
	"nguon/app/money"
)

// maxPayload is how long EMVCo lets a payload be.
const maxPayload = 512

// Parse reads a payload strictly: printable ASCII, every length right, no field
// twice, the version first and the sum last. Fields that a transfer does not
// need are passed over. Errors are fault.Invalid: "vietqr.form", "vietqr.sum",
// "vietqr.other" for a code of another scheme, currency or country, and those of
// Code.Payload.
func Parse(payload string) (Code, error) {
	top, err := sealed(payload)
	if err != nil {
		return Code{}, err
	}
	if top["53"] != currency || top["58"] != country {
		return Code{}, other(fmt.Errorf("vietqr: currency %q, country %q", top["53"], top["58"]))
	}
	c := Code{Dynamic: top["01"] == dynamic}
	if !c.Dynamic && top["01"] != static {
		return Code{}, malformed(fmt.Errorf("vietqr: point of initiation %q", top["01"]))
	}
	if err := c.readAccount(top["38"]); err != nil {
		return Code{}, err
	}
	if c.Amount, err = readAmount(top["54"]); err != nil {
		return Code{}, err
	}
	more, err := split(top["62"])
	if err != nil {
		return Code{}, malformed(err)
	}
	c.Bill, c.Purpose = more["01"], more["08"]
	if err := c.check(); err != nil {
		return Code{}, err
	}
	return c, nil
}

// sealed splits a payload whose frame and sum are right: the version first, the
// sum over all before it last.
func sealed(payload string) (map[string]string, error) {
	end := len(payload) - 4
	if len(payload) > maxPayload || !all(payload, isPrintable) || end < 10 || payload[:6] != "000201" || payload[end-4:end] != "6304" {
		return nil, malformed(errors.New("vietqr: not ASCII, or no version at the start, or no sum at the end"))
	}
	top, err := split(payload[:end-4])
	if err != nil {
		return nil, malformed(err)
	}
	if top["63"] != "" {
		return nil, malformed(errors.New("vietqr: a second sum"))
	}
	if payload[end:] != checksum(payload[:end]) {
		return nil, fault.New(fault.Invalid, "vietqr.sum")
	}
	return top, nil
}

// readAccount reads the template of NAPAS.
func (c *Code) readAccount(template string) error {
	napas, err := split(template)
	if err != nil {
		return malformed(err)
	}
	if napas["00"] != aid {
		return other(fmt.Errorf("vietqr: application %q", napas["00"]))
	}
	account, err := split(napas["01"])
	if err != nil {
		return malformed(err)
	}
	c.BIN, c.Number, c.Service = account["00"], account["01"], Service(napas["02"])
	return nil
}

// readAmount reads whole đồng, more than none, in one way of writing.
func readAmount(s string) (money.VND, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || !all(s, isDigit) || s[0] == '0' {
		return 0, fault.New(fault.Invalid, "vietqr.amount")
	}
	return money.VND(n), nil
}

// split takes apart fields of two digits of tag, two of length, and a value.
func split(s string) (map[string]string, error) {
	fields := map[string]string{}
	for at := 0; at < len(s); {
		if len(s)-at < 4 || !all(s[at:at+4], isDigit) {
			return nil, fmt.Errorf("vietqr: no tag and length at %d of %d", at, len(s))
		}
		tag := s[at : at+2]
		end := at + 4 + int(s[at+2]-'0')*10 + int(s[at+3]-'0')
		if _, twice := fields[tag]; twice || end == at+4 || end > len(s) {
			return nil, fmt.Errorf("vietqr: field %s at %d of %d is there twice, empty or too long", tag, at, len(s))
		}
		fields[tag] = s[at+4 : end]
		at = end
	}
	return fields, nil
}

func malformed(cause error) error { return fault.Wrap(fault.Invalid, "vietqr.form", cause) }

func other(cause error) error { return fault.Wrap(fault.Invalid, "vietqr.other", cause) }
