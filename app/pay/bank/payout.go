package bank

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"nguon/app/fault"
	"nguon/app/money"
)

// PayoutRow is one transfer that a bank shall make.
type PayoutRow struct {
	Name    string // of the account's holder
	Account string // digits and letters
	BIN     string // of the bank, six digits (NAPAS)
	Amount  money.VND
	Memo    string
}

// PayoutCSV writes a batch of transfers as a bank's upload takes it: UTF-8 with a
// mark, lines ending in CRLF, amounts as bare digits in đồng. A row that no bank
// could pay is fault.Invalid "order.payout.row" with Args "N" (from 1), and
// nothing is written.
//
// Cells that a spreadsheet would take for a formula get an apostrophe in front
// (https://owasp.org/www-community/attacks/CSV_Injection).
func PayoutCSV(w io.Writer, rows []PayoutRow) error {
	for i, r := range rows {
		if !r.payable() {
			return fault.New(fault.Invalid, "order.payout.row").With("N", i+1)
		}
	}
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write([]string{"STT", "Tên người nhận", "Số tài khoản", "Ngân hàng (BIN)", "Số tiền", "Nội dung"}); err != nil {
		return err
	}
	for i, r := range rows {
		err := out.Write([]string{strconv.Itoa(i + 1), harmless(r.Name), r.Account, r.BIN,
			strconv.FormatInt(int64(r.Amount), 10), harmless(r.Memo)})
		if err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (r PayoutRow) payable() bool {
	const digits, letters = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	return clean(r.Name, maxName) != "" && r.Amount > 0 && r.Amount <= maxAmount &&
		len(r.BIN) == 6 && strings.Trim(r.BIN, digits) == "" &&
		r.Account != "" && len(r.Account) <= 30 && strings.Trim(r.Account, digits+letters) == ""
}

// harmless brings a text onto one line and keeps it from being a formula.
func harmless(s string) string {
	s = clean(s, MaxMemo)
	if s != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(s)[0]) {
		return "'" + s
	}
	return s
}
