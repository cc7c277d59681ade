// Package qr issues the codes on packets and says what a scanned code means:
// GS1 Digital Link addresses, serials that cannot be guessed, label runs,
// labels for printing, scans, and the verdict shown on the trace page.
package qr

import (
	"time"

	"nguon/qr/gi"
	"nguon/qr/trace"
)

// State is what can be said of a code; the first that applies wins, in this order.
type State string

// The states of a code. Lot is the state of an address without a serial.
const (
	Forged     State = "forged"     // not issued by us
	Unknown    State = "unknown"    // well made, but no label run covers it
	Void       State = "void"       // its label run was withdrawn
	Recalled   State = "recalled"   // its lot was called back
	Suspicious State = "suspicious" // scanned by more people than one packet explains
	Genuine    State = "genuine"    // issued by the producer for this lot
	LotOnly    State = "lot"        // no serial: judges no packet
)

// Trace is everything the trace page shows of a code.
type Trace struct {
	GTIN, Lot, Serial string
	State             State
	Product           Product
	LotData           *trace.PublicLot // nil, like Product and GI, for a code that nothing stands behind: Forged and Unknown
	GI                *GI
	Scans             Scans
	Run               *Run // the run that issued the serial
	Demo              bool
}

// GI is the decision on the packing date and today; Packed is nil for a lot
// that is not packed yet.
type GI struct {
	Packed *gi.Verdict
	Today  gi.Verdict
}

// Shown is the verdict that the packet is judged by: of the packing date, or
// today's when it is not packed yet.
func (g GI) Shown() gi.Verdict {
	if g.Packed != nil {
		return *g.Packed
	}
	return g.Today
}

// Scans is what is told about the scans of a serial: by Service.View with the
// visit that asks included, by Service.Inspect as they stand.
type Scans struct {
	First time.Time // zero when there was none before
	Count int64
}

// Run is what is told about the label run of a serial.
type Run struct {
	On     time.Time
	Count  int64
	Voided *time.Time
	Reason string
}

// Product is what the trace page needs to know of a trade item; the catalogue
// answers it through Products.
type Product struct {
	GTIN         string
	Name, NameEn string
	Slug         string
	Kind         string // "green", "roasted", "ground", "other"
	Species      string
	Roast        string
	Process      string
	NetGrams     int64
	Grind        string
	Producer     string // organisation id
	ProducerName string
	ProducerSlug string
	Commune      string
	Stars        int  // valid OCOP stars today, 0 for none
	Listed       bool // the shop shows it today; else its address answers 404
	Demo         bool
}
