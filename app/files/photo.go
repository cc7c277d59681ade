package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"time"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"

	"nguon/app/fault"
)

// Photo is a picture that was taken in. ID follows from its content.
type Photo struct {
	ID            string
	Width, Height int // of the large one
}

// Size is one of the sizes that are kept of a photo.
type Size string

// The sizes, by their longer side: 1600 and 640 pixels at most.
const (
	Large Size = "l"
	Small Size = "s"
)

// Limits: a phone's photo fits, a picture made to take a server down does not.
// A small file can hold very many pixels, or a progressive JPEG very many scans,
// each of which goes over all of them, and between which four bytes are kept for
// each sample.
const (
	maxPixels       = 16 << 20
	maxScans        = 24
	maxCoefficients = 100 << 20 // bytes: 16 megapixels of 4:2:0, 8 of 4:4:4
	largeSide       = 1600
	smallSide       = 640
	quality         = 82
	decodeTime      = 1500 * time.Millisecond // of the two seconds that an upload may take
)

// Photo takes a picture in: a JPEG, PNG or WebP of at most 10 MB and 16 million
// pixels, or 8 when it is progressive and has all its colours. It is turned upright, made anew and kept in two sizes; what the camera
// wrote into it, such as the place, is not kept. The same picture again is the
// same photo. Faults: Invalid with the reason; Unavailable when too many come at
// once.
func (s *Store) Photo(ctx context.Context, body []byte) (Photo, error) {
	p, err := s.decode(ctx, body)
	if err != nil {
		return Photo{}, err
	}
	large, err := encode(p)
	if err != nil {
		return Photo{}, err
	}
	small, err := encode(scaled(p, smallSide))
	if err != nil {
		return Photo{}, err
	}
	sum := sha256.Sum256(large)
	id := hex.EncodeToString(sum[:16])
	// The large one comes last: only its address is handed out.
	if err := s.write(ctx, photoKey(id, Small), small, "image/jpeg"); err != nil {
		return Photo{}, err
	}
	if err := s.write(ctx, photoKey(id, Large), large, "image/jpeg"); err != nil {
		return Photo{}, err
	}
	return Photo{id, p.Bounds().Dx(), p.Bounds().Dy()}, nil
}

// OpenPhoto reads a photo as JPEG; an unknown one is fault.NotFound.
func (s *Store) OpenPhoto(ctx context.Context, id string, size Size) ([]byte, error) {
	if !isName(id) || size != Large && size != Small {
		return nil, fault.New(fault.NotFound, "files.not_found")
	}
	return s.read(ctx, photoKey(id, size))
}

func photoKey(id string, size Size) string { return "photos/" + id + "-" + string(size) + ".jpg" }

// decode checks and reads a picture, scales it to the large size and turns it
// upright.
func (s *Store) decode(ctx context.Context, body []byte) (*image.RGBA, error) {
	kind, err := inspect(body)
	if err != nil {
		return nil, err
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, fault.Wrap(fault.Unavailable, "files.busy", ctx.Err())
	}
	p, err := guarded(kind, body)
	if errors.Is(err, errSlow) {
		return nil, fault.Wrap(fault.Unavailable, "files.busy", err)
	}
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "files.damaged", err)
	}
	return upright(scaled(p, largeSide), orientation(body)), nil
}

// guarded decodes with an end to its time, and survives a decoder that panics.
func guarded(kind format, body []byte) (p image.Image, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("files: decoding panicked: %v", r)
		}
	}()
	r := &timed{r: bytes.NewReader(body), end: time.Now().Add(decodeTime)} // of the machine, not of a rule
	switch kind {
	case isJPEG:
		return jpeg.Decode(r)
	case isPNG:
		return png.Decode(r)
	default:
		return webp.Decode(r)
	}
}

// timed is a reader that ends with an error when its time is up.
type timed struct {
	r   io.Reader
	end time.Time
}

var errSlow = errors.New("files: decoding took too long")

func (t *timed) Read(p []byte) (int, error) {
	if time.Now().After(t.end) {
		return 0, errSlow
	}
	return t.r.Read(p[:min(len(p), 64)]) // a scan of a progressive JPEG fits in few bytes, and the clock must be looked at before each
}

// fit is the size of a picture whose longer side is at most so many pixels.
func fit(b image.Rectangle, side int) image.Rectangle {
	w, h := b.Dx(), b.Dy()
	if longer := max(w, h); longer > side {
		w, h = max(w*side/longer, 1), max(h*side/longer, 1)
	}
	return image.Rect(0, 0, w, h)
}

// scaled draws a picture on white, its longer side at most so many pixels. Whole
// multiples are averaged, the rest is interpolated: the kernels of x/image would
// take 150 MB for a phone's photo.
func scaled(p image.Image, side int) *image.RGBA {
	b := p.Bounds()
	whole := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(whole, whole.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(whole, whole.Bounds(), p, b.Min, draw.Over)
	if k := max(b.Dx(), b.Dy()) / side; k > 1 && min(b.Dx(), b.Dy()) >= k {
		whole = averaged(whole, k)
	}
	to := fit(b, side)
	if to.Size() == whole.Bounds().Size() {
		return whole
	}
	out := image.NewRGBA(to)
	draw.ApproxBiLinear.Scale(out, to, whole, whole.Bounds(), draw.Src, nil)
	return out
}

// averaged makes one pixel of each k by k.
func averaged(p *image.RGBA, k int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, p.Bounds().Dx()/k, p.Bounds().Dy()/k))
	n := uint32(k * k)
	for y := range out.Bounds().Dy() {
		for x := range out.Bounds().Dx() {
			var sum [4]uint32
			for dy := range k {
				row := p.Pix[(y*k+dy)*p.Stride+x*k*4:]
				for i := range k * 4 {
					sum[i&3] += uint32(row[i])
				}
			}
			at := y*out.Stride + x*4
			for c := range sum {
				out.Pix[at+c] = byte((sum[c] + n/2) / n)
			}
		}
	}
	return out
}

func encode(p image.Image) ([]byte, error) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fault.Wrap(fault.Internal, "internal", err)
	}
	return b.Bytes(), nil
}
