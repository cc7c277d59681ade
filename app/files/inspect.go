package files

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"

	"github.com/bep/imagemeta"
	"golang.org/x/image/webp"

	"nguon/app/fault"
)

// format is what a file is, by its first bytes and never by its name.
type format int

const (
	unknown format = iota
	isJPEG
	isPNG
	isWebP
	isHEIC
)

func sniff(b []byte) format {
	switch {
	case bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff}):
		return isJPEG
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return isPNG
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return isWebP
	case len(b) >= 12 && string(b[4:8]) == "ftyp" && heic[string(b[8:12])]:
		return isHEIC
	}
	return unknown
}

// heic are the brands of ISO/IEC 23008-12 that phones write.
var heic = map[string]bool{"heic": true, "heix": true, "hevc": true, "heim": true, "heis": true, "mif1": true, "msf1": true, "avif": true, "avis": true}

func tooLarge() error { return fault.New(fault.Invalid, "files.too_large").With("Most", MaxUpload>>20) }

// inspect refuses, before anything is decoded, what would take too much to
// decode.
func inspect(body []byte) (format, error) {
	kind := sniff(body)
	switch {
	case len(body) == 0:
		return kind, fault.New(fault.Invalid, "files.empty")
	case len(body) > MaxUpload:
		return kind, tooLarge()
	case kind == isHEIC:
		return kind, fault.New(fault.Invalid, "files.heic")
	case kind == unknown:
		return kind, fault.New(fault.Invalid, "files.not_a_picture")
	}
	c, err := header(kind, body)
	if err != nil {
		return kind, fault.Wrap(fault.Invalid, "files.damaged", err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxPixels || c.Height > maxPixels || c.Width*c.Height > maxPixels {
		return kind, fault.New(fault.Invalid, "files.too_many_pixels").With("Most", maxPixels>>20)
	}
	if kind == isPNG && body[24] > 8 { // bits a sample, in IHDR
		return kind, fault.New(fault.Invalid, "files.unusual")
	}
	if kind == isJPEG {
		return kind, inspectJPEG(body, c.Width*c.Height)
	}
	return kind, nil
}

func inspectJPEG(body []byte, pixels int) error {
	scans, coefficients := burden(body)
	if scans > maxScans {
		return fault.New(fault.Invalid, "files.unusual")
	}
	if coefficients > maxCoefficients { // so many pixels of this kind would fit
		return fault.New(fault.Invalid, "files.too_many_pixels").With("Most", pixels*maxCoefficients/coefficients>>20)
	}
	return nil
}

func header(kind format, body []byte) (c image.Config, err error) {
	r := bytes.NewReader(body)
	switch kind {
	case isJPEG:
		return jpeg.DecodeConfig(r)
	case isPNG:
		return png.DecodeConfig(r)
	default:
		return webp.DecodeConfig(r)
	}
}

// orientation is how the camera was held, 1 to 8 as EXIF counts; 1 when nothing
// says so. Only the picture's own directory of its first EXIF is asked: others
// tell of thumbnails.
func orientation(body []byte) (o int) {
	defer func() {
		if recover() != nil {
			o = 1
		}
	}()
	kind := map[format]imagemeta.ImageFormat{isJPEG: imagemeta.JPEG, isPNG: imagemeta.PNG, isWebP: imagemeta.WebP}[sniff(body)]
	o = 1
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(body), ImageFormat: kind, Sources: imagemeta.EXIF,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return t.Namespace == "IFD0" && t.Tag == "Orientation" },
		HandleTag: func(t imagemeta.TagInfo) error {
			if n, ok := t.Value.(uint16); ok && n >= 1 && n <= 8 {
				o = int(n)
			}
			return nil
		},
	})
	if err != nil {
		return o // a picture without it, or with a damaged one
	}
	return o
}

// upright turns a picture as its orientation says.
func upright(p *image.RGBA, o int) *image.RGBA {
	if o < 2 || o > 8 {
		return p
	}
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if o >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := turned(x, y, w, h, o)
			out.SetRGBA(tx, ty, p.RGBAAt(x, y))
		}
	}
	return out
}

// turned is where a pixel goes.
func turned(x, y, w, h, o int) (int, int) {
	switch o {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	default:
		return y, w - 1 - x
	}
}
