package tours

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
)

func word(s string) lang.Text { return lang.Text{Vi: s, En: s} }

func picking() Tour {
	return Tour{ID: "t", Org: "htx", Kind: Harvest, Name: "Hái và rang", Level: Easy, Story: word("x"), Minutes: 300, Phone: "0212", Rain: word("Dời sang nhà sấy"),
		Meeting:   Meeting{Lat: 21.2, Lon: 103.9, Words: word("Cổng bản"), Road: ByCar},
		Types:     []CustomerType{{"adult", word("Người lớn"), 250_000, 1, true}, {"child", word("Trẻ em"), 120_001, 1, false}, {"baby", word("Bế trên tay"), 0, 0, false}, {"local", word("Người trong xã"), 100_000, 1, true}},
		AddOns:    []AddOn{{"lunch", word("Cơm trưa"), 80_000, 0}, {"bag", word("Túi cà phê vừa rang"), 95_000, 3}},
		Questions: []Question{{"diet", word("Ăn kiêng gì"), nil, true, false}, {"shoe", word("Cỡ giày"), []lang.Text{word("36"), word("40")}, true, true}, {"bus", word("Đón ở đâu"), nil, false, true}},
		Policy:    Policy{{48, 100}}, Season: Season{1015, 228}, Fewest: 4, Decide: 24, Cutoff: 12, Seats: 12}
}

func fields(err error) (list []string) {
	if err != nil {
		for _, f := range fault.As(err).Fields {
			list = append(list, f.Name)
		}
	}
	slices.Sort(list)
	return list
}

func TestPriceOfAParty(t *testing.T) {
	for name, tt := range map[string]struct {
		people, addOns map[string]int64
		deposit        int64
		want           Price
		wrong          string
	}{
		"a family":               {map[string]int64{"adult": 2, "child": 1, "baby": 1}, map[string]int64{"lunch": 3, "bag": 1}, 0, Price{3, 4, 620_001, 335_000, 955_001}, ""},
		"a deposit, to the đồng": {map[string]int64{"adult": 2, "child": 1}, nil, 30, Price{3, 3, 620_001, 0, 186_001}, ""},
		"all of it":              {map[string]int64{"local": 1}, nil, 100, Price{1, 1, 100_000, 0, 100_000}, ""},
		"nobody":                 {map[string]int64{"adult": 0}, nil, 0, Price{}, "people"},
		"children alone":         {map[string]int64{"child": 2}, nil, 0, Price{2, 2, 240_002, 0, 240_002}, "people"},
		"a type that is not":     {map[string]int64{"adult": 1, "dog": 1}, nil, 0, Price{1, 1, 250_000, 0, 250_000}, "people.dog"},
		"less than none":         {map[string]int64{"adult": 2, "child": -1}, nil, 0, Price{2, 2, 500_000, 0, 500_000}, "people.child"},
		"a bus full":             {map[string]int64{"adult": 50, "local": 1}, nil, 0, Price{51, 51, 12_600_000, 0, 12_600_000}, "people"},
		"more lunch than people": {map[string]int64{"adult": 1}, map[string]int64{"lunch": 2}, 0, Price{1, 1, 250_000, 0, 250_000}, "addons.lunch"},
		"more bags than one has": {map[string]int64{"adult": 4}, map[string]int64{"bag": 4}, 0, Price{4, 4, 1_000_000, 0, 1_000_000}, "addons.bag"},
		"what is not offered":    {map[string]int64{"adult": 1}, map[string]int64{"wine": 1}, 0, Price{1, 1, 250_000, 0, 250_000}, "addons.wine"},
		"an overflow":            {map[string]int64{"adult": 1 << 62}, nil, 0, Price{}, "people people.adult"},
	} {
		tour := picking()
		tour.Deposit = tt.deposit
		got, err := tour.PriceOf(Party{People: tt.people, AddOns: tt.addOns})
		if got != tt.want || strings.Join(fields(err), " ") != tt.wrong {
			t.Errorf("%s: %+v, wrong %v", name, got, fields(err))
		}
	}
}

func TestAnswersOfAParty(t *testing.T) {
	tour := picking()
	for name, tt := range map[string]struct {
		answers map[string][]string
		want    map[string][]string
		wrong   string
	}{
		"all":               {map[string][]string{"diet": {"", " chay  trường "}, "shoe": {"36", "40"}, "bus": {"bến xe"}}, map[string][]string{"diet": {"", "chay trường"}, "shoe": {"36", "40"}, "bus": {"bến xe"}}, ""},
		"nothing":           {nil, map[string][]string{"diet": {"", ""}, "shoe": {"", ""}, "bus": {""}}, "answer.bus answer.shoe.0 answer.shoe.1"},
		"what nobody asked": {map[string][]string{"name": {"x"}, "shoe": {"36", "36", "36"}, "bus": {"a", "b"}}, map[string][]string{"diet": {"", ""}, "shoe": {"36", "36"}, "bus": {"a"}}, ""},
		"not a choice":      {map[string][]string{"shoe": {"36", "99"}, "bus": {"a"}}, map[string][]string{"diet": {"", ""}, "shoe": {"36", "99"}, "bus": {"a"}}, "answer.shoe.1"},
		"long":              {map[string][]string{"shoe": {"36", "36"}, "bus": {strings.Repeat("ă", 201)}}, map[string][]string{"diet": {"", ""}, "shoe": {"36", "36"}, "bus": {strings.Repeat("ă", 201)}}, "answer.bus"},
	} {
		p := Party{Answers: tt.answers}
		err := tour.Answered(&p, 2)
		if !reflect.DeepEqual(p.Answers, tt.want) || strings.Join(fields(err), " ") != tt.wrong {
			t.Errorf("%s: %v, wrong %v", name, p.Answers, fields(err))
		}
	}
}

func TestToursAreChecked(t *testing.T) {
	if err := picking().Validate(true); err != nil {
		t.Error(err)
	}
	for want, change := range map[string]func(*Tour){
		"name":          func(t *Tour) { t.Name = " " },
		"kind":          func(t *Tour) { t.Kind = "party" },
		"place":         func(t *Tour) { t.Meeting.Lat = 48 },
		"decide":        func(t *Tour) { t.Decide = 0 },
		"policy.0":      func(t *Tour) { t.Policy = Policy{{48, 0}} },
		"season":        func(t *Tour) { t.Season.To = 230 },
		"types.1.price": func(t *Tour) { t.Types[1].Price = -1 },
		"types":         func(t *Tour) { t.Types = t.Types[1:3] },
		"rain":          func(t *Tour) { t.Rain = lang.Text{} },
		"story":         func(t *Tour) { t.Story.Vi = strings.Repeat("x", maxText+1) },
		"deposit name":  func(t *Tour) { t.Name, t.Deposit = "", 101 },
	} {
		tour := picking()
		change(&tour)
		if got := strings.Join(fields(tour.Validate(true)), " "); got != want {
			t.Errorf("%s: %s", want, got)
		}
	}
	draft := Tour{Name: "Nháp", Kind: Tasting, Level: Easy, Meeting: Meeting{Road: ByBus}}
	if err := draft.Validate(false); err != nil {
		t.Error("a draft may lack what a page needs:", err)
	}
	if got := strings.Join(fields(draft.Validate(true)), " "); got != "meeting minutes phone rain seats story types" {
		t.Error(got)
	}
	if least, ok := picking().PriceFrom(); least != money.VND(100_000) || !ok {
		t.Error(least)
	}
	if _, ok := draft.PriceFrom(); ok {
		t.Error("a price without a type")
	}
}
