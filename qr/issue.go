package qr

import (
	"context"
	"iter"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
	"nguon/qr/trace"
)

// counterDoc is the one counter of a GTIN: serials are unique within it.
type counterDoc struct {
	GTIN string `bson:"_id"`
	Next int64  `bson:"next"`
}

// MaxRun is the most labels of one run.
const MaxRun = 1_000_000

// IssueRequest asks for a run of labels. Key is the business key: repeating it
// gives the same run again, never another one; empty means a new run. GTIN may
// be empty when the lot's code is enough to find it.
type IssueRequest struct {
	LotCode, GTIN string
	Count         int64
	By, Key       string
	Now           time.Time // zero: the service's clock
}

// Issued is a stored run and its packets.
type Issued struct {
	Plan
	Run     trace.Run
	Packets iter.Seq[Packet] // made on the way, may be run through again
}

// Issue reserves a range of serials, records the run on the lot and returns
// its packets. Two steps: a crash between them, or another run that takes the
// coffee, leaves a gap in the numbers, never two packets with one number.
// Faults: Invalid "qr.issue.count", NotFound "qr.lot.unknown", Conflict
// "qr.issue.ambiguous" (several lots have the code; Args "Lots" names them),
// "qr.issue.taken" (another producer holds the GTIN), NotFound
// "qr.issue.no_product", and what trace.AppendRun says when the lot's coffee does not fill the packets.
func (s *Service) Issue(ctx context.Context, r IssueRequest) (*Issued, error) {
	p, err := s.plan(ctx, r)
	if err != nil {
		return nil, err
	}
	run, err := s.appendRun(ctx, p.Lot, p.GTIN, r)
	if err != nil {
		return nil, err
	}
	packets, err := s.Packets(ctx, p.Lot.Code, run)
	if err != nil {
		return nil, err
	}
	return &Issued{*p, run, packets}, nil
}

// appendRun answers a repeated request, and refuses one that the lot's coffee
// does not fill, from the lot as read before it takes numbers.
func (s *Service) appendRun(ctx context.Context, lot trace.Lot, gtin string, r IssueRequest) (trace.Run, error) {
	now := r.Now
	if now.IsZero() {
		now = s.now()
	}
	if r.Key == "" {
		r.Key = store.NewID(now)
	}
	for _, run := range lot.Runs {
		if run.Key == r.Key && run.GTIN == gtin && run.Count == r.Count {
			return run, nil
		}
	}
	run := r.run(gtin)
	if err := s.trace.CheckRun(ctx, lot, run); err != nil {
		return trace.Run{}, err
	}
	if err := s.products.Claim(ctx, lot.Producer, gtin); err != nil {
		return trace.Run{}, notPackable(gtin, err)
	}
	keyID, _, err := s.keys.signing(ctx)
	if err != nil {
		return trace.Run{}, err
	}
	if run.First, err = s.reserve(ctx, gtin, r.Count); err != nil {
		return trace.Run{}, err
	}
	run.KeyID, run.At = keyID, store.Stamp(now)
	return s.trace.AppendRun(ctx, lot.ID, run)
}

// next is the number that a run of n would begin with if it were reserved now.
func (s *Service) next(ctx context.Context, gtin string, n int64) (int64, error) {
	c, err := s.counters.Get(ctx, gtin)
	if fault.Is(err, fault.NotFound) {
		return 1, nil
	}
	if err == nil && c.Next > maxIndex-n {
		err = exhausted(gtin)
	}
	return c.Next, err
}

func exhausted(gtin string) error {
	return fault.New(fault.Conflict, "qr.issue.exhausted").With("GTIN", gtin)
}

// reserve takes n numbers of a GTIN and returns the first.
func (s *Service) reserve(ctx context.Context, gtin string, n int64) (first int64, err error) {
	take := func(c *counterDoc) error {
		if c.Next > maxIndex-n {
			return exhausted(gtin)
		}
		first = c.Next
		c.Next += n
		return nil
	}
	err = s.counters.Update(ctx, gtin, take)
	if !fault.Is(err, fault.NotFound) {
		return first, err
	}
	err = s.counters.Insert(ctx, counterDoc{GTIN: gtin, Next: 1})
	if err != nil && !fault.Is(err, fault.Conflict) {
		return 0, err
	}
	err = s.counters.Update(ctx, gtin, take)
	return first, err
}

// Packets makes the packets of a stored run again, in the order of their
// numbers. A run whose key is unknown is fault.Internal.
func (s *Service) Packets(ctx context.Context, lotCode string, run trace.Run) (iter.Seq[Packet], error) {
	secret, ok, err := s.keys.secret(ctx, run.KeyID)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.New(fault.Internal, "qr.key.missing").With("Key", run.KeyID)
	}
	head := s.head(run.GTIN, lotCode)
	return func(yield func(Packet) bool) {
		g := newSigner(run.KeyID, secret, run.GTIN, lotCode)
		buf := []byte(head)
		for i := run.First; i < run.First+run.Count; i++ {
			url := string(g.appendSerial(buf[:len(head)], i))
			if !yield(Packet{Serial: url[len(head):], URL: url}) {
				return
			}
		}
	}, nil
}

// head is the address of a lot's packets up to the serial.
func (s *Service) head(gtin, lot string) string {
	return s.base + Link{GTIN: gtin, Lot: lot}.Path() + "/21/"
}

func unknownLot(gtin, code string) *fault.Error {
	return fault.New(fault.NotFound, "qr.lot.unknown").With("GTIN", gtin).With("Lot", excerpt(code))
}

// unknownGTIN is the answer about a trade item that nobody here sells.
func unknownGTIN(gtin string) *fault.Error {
	return fault.New(fault.NotFound, "qr.gtin.unknown").With("GTIN", gtin)
}
