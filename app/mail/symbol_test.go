package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image/png"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"

	"nguon/app/lang"
)

// A transfer as orders make it.
const payment = "00020101021238570010A00000072701270006970405011379002010012340208QRIBFTTA530370454061850005802VN62290825SL7K2Q Ca phe Son La 250g630436C8"

// part is one leaf of a message.
type part struct {
	header textproto.MIMEHeader
	body   []byte
}

// leaves takes a message apart down to its leaves.
func leaves(t *testing.T, kind string, r io.Reader) []part {
	t.Helper()
	_, params, err := mime.ParseMediaType(kind)
	if err != nil {
		t.Fatal(err)
	}
	var list []part
	for parts := multipart.NewReader(r, params["boundary"]); ; {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		if inner := p.Header.Get("Content-Type"); strings.HasPrefix(inner, "multipart/") {
			list = append(list, leaves(t, inner, p)...)
			continue
		}
		var plain io.Reader = p
		switch p.Header.Get("Content-Transfer-Encoding") {
		case "quoted-printable":
			plain = quotedprintable.NewReader(p)
		case "base64":
			plain = base64.NewDecoder(base64.StdEncoding, p)
		}
		b, err := io.ReadAll(plain)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/") {
			b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
		}
		list = append(list, part{p.Header, b})
	}
}

// scan reads a picture as a phone does, and says how wide it is.
func scan(t *testing.T, picture []byte) (text string, width int) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatal(err)
	}
	var failure error
	for _, hints := range []map[gozxing.DecodeHintType]any{nil, {gozxing.DecodeHintType_PURE_BARCODE: true}} {
		bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		result, err := zxing.NewQRCodeReader().Decode(bitmap, hints)
		if err == nil {
			return result.GetText(), img.Bounds().Dx()
		}
		failure = err
	}
	t.Fatal(failure)
	return "", 0
}

func TestAQRCodeTravelsInTheMessage(t *testing.T) {
	for name, engine := range engines(t) {
		t.Run(name, func(t *testing.T) {
			for _, l := range lang.All {
				s, received := engine(t)
				d := newDesk(t, s)
				m := letterHoa
				m.Lang = string(l)
				bare, err := d.envelope(doc{ID: "one", To: m.To, Name: m.Name, Lang: l, Key: m.Key, Link: m.Link})
				if err != nil {
					t.Fatal(err)
				}
				m.QR = payment
				d.add("one", m)
				if d.work() != 1 || d.doc("one").QR != "" {
					t.Fatalf("%+v", d.doc("one"))
				}
				letter, err := netmail.ReadMessage(bytes.NewReader(received()[0]))
				if err != nil {
					t.Fatal(err)
				}
				if got := slices.Sorted(maps.Keys(letter.Header)); !slices.Equal(got, headers) {
					t.Errorf("headers %q", got)
				}
				kind := letter.Header.Get("Content-Type")
				list := leaves(t, kind, letter.Body)
				if !strings.HasPrefix(kind, "multipart/related;") || len(list) != 3 {
					t.Fatalf("%s with %d parts", kind, len(list))
				}
				if text := string(list[0].body); text != bare.Text {
					t.Errorf("text\n%s\nwant\n%s", text, bare.Text)
				}
				isShown(t, l, string(list[1].body), list[2])
			}
		})
	}
}

// isShown checks that the page shows the picture below its text, once, from the
// message itself, with words for who does not see it.
func isShown(t *testing.T, l lang.Lang, html string, picture part) {
	t.Helper()
	page, err := goquery.NewDocumentFromReader(strings.NewReader(html))
	if err != nil {
		t.Fatal(err)
	}
	img := page.Find("img")
	id := strings.Trim(picture.header.Get("Content-Id"), "<>")
	if img.Length() != 1 || id == "" || img.AttrOr("src", "") != "cid:"+id || img.AttrOr("alt", "") != l.T("mail.qr") {
		t.Errorf("%s shows %d pictures, %q with %q; the part is %q", l, img.Length(), img.AttrOr("src", ""), img.AttrOr("alt", ""), id)
	}
	if page.Find("p:has(img) ~ p a").Length() != 1 || page.Find("p ~ p:has(img)").Length() != 1 {
		t.Errorf("%s: the picture is not between text and button", l)
	}
	if kind, _, _ := mime.ParseMediaType(picture.header.Get("Content-Type")); kind != "image/png" || !strings.HasPrefix(picture.header.Get("Content-Disposition"), "inline") {
		t.Errorf("%v", picture.header)
	}
	text, width := scan(t, picture.body)
	if text != payment || img.AttrOr("width", "") != strconv.Itoa(width/2) || img.AttrOr("height", "") != strconv.Itoa(width/2) {
		t.Errorf("%q, %d dots wide, shown %s wide", text, width, img.AttrOr("width", ""))
	}
}

func TestWithoutAQRCodeThereIsNoPicture(t *testing.T) {
	d := newDesk(t, sending(func(Envelope) error { return nil }))
	e, err := d.envelope(doc{ID: "one", To: letterHoa.To, Lang: lang.Vi, Key: letterHoa.Key, Link: letterHoa.Link})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if _, err := message(e).WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	if e.QR != nil || strings.Contains(e.HTML, "<img") || strings.Contains(b.String(), "image/") || strings.Contains(b.String(), "multipart/related") {
		t.Errorf("%s", b.String())
	}
}

// What a QR code says stands nowhere else in the message.
func TestAQRCodeBreaksNothing(t *testing.T) {
	d := newDesk(t, sending(func(Envelope) error { return nil }))
	for _, text := range []string{"a\r\nBcc: x@evil.example\r\n\r\nhi", `"><script>alert(1)</script>`, "javascript:alert(1)", "đồng", strings.Repeat("x", maxQR)} {
		e, err := d.envelope(doc{ID: "a\r\nb\">", To: letterHoa.To, Lang: lang.Vi, Key: "mail.changed", QR: text})
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var b bytes.Buffer
		if _, err := message(e).WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		m, err := netmail.ReadMessage(&b)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Sorted(maps.Keys(m.Header)); !slices.Equal(got, headers) || strings.Contains(e.HTML, text) {
			t.Errorf("%q: headers %q", text, got)
		}
		list := leaves(t, m.Header.Get("Content-Type"), m.Body)
		if got, _ := scan(t, list[len(list)-1].body); got != text || len(list[len(list)-1].header) != 4 {
			t.Errorf("%q is read as %q, %v", text, got, list[len(list)-1].header)
		}
	}
}

// The message is given up at once, and keeps its code for another try.
func TestATextTooLongForAQRCode(t *testing.T) {
	d := newDesk(t, sending(func(Envelope) error { return nil }))
	m := letterHoa
	m.QR = strings.Repeat("x", maxQR+1)
	d.add("one", m)
	if d.work() != 0 || d.doc("one").State != failed || d.doc("one").QR != m.QR || !strings.Contains(d.doc("one").Reason, errQR.Error()) {
		t.Errorf("%+v", d.doc("one"))
	}
}
