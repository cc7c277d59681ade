package report

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
)

// Limits in characters, where not said otherwise, of what is sent; forms show
// them.
const (
	MinWords = 10
	MaxWords = 2_000 // of a report, an answer, a closing note
	MaxWhere = 200

	maxFacts   = 30
	maxFact    = 300
	maxPath    = 1_000 // bytes
	maxContact = 254   // bytes, RFC 5321 §4.5.3.1.3
	minOnce    = 32    // bytes
	maxOnce    = 128   // bytes
)

// Draft is a report as it comes from the form. Once is a random token of at
// least 32 characters that was made with the form: the same form sent twice is
// one report.
type Draft struct {
	About   About
	Reason  Reason
	Words   string
	Where   string // may be empty
	Contact string // may be empty
	Lang    lang.Lang
	Once    string
}

// report checks and tidies a draft. What is wrong is fault.Invalid
// "report.incomplete" with a field for each mistake.
func (d Draft) report() (Report, error) {
	f := form{fault.NewForm("report.incomplete")}
	language, _ := lang.Parse(string(d.Lang))
	r := Report{Once: d.Once, Kind: d.About.Kind, Inbox: InboxOf(d.About.Kind, d.Reason), Reason: d.Reason, About: d.About.tidy(),
		Words: paragraphs(d.Words), Where: line(d.Where), Contact: strings.TrimSpace(d.Contact), Lang: language,
		Status: Open, Answers: []Answer{}, Closings: []Closing{}}
	f.Need(r.About.usable(), "about", "report.field.about")
	f.Need(r.Inbox != "", "reason", "report.field.reason")
	f.words(d.Words, r.Words, MinWords)
	f.text(d.Where, r.Where, MaxWhere, "where", "report.field.where_long")
	f.Need(r.Contact == "" || isAddress(r.Contact), "contact", "report.field.contact")
	f.Need(isOnce(d.Once), "once", "report.field.once")
	return r, f.Result()
}

// Check says what is wrong with a draft, without filing it.
func (d Draft) Check() error {
	_, err := d.report()
	return err
}

// form collects the wrong fields of one form.
type form struct{ *fault.Form }

// text checks what was typed, and its length once it is tidy.
func (f form) text(typed, tidy string, most int, field, long string) {
	f.Need(utf8.ValidString(typed), field, "report.field.text")
	f.Need(utf8.RuneCountInString(tidy) <= most, field, long)
}

func (f form) words(typed, tidy string, least int) {
	f.Need(utf8.RuneCountInString(tidy) >= least, "words", "report.field.words_short")
	f.text(typed, tidy, MaxWords, "words", "report.field.words_long")
}

// tidy cuts evidence to what is kept rather than refusing the report.
func (a About) tidy() About {
	a.Title = lang.Text{Vi: clip(a.Title.Vi), En: clip(a.Title.En)}
	a.GTIN, a.Lot, a.Serial = clip(a.GTIN), clip(a.Lot), clip(a.Serial)
	a.Product, a.Producer = clip(a.Product), clip(a.Producer)
	facts := make([]Fact, 0, min(len(a.Facts), maxFacts))
	for _, f := range a.Facts[:min(len(a.Facts), maxFacts)] {
		facts = append(facts, Fact{clip(f.Name), clip(f.Text)})
	}
	a.Facts = facts
	return a
}

func (a About) usable() bool { return Reasons(a.Kind) != nil && a.Title.Vi != "" && isPath(a.Path) }

// isPath accepts the address of a page of this site: not "//host", which leads
// elsewhere, nor anything that a browser would read as that.
func isPath(s string) bool {
	return len(s) <= maxPath && strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' })
}

// isAddress accepts an e-mail address in ASCII as people write it, without
// quotes or comments. Such an address cannot break a header.
func isAddress(s string) bool {
	if len(s) > maxContact || strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > unicode.MaxASCII || strings.ContainsRune("<>()[]\\,;:\"\x7f", r)
	}) {
		return false
	}
	a, err := mail.ParseAddress(s)
	local, domain, _ := strings.Cut(s, "@")
	return err == nil && a.Address == s && len(local) <= 64 && isDomain(domain)
}

// isDomain accepts host names of at least two labels, not IP addresses.
func isDomain(s string) bool {
	labels := strings.Split(strings.ToLower(s), ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' ||
			strings.Trim(l, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return len(labels) > 1 && strings.Trim(labels[len(labels)-1], "0123456789") != ""
}

// isOnce accepts a token as base 32, base 64 or hexadecimal write it.
func isOnce(s string) bool {
	return len(s) >= minOnce && len(s) <= maxOnce && !strings.ContainsFunc(s, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_+/=", r)
	})
}
