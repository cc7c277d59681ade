package legal

import (
	"sync"
	"time"
)

// fresh is how long a text that was read may be shown: another instance may
// have written since.
const fresh = time.Second

// cache keeps the texts read last.
type cache struct {
	mu     sync.Mutex
	kept   map[Page]reading
	seen   map[Page]int // newest revision that was read here: nobody is shown an older one after it
	writes uint64       // that this instance finished
}

// reading is a text and when the reading of it began.
type reading struct {
	text Text
	at   time.Time
}

// get returns a text that is fresh, and how many writes came before.
func (c *cache) get(p Page, now time.Time) (t Text, writes uint64, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.kept[p]
	age := now.Sub(r.at)
	return r.text, c.writes, ok && age >= 0 && age < fresh && r.text.Rev >= c.seen[p]
}

// put keeps a reading, unless something was written here since it began. A newer
// revision may have been read meanwhile, while its write was still being finished.
func (c *cache) put(r reading, writes uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen[r.text.Page] = max(c.seen[r.text.Page], r.text.Rev)
	if c.writes == writes && r.text.Rev == c.seen[r.text.Page] {
		c.kept[r.text.Page] = r
	}
}

// written forgets a page, and every reading that is still under way.
func (c *cache) written(p Page) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	delete(c.kept, p)
}
