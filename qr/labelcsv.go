package qr

import (
	"context"
	"encoding/csv"
	"io"
	"iter"
)

// writeLabelCSV writes CSV as RFC 4180 quotes it: UTF-8, a header line. Lines
// end in LF alone, as those of the list of lots do, so that line tools read both.
func writeLabelCSV(ctx context.Context, w io.Writer, packets iter.Seq[Packet]) error {
	out := csv.NewWriter(w)
	begun := false
	for p := range packets {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !begun {
			begun = true
			if err := out.Write([]string{"serial", "url"}); err != nil {
				return err
			}
		}
		if err := out.Write([]string{p.Serial, p.URL}); err != nil {
			return err
		}
	}
	if !begun {
		return errNoLabels()
	}
	out.Flush()
	return out.Error()
}
