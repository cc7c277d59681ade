package tours

import (
	"reflect"
	"strings"
	"testing"

	"nguon/app/lang"
)

func TestListsOfATour(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Tour)
		wrong  string
	}{
		"as it is":                    {func(*Tour) {}, ""},
		"a use of an add-on":          {func(t *Tour) { t.Uses = []Use{{"r", "lunch", 1}, {"r", "", 1}} }, ""},
		"of one that is not":          {func(t *Tour) { t.Uses = []Use{{"r", "", 1}, {"r", "bus", 1}} }, "uses.1"},
		"the same use twice":          {func(t *Tour) { t.Uses = []Use{{"r", "", 1}, {"r", "", 2}} }, "uses.1"},
		"none of it":                  {func(t *Tour) { t.Uses = []Use{{"r", "", 0}} }, "uses.0"},
		"of nothing":                  {func(t *Tour) { t.Uses = []Use{{"", "", 1}} }, "uses.0"},
		"two adults":                  {func(t *Tour) { t.Types[1].Name = word(" người LỚN ") }, "types.1.name"},
		"a type without a name":       {func(t *Tour) { t.Types[2].Name.Vi = " " }, "types.2.name"},
		"one id for two types":        {func(t *Tour) { t.Types[3].ID = "adult" }, "types.3.name"},
		"a price below nothing":       {func(t *Tour) { t.Types[0].Price = -1 }, "types.0.price"},
		"five seats":                  {func(t *Tour) { t.Types[0].Seats = 5 }, "types.0.seats"},
		"two lunches":                 {func(t *Tour) { t.AddOns[1].Name = t.AddOns[0].Name }, "addOns.1.name"},
		"one id for two add-ons":      {func(t *Tour) { t.AddOns[1].ID = "lunch" }, "addOns.1.name"},
		"too many of one":             {func(t *Tour) { t.AddOns[1].Most = 101 }, "addOns.1.most"},
		"a long name":                 {func(t *Tour) { t.AddOns[0].Name.En = strings.Repeat("x", 121) }, "addOns.0.name"},
		"a question asked twice":      {func(t *Tour) { t.Questions[2].Text = t.Questions[0].Text }, "questions.2.text"},
		"one answer to choose from":   {func(t *Tour) { t.Questions[1].Choices = []lang.Text{word("36")} }, "questions.1.choices"},
		"the same answer twice":       {func(t *Tour) { t.Questions[1].Choices = []lang.Text{word("Có"), word("có")} }, "questions.1.choices"},
		"half a season":               {func(t *Tour) { t.Season = Season{From: 1015} }, "season"},
		"the thirtieth of February":   {func(t *Tour) { t.Season = Season{From: 230, To: 301} }, "season"},
		"a long telephone number":     {func(t *Tour) { t.Phone = strings.Repeat("0", 31) }, "phone"},
		"who cancels later gets more": {func(t *Tour) { t.Policy = Policy{{48, 50}, {24, 100}} }, "policy.1"},
	} {
		tour := picking()
		tt.change(&tour)
		if got := strings.Join(fields(tour.Validate(false)), " "); got != tt.wrong {
			t.Errorf("%s: wrong %q, want %q", name, got, tt.wrong)
		}
	}
}

func TestIdsAreOfNamesAndNeverGivenTwice(t *testing.T) {
	tour := Tour{Types: []CustomerType{{Name: word("Người lớn")}, {ID: "child", Name: word("Trẻ em")}, {Name: word("Người lớn tuổi")}},
		AddOns: []AddOn{{Name: word("Bữa trưa")}, {ID: "Not an id", Name: word("Bữa trưa")}, {Name: word("🍚")}}}
	was := Tour{AddOns: []AddOn{{ID: "x", Name: word("Xôi")}}, Former: Former{AddOns: []AddOn{{ID: "bua-trua", Name: word("Bữa trưa cũ")}}}}
	tour.Identify(was)
	var ids []string
	for _, c := range tour.Types {
		ids = append(ids, c.ID)
	}
	for _, a := range tour.AddOns {
		ids = append(ids, a.ID)
	}
	if want := []string{"nguoi-lon", "child", "nguoi-lon-tuoi", "bua-trua-2", "bua-trua-3", "x-2"}; !reflect.DeepEqual(ids, want) {
		t.Errorf("%v, want %v", ids, want)
	}
}

// What a tour offers no more is still called by its name where somebody has it.
func TestABookingKeepsTheWordsOfWhatIsGone(t *testing.T) {
	was := picking()
	now := picking()
	now.Types, now.AddOns = now.Types[:1], now.AddOns[1:]
	now.retire(was)
	b := Booking{Lang: lang.Vi, Guests: []Guest{{Type: "adult"}, {Type: "child"}}, Party: Party{AddOns: map[string]int64{"lunch": 2}}}
	if got := b.Words(now); got != "1 Người lớn, 1 Trẻ em, 2 × Cơm trưa" {
		t.Error(got)
	}
	again := now
	again.AddOns = was.AddOns // lunch comes back under its old id
	again.retire(now)
	if len(again.Former.AddOns) != 0 || len(again.Former.Types) != 3 {
		t.Errorf("%+v", again.Former)
	}
}
