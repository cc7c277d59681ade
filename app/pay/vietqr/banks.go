package vietqr

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
)

// Bank is a bank in Vietnam that takes transfers over NAPAS 247. Names are
// Vietnamese; the source of the list is named in data/README.md.
type Bank struct {
	BIN   string `json:"bin"`   // "970405"
	Short string `json:"short"` // "Agribank"
	Name  string `json:"name"`  // "Ngân hàng Nông nghiệp và Phát triển Nông thôn Việt Nam"
}

//go:embed data/banks.json
var banksJSON []byte

var banks = mustBanks(banksJSON)

// mustBanks panics at start when the embedded file is not what it must be.
func mustBanks(data []byte) []Bank {
	var file struct{ Banks []Bank }
	if err := json.Unmarshal(data, &file); err != nil {
		panic(fmt.Errorf("vietqr: banks: %w", err))
	}
	return file.Banks
}

// Banks lists the banks by short name, for a form to choose from.
func Banks() []Bank { return slices.Clone(banks) }

// BankByBIN finds a bank; one that is not known may still exist.
func BankByBIN(bin string) (b Bank, ok bool) {
	i := slices.IndexFunc(banks, func(b Bank) bool { return b.BIN == bin })
	if i < 0 {
		return Bank{}, false
	}
	return banks[i], true
}
