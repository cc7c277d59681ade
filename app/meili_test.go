package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"nguon/app/search/searchtest"
)

// The site with a Meilisearch server that is there, is killed, comes back, and comes
// back empty: pages are answered all the time, and what changes is found within two
// seconds by whichever index answers.
func TestMeilisearchComesAndGoes(t *testing.T) {
	engine := searchtest.StartServer(t)
	cfg := testConfig(t)
	cfg.MeiliURL, cfg.MeiliKey = engine.Address, engine.Key
	var key, complaints bytes.Buffer
	if code := run(t.Context(), []string{"search-key"}, env("MEILI_URL", engine.Address, "MEILI_KEY", engine.Key), &key, &complaints); code != exitOK {
		t.Fatal(complaints.String())
	}
	if cfg.MeiliKey = strings.TrimSpace(key.String()); cfg.MeiliKey == "" || cfg.MeiliKey == engine.Key {
		t.Fatalf("the key is %q", cfg.MeiliKey)
	}
	s := serveApp(t, cfg)
	type answer struct {
		Total    int
		Degraded bool
		Hits     []struct {
			Title struct{ Vi string }
		}
	}
	ask := func(text string) (a answer) {
		t.Helper()
		status, body := load(t, s.base+"/api/v1/search?q="+text)
		if err := json.Unmarshal([]byte(body), &a); err != nil || status != 200 {
			t.Fatalf("%d %s %v", status, body, err)
		}
		return a
	}
	// within waits until something holds, and says after how long.
	within := func(what string, limit time.Duration, holds func() bool) {
		t.Helper()
		begun := time.Now()
		for !holds() {
			if time.Since(begun) > limit {
				t.Fatalf("%s: not after %v", what, limit)
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Logf("%s after %v", what, time.Since(begun).Round(10*time.Millisecond))
	}
	rename := func(name string) {
		t.Helper()
		p, err := s.svc.catalog.ByID(t.Context(), "demo-p03")
		if err != nil {
			t.Fatal(err)
		}
		p.Name = "Cà phê " + name + " mật ong"
		if err := s.svc.catalog.SaveProduct(t.Context(), p); err != nil {
			t.Fatal(err)
		}
	}
	found := func(name string) func() bool {
		return func() bool {
			a := ask(name)
			return a.Total == 1 && strings.Contains(a.Hits[0].Title.Vi, name)
		}
	}
	const slow = 20 * time.Second // a machine under the race detector; what is measured is in the log
	within("Meilisearch answers", 2*slow, func() bool { return !ask("arabica").Degraded })
	if _, body := load(t, s.base+"/readyz"); body != "ok\n" {
		t.Errorf("readyz: %q", body)
	}
	rename("Xuyenchi")
	within("a change is found on Meilisearch", slow, found("Xuyenchi"))
	if ask("Xuyenchi").Degraded {
		t.Error("the embedded index found it")
	}

	engine.Kill()
	for _, path := range []string{"/search?q=arabica", "/en/search?q=arabica&kind=product", "/search/suggest?q=arab"} {
		if status, body := load(t, s.base+path); status != 200 || !strings.Contains(strings.ToLower(body), "arabica") {
			t.Errorf("%s without Meilisearch: %d", path, status)
		}
	}
	if _, body := load(t, s.base+"/en/search?q=arabica"); !strings.Contains(body, "stand-in index") {
		t.Error("the page does not say who answers")
	}
	if status, body := load(t, s.base+"/readyz"); status != 200 || !strings.Contains(body, "degraded") {
		t.Errorf("readyz: %d %q", status, body)
	}
	rename("Ngoclan")
	within("a change is found without Meilisearch", slow, found("Ngoclan"))
	if !ask("Ngoclan").Degraded {
		t.Error("nobody says that the embedded index answers")
	}

	engine.Start()
	within("it caught up", 2*slow, func() bool { return !ask("arabica").Degraded })
	if !found("Ngoclan")() || ask("Xuyenchi").Total != 0 {
		t.Error("it answers with what was so before")
	}

	// It comes back without what it held.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodDelete, engine.Address+"/indexes/nguon", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+engine.Key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	within("that it is empty is seen", slow, func() bool {
		a := ask("arabica")
		if a.Total == 0 {
			t.Fatal("an empty index answers")
		}
		return a.Degraded
	})
	within("it is built again", 2*slow, func() bool { return !ask("arabica").Degraded })
	if !found("Ngoclan")() {
		t.Error("what was built lacks a change")
	}

	var out bytes.Buffer
	settings := env("DATA_DIR", cfg.DataDir, "BASE_URL", cfg.BaseURL, "MEILI_URL", cfg.MeiliURL, "MEILI_KEY", cfg.MeiliKey)
	if code := run(t.Context(), []string{"reindex"}, settings, &out, &complaints); code != exitOK || !strings.Contains(out.String(), "built anew") || strings.Contains(out.String(), "away") {
		t.Errorf("reindex: %d %s %s", code, out.String(), complaints.String())
	}
	engine.Kill()
	out.Reset()
	if !ask("arabica").Degraded {
		t.Error("it is away and answers")
	}
	within("the command says that Meilisearch is away", 2*slow, func() bool {
		out.Reset()
		return run(t.Context(), []string{"reindex"}, settings, &out, &complaints) == exitOK && strings.Contains(out.String(), "Meilisearch is away")
	})
}
