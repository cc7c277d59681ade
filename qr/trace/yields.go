package trace

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

// Band is a plausible range of a yield: grams put out for each gram taken in.
// Basis is "province" (derived from the provincial targets) or "practice"
// (our reading of common practice); Source and Note say more.
type Band struct {
	Kind   EventKind `json:"kind"`
	In     Form      `json:"in"`
	Out    Form      `json:"out"`
	Min    float64   `json:"min"`
	Max    float64   `json:"max"`
	Basis  string    `json:"basis"`
	Source string    `json:"source"`
	Note   string    `json:"note"`
}

// Yields is what the mass balance holds a lot against. A step without a band
// does not exist: nothing turns roasted coffee into green.
type Yields struct {
	Total    Band // cherries to green beans, over the whole lot
	Capacity Capacity
	Steps    []Band
}

// Capacity is the most that a hectare bears in one season.
type Capacity struct {
	GramsPerHa float64 `json:"gramsPerHa"` // cherries
	Basis      string  `json:"basis"`
	Source     string  `json:"source"`
	Note       string  `json:"note"`
}

//go:embed data/yields.json
var yieldsFile []byte

var yields = mustYields(yieldsFile)

// mustYields panics at start when the embedded file is not what it must be.
func mustYields(data []byte) Yields {
	var y Yields
	if err := json.Unmarshal(data, &y); err != nil {
		panic(fmt.Errorf("trace: yields: %w", err))
	}
	for _, b := range append([]Band{y.Total}, y.Steps...) {
		if b.Min <= 0 || b.Min > b.Max || b.Max > 1 || b.Basis == "" || b.Source == "" {
			panic(fmt.Errorf("trace: yields: unusable band %+v", b))
		}
	}
	if y.Capacity.GramsPerHa <= 0 {
		panic("trace: yields: no capacity")
	}
	return y
}

// Step finds the band of a step; ok is false when coffee cannot change so.
func (y Yields) Step(kind EventKind, in, out Form) (b Band, ok bool) {
	for _, b := range y.Steps {
		if b.Kind == kind && b.In == in && b.Out == out {
			return b, true
		}
	}
	return Band{}, false
}
