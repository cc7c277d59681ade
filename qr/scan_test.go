package qr

import (
	"fmt"
	"testing"
	"time"

	"nguon/app/lang"
)

func TestVisitCounts(t *testing.T) {
	for agent, want := range map[string]bool{
		"":                   true,
		"curl/8.5.0":         true,
		"Go-http-client/1.1": true,
		"Mozilla/5.0 (Linux; Android 14; CUBOT X30) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36":         true,
		"Mozilla/5.0 (Linux; Android 10) Chrome/120 Mobile Safari/537.36 Zalo android/12110630 ZaloTheme/light": true,
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) [FBAN/FBIOS;FBAV/450]":                          true,
		"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)":                             false,
		"Zalo/1.0":                      false,
		"WhatsApp/2.23.20.0 A":          false,
		"TelegramBot (like TwitterBot)": false,
		"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)": false,
		"Twitterbot/1.0": false,
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)": false,
		"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)":  false,
		"Mozilla/5.0 (compatible; coccocbot-web/1.0)":                              false,
	} {
		if got := (Visit{Method: "GET", UserAgent: agent}).Counts(); got != want {
			t.Errorf("%q counts: %v", agent, got)
		}
	}
	for _, v := range []Visit{{Method: "HEAD"}, {Method: "OPTIONS"}, {}, {Method: "GET", Purpose: "prefetch;prerender"}, {Method: "GET", Purpose: "Preview"}} {
		if v.Counts() {
			t.Errorf("%+v counts", v)
		}
	}
}

func TestNetwork(t *testing.T) {
	for a, b := range map[string]string{"2001:db8:1:2::1": "2001:db8:1:2:ffff::9", "::ffff:192.0.2.1": "192.0.2.1"} {
		if network(a) != network(b) {
			t.Errorf("%s and %s differ", a, b)
		}
	}
	if network("192.0.2.1") == network("192.0.2.2") || network("2001:db8:1:2::1") == network("2001:db8:1:3::1") {
		t.Error("neighbours are one")
	}
}

var noon = time.Date(2026, 12, 12, 12, 0, 0, 0, lang.Zone)

func TestSuspicion(t *testing.T) {
	p := SuspicionToday()
	days := func(distinct ...int) (all []scanDay) {
		for i, n := range distinct {
			all = append(all, scanDay{Day: dayOf(noon.AddDate(0, 0, i+1-len(distinct))), Distinct: n})
		}
		return all
	}
	month := make([]int, 29)
	for i := range month {
		month[i] = 1
	}
	for name, c := range map[string]struct {
		days []scanDay
		want bool
	}{
		"nobody":             {nil, false},
		"a busy household":   {days(11), false},
		"a market":           {days(12), true},
		"eleven twice":       {days(11, 11), false},
		"eleven three times": {days(11, 11, 8), true},
		"one each day":       {days(month...), false},
		"and one more":       {days(append(month, 1)...), true},
		"long ago":           {append(days(50)[:0:0], scanDay{Day: dayOf(noon.AddDate(0, 0, -30)), Distinct: 50}), false},
	} {
		if got := p.exceeded(c.days, noon); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A document stays small however often a packet is scanned, and keeps the
// first scan and the total.
func TestScanDocIsBounded(t *testing.T) {
	var d scanDoc
	for day := range 100 {
		at := noon.AddDate(0, 0, day)
		for batch := range 2 {
			var ta tally
			for i := range 100 {
				ta.add(at, fmt.Sprint("b", batch*100+i), fmt.Sprint("R", i))
			}
			d.merge(ta, at)
		}
	}
	if d.Total != 20_000 || !d.First.Equal(noon) || len(d.Days) != keptDays || len(d.Regions) != maxRegions {
		t.Errorf("total %d, first %v, %d days, %d regions", d.Total, d.First, len(d.Days), len(d.Regions))
	}
	buckets := 0
	for _, day := range d.Days {
		buckets += len(day.Buckets)
		if day.Distinct != maxBuckets || day.Count != 200 {
			t.Fatalf("%s: %d distinct of %d", day.Day, day.Distinct, day.Count)
		}
	}
	if buckets > 3*maxBuckets {
		t.Errorf("%d buckets outlive their salt", buckets)
	}
}

func TestRepeatedBucketsCountOnce(t *testing.T) {
	var d scanDoc
	for range 5 {
		var ta tally
		ta.add(noon, "same", "")
		d.merge(ta, noon)
	}
	if d.Total != 5 || d.Days[0].Distinct != 1 {
		t.Errorf("%+v", d)
	}
}

func TestState(t *testing.T) {
	for _, c := range []struct {
		f    facts
		want State
	}{
		{facts{}, Forged},
		{facts{issued: true, voided: true, recalled: true, exceeded: true}, Forged},
		{facts{signed: true, recalled: true, exceeded: true}, Unknown},
		{facts{signed: true, issued: true, voided: true, recalled: true, exceeded: true}, Void},
		{facts{signed: true, issued: true, recalled: true, exceeded: true}, Recalled},
		{facts{signed: true, issued: true, exceeded: true}, Suspicious},
		{facts{signed: true, issued: true}, Genuine},
	} {
		if got := c.f.state(); got != c.want {
			t.Errorf("%+v: %s, want %s", c.f, got, c.want)
		}
	}
}
