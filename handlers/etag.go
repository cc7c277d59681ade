package handlers

import "strings"

// matches is the weak comparison of If-None-Match (RFC 9110 §13.1.2): the
// same page may come compressed or not.
func matches(header, tag string) bool {
	if strings.TrimSpace(header) == "*" {
		return true
	}
	tag = strings.TrimPrefix(tag, "W/")
	for part := range strings.SplitSeq(header, ",") {
		if strings.TrimPrefix(strings.TrimSpace(part), "W/") == tag {
			return true
		}
	}
	return false
}
