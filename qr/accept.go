package qr

import (
	"strconv"
	"strings"
)

// WantsLinkset reports whether the list of links is asked for: by the linkType
// of the query, or by an Accept header that names its media type and likes no
// page better. A type with q=0 is refused by whoever sent it (RFC 9110, 12.5.1).
func (l Link) WantsLinkset(accept string) bool {
	if t := l.LinkType(); t == "linkset" || t == "all" {
		return true
	}
	set, named := quality(accept, LinksetMedia)
	page, _ := quality(accept, "text/html", "text/*", "*/*")
	return named && set > 0 && set >= page
}

// quality is how much an Accept header likes the first of the media ranges
// that it names, from 0 to 1. A quality that is no number counts as 0.
func quality(accept string, ranges ...string) (q float64, named bool) {
	for _, want := range ranges {
		for part := range strings.SplitSeq(accept, ",") {
			media, params, _ := strings.Cut(part, ";")
			if strings.EqualFold(strings.TrimSpace(media), want) {
				return weight(params), true
			}
		}
	}
	return 0, false
}

// weight reads q among the parameters of a media range; 1 when it is not there.
func weight(params string) float64 {
	for p := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		q, err := strconv.ParseFloat(value, 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return 0
		}
		return q
	}
	return 1
}
