package meili

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/search"
	"nguon/app/search/searchtest"
)

// What tests need: the address of a server and its master key.
const (
	service = "TEST_MEILI_URL"
	master  = "TEST_MEILI_KEY"
)

// open makes an empty index with a key that may touch nothing else.
func open(t testing.TB) *Index {
	t.Helper()
	address := searchtest.Setting(t, service)
	uid := "test-" + strings.ToLower(rand.Text())
	key, err := keyFor(t.Context(), address, os.Getenv(master), uid, randomUUID())
	if err != nil {
		t.Fatal(err)
	}
	x := named(address, key, uid)
	if err := x.Rebuild(t.Context(), nothing); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := x.server.DeleteIndex(uid); err != nil {
			t.Error(err)
		}
		x.Close()
	})
	return x
}

func nothing(func(search.Document) error) error { return nil }

// randomUUID is one of version 4 (RFC 9562).
func randomUUID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func TestContract(t *testing.T) {
	searchtest.Contract(t, func(t *testing.T) search.Index { return open(t) })
}

// Set up twice it is the same; what somebody changed is seen.
func TestSetUp(t *testing.T) {
	x := open(t)
	ready := func(want bool) {
		t.Helper()
		if got, err := x.Standing(t.Context()); err != nil || got.Ready != want || got.Created.IsZero() {
			s, _ := x.server.Index(x.uid).GetSettings()
			t.Errorf("%+v, %v\n%+v", got, err, s)
		}
	}
	ready(true)
	if err := x.Rebuild(t.Context(), nothing); err != nil {
		t.Fatal(err)
	}
	ready(true)
	info, err := x.server.Index(x.uid).UpdateSettings(&meilisearch.Settings{RankingRules: []string{"words"}})
	if err := x.task(t.Context(), info, err, time.Minute); err != nil {
		t.Fatal(err)
	}
	ready(false)
	if err := x.Rebuild(t.Context(), nothing); err != nil {
		t.Fatal(err)
	}
	ready(true)
	missing := named(searchtest.Setting(t, service), os.Getenv(master), "test-none")
	if got, err := missing.Standing(t.Context()); got != (search.Standing{}) || err != nil {
		t.Errorf("an index that is not there: %+v, %v", got, err)
	}
	list, err := x.server.ListIndexes(&meilisearch.IndexesQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range list.Results {
		if i.UID != x.uid {
			t.Errorf("%s is left", i.UID)
		}
	}
}

// The key does the work, as every test shows, and nothing else.
func TestTheKeyMayDoLittle(t *testing.T) {
	x := open(t)
	if more, err := x.Excess(t.Context()); err != nil || more {
		t.Errorf("it may read keys: %t, %v", more, err)
	}
	boss := named(searchtest.Setting(t, service), os.Getenv(master), x.uid)
	if more, err := boss.Excess(t.Context()); err != nil || !more {
		t.Errorf("the master key is not known as one: %t, %v", more, err)
	}
	for name, try := range map[string]func() error{
		"another index":     func() error { _, err := x.server.Index("other").Search("", &meilisearch.SearchRequest{}); return err },
		"writes to another": func() error { _, err := x.server.Index("other").AddDocuments([]entry{{ID: "a"}}, nil); return err },
		"a dump":            func() error { _, err := x.server.CreateDump(); return err },
		"a snapshot":        func() error { _, err := x.server.CreateSnapshot(); return err },
		"a key": func() error {
			_, err := x.server.CreateKey(&meilisearch.Key{Actions: []string{"*"}, Indexes: []string{"*"}})
			return err
		},
		"reading a document": func() error { return x.server.Index(x.uid).GetDocument("a", nil, &map[string]any{}) },
		"cancelling tasks": func() error {
			_, err := x.server.CancelTasks(&meilisearch.CancelTasksQuery{Statuses: []meilisearch.TaskStatus{"enqueued"}})
			return err
		},
	} {
		var e *meilisearch.Error
		if err := try(); !errors.As(err, &e) || e.StatusCode != http.StatusForbidden {
			t.Errorf("%s is allowed: %v", name, err)
		}
	}
	again, id := "", randomUUID()
	for range 2 {
		key, err := keyFor(t.Context(), searchtest.Setting(t, service), os.Getenv(master), "test-again", id)
		if err != nil || again != "" && key != again {
			t.Errorf("a second time it is another key, %v", err)
		}
		again = key
	}
}

// What the server refuses to do is an error with its reason.
func TestFailedTasks(t *testing.T) {
	x := open(t)
	err := x.Put(t.Context(), []search.Document{{ID: "not an id"}})
	if fault.KindOf(err) != fault.Unavailable || !errors.Is(err, search.ErrRefused) || !strings.Contains(err.Error(), "invalid_document_id") {
		t.Errorf("a document that cannot be: %v", err)
	}
	if err := x.Rebuild(t.Context(), func(yield func(search.Document) error) error { return yield(search.Document{ID: "not an id"}) }); err == nil {
		t.Error("a rebuild that failed says nothing")
	}
	info, err := x.server.Index(x.uid).DeleteDocuments([]string{"a"}, nil)
	if err := x.task(t.Context(), info, err, time.Nanosecond); fault.KindOf(err) != fault.Unavailable || errors.Is(err, search.ErrRefused) || !strings.Contains(err.Error(), "not done") {
		t.Errorf("a task that is not done in time: %v", err)
	}
}

// A server that does not answer is known after a bounded time.
func TestAServerThatHangs(t *testing.T) {
	stop := make(chan struct{})
	hung := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-stop }))
	defer hung.Close()
	defer close(stop)
	x := New(hung.URL, "key")
	q, _ := search.Query{Text: "ca phe"}.Clean()
	begun := time.Now()
	if _, err := x.Search(t.Context(), q); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("%v", err)
	}
	if took := time.Since(begun); took > 3*findLimit {
		t.Errorf("after %v", took)
	}
}

// A server that is killed in the middle of indexing: what was told to be written is
// there when it is back, what was not is an error, and writing again mends it.
func TestKilledWhileItIndexes(t *testing.T) {
	s := searchtest.StartServer(t)
	x := named(s.Address, s.Key, "test-killed")
	defer x.Close()
	if err := x.Rebuild(t.Context(), nothing); err != nil {
		t.Fatal(err)
	}
	docs := searchtest.Listings(3000)
	var mu sync.Mutex
	var written, failed []search.Document
	var writers sync.WaitGroup
	for part := range slices.Chunk(docs, 1000) {
		writers.Go(func() {
			for some := range slices.Chunk(part, 100) {
				err := x.Put(t.Context(), some)
				mu.Lock()
				if err == nil {
					written = append(written, some...)
				} else {
					failed = append(failed, some...)
				}
				mu.Unlock()
			}
		})
	}
	for { // until it works on the first of them
		mu.Lock()
		n := len(written)
		mu.Unlock()
		if n >= 300 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.Kill()
	writers.Wait()
	if len(failed) == 0 {
		t.Fatal("it was killed after everything was written")
	}
	if _, err := x.Search(t.Context(), search.Query{Text: "ca phe", Size: 1}); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("while it is away: %v", err)
	}
	s.Start()
	if err := x.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	find := func(d search.Document) {
		t.Helper()
		r, err := x.Search(t.Context(), search.Query{Text: d.Codes[0], Size: 5})
		if err != nil || !slices.ContainsFunc(r.Hits, func(h search.Document) bool { return h.ID == d.ID }) {
			t.Errorf("%s is lost: %v", d.ID, err)
		}
	}
	for _, d := range written {
		find(d)
	}
	t.Logf("killed after %d documents, %d were not acknowledged", len(written), len(failed))
	if err := x.Put(t.Context(), failed); err != nil {
		t.Fatal(err)
	}
	if n, err := x.Count(t.Context()); err != nil || n != int64(len(docs)) {
		t.Errorf("%d documents, %v", n, err)
	}
	// And in the middle of a rebuild: the old state stays, the next rebuild ends.
	begun := make(chan struct{})
	result := make(chan error)
	go func() {
		result <- x.Rebuild(t.Context(), func(yield func(search.Document) error) error {
			for i, d := range docs {
				if i == 2000 {
					close(begun)
				}
				d.Title = lang.Text{Vi: "Bản mới"}
				if err := yield(d); err != nil {
					return err
				}
			}
			return nil
		})
	}()
	<-begun
	s.Kill()
	if err := <-result; err == nil {
		t.Error("a rebuild without a server says nothing")
	}
	s.Start()
	if n, err := x.Count(t.Context()); err != nil || n != int64(len(docs)) {
		t.Errorf("after it %d documents, %v", n, err)
	}
	if r, err := x.Search(t.Context(), search.Query{Text: "ban moi", Size: 1}); err != nil || r.Total == int64(len(docs)) {
		t.Errorf("half a rebuild is seen: %d, %v", r.Total, err)
	}
	if err := x.Rebuild(t.Context(), func(yield func(search.Document) error) error { return yield(docs[0]) }); err != nil {
		t.Fatal(err)
	}
	if n, err := x.Count(t.Context()); err != nil || n != 1 {
		t.Errorf("after a rebuild %d documents, %v", n, err)
	}
}
