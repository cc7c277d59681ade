package handlers_test

import (
	"context"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/account"
	"nguon/catalog/order"
)

const (
	ourTerms   = "/console/shop/" + ourOrg + "/terms"
	ourCoupons = "/console/shop/" + ourOrg + "/coupons"
)

// fieldsOf is a form of a page as a browser would send it.
func fieldsOf(t *testing.T, a answer, action string) map[string]string {
	t.Helper()
	f := a.doc(t).Find(`form[action="` + action + `"]`).First()
	if f.Length() != 1 {
		t.Fatalf("no form to %s", action)
	}
	v := map[string]string{}
	f.Find("input, select option[selected]").Each(func(_ int, in *goquery.Selection) {
		name, value := in.AttrOr("name", ""), in.AttrOr("value", "")
		_, ticked := in.Attr("checked")
		switch kind := in.AttrOr("type", ""); {
		case name == "", (kind == "checkbox" || kind == "radio") && !ticked:
		default:
			v[name] = value
		}
	})
	return v
}

func pairsOf(v map[string]string, more ...string) []string {
	for i := 0; i+1 < len(more); i += 2 {
		v[more[i]] = more[i+1]
	}
	var list []string
	for name, value := range v {
		list = append(list, name, value)
	}
	return list
}

func TestASellerSetsItsRates(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	a := owner.get(ourTerms)
	if text := squash(a.doc(t).Find("main").Text()); !strings.Contains(text, "phí chung của chợ") || !strings.Contains(text, "Mọi nơi khác") || !strings.Contains(text, "đến 1 kg: 20.000") {
		t.Fatalf("%d %s", a.Status, text)
	}
	v := fieldsOf(t, owner.get(ourTerms+"?own=1"), ourTerms)
	if v["z0.p14"] != "on" || v["z0.fee.0"] != "20.000" || v["r.to.3"] != "30.000" || v["zones"] != "1" || v["pickup"] != "on" {
		t.Errorf("the form does not begin with the market's rates: %v", v)
	}
	// A zone and a step more, without scripts and without losing what was typed.
	a = owner.post(ourTerms, pairsOf(v, "do", "more.zone", "z0.fee.0", "18.000")...)
	v = fieldsOf(t, a, ourTerms)
	if v["zones"] != "2" || v["z0.fee.0"] != "18.000" {
		t.Fatalf("%d %v", a.Status, v)
	}
	v = fieldsOf(t, owner.post(ourTerms, pairsOf(v, "do", "more.z1", "z1.p01", "on", "z1.to.0", "2000", "z1.fee.0", "28.000")...), ourTerms)
	if v["z1.steps"] != "2" || v["z1.p01"] != "on" || v["z1.to.0"] != "2000" {
		t.Fatalf("%v", v)
	}
	a = owner.post(ourTerms, pairsOf(v, "do", "save", "z1.to.1", "5.000", "z1.fee.1", "0", "freeFrom", "800.000", "cash", "")...)
	if a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	got, err := s.orders.Terms(context.Background(), ourOrg)
	must(t, err)
	r := got.Rates
	if !got.Own || r.FreeFrom != 800_000 || !r.Pickup || r.Cash || len(r.Zones) != 3 || r.Zones[0].Steps[0].Fee != 18_000 ||
		r.Zones[1].Provinces[0] != "01" || r.Zones[1].Steps[1] != (order.RateStep{UpTo: 5000}) || len(r.Zones[2].Provinces) != 0 {
		t.Errorf("%+v", got)
	}
	if got := fieldsOf(t, owner.get(ourTerms), ourTerms); got["z1.to.1"] != "5.000" || got["freeFrom"] != "800.000" || got["cash"] == "on" {
		t.Errorf("%v", got)
	}
	if a := owner.post(ourTerms+"/market", "token", owner.token()); a.Status != 303 {
		t.Error(a.Status)
	}
	if got, _ := s.orders.Terms(context.Background(), ourOrg); got.Own || got.Rates.Zones[0].Steps[0].Fee != 20_000 {
		t.Errorf("%+v", got)
	}
}

func TestRatesThatAreRefused(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	good := func() map[string]string { return fieldsOf(t, owner.get(ourTerms+"?own=1"), ourTerms) }
	for _, x := range []struct {
		pairs []string
		field string
		want  string
	}{
		{[]string{"z0.to.1", "500"}, "z0.to.1", "Khối lượng phải tăng dần"},
		{[]string{"z0.fee.1", "nhiều"}, "z0.fee.1", ""},
		{[]string{"r.fee.0", ""}, "r.fee.0", "chưa điền"},
		{[]string{"zones", "2", "z1.steps", "1", "z1.to.0", "1000", "z1.fee.0", "1000"}, "z1", "Hãy chọn ít nhất một tỉnh"},
		{[]string{"zones", "2", "z1.p01", "on"}, "z1", "chưa có mức phí"},
		{[]string{"zones", "2", "z1.p14", "on", "z1.steps", "1", "z1.to.0", "1000", "z1.fee.0", "1000"}, "z1", "đã nằm ở vùng khác"},
		{[]string{"freeFrom", "-1"}, "freeFrom", ""},
		{[]string{"zones", "0", "r.steps", "0", "pickup", ""}, "zones", "Cần ít nhất một vùng"},
	} {
		a := owner.post(ourTerms, pairsOf(good(), append(x.pairs, "do", "save")...)...)
		d := a.doc(t)
		if a.Status != 422 || d.Find(`.problem a[href="#`+x.field+`"]`).Length() != 1 || d.Find(`[id="`+x.field+`"]`).Length() != 1 || !strings.Contains(d.Find(".problem").Text(), x.want) {
			t.Errorf("%v: %d %s", x.pairs, a.Status, squash(d.Find(".problem").Text()))
		}
	}
	// What stands behind an empty row is marked where it stands.
	a := owner.post(ourTerms, pairsOf(good(), "do", "save", "z0.to.0", "", "z0.fee.0", "", "z0.to.2", "100")...)
	if a.doc(t).Find(`.problem a[href="#z0.to.2"]`).Length() != 1 {
		t.Errorf("%s", squash(a.doc(t).Find(".problem").Text()))
	}
	if got, _ := s.orders.Terms(context.Background(), ourOrg); got.Own {
		t.Error("something was saved")
	}
}

func TestWhoMayEditTerms(t *testing.T) {
	s := newSite(t)
	staff, operator, owner := s.enter(account.Staff), s.enter(account.Operator), s.enter(account.Owner)
	for _, path := range []string{ourTerms, ourCoupons, "/console/shop/" + ourOrg + "/balance", "/console/shop/" + ourOrg + "/balance.csv"} {
		if a := staff.get(path); a.Status != 403 {
			t.Errorf("staff at %s: %d", path, a.Status)
		}
		if a := owner.get(strings.ReplaceAll(path, ourOrg, otherOrg)); a.Status != 404 {
			t.Errorf("others at %s: %d", path, a.Status)
		}
		if a := operator.get(path); a.Status != 200 {
			t.Errorf("the operator at %s: %d", path, a.Status)
		}
	}
	if strings.Contains(staff.get("/console/orders").Body, ourTerms) {
		t.Error("staff are led to what is closed to them")
	}
	account := []string{"bin", "970436", "number", "0011 0022 33", "holder", "  HTX   SUONG NUI "}
	for want, p := range map[int]*person{403: staff, 404: operator} {
		if a := p.post(ourTerms+"/account", append(account, "token", p.token())...); a.Status != want {
			t.Errorf("the account: %d, want %d", a.Status, want)
		}
	}
	for range 2 {
		if a := owner.post(ourTerms+"/account", append(account, "token", owner.token())...); a.Status != 303 {
			t.Fatal(a.Status)
		}
	}
	got, err := s.orders.Terms(context.Background(), ourOrg)
	must(t, err)
	if got.Account == nil || *got.Account != (order.Account{BIN: "970436", Number: "0011002233", Name: "HTX SUONG NUI"}) || got.Own {
		t.Errorf("%+v", got)
	}
	a := owner.post(ourTerms+"/account", "bin", "", "number", "12", "holder", "", "token", owner.token())
	if d := a.doc(t); a.Status != 422 || d.Find(".problem li a").Length() != 3 || d.Find("#number").AttrOr("value", "") != "12" {
		t.Errorf("%d %s", a.Status, squash(d.Find(".problem").Text()))
	}
	if text := operator.get(ourTerms).doc(t).Find("#account").Text(); !strings.Contains(text, "0011002233") {
		t.Errorf("the operator reads %s", squash(text))
	}
}

func TestCouponsOfASeller(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	token := owner.token()
	fill := func(pairs ...string) []string {
		return pairsOf(map[string]string{"token": token, "code": "muavu-26", "kind": "percent", "percent": "10", "amount": "30.000", "from": "2026-11-20", "to": "2026-12-20", "least": "100.000", "uses": "5"}, pairs...)
	}
	for field, pairs := range map[string][]string{"code": {"code", "xy"}, "percent": {"percent", "120"}, "kind": {"kind", "credit"}, "to": {"to", "2026-11-01"}, "from": {"from", "hôm qua"}, "uses": {"uses", "nhiều"}, "least": {"least", "-5"}} {
		a := owner.post(ourCoupons, fill(pairs...)...)
		if d := a.doc(t); a.Status != 422 || d.Find(`.problem a[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("%v: %d %s", pairs, a.Status, squash(d.Find(".problem").Text()))
		}
	}
	if a := owner.post(ourCoupons, fill()...); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	if a := owner.post(ourCoupons, fill()...); a.Status != 409 || !strings.Contains(a.Body, "Mã này đã có") {
		t.Errorf("the same code: %d", a.Status)
	}
	list, _, err := s.orders.Coupons(context.Background(), ourOrg, "")
	must(t, err)
	if len(list) != 1 || list[0].Code != "MUAVU-26" || list[0].Bears != order.SellerBears || list[0].Amount != 30_000 || list[0].To.Format("2006-01-02 15:04") != "2026-12-20 16:59" {
		t.Errorf("%+v", list)
	}
	row := squash(owner.get(ourCoupons).doc(t).Find(".rows").Text())
	for _, want := range []string{"MUAVU-26", "Giảm 10 % tiền hàng, nhiều nhất 30.000 ₫", "tiền hàng từ 100.000 ₫", "đã dùng 0 trên 5 lần", "Đang dùng được"} {
		if !strings.Contains(row, want) {
			t.Errorf("the row lacks %q: %s", want, row)
		}
	}
	must(t, s.orders.SaveCoupon(context.Background(), order.Coupon{Code: "CUA-HO", Kind: order.FreeDelivery, Seller: otherOrg, Bears: order.SellerBears, From: s.now(), To: s.now().AddDate(0, 1, 0)}))
	if a := owner.post(ourCoupons+"/end", "token", token, "code", "CUA-HO"); a.Status != 404 {
		t.Errorf("others' coupon: %d", a.Status)
	}
	for range 2 {
		if a := owner.post(ourCoupons+"/end", "token", token, "code", "MUAVU-26"); a.Status != 303 {
			t.Errorf("ending: %d", a.Status)
		}
	}
	if row := owner.get(ourCoupons).doc(t).Find(".rows"); !strings.Contains(row.Text(), "Đã dừng") || row.Find("form").Length() != 0 {
		t.Error("it has not ended")
	}
}

func TestBalanceOfASeller(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	path := "/console/shop/" + ourOrg + "/balance"
	if text := owner.get(path).doc(t).Find("main").Text(); !strings.Contains(text, "Sổ còn trống") || !strings.Contains(text, "Không bên nào nợ") {
		t.Error(squash(text))
	}
	o := s.buy(order.Transfer, []string{ourOrg})
	if text := owner.get(path).doc(t).Find("main").Text(); !strings.Contains(text, "Không bên nào nợ") {
		t.Error("what was not sent is owed")
	}
	must(t, s.orders.Handle(context.Background(), "p1", o.ID, order.Moving{Move: order.Send, Seller: ourOrg}))
	want, err := s.orders.Balance(context.Background(), ourOrg)
	must(t, err)
	d := owner.get(path).doc(t)
	if got := d.Find(".balance").Text(); want <= 0 || !strings.Contains(got, want.String()) || !strings.Contains(got, "Chợ đang nợ cơ sở") {
		t.Errorf("%s, want %s", squash(got), want)
	}
	if rows := d.Find(".rows > li"); rows.Length() != 3 || rows.Find(`a[href="/console/orders/`+o.Code+`"]`).Length() != 3 || !strings.Contains(rows.Text(), "Hoa hồng") {
		t.Errorf("%d entries: %s", rows.Length(), squash(rows.Text()))
	}
	a := owner.get("/en" + path + ".csv")
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\ufeff"))).ReadAll()
	if err != nil || len(lines) != 4 || lines[1][1] != o.Code || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") || !strings.Contains(a.Body, "Commission") {
		t.Errorf("%v %v", err, lines)
	}
}
