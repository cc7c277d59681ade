package qr

import "context"

// View is Inspect for a page that somebody looks at: it also counts the visit
// (see Visit.Counts) and then tells Scans with this visit included, First being
// zero when it is the first. GTIN, Lot and Serial come from the visit.
func (s *Service) View(ctx context.Context, v Visit) (Trace, error) {
	t, err := s.Inspect(ctx, v.GTIN, v.Lot, v.Serial)
	if err != nil || t.Run == nil || !v.Counts() {
		return t, err
	}
	s.countVisit(ctx, v)
	t.Scans.Count++
	return t, nil
}

// Scan counts a visit in memory, to be stored by Flush, and reports whether it
// counted: a person's GET of a serial that was signed here. Garbage is not
// counted, so it cannot fill the store.
func (s *Service) Scan(ctx context.Context, v Visit) bool {
	sr, err := ParseSerial(v.Serial)
	if err != nil || !v.Counts() {
		return false
	}
	if ok, err := s.verified(ctx, sr, v.GTIN, v.Lot); err != nil || !ok {
		return false
	}
	s.countVisit(ctx, v)
	return true
}

func (s *Service) countVisit(ctx context.Context, v Visit) {
	if v.At.IsZero() {
		v.At = s.now()
	}
	s.scans.count(ctx, v)
}

// Flush adds the scans counted in memory to the store. A worker calls it every
// second or so, and once when the server stops. What fails stays in memory.
func (s *Service) Flush(ctx context.Context) error { return s.scans.flush(ctx, s.now()) }

// Sweep erases the salts of scan buckets that are 48 hours old; a worker calls
// it every few minutes.
func (s *Service) Sweep(ctx context.Context) error { return s.scans.salts.sweep(ctx, s.now()) }
