// Package pdf writes PDF files front to back with little memory: the objects of
// a file, its embedded fonts, and pages of text.
package pdf

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
)

// File writes a PDF 1.7 file front to back. Only the place of each object
// is kept, eight bytes; an object is forgotten once it is written. The first
// write error stays, and later calls do nothing.
type File struct {
	w       *bufio.Writer
	digest  hash.Hash // of all that was written, for the file's identifier
	at      int64
	offsets []int64 // of object n at n-1, 0 for one not written yet
	err     error
}

// NewFile begins a file.
func NewFile(w io.Writer) *File {
	f := &File{w: bufio.NewWriterSize(w, 64<<10), digest: sha256.New()}
	f.print("%%PDF-1.7\n%%\xe2\xe3\xcf\xd3\n") // the bytes over 127 mark the file as binary
	return f
}

func (f *File) write(b []byte) {
	if f.err != nil {
		return
	}
	n, err := f.w.Write(b)
	f.digest.Write(b[:n])
	f.at += int64(n)
	f.err = err
}

func (f *File) print(format string, args ...any) { f.write(fmt.Appendf(nil, format, args...)) }

// Reserve numbers an object that will be written later.
func (f *File) Reserve() int {
	f.offsets = append(f.offsets, 0)
	return len(f.offsets)
}

// Object writes an object under a reserved number.
func (f *File) Object(n int, body string) {
	f.offsets[n-1] = f.at
	f.print("%d 0 obj\n%s\nendobj\n", n, body)
}

// Stream writes a stream that deflate has compressed; dict holds further
// entries of its dictionary.
func (f *File) Stream(n int, dict string, deflated []byte) {
	f.offsets[n-1] = f.at
	f.print("%d 0 obj\n<<%s/Filter/FlateDecode/Length %d>>\nstream\n", n, dict, len(deflated))
	f.write(deflated)
	f.print("\nendstream\nendobj\n")
}

// Err is the first write error, nil so far.
func (f *File) Err() error { return f.err }

// Close writes the table of objects and the trailer, and flushes.
func (f *File) Close(catalog, info int) error {
	start := f.at
	id := hex.EncodeToString(f.digest.Sum(nil)[:16])
	f.print("xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, at := range f.offsets {
		f.print("%010d 00000 n \n", at)
	}
	f.print("trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets)+1, catalog, info, id, id, start)
	if f.err != nil {
		return f.err
	}
	return f.w.Flush()
}

// Deflater compresses streams; its tables take a megabyte, so that it is kept
// for many. It works at its fastest: symbols hardly compress further, a tenth
// of the file is the price, and a tenth of the time the gain.
type Deflater struct {
	z   *zlib.Writer
	out bytes.Buffer
}

// NewDeflater makes one; it is not safe for concurrent use.
func NewDeflater() *Deflater {
	d := &Deflater{}
	d.z, _ = zlib.NewWriterLevel(&d.out, zlib.BestSpeed) // fails for an unknown level only
	return d
}

// Deflate returns a new slice that holds b compressed.
func (d *Deflater) Deflate(b []byte) []byte {
	d.out.Reset()
	d.z.Reset(&d.out)
	// Neither can fail: a buffer takes every write.
	_, _ = d.z.Write(b)
	_ = d.z.Close()
	return bytes.Clone(d.out.Bytes())
}

// Text writes a text string of a document's data in UTF-16, the form that
// every reader of Vietnamese understands.
func Text(s string) string {
	b := []byte{'<', 'F', 'E', 'F', 'F'}
	for _, u := range utf16.Encode([]rune(s)) {
		b = fmt.Appendf(b, "%04X", u)
	}
	return string(append(b, '>'))
}

// Number writes a number without exponent and trailing zeros.
func Number(n float64, decimals int) string {
	s := strconv.FormatFloat(n, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
