package qr

import (
	"context"
	"iter"
	"runtime"
	"sync"
)

// outcome is what a worker made of one batch.
type outcome[T any] struct {
	made T
	err  error
}

// inOrder hands batches of packets to one worker per core and what they made
// of them to emit, in the order of the packets. Packets are read and emit is
// called on the caller's goroutine; at most two batches per core are under
// way. When it returns, for whatever reason, no goroutine is left.
func inOrder[T any](ctx context.Context, packets iter.Seq[Packet], size int,
	newWorker func() func([]Packet) (T, error), emit func(T) error) error {
	ctx, stop := context.WithCancel(ctx)
	cores := runtime.GOMAXPROCS(0)
	type job struct {
		batch []Packet
		done  chan<- outcome[T]
	}
	jobs := make(chan job, 2*cores)
	var crew sync.WaitGroup
	defer crew.Wait()
	defer close(jobs)
	defer stop()
	for range cores {
		crew.Go(func() {
			work := newWorker()
			for j := range jobs {
				var o outcome[T]
				if o.err = ctx.Err(); o.err == nil {
					o.made, o.err = work(j.batch)
				}
				j.done <- o // buffered: never waits
			}
		})
	}
	waiting := make([]<-chan outcome[T], 0, 2*cores)
	next := func() error {
		select {
		case o := <-waiting[0]:
			waiting = append(waiting[:0], waiting[1:]...)
			if o.err != nil {
				return o.err
			}
			return emit(o.made)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for batch := range batches(packets, size) {
		if len(waiting) == cap(waiting) {
			if err := next(); err != nil {
				return err
			}
		}
		done := make(chan outcome[T], 1)
		jobs <- job{batch, done}
		waiting = append(waiting, done)
	}
	for len(waiting) > 0 {
		if err := next(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// batches cuts a sequence into slices of the given size; the last is shorter.
func batches(packets iter.Seq[Packet], size int) iter.Seq[[]Packet] {
	return func(yield func([]Packet) bool) {
		batch := make([]Packet, 0, size)
		for p := range packets {
			if batch = append(batch, p); len(batch) == size {
				if !yield(batch) {
					return
				}
				batch = make([]Packet, 0, size)
			}
		}
		if len(batch) > 0 {
			yield(batch)
		}
	}
}
