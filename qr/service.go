package qr

import (
	"context"
	"log/slog"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
	"nguon/qr/gi"
	"nguon/qr/trace"
)

// Products answers what a trade item is; the catalogue does. An unknown GTIN
// is fault.NotFound.
type Products interface {
	// TradeItem is the product whose packets may bear a GTIN.
	TradeItem(ctx context.Context, gtin string) (Product, error)
	// Packable is the producer's product that says a GTIN, though no packet may
	// bear it yet. A GTIN that another producer holds is fault.Conflict.
	Packable(ctx context.Context, producer, gtin string) (Product, error)
	// Claim makes that product hold the GTIN, since labels are about to bear it.
	// Faults as Packable.
	Claim(ctx context.Context, producer, gtin string) error
}

// Sellers answers whether an organisation is approved today: only such a one
// prints labels. An unknown one is not.
type Sellers interface {
	MayPublish(ctx context.Context, org string) (bool, error)
}

// Deps is what a Service needs. BaseURL stands in front of every printed
// address ("https://nguon.example"). Secret wraps the signing keys, OldSecret
// opens those wrapped before SECRET_KEY was changed and may be empty.
type Deps struct {
	DB                store.DB
	Trace             *trace.Service
	GI                *gi.Service
	Products          Products
	Sellers           Sellers
	BaseURL           string
	Secret, OldSecret []byte
	Now               func() time.Time
	Log               *slog.Logger
}

// Service issues codes and says what scanned ones mean. It is safe for
// concurrent use; any number of instances may share a store.
type Service struct {
	trace    *trace.Service
	gi       *gi.Service
	products Products
	sellers  Sellers
	base     string
	now      func() time.Time
	log      *slog.Logger
	keys     *keyring
	counters *store.Collection[counterDoc]
	lots     *lotCache
	scans    *scanLog
	runs     *directory
}

// New declares the collections and opens the signing keys. It fails when the
// secrets do not open a stored key, because printed packets would read as
// forged.
func New(ctx context.Context, d Deps) (*Service, error) {
	if d.Now == nil || d.Log == nil || d.Products == nil || d.Sellers == nil || !validBase(d.BaseURL) {
		return nil, fault.New(fault.Internal, "qr.deps")
	}
	s := &Service{trace: d.Trace, gi: d.GI, products: d.Products, sellers: d.Sellers, base: strings.TrimSuffix(d.BaseURL, "/"), now: d.Now, log: d.Log}
	var err error
	if s.keys, err = newKeyring(ctx, d); err != nil {
		return nil, err
	}
	if s.counters, err = store.Open[counterDoc](ctx, d.DB, store.Spec{Name: "qr_counters", Version: 1}); err != nil {
		return nil, err
	}
	if s.scans, err = newScanLog(ctx, d); err != nil {
		return nil, err
	}
	s.lots = newLotCache(d.Now, s.loadLot)
	// A change may reach further than its lot: a picking takes what plots bear
	// from other lots, a consent stands behind many.
	d.Trace.OnChange(s.lots.forgetAll)
	d.GI.OnChange(s.lots.forgetAll)
	s.runs = &directory{lots: d.Trace.Lots, now: d.Now}
	d.Trace.OnChange(s.runs.stale)
	return s, nil
}

func validBase(base string) bool {
	u, err := url.Parse(base)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.RawQuery == "" && u.Fragment == ""
}

// Loopback reports whether labels with this base address lead back to the phone
// that scans them, because it names the machine itself.
func Loopback(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	host := u.Hostname()
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && (addr.IsLoopback() || addr.IsUnspecified())
}

// verified reports whether this program signed the serial for the GTIN and lot.
func (s *Service) verified(ctx context.Context, sr Serial, gtin, lot string) (bool, error) {
	secret, ok, err := s.keys.secret(ctx, sr.KeyID)
	if err != nil || !ok {
		return false, err
	}
	return newSigner(sr.KeyID, secret, gtin, lot).verifies(sr), nil
}
