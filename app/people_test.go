package main

import (
	"bytes"
	"net/http"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// submit sends a form as a page of the site does.
func (p *process) submit(path string, pairs ...string) *http.Response {
	p.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	req, err := http.NewRequest("POST", p.base+path, strings.NewReader(v.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", p.base)
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	resp.Body.Close()
	return resp
}

// The first administrator is made on the command line, beside a running server,
// and chooses a password by the printed link, once.
func TestFirstAdministrator(t *testing.T) {
	p := newProcess(t)
	p.start()
	out := p.run("create-user", "-email", "chi@nguon.example", "-role", "admin", "-name", "Chị Cả")
	link := regexp.MustCompile(`http\S+/reset\?token=(\S+)`).FindStringSubmatch(out)
	if link == nil || strings.Contains(out, "password=") {
		t.Fatal(out)
	}
	if status, _ := load(t, link[0]); status != 200 {
		t.Fatal(status)
	}
	if r := p.submit("/reset", "token", link[1], "password", "một câu thật là dài"); r.StatusCode != 200 {
		t.Fatal(r.Status)
	}
	if r := p.submit("/reset", "token", link[1], "password", "một câu khác cũng dài"); r.StatusCode != 410 {
		t.Errorf("the link works twice: %s", r.Status)
	}
	if r := p.submit("/sign-in", "email", "chi@nguon.example", "password", "một câu thật là dài"); r.StatusCode != 303 {
		t.Error(r.Status)
	}
	if out := p.run("create-user", "-email", "CHI@nguon.example", "-role", "operator"); !strings.Contains(out, "has an account already") {
		t.Error(out)
	}
	for _, args := range [][]string{{}, {"-email", "x@nguon.example"}, {"-email", "x@nguon.example", "-role", "owner"}, {"-email", "x", "-role", "admin"},
		{"-email", "x@nguon.example", "-role", "staff", "-org", "none"}} {
		cmd := p.command(append([]string{"create-user"}, args...)...)
		if out, err := cmd.CombinedOutput(); err == nil || len(out) == 0 {
			t.Errorf("%v: %s", args, out)
		}
	}
	p.stop(syscall.SIGTERM)
}

// A sign-up whose process dies before the mail was sent is mailed by the next.
func TestAKilledProcessForgetsNoMail(t *testing.T) {
	p := newProcess(t)
	p.start()
	if r := p.submit("/sign-up", "name", "Hoa", "email", "hoa@nguon.example", "password", "nương chè xanh mướt", "agreed", "on"); r.StatusCode != 200 {
		t.Fatal(r.Status)
	}
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	http.DefaultClient.CloseIdleConnections()
	p.start()
	link := letter(t, filepath.Join(p.dir, "data"), "hoa@nguon.example", "Xác nhận")
	token := link[strings.Index(link, "token=")+len("token="):]
	if r := p.submit("/confirm", "token", token, "password", "nương chè xanh mướt"); r.StatusCode != 303 {
		t.Fatal(r.Status)
	}
	p.stop(syscall.SIGTERM)
	p.start() // and a person outlives a restart
	if r := p.submit("/sign-in", "email", "hoa@nguon.example", "password", "nương chè xanh mướt"); r.StatusCode != 303 {
		t.Error(r.Status)
	}
	p.stop(syscall.SIGTERM)
	if strings.Contains(p.out.String(), "nương chè") || strings.Contains(p.out.String(), token) || strings.Contains(p.out.String(), "hoa@nguon") {
		t.Error("the log tells a secret")
	}
}

// Development prints a sign-in for every role, the same at each start;
// production prints none.
func TestSignInsOfTheDemonstration(t *testing.T) {
	line := regexp.MustCompile(`sign-in of the demonstration" role=(\S+) email=(\S+) password=(\S+)`)
	p := newProcess(t)
	p.start()
	first := p.lines(line, 8)
	if len(first) != 8 {
		t.Fatalf("%d sign-ins", len(first))
	}
	for _, m := range first {
		if r := p.submit("/sign-in", "email", m[2], "password", m[3]); r.StatusCode != 303 {
			t.Errorf("%s: %s", m[1], r.Status)
		}
	}
	p.stop(syscall.SIGTERM)
	p.start()
	if again := p.lines(line, 8); len(again) != 8 || again[1][3] != first[1][3] {
		t.Error("other sign-ins after a restart")
	}
	p.stop(syscall.SIGTERM)

	other := newProcess(t)
	other.start()
	if other.lines(line, 8)[0][3] == first[0][3] {
		t.Error("another folder has the same password")
	}
	other.stop(syscall.SIGTERM)

	production := exec.Command(p.command().Path, "seed")
	production.Env = append(p.command().Env, "APP_ENV=production", "SECRET_KEY="+secret32, "BASE_URL=https://nguon.example")
	if out, err := production.CombinedOutput(); err == nil || bytes.Contains(out, []byte("sign-in of the demonstration")) {
		t.Errorf("%v %s", err, out)
	}
}
