package mongo_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/x/mongo/driver/connstring"

	"nguon/app/fault"
	"nguon/app/store"
	"nguon/app/store/mongo"
)

// line is a telephone line to the server that a test can disturb.
type line struct {
	server   string
	listener net.Listener
	mu       sync.Mutex
	conns    []net.Conn
	// deaf is a command whose answer is not passed on: its connection ends
	// where the answer would come back.
	deaf atomic.Value
}

// newLine returns a line and the address of the server at the end of it.
func newLine(t *testing.T) (*line, string) {
	t.Helper()
	uri := address(t)
	cs, err := connstring.ParseAndValidate(uri)
	if err != nil || len(cs.Hosts) != 1 || strings.HasPrefix(uri, "mongodb+srv") {
		t.Skipf("applies to an address of one host: %v", err)
	}
	l := &line{server: cs.Hosts[0]}
	if l.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.cut)
	go l.serve()
	uri = strings.Replace(uri, l.server, l.listener.Addr().String(), 1)
	if !strings.Contains(uri, "?") {
		uri = strings.TrimSuffix(uri, "/") + "/?"
	}
	return l, uri + "&directConnection=true&serverSelectionTimeoutMS=500"
}

func (l *line) serve() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", l.server)
		if err != nil {
			near.Close()
			continue
		}
		l.mu.Lock()
		l.conns = append(l.conns, near, far)
		l.mu.Unlock()
		c := &call{line: l, near: near, far: far}
		go func() { _, _ = io.Copy(asking{c}, near); far.Close() }()
		go func() { _, _ = io.Copy(answering{c}, far); near.Close() }()
	}
}

// call is one connection through the line.
type call struct {
	line      *line
	near, far net.Conn
	over      atomic.Bool
}

type asking struct{ *call }

func (c asking) Write(p []byte) (int, error) {
	if cmd, _ := c.line.deaf.Load().(string); cmd != "" && bytes.Contains(p, []byte("\x02"+cmd+"\x00")) {
		c.over.Store(true)
	}
	return c.far.Write(p)
}

type answering struct{ *call }

func (c answering) Write(p []byte) (int, error) {
	if c.over.Load() {
		return 0, io.ErrClosedPipe
	}
	return c.near.Write(p)
}

// cut ends the line for good.
func (l *line) cut() {
	_ = l.listener.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		_ = c.Close()
	}
}

// A write whose answer is lost may have been done: it is Unavailable, never a
// success and never a plain failure, and here it was done.
func TestLostAnswerIsUnavailable(t *testing.T) {
	name := database(t)
	c := collection(t, open(t, mongo.Options{Database: name}), stocks)
	if err := c.Insert(t.Context(), stock{ID: "a", Units: 5}); err != nil {
		t.Fatal(err)
	}
	l, uri := newLine(t)
	far, err := mongo.Open(t.Context(), uri, mongo.Options{Database: name})
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	lost := collection(t, far, stocks)
	err = lost.Update(t.Context(), "a", func(s *stock) error {
		s.Units = 4
		l.deaf.Store("update")
		return nil
	})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("an update without an answer: %v", err)
	}
	got, err := c.Get(t.Context(), "a")
	if err != nil || got.Units != 4 {
		t.Errorf("stored %+v, %v: the server had answered, so the update is there", got, err)
	}
}

// A server that is gone is Unavailable for every operation and for readiness,
// within the time that the address allows.
func TestServerGone(t *testing.T) {
	l, uri := newLine(t)
	db, err := mongo.Open(t.Context(), uri, mongo.Options{Database: database(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c := collection(t, db, stocks)
	if err := c.Insert(t.Context(), stock{ID: "a"}); err != nil {
		t.Fatal(err)
	}
	l.cut()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, getErr := c.Get(ctx, "a")
	_, _, findErr := c.Find(ctx, store.Query{})
	for what, err := range map[string]error{
		"get": getErr, "find": findErr, "ping": db.Ping(ctx),
		"insert": c.Insert(ctx, stock{ID: "b"}),
		"update": c.Update(ctx, "a", func(*stock) error { return nil }),
	} {
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v, want unavailable", what, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := free.Addr().String()
	_ = free.Close()
	for uri, kind := range map[string]fault.Kind{
		"mongodb://" + nobody + "/?serverSelectionTimeoutMS=200": fault.Unavailable,
		"http://example.org": fault.Internal,
		"mongodb://":         fault.Internal,
		"":                   fault.Internal,
	} {
		if _, err := mongo.Open(t.Context(), uri, mongo.Options{}); !fault.Is(err, kind) {
			t.Errorf("%q: %v, want %v", uri, err, kind)
		}
	}
	_, err = mongo.Open(t.Context(), "mongodb://user:hunter2@host/?connectTimeoutMS=never", mongo.Options{})
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("a bad option: %v, which should not show the password", err)
	}
}
