package qr

import (
	"maps"
	"slices"
	"strings"
	"time"

	"nguon/app/lang"
	"nguon/app/store"
)

// scanDoc counts the scans of one serial. DESIGN decision 15 names "code and
// day" as the key; one document per code is kept instead, because the page
// must tell the first scan and the total with one read, and a packet that is
// scanned on sixty days would need sixty.
type scanDoc struct {
	ID      string           `bson:"_id"` // gtin/serial
	First   time.Time        `bson:"first"`
	Total   int64            `bson:"total"`
	Days    []scanDay        `bson:"days"` // oldest first, at most keptDays
	Regions map[string]int64 `bson:"regions,omitempty"`
	Batches []string         `bson:"batches"` // the last keptBatches added, oldest first, so that none is added again
}

// scanDay is one day in Vietnam. Buckets go when the salt that made them is
// gone too; their number stays.
type scanDay struct {
	Day      string   `bson:"day"` // 2026-12-12
	Count    int64    `bson:"count"`
	Distinct int      `bson:"distinct"`
	Buckets  []string `bson:"buckets"`
}

// Bounds of a document: about 3 KB when full, since only the last two days
// keep their buckets.
const (
	maxBuckets = 64 // a day; beyond it the packet is long suspicious
	keptDays   = 60
	// keptBatches is how many other writes may come between one whose answer
	// was lost and its repetition: one or two of each instance.
	keptBatches = 8
	maxRegions  = 32
	saltLife    = 48 * time.Hour
)

// Suspicion says how many distinct visitors one packet explains: a household
// and a shop, not a market. More means that its code was probably copied.
type Suspicion struct {
	PerDay int // distinct buckets in one day
	In30   int // summed over the last 30 days
}

// SuspicionToday holds the thresholds in force.
func SuspicionToday() Suspicion { return Suspicion{PerDay: 12, In30: 30} }

// exceeded reports whether the days hold more distinct visitors than allowed,
// as of now.
func (p Suspicion) exceeded(days []scanDay, now time.Time) bool {
	from := dayOf(now.AddDate(0, 0, -29))
	sum := 0
	for _, d := range days {
		if d.Day < from {
			continue
		}
		if d.Distinct >= p.PerDay {
			return true
		}
		sum += d.Distinct
	}
	return sum >= p.In30
}

// dayOf names a day in Vietnam so that names order as days do.
func dayOf(t time.Time) string { return lang.Midnight(t).Format(time.DateOnly) }

// tally is what was counted since the last flush, in the same shape.
type tally struct {
	first   time.Time
	count   int64
	days    []scanDay
	regions map[string]int64
}

func (t *tally) add(at time.Time, bucket, region string) {
	if t.count == 0 || at.Before(t.first) {
		t.first = at
	}
	t.count++
	t.days = addDay(t.days, scanDay{Day: dayOf(at), Count: 1, Buckets: one(bucket)})
	if region != "" && (len(t.regions) < maxRegions || t.regions[region] > 0) {
		if t.regions == nil {
			t.regions = make(map[string]int64, 1)
		}
		t.regions[region]++
	}
}

func one(bucket string) []string {
	if bucket == "" {
		return nil
	}
	return []string{bucket}
}

// addDay merges a day into a sorted list and returns the list.
func addDay(days []scanDay, d scanDay) []scanDay {
	i, found := slices.BinarySearchFunc(days, d.Day, func(a scanDay, day string) int {
		return strings.Compare(a.Day, day)
	})
	if !found {
		days = slices.Insert(days, i, scanDay{Day: d.Day})
	}
	to := &days[i]
	to.Count += d.Count
	for _, b := range d.Buckets {
		if len(to.Buckets) < maxBuckets && !slices.Contains(to.Buckets, b) {
			to.Buckets = append(to.Buckets, b)
		}
	}
	to.Distinct = max(to.Distinct, d.Distinct, len(to.Buckets))
	return days
}

// merge adds a tally to the document and folds what has grown old.
func (d *scanDoc) merge(t tally, now time.Time) {
	if t.count == 0 {
		return
	}
	if d.First.IsZero() || t.first.Before(d.First) {
		d.First = store.Stamp(t.first)
	}
	d.Total += t.count
	for _, day := range t.days {
		d.Days = addDay(d.Days, day)
	}
	for r, n := range t.regions {
		if len(d.Regions) < maxRegions || d.Regions[r] > 0 {
			if d.Regions == nil {
				d.Regions = make(map[string]int64, len(t.regions))
			}
			d.Regions[r] += n
		}
	}
	d.fold(now)
}

// holds reports whether a batch was added already.
func (d *scanDoc) holds(batch string) bool { return slices.Contains(d.Batches, batch) }

// take adds a batch once.
func (d *scanDoc) take(t tally, batch string, now time.Time) {
	if d.holds(batch) {
		return
	}
	d.merge(t, now)
	d.Batches = append(d.Batches, batch)
	if n := len(d.Batches) - keptBatches; n > 0 {
		d.Batches = slices.Delete(d.Batches, 0, n)
	}
}

// fold drops the buckets of days whose salt is erased and days beyond
// keptDays; the total keeps them.
func (d *scanDoc) fold(now time.Time) {
	salted := dayOf(now.Add(-saltLife))
	for i := range d.Days {
		if d.Days[i].Day < salted {
			d.Days[i].Buckets = nil
		}
	}
	if n := len(d.Days) - keptDays; n > 0 {
		d.Days = slices.Delete(d.Days, 0, n)
	}
}

// clone copies what merge would change in place.
func (t tally) clone() tally {
	days := slices.Clone(t.days)
	for i := range days {
		days[i].Buckets = slices.Clone(days[i].Buckets)
	}
	t.days = days
	t.regions = maps.Clone(t.regions)
	return t
}
