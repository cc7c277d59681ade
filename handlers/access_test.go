package handlers_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/app/report"
	"nguon/app/seed"
	"nguon/catalog/order"
	"nguon/tours"
)

var update = flag.Bool("update", false, "write the access table anew; read the difference before it is committed")

const accessTable = "testdata/access.txt"

var columns = []account.Role{account.Visitor, account.Buyer, account.Owner, account.Staff, account.Organizer, account.Authority, account.Province, account.Operator, account.Admin}

// things are what stands for a parameter of a path: something of one's own, by
// role, and something of somebody else.
type things struct {
	own   map[account.Role]map[string]string
	other map[string]string
	form  []string // fields that are sent along
}

// Every route × every role, and for routes with an organisation or a product
// "own" against "other": the table says "ok" for whatever is not refused, "in"
// where a visitor is led to sign in, else the status of the refusal. A route
// that is not in the table fails. POST is sent from our own pages with a valid token.
func TestAccess(t *testing.T) {
	s := newSite(t)
	th := s.things()
	people := map[account.Role]*person{}
	tokens := map[account.Role]string{}
	for _, r := range columns {
		people[r] = s.enter(r)
		if r != account.Visitor {
			tokens[r] = people[r].token()
		}
	}
	th.own[account.Owner][":doc"] = s.document(people[account.Owner]) // staff share the map
	var got bytes.Buffer
	fmt.Fprintf(&got, "# method path whose | %s\n", join(columns))
	for _, route := range interesting(s.h.Routes()) {
		for _, whose := range kinds(route) {
			var cells []string
			for _, r := range columns {
				cells = append(cells, s.cell(route, whose, r, people[r], tokens[r], th))
			}
			fmt.Fprintf(&got, "%s %s | %s\n", route, whose, strings.Join(cells, " "))
		}
	}
	// Signing out ends what the others need, so it comes last.
	fmt.Fprint(&got, s.signOuts(people, tokens))
	if *update {
		must(t, os.WriteFile(accessTable, got.Bytes(), 0o644))
	}
	want, err := os.ReadFile(accessTable)
	must(t, err)
	wanted, seen := strings.Split(string(want), "\n"), strings.Split(got.String(), "\n")
	for _, line := range seen {
		if !slices.Contains(wanted, line) {
			t.Errorf("not in the table: %s", line)
		}
	}
	for _, line := range wanted {
		if !slices.Contains(seen, line) {
			t.Errorf("in the table only: %s", line)
		}
	}
}

func join(roles []account.Role) string {
	var s []string
	for _, r := range roles {
		s = append(s, string(r))
	}
	return strings.Join(s, " ")
}

// interesting leaves out HEAD, what Fiber adds, and the English twins, whose
// handlers are the same; a test of its own compares the twins.
func interesting(routes []string) []string {
	var list []string
	for _, r := range routes {
		method, path, _ := strings.Cut(r, " ")
		if method == "HEAD" || method == "OPTIONS" || path == "/en" || strings.HasPrefix(path, "/en/") || path == "/sign-out" {
			continue
		}
		if !slices.Contains(list, r) {
			list = append(list, r)
		}
	}
	list = append(list, "GET /console/log?org=:org", "GET /console/log.csv?org=:org", "GET /console/orders?org=:org", "GET /console/orders/packing.pdf?org=:org", "GET /console/orders/invoices?org=:org", "GET /console/orders/invoices.csv?org=:org", "GET /console/tours/shared?org=:org", "GET /console/tours/reviews?org=:org")
	slices.Sort(list)
	return list
}

// kinds are the rows of a route.
func kinds(route string) []string {
	if strings.HasPrefix(route, "GET /console") || strings.HasPrefix(route, "POST /console") {
		for _, p := range []string{":org", ":product", ":doc", ":code", "/shop/new", ":edition", "/festival/new", ":tour", ":departure", ":review", "/tours/new", "POST /console/tours/shared"} {
			if strings.Contains(route, p) {
				return []string{"own", "other"}
			}
		}
	}
	return []string{"any"}
}

// document hands a paper in for the organisation of the owner.
func (s *site) document(owner *person) string {
	s.t.Helper()
	ctx := context.Background()
	a, err := s.acc.Actor(ctx, owner.cookies["__Host-session"])
	must(s.t, err)
	d, err := s.files.Document(ctx, "giay.pdf", []byte("%PDF-1.4"))
	must(s.t, err)
	must(s.t, s.acc.AddDocument(ctx, a, "demo-suong-nui", account.Document{ID: d.ID, Name: d.Name, Type: d.Type, Size: d.Size}))
	return d.ID
}

// anOrder places an order and returns its id.
func (s *site) anOrder() string {
	p := s.visitor()
	p.add(s.goodsOf("demo-suong-nui")[0].Sold()[0].GTIN, 1)
	return strings.TrimPrefix(p.buys(), "/orders/")
}

func (s *site) things() things {
	ctx := context.Background()
	products := func(org string) string {
		list, err := s.cat.Own(ctx, org)
		must(s.t, err)
		return list[0].ID
	}
	r, err := s.rep.File(ctx, report.Draft{About: report.About{Kind: report.Packet, Path: page(""), Title: lang.Text{Vi: "Gói", En: "Packet"}, Facts: []report.Fact{}}, Reason: report.CodeCopied,
		Words: "Tem dán đè lên tem khác.", Once: strings.Repeat("o", 40)})
	must(s.t, err)
	common := map[string]string{":report": r.ID, ":page": "terms", ":slug": "x", ":number": "SL-MAU-01", ":name": strings.Repeat("a", 32) + "-l.jpg",
		":order": s.anOrder(), ":gtin": gtin, ":lot": lot, ":serial": "X", ":doc": "none", "*": "x", ":account": "tax", ":year": festYear}
	common[":batch"] = s.refundBatch()
	of := func(org, product string) map[string]string {
		m := map[string]string{":org": org, ":product": product}
		if product != "" {
			m[":code"] = s.buy(order.Cash, []string{org}).Code
			must(s.t, s.orders.SaveCoupon(ctx, order.Coupon{Code: couponOf(org), Kind: order.FreeDelivery, Seller: org, Bears: order.SellerBears, From: s.now(), To: s.now().AddDate(0, 1, 0)}))
		}
		s.visitThings(org, m)
		for k, v := range common {
			m[k] = v
		}
		return m
	}
	seller := of("demo-suong-nui", products("demo-suong-nui"))
	t := things{other: of("demo-hua-noong", products("demo-hua-noong")), own: map[account.Role]map[string]string{account.Owner: seller, account.Staff: seller,
		account.Organizer: of("demo-ban-to-chuc", ""), account.Authority: of("demo-co-quan-quan-ly", ""), account.Province: of("demo-van-phong-tinh", "")}}
	t.own[account.Organizer][":edition"], t.own[account.Organizer][":event"] = seed.Festival, "demo-su-kien-5"
	t.other[":edition"], t.other[":event"] = s.otherFestival(), "demo-su-kien-5"
	o, err := s.acc.OrgByID(ctx, "demo-suong-nui")
	must(s.t, err)
	must(s.t, s.mail.Add(ctx, "waiting", letterFor("someone@nguon.example")))
	t.form = []string{"person", o.Members[0].Person, "role", "owner", "id", "waiting", "link", "none", "about", page("")}
	return t
}

// otherFestival is an edition of a committee that is nobody's here.
func (s *site) otherFestival() string {
	e := tours.Edition{ID: strings.Repeat("0", 24), Org: "another-committee", Name: lang.Text{Vi: "Lễ hội khác"}, From: start.AddDate(1, 0, 0), To: start.AddDate(1, 0, 1), Ground: tours.Ground{Commune: "03670"}}
	_, err := s.fest.Save(context.Background(), tours.EditionEdit{Edition: e})
	must(s.t, err)
	return e.ID
}

// visitThings are a visit of an organisation, a departure and a review of it.
func (s *site) visitThings(org string, m map[string]string) {
	ctx := context.Background()
	list, err := s.tours.Own(ctx, org)
	must(s.t, err)
	if len(list) == 0 {
		return
	}
	m[":tour"], m[":departure"] = list[0].ID, s.nextOf(list[0]).ID
	m[":review"] = s.aReview(list[0], 5, "Vui").ID
}

func visitRoute(route string) bool {
	return strings.Contains(route, ":tour") || strings.Contains(route, ":departure") || strings.Contains(route, ":review")
}

// couponOf is the code of a coupon that a seller has.
func couponOf(org string) string { return strings.ToUpper(org) }

func (s *site) cell(route, whose string, r account.Role, p *person, token string, th things) string {
	s.t.Helper()
	with := th.other
	if whose == "own" {
		if with = th.own[r]; with == nil || strings.Contains(route, ":product") && with[":product"] == "" || strings.Contains(route, ":code") && with[":code"] == "" || strings.Contains(route, ":edition") && with[":edition"] == "" || with[":tour"] == "" && visitRoute(route) {
			return "-"
		}
	}
	method, path, _ := strings.Cut(route, " ")
	for name, value := range with {
		path = strings.ReplaceAll(path, name, value)
	}
	if strings.HasPrefix(path, "/console/shop/new") || path == "/console/festival/new" || path == "/console/tours/new" || method == "POST" && path == "/console/tours/shared" {
		path += "?org=" + with[":org"]
	}
	var a answer
	if method == "GET" {
		a = s.do("GET", path, p.headers()...)
	} else {
		fields := append([]string{"token", token, "seller", with[":org"]}, th.form...)
		if strings.HasSuffix(path, "/coupons/end") {
			fields = append(fields, "code", couponOf(with[":org"]))
		}
		a = s.send(method, path, form(fields...), p.headers("Content-Type: application/x-www-form-urlencoded")...)
	}
	switch {
	case a.Status >= 500:
		s.t.Errorf("%s as %s: %d\n%s", route, r, a.Status, s.log.last())
		return "5xx"
	case a.Status == 303 && strings.HasPrefix(a.Header.Get("Location"), "/sign-in?next="):
		return "in"
	case a.Status == 401, a.Status == 403, a.Status == 404, a.Status == 405:
		return fmt.Sprint(a.Status)
	}
	return "ok"
}

func (s *site) signOuts(people map[account.Role]*person, tokens map[account.Role]string) string {
	var cells []string
	for _, r := range columns {
		cells = append(cells, s.cell("POST /sign-out", "any", r, people[r], tokens[r], things{other: map[string]string{}}))
		if r != account.Visitor {
			if a := people[r].get("/console"); a.Status != 303 {
				s.t.Errorf("%s is still signed in: %d", r, a.Status)
			}
		}
	}
	return "POST /sign-out any | " + strings.Join(cells, " ") + "\n"
}

func TestBothLanguagesHaveTheSameRoutes(t *testing.T) {
	routes := newSite(t).h.Routes()
	for _, r := range routes {
		method, path, _ := strings.Cut(r, " ")
		twin, english := strings.CutPrefix(path, "/en")
		if !english || method == "HEAD" {
			continue
		}
		if twin == "" {
			twin = "/"
		}
		if !slices.Contains(routes, method+" "+twin) {
			t.Errorf("%s has no Vietnamese twin", r)
		}
	}
	for _, r := range routes {
		method, path, _ := strings.Cut(r, " ")
		if (strings.HasPrefix(path, "/console") || strings.HasPrefix(path, "/account") || strings.HasPrefix(path, "/sign")) && !slices.Contains(routes, method+" /en"+path) {
			t.Errorf("%s has no English twin", r)
		}
	}
}
