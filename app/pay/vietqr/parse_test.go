package vietqr

import (
	"strings"
	"testing"

	"nguon/app/fault"
	"nguon/app/money"
)

// sum puts the right sum behind a payload that ends in 6304.
func sum(body string) string { return body + checksum(body) }

// long is a field of the greatest length.
func long(tag string) string { return tag + "99" + strings.Repeat("x", 99) }

const (
	account = "38540010A00000072701240006970423011000999999990208QRIBFTTA"
	start   = "000201010211"
	vnd     = "5303704"
	inVN    = "5802VN"
	end     = "6304"
)

func TestChecksum(t *testing.T) {
	if got := checksum("123456789"); got != "29B1" { // the check value of CRC-16/CCITT-FALSE
		t.Error(got)
	}
}

func TestParseIsStrict(t *testing.T) {
	good := sum(start + account + vnd + inVN + end)
	if _, err := Parse(good); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ payload, code string }{
		"nothing":              {"", "vietqr.form"},
		"a web address":        {"https://nguon.example/", "vietqr.form"},
		"one letter changed":   {strings.Replace(good, "0099999999", "0099999998", 1), "vietqr.sum"},
		"a sum in small":       {good[:len(good)-4] + strings.ToLower(good[len(good)-4:]), "vietqr.sum"},
		"cut":                  {good[:len(good)-1], "vietqr.form"},
		"a space behind":       {good + " ", "vietqr.form"},
		"no sum":               {start + account + vnd + inVN, "vietqr.form"},
		"sum not last":         {sum(start + end + "0000" + account + vnd + inVN + end), "vietqr.form"},
		"version not first":    {sum("010211000201" + account + vnd + inVN + end), "vietqr.form"},
		"version 02":           {sum("000202010211" + account + vnd + inVN + end), "vietqr.form"},
		"no initiation":        {sum("000201" + account + vnd + inVN + end), "vietqr.form"},
		"initiation 13":        {sum("000201010213" + account + vnd + inVN + end), "vietqr.form"},
		"twice":                {sum(start + account + vnd + vnd + inVN + end), "vietqr.form"},
		"twice inside":         {sum(start + account + vnd + inVN + "62100801a0801b" + end), "vietqr.form"},
		"empty value":          {sum(start + account + vnd + inVN + "5400" + end), "vietqr.form"},
		"length of letters":    {sum(start + account + vnd + inVN + "54x15" + end), "vietqr.form"},
		"length with a sign":   {sum(start + account + vnd + inVN + "54+15" + end), "vietqr.form"},
		"length too long":      {sum(start + account + vnd + inVN + "54095" + end), "vietqr.form"},
		"length too long, in":  {sum(start + account + vnd + inVN + "62050803a" + end), "vietqr.form"},
		"swallowed service":    {sum(start + strings.Replace(account, "01240006", "01380006", 1) + vnd + inVN + end), "vietqr.form"},
		"outside ASCII":        {sum(start + account + vnd + inVN + "62070803\xc4\x91a" + end), "vietqr.form"},
		"too long":             {sum(start + account + vnd + inVN + long("80") + long("81") + long("82") + long("83") + long("84") + end), "vietqr.form"},
		"another scheme":       {sum(start + strings.Replace(account, "A000000727", "A000000775", 1) + vnd + inVN + end), "vietqr.other"},
		"no account":           {sum(start + vnd + inVN + end), "vietqr.other"},
		"dollars":              {sum(start + account + "5303840" + inVN + end), "vietqr.other"},
		"no currency":          {sum(start + account + inVN + end), "vietqr.other"},
		"Thailand":             {sum(start + account + vnd + "5802TH" + end), "vietqr.other"},
		"another service":      {sum(start + strings.Replace(account, "QRIBFTTA", "QRPUSHXX", 1) + vnd + inVN + end), "vietqr.service"},
		"bank of letters":      {sum(start + strings.Replace(account, "970423", "97O423", 1) + vnd + inVN + end), "vietqr.bin"},
		"account of dots":      {sum(start + strings.Replace(account, "0099999999", "00.9999999", 1) + vnd + inVN + end), "vietqr.account"},
		"amount of none":       {sum(start + account + vnd + "54010" + inVN + end), "vietqr.amount"},
		"amount with a zero":   {sum(start + account + vnd + "54040500" + inVN + end), "vietqr.amount"},
		"amount with decimals": {sum(start + account + vnd + "540410.0" + inVN + end), "vietqr.amount"},
		"amount with a sign":   {sum(start + account + vnd + "5402+5" + inVN + end), "vietqr.amount"},
		"fourteen digits":      {sum(start + account + vnd + "541410000000000000" + inVN + end), "vietqr.amount"},
		"beyond 64 bits":       {sum(start + account + vnd + "542099999999999999999999" + inVN + end), "vietqr.amount"},
		"long memo":            {sum(start + account + vnd + inVN + "62300826" + strings.Repeat("a", 26) + end), "vietqr.memo"},
		"long bill":            {sum(start + account + vnd + inVN + "62300126" + strings.Repeat("a", 26) + end), "vietqr.bill"},
	} {
		if got, err := Parse(tt.payload); got != (Code{}) || !fault.Is(err, fault.Invalid) || fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// Banks add fields for shops; they say nothing about the transfer.
func TestOtherFieldsArePassedOver(t *testing.T) {
	p := sum(start + account + "52045812" + vnd + inVN + "5911HTX CA PHE1" + "6006SON LA" + "62140305KHO010801a" + end)
	if got, err := Parse(p); err != nil || got.Purpose != "a" || got.Number != "0099999999" {
		t.Errorf("%+v, %v", got, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Payload, "970405", "7900201001234", int64(185000), "SL7K2Q cà phê", "")
	}
	f.Add(sum(start + account + vnd + inVN + end)[:20], "97040", "", int64(-1), "\xff", strings.Repeat("x", 26))
	f.Add("00", "970403", "9704031101234567", int64(0), "Đ", "NPS6869")
	f.Fuzz(func(t *testing.T, payload, bin, number string, amount int64, memo, bill string) {
		// Damaged at random, the sum hides everything behind it.
		for _, p := range []string{payload, sum(payload), sum(payload + end)} {
			if c, err := Parse(p); err == nil {
				mustComeBack(t, c)
			}
		}
		for _, s := range []Service{ToAccount, ToCard} {
			c := Code{Dynamic: amount > 0, BIN: bin, Number: number, Service: s, Amount: money.VND(amount), Bill: bill, Purpose: Memo(memo)}
			if c.check() == nil {
				mustComeBack(t, c)
			}
		}
		if p, err := Payload(Payee{BIN: bin, Number: number}, money.VND(amount), memo); err == nil {
			if c, err := Parse(p); err != nil || c.Purpose != Memo(memo) || c.Amount != money.VND(amount) || c.Number != number || c.BIN != bin {
				t.Errorf("%s: %+v, %v", p, c, err)
			}
		}
	})
}

func mustComeBack(t *testing.T, c Code) {
	t.Helper()
	p, err := c.Payload()
	if err != nil {
		t.Fatalf("%+v: %v", c, err)
	}
	if got, err := Parse(p); err != nil || got != c {
		t.Errorf("%s: %+v, %v; want %+v", p, got, err, c)
	}
}
