package bank

import (
	"bytes"
	"encoding/csv"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"nguon/app/fault"
)

func TestPayoutCSV(t *testing.T) {
	base := PayoutRow{Name: "HTX Cà phê Chiềng Ban", Account: "0123456789", BIN: "970436", Amount: 1_250_000, Memo: "Nguon dot 12"}
	for _, tt := range []struct {
		name string
		edit func(*PayoutRow)
		want []string // name and memo as they stand in the file
	}{
		{"plain", func(*PayoutRow) {}, []string{base.Name, base.Memo}},
		{"equals", func(r *PayoutRow) { r.Name = "=HYPERLINK(\"http://x\")" }, []string{"'=HYPERLINK(\"http://x\")", base.Memo}},
		{"plus", func(r *PayoutRow) { r.Memo = "+1" }, []string{base.Name, "'+1"}},
		{"minus", func(r *PayoutRow) { r.Memo = "-1" }, []string{base.Name, "'-1"}},
		{"at", func(r *PayoutRow) { r.Memo = "@SUM(A1)" }, []string{base.Name, "'@SUM(A1)"}},
		{"tab", func(r *PayoutRow) { r.Memo = "\t=1" }, []string{base.Name, "'=1"}},
		{"line", func(r *PayoutRow) { r.Memo = "\r\n=1\n=2" }, []string{base.Name, "'=1 =2"}},
		{"blank first", func(r *PayoutRow) { r.Memo = "  =1" }, []string{base.Name, "'=1"}},
		{"full width", func(r *PayoutRow) { r.Memo = "＝1" }, []string{base.Name, "'＝1"}},
		{"cell within", func(r *PayoutRow) { r.Memo = `x",=1` }, []string{base.Name, `x",=1`}},
		{"inside", func(r *PayoutRow) { r.Memo = "a=1" }, []string{base.Name, "a=1"}},
		{"no memo", func(r *PayoutRow) { r.Memo = "" }, []string{base.Name, ""}},
	} {
		row := base
		tt.edit(&row)
		var out bytes.Buffer
		if err := PayoutCSV(&out, []PayoutRow{base, row}); err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		body, marked := strings.CutPrefix(out.String(), "\uFEFF")
		all, err := csv.NewReader(strings.NewReader(body)).ReadAll()
		if !marked || err != nil || len(all) != 3 || strings.Count(body, "\r\n") != 3 || strings.Count(body, "\n") != 3 {
			t.Errorf("%s: %v %q", tt.name, err, body)
			continue
		}
		if want := []string{"STT", "Tên người nhận", "Số tài khoản", "Ngân hàng (BIN)", "Số tiền", "Nội dung"}; !slices.Equal(all[0], want) {
			t.Errorf("%q", all[0])
		}
		if want := []string{"2", tt.want[0], "0123456789", "970436", "1250000", tt.want[1]}; !slices.Equal(all[2], want) {
			t.Errorf("%s: %q, want %q", tt.name, all[2], want)
		}
	}
}

func TestPayoutsThatNoBankCouldMake(t *testing.T) {
	base := PayoutRow{Name: "A", Account: "0123", BIN: "970436", Amount: 1}
	for name, edit := range map[string]func(*PayoutRow){
		"no name":           func(r *PayoutRow) { r.Name = " " },
		"no account":        func(r *PayoutRow) { r.Account = "" },
		"a formula":         func(r *PayoutRow) { r.Account = "=1" },
		"spaces in account": func(r *PayoutRow) { r.Account = "01 23" },
		"short BIN":         func(r *PayoutRow) { r.BIN = "97043" },
		"letters in BIN":    func(r *PayoutRow) { r.BIN = "97043x" },
		"nothing":           func(r *PayoutRow) { r.Amount = 0 },
		"negative":          func(r *PayoutRow) { r.Amount = -1 },
		"too much":          func(r *PayoutRow) { r.Amount = math.MaxInt64 },
	} {
		row := base
		edit(&row)
		var out bytes.Buffer
		err := PayoutCSV(&out, []PayoutRow{base, row})
		if fault.CodeOf(err) != "order.payout.row" || fault.As(err).Args["N"] != 2 || out.Len() != 0 {
			t.Errorf("%s: %v, %q", name, err, out.String())
		}
	}
}

type broken struct{ after int }

func (b *broken) Write(p []byte) (int, error) {
	if b.after -= len(p); b.after < 0 {
		return 0, errors.New("disk full")
	}
	return len(p), nil
}

func TestPayoutCSVTellsWhenWritingFails(t *testing.T) {
	rows := []PayoutRow{{Name: "A", Account: "0123", BIN: "970436", Amount: 1}}
	for _, after := range []int{0, 3, 50} {
		if err := PayoutCSV(&broken{after}, rows); err == nil {
			t.Errorf("no error after %d bytes", after)
		}
	}
}
