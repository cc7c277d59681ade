package views

import (
	"cmp"
	"strconv"
	"strings"

	"nguon/app/account"
	"nguon/app/money"
)

// valueName words the name of a value in the log.
func (p LogPage) valueName(name string) string {
	if what, of, cut := strings.Cut(name, " "); cut && (what == "price" || what == "gtin") { // "price 250 g beans"
		at := strings.LastIndexByte(of, ' ')
		return p.T("logpage.value."+what, "Weight", of[:max(at, 0)], "Grind", word(p.Lang, "shop.grind.", of[at+1:]))
	}
	return word(p.Lang, "logpage.value.", name)
}

// valueText words a value of the log that is a code; others show as they are.
func (p LogPage) valueText(e account.LogEntry, name, text string) string {
	switch name {
	case "person":
		return p.person(text)
	case "invite", "document":
		return short(text)
	case "commune":
		return upperFirst(cmp.Or(communeName(p.Lang, text), text))
	case "photo":
		return p.T("logpage.photo." + strconv.FormatBool(text != ""))
	}
	if strings.HasPrefix(name, "price ") {
		if n, err := strconv.ParseInt(text, 10, 64); err == nil {
			return money.VND(n).String()
		}
	}
	if prefix := valueWords(e, name); prefix != "" {
		parts := strings.Split(text, ", ")
		for i := range parts {
			parts[i] = word(p.Lang, prefix, parts[i])
		}
		return strings.Join(parts, ", ")
	}
	return text
}

// valueWords is where the words for the codes of a value stand.
func valueWords(e account.LogEntry, name string) string {
	switch object, _, _ := strings.Cut(e.Object, ":"); {
	case name == "status" && object == "report":
		return "report.status."
	case name == "status":
		return "account.status."
	case name == "role" && object == "person":
		return "account.role."
	case name == "role":
		return "account.member."
	case name == "kind":
		return "account.kind."
	case name == "lang":
		return "accountpage.lang."
	}
	return ""
}

// sides words what stood before and what stands now. Old is "" where only one
// of them was recorded.
func (p LogPage) sides(e account.LogEntry, c change) (old, now string) {
	side := func(s *string) string {
		if s == nil || *s == "" {
			return p.T("logpage.value.nothing")
		}
		return p.valueText(e, c.name, *s)
	}
	switch {
	case c.old == nil:
		return "", side(c.now)
	case c.now == nil && c.name != "role":
		return "", side(c.old)
	}
	return side(c.old), side(c.now)
}
