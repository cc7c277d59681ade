package searchtest

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// ServerProgram names the Meilisearch program that StartServer starts.
const ServerProgram = "TEST_MEILI_BIN"

// Setting is a variable of the environment that a test needs: without it the test is
// skipped, or fails where REQUIRE_SERVICES says that nothing may be.
func Setting(t testing.TB, name string) string {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		if os.Getenv("REQUIRE_SERVICES") != "" {
			t.Fatal(name + " is not set")
		}
		t.Skip(name + " is not set")
	}
	return v
}

// Server is a Meilisearch server with a folder of its own, which a test may kill and
// start again.
type Server struct {
	Address, Key string

	t   testing.TB
	dir string
	cmd *exec.Cmd
	log bytes.Buffer
}

// StartServer starts one, which ends with the test.
func StartServer(t testing.TB) *Server {
	t.Helper()
	Setting(t, ServerProgram)
	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Address: "http://" + port.Addr().String(), Key: strings.Repeat("k", 32), t: t, dir: t.TempDir()}
	if err := port.Close(); err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Kill)
	return s
}

// Start starts it again.
func (s *Server) Start() {
	s.t.Helper()
	s.log.Reset()
	s.cmd = exec.Command(Setting(s.t, ServerProgram), "--no-analytics", "--http-addr", strings.TrimPrefix(s.Address, "http://"), "--master-key", s.Key, "--db-path", filepath.Join(s.dir, "db"), "--env", "production")
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = s.dir, &s.log, &s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	for end := time.Now().Add(30 * time.Second); ; {
		if resp, err := http.Get(s.Address + "/health"); err == nil {
			resp.Body.Close()
			return
		}
		if time.Now().After(end) {
			s.Kill()
			s.t.Fatalf("it does not start:\n%s", s.log.String())
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// Kill ends it without a warning.
func (s *Server) Kill() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}
