package qr

import (
	"io"
	"math"
	"runtime"
	"testing"
	"time"

	qrcode "github.com/skip2/go-qrcode"
)

// The budgets of label printing.
const (
	mostBytesPerTenThousand = 5 << 20
	mostPeakHeap            = 40 << 20
)

// countingWriter throws away what it counts.
type countingWriter struct{ n int64 }

func (w *countingWriter) Write(b []byte) (int, error) {
	w.n += int64(len(b))
	return len(b), nil
}

// pdfCost writes n labels and returns the size of the file and the most
// memory that was in use while it did.
func pdfCost(b testing.TB, n int) (size int64, peak uint64) {
	b.Helper()
	var w countingWriter
	var m runtime.MemStats
	runtime.GC()
	i := 0
	err := WriteLabels(b.Context(), &w, FormatPDF, fullLabel(), func(yield func(Packet) bool) {
		for p := range labelRun(n) {
			if i++; i%240 == 0 {
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse+m.StackInuse)
			}
			if !yield(p) {
				return
			}
		}
	})
	if err != nil {
		b.Fatal(err)
	}
	return w.n, peak
}

func TestPDFIsSmall(t *testing.T) {
	size, peak := pdfCost(t, 1200)
	if size > mostBytesPerTenThousand*12/100 {
		t.Errorf("1,200 labels take %d bytes", size)
	}
	if peak > mostPeakHeap {
		t.Errorf("1,200 labels take %d bytes of memory", peak)
	}
}

// BenchmarkLabelsBesideSymbols sets the time of ten thousand labels as one
// PDF beside that of encoding their symbols alone on one core: rounds take
// turns, the best of each counts.
//
//	go test ./qr -run xxx -bench LabelsBesideSymbols -benchtime 5x
func BenchmarkLabelsBesideSymbols(b *testing.B) {
	const n = 10_000
	labels, symbols := time.Duration(math.MaxInt64), time.Duration(math.MaxInt64)
	for b.Loop() {
		start := time.Now()
		if err := WriteLabels(b.Context(), io.Discard, FormatPDF, fullLabel(), labelRun(n)); err != nil {
			b.Fatal(err)
		}
		labels = min(labels, time.Since(start))
		symbols = min(symbols, encodeAlone(b, n))
	}
	b.ReportMetric(labels.Seconds(), "s/labels")
	b.ReportMetric(symbols.Seconds(), "s/symbols")
	b.ReportMetric(labels.Seconds()/symbols.Seconds(), "ratio")
	if labels > symbols {
		b.Errorf("%d labels took %v, their symbols alone %v", n, labels, symbols)
	}
}

func encodeAlone(b *testing.B, n int) time.Duration {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	start := time.Now()
	for p := range labelRun(n) {
		code, err := qrcode.New(p.URL, qrcode.Medium)
		if err != nil {
			b.Fatal(err)
		}
		code.Bitmap()
	}
	return time.Since(start)
}

// BenchmarkLabelsSize reports bytes of file per ten thousand labels and the
// peak of memory in use.
//
//	go test ./qr -run xxx -bench LabelsSize -benchtime 1x
func BenchmarkLabelsSize(b *testing.B) {
	for name, n := range map[string]int{"10000": 10_000, "100000": 100_000} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				size, peak := pdfCost(b, n)
				b.ReportMetric(float64(size)/float64(n)*10_000/1e6, "MB/10k")
				b.ReportMetric(float64(peak)/1e6, "peak-MB")
				if size > mostBytesPerTenThousand*int64(n)/10_000 || peak > mostPeakHeap {
					b.Errorf("%d labels: %d bytes of file, %d of memory", n, size, peak)
				}
			}
		})
	}
}
