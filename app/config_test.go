package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func env(pairs ...string) func(string) string {
	m := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return m[name] }
}

const secret32 = "0123456789abcdef0123456789abcdef"

func TestDefaultsOfDevelopment(t *testing.T) {
	c, err := LoadConfig(env())
	if err != nil {
		t.Fatal(err)
	}
	if !c.Dev() || c.Addr() != "127.0.0.1:8080" || c.BaseURL != "http://localhost:8080" || c.DataDir != ".data" || c.LogFormat != "text" || !c.Loopback() {
		t.Errorf("%v", c)
	}
}

func TestDefaultsOfProduction(t *testing.T) {
	c, err := LoadConfig(env("APP_ENV", "production", "SECRET_KEY", secret32, "BASE_URL", "https://nguon.example/"))
	if err != nil {
		t.Fatal(err)
	}
	if c.Dev() || c.Addr() != "0.0.0.0:8080" || c.BaseURL != "https://nguon.example" || c.LogFormat != "json" || c.Loopback() {
		t.Errorf("%v", c)
	}
}

func TestEveryProblemIsReportedAtOnce(t *testing.T) {
	_, err := LoadConfig(env("APP_ENV", "production", "PORT", "70000", "LOG_LEVEL", "loud", "LOG_FORMAT", "xml",
		"TRUSTED_PROXIES", "10.0.0.0/8, here", "REGION_HEADER", "a b", "CLIENT_IP_HEADER", "c d", "HOST", "e f", "MONGODB_URI", "localhost", "SECRET_KEY_OLD", "short"))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, name := range []string{"SECRET_KEY:", "BASE_URL:", "PORT:", "LOG_LEVEL:", "LOG_FORMAT:", "TRUSTED_PROXIES:", "REGION_HEADER:", "CLIENT_IP_HEADER:", "HOST:", "MONGODB_URI:", "SECRET_KEY_OLD:"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not reported in:\n%v", name, err)
		}
	}
}

func TestBadSettings(t *testing.T) {
	for name, pairs := range map[string][]string{
		"unknown environment":        {"APP_ENV", "prod"},
		"short secret":               {"SECRET_KEY", "secret"},
		"base with a path":           {"BASE_URL", "https://nguon.example/shop"},
		"base with a user":           {"BASE_URL", "https://me:pw@nguon.example"},
		"base without a scheme":      {"BASE_URL", "nguon.example"},
		"base of another scheme":     {"BASE_URL", "ftp://nguon.example"},
		"port in words":              {"PORT", "http"},
		"region without a proxy":     {"REGION_HEADER", "Fly-Region"},
		"old secret alone":           {"SECRET_KEY_OLD", secret32},
		"search by a path":           {"MEILI_URL", "http://search.example/indexes"},
		"search with a user":         {"MEILI_URL", "http://me:pw@search.example"},
		"a search key for nobody":    {"MEILI_KEY", "key"},
		"search without a key":       {"APP_ENV", "production", "SECRET_KEY", secret32, "BASE_URL", "https://nguon.example", "MEILI_URL", "http://search.internal:7700"},
		"mail by the web":            {"SMTP_URL", "https://mail.example"},
		"sender of two lines":        {"MAIL_FROM", "Nguồn <a@b.example>\r\nBcc: x@evil.example"},
		"passwords in the clear":     {"APP_ENV", "production", "SECRET_KEY", secret32, "BASE_URL", "http://nguon.example"},
		"several machines, a folder": {"APP_ENV", "production", "SECRET_KEY", secret32, "BASE_URL", "https://nguon.example", "MONGODB_URI", "mongodb://db.example/nguon"},
	} {
		t.Run(name, func(t *testing.T) {
			if c, err := LoadConfig(env(pairs...)); err == nil {
				t.Errorf("accepted as %v", c)
			}
		})
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	c, err := LoadConfig(env("SECRET_KEY", secret32, "SECRET_KEY_OLD", "old"+secret32,
		"MONGODB_URI", "mongodb://admin:hunter2@db.example/nguon?password=hunter2",
		"SMTP_URL", "smtp://user:hunter2@mail.example", "BLOB_URL", "s3://nguon?key=hunter2"))
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", c)
	for form, s := range map[string]string{
		"String": c.String(), "%v": fmt.Sprintf("%v", c), "%+v": fmt.Sprintf("%+v", c), "%#v": fmt.Sprintf("%#v", c),
		"pointer": fmt.Sprintf("%+v", &c), "slog": log.String(),
	} {
		if strings.Contains(s, secret32) || strings.Contains(s, "hunter2") || strings.Contains(s, "admin") {
			t.Errorf("%s shows a secret: %s", form, s)
		}
		if !strings.Contains(s, "db.example/nguon") {
			t.Errorf("%s hides where data goes: %s", form, s)
		}
	}
}

func TestDevelopmentKeyIsMadeOnce(t *testing.T) {
	dir := t.TempDir()
	keys := make([]string, 8)
	var wg sync.WaitGroup
	for i := range keys {
		wg.Go(func() {
			c, err := withSecret(Config{DataDir: dir})
			if err != nil {
				t.Error(err)
			}
			keys[i] = c.SecretKey
		})
	}
	wg.Wait()
	for _, k := range keys {
		if k != keys[0] || len(k) < minSecret {
			t.Fatalf("keys differ or are short: %q", keys)
		}
	}
	info, err := os.Stat(filepath.Join(dir, secretFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	left, _ := filepath.Glob(filepath.Join(dir, secretFile+".*"))
	if len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDamagedDevelopmentKeyIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, secretFile), []byte("cut"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := withSecret(Config{DataDir: dir}); err == nil {
		t.Error("a key that would turn every printed label into a forgery was made")
	}
}

func TestGivenKeyIsNotStored(t *testing.T) {
	dir := t.TempDir()
	c, err := withSecret(Config{DataDir: dir, SecretKey: secret32})
	if err != nil || c.SecretKey != secret32 {
		t.Fatal(c, err)
	}
	if names, _ := os.ReadDir(dir); len(names) != 0 {
		t.Errorf("wrote %v", names)
	}
}
