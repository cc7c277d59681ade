package qr

import (
	"context"
	"encoding/csv"
	"io"
	"iter"
)

// writeLabelCSV writes RFC 4180: UTF-8, a header line, lines ended by CRLF.
func writeLabelCSV(ctx context.Context, w io.Writer, packets iter.Seq[Packet]) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
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
