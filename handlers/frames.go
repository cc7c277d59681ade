package handlers

import (
	"crypto/sha256"
	"reflect"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
	"nguon/catalog"
	"nguon/qr"
	"nguon/views"
)

// maxFrames bounds the kept pages; one is about 15 KB.
const maxFrames = 1024

// around is what a trace page says beside the lot: who made it, and the visit to
// where it grew, nil for none.
type around struct {
	Producer catalog.Producer
	Visit    *views.TraceVisit
}

// producerFresh is how long a kept page goes without looking whether its
// producer or its visit has changed; a lot's own changes show at once by its version.
const producerFresh = time.Second

// frameKey names a kept page: packets in another state, or withdrawn with
// another run, have another.
type frameKey struct {
	gtin, lot string
	lang      lang.Lang
	state     qr.State
	void      string
}

func keyOf(page views.TracePage) frameKey {
	t := page.Trace
	k := frameKey{t.GTIN, t.Lot, page.Lang, t.State, ""}
	if t.Run != nil && t.Run.Voided != nil {
		k.void = t.Run.Voided.String() + t.Run.Reason
	}
	return k
}

// frame is what trace pages of a lot have in common, compressed once: all but
// the holes in which serial and scans stand.
type frame struct {
	version  string
	around   around
	checked  time.Time // when what is around was last looked up
	hash     []byte
	sections []section
}

// section is a compressed piece of a page and the hole behind it.
type section struct {
	*block
	then views.Hole
}

// frames keeps pages in memory. It holds nothing that could be wrong for more
// than producerFresh, so that instances need not tell each other.
type frames struct {
	mu   sync.Mutex
	kept map[frameKey]*frame
}

func newFrames() *frames { return &frames{kept: make(map[frameKey]*frame)} }

func (k *frames) get(key frameKey) *frame {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept[key]
}

// put keeps a page; any other goes when there are too many, which costs that
// lot one rendering.
func (k *frames) put(key frameKey, f *frame) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.kept[key]; !ok && len(k.kept) >= maxFrames {
		for other := range k.kept {
			delete(k.kept, other)
			break
		}
	}
	k.kept[key] = f
}

// frame returns the kept page of this lot and language, made anew when the lot,
// its producer or its visit has changed.
func (s *Site) frame(c *fiber.Ctx, page views.TracePage, lot *qr.LotPart) (*frame, error) {
	key := keyOf(page)
	now := s.Now()
	f := s.frames.get(key)
	fresh := f != nil && f.version == lot.Version
	if age := time.Duration(0); fresh {
		if age = now.Sub(f.checked); age >= 0 && age < producerFresh {
			return f, nil
		}
	}
	found, err := s.around(c, lot)
	if err != nil {
		return nil, err
	}
	if fresh && reflect.DeepEqual(found, f.around) {
		again := *f
		again.checked = now
		s.frames.put(key, &again)
		return &again, nil
	}
	page.Producer, page.Visit = found.Producer, found.Visit
	f, err = newFrame(c, page)
	if err != nil {
		return nil, err
	}
	f.version, f.around, f.checked = lot.Version, found, now
	s.frames.put(key, f)
	return f, nil
}

func newFrame(c *fiber.Ctx, page views.TracePage) (*frame, error) {
	pieces, err := page.Pieces(c.UserContext())
	if err != nil {
		return nil, err
	}
	f, h := new(frame), sha256.New()
	for _, p := range pieces {
		h.Write(p.Text)
		h.Write([]byte{0, byte(p.Then)})
		b, err := newBlock(p.Text)
		if err != nil {
			return nil, err
		}
		f.sections = append(f.sections, section{b, p.Then})
	}
	f.hash = h.Sum(nil)
	return f, nil
}
