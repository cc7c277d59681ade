package views

import "net/url"

// tracePath is the site path of a trace page; serial may be empty. GS1 codes
// may hold a slash, which stays encoded.
func tracePath(gtin, lot, serial string) string {
	p := "/trace/" + url.PathEscape(gtin) + "/" + url.PathEscape(lot)
	if serial != "" {
		p += "/" + url.PathEscape(serial)
	}
	return p
}
