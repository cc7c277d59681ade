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
	writes uint64 // that this instance finished
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
	return r.text, c.writes, ok && age >= 0 && age < fresh
}

// put keeps a reading, unless something was written here since it began, or a
// newer revision was read meanwhile, as when its write is still being finished.
func (c *cache) put(r reading, writes uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writes == writes && c.kept[r.text.Page].text.Rev <= r.text.Rev {
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
