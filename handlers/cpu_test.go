package handlers

import (
	"net"
	"testing"

	"github.com/valyala/fasthttp"
)

// ServeTrace answers one request without a network, for measuring.
func (s *Site) ServeTrace(b *testing.B, targets []string) {
	h := s.app.Handler()
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		fc := new(fasthttp.RequestCtx)
		var req fasthttp.Request
		req.SetRequestURI(targets[i%len(targets)])
		req.Header.SetHost("nguon.example")
		req.Header.Set("Accept-Encoding", "gzip")
		req.Header.Set("User-Agent", "Mozilla/5.0 (Linux; Android 14)")
		fc.Init(&req, &net.TCPAddr{IP: net.IPv4(203, 0, 113, 7)}, nil)
		h(fc)
		if fc.Response.StatusCode() != 200 {
			b.Fatal(fc.Response.StatusCode())
		}
		i++
	}
}
