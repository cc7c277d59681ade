package handlers

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"sync"
)

// block is a piece of a page that was compressed once and can stand anywhere
// in a gzip member: its deflate stream refers to nothing before it and ends on a byte
// boundary, without the mark of a last block (RFC 1951 §3.2.3).
type block struct {
	flate []byte
	size  int
	crc   uint32
	shift crcShift
}

// newBlock compresses as well as it can, since it happens once.
func newBlock(plain []byte) (*block, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return &block{bytes.Clone(out.Bytes()), len(plain), crc32.ChecksumIEEE(plain), newCRCShift(len(plain))}, nil
}

// member writes one gzip member (RFC 1952) from blocks made earlier and parts
// made for this request. The zero value is ready; begin starts a new one.
type member struct {
	out  bytes.Buffer
	crc  uint32
	size uint32
}

var gzipHead = [10]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255} // deflate, no name, no time

func (m *member) begin() {
	m.out.Reset()
	m.out.Write(gzipHead[:])
	m.crc, m.size = 0, 0
}

// block adds what was compressed before; it costs a copy.
func (m *member) block(b *block) {
	m.out.Write(b.flate)
	m.crc = b.shift.apply(m.crc) ^ b.crc
	m.size += uint32(b.size)
}

// small is the length under which compressing gains less than it costs.
const small = 512

// text adds a part of this request: stored when it is short, else compressed
// at the fastest level.
func (m *member) text(p []byte) error {
	if len(p) == 0 {
		return nil
	}
	if len(p) <= small {
		m.stored(p)
		return nil
	}
	m.sum(p)
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&m.out)
	if _, err := w.Write(p); err != nil {
		return err
	}
	return w.Flush()
}

// stored adds p as one stored block; p is at most small bytes.
func (m *member) stored(p []byte) {
	m.sum(p)
	n := uint16(len(p))
	var head [5]byte // not last, type 00, then length and its complement
	binary.LittleEndian.PutUint16(head[1:], n)
	binary.LittleEndian.PutUint16(head[3:], ^n)
	m.out.Write(head[:])
	m.out.Write(p)
}

// sum counts bytes that are added as they are.
func (m *member) sum(p []byte) {
	m.crc = crc32.Update(m.crc, crc32.IEEETable, p)
	m.size += uint32(len(p))
}

// end closes the member with an empty last block, the checksum and the length,
// and returns the whole; it holds until the next begin.
func (m *member) end() []byte {
	var tail [10]byte
	tail[0] = 0x03 // last, fixed Huffman codes, end of block at once
	binary.LittleEndian.PutUint32(tail[2:], m.crc)
	binary.LittleEndian.PutUint32(tail[6:], m.size)
	m.out.Write(tail[:])
	return m.out.Bytes()
}

var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // only for a level that does not exist
	}
	return w
}}

// crcShift advances a CRC-32 over a known number of bytes that are added by
// their own checksum: column i is what bit i becomes (zlib's crc32_combine,
// with the matrix kept instead of made anew).
type crcShift [32]uint32

func newCRCShift(n int) crcShift {
	result := identity()
	square := zeroByte()
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = square.times(result)
		}
		square = square.times(square)
	}
	return result
}

func (s *crcShift) apply(crc uint32) uint32 {
	var sum uint32
	for i := 0; crc != 0; i, crc = i+1, crc>>1 {
		if crc&1 == 1 {
			sum ^= s[i]
		}
	}
	return sum
}

// times is the shift that does t first, then s.
func (s crcShift) times(t crcShift) (out crcShift) {
	for i := range t {
		out[i] = s.apply(t[i])
	}
	return out
}

func identity() (m crcShift) {
	for i := range m {
		m[i] = 1 << i
	}
	return m
}

// zeroByte advances over one byte of zeros: eight steps of the register.
func zeroByte() crcShift {
	var bit crcShift
	bit[0] = crc32.IEEE
	for i := 1; i < 32; i++ {
		bit[i] = 1 << (i - 1)
	}
	m := identity()
	for range 8 {
		m = bit.times(m)
	}
	return m
}
