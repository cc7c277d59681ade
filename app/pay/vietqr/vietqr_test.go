package vietqr

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"testing"

	"nguon/app/fault"
	"nguon/app/money"
)

// vector is one payload of others with our decoded columns.
type vector struct {
	Payload string  `json:"payload"`
	POI     string  `json:"poi"`
	BIN     string  `json:"bin"`
	Account string  `json:"account"`
	Service Service `json:"service"`
	Amount  *string `json:"amount"`
	Bill    *string `json:"bill"`
	Purpose *string `json:"purpose"`
	CRC     string  `json:"crc"`
	TLV     bool    `json:"tlv_ok"`
	CRCOK   bool    `json:"crc_ok"`
}

func vectors(t testing.TB) []vector {
	t.Helper()
	b, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Vectors []vector }
	if err := json.Unmarshal(b, &file); err != nil {
		t.Fatal(err)
	}
	return file.Vectors
}

func (v vector) code(t testing.TB) Code {
	t.Helper()
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	c := Code{Dynamic: v.POI == "dynamic", BIN: v.BIN, Number: v.Account, Service: v.Service, Bill: text(v.Bill), Purpose: text(v.Purpose)}
	if v.Amount != nil {
		n, err := strconv.ParseInt(*v.Amount, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		c.Amount = money.VND(n)
	}
	return c
}

func TestVectors(t *testing.T) {
	const total, byCode, byPayee = 8, 8, 3
	var read, written, paid int
	for _, v := range vectors(t) {
		want := v.code(t)
		got, err := Parse(v.Payload)
		if (err == nil) != (v.TLV && v.CRCOK) || err == nil && got != want {
			t.Errorf("%s\n got %+v, %v\nwant %+v", v.Payload, got, err, want)
		}
		if sum := checksum(v.Payload[:len(v.Payload)-4]); (sum == v.CRC) != v.CRCOK {
			t.Errorf("%s: sum %s", v.Payload, sum)
		}
		read++
		if p, err := want.Payload(); err == nil && p == v.Payload {
			written++
		} else {
			t.Errorf("%s\n got %s, %v", v.Payload, p, err)
		}
		// An order's code: to an account, with a memo and without a bill number.
		if want.Purpose == "" || want.Bill != "" || want.Service != ToAccount {
			continue
		}
		if p, err := Payload(Payee{BIN: want.BIN, Number: want.Number}, want.Amount, want.Purpose); err == nil && p == v.Payload {
			paid++
		} else {
			t.Errorf("%s\n got %s, %v", v.Payload, p, err)
		}
	}
	if read != total || written != byCode || paid != byPayee {
		t.Errorf("%d read, %d written, %d of them as of an order", read, written, paid)
	}
}

var market = Payee{BIN: "970405", Number: "7900201001234", Name: "HTX CA PHE SON LA"}

func TestPayloadOfAnOrder(t *testing.T) {
	p, err := Payload(market, 185_000, "SL7K2Q Cà phê Sơn La")
	if err != nil {
		t.Fatal(err)
	}
	want := Code{Dynamic: true, BIN: market.BIN, Number: market.Number, Service: ToAccount, Amount: 185_000, Purpose: "SL7K2Q Ca phe Son La"}
	if got, err := Parse(p); err != nil || got != want {
		t.Errorf("%s: %+v, %v", p, got, err)
	}
	open, err := Payload(market, 0, "Ung ho")
	if got, e := Parse(open); err != nil || e != nil || got.Dynamic || got.Amount != 0 || strings.Contains(open, "5406") {
		t.Errorf("%s: %+v, %v, %v", open, got, err, e)
	}
}

func TestMemo(t *testing.T) {
	for s, want := range map[string]string{
		"SL7K2Q":                           "SL7K2Q",
		"SL7K2Q Đặc sản ĐẶNG":              "SL7K2Q Dac san DANG",
		"Ca\u0300 phe\u0302 \u0110a\u0306": "Ca phe Da", // decomposed
		"  SL7K2Q:\tđơn\nhàng -- 12.500₫":  "SL7K2Q don hang 12 500",
		"không có gì phải lo lắng cả":      "khong co gi phai lo lang", // 24, and no space at the end
		"1234567890123456789012345678":     "1234567890123456789012345",
		"":                                 "", "…—₫": "", "咖啡": "", "\xff\xfe": "",
	} {
		if got := Memo(s); got != want || Memo(got) != got {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestWhatCannotBePaid(t *testing.T) {
	for name, tt := range map[string]struct {
		payee  Payee
		amount money.VND
		memo   string
		code   string
	}{
		"no bank":         {Payee{Number: "1"}, 1, "x", "vietqr.bin"},
		"letters":         {Payee{BIN: "97040A", Number: "1"}, 1, "x", "vietqr.bin"},
		"no account":      {Payee{BIN: "970405"}, 1, "x", "vietqr.account"},
		"spaces":          {Payee{BIN: "970405", Number: "12 34"}, 1, "x", "vietqr.account"},
		"long account":    {Payee{BIN: "970405", Number: strings.Repeat("1", 20)}, 1, "x", "vietqr.account"},
		"negative":        {market, -1, "x", "vietqr.amount"},
		"fourteen digits": {market, 10_000_000_000_000, "x", "vietqr.amount"},
		"no memo":         {market, 1, "", "vietqr.memo"},
		"nothing left":    {market, 1, "…", "vietqr.memo"},
	} {
		if p, err := Payload(tt.payee, tt.amount, tt.memo); p != "" || !fault.Is(err, fault.Invalid) || fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %q, %v", name, p, err)
		}
	}
	for name, tt := range map[string]struct {
		change func(*Code)
		code   string
	}{
		"no service":    {func(c *Code) { c.Service = "" }, "vietqr.service"},
		"short card":    {func(c *Code) { c.Service = ToCard }, "vietqr.account"},
		"letters":       {func(c *Code) { c.Service, c.Number = ToCard, "97040311012345AB" }, "vietqr.account"},
		"long bill":     {func(c *Code) { c.Bill = strings.Repeat("x", 26) }, "vietqr.bill"},
		"bill accents":  {func(c *Code) { c.Bill = "đ" }, "vietqr.bill"},
		"long purpose":  {func(c *Code) { c.Purpose = strings.Repeat("x", 26) }, "vietqr.memo"},
		"line end":      {func(c *Code) { c.Purpose = "a\nb" }, "vietqr.memo"},
		"accented memo": {func(c *Code) { c.Purpose = "cà phê" }, "vietqr.memo"},
	} {
		c := Code{BIN: "970405", Number: "1", Service: ToAccount}
		tt.change(&c)
		if p, err := c.Payload(); p != "" || fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %q, %v", name, p, err)
		}
	}
}

func TestBanks(t *testing.T) {
	list := Banks()
	seen := map[string]bool{}
	for i, b := range list {
		if len(b.BIN) != 6 || !all(b.BIN, isDigit) || b.Short == "" || b.Name == "" || seen[b.BIN] {
			t.Errorf("%+v", b)
		}
		seen[b.BIN] = true
		if i > 0 && strings.ToLower(list[i-1].Short) >= strings.ToLower(b.Short) {
			t.Errorf("%s stands behind %s", b.Short, list[i-1].Short)
		}
	}
	if len(list) < 50 {
		t.Errorf("%d banks", len(list))
	}
	list[0] = Bank{}
	if Banks()[0] == list[0] {
		t.Error("the list can be changed from outside")
	}
	for bin, short := range map[string]string{"970405": "Agribank", "970436": "Vietcombank", "970418": "BIDV", "970406": "Vikki Bank"} {
		if b, ok := BankByBIN(bin); !ok || b.Short != short {
			t.Errorf("%s: %+v", bin, b)
		}
	}
	if b, ok := BankByBIN("000000"); ok {
		t.Error(b)
	}
	for _, v := range vectors(t) {
		if _, ok := BankByBIN(v.BIN); !ok {
			t.Errorf("no bank %s", v.BIN)
		}
	}
}
