package mail

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"

	"nguon/app/lang"
)

// Envelope is a message ready to be sent.
type Envelope struct {
	ID            string
	From, To      *mail.Address
	Lang          lang.Lang
	Subject       string
	Text, HTML    string
	Date          time.Time
	MessageDomain string // of the Message-ID
	QR            []byte // PNG of a QR code, nil for none; the HTML names it
	Calendar      string // an entry of a calendar (RFC 5545), "" for none
	Cancels       bool   // Calendar takes the entry out
}

//go:embed mail.html
var pageSource string

var page = template.Must(template.New("mail").Parse(pageSource))

// letter is what both parts of a message say.
type letter struct {
	Lang       lang.Lang
	Subject    string
	Greeting   string
	Paragraphs []string
	Button     string
	Link       string
	LinkHint   string
	Footer     []string
	Site       string
	QR         symbol
}

func (q *Queue) envelope(d doc) (Envelope, error) {
	w, err := d.letter(q.BaseURL)
	if err != nil {
		return Envelope{}, err
	}
	html, err := w.html()
	if err != nil {
		return Envelope{}, permanentError{err}
	}
	u, err := url.Parse(q.BaseURL)
	if err != nil {
		return Envelope{}, permanentError{err}
	}
	calendar, cancels := d.calendar(q.BaseURL, u.Hostname())
	return Envelope{ID: d.ID, Calendar: calendar, Cancels: cancels, From: q.from, To: &mail.Address{Name: headerName(d.Name), Address: d.To}, Lang: d.Lang, Subject: w.Subject,
		Text: w.text(), HTML: html, Date: q.Now(), MessageDomain: u.Hostname(), QR: w.QR.png}, nil
}

// headerName works round net/mail, which leaves a backslash bare when it encodes
// a name outside ASCII, where no parser takes it.
func headerName(s string) string {
	if strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) {
		return strings.ReplaceAll(s, `\`, "/")
	}
	return s
}

func (d doc) letter(base string) (letter, error) {
	l := d.Lang
	args := make(map[string]any, len(d.Args))
	for k, v := range d.Args {
		args[k] = v
	}
	for _, part := range [...]string{".subject", ".text"} {
		if !l.Has(d.Key + part) {
			return letter{}, noText(d.Key+part, l)
		}
	}
	w := letter{Lang: l, Subject: oneLine(l.Map(d.Key+".subject", args)), Paragraphs: paragraphs(l.Map(d.Key+".text", args)),
		Greeting: l.T("mail.greeting.none"), Footer: paragraphs(l.T("mail.footer")), Site: l.T("site.name")}
	if d.Name != "" {
		w.Greeting = l.T("mail.greeting", "Name", d.Name)
	}
	var err error
	if w.QR, err = d.symbol(); err != nil {
		return letter{}, err
	}
	if d.Link != "" {
		if !l.Has(d.Key + ".button") {
			return letter{}, noText(d.Key+".button", l)
		}
		if !isPath(d.Link) {
			return letter{}, permanentError{errLink}
		}
		path, query, _ := strings.Cut(d.Link, "?")
		w.Button, w.Link, w.LinkHint = l.T(d.Key+".button"), base+l.Path(path), l.T("mail.link")
		if query != "" {
			w.Link += "?" + query
		}
	}
	return w, nil
}

// isPath accepts a path of this site with its query, and nothing that a browser
// could read as another host or that ends the line it stands on.
func isPath(s string) bool {
	return strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' })
}

// oneLine makes any bytes one line of text.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}

func paragraphs(s string) []string {
	var list []string
	for p := range strings.SplitSeq(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}

func (w letter) text() string {
	var b strings.Builder
	b.WriteString(w.Greeting + "\n\n")
	for _, p := range w.Paragraphs {
		b.WriteString(wrap(p) + "\n\n")
	}
	if w.Link != "" {
		b.WriteString(w.Button + ":\n" + w.Link + "\n\n")
	}
	b.WriteString("-- \n")
	for _, p := range w.Footer {
		b.WriteString(wrap(p) + "\n")
	}
	return b.String()
}

// wrap breaks lines at 74 characters, where words allow it.
func wrap(s string) string {
	const width = 74
	var b strings.Builder
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			b.WriteByte('\n')
		}
		n := 0
		for j, word := range strings.Fields(line) {
			size := len([]rune(word))
			switch {
			case j > 0 && n+1+size > width:
				b.WriteByte('\n')
				n = 0
			case j > 0:
				b.WriteByte(' ')
				n++
			}
			b.WriteString(word)
			n += size
		}
	}
	return b.String()
}

func (w letter) html() (string, error) {
	var b bytes.Buffer
	err := page.Execute(&b, w)
	return b.String(), err
}
