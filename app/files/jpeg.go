package files

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// Markers of JPEG (ITU-T T.81 table B.1).
const (
	progressiveFrame = 0xc2 // SOF2
	firstRestart     = 0xd0
	lastRestart      = 0xd7
	endOfImage       = 0xd9
	startOfScan      = 0xda
)

// segments walks the marker segments of a JPEG to the end of the picture, in the
// steps of image/jpeg: the content of a segment is passed over by its length;
// entropy-coded data, in which 0xff goes before 0 or a restart marker, fill bytes
// and strays by looking for the next marker. It ends where the file is cut off.
func segments(b []byte) iter.Seq2[byte, []byte] {
	return func(yield func(marker byte, body []byte) bool) {
		b := b[min(2, len(b)):] // the start of the image has no content
		for {
			i := bytes.IndexByte(b, 0xff)
			if i < 0 || i+1 == len(b) {
				return
			}
			b = b[i+1:]
			marker := b[0]
			if marker == 0 || marker == 0xff || firstRestart <= marker && marker <= lastRestart {
				continue
			}
			if marker == endOfImage || len(b) < 3 {
				return
			}
			end := 1 + int(binary.BigEndian.Uint16(b[1:])) // the length counts its own two bytes
			if end < 3 || end > len(b) || !yield(marker, b[3:end]) {
				return
			}
			b = b[end:]
		}
	}
}

// burden is what image/jpeg takes upon itself to decode a JPEG whose header it
// has read: how many scans, each of which may go over the whole picture, and how
// many bytes of coefficients it keeps between those of a progressive one.
func burden(b []byte) (scans, coefficients int) {
	for marker, body := range segments(b) {
		switch marker {
		case startOfScan:
			scans++
		case progressiveFrame:
			coefficients = max(coefficients, kept(body))
		}
	}
	return scans, coefficients
}

// kept is the size in bytes of the coefficients of a frame (§B.2.2): four bytes
// for each of the 64 of a block, of all components, in whole units of the first.
func kept(frame []byte) int {
	if len(frame) < 9 {
		return 0
	}
	h, v, blocks := 1, 1, 1 // of a single component the factors mean nothing
	if len(frame) > 9 {
		h, v, blocks = max(int(frame[7]>>4), 1), max(int(frame[7]&15), 1), 0
		for i := 7; i < len(frame); i += 3 {
			blocks += int(frame[i]>>4) * int(frame[i]&15)
		}
	}
	across := (int(binary.BigEndian.Uint16(frame[3:])) + 8*h - 1) / (8 * h)
	down := (int(binary.BigEndian.Uint16(frame[1:])) + 8*v - 1) / (8 * v)
	return across * down * blocks * 64 * 4
}
