package bank

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"nguon/app/fault"
)

// foreign are the first bytes of files that are no text: PDF, zip (xlsx), the old
// container of Office (xls), and pages that some banks call Excel.
var foreign = []string{"%PDF", "PK\x03\x04", "\xD0\xCF\x11\xE0", "<"}

// decode turns a file into text: UTF-8, UTF-16 where a mark says so, else
// Windows-1258, in which spreadsheets in Vietnam save "CSV".
func decode(b []byte) (string, error) {
	if len(b) > MaxFile {
		return "", fault.New(fault.Invalid, "order.statement.large")
	}
	var enc encoding.Encoding
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte("\xFF\xFE")), bytes.HasPrefix(b, []byte("\xFE\xFF")):
		enc = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	}
	if enc == nil && !utf8.Valid(b) {
		enc = charmap.Windows1258
	}
	for _, sign := range foreign {
		if bytes.HasPrefix(bytes.TrimLeft(b, " \t\r\n"), []byte(sign)) {
			return "", fault.New(fault.Invalid, "order.statement.kind")
		}
	}
	if enc != nil {
		decoded, err := enc.NewDecoder().Bytes(b)
		if err != nil {
			return "", fault.Wrap(fault.Invalid, "order.statement.kind", err)
		}
		b = decoded
	}
	s := string(b)
	if strings.ContainsRune(s, 0) {
		return "", fault.New(fault.Invalid, "order.statement.kind")
	}
	if strings.TrimSpace(s) == "" {
		return "", fault.New(fault.Invalid, "order.statement.empty")
	}
	return s, nil
}
