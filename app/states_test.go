package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/lang"
	"nguon/app/store/sqlite"
	"nguon/qr"
	"nguon/qr/trace"
)

// site is a running program inside the test, with an address for each state a
// code can be in.
type site struct {
	app    *App
	base   string
	states map[qr.State]string // path of the trace page
}

// serve runs the program on a port of its own until the test ends.
func serve(t *testing.T, dir string) *site {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	base := "http://" + ln.Addr().String()
	cfg, err := LoadConfig(func(name string) string {
		return map[string]string{"BASE_URL": base, "DATA_DIR": dir}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	app, err := New(ctx, cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx, ln) }()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		cancel()
		if err := <-done; err != nil {
			t.Errorf("the program ended with %v", err)
		}
		if err := app.Close(); err != nil {
			t.Error(err)
		}
	})
	return &site{app: app, base: base, states: map[qr.State]string{}}
}

// withStates serves a copy of a seeded store in which every state of a code
// occurs. "Unknown" is what a packet reads whose label run is missing from a
// backup that was restored: the copy is taken before that run.
func withStates(t *testing.T) *site {
	t.Helper()
	ctx := context.Background()
	first, copied := t.TempDir(), t.TempDir()
	origin := serve(t, first)
	origin.issue(t, "SN-", "01")
	if err := origin.app.svc.db.(*sqlite.DB).Copy(ctx, filepath.Join(copied, storeFile)); err != nil {
		t.Fatal(err)
	}
	copySecret(t, first, copied)
	origin.issue(t, "SN-", "01") // the restored store will give this serial out itself
	missing := origin.issue(t, "SN-", "01")

	s := serve(t, copied)
	genuine := s.issue(t, "SN-", "01")
	s.states[qr.Genuine] = path(genuine)
	s.states[qr.Forged] = flipLast(path(genuine))
	s.states[qr.Unknown] = path(missing)
	s.states[qr.LotOnly] = "/trace/" + genuine.Run.GTIN + "/" + genuine.Lot.Code

	void := s.issue(t, "SN-", "02")
	if err := s.app.svc.trace.VoidRun(ctx, void.Lot.ID, void.Run.Hash, "mất cuộn tem", "test"); err != nil {
		t.Fatal(err)
	}
	s.states[qr.Void] = path(void)

	recalled := s.issue(t, "PD-", "02")
	if err := s.app.svc.trace.Recall(ctx, recalled.Lot.ID, trace.Recall{
		At: time.Now(), By: "test",
		Reason: lang.Text{Vi: "Gói bị hở mối hàn.", En: "The seal is faulty."},
		Advice: lang.Text{Vi: "Bạn mang gói tới nơi mua để đổi.", En: "Please take the packet back to the shop."},
	}); err != nil {
		t.Fatal(err)
	}
	s.states[qr.Recalled] = path(recalled)

	crowd := s.issue(t, "PD-", "01")
	serial := packet(crowd).Serial
	for i := range 40 {
		s.app.svc.qr.Scan(ctx, qr.Visit{GTIN: crowd.Run.GTIN, Lot: crowd.Lot.Code, Serial: serial, Method: http.MethodGet,
			IP: fmt.Sprintf("203.%d.113.7", i), UserAgent: "Mozilla/5.0", At: time.Now()})
	}
	s.states[qr.Suspicious] = path(crowd)
	return s
}

// issue prints one packet of the seeded lot whose code begins and ends so.
func (s *site) issue(t *testing.T, prefix, suffix string) *qr.Issued {
	t.Helper()
	ctx := context.Background()
	code := ""
	err := s.app.svc.trace.Lots(ctx, func(l trace.Lot) error {
		if strings.HasPrefix(l.Code, prefix) && strings.HasSuffix(l.Code, suffix) {
			code = l.Code
		}
		return nil
	})
	if err != nil || code == "" {
		t.Fatalf("no lot %s…%s (%v)", prefix, suffix, err)
	}
	issued, err := s.app.svc.qr.Issue(ctx, qr.IssueRequest{LotCode: code, Count: 1, By: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return issued
}

func packet(i *qr.Issued) qr.Packet {
	for p := range i.Packets {
		return p
	}
	return qr.Packet{}
}

func path(i *qr.Issued) string {
	return "/trace/" + i.Run.GTIN + "/" + i.Lot.Code + "/" + packet(i).Serial
}

func copySecret(t *testing.T, from, to string) {
	t.Helper()
	key, err := os.ReadFile(filepath.Join(from, secretFile))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(to, secretFile), key, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Every state of a code occurs and is told apart, on the page and in the API.
func TestEveryState(t *testing.T) {
	s := withStates(t)
	if len(s.states) != 7 {
		t.Fatalf("%d states, want 7", len(s.states))
	}
	for state, path := range s.states {
		for _, prefix := range []string{"", "/en"} {
			doc := page(t, s.base+prefix+path)
			if got := attr(doc, "data-verdict"); got != string(state) {
				t.Errorf("%s%s reads %q, want %q", prefix, path, got, state)
			}
		}
		body := page(t, s.base+"/api/v1"+path).Text()
		if !strings.Contains(strings.ReplaceAll(body, " ", ""), `"verdict":"`+string(state)+`"`) {
			t.Errorf("the API says of %s: %.200s", state, body)
		}
	}
}

func page(t *testing.T, url string) *goquery.Document {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	doc, err := goquery.NewDocumentFromReader(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
