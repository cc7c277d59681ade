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

// job is a batch on its way to a worker.
type job[T any] struct {
	batch []Packet
	done  chan outcome[T] // holds one, so that a worker never waits
}

// inOrder hands batches of packets to one worker per core and what they made
// of them to emit, in the order of the packets. Packets are read and emit is
// called on the caller's goroutine; at most two batches per core are under
// way. When it returns, for whatever reason, no goroutine is left.
func inOrder[T any](ctx context.Context, packets iter.Seq[Packet], size int,
	newWorker func() func([]Packet) (T, error), emit func(T) error) error {
	ctx, stop := context.WithCancel(ctx)
	cores := runtime.GOMAXPROCS(0)
	jobs := make(chan job[T], 2*cores)
	var crew sync.WaitGroup
	defer crew.Wait()
	defer close(jobs)
	defer stop()
	for range cores {
		crew.Go(func() { labour(ctx, newWorker(), jobs) })
	}
	var waiting []job[T] // the oldest first
	next := func() error {
		oldest := waiting[0]
		waiting = waiting[1:]
		select {
		case o := <-oldest.done:
			if o.err != nil {
				return o.err
			}
			return emit(o.made)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for batch := range batches(packets, size) {
		if len(waiting) == 2*cores {
			if err := next(); err != nil {
				return err
			}
		}
		j := job[T]{batch, make(chan outcome[T], 1)}
		jobs <- j
		waiting = append(waiting, j)
	}
	for len(waiting) > 0 {
		if err := next(); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// labour works through jobs until there are no more; once ctx has ended it
// only empties the queue.
func labour[T any](ctx context.Context, work func([]Packet) (T, error), jobs <-chan job[T]) {
	for j := range jobs {
		var o outcome[T]
		if o.err = ctx.Err(); o.err == nil {
			o.made, o.err = work(j.batch)
		}
		j.done <- o
	}
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
