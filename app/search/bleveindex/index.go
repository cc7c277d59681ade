// Package bleveindex is the embedded engine of package search, on Bleve: it needs
// no service and keeps its index in a folder that one process owns.
package bleveindex

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/gofrs/flock"

	"nguon/app/fault"
	"nguon/app/search"
)

// scheme names how documents are indexed. An index of another scheme is thrown
// away: it is built anew from the store.
const scheme = "1"

// lockWait is how long a process that ends may still have the folder.
const lockWait = 2 * time.Second

const (
	currentFile = "current"
	lockFile    = "lock"
	batchSize   = 500
)

// Index implements search.Index in a folder.
type Index struct {
	dir  string
	lock *flock.Flock

	mu   sync.RWMutex // held for reading while the index is used
	docs bleve.Index

	cols sync.Mutex
	kept *columns // of the state that was searched last

	writes sync.Mutex // one writer at a time
	next   bleve.Index
	fresh  map[string]bool // what was put or deleted while next is built
	busy   sync.Mutex      // one rebuild at a time
}

// Open opens the index in a folder, which is made when it is missing, and which no
// other process may use. Found is false when there was none that can be read: then
// it is empty.
func Open(dir string) (x *Index, found bool, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, false, fmt.Errorf("search index: %w", err)
	}
	x = &Index{dir: dir, lock: flock.New(filepath.Join(dir, lockFile))}
	wait, cancel := context.WithTimeout(context.Background(), lockWait)
	defer cancel()
	if _, err := x.lock.TryLockContext(wait, lockWait/20); err != nil {
		return nil, false, fmt.Errorf("search index: another process uses %s: %w", dir, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, x.lock.Unlock())
		}
	}()
	if name := x.current(); strings.HasPrefix(name, scheme+"-") {
		x.docs, err = bleve.OpenUsing(filepath.Join(dir, name), map[string]any{"bolt_timeout": "2s"})
		if err == nil {
			x.tidy(name)
			return x, true, nil
		}
	}
	name, docs, err := x.make()
	if err != nil {
		return nil, false, err
	}
	x.docs = docs
	x.tidy(name)
	return x, false, nil // current is told by the first rebuild: until then nothing is complete
}

// current is the name of the index that searches are to use, "" for none.
func (x *Index) current() string {
	b, err := os.ReadFile(filepath.Join(x.dir, currentFile))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func (x *Index) make() (string, bleve.Index, error) {
	name := scheme + "-" + time.Now().UTC().Format("20060102T150405.000000000")
	docs, err := bleve.New(filepath.Join(x.dir, name), documentMapping())
	if err != nil {
		return "", nil, fmt.Errorf("search index: %w", err)
	}
	return name, docs, nil
}

// tidy removes what an interrupted rebuild left.
func (x *Index) tidy(keep string) {
	names, _ := os.ReadDir(x.dir)
	for _, n := range names {
		if n.Name() != keep && n.Name() != currentFile && n.Name() != lockFile {
			_ = os.RemoveAll(filepath.Join(x.dir, n.Name()))
		}
	}
}

func (x *Index) point(name string) error {
	tmp := filepath.Join(x.dir, currentFile+".new")
	if err := os.WriteFile(tmp, []byte(name+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(x.dir, currentFile))
}

// Texts reach the index folded and cut into words already, so that all engines
// read them alike.
func documentMapping() mapping.IndexMapping {
	m := bleve.NewIndexMapping()
	if err := m.AddCustomAnalyzer("words", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		panic(err) // the names above are those of the packages imported
	}
	m.DefaultAnalyzer = "words"
	m.StoreDynamic, m.IndexDynamic, m.DocValuesDynamic = false, false, false
	words := func() *mapping.FieldMapping {
		f := bleve.NewTextFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.DocValues = "words", false, false, false
		return f
	}
	whole := func(values bool) *mapping.FieldMapping {
		f := bleve.NewKeywordFieldMapping()
		f.Analyzer, f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = keyword.Name, false, false, false, values
		return f
	}
	number := bleve.NewNumericFieldMapping()
	number.Store, number.IncludeInAll, number.DocValues = false, false, true
	raw := bleve.NewTextFieldMapping()
	raw.Index, raw.Store, raw.IncludeInAll, raw.DocValues, raw.IncludeTermVectors = false, true, false, false, false
	d := bleve.NewDocumentStaticMapping()
	for _, name := range [...]string{"title", "all"} {
		d.AddFieldMappingsAt(name, words())
	}
	for _, name := range [...]string{"names", "exact", "joined"} {
		f := words()
		f.IncludeTermVectors = false
		d.AddFieldMappingsAt(name, f)
	}
	d.AddFieldMappingsAt("codes", whole(false))
	d.AddFieldMappingsAt("facets", whole(true))
	d.AddFieldMappingsAt("price", number)
	d.AddFieldMappingsAt("created", number)
	d.AddFieldMappingsAt("doc", raw)
	m.DefaultMapping = d
	return m
}

// entry is a document as it is indexed.
type entry struct {
	Title   string   `json:"title"`
	Names   string   `json:"names"`
	All     string   `json:"all"`
	Joined  string   `json:"joined"`
	Exact   string   `json:"exact"`
	Codes   []string `json:"codes"`
	Facets  []string `json:"facets"`
	Price   *float64 `json:"price,omitempty"`
	Created float64  `json:"created"`
	Doc     string   `json:"doc"`
}

func entryOf(d search.Document) (entry, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return entry{}, err
	}
	p := search.Prepare(d)
	e := entry{Title: p.Title, Names: p.Names, All: strings.Join([]string{p.Title, p.Names, p.Text}, " "), Joined: p.Joined, Exact: p.Exact, Codes: p.Codes, Facets: p.Facets, Created: float64(d.Created.UnixMilli()), Doc: string(raw)}
	if d.Price > 0 {
		price := float64(d.Price)
		e.Price = &price
	}
	return e, nil
}

// change is one write: documents that are put, ids that are taken out.
type change struct {
	put []search.Document
	out []string
}

// Put implements search.Index.
func (x *Index) Put(ctx context.Context, docs []search.Document) error {
	return x.write(ctx, change{put: docs})
}

// Delete implements search.Index.
func (x *Index) Delete(ctx context.Context, ids []string) error {
	return x.write(ctx, change{out: ids})
}

func (x *Index) write(ctx context.Context, c change) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	x.writes.Lock()
	defer x.writes.Unlock()
	x.mu.RLock()
	err := apply(x.docs, c)
	x.mu.RUnlock()
	if err != nil || x.next == nil {
		return err
	}
	for _, d := range c.put {
		x.fresh[d.ID] = true
	}
	for _, id := range c.out {
		x.fresh[id] = true
	}
	return apply(x.next, c)
}

func apply(docs bleve.Index, c change) error {
	b := docs.NewBatch()
	for _, d := range c.put {
		e, err := entryOf(d)
		if err == nil {
			err = b.Index(d.ID, e)
		}
		if err != nil {
			return fmt.Errorf("search index: %s: %w", d.ID, err)
		}
	}
	for _, id := range c.out {
		b.Delete(id)
	}
	if b.Size() == 0 {
		return nil
	}
	if err := docs.Batch(b); err != nil {
		return fault.Wrap(fault.Unavailable, "search.broken", err)
	}
	return nil
}

// Rebuild implements search.Index: a second index is filled beside the first and
// takes its place.
func (x *Index) Rebuild(ctx context.Context, each func(yield func(search.Document) error) error) error {
	x.busy.Lock()
	defer x.busy.Unlock()
	name, next, err := x.make()
	if err != nil {
		return err
	}
	x.writes.Lock()
	x.next, x.fresh = next, map[string]bool{}
	x.writes.Unlock()
	if err = x.fill(ctx, next, each); err == nil {
		err = x.swap(name, next)
	}
	if err != nil {
		x.writes.Lock()
		x.next, x.fresh = nil, nil
		x.writes.Unlock()
		return errors.Join(err, next.Close(), os.RemoveAll(filepath.Join(x.dir, name)))
	}
	return nil
}

func (x *Index) fill(ctx context.Context, next bleve.Index, each func(yield func(search.Document) error) error) error {
	var batch []search.Document
	flush := func() error {
		x.writes.Lock()
		defer x.writes.Unlock()
		// What changed since the rebuild began is newer than what it read.
		var c change
		for _, d := range batch {
			if !x.fresh[d.ID] {
				c.put = append(c.put, d)
			}
		}
		batch = batch[:0]
		return apply(next, c)
	}
	err := each(func(d search.Document) error {
		if batch = append(batch, d); len(batch) < batchSize {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return flush()
	})
	return errors.Join(err, flush())
}

func (x *Index) swap(name string, next bleve.Index) error {
	x.writes.Lock()
	defer x.writes.Unlock()
	if err := x.point(name); err != nil {
		return err
	}
	x.mu.Lock() // waits for searches under way
	old := x.docs
	x.docs = next
	x.mu.Unlock()
	x.next, x.fresh = nil, nil
	_ = old.Close() // the new one has taken its place, whatever becomes of the old
	x.tidy(name)
	return nil
}

// Count implements search.Index.
func (x *Index) Count(context.Context) (int64, error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n, err := x.docs.DocCount()
	return int64(n), err
}

// Close implements search.Index.
func (x *Index) Close() error {
	x.busy.Lock() // a rebuild under way ends first
	defer x.busy.Unlock()
	x.writes.Lock()
	defer x.writes.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	return errors.Join(x.docs.Close(), x.lock.Unlock())
}
