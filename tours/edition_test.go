package tours

import (
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
)

func festDay(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, lang.Zone)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func festTime(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, lang.Zone)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// festival is a complete edition of three days.
func festival() Edition {
	return Edition{ID: "e", Org: "committee", Year: 2026, Name: word("Lễ hội cà phê Sơn La"), From: festDay("2026-12-18"), To: festDay("2026-12-20"),
		Ground: Ground{Words: word("Quảng trường Tây Bắc"), Commune: "03670", Lat: 21.33, Lon: 103.91}, Story: word("Ba ngày"), Rain: word("Vào nhà"), Way: word("Xe buýt"), Phone: "0212",
		Venues: []Venue{{"san-khau", word("Sân khấu"), word(""), AtStage, 50, 20}, {"cho", word("Chợ"), word(""), AtMarket, 20, 60}},
		Booths: []Booth{{ID: "a1", Number: "A1", Venue: "cho", Producer: "htx", Pickup: true}, {ID: "a2", Number: "A2", Venue: "cho", Name: "Hội Nông dân"}}}
}

func TestWhatAnEditionNeeds(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Edition)
		gaps   bool
		wrong  string
	}{
		"complete": {func(*Edition) {}, true, ""},
		"a draft without a story": {func(e *Edition) {
			e.Story, e.Rain, e.Ground.Words, e.Venues, e.Booths = lang.Text{}, lang.Text{}, lang.Text{}, nil, nil
		}, false, ""},
		"shown without them": {func(e *Edition) {
			e.Story, e.Rain, e.Ground.Words, e.Venues, e.Booths = lang.Text{}, lang.Text{}, lang.Text{}, nil, nil
		}, true, "place rain story venues"},
		"no name":                {func(e *Edition) { e.Name = lang.Text{En: "x"} }, false, "name"},
		"a name on two lines":    {func(e *Edition) { e.Name.Vi = "a\nb" }, false, "name"},
		"an endless name":        {func(e *Edition) { e.Name.En = strings.Repeat("x", 121) }, false, "nameEn"},
		"a story of two lines":   {func(e *Edition) { e.Story.Vi = "a\n\nb" }, true, ""},
		"an endless story":       {func(e *Edition) { e.Story.Vi = strings.Repeat("à", 4001) }, false, "story"},
		"no days":                {func(e *Edition) { e.From, e.To = time.Time{}, time.Time{} }, false, "from to"},
		"backwards":              {func(e *Edition) { e.To = festDay("2026-12-17") }, false, "to"},
		"one day":                {func(e *Edition) { e.To = e.From }, false, ""},
		"31 days":                {func(e *Edition) { e.From, e.To = festDay("2026-12-01"), festDay("2026-12-31") }, false, ""},
		"32 days":                {func(e *Edition) { e.From, e.To = festDay("2026-11-30"), festDay("2026-12-31") }, false, "to"},
		"over New Year":          {func(e *Edition) { e.To = festDay("2027-01-03") }, false, ""},
		"another year":           {func(e *Edition) { e.Year = 2025 }, false, "from"},
		"New Year at midnight":   {func(e *Edition) { e.Year, e.From, e.To = 2027, festDay("2027-01-01"), festDay("2027-01-02") }, false, ""},
		"no commune":             {func(e *Edition) { e.Ground.Commune = "99999" }, false, "commune"},
		"in the sea":             {func(e *Edition) { e.Ground.Lat, e.Ground.Lon = 103.9, 21.3 }, false, "lat"},
		"nowhere":                {func(e *Edition) { e.Ground.Lat, e.Ground.Lon = 0, 0 }, true, ""},
		"two venues of one name": {func(e *Edition) { e.Venues[1].Name.Vi = "san khau" }, false, "venues.1.name"},
		"off the plan":           {func(e *Edition) { e.Venues[0].X, e.Venues[1].Y = 101, -1 }, false, "venues.0.x venues.1.y"},
		"a venue of no kind":     {func(e *Edition) { e.Venues[0].Kind = "boat" }, false, "venues.0.kind"},
		"two booths of a number": {func(e *Edition) { e.Booths[1].Number = " a 1" }, false, "booths.1.number"},
		"a booth without number": {func(e *Edition) { e.Booths[1].Number = "" }, false, "booths.1.number"},
		"a booth nowhere":        {func(e *Edition) { e.Booths[0].Venue = "x" }, false, "booths.0.venue"},
		"a booth of nobody":      {func(e *Edition) { e.Booths[1].Name = "" }, false, "booths.1.name"},
		"text that is none":      {func(e *Edition) { e.Phone = "\xff" }, false, "phone"},
	} {
		e := festival()
		tt.change(&e)
		if got := strings.Join(fields(e.Validate(tt.gaps)), " "); got != tt.wrong {
			t.Errorf("%s: %q, want %q", name, got, tt.wrong)
		}
	}
}

func TestDaysOfAnEdition(t *testing.T) {
	e := festival()
	var got []string
	for _, d := range e.Days() {
		got = append(got, lang.En.DateLong(d))
	}
	if want := []string{"Fri 18 Dec 2026", "Sat 19 Dec 2026", "Sun 20 Dec 2026"}; !slices.Equal(got, want) {
		t.Error(got)
	}
	if e.Over(festTime("2026-12-20 23:59")) || !e.Over(festTime("2026-12-21 00:00")) {
		t.Error("it is over at another time than midnight in Vietnam")
	}
	if b, ok := e.BoothNumbered(" a 2 "); !ok || b.ID != "a2" {
		t.Error("a booth is not found by its number")
	}
}

// opening is an event of festival().
func opening() Event {
	return Event{ID: "v", Edition: "e", Kind: Show, Title: word("Khai mạc"), Venue: "san-khau", Start: festTime("2026-12-18 19:00"), End: festTime("2026-12-18 21:00"), State: EventOn}
}

func ticketed(v Event) Event {
	v.Ticketed, v.Capacity, v.Cutoff, v.Policy = true, 40, 2, Policy{{48, 100}}
	v.Types = []CustomerType{{"adult", word("Người lớn"), 50_000, 1, true}, {"child", word("Trẻ em"), 0, 1, false}}
	return v
}

func TestWhatAnEventNeeds(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Event)
		wrong  string
	}{
		"complete":               {func(*Event) {}, ""},
		"with tickets":           {func(v *Event) { *v = ticketed(*v) }, ""},
		"of no kind":             {func(v *Event) { v.Kind = "party" }, "kind"},
		"without a title":        {func(v *Event) { v.Title = lang.Text{} }, "title"},
		"in no venue":            {func(v *Event) { v.Venue = "x" }, "venue"},
		"at no time":             {func(v *Event) { v.Start, v.End = time.Time{}, time.Time{} }, "day ends"},
		"ends as it begins":      {func(v *Event) { v.End = v.Start }, "ends"},
		"the day before":         {func(v *Event) { v.Start = festTime("2026-12-17 23:59") }, "day"},
		"the day after":          {func(v *Event) { v.Start, v.End = festTime("2026-12-21 00:00"), festTime("2026-12-21 01:00") }, "day"},
		"into the last night":    {func(v *Event) { v.Start, v.End = festTime("2026-12-20 22:00"), festTime("2026-12-21 06:00") }, ""},
		"until the next morning": {func(v *Event) { v.Start, v.End = festTime("2026-12-20 22:00"), festTime("2026-12-21 06:01") }, "ends"},
		"from the first minute":  {func(v *Event) { v.Start, v.End = festTime("2026-12-18 00:00"), festTime("2026-12-18 00:30") }, ""},
		"a speaker unnamed":      {func(v *Event) { v.Speakers = []Speaker{{Of: "Viện"}} }, "speakers.0.name"},
		"a booth that is not":    {func(v *Event) { v.Booths = []string{"a1", "z9"} }, "booths"},
		"no seats":               {func(v *Event) { *v = ticketed(*v); v.Capacity = 0 }, "capacity"},
		"no prices":              {func(v *Event) { *v = ticketed(*v); v.Types = nil }, "types"},
		"only children":          {func(v *Event) { *v = ticketed(*v); v.Types = v.Types[1:] }, "types"},
		"two of one type":        {func(v *Event) { *v = ticketed(*v); v.Types[1].ID = "adult" }, "types.1.name"},
		"less than nothing":      {func(v *Event) { *v = ticketed(*v); v.Types[0].Price = -1 }, "types.0.price"},
		"a policy upside down":   {func(v *Event) { *v = ticketed(*v); v.Policy = Policy{{48, 50}, {24, 100}} }, "policy.1"},
		"free: none of that":     {func(v *Event) { v.Capacity = -5 }, ""},
	} {
		v := opening()
		tt.change(&v)
		if got := strings.Join(fields(v.Validate(festival())), " "); got != tt.wrong {
			t.Errorf("%s: %q, want %q", name, got, tt.wrong)
		}
	}
}

func TestDaysOfAnEvent(t *testing.T) {
	v := opening()
	v.End = festTime("2026-12-19 00:00")
	if !v.OnDay(festDay("2026-12-18")) || v.OnDay(festDay("2026-12-19")) {
		t.Error("what ends at midnight counts for the next day")
	}
	v.End = festTime("2026-12-20 12:00")
	if !v.OnDay(festDay("2026-12-19")) || !v.OnDay(festDay("2026-12-20")) || v.OnDay(festDay("2026-12-21")) {
		t.Error("the days of a long one")
	}
	if v = ticketed(v); !v.Closes().Equal(festTime("2026-12-18 17:00")) {
		t.Error(v.Closes())
	}
	if p, ok := v.PriceFrom(); !ok || p != 50_000 {
		t.Error(p, ok)
	}
	if _, ok := opening().PriceFrom(); ok {
		t.Error("a free event has a price")
	}
}

// One venue holds one event at a time, but for markets.
func TestOneVenueOneEvent(t *testing.T) {
	now := festTime("2026-11-20 09:00")
	for name, tt := range map[string]struct {
		change func(*Event)
		taken  bool
	}{
		"at the same time":    {func(*Event) {}, true},
		"inside it":           {func(v *Event) { v.Start, v.End = festTime("2026-12-18 19:30"), festTime("2026-12-18 20:00") }, true},
		"around it":           {func(v *Event) { v.Start, v.End = festTime("2026-12-18 10:00"), festTime("2026-12-18 23:00") }, true},
		"when it ends":        {func(v *Event) { v.Start, v.End = festTime("2026-12-18 21:00"), festTime("2026-12-18 22:00") }, false},
		"until it begins":     {func(v *Event) { v.Start, v.End = festTime("2026-12-18 18:00"), festTime("2026-12-18 19:00") }, false},
		"a minute into it":    {func(v *Event) { v.Start, v.End = festTime("2026-12-18 18:00"), festTime("2026-12-18 19:01") }, true},
		"elsewhere":           {func(v *Event) { v.Venue = "cho" }, false},
		"a market beside it":  {func(v *Event) { v.Kind = Bazaar }, false},
		"one that was ended":  {func(v *Event) { v.State = EventOff }, false},
		"the same once more":  {func(v *Event) { v.ID = "v" }, false},
		"the same, elsewhere": {func(v *Event) { v.ID, v.Venue = "v", "cho" }, false},
	} {
		e, v := festival(), opening()
		if err := e.take(v, now); err != nil {
			t.Fatal(err)
		}
		v.ID = "other"
		tt.change(&v)
		err := e.take(v, now)
		if (err != nil) != tt.taken {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && (!slices.Equal(fields(err), []string{"venue"}) || fault.As(err).Args["From"] != "19:00") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSlotsFollowEvents(t *testing.T) {
	e, v, now := festival(), opening(), festTime("2026-11-20 09:00")
	for _, step := range []struct {
		change func()
		want   string
	}{
		{func() {}, "san-khau 12:00"},
		{func() { v.Venue = "cho" }, "cho 12:00"},
		{func() { v.Start = v.Start.Add(time.Hour) }, "cho 13:00"},
		{func() { v.State = EventOff }, ""},
		{func() { v.State = EventOn }, "cho 13:00"},
		{func() { v.Dropped = true }, ""},
	} {
		step.change()
		if err := e.take(v, now); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range e.Slots {
			got = append(got, s.Venue+" "+s.Start.Format("15:04"))
		}
		if strings.Join(got, ",") != step.want {
			t.Errorf("%v, want %s", got, step.want)
		}
	}
}

// What visitors may have known otherwise is kept, but only once it was published.
func TestChangesAreKept(t *testing.T) {
	now := festTime("2026-11-20 09:00")
	v := opening()
	old := v
	v.Start = v.Start.Add(time.Hour)
	if v.revise(old, false, now); v.Sequence != 0 || len(v.Changes) != 0 {
		t.Error("a draft tells changes")
	}
	v.revise(old, true, now)
	if c, ok := v.Last(); !ok || v.Sequence != 1 || !slices.Equal(c.What, []string{ChangedTime}) || !c.Start.Equal(old.Start) || c.Sequence != 1 {
		t.Errorf("%+v", v.Changes)
	}
	old = v
	v.Venue, v.State, v.Title = "cho", EventOff, word("x")
	v.revise(old, true, now)
	if c, _ := v.Last(); v.Sequence != 2 || !slices.Equal(c.What, []string{ChangedVenue, ChangedState}) || c.Venue != "san-khau" {
		t.Errorf("%+v", v.Changes)
	}
	old = v
	v.Title = word("y")
	if v.revise(old, true, now); v.Sequence != 2 || len(v.Changes) != 2 {
		t.Error("another title counts as a change of time, place or state")
	}
	for range 50 {
		old = v
		v.End = v.End.Add(time.Minute)
		v.revise(old, true, now)
	}
	if len(v.Changes) != maxChanges || v.Sequence != 52 {
		t.Errorf("%d changes, sequence %d", len(v.Changes), v.Sequence)
	}
}
