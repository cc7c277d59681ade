package handlers

import (
	"bytes"
	"sync"
)

// The verdict of a code is worded anew for each request, yet differs from that
// of other packets only in the serial and in the line about scans. pieces
// keeps the texts between them compressed, found again by their content, so
// that nothing can be kept that is not what was just rendered.
type pieces struct {
	mu   sync.RWMutex
	kept map[string]*block
}

const (
	maxPieces  = 1024 // of about 3 KB
	leastPiece = 256  // shorter ones are not worth a block of their own
)

// The line about scans, as the views write it; a page in which it is not found
// is only sent more slowly.
var (
	scansOpen  = []byte(`class="scans"`)
	scansClose = []byte(`</p>`)
)

func newPieces() *pieces { return &pieces{kept: make(map[string]*block)} }

// write adds a text to the member, with what varies in it stored and the rest
// taken from what is kept.
func (k *pieces) write(m *member, text, serial []byte) error {
	for len(text) > 0 {
		same, vary := varying(text, serial)
		if err := k.piece(m, text[:same]); err != nil {
			return err
		}
		if err := m.text(text[same : same+vary]); err != nil {
			return err
		}
		text = text[same+vary:]
	}
	return nil
}

// varying finds the next part that differs from packet to packet: how many
// bytes stand before it and how many it has.
func varying(text, serial []byte) (same, vary int) {
	same = len(text)
	if i := bytes.Index(text, serial); i >= 0 && len(serial) > 0 {
		same, vary = i, len(serial)
	}
	if i := bytes.Index(text[:same], scansOpen); i >= 0 {
		same, vary = i, len(scansOpen)
		if n := bytes.Index(text[i:], scansClose); n >= 0 {
			vary = n
		}
	}
	return same, vary
}

func (k *pieces) piece(m *member, text []byte) error {
	if len(text) < leastPiece {
		return m.text(text)
	}
	k.mu.RLock()
	b := k.kept[string(text)] // does not allocate
	k.mu.RUnlock()
	if b == nil {
		var err error
		if b, err = newBlock(text); err != nil {
			return err
		}
		k.keep(string(text), b)
	}
	m.block(b)
	return nil
}

// keep drops any other piece when there are too many.
func (k *pieces) keep(text string, b *block) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.kept) >= maxPieces {
		for other := range k.kept {
			delete(k.kept, other)
			break
		}
	}
	k.kept[text] = b
}
