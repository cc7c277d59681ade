package tours

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
)

// CustomerType is one kind of people of a party, with its price: adults,
// children, people of the commune.
type CustomerType struct {
	ID    string    `bson:"id"`
	Name  lang.Text `bson:"name"`
	Price money.VND `bson:"price"` // of one, tax included
	Seats int64     `bson:"seats"` // that one takes; 0 for who sits on a lap
	Alone bool      `bson:"alone"` // may come without anybody of another type
}

// AddOn is something that a party may take beside its seats: lunch, the ride
// from the bus station, a bag of what was roasted.
type AddOn struct {
	ID    string    `bson:"id"`
	Name  lang.Text `bson:"name"`
	Price money.VND `bson:"price"` // of one
	Most  int64     `bson:"most"`  // of one party, 0 for one of each person
}

// Question is asked at booking: of the party, or of each of its people.
type Question struct {
	ID       string      `bson:"id"`
	Text     lang.Text   `bson:"text"`
	Choices  []lang.Text `bson:"choices"` // none: whatever is written
	Each     bool        `bson:"each"`
	Required bool        `bson:"required"`
}

// Party is who comes, what they take beside and what they answered.
type Party struct {
	People  map[string]int64    `bson:"people"`  // by type
	AddOns  map[string]int64    `bson:"addOns"`  // by add-on
	Answers map[string][]string `bson:"answers"` // by question: one, or one of each person
}

// Price is what a party costs and how many seats it takes.
type Price struct {
	Seats, People int64
	Visit, AddOns money.VND
	Now           money.VND // to be paid at booking: the deposit, or all
}

// Total is what a party pays altogether.
func (p Price) Total() money.VND { return p.Visit + p.AddOns }

const maxAnswer = 200

// PriceOf prices a party on a tour. Faults: Invalid "tours.party.form" with fields
// "people.ID", "people", "addons.ID".
func (t Tour) PriceOf(p Party) (Price, error) {
	f := fault.NewForm("tours.party.form")
	var price Price
	alone := false
	for id, n := range p.People {
		i := slices.IndexFunc(t.Types, func(c CustomerType) bool { return c.ID == id })
		if f.Need(n >= 0 && n <= maxSeats && (i >= 0 || n == 0), "people."+id, "tours.party.people"); i < 0 || n <= 0 || n > maxSeats {
			continue
		}
		c := t.Types[i]
		price.People += n
		price.Seats += n * c.Seats
		price.Visit += money.VND(n) * c.Price
		alone = alone || c.Alone
	}
	f.Need(price.People > 0, "people", "tours.party.nobody")
	f.Need(price.People == 0 || alone && price.Seats > 0, "people", "tours.party.alone")
	f.Need(price.Seats <= maxSeats, "people", "tours.party.many")
	for id, n := range p.AddOns {
		i := slices.IndexFunc(t.AddOns, func(a AddOn) bool { return a.ID == id })
		most := int64(0)
		if i >= 0 {
			if most = t.AddOns[i].Most; most == 0 {
				most = price.People
			}
		}
		if f.Need(n >= 0 && n <= most, "addons."+id, "tours.party.addon"); i >= 0 && n > 0 && n <= most {
			price.AddOns += money.VND(n) * t.AddOns[i].Price
		}
	}
	price.Now = price.Total()
	if t.Deposit > 0 && t.Deposit < 100 {
		price.Now = (price.Total()*money.VND(t.Deposit) + 99) / 100
	}
	return price, f.Result()
}

// Answered checks what a party answered: fault.Invalid "tours.party.form" with
// fields "answer.ID" or "answer.ID.N". Answers to what was not asked are dropped.
func (t Tour) Answered(p *Party, people int64) error {
	f := fault.NewForm("tours.party.form")
	kept := map[string][]string{}
	for _, q := range t.Questions {
		want := int64(1)
		if q.Each {
			want = people
		}
		list := make([]string, want)
		copy(list, p.Answers[q.ID])
		for i, a := range list {
			field := "answer." + q.ID
			if q.Each {
				field += "." + itoa(i)
			}
			a = strings.Join(strings.Fields(a), " ")
			list[i] = a
			switch {
			case a == "":
				f.Need(!q.Required, field, "tours.party.answer")
			case len(q.Choices) > 0:
				f.Need(slices.ContainsFunc(q.Choices, func(c lang.Text) bool { return c.Vi == a }), field, "tours.party.choice")
			default:
				f.Need(utf8.RuneCountInString(a) <= maxAnswer && utf8.ValidString(a) && !strings.ContainsFunc(a, unicode.IsControl), field, "tours.party.long")
			}
		}
		kept[q.ID] = list
	}
	p.Answers = kept
	return f.Result()
}
