package qr

import (
	"net/netip"
	"strings"
	"time"
)

// Visit is one request for the page of a serial. Nothing of it is stored but
// the time, a salted bucket of the address and the region.
type Visit struct {
	GTIN, Lot, Serial string
	IP                string
	UserAgent         string
	Method            string
	Purpose           string    // Sec-Purpose, Purpose or X-Moz header
	Region            string    // from a trusted proxy, "" when there is none
	At                time.Time // zero: the service's clock
}

// machines are parts of user agents, in lower case, that fetch pages without a
// person looking at them: link previews, search engines, monitors.
var machines = []string{
	"facebookexternalhit", "facebot", "facebookcatalog", "meta-externalagent", "meta-externalfetcher",
	"zalobot", "zalo-preview", "compatible; zalo", "cococbot", "coccocbot",
	"telegrambot", "slackbot", "slack-imgproxy", "twitterbot", "discordbot", "linkedinbot", "pinterestbot",
	"viber/url", "skypeuripreview", "bingpreview", "redditbot", "vkshare", "embedly", "iframely", "kakaotalk-scrap",
	"googlebot", "google-inspectiontool", "googleother", "adsbot-google", "mediapartners-google", "apis-google",
	"feedfetcher-google", "google-safety", "google-read-aloud", "storebot-google",
	"bingbot", "msnbot", "yandexbot", "yandex.com/bots", "baiduspider", "duckduckbot", "applebot", "petalbot", "bytespider",
	"sogou web spider", "seznambot", "qwantify", "amazonbot", "gptbot", "chatgpt-user", "oai-searchbot", "claudebot",
	"perplexitybot", "ccbot", "ahrefsbot", "semrushbot", "mj12bot", "dotbot", "dataforseobot", "blexbot",
	"archive.org_bot", "ia_archiver", "uptimerobot", "pingdom", "statuscake", "site24x7", "kube-probe", "consul health check",
	"headlesschrome-prerender", "w3c_validator", "chrome-lighthouse",
}

// machinePrefixes begin the user agents of previews whose name also stands in
// the browsers that those apps open for people: a packet scanned inside Zalo
// is a person's scan.
var machinePrefixes = []string{"whatsapp/", "zalo/", "viber/", "line-poker", "snapchat/preview"}

// Counts reports whether a person looked: a GET that no browser made ahead of
// time and no known machine sent. Command-line clients count.
func (v Visit) Counts() bool {
	purpose := strings.ToLower(v.Purpose)
	if v.Method != "GET" || strings.Contains(purpose, "prefetch") || strings.Contains(purpose, "prerender") || strings.Contains(purpose, "preview") {
		return false
	}
	agent := strings.ToLower(v.UserAgent[:min(len(v.UserAgent), 512)])
	for _, p := range machinePrefixes {
		if strings.HasPrefix(agent, p) {
			return false
		}
	}
	for _, m := range machines {
		if strings.Contains(agent, m) {
			return false
		}
	}
	return true
}

// network is the part of an address that stands for one household or phone:
// IPv4 whole, IPv6 its /64, because the rest changes by itself.
func network(ip string) string {
	addr, err := netip.ParseAddr(ip)
	if err != nil {
		return ip[:min(len(ip), 64)]
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		return addr.String()
	}
	p, err := addr.Prefix(64)
	if err != nil {
		return addr.String()
	}
	return p.String()
}

// regionKey keeps a region only if it looks like a code: it becomes a field
// name in the store.
func regionKey(s string) string {
	if len(s) > 8 {
		return ""
	}
	for i := range len(s) {
		if c := s[i]; !unreserved(c) || c == '.' || c == '_' || c == '~' {
			return ""
		}
	}
	return strings.ToUpper(s)
}
