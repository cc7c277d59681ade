package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"nguon/app/lang"
	"nguon/catalog"
)

// running is the program, serving in this process.
type running struct {
	base string
	stop func() error
	svc  *services
}

func serveApp(t *testing.T, cfg Config) running {
	t.Helper()
	return serveAt(t, cfg, "127.0.0.1:0")
}

func serveAt(t *testing.T, cfg Config, addr string) running {
	t.Helper()
	a, err := New(t.Context(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, ln) }()
	stopped := false
	stop := func() error {
		if stopped {
			return nil
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			return err
		}
		return a.Close()
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return running{"http://" + ln.Addr().String(), stop, a.svc}
}

func testConfig(t *testing.T) Config {
	t.Helper()
	c, err := LoadConfig(env("DATA_DIR", t.TempDir(), "BASE_URL", "http://192.0.2.1:8080"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func load(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestStartStopAndStartAgain(t *testing.T) {
	cfg := testConfig(t)
	first := serveApp(t, cfg)
	url := "/trace/" + printOne(t, cfg)
	if status, body := load(t, first.base+url); status != 200 || !strings.Contains(body, `data-verdict="genuine"`) {
		t.Fatalf("%s: %d", url, status)
	}
	for _, path := range []string{"/healthz", "/readyz", "/", "/en/products"} {
		if status, _ := load(t, first.base+path); status != 200 {
			t.Errorf("%s: %d", path, status)
		}
	}
	if err := first.stop(); err != nil {
		t.Fatal(err)
	}
	second := serveApp(t, cfg) // the same folder: neither key nor count is lost
	_, body := load(t, second.base+"/api/v1"+url)
	if !strings.Contains(body, `"verdict":"genuine"`) || !strings.Contains(body, `"count":1}`) {
		t.Errorf("after starting again: %.300s", body)
	}
}

// printOne prints one label while the server runs and returns the code as the
// path of a trace page names it.
func printOne(t *testing.T, cfg Config) string {
	t.Helper()
	var out, log bytes.Buffer
	code := run(t.Context(), []string{"labels", "-lot", "SN-26-02", "-count", "1", "-format", "csv", "-out", "-"}, func(name string) string {
		return map[string]string{"DATA_DIR": cfg.DataDir, "BASE_URL": cfg.BaseURL}[name]
	}, &out, &log)
	m := regexp.MustCompile(`/01/(\d{14})/10/([^/]+)/21/(\S+)`).FindStringSubmatch(out.String())
	if code != exitOK || m == nil {
		t.Fatalf("exit %d: %s%s", code, out.String(), log.String())
	}
	return m[1] + "/" + m[2] + "/" + m[3]
}

func TestASecondServerOnTheSameDataIsRefused(t *testing.T) {
	cfg := testConfig(t)
	serveApp(t, cfg)
	if a, err := New(t.Context(), cfg, slog.New(slog.DiscardHandler)); err == nil {
		_ = a.Close()
		t.Error("two servers share one file")
	}
}

func TestStopIsGracefulRightAfterTheStart(t *testing.T) {
	for range 5 {
		if err := serveApp(t, testConfig(t)).stop(); err != nil {
			t.Error(err)
		}
	}
}

func TestAnUnreachableStoreRefusesToStart(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	cfg := testConfig(t)
	cfg.MongoURI = "mongodb://127.0.0.1:1/nguon?serverSelectionTimeoutMS=300&connectTimeoutMS=300"
	if a, err := New(ctx, cfg, slog.New(slog.DiscardHandler)); err == nil {
		_ = a.Close()
		t.Error("started without its store")
	}
}

// spawn starts the program as a process of its own and waits until it
// serves.
func spawn(t *testing.T, env ...string) (*exec.Cmd, string, *bytes.Buffer) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), append([]string{asProgram + "=1", "PORT=0", "LOG_FORMAT=text", "HOST=127.0.0.1"}, env...)...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	log := new(bytes.Buffer)
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		fmt.Fprintln(log, lines.Text())
		if m := regexp.MustCompile(`msg=serving addr=(\S+)`).FindStringSubmatch(lines.Text()); m != nil {
			go func() { // the pipe must not fill up
				_, _ = io.Copy(io.Discard, stderr)
			}()
			return cmd, "http://" + m[1], log
		}
	}
	t.Fatalf("never served:\n%s", log)
	return nil, "", nil
}

func TestSignalsStopTheProgramGracefully(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(sig.String(), func(t *testing.T) {
			cmd, base, _ := spawn(t, "DATA_DIR="+t.TempDir())
			if status, _ := load(t, base+"/readyz"); status != 200 {
				t.Fatalf("%d", status)
			}
			begun := time.Now()
			if err := cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err != nil {
				t.Errorf("exit: %v", err)
			}
			if took := time.Since(begun); took > stopWithin {
				t.Errorf("took %v", took)
			}
		})
	}
}

func TestProductionStartsAndChecksItself(t *testing.T) {
	dir := t.TempDir()
	settings := []string{"DATA_DIR=" + dir, "APP_ENV=production", "SECRET_KEY=" + secret32, "BASE_URL=https://nguon.example"}
	_, base, log := spawn(t, settings...)
	if strings.Contains(log.String(), secret32) {
		t.Error("the key is in the log")
	}
	status, body := load(t, base+"/")
	if status != 200 || strings.Contains(body, "Sương Núi") {
		t.Errorf("%d; an empty production store must stay empty", status)
	}
	if names, _ := filepath.Glob(filepath.Join(dir, secretFile)); len(names) != 0 {
		t.Error("production stored a key")
	}
	_, port, _ := net.SplitHostPort(strings.TrimPrefix(base, "http://"))
	pairs := []string{"PORT", port}
	for _, s := range settings {
		name, value, _ := strings.Cut(s, "=")
		pairs = append(pairs, name, value)
	}
	var out bytes.Buffer
	if code := run(t.Context(), []string{"healthcheck"}, env(pairs...), &out, &out); code != exitOK {
		t.Errorf("healthcheck: %d %s", code, out.String())
	}
	if code := run(t.Context(), []string{"healthcheck"}, env(append(pairs, "PORT", "1")...), &out, &out); code != exitFailed {
		t.Errorf("healthcheck of nobody: %d", code)
	}
}

func TestCommandLines(t *testing.T) {
	dir := t.TempDir()
	getenv := env("DATA_DIR", dir, "LOG_LEVEL", "error")
	out := filepath.Join(dir, "labels.pdf")
	for _, c := range []struct {
		args   string
		code   int
		stdout string
		stderr string
	}{
		{"help", exitOK, "Commands:", ""},
		{"bake", exitUsage, "", "unknown command"},
		{"lots -format xml", exitUsage, "", "csv"},
		{"lots", exitOK, "gtin,lot,product,producer,gi\n", ""},
		{"lots extra", exitUsage, "", "extra"},
		{"labels", exitUsage, "", "-lot"},
		{"labels -lot SN-26-01 -count ten -out x", exitUsage, "", "invalid value"},
		{"labels -lot SN-26-01 -count 1 -format png -out x", exitUsage, "", "svg"},
		{"labels -bogus", exitUsage, "", "bogus"},
		{"labels -lot NOPE -count 1 -out " + out, exitFailed, "", "NOPE"},
		{"labels -lot SN-26-01 -count -3 -out " + out, exitFailed, "", "1"},
		{"labels -lot SN-26-01 -count 1 -gtin 123 -out " + out, exitFailed, "", "123"},
		{"labels -lot SN-26-01 -count 999999 -out " + out, exitFailed, "", ""},
		{"labels -lot SN-26-01 -count 1 -dpi 72 -out " + out, exitFailed, "", ""},
		{"labels -lot SN-26-01 -count 1 -out " + dir + "/no/such/folder.pdf", exitFailed, "", "folder"},
		{"seed", exitOK, "", ""},
	} {
		var stdout, stderr bytes.Buffer
		code := run(t.Context(), strings.Fields(c.args), getenv, &stdout, &stderr)
		if code != c.code || !strings.Contains(stdout.String(), c.stdout) || !strings.Contains(stderr.String(), c.stderr) {
			t.Errorf("%s: exit %d, want %d\n%s%s", c.args, code, c.code, stdout.String(), stderr.String())
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: left a file", c.args)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".labels*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// The run of labels that could not be written must not use up the lot.
func TestLabelsThatFailAreWithdrawn(t *testing.T) {
	dir := t.TempDir()
	getenv := env("DATA_DIR", dir, "LOG_LEVEL", "error")
	most := packable(t, getenv)
	for i := range 3 {
		args := []string{"labels", "-lot", "SN-26-02", "-gtin", "09520001000034", "-count", strconv.FormatInt(most, 10), "-format", "csv", "-out", dir + "/missing/x.csv"}
		if i == 2 {
			args[len(args)-1] = filepath.Join(dir, "x.csv")
		}
		var out bytes.Buffer
		code := run(t.Context(), args, getenv, &out, &out)
		if want := map[bool]int{true: exitOK, false: exitFailed}[i == 2]; code != want {
			t.Fatalf("try %d: exit %d: %s", i, code, out.String())
		}
	}
	f, err := os.Open(filepath.Join(dir, "x.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || int64(len(rows)) != most+1 || rows[0][0] != "serial" || rows[0][1] != "url" {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// packable is how many packets of 09520001000034 the coffee of SN-26-02 still
// fills.
func packable(t *testing.T, getenv func(string) string) int64 {
	t.Helper()
	cfg, err := LoadConfig(getenv)
	if err != nil {
		t.Fatal(err)
	}
	s, err := open(t.Context(), cfg, slog.New(slog.DiscardHandler), command)
	if err != nil {
		t.Fatal(err)
	}
	part, err := s.qr.LotPart(t.Context(), "09520001000034", "SN-26-02")
	if err != nil {
		t.Fatal(err)
	}
	b := part.Lot.Balance
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	return (b.PackableGrams - b.CommittedGrams) / part.Product.NetGrams
}

func TestWriteOutIsAllOrNothing(t *testing.T) {
	name := filepath.Join(t.TempDir(), "labels.csv")
	for _, text := range []string{"old", "new"} {
		if err := writeOut(name, io.Discard, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
			t.Fatal(err)
		}
	}
	err := writeOut(name, io.Discard, func(w io.Writer) error {
		_, _ = io.WriteString(w, strings.Repeat("half", 100_000))
		return fmt.Errorf("printer on fire")
	})
	if b, _ := os.ReadFile(name); err == nil || string(b) != "new" {
		t.Errorf("%v, %.20q", err, b)
	}
	if names, _ := os.ReadDir(filepath.Dir(name)); len(names) != 1 {
		t.Errorf("left behind: %v", names)
	}
}

// A link is followed; a pipe is written into; a folder and a missing folder
// are refused under the name that was typed.
func TestWriteOutElsewhere(t *testing.T) {
	dir := t.TempDir()
	hello := func(w io.Writer) error { _, err := io.WriteString(w, "hello"); return err }
	target, link, pipe := filepath.Join(dir, "target"), filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	if err := errors.Join(os.WriteFile(target, []byte("old"), 0o600), os.Symlink(target, link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	if err := writeOut(link, nil, hello); err != nil {
		t.Error(err)
	}
	if b, _ := os.ReadFile(target); string(b) != "hello" {
		t.Errorf("the target of the link holds %q", b)
	}
	if info, _ := os.Lstat(link); info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link was replaced")
	}
	read := make(chan string)
	go func() { b, _ := os.ReadFile(pipe); read <- string(b) }()
	if err := writeOut(pipe, nil, hello); err != nil {
		t.Error(err)
	}
	if got := <-read; got != "hello" {
		t.Errorf("the pipe brought %q", got)
	}
	dangling := filepath.Join(dir, "dangling")
	if err := os.Symlink(filepath.Join(dir, "gone"), dangling); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{dir, filepath.Join(dir, "none", "x.csv"), dangling} {
		called := false
		err := writeOut(name, nil, func(io.Writer) error { called = true; return nil })
		if err == nil || called || !strings.HasPrefix(err.Error(), "-out "+name+":") {
			t.Errorf("%s: %v, called %v", name, err, called)
		}
	}
}

// A disk that is no longer there is noticed, though the open store still answers.
func TestNotReadyWithoutTheFolderOfFiles(t *testing.T) {
	cfg := testConfig(t)
	a := serveApp(t, cfg)
	if status, _ := load(t, a.base+"/readyz"); status != 200 {
		t.Error(status)
	}
	if err := os.RemoveAll(filepath.Join(cfg.DataDir, filesDir)); err != nil {
		t.Fatal(err)
	}
	if status, _ := load(t, a.base+"/readyz"); status != 503 {
		t.Errorf("ready without it: %d", status)
	}
}

// A key file that is lost is not replaced by one that fits nothing.
func TestLostKeyFile(t *testing.T) {
	cfg := testConfig(t)
	log := slog.New(slog.DiscardHandler)
	s, err := open(t.Context(), cfg, log, command)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(cfg.DataDir, secretFile)
	if err := errors.Join(s.close(), os.Remove(name)); err != nil {
		t.Fatal(err)
	}
	if s, err := open(t.Context(), cfg, log, command); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("opened as %v, %v", s, err)
	}
	if _, err := os.Stat(name); err == nil {
		t.Error("a new key was left behind")
	}
}

// A first start that was cut off after its first producer is finished by the
// next; a store with producers of its own is left alone.
func TestInterruptedSeedingIsFinished(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	for _, interrupted := range []bool{true, false} {
		cfg := testConfig(t)
		production := cfg
		production.Env, production.SecretKey = "production", secret32
		s, err := open(t.Context(), production, log, command)
		if err != nil {
			t.Fatal(err)
		}
		err = s.catalog.SaveProducer(t.Context(), catalog.Producer{ID: "demo-suong-nui", Slug: "htx-ca-phe-suong-nui", Name: "HTX", Kind: catalog.Cooperative,
			Commune: "04132", Address: lang.Text{Vi: "Bản Ban Mới"}, Story: lang.Text{Vi: "Chuyện"}, Published: true})
		if err := errors.Join(err, s.close()); err != nil {
			t.Fatal(err)
		}
		if interrupted {
			if err := os.WriteFile(filepath.Join(cfg.DataDir, "seeding"), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		cfg.SecretKey = secret32
		if s, err = open(t.Context(), cfg, log, command); err != nil {
			t.Fatal(err)
		}
		var rows bytes.Buffer
		if err := errors.Join(s.writeLots(t.Context(), &rows, log), s.close()); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(rows.String(), "\n"); interrupted && n < 13 || !interrupted && n != 1 {
			t.Errorf("interrupted %v: %d lines of lots", interrupted, n)
		}
	}
}
