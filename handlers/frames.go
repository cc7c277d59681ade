package handlers

import (
	"bytes"
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

// producerFresh is how long a kept page goes without looking whether its
// producer has changed; a lot's own changes show at once by its version.
const producerFresh = time.Second

// frameKey names a kept page. Pages of a serial and of the lot alone differ.
type frameKey struct {
	gtin, lot string
	lang      lang.Lang
	serial    bool
}

// frame is what all trace pages of a lot have in common, compressed once: the
// document up to the verdict, cut where the serial stands in it, and all that
// follows the verdict.
type frame struct {
	version  string
	producer catalog.Producer
	checked  time.Time // when the producer was last looked up
	hash     [sha256.Size]byte
	lead     []*block
	rest     *block
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

// frame returns the kept page of this lot and language, made anew when the lot
// or its producer has changed.
func (s *Site) frame(c *fiber.Ctx, page views.TracePage, part *qr.LotPart) (*frame, error) {
	key := frameKey{page.Trace.GTIN, page.Trace.Lot, page.Lang, page.Trace.Serial != ""}
	now := s.Now()
	f := s.frames.get(key)
	fresh := f != nil && f.version == part.Version
	if age := time.Duration(0); fresh {
		if age = now.Sub(f.checked); age >= 0 && age < producerFresh {
			return f, nil
		}
	}
	producer, err := s.maker(c, part)
	if err != nil {
		return nil, err
	}
	if fresh && reflect.DeepEqual(producer, f.producer) {
		again := *f
		again.checked = now
		s.frames.put(key, &again)
		return &again, nil
	}
	page.Producer = producer
	f, err = newFrame(c, page)
	if err != nil {
		return nil, err
	}
	f.version, f.producer, f.checked = part.Version, producer, now
	s.frames.put(key, f)
	return f, nil
}

func newFrame(c *fiber.Ctx, page views.TracePage) (*frame, error) {
	ctx := c.UserContext()
	cut, err := page.Frame(ctx)
	if err != nil {
		return nil, err
	}
	var lead, rest bytes.Buffer
	lead.Write(cut.Head)
	if err := page.Header().Render(ctx, &lead); err != nil {
		return nil, err
	}
	lead.Write(cut.Mid)
	rest.Write(cut.Lot)
	lot := views.TraceLot{Lang: page.Lang, Trace: page.Trace, Producer: page.Producer, Today: page.Today}
	if err := lot.Component().Render(ctx, &rest); err != nil {
		return nil, err
	}
	rest.Write(cut.Foot)
	return compressFrame(lead.Bytes(), rest.Bytes(), []byte(page.Trace.Serial))
}

func compressFrame(lead, rest, serial []byte) (*frame, error) {
	parts := [][]byte{lead}
	if len(serial) > 0 {
		parts = bytes.Split(lead, serial)
	}
	f, h := new(frame), sha256.New()
	for _, part := range parts {
		h.Write(part)
		b, err := newBlock(part)
		if err != nil {
			return nil, err
		}
		f.lead = append(f.lead, b)
	}
	h.Write(rest)
	h.Sum(f.hash[:0])
	var err error
	f.rest, err = newBlock(rest)
	return f, err
}
