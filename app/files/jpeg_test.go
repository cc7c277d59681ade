package files

import (
	"bytes"
	"encoding/binary"
	"image/jpeg"
	"runtime"
	"testing"

	"nguon/app/fault"
)

// segment is a marker segment of a JPEG.
func segment(marker byte, body ...byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2)), body...)
}

// behind puts something behind the first two bytes of a JPEG.
func behind(b []byte, more ...[]byte) []byte {
	return append(append(b[:2:2], bytes.Join(more, nil)...), b[2:]...)
}

// progressive is a grey progressive JPEG with the sampling factors of its
// components, 0x22 for two by two, in one scan of DC coefficients.
func progressive(w, h int, factors ...byte) []byte {
	frame := []byte{8, byte(h >> 8), byte(h), byte(w >> 8), byte(w), byte(len(factors))}
	scan := []byte{byte(len(factors))}
	for i, f := range factors {
		frame, scan = append(frame, byte(i+1), f, 0), append(scan, byte(i+1), 0)
	}
	table := make([]byte, 18) // one code, the bit 0, for no difference
	table[1] = 1
	b := bytes.Join([][]byte{{0xff, 0xd8}, segment(0xc2, frame...), segment(0xc4, table...), segment(0xda, append(scan, 0, 0, 0)...)}, nil)
	b = append(b, make([]byte, (w+32)*(h+32)/64*len(factors)/8)...)
	return append(b, 0xff, 0xd9)
}

// What image/jpeg keeps of a progressive picture between its scans is bounded,
// and the photos that phones take still fit.
func TestProgressivePicturesFitIntoMemory(t *testing.T) {
	for name, c := range map[string]struct {
		w, h    int
		factors []byte
		most    int // megapixels that are said to fit, 0 when it is taken
	}{
		"12 megapixels 4:2:0": {4000, 3000, []byte{0x22, 0x11, 0x11}, 0},
		"12 megapixels 4:2:2": {4000, 3000, []byte{0x21, 0x11, 0x11}, 0},
		"16 megapixels 4:2:0": {4624, 3468, []byte{0x22, 0x11, 0x11}, 0},
		"16 megapixels grey":  {4096, 4096, []byte{0x22}, 0},
		"8 megapixels 4:4:4":  {3264, 2448, []byte{0x11, 0x11, 0x11}, 0},
		"12 megapixels 4:4:4": {4000, 3000, []byte{0x11, 0x11, 0x11}, 8},
		"16 megapixels 4:4:4": {4096, 4096, []byte{0x22, 0x22, 0x22}, 8},
		"16 megapixels CMYK":  {4096, 4096, []byte{0x11, 0x11, 0x11, 0x11}, 6},
	} {
		body := progressive(c.w, c.h, c.factors...)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := inspect(body)
		if c.most == 0 && err == nil {
			_, err = jpeg.Decode(bytes.NewReader(body))
		}
		runtime.ReadMemStats(&after)
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 130 {
			t.Errorf("%s took %d MB", name, took)
		}
		if c.most == 0 && err != nil || c.most > 0 && (fault.CodeOf(err) != "files.too_many_pixels" || fault.As(err).Args["Most"] != c.most) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Cameras put other pictures into a photo and behind it; only the scans of the
// photo itself count.
func TestOnlyItsOwnScansCount(t *testing.T) {
	many := bytes.Repeat([]byte{0xff, 0xda, 0, 2}, maxScans+1)
	good := asJPEG(t, quarters(64, 64))
	at := bytes.Index(good, []byte{0xff, 0xda})
	scan := append(append([]byte{}, good[:at]...), many...)
	for name, c := range map[string]struct {
		body []byte
		code string
	}{
		"in a thumbnail":      {behind(good, segment(0xe1, many...)), ""},
		"in a comment":        {behind(good, []byte{0xff, 0xff}, segment(0xfe, many...)), ""},
		"behind its end":      {append(bytes.Clone(good), many...), ""},
		"in a second picture": {append(bytes.Clone(good), scan...), ""},
		"its own":             {scan, "files.unusual"},
		"behind a thumbnail":  {behind(scan, segment(0xe1, good...)), "files.unusual"},
		"with others between": {append(append(bytes.Clone(good[:len(good)-2]), segment(0xfe, 0xff, 0xd9)...), many...), "files.unusual"},
	} {
		if _, err := inspect(c.body); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// exif is an Exif segment whose directories, of the picture, of the camera and
// of the thumbnail, say how it was held; 0 says nothing.
func exif(picture, camera, thumbnail uint16) []byte {
	entry := func(o uint16) []byte {
		if o == 0 {
			return []byte{0x01, 0x28, 0, 3, 0, 0, 0, 1, 0, 2, 0, 0} // ResolutionUnit
		}
		return append(binary.BigEndian.AppendUint16([]byte{0x01, 0x12, 0, 3, 0, 0, 0, 1}, o), 0, 0)
	}
	tiff := append([]byte("MM\x00*\x00\x00\x00\x08\x00\x02"), entry(picture)...)
	tiff = append(tiff, 0x87, 0x69, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 56) // the camera's at 38, the thumbnail's at 56
	for _, o := range []uint16{camera, thumbnail} {
		tiff = append(append(append(tiff, 0, 1), entry(o)...), 0, 0, 0, 0)
	}
	return segment(0xe1, append([]byte("Exif\x00\x00"), tiff...)...)
}

func TestOnlyThePictureSaysHowItWasHeld(t *testing.T) {
	good := asJPEG(t, quarters(16, 8))
	for name, c := range map[string]struct {
		body []byte
		want int
	}{
		"the picture":             {behind(good, exif(6, 0, 0)), 6},
		"nobody":                  {behind(good, exif(0, 0, 0)), 1},
		"another in a thumbnail":  {behind(good, exif(6, 0, 3)), 6},
		"only a thumbnail":        {behind(good, exif(0, 0, 3)), 1},
		"another in the camera":   {behind(good, exif(6, 8, 0)), 6},
		"another in a second":     {behind(good, exif(6, 0, 0), exif(3, 0, 0)), 6},
		"only a second":           {behind(good, exif(0, 0, 0), exif(3, 0, 0)), 1},
		"behind XMP":              {behind(good, segment(0xe1, []byte("http://ns.adobe.com/xap/1.0/\x00<x/>")...), exif(6, 0, 3)), 6},
		"behind the picture":      {append(bytes.Clone(good), behind(good, exif(3, 0, 0))...), 1},
		"a thumbnail in the Exif": {behind(good, append(exif(6, 0, 3), exif(8, 0, 0)...)), 6},
	} {
		if got := orientation(c.body); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestRestartsAndStraysAreNoSegments(t *testing.T) {
	b := progressive(16, 8, 0x11)
	at := bytes.Index(b, []byte{0xff, 0xda})
	body := bytes.Join([][]byte{b[:at], segment(0xdd, 0, 1), b[at : at+10], {0x7f, 0xff, 0xd0, 0x7f, 0xff, 0, 7, 0xff, 0xff, 0xd9}, b}, nil)
	if _, err := jpeg.Decode(bytes.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	var got []byte
	for m := range segments(body) {
		got = append(got, m)
	}
	if want := []byte{0xc2, 0xc4, 0xdd, 0xda}; !bytes.Equal(got, want) {
		t.Errorf("%x, want %x", got, want)
	}
}

// The walk stays inside the file and sees what image/jpeg sees: of a picture
// that it decodes, the frame and at least one scan.
func FuzzSegments(f *testing.F) {
	good := asJPEG(f, quarters(8, 8))
	f.Add(good)
	f.Add(behind(good, exif(6, 0, 3), []byte{0xff}))
	f.Add(progressive(24, 16, 0x22, 0x11, 0x11))
	f.Add(progressive(8, 8, 0x41))
	f.Add([]byte("\xff\xd8\xff\xda\x00"))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		total, scans, frame := 2, 0, []byte(nil)
		for marker, body := range segments(b) {
			total += 4 + len(body)
			switch marker {
			case startOfScan:
				scans++
			case 0xc0, 0xc1, progressiveFrame:
				frame = body
			}
		}
		if total > max(len(b), 2) {
			t.Errorf("segments of %d bytes in %d", total, len(b))
		}
		if n, coefficients := burden(b); n != scans || coefficients < 0 {
			t.Errorf("%d scans and %d bytes, want %d scans", n, coefficients, scans)
		}
		c, err := jpeg.DecodeConfig(bytes.NewReader(b))
		if err != nil || c.Width*c.Height > 1<<16 {
			return
		}
		if _, err := jpeg.Decode(bytes.NewReader(b)); err != nil {
			return
		}
		if scans < 1 || len(frame) < 9 || int(binary.BigEndian.Uint16(frame[3:])) != c.Width || int(binary.BigEndian.Uint16(frame[1:])) != c.Height {
			t.Errorf("%d scans of the frame %x, want one of %d by %d", scans, frame, c.Width, c.Height)
		}
	})
}
