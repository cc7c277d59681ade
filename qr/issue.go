package qr

import (
	"context"
	"iter"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/gs1"
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

// Plan is what a request would come to. Chosen says that the lot is packed as
// several trade items and the first was taken. Loopback warns that phones
// cannot reach the address in the symbols.
type Plan struct {
	Lot        trace.Lot
	GTIN       string
	Product    Product
	Chosen     bool
	Loopback   bool
	LongestURL string // no packet of the run takes a larger symbol; for CheckLabel
}

// Issued is a stored run and its packets.
type Issued struct {
	Plan
	Run     trace.Run
	Packets iter.Seq[Packet] // made on the way, may be run through again
}

// Plan reports what Issue would do and why it would refuse, with the same
// faults. It stores nothing and takes no numbers, so that what else a printing
// needs can be checked first. Issue may still refuse, where another run takes
// the coffee meanwhile.
func (s *Service) Plan(ctx context.Context, r IssueRequest) (*Plan, error) {
	p, err := s.plan(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := s.trace.CheckRun(ctx, p.Lot, r.run(p.GTIN)); err != nil {
		return nil, err
	}
	next, err := s.next(ctx, p.GTIN, r.Count)
	if err != nil {
		return nil, err
	}
	p.LongestURL = s.head(p.GTIN, p.Lot.Code) + longestSerial(next+r.Count-1)
	return p, nil
}

// Issue reserves a range of serials, records the run on the lot and returns
// its packets. Two steps: a crash between them, or another run that takes the
// coffee, leaves a gap in the numbers, never two packets with one number.
// Faults: Invalid "qr.issue.count", NotFound "qr.lot.unknown", Conflict
// "qr.issue.ambiguous" (several lots have the code; Args "Lots" names them) and
// what trace.AppendRun says when the lot's coffee does not fill the packets.
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

// plan finds the lot and the trade item of a request.
func (s *Service) plan(ctx context.Context, r IssueRequest) (*Plan, error) {
	if r.Count < 1 || r.Count > MaxRun {
		return nil, fault.New(fault.Invalid, "qr.issue.count").With("Count", r.Count).With("Max", MaxRun).Field("count", "qr.issue.count")
	}
	lot, gtin, chosen, err := s.lotFor(ctx, r)
	if err != nil {
		return nil, err
	}
	product, err := s.product(ctx, gtin)
	if err != nil {
		return nil, err
	}
	return &Plan{Lot: lot, GTIN: gtin, Product: product, Chosen: chosen, Loopback: isLoopback(s.base)}, nil
}

// run is the request as the lot records it, as far as it is known before the
// numbers are.
func (r IssueRequest) run(gtin string) trace.Run {
	return trace.Run{Key: r.Key, GTIN: gtin, Count: r.Count, By: r.By}
}

func (s *Service) lotFor(ctx context.Context, r IssueRequest) (lot trace.Lot, gtin string, chosen bool, err error) {
	if r.GTIN != "" {
		gtin, ok := gs1.GTIN14(r.GTIN)
		if !ok {
			return lot, "", false, fault.New(fault.Invalid, "qr.issue.gtin").With("GTIN", excerpt(r.GTIN)).Field("gtin", "qr.issue.gtin")
		}
		lot, err = s.lot(ctx, gtin, r.LotCode)
		return lot, gtin, false, err
	}
	lots, err := s.trace.LotsByCode(ctx, r.LotCode)
	switch {
	case err != nil:
		return lot, "", false, err
	case len(lots) > 1:
		return lot, "", false, fault.New(fault.Conflict, "qr.issue.ambiguous").With("Lot", r.LotCode).With("Lots", describeLots(lots))
	case len(lots) == 0 || len(lots[0].Items) == 0:
		return lot, "", false, unknownLot("", r.LotCode)
	}
	return lots[0], lots[0].Items[0].GTIN, len(lots[0].Items) > 1, nil
}

// lot finds a lot by the GTIN it is packed as, or fault.NotFound
// "qr.lot.unknown".
func (s *Service) lot(ctx context.Context, gtin, code string) (trace.Lot, error) {
	lot, err := s.trace.Lot(ctx, gtin, code)
	if fault.Is(err, fault.NotFound) {
		return lot, unknownLot(gtin, code)
	}
	return lot, err
}

func describeLots(lots []trace.Lot) string {
	var all []string
	for _, l := range lots {
		for _, it := range l.Items {
			all = append(all, it.GTIN+" ("+l.Producer+")")
		}
	}
	return strings.Join(all, ", ")
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
