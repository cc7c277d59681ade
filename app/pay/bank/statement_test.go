package bank

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog/order"
)

func day(y int, m time.Month, d, hour, minute, second int) time.Time {
	return time.Date(y, m, d, hour, minute, second, 0, lang.Zone)
}

func read(t *testing.T, b []byte) Statement {
	t.Helper()
	s, err := ParseStatement(b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// equal compares transfers; the same time may be held in different ways.
func equal(a, b order.Incoming) bool {
	at := a.Booked.Equal(b.Booked)
	a.Booked = b.Booked
	return at && a == b
}

// The files are made up in the layouts of the banks: encodings, delimiters,
// forms of amounts and dates, headings in two languages, notes above and below.
func TestStatementsOfBanks(t *testing.T) {
	for _, tt := range []struct {
		file    string
		want    []order.Incoming
		lines   []int
		skipped int
		columns int
	}{
		{"vietcombank-like.csv", []order.Incoming{
			{Ref: "5078 - 93023", Amount: 185_000, Booked: day(2025, 9, 1, 0, 0, 0), To: "0999000111222",
				Memo: "MBVCB.1457193831.SL7K2Q CT tu 0123456789 NGUYEN VAN A toi 0999000111222"},
			{Ref: "5013 - 40411", Amount: 1_250_000, Booked: day(2025, 9, 3, 0, 0, 0), To: "0999000111222",
				Memo: "IBVCB.SL9M4T thanh toan don hang"},
		}, []int{14, 18}, 3, 5},
		{"bidv-like.csv", []order.Incoming{
			{Ref: "FT25244000111", Amount: 1_850_000, Booked: day(2025, 9, 1, 8, 15, 42), To: "12010009990001",
				Memo: "REM Tfr Ac: 111222333444 SL7K2Q"},
			{Ref: "FT25245000333", Amount: 500_000, Booked: day(2025, 9, 2, 23, 59, 59), To: "12010009990001",
				Memo: "NOP TIEN MAT"},
		}, []int{5, 7}, 1, 5},
		{"techcombank-like.csv", []order.Incoming{
			{Ref: "FT25244123456", Amount: 372_000, Booked: day(2025, 9, 1, 7, 0, 0),
				Memo: "SL7K2Q mua cà phê", From: "19031234567890 TRẦN THỊ B"},
			{Ref: "FT25245777777", Amount: 50_000, Booked: day(2025, 9, 2, 0, 0, 0),
				Memo: "đặt chỗ", From: "19030000000001 LÊ C"},
		}, []int{3, 5}, 2, 8},
		{"mb-like.csv", []order.Incoming{
			{Ref: "row:", Amount: 270_000, Booked: day(2025, 9, 1, 10, 11, 12), To: "0801000999888",
				Memo: "Chuyển tiền SL7K2Q", From: "NGUYỄN VĂN ĐỨC"},
			{Ref: "row:", Amount: 270_000, Booked: day(2025, 9, 1, 10, 11, 12), To: "0801000999888",
				Memo: "Chuyển tiền SL7K2Q", From: "NGUYỄN VĂN ĐỨC"},
		}, []int{4, 5}, 2, 6},
	} {
		t.Run(tt.file, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join("testdata", tt.file))
			if err != nil {
				t.Fatal(err)
			}
			s := read(t, b)
			if len(s.Rows) != len(tt.want) || s.Skipped != tt.skipped || len(s.Columns) != tt.columns {
				t.Fatalf("%d rows, %d skipped, columns %q: %+v", len(s.Rows), s.Skipped, s.Columns, s.Rows)
			}
			for i, r := range s.Rows {
				if tt.want[i].Ref == "row:" {
					if len(r.In.Ref) != len("row:")+16 {
						t.Errorf("ref %q", r.In.Ref)
					}
					tt.want[i].Ref = r.In.Ref
				}
				if r.Problem != "" || r.Line != tt.lines[i] || !equal(r.In, tt.want[i]) {
					t.Errorf("line %d %q\n got %+v\nwant %+v", r.Line, r.Problem, r.In, tt.want[i])
				}
			}
			if again := read(t, b); !slices.Equal(again.Rows, s.Rows) {
				t.Error("a second reading differs")
			}
			if s.Rows[0].In.Ref == s.Rows[1].In.Ref {
				t.Error("two transfers have one reference")
			}
		})
	}
}

const head = "Ngày giao dịch,Số tham chiếu,Nội dung,Ghi nợ,Ghi có\n"

// One row below a header: what it becomes.
func TestRows(t *testing.T) {
	long := strings.Repeat("ố", 600)
	for _, tt := range []struct {
		name, row string
		amount    money.VND
		memo, ref string
		problem   string
		skipped   int
	}{
		{"plain", "01/09/2025,FT1,SL7K2Q,,185000", 185_000, "SL7K2Q", "FT1", "", 0},
		{"one-digit day", "1/9/2025,FT1,x,,1", 1, "x", "FT1", "", 0},
		{"quoted newline", "01/09/2025,FT1,\"a\r\nb \"\"c\"\"\",,185000\n", 185_000, `a b "c"`, "FT1", "", 0},
		{"formula", `01/09/2025,FT1,"=HYPERLINK(""http://x"")",,"1.000"`, 1000, `=HYPERLINK("http://x")`, "FT1", "", 0},
		{"text marks", `01/09/2025,"=""00123""",x,,'1000`, 1000, "x", "00123", "", 0},
		{"open quote", "01/09/2025,FT1,\"never closed,,185000\n02/09/2025,FT2,y,,0", 185_000, `"never closed`, "FT1", "", 1},
		{"bad quote", `01/09/2025,FT1,"a "b" c",,185000`, 185_000, `"a "b" c"`, "FT1", "", 0},
		{"long memo", "01/09/2025,FT1," + long + ",,5", 5, long[:500*len("ố")], "FT1", "", 0},
		{"debit", "01/09/2025,FT1,x,185000,", 0, "", "", "", 1},
		{"zero", "01/09/2025,FT1,x,0,0", 0, "", "", "", 1},
		{"reversal", "01/09/2025,FT1,x,,-5.000", 0, "", "", "", 1},
		{"note", "Cảm ơn quý khách,,,,", 0, "", "", "", 1},
		{"total", "Tổng cộng,,,5,7", 0, "", "", "", 1},
		{"header again", head, 0, "", "", "", 1},
		{"both sides", "01/09/2025,FT1,x,5,5", 0, "x", "", problemAmount, 0},
		{"half a đồng", "01/09/2025,FT1,x,,\"5,50\"", 0, "x", "", problemAmount, 0},
		{"words", "01/09/2025,FT1,x,,năm nghìn", 0, "x", "", problemAmount, 0},
		{"debit in words", "01/09/2025,FT1,x,??,5", 0, "x", "", problemAmount, 0},
		{"American day", "09/25/2025,FT1,x,,5", 0, "x", "", problemDate, 0},
		{"no day", ",FT1,Cong ty A chuyen,,5", 0, "Cong ty A chuyen", "", problemDate, 0},
		{"31 February", "31/02/2025,FT1,x,,5", 0, "x", "", problemDate, 0},
		{"day and more", "01/09/2025 x,FT1,x,,5", 0, "x", "", problemDate, 0},
		{"unquoted groups", "01/09/2025,FT1,x,,1,850,000", 0, "x", "", problemColumns, 0},
		{"moved by a comma", "01/09/2025,FT1,a,b,,5", 0, "a", "", problemColumns, 0},
	} {
		s, err := ParseStatement([]byte(head + tt.row))
		if err != nil || s.Skipped != tt.skipped || tt.skipped == 0 && len(s.Rows) != 1 {
			t.Errorf("%s: %v, %d skipped, %+v", tt.name, err, s.Skipped, s.Rows)
			continue
		}
		if tt.amount == 0 && tt.problem == "" {
			if len(s.Rows) != 0 {
				t.Errorf("%s: %+v", tt.name, s.Rows)
			}
			continue
		}
		if r := s.Rows[0]; r.In.Amount != tt.amount || r.In.Memo != tt.memo || r.In.Ref != tt.ref || r.Problem != tt.problem || r.Line != 2 {
			t.Errorf("%s: %+v", tt.name, r)
		}
	}
}

// A quotation mark that is never closed costs no other row, wherever the next
// mark stands.
func TestOpenQuotesSwallowNothing(t *testing.T) {
	for name, tt := range map[string]struct {
		below string
		rows  int
	}{
		"the next row ends in a mark":   {"02/09/2025,FT2,5\",,6\n", 2},
		"numbered rows, the mark later": {"02/09/2025,FT2,x,,6\n03/09/2025,FT3,5\",,7\n", 3},
		"far away":                      {strings.Repeat("x\n", maxBreak+1) + "y\",,6\n03/09/2025,FT3,x,,7\n", 2},
	} {
		s := read(t, []byte(head+"01/09/2025,FT1,\"open,,5\n"+tt.below))
		if len(s.Rows) != tt.rows || s.Rows[0].In.Memo != `"open` || s.Rows[0].In.Amount != 5 {
			t.Errorf("%s: %+v", name, s.Rows)
		}
	}
}

func TestDuplicateRows(t *testing.T) {
	refs := func(rows ...string) (list []string) {
		for _, r := range read(t, []byte("Date;Description;Credit\n"+strings.Join(rows, "\n"))).Rows {
			list = append(list, r.In.Ref)
		}
		return list
	}
	a, b := "01/09/2025;SL7K2Q;5", "01/09/2025;SL7K2Q;6"
	one, two := refs(a, a, b), refs(b, a, a)
	if one[0] == one[1] || one[0] == one[2] || one[0] != two[1] || one[1] != two[2] || one[2] != two[0] {
		t.Errorf("%q, %q", one, two)
	}
	s := read(t, []byte(head+"01/09/2025,FT1,a,,5\n01/09/2025,FT1,a,,5\n02/09/2025,FT1,b,,6\n"))
	if len(s.Rows) != 3 || s.Rows[0].Problem != "" || s.Rows[1].Problem != problemTwice || s.Rows[2].Problem != problemTwice {
		t.Errorf("%+v", s.Rows)
	}
}

// The same statement in every encoding and with every delimiter finds the same
// transfers, references made of the content among them.
func TestEncodingsAndDelimiters(t *testing.T) {
	const text = "Số tài khoản: 0123456789\nNgày giao dịch;Mô tả;Ghi có\n01/09/2025;Đặt cà phê;\"1.000,00\"\n"
	utf16of := func(mark string, order binary.ByteOrder) []byte {
		var out bytes.Buffer
		out.WriteString(mark)
		_ = binary.Write(&out, order, utf16.Encode([]rune(text)))
		return out.Bytes()
	}
	want := read(t, []byte(text)).Rows
	if len(want) != 1 || want[0].In.Amount != 1000 || want[0].In.To != "0123456789" {
		t.Fatalf("%+v", want)
	}
	for name, b := range map[string][]byte{
		"UTF-8 with a mark": []byte("\uFEFF" + text),
		"UTF-16 LE":         utf16of("\xFF\xFE", binary.LittleEndian),
		"UTF-16 BE":         utf16of("\xFE\xFF", binary.BigEndian),
		"Windows-1258": []byte("S\xf4\xec t\xe0i kho\x61\xd2n: 0123456789\nNg\xe0y giao di\xf2ch;M\xf4 ta\xd2;Ghi c\xf3\n" +
			"01/09/2025;\xd0\xe3\xf2t c\xe0 ph\xea;\"1.000,00\"\n"),
		"comma": []byte(strings.ReplaceAll(text, ";", ",")),
		"tab":   []byte(strings.ReplaceAll(text, ";", "\t")),
		"CRLF":  []byte(strings.ReplaceAll(text, "\n", "\r\n")),
	} {
		if got := read(t, b).Rows; !slices.Equal(got, want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestFilesThatAreNoStatement(t *testing.T) {
	many := head + strings.Repeat("1/9/2025,,x,,5\n", MaxRows)
	for _, tt := range []struct {
		name, file, code string
	}{
		{"empty", "", "order.statement.empty"},
		{"blank", "\uFEFF \r\n\n", "order.statement.empty"},
		{"PDF", "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj", "order.statement.kind"},
		{"xlsx", "PK\x03\x04\x14\x00", "order.statement.kind"},
		{"xls", "\xD0\xCF\x11\xE0\xA1\xB1", "order.statement.kind"},
		{"a page", "\n<html><table>", "order.statement.kind"},
		{"binary", "\x89PNG\r\n\x1a\n\x00\x00\x00", "order.statement.kind"},
		{"UTF-16 without a mark", "D\x00a\x00t\x00e\x00", "order.statement.kind"},
		{"wrong delimiter", strings.ReplaceAll(head, ",", "^") + "01/09/2025^^x^^5", "order.statement.header"},
		{"no header", "01/09/2025,FT1,x,,5\n", "order.statement.header"},
		{"no amount", "Ngày,Nội dung,Số dư\n01/09/2025,x,5\n", "order.statement.header"},
		{"header too low", strings.Repeat("x\n", headerWithin) + head, "order.statement.header"},
		{"dollars", "Loại tiền: USD\n" + head + "01/09/2025,FT1,x,,5", "order.statement.currency"},
		{"one row too many", many + "1/9/2025,,x,,5\n", "order.statement.rows"},
		{"too large", head + strings.Repeat("x", MaxFile), "order.statement.large"},
	} {
		if s, err := ParseStatement([]byte(tt.file)); !fault.Is(err, fault.Invalid) || fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v, %d rows", tt.name, err, len(s.Rows))
		}
	}
	if s := read(t, []byte(many)); len(s.Rows) != MaxRows || s.Rows[0].In.Ref == s.Rows[MaxRows-1].In.Ref {
		t.Errorf("%d rows", len(s.Rows))
	}
}

// Files made to take long: each ends within a second on a slow machine.
func TestHugeFiles(t *testing.T) {
	room := MaxFile - len(head) - 100
	for name, body := range map[string]string{
		"one cell":       "01/09/2025,FT1,\"" + strings.Repeat("x", room) + "\",,5",
		"open quotes":    strings.Repeat("\"a,", room/3),
		"odd quotes":     strings.Repeat("\"\"\"x,", room/5),
		"quotes":         strings.Repeat("\"", room),
		"commas":         strings.Repeat(",", room),
		"lines":          strings.Repeat("\n", room),
		"quoted lines":   "\"" + strings.Repeat("\n", room) + "\"",
		"words":          strings.Repeat("ngay so tien ghi co,", room/20),
		"wide rows":      strings.Repeat(strings.Repeat("x,", 400)+",5\n", room/803),
		"combining":      "01/09/2025,FT1,a" + strings.Repeat("\u0301", room/2) + ",,5",
		"long reference": "01/09/2025," + strings.Repeat("r", room) + ",x,,5",
	} {
		begun := time.Now()
		s, err := ParseStatement([]byte(head + body))
		if took := time.Since(begun); took > 3*time.Second {
			t.Errorf("%s took %v", name, took)
		}
		if err != nil && fault.CodeOf(err) != "order.statement.rows" {
			t.Errorf("%s: %v", name, err)
		}
		check(t, s)
	}
}

func TestColumns(t *testing.T) {
	for heading, want := range map[string]kind{
		"Ngày giao dịch": date, "NGÀY HIỆU LỰC2/\nEffective date": date, "Transaction Date": date,
		"Số CT": ref, "Số bút toán": ref, "Ref No.": ref, "Mã giao dịch / Transaction ID": ref,
		"Phát sinh có (VND)": credit, "Có": credit, "Credit Amount": credit, "Số tiền ghi có": credit,
		"Nợ": debit, "Ghi nợ / Debit": debit, "Số tiền": value, "Amount (VND)": value, "Nợ/Có": side, "D/C": side,
		"Số dư": balance, "Diễn giải": memo, "Remark": memo, "Tên tài khoản đối ứng": sender,
		"Số tài khoản": account, "Loại tiền": currency, "STT": none, "": none,
	} {
		if got, _ := kindOf(heading); got != want {
			t.Errorf("%q is %d, want %d", heading, got, want)
		}
	}
}

// An amount without a sign is money that came in only where a column says so.
func TestSides(t *testing.T) {
	for _, tt := range []struct {
		side, amount, problem string
		in                    money.VND
	}{
		{"C", "5.000", "", 5000}, {"Ghi có", "5.000", "", 5000}, {"+", "5.000", "", 5000},
		{"D", "5.000", "", 0}, {"Nợ", "5.000", "", 0}, {"D", "-5.000", "", 0},
		{"Chuyển khoản", "+5.000", "", 5000}, {"Chuyển khoản", "-5.000", "", 0},
		{"Chuyển khoản", "5.000", problemAmount, 0}, {"", "5.000", problemAmount, 0},
	} {
		s := read(t, []byte("Ngày;Loại giao dịch;Số tiền;Nội dung\n01/09/2025;"+tt.side+";"+tt.amount+";x\n"))
		switch {
		case tt.problem == "" && tt.in == 0:
			if s.Skipped != 1 || len(s.Rows) != 0 {
				t.Errorf("%v: %+v", tt, s)
			}
		case len(s.Rows) != 1 || s.Rows[0].Problem != tt.problem || s.Rows[0].In.Amount != tt.in:
			t.Errorf("%v: %+v", tt, s)
		}
	}
	s := read(t, []byte("Ngày;Số tiền;Loại tiền\n01/09/2025;5;VND\n01/09/2025;6;USD\n"))
	if len(s.Rows) != 2 || s.Rows[0].Problem != "" || s.Rows[1].Problem != problemCurrency {
		t.Errorf("%+v", s.Rows)
	}
}

func TestAmounts(t *testing.T) {
	for s, want := range map[string]money.VND{
		"1.234.567": 1234567, "1,234,567": 1234567, "1234567": 1234567, "+1.000": 1000, "-1.000": -1000, "(1.000)": -1000,
		"1.234.567,00": 1234567, "1,234,567.00": 1234567, "1234567.0": 1234567, "1.000 VND": 1000, "VND 1,000": 1000,
		"1.000đ": 1000, "1.000\u00a0₫": 1000, "1 000 000": 1000000, "": 0, " - ": 0, `="1.000"`: 1000, "+ 5": 5,
	} {
		if got, ok := amount(s); !ok || got != want {
			t.Errorf("%q is %d, %v", s, got, ok)
		}
	}
	for _, s := range []string{"1,5", "1.50", "1.2345", "1.234,567", "--5", "+-5", "(-5)", "1e6", "x", ".00", ",", "5 USD", "99999999999999999999", "1000000000000001"} {
		if got, ok := amount(s); ok {
			t.Errorf("%q is %d", s, got)
		}
	}
}

func TestProblemsHaveMessages(t *testing.T) {
	for _, code := range []string{problemDate, problemAmount, problemColumns, problemTwice, problemCurrency} {
		for _, l := range lang.All {
			if !l.Has(code) {
				t.Errorf("no message %s in %s", code, l)
			}
		}
	}
}

// check holds what every reader promises of what it returns.
func check(t *testing.T, s Statement) {
	t.Helper()
	seen := map[string]bool{}
	for _, r := range s.Rows {
		if !utf8.ValidString(r.In.Memo) || utf8.RuneCountInString(r.In.Memo) > MaxMemo {
			t.Errorf("line %d: memo %q", r.Line, r.In.Memo)
		}
		if r.Problem != "" {
			continue
		}
		checkIncoming(t, r.In)
		if seen[r.In.Ref] {
			t.Errorf("line %d: %q twice", r.Line, r.In.Ref)
		}
		seen[r.In.Ref] = true
	}
}

func checkIncoming(t *testing.T, in order.Incoming) {
	t.Helper()
	if in.Amount <= 0 || in.Ref == "" || len(in.Ref) > MaxRef || !utf8.ValidString(in.Ref+in.Memo+in.From+in.To) ||
		utf8.RuneCountInString(in.Memo) > MaxMemo || in.Booked.IsZero() {
		t.Errorf("%+v", in)
	}
}

func FuzzParseStatement(f *testing.F) {
	files, err := filepath.Glob("testdata/*.csv")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(head + "01/09/2025,FT1,\"a\nb\",,1.000\n,\"x"))
	f.Add([]byte(fmt.Sprintf("\uFEFFDate\tAmount\tRemark\n2025-09-01 10:00\t+5\t%s\n", strings.Repeat("é", 600))))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := ParseStatement(b)
		if err != nil && !fault.Is(err, fault.Invalid) {
			t.Errorf("%v", err)
		}
		check(t, s)
	})
}
