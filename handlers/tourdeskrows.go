package handlers

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/tours"
)

// lists of the form of a visit: the fields that make a row of each more than an
// empty one.
var tourLists = map[string][]string{"type": {"typeVi", "typeEn", "typePrice"}, "add": {"addVi", "addEn", "addPrice"}, "ask": {"askVi", "askEn", "askChoices"},
	"step": {"stepHours", "stepPercent"}, "use": {"useWhat"}}

// listMost is how long each list may become.
var listMost = map[string]int{"type": 8, "add": 20, "ask": 20, "step": 6, "use": 20}

// filledRow reports whether something stands in a row.
func filledRow(v map[string]string, list string, i int) bool {
	return slices.ContainsFunc(tourLists[list], func(name string) bool { return one(v[name+"."+strconv.Itoa(i)]) != "" })
}

// tourRows is how many rows each list of the form shows.
func tourRows(v map[string]string) map[string]int {
	more, _ := strconv.Atoi(v["more"])
	rows := map[string]int{}
	for list := range tourLists {
		last := 0
		for i := range mostRowsT {
			if filledRow(v, list, i) {
				last = i + 1
			}
		}
		rows[list] = max(last, min(last+emptyRows+min(max(more, 0), mostRowsT), listMost[list]))
	}
	return rows
}

// each calls fn for every row of a list that is filled in; n is how many came
// before it.
func (r *tourReader) each(list, field string, fn func(row string)) {
	n := 0
	for i := range mostRowsT {
		if filledRow(r.v, list, i) {
			row := strconv.Itoa(i)
			r.at[field+"."+strconv.Itoa(n)] = row
			n++
			fn(row)
		}
	}
}

func (r *tourReader) pair(name, row string) lang.Text {
	return lang.Text{Vi: one(r.v[name+"Vi."+row]), En: one(r.v[name+"En."+row])}
}

func (r *tourReader) on(name, row string) bool { return r.v[name+"."+row] == "on" }

// rows reads the lists of the form.
func (r *tourReader) rows() {
	t := &r.t
	r.each("type", "types", func(row string) {
		seats := int64(1)
		if one(r.v["typeSeats."+row]) != "" {
			seats = r.whole("typeSeats." + row)
		}
		t.Types = append(t.Types, tours.CustomerType{ID: r.v["typeId."+row], Name: r.pair("type", row), Price: r.price("typePrice." + row), Seats: seats, Alone: r.on("typeAlone", row)})
	})
	r.each("add", "addOns", func(row string) {
		t.AddOns = append(t.AddOns, tours.AddOn{ID: r.v["addId."+row], Name: r.pair("add", row), Price: r.price("addPrice." + row), Most: r.whole("addMost." + row)})
	})
	r.each("ask", "questions", func(row string) {
		t.Questions = append(t.Questions, tours.Question{ID: r.v["askId."+row], Text: r.pair("ask", row), Choices: tours.ParseChoices(r.v["askChoices."+row]), Each: r.on("askEach", row), Required: r.on("askNeed", row)})
	})
	t.Identify(r.was)
	r.steps()
	r.each("use", "uses", func(row string) {
		u := tours.Use{Resource: r.v["useWhat."+row], Quantity: 1}
		if one(r.v["useMany."+row]) != "" {
			u.Quantity = r.whole("useMany." + row)
		}
		if f := r.v["useFor."+row]; f != "" {
			u.AddOn = r.addOnOf(f)
			r.f.Need(u.AddOn != "", "useFor."+row, "tours.field.addon")
		}
		t.Uses = append(t.Uses, u)
	})
}

// addOnOf is the id of the add-on that stands in a row of the form, "" for an empty
// row.
func (r *tourReader) addOnOf(row string) string {
	for i, a := range r.t.AddOns {
		if r.at["addOns."+strconv.Itoa(i)] == row {
			return a.ID
		}
	}
	return ""
}

// steps reads the refund table, the most generous step first, as tours keep it.
func (r *tourReader) steps() {
	type typed struct {
		tours.Step
		row string
	}
	var list []typed
	r.each("step", "", func(row string) {
		list = append(list, typed{tours.Step{Hours: r.whole("stepHours." + row), Percent: r.whole("stepPercent." + row)}, row})
	})
	slices.SortStableFunc(list, func(a, b typed) int { return cmp.Compare(b.Hours, a.Hours) })
	for i, x := range list {
		r.t.Policy = append(r.t.Policy, x.Step)
		r.at["policy."+strconv.Itoa(i)] = x.row
	}
}

// tourValues fills the form from a tour.
func tourValues(t tours.Tour) map[string]string {
	v := map[string]string{"name": t.Name, "nameEn": t.NameEn, "kind": string(t.Kind), "level": string(t.Level), "commune": t.Commune, "phone": t.Phone, "road": string(t.Meeting.Road), "edition": t.Edition}
	for name, text := range map[string]lang.Text{"story": t.Story, "host": t.Host, "meeting": t.Meeting.Words, "parking": t.Parking, "toilets": t.Toilets, "food": t.Food, "bring": t.Bring, "rain": t.Rain, "included": t.Included} {
		v[name], v[name+"En"] = text.Vi, text.En
	}
	for name, n := range map[string]int64{"altitude": t.Altitude, "youngest": t.Youngest, "hours": t.Minutes / 60, "minutes": t.Minutes % 60, "deposit": t.Deposit, "fewest": t.Fewest, "decide": t.Decide,
		"cutoff": t.Cutoff, "seats": t.Seats, "fromDay": int64(t.Season.From % 100), "fromMonth": int64(t.Season.From / 100), "toDay": int64(t.Season.To % 100), "toMonth": int64(t.Season.To / 100)} {
		v[name] = natural(n)
	}
	if t.Meeting.Lat != 0 || t.Meeting.Lon != 0 {
		v["lat"], v["lon"] = degreesTyped(t.Meeting.Lat), degreesTyped(t.Meeting.Lon)
	}
	for _, l := range t.Speaks {
		v["speaks."+l] = "on"
	}
	for _, p := range t.Plots {
		v["plot."+p] = "on"
	}
	for _, p := range t.Products {
		v["product."+p] = "on"
	}
	rowValues(t, v)
	return v
}

// rowValues fills the lists of the form.
func rowValues(t tours.Tour, v map[string]string) {
	for i, c := range t.Types {
		n := "." + strconv.Itoa(i)
		v["typeId"+n], v["typeVi"+n], v["typeEn"+n], v["typePrice"+n], v["typeAlone"+n] = c.ID, c.Name.Vi, c.Name.En, c.Price.Digits(), ticked(c.Alone)
		v["typeSeats"+n] = strconv.FormatInt(c.Seats, 10)
	}
	row := map[string]int{}
	for i, a := range t.AddOns {
		n := "." + strconv.Itoa(i)
		v["addId"+n], v["addVi"+n], v["addEn"+n], v["addPrice"+n], v["addMost"+n] = a.ID, a.Name.Vi, a.Name.En, a.Price.Digits(), natural(a.Most)
		row[a.ID] = i
	}
	for i, q := range t.Questions {
		n := "." + strconv.Itoa(i)
		v["askId"+n], v["askVi"+n], v["askEn"+n], v["askChoices"+n], v["askEach"+n], v["askNeed"+n] = q.ID, q.Text.Vi, q.Text.En, choicesTyped(q.Choices), ticked(q.Each), ticked(q.Required)
	}
	for i, st := range t.Policy {
		n := "." + strconv.Itoa(i)
		v["stepHours"+n], v["stepPercent"+n] = strconv.FormatInt(st.Hours, 10), strconv.FormatInt(st.Percent, 10)
	}
	for i, u := range t.Uses {
		n := "." + strconv.Itoa(i)
		v["useWhat"+n], v["useMany"+n] = u.Resource, strconv.FormatInt(u.Quantity, 10)
		if u.AddOn != "" {
			v["useFor"+n] = strconv.Itoa(row[u.AddOn])
		}
	}
}

func choicesTyped(list []lang.Text) string {
	lines := make([]string, len(list))
	for i, c := range list {
		if lines[i] = c.Vi; c.En != "" {
			lines[i] += " | " + c.En
		}
	}
	return strings.Join(lines, "\n")
}

// natural writes a number as a form shows it; 0 is an empty field.
func natural(n int64) string {
	if n == 0 {
		return ""
	}
	return money.VND(n).Digits()
}

// degreesTyped writes degrees as people here type them, with a comma.
func degreesTyped(f float64) string {
	return strings.ReplaceAll(strconv.FormatFloat(f, 'f', -1, 64), ".", ",")
}
