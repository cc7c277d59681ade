// Package meili is the engine of package search on a Meilisearch server, which
// several machines share. It sets the server up by itself.
package meili

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/meilisearch/meilisearch-go"

	"nguon/app/fault"
	"nguon/app/search"
)

// UID is the index of a site; those that are being built are named after it.
const UID = "nguon"

// How long the server is waited for, and how many documents it is sent at once.
const (
	findLimit = 1500 * time.Millisecond // a search, which somebody else answers after that
	askLimit  = 3 * time.Second         // another answer
	putLimit  = 30 * time.Second        // a change of a few documents
	fillLimit = 10 * time.Minute        // all of them
	taskPause = 15 * time.Millisecond
	batchSize = 1000
	fillSize  = 500
	orphanAge = 3 * time.Hour // after which an index that was not finished is taken away
)

// Index implements search.Index on a server that need not be there yet. What the
// server refuses or does not answer is fault.Unavailable "search.broken".
type Index struct {
	server meilisearch.ServiceManager
	uid    string

	writes sync.Mutex // what is sent is done in the order in which it is sent
	next   string     // that is being built, "" for none
	fresh  map[string]bool
	busy   sync.Mutex // one rebuild at a time
}

// New speaks with a server at an address, by a key that Key made.
func New(address, key string) *Index { return named(address, key, UID) }

func named(address, key, uid string) *Index {
	return &Index{server: connect(address, key), uid: uid}
}

func connect(address, key string) meilisearch.ServiceManager {
	// A compressed answer comes in pieces that wait for each other, 40 ms on one
	// machine; who asks knows better whether to ask again.
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 64, IdleConnTimeout: time.Minute, ResponseHeaderTimeout: 20 * time.Second, DisableCompression: true}
	return meilisearch.New(strings.TrimSuffix(address, "/"), meilisearch.WithAPIKey(key), meilisearch.DisableRetries(), meilisearch.WithCustomClient(&http.Client{Timeout: time.Minute, Transport: transport}))
}

// broken hides what went wrong with the server from visitors.
func broken(err error) error {
	if err == nil {
		return nil
	}
	var e *meilisearch.Error
	if errors.As(err, new(*taskError)) || errors.As(err, &e) && e.StatusCode >= 400 && e.StatusCode < 500 && e.StatusCode != http.StatusTooManyRequests {
		err = fmt.Errorf("%w: %w", search.ErrRefused, err)
	}
	return fault.Wrap(fault.Unavailable, "search.broken", fmt.Errorf("meilisearch: %w", err))
}

// isCode reports whether the server refused with a code.
func isCode(err error, code string) bool {
	var e *meilisearch.Error
	return errors.As(err, &e) && e.MeilisearchApiError.Code == code
}

// task waits until the server has done something, and says why it could not.
func (x *Index) task(ctx context.Context, info *meilisearch.TaskInfo, err error, limit time.Duration) error {
	if err != nil {
		return broken(err)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	t, err := x.server.WaitForTaskWithContext(ctx, info.TaskUID, taskPause)
	if err != nil {
		return broken(fmt.Errorf("task %d, %s, is not done after %v: %w", info.TaskUID, info.Type, limit, err))
	}
	if t.Status != meilisearch.TaskStatusSucceeded {
		return broken(&taskError{t.Error.Code, fmt.Sprintf("task %d, %s, is %s: %s (%s)", t.UID, t.Type, t.Status, t.Error.Message, t.Error.Code)})
	}
	return nil
}

// taskError says why the server did not do something.
type taskError struct{ code, text string }

func (e *taskError) Error() string { return e.text }

// entry is a document as the server holds it. What is compared without mistakes
// stands in fields of its own: the server knows no other way to ask for that.
type entry struct {
	ID       string                    `json:"id"`
	Title    string                    `json:"title"`
	Names    string                    `json:"names"`
	Text     string                    `json:"text"`
	Joined   string                    `json:"joined"`
	Codes    []string                  `json:"codes"`
	Near     string                    `json:"near"`     // title, with mistakes
	NearText string                    `json:"nearText"` // names and text, with mistakes
	Accents  []string                  `json:"accents"`
	Facets   map[search.Facet][]string `json:"facets"`
	Price    *int64                    `json:"price,omitempty"`
	Sold     bool                      `json:"sold"`
	Created  int64                     `json:"created"`
	Doc      string                    `json:"doc"`
}

func entryOf(d search.Document) (entry, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return entry{}, fmt.Errorf("search index: %s: %w", d.ID, err)
	}
	p := search.Prepare(d)
	e := entry{ID: d.ID, Title: p.Title, Names: p.Names, Text: p.Text, Joined: p.Joined, Codes: p.Codes, Near: p.Title, NearText: p.Names + " " + p.Text,
		Accents: spelled(search.Accented(p.Exact)), Facets: map[search.Facet][]string{}, Sold: d.Sold, Created: d.Created.UnixMilli(), Doc: string(raw)}
	for _, m := range p.Facets {
		name, value, _ := strings.Cut(m, ":")
		e.Facets[search.Facet(name)] = append(e.Facets[search.Facet(name)], value)
	}
	if d.Price > 0 {
		e.Price = &d.Price
	}
	return e, nil
}

// Put implements search.Index.
func (x *Index) Put(ctx context.Context, docs []search.Document) error {
	for len(docs) > 0 {
		n := min(len(docs), batchSize)
		if err := x.write(ctx, docs[:n], nil); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

// Delete implements search.Index.
func (x *Index) Delete(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return x.write(ctx, nil, ids)
}

// write changes the index, and the one that is being built.
func (x *Index) write(ctx context.Context, put []search.Document, out []string) error {
	entries := make([]entry, 0, len(put))
	for _, d := range put {
		e, err := entryOf(d)
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	x.writes.Lock()
	info, err := x.send(ctx, x.uid, entries, out)
	var also *meilisearch.TaskInfo
	if err == nil && x.next != "" {
		for _, d := range put {
			x.fresh[d.ID] = true
		}
		for _, id := range out {
			x.fresh[id] = true
		}
		also, err = x.send(ctx, x.next, entries, out)
	}
	x.writes.Unlock()
	if err = x.task(ctx, info, err, putLimit); err == nil && also != nil {
		err = x.task(ctx, also, nil, putLimit)
	}
	return err
}

func (x *Index) send(ctx context.Context, uid string, put []entry, out []string) (*meilisearch.TaskInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, putLimit)
	defer cancel()
	if out != nil {
		return x.server.Index(uid).DeleteDocumentsWithContext(ctx, out, nil)
	}
	key := "id"
	return x.server.Index(uid).AddDocumentsWithContext(ctx, put, &meilisearch.DocumentOptions{PrimaryKey: &key})
}

// Rebuild implements search.Index: a second index is set up and filled beside the
// first, and they are swapped.
func (x *Index) Rebuild(ctx context.Context, each func(yield func(search.Document) error) error) error {
	x.busy.Lock()
	defer x.busy.Unlock()
	x.tidy(ctx)
	next := x.uid + "-" + strings.ToLower(rand.Text())
	err := x.make(ctx, next)
	if err == nil {
		x.writes.Lock()
		x.next, x.fresh = next, map[string]bool{}
		x.writes.Unlock()
		err = x.fill(ctx, next, each)
	}
	if err == nil {
		err = x.swap(ctx, next)
	}
	x.writes.Lock()
	x.next, x.fresh = "", nil
	x.writes.Unlock()
	if err != nil { // what is left of it goes also when ctx has ended
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), askLimit)
		defer cancel()
		info, gone := x.server.DeleteIndexWithContext(last, next)
		return errors.Join(err, x.task(last, info, gone, askLimit))
	}
	return nil
}

// make makes an index and sets it up in one call.
func (x *Index) make(ctx context.Context, uid string) error {
	info, err := x.server.CreateIndexWithContext(ctx, &meilisearch.IndexConfig{Uid: uid, PrimaryKey: "id"})
	if err = x.task(ctx, info, err, putLimit); err != nil {
		return err
	}
	info, err = x.server.Index(uid).UpdateSettingsWithContext(ctx, settings())
	return x.task(ctx, info, err, putLimit)
}

func (x *Index) fill(ctx context.Context, next string, each func(yield func(search.Document) error) error) error {
	var batch []entry
	flush := func() error {
		x.writes.Lock()
		kept := batch[:0]
		for _, e := range batch { // what changed since is newer than what was read
			if !x.fresh[e.ID] {
				kept = append(kept, e)
			}
		}
		var sent *meilisearch.TaskInfo
		var err error
		if len(kept) > 0 {
			sent, err = x.send(ctx, next, kept, nil)
		}
		x.writes.Unlock()
		if batch = batch[:0]; sent == nil && err == nil {
			return nil
		}
		return x.task(ctx, sent, err, fillLimit) // before the next: changes do not wait behind all of them
	}
	err := each(func(d search.Document) error {
		e, err := entryOf(d)
		if err != nil {
			return err
		}
		if batch = append(batch, e); len(batch) < fillSize {
			return nil
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	return err
}

// swap puts the index that was built in the place of the other, which goes. A key
// for some indexes cannot ask what became of a swap: it is over when what was sent
// after it is, and it was done when the index is the one that was made.
func (x *Index) swap(ctx context.Context, next string) error {
	if _, err := x.server.GetIndexWithContext(ctx, x.uid); isCode(err, "index_not_found") {
		var t *taskError
		if err := x.make(ctx, x.uid); err != nil && !(errors.As(err, &t) && t.code == "index_already_exists") {
			return err
		}
	} else if err != nil {
		return broken(err)
	}
	made, err := x.server.GetIndexWithContext(ctx, next)
	if err != nil {
		return broken(err)
	}
	x.writes.Lock()
	_, err = x.server.SwapIndexesWithContext(ctx, []*meilisearch.SwapIndexesParams{{Indexes: []string{x.uid, next}}})
	if err == nil { // what is sent from now on is done after the swap
		x.next, x.fresh = "", nil
	}
	x.writes.Unlock()
	if err != nil {
		return broken(err)
	}
	info, err := x.server.DeleteIndexWithContext(ctx, next)
	if err = x.task(ctx, info, err, putLimit); err != nil {
		return err
	}
	now, err := x.server.GetIndexWithContext(ctx, x.uid)
	if err != nil {
		return broken(err)
	}
	if !now.CreatedAt.Equal(made.CreatedAt) {
		return broken(fmt.Errorf("%s and %s were not swapped", x.uid, next))
	}
	return nil
}

// tidy takes away what a process left that was ended while it built.
func (x *Index) tidy(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	all, err := x.server.ListIndexesWithContext(ctx, &meilisearch.IndexesQuery{Limit: 100})
	if err != nil {
		return // the rebuild itself will say what is wrong
	}
	for _, i := range all.Results {
		if strings.HasPrefix(i.UID, x.uid+"-") && time.Since(i.CreatedAt) > orphanAge {
			_, _ = x.server.DeleteIndexWithContext(ctx, i.UID)
		}
	}
}

// Count implements search.Index.
func (x *Index) Count(ctx context.Context) (int64, error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	s, err := x.server.Index(x.uid).GetStatsWithContext(ctx, nil)
	if err != nil {
		return 0, broken(err)
	}
	return s.NumberOfDocuments, nil
}

// Standing says whether the server holds the index, set up as this program sets it
// up, and from when it is.
func (x *Index) Standing(ctx context.Context) (is search.Standing, err error) {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	i, err := x.server.GetIndexWithContext(ctx, x.uid)
	if isCode(err, "index_not_found") {
		return is, nil
	}
	if err != nil {
		return is, broken(err)
	}
	s, err := x.server.Index(x.uid).GetSettingsWithContext(ctx)
	if err != nil {
		return is, broken(err)
	}
	return search.Standing{Ready: alike(s, settings()), Created: i.CreatedAt, Updated: i.UpdatedAt}, nil
}

// Ping asks whether the server answers.
func (x *Index) Ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	_, err := x.server.HealthWithContext(ctx)
	return broken(err)
}

// Close implements search.Index.
func (x *Index) Close() error {
	x.server.Close()
	return nil
}
