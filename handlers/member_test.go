package handlers

import (
	"bytes"
	"compress/gzip"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

func gunzip(t *testing.T, b []byte) string {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	z.Multistream(false)
	out, err := io.ReadAll(z) // checks the CRC and the length
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestMemberJoinsBlocksAndTexts(t *testing.T) {
	long := strings.Repeat("cà phê Sơn La, ", 500)
	for name, parts := range map[string][]string{
		"nothing":          {},
		"empty block":      {"b:"},
		"only text":        {"t:xin chào"},
		"only block":       {"b:" + long},
		"text block text":  {"t:đầu", "b:" + long, "t:cuối"},
		"long text":        {"t:" + long, "b:" + long, "t:" + long},
		"blocks in a row":  {"b:một", "b:hai", "b:" + long, "b:ba"},
		"at the threshold": {"t:" + strings.Repeat("x", small), "t:" + strings.Repeat("x", small+1)},
	} {
		t.Run(name, func(t *testing.T) {
			var m member
			for range 2 { // a member is used again
				m.begin()
				want := ""
				for _, p := range parts {
					want += p[2:]
					if p[0] == 'b' {
						b, err := newBlock([]byte(p[2:]))
						if err != nil {
							t.Fatal(err)
						}
						m.block(b)
					} else if err := m.text([]byte(p[2:])); err != nil {
						t.Fatal(err)
					}
				}
				if got := gunzip(t, m.end()); got != want {
					t.Errorf("got %d bytes, want %d", len(got), len(want))
				}
			}
		})
	}
}

func TestCRCShiftEqualsWholeChecksum(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		a, b := make([]byte, r.IntN(5000)), make([]byte, r.IntN(70000))
		for i := range a {
			a[i] = byte(r.Uint32())
		}
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		s := newCRCShift(len(b))
		got := s.apply(crc32.ChecksumIEEE(a)) ^ crc32.ChecksumIEEE(b)
		if want := crc32.ChecksumIEEE(append(a, b...)); got != want {
			t.Fatalf("lengths %d %d: %08x, want %08x", len(a), len(b), got, want)
		}
	}
}

func BenchmarkMember(b *testing.B) {
	text := []byte(strings.Repeat("<p>Mã hợp lệ, do HTX Ara-Tay phát hành cho lô</p>", 80))
	blk, err := newBlock(bytes.Repeat([]byte("<li>thu hoạch 12.500 kg</li>"), 800))
	if err != nil {
		b.Fatal(err)
	}
	var m member
	for b.Loop() {
		m.begin()
		if err := m.text(text); err != nil {
			b.Fatal(err)
		}
		m.block(blk)
		m.stored(text[:300])
		m.end()
	}
}
