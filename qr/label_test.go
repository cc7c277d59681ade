package qr

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
)

var update = flag.Bool("update", false, "write the golden files anew")

const labelBase = "https://nguon.sonla.vn"

// labelRun is the packets of a run with serials of the length that are issued.
func labelRun(n int) iter.Seq[Packet] {
	return func(yield func(Packet) bool) {
		for i := range n {
			serial := fmt.Sprintf("1%06XK3M9QWERTV", (i*7919+1)%(1<<24))
			if !yield(Packet{serial, labelBase + "/01/09520123456788/10/SL25-0012/21/" + serial}) {
				return
			}
		}
	}
}

func fullLabel() Label {
	packed := time.Date(2026, 12, 11, 18, 0, 0, 0, time.UTC) // the 12th in Vietnam
	return Label{ProductName: "Cà phê Arabica Sơn La rang mộc", Variant: "250 g · nguyên hạt",
		Producer: "HTX Cà phê Mường Chanh", Lot: "SL25-0012", GTIN: "09520123456788", PackedOn: &packed}
}

func writeLabels(t testing.TB, format Format, l Label, packets iter.Seq[Packet]) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteLabels(t.Context(), &b, format, l, packets); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestParseFormat(t *testing.T) {
	for in, want := range map[string]Format{"svg": FormatSVG, "PDF": FormatPDF, " csv ": FormatCSV} {
		if got, err := ParseFormat(in); got != want || err != nil {
			t.Errorf("ParseFormat(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "png", "pdf,svg", "pdf\x00", "\xff"} {
		if _, err := ParseFormat(in); fault.CodeOf(err) != "qr.label.format" || !fault.Is(err, fault.Invalid) {
			t.Errorf("ParseFormat(%q) = %v", in, err)
		}
	}
}

func TestLabelCSV(t *testing.T) {
	out := writeLabels(t, FormatCSV, Label{}, labelRun(3))
	if !bytes.HasPrefix(out, []byte("serial,url\n")) || bytes.Count(out, []byte("\n")) != 4 || bytes.Contains(out, []byte("\r")) {
		t.Errorf("not a header and three lines ended by LF:\n%q", out)
	}
	rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	i := 1
	for p := range labelRun(3) {
		if !slices.Equal(rows[i], []string{p.Serial, p.URL}) {
			t.Errorf("line %d is %q, want %v", i, rows[i], p)
		}
		i++
	}
	quoted := Packet{Serial: `A"B,C`, URL: "https://example.vn/?a=1,2"}
	rows, err = csv.NewReader(bytes.NewReader(writeLabels(t, FormatCSV, Label{}, slices.Values([]Packet{quoted})))).ReadAll()
	if err != nil || !slices.Equal(rows[1], []string{quoted.Serial, quoted.URL}) {
		t.Errorf("a quoted value came back as %q, %v", rows, err)
	}
}

// A refused run must leave nothing behind that looks like a file of labels,
// and say why in both languages.
func TestLabelRefusals(t *testing.T) {
	long := slices.Values([]Packet{{"1", labelBase + "/01/09520123456788/10/" + strings.Repeat("%2f", 100) + "/21/1"}})
	longer := slices.Values([]Packet{{"1", labelBase + strings.Repeat("/x", 4000)}})
	tests := []struct {
		name    string
		format  Format
		label   Label
		packets iter.Seq[Packet]
		code    string
	}{
		{"unknown format", "png", fullLabel(), labelRun(1), "qr.label.format"},
		{"unknown printer", FormatPDF, Label{DPI: 96}, labelRun(1), "qr.label.dpi"},
		{"no packets as pdf", FormatPDF, fullLabel(), labelRun(0), "qr.label.none"},
		{"no packets as svg", FormatSVG, fullLabel(), labelRun(0), "qr.label.none"},
		{"no packets as csv", FormatCSV, fullLabel(), labelRun(0), "qr.label.none"},
		{"too many for svg", FormatSVG, fullLabel(), labelRun(241), "qr.label.svg_limit"},
		{"symbol too large", FormatPDF, fullLabel(), long, "qr.label.too_small"},
		{"symbol too large as svg", FormatSVG, fullLabel(), long, "qr.label.too_small"},
		{"no symbol holds it", FormatPDF, fullLabel(), longer, "qr.label.too_small"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			err := WriteLabels(t.Context(), &b, test.format, test.label, test.packets)
			if fault.CodeOf(err) != test.code || !fault.Is(err, fault.Invalid) {
				t.Fatalf("got %v, want %s", err, test.code)
			}
			if b.Len() > 0 {
				t.Errorf("%d bytes were written", b.Len())
			}
			for _, l := range lang.All {
				if s := l.Map(test.code, fault.As(err).Args); s == test.code || strings.Contains(s, "<no value>") {
					t.Errorf("message in %s: %q", l, s)
				}
			}
		})
	}
}

func TestLabelTooSmallSaysHowMuch(t *testing.T) {
	g, err := newGrid(203)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.box(49); err != nil {
		t.Errorf("version 8 at 203 dpi: %v", err)
	}
	_, err = g.box(53)
	if args := fault.As(err).Args; args["Needed"] != 31 || args["Available"] != 29 {
		t.Errorf("version 9 at 203 dpi: %v", err)
	}
}

// Modules are whole printer dots and never under 0.396 mm.
func TestModuleSize(t *testing.T) {
	for dpi, want := range map[int]string{0: "0.4233", 300: "0.4233", 203: "0.5005"} {
		g, err := newGrid(dpi)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.mm(g.module); fmt.Sprintf("%.4f", got) != want || got < 0.396 {
			t.Errorf("%d dpi: a module of %.4f mm, want %s", dpi, got, want)
		}
		right, bottom := g.corner(sheetColumns, sheetRows)
		if left, top := g.corner(0, 0); g.mm(left) < 5 || g.mm(top) < 5 ||
			g.mm(right) > sheetWidth-5 || g.mm(bottom) > sheetHeight-5 {
			t.Errorf("%d dpi: labels reach into the margin that printers leave white", dpi)
		}
	}
}

func TestCleanText(t *testing.T) {
	for in, want := range map[string]string{
		"Ca\u0300 phe\u0302":       "Cà phê",
		" a\t\n b ":                "a b",
		"a\x00b\xffc\u200bd\ufffd": "abcd",
		"250\u00a0g":               "250\u00a0g",
	} {
		if got := cleanText(in); got != want {
			t.Errorf("cleanText(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for in, want := range map[string]string{"": "", "ABCD": "ABCD", "ABCDE": "ABCD E", "12345678": "1234 5678", "é": "??"} {
		if got := grouped(in); got != want {
			t.Errorf("grouped(%q) = %q, want %q", in, got, want)
		}
	}
}

type brokenWriter struct{ left int }

var errDiskFull = errors.New("disk full")

func (w *brokenWriter) Write(b []byte) (int, error) {
	if w.left -= len(b); w.left < 0 {
		return 0, errDiskFull
	}
	return len(b), nil
}

// Whatever stops a run, it stops soon and leaves no goroutine: synctest fails
// when one is left in its bubble.
func TestLabelsStop(t *testing.T) {
	for _, format := range []Format{FormatPDF, FormatCSV} {
		t.Run("disk full as "+string(format), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				read := 0
				counted := func(yield func(Packet) bool) {
					for p := range labelRun(1_000_000) {
						if read++; !yield(p) {
							return
						}
					}
				}
				err := WriteLabels(t.Context(), &brokenWriter{left: 70_000}, format, fullLabel(), counted)
				if !errors.Is(err, errDiskFull) {
					t.Errorf("got %v", err)
				}
				if read > 10_000 {
					t.Errorf("read %d packets after the disk was full", read)
				}
			})
		})
		t.Run("cancelled as "+string(format), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				read := 0
				err := WriteLabels(ctx, io.Discard, format, fullLabel(), func(yield func(Packet) bool) {
					for p := range labelRun(1_000_000) {
						if read++; read == 200 {
							cancel()
						}
						if !yield(p) {
							return
						}
					}
				})
				if !errors.Is(err, context.Canceled) || read > 10_000 {
					t.Errorf("got %v after %d packets", err, read)
				}
			})
		})
	}
	t.Run("disk full as svg", func(t *testing.T) {
		if err := WriteLabels(t.Context(), &brokenWriter{left: 5000}, FormatSVG, fullLabel(), labelRun(20)); !errors.Is(err, errDiskFull) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("symbol too large on the last sheet", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			packets := func(yield func(Packet) bool) {
				for p := range labelRun(200) {
					if !yield(p) {
						return
					}
				}
				yield(Packet{"1", labelBase + strings.Repeat("/x", 400)})
			}
			if err := WriteLabels(t.Context(), io.Discard, FormatPDF, fullLabel(), packets); fault.CodeOf(err) != "qr.label.too_small" {
				t.Errorf("got %v", err)
			}
		})
	})
}
