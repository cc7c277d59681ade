package files

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"nguon/app/fault"
)

// bucketURL starts a server that speaks S3 and makes a bucket in it.
func bucketURL(t *testing.T) string {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	backend := s3mem.New()
	if err := backend.CreateBucket("nguon"); err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: gofakes3.New(backend).Server()}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	return "s3://nguon?region=ap-southeast-1&use_path_style=true&endpoint=http://" + ln.Addr().String()
}

func open(t *testing.T, location string) *Store {
	t.Helper()
	s, err := Open(t.Context(), location)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// quarters is a picture whose corners differ, so that a turn shows: red and
// green above, blue and white below.
func quarters(w, h int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 0, 0, 255}
			switch {
			case x >= w/2 && y < h/2:
				c = color.RGBA{0, 255, 0, 255}
			case x < w/2 && y >= h/2:
				c = color.RGBA{0, 0, 255, 255}
			case y >= h/2:
				c = color.RGBA{255, 255, 255, 255}
			}
			p.SetRGBA(x, y, c)
		}
	}
	return p
}

func asJPEG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// held puts an EXIF segment with an orientation, and a place, into a JPEG.
func held(b []byte, o uint16) []byte {
	tiff := []byte("MM\x00*\x00\x00\x00\x08\x00\x02")
	tiff = append(tiff, 0x01, 0x0e, 0, 2, 0, 0, 0, 4, 'G', 'P', 'S', 0) // ImageDescription
	tiff = append(tiff, 0x01, 0x12, 0, 3, 0, 0, 0, 1)
	tiff = binary.BigEndian.AppendUint16(tiff, o)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	return append(append(append([]byte{}, b[:2]...), append(segment, body...)...), b[2:]...)
}

func TestContract(t *testing.T) {
	for name, location := range map[string]func(*testing.T) string{
		"folder": func(t *testing.T) string { return filepath.Join(t.TempDir(), "files") },
		"bucket": bucketURL,
	} {
		t.Run(name, func(t *testing.T) {
			where := location(t)
			s := open(t, where)
			ctx := t.Context()
			up := asJPEG(t, quarters(2000, 1000))
			p, err := s.Photo(ctx, up)
			if err != nil || p.Width != 1600 || p.Height != 800 || !isName(p.ID) {
				t.Fatalf("%+v, %v", p, err)
			}
			if again, err := s.Photo(ctx, up); err != nil || again != p {
				t.Errorf("%+v, %v", again, err)
			}
			for size, side := range map[Size]int{Large: 1600, Small: 640} {
				b, err := s.OpenPhoto(ctx, p.ID, size)
				if err != nil {
					t.Fatal(err)
				}
				c, err := jpeg.DecodeConfig(bytes.NewReader(b))
				if err != nil || c.Width != side {
					t.Errorf("%s: %+v, %v", size, c, err)
				}
			}
			pdf := []byte("%PDF-1.7\nsome paper")
			d, err := s.Document(ctx, `C:\giay\Giấy phép.PDF`, pdf)
			if err != nil || d.Name != "Giấy phép.PDF" || d.Type != "application/pdf" || d.Size != int64(len(pdf)) {
				t.Fatalf("%+v, %v", d, err)
			}
			if b, err := s.OpenDocument(ctx, d.ID); err != nil || !bytes.Equal(b, pdf) {
				t.Error(err)
			}
			scan, err := s.Document(ctx, "giay.png", asPNG(t, quarters(40, 30)))
			if err != nil || scan.Type != "image/jpeg" || scan.Name != "giay.jpg" {
				t.Errorf("%+v, %v", scan, err)
			}
			for range 2 {
				if err := s.DeleteDocument(ctx, d.ID); err != nil {
					t.Error(err)
				}
			}
			for _, id := range []string{d.ID, "", "..", "../photos/x", strings.Repeat("a", 32), strings.Repeat("A", 32)} {
				if _, err := s.OpenDocument(ctx, id); fault.CodeOf(err) != "files.not_found" {
					t.Errorf("%q: %v", id, err)
				}
				if _, err := s.OpenPhoto(ctx, id, Large); fault.CodeOf(err) != "files.not_found" {
					t.Errorf("%q: %v", id, err)
				}
			}
			if _, err := s.OpenPhoto(ctx, p.ID, "x"); fault.CodeOf(err) != "files.not_found" {
				t.Error(err)
			}
			second := open(t, where) // another process, or after a restart
			if _, err := second.OpenPhoto(ctx, p.ID, Small); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAStoreThatIsNotThere(t *testing.T) {
	for _, location := range []string{strings.Replace(bucketURL(t), "s3://nguon", "s3://other", 1), "gs://x", "ftp://x"} {
		if s, err := Open(t.Context(), location); err == nil {
			_ = s.Close()
			t.Errorf("%s opened", location)
		}
	}
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), blocked); err == nil {
		t.Error("a file is a folder")
	}
}

func TestPhotosStandUprightAndForgetThePlace(t *testing.T) {
	s := open(t, t.TempDir())
	// Which colour is at the top left after turning as EXIF says, and the shape.
	red, green, blue, white := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{255, 255, 255, 255}
	for o, want := range map[uint16]struct {
		corner color.RGBA
		w, h   int
	}{1: {red, 80, 40}, 2: {green, 80, 40}, 3: {white, 80, 40}, 4: {blue, 80, 40}, 5: {red, 40, 80}, 6: {blue, 40, 80}, 7: {white, 40, 80}, 8: {green, 40, 80}, 9: {red, 80, 40}} {
		p, err := s.Photo(t.Context(), held(asJPEG(t, quarters(80, 40)), o))
		if err != nil || p.Width != want.w || p.Height != want.h {
			t.Errorf("%d: %+v, %v", o, p, err)
			continue
		}
		b, err := s.OpenPhoto(t.Context(), p.ID, Large)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("Exif")) || bytes.Contains(b, []byte("GPS")) {
			t.Errorf("%d: the camera's words are kept", o)
		}
		img, err := jpeg.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		r, g, bl, _ := img.At(4, 4).RGBA()
		if near := func(a uint32, b uint8) bool { return max(int(a>>8)-int(b), int(b)-int(a>>8)) < 60 }; !near(r, want.corner.R) || !near(g, want.corner.G) || !near(bl, want.corner.B) {
			t.Errorf("%d: %d %d %d at the corner, want %v", o, r>>8, g>>8, bl>>8, want.corner)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	s := open(t, t.TempDir())
	good := asJPEG(t, quarters(64, 64))
	scan := bytes.Index(good, []byte{0xff, 0xda})
	many := append(append([]byte{}, good[:scan]...), bytes.Repeat([]byte{0xff, 0xda, 0, 2}, maxScans+1)...)
	bomb := asPNG(t, quarters(8, 8))
	binary.BigEndian.PutUint32(bomb[16:], 30_000)
	binary.BigEndian.PutUint32(bomb[20:], 30_000)
	binary.BigEndian.PutUint32(bomb[29:], crcOf(bomb[12:29]))
	for name, c := range map[string]struct {
		body []byte
		code string
	}{
		"nothing":        {nil, "files.empty"},
		"a page":         {[]byte("<html><script>alert(1)</script>"), "files.not_a_picture"},
		"SVG":            {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "files.not_a_picture"},
		"GIF":            {[]byte("GIF89a\x01\x00\x01\x00"), "files.not_a_picture"},
		"HEIC":           {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "files.heic"},
		"AVIF":           {[]byte("\x00\x00\x00\x18ftypavif\x00\x00\x00\x00"), "files.heic"},
		"half":           {good[:len(good)/2], "files.damaged"},
		"first bytes":    {good[:4], "files.damaged"},
		"too many bytes": {append(good, make([]byte, MaxUpload)...), "files.too_large"},
		"many pixels":    {bomb, "files.too_many_pixels"},
		"many scans":     {many, "files.unusual"},
		"RIFF":           {[]byte("RIFF\x00\x00\x00\x00WEBPgarbage"), "files.damaged"},
	} {
		begun := time.Now()
		if _, err := s.Photo(t.Context(), c.body); fault.CodeOf(err) != c.code {
			t.Errorf("%s: %v", name, err)
		}
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("%s took %v", name, took)
		}
	}
	if _, err := s.Document(t.Context(), "x", []byte("MZ\x90\x00")); fault.CodeOf(err) != "files.not_a_document" {
		t.Error(err)
	}
}

func crcOf(b []byte) uint32 {
	var crc uint32 = 0xffffffff
	for _, x := range b {
		crc ^= uint32(x)
		for range 8 {
			if crc&1 == 1 {
				crc = crc>>1 ^ 0xedb88320
			} else {
				crc >>= 1
			}
		}
	}
	return ^crc
}

func TestDecodingHasAnEnd(t *testing.T) {
	if _, err := (&timed{bytes.NewReader([]byte("x")), time.Now().Add(-time.Second)}).Read(make([]byte, 1)); !errors.Is(err, errSlow) {
		t.Error(err)
	}
	s := open(t, t.TempDir())
	s.turn <- struct{}{} // another picture is being decoded
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Photo(ctx, asJPEG(t, quarters(8, 8))); fault.CodeOf(err) != "files.busy" {
		t.Error(err)
	}
}

// A write that fails leaves nothing under the name, and nobody else may read
// what is there.
func TestNothingHalfIsLeft(t *testing.T) {
	dir := t.TempDir()
	s := open(t, filepath.Join(dir, "files"))
	d, err := s.Document(t.Context(), "x", []byte("%PDF-1"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.write(ctx, "documents/half", []byte("half"), "x"); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	var names []string
	err = filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, filepath.Base(name))
		}
		if info, infoErr := e.Info(); infoErr == nil && e.IsDir() && info.Mode().Perm()&0o077 != 0 && name != dir {
			t.Errorf("%s is %v", name, info.Mode())
		}
		return err
	})
	if err != nil || len(names) != 1 || names[0] != d.ID {
		t.Errorf("%v, %v", names, err)
	}
}

func FuzzInspect(f *testing.F) {
	f.Add(asJPEG(f, quarters(8, 8)))
	f.Add(asPNG(f, quarters(8, 8)))
	f.Add(held(asJPEG(f, quarters(8, 8)), 6))
	f.Add([]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		kind, err := inspect(b)
		if o := orientation(b); o < 1 || o > 8 {
			t.Errorf("orientation %d", o)
		}
		if err != nil {
			return
		}
		if p, err := guarded(kind, b); err == nil && p.Bounds().Dx()*p.Bounds().Dy() > maxPixels {
			t.Errorf("%v", p.Bounds())
		}
	})
}

// A 12-megapixel photo of a phone, with noise so that it does not compress to
// nothing.
func BenchmarkPhoto(b *testing.B) {
	p := image.NewRGBA(image.Rect(0, 0, 4000, 3000))
	seed := uint32(1)
	for i := range p.Pix {
		seed = seed*1664525 + 1013904223
		p.Pix[i] = byte(i/16000) + byte(seed>>28)
	}
	body := asJPEG(b, p)
	dir := b.TempDir()
	s, err := Open(b.Context(), dir)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	b.ReportMetric(float64(len(body))/1e6, "MB")
	b.ReportAllocs()
	var after runtime.MemStats
	runtime.GC()
	for b.Loop() {
		if _, err := s.Photo(b.Context(), body); err != nil {
			b.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.Sys)/1e6, "MB-sys")
}
