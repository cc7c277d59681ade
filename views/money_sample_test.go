package views

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog/order"
)

func moneyOrder(st order.State, code string) order.Order {
	at := deskNoon
	return order.Order{ID: strings.Repeat("a", 32), Code: code, Lang: lang.Vi, Placed: at, Method: order.Cash, State: st, Until: &at,
		Customer: order.Customer{Name: "Nguyễn Hoàng Quỳnh Anh Thư Bảo Ngọc", Phone: "0912 345 678", Email: "secret-mail@khach.example"},
		Lines:    []order.Line{{Kind: order.Goods, Seller: "htx", Title: lang.Text{Vi: "Cà phê rang", En: "Roasted coffee"}, Detail: lang.Text{Vi: "250 g", En: "250 g"}, Quantity: 2, Price: 95_000}},
		Parcels: []order.Parcel{{Seller: "htx", SellerName: "HTX Sương Núi", State: order.Delivered, Goods: 190_000, Fee: 20_000, Commission: 500, Collector: order.ByCourier, Cash: &at, Carrier: "VNPost", Tracking: "E1", Asked: "Gói rách"},
			{Seller: "ho", SellerName: "Hộ Lò Thị", State: order.Returned, Goods: 120_000, Fee: 20_000, Household: true, Collector: order.BySeller, Cash: &at, Back: &at}},
		Payments: []order.Payment{{ID: "bank:FT1", Method: order.Transfer, Amount: 290_000, Booked: at.Add(time.Hour), Note: "khách gọi"}},
		Refunds:  moneyRefunds(),
		Disputes: []order.Dispute{{Ref: "dp_1"}, {Ref: "dp_2", Payment: "pi_1", Over: true, Lost: 90_000, At: &at}, {Ref: "dp_3", Over: true, Lost: 1000, At: &at, Seen: true}, {Ref: "dp_4", Over: true}},
		Steps: []order.Step{{Name: "placed", At: at, By: "shopper"}, {Name: "paid", At: at, By: "webhook", Note: "bank:FT1"}, {Name: "refund", At: at, By: "worker", Note: "r1"}, {Name: "sent", At: at, By: deskMe, Note: "htx"},
			{Name: "cancelled", At: at, By: deskGone, Note: "khách gọi"}, {Name: "refund_covered", At: at, By: "worker", Note: "r90"}, {Name: "credit", At: at, By: "worker", Note: "r91"},
			{Name: "refund_other", At: at, By: deskMe, Note: "r2"}, {Name: "return_declined", At: at, By: deskMe, Note: "htx"}, {Name: "dispute_seen", At: at, By: deskMe, Note: "dp_3"}}}
}

var deskDone = deskNoon.Add(time.Hour)

func moneyRefunds() (list []order.Refund) {
	bank := &order.Account{BIN: "970436", Number: "0011001", Name: "LO THI HOA"}
	for i, st := range []order.RefundState{order.RefundAsked, order.RefundReady, order.RefundSent, order.RefundFailed, order.RefundDone, order.RefundCredit} {
		list = append(list, order.Refund{ID: fmt.Sprint("r", i+1), Amount: 50_000, Method: order.Transfer, State: st, Cause: "cancelled", Account: bank, At: deskNoon, Batch: "b1"},
			order.Refund{ID: fmt.Sprint("r1", i), Amount: 60_000, Method: order.Card, State: st, Cause: "over", At: deskNoon, Ref: "re_1"})
	}
	list[0].Account, list[0].Batch = nil, ""
	for i := range list {
		if list[i].State == order.RefundCredit || list[i].State == order.RefundDone {
			list[i].Done = &deskDone
			if list[i].State == order.RefundCredit {
				list[i].Expires = &deskDone
			}
		}
	}
	return append(list, order.Refund{ID: "r90", Amount: 40_000, Method: order.Card, State: order.RefundDone, Cause: "dispute", Payment: "pi_1", Dispute: "dp_2", Ref: "dp_2", At: deskNoon, Done: &deskDone},
		order.Refund{ID: "r91", Amount: 30_000, Method: order.ByCredit, State: order.RefundCredit, Cause: "returned", Ref: "TD-0123456789ABCDEF", At: deskNoon, Done: &deskDone, Expires: &deskDone})
}

// moneyPages are the pages of the money desk in the states that matter.
func moneyPages(l lang.Lang, base func(string) Base) map[string]Page {
	wrong := func(values map[string]string, fields ...string) Form {
		e := fault.New(fault.Invalid, "order.refund.form")
		for _, f := range fields {
			e = e.Field(f, "order.field.missing")
		}
		return Form{Values: values, Err: e}
	}
	open := moneyOrder(order.Open, "SLACDEFG")
	transfer := func(st order.TransferState, m order.Match, like string) order.TransferIn {
		return order.TransferIn{ID: "FT25/240?&" + string(st), Amount: 185_000, Booked: deskNoon, Memo: "<b>CK</b> " + strings.Repeat("NGUYENVAN", 12), From: "LO THI HOA", Source: "csv", By: deskMe, State: st, Match: m, Like: like, Note: "có thể trùng"}
	}
	unmatched, twin := transfer(order.TransferUnmatched, order.Unknown, ""), transfer(order.TransferUnmatched, order.Unknown, "sepay:1")
	names := map[string]string{deskMe: "Lò Thị Hoa"}
	pages := map[string]Page{
		"money":       MoneyPage{Base: base("/console/money"), Waits: []Section{{"/console/money/transfers", "moneydesk.wait.transfers", "inbox", 3}, {"/console/money/refunds?state=asked", "moneydesk.wait.asked", "phone", 0}}, Sellers: 2},
		"money-bad":   MoneyPage{Base: base("/console/money"), Form: wrong(map[string]string{"memo": "<b>"}, "ref", "amount", "day")},
		"transfers-0": TransfersPage{Base: base("/console/money/transfers"), State: order.TransferUnmatched},
		"transfers": TransfersPage{Base: base("/console/money/transfers?state=matched"), State: order.TransferMatched, Next: "n", Counts: map[order.TransferState]int64{order.TransferMatched: 4},
			Items: []order.TransferIn{unmatched, twin, transfer(order.TransferMatched, order.Exact, ""), transfer(order.TransferMatched, order.Late, ""), transfer(order.TransferIgnored, order.Unknown, ""), transfer(order.TransferNew, order.Unknown, "")}},
		"transfer":      TransferPage{Base: base("/console/money/transfer"), Transfer: unmatched, Names: names, Candidates: []order.Candidate{{Order: open, Amount: true, Code: true}, {Order: open, Code: true}, {Order: open, Amount: true}}},
		"transfer-bad":  TransferPage{Base: base("/console/money/transfer"), Transfer: unmatched, Names: names, Form: wrong(map[string]string{"order": "SL"}, "order", "aside")},
		"transfer-twin": TransferPage{Base: base("/console/money/transfer"), Transfer: twin, Order: &open, Twin: &unmatched, Names: names},
		"transfer-paid": TransferPage{Base: base("/console/money/transfer"), Transfer: transfer(order.TransferMatched, order.Over, ""), Order: &open, Names: names},
		"statement":     StatementPage{Base: base("/console/money/statement")},
		"statement-bad": StatementPage{Base: base("/console/money/statement"), Form: wrong(nil, "file")},
		"statement-0":   StatementPage{Base: base("/console/money/statement"), Read: true, Skipped: 3},
		"market-terms":  MarketTermsPage{Base: base("/console/market/terms"), Terms: order.DefaultTerms, Zones: 3, Sellers: []SellerTerms{{"htx", "HTX Sương Núi", 450, true}, {"ho", "Hộ Lò Thị", 500, false}}},
		"market-terms-bad": MarketTermsPage{Base: base("/console/market/terms"), Zones: 3, Form: wrong(map[string]string{"commission.htx": "x"}, "where.0", "steps.1", "freeFrom", "commission", "commission.htx"),
			Sellers: []SellerTerms{{"htx", "HTX Sương Núi", 450, true}}},
		"market-coupons-0": MarketCouponsPage{Base: base("/console/market/terms/coupons"), Now: deskNoon, Form: wrong(nil, "mark", "kind", "percent", "bears", "to")},
		"market-coupons": MarketCouponsPage{Base: base("/console/market/terms/coupons"), Now: deskNoon, Sellers: []SellerTerms{{ID: "htx", Name: "HTX Sương Núi"}}, Next: "n", Coupons: []order.Coupon{
			{Code: "TET2027", Kind: order.Percent, Percent: 10, Amount: 50_000, Bears: order.MarketBears, From: deskNoon.Add(-time.Hour), To: deskNoon.AddDate(0, 1, 0), Uses: 10},
			{Code: "SHIP", Kind: order.FreeDelivery, Bears: order.SellerBears, Seller: "htx", From: deskNoon.AddDate(0, 1, 0), To: deskNoon.AddDate(0, 2, 0)},
			{Code: "CU", Kind: order.Amount, Amount: 5000, Bears: order.MarketBears, From: deskNoon.AddDate(-1, 0, 0), To: deskNoon.AddDate(0, -1, 0), Off: true},
			{Code: "TD-SECRET", Kind: order.Credit, Amount: 5000, Bears: order.MarketBears}}},
		"books":   BooksPage{Base: base("/console/money/books/tax"), Account: "tax", Balance: 1800, Names: map[string]string{"ho": "Hộ Lò Thị"}, Sums: []order.MonthSum{{Month: deskNoon, Seller: "ho", Kind: order.Tax, Amount: 1800}, {Month: deskNoon, Seller: "htx", Kind: order.CouponCost, Amount: -5}}},
		"books-0": BooksPage{Base: base("/console/money/books/market"), Account: "market"},
	}
	seen := []order.Foreseen{{State: order.TransferMatched, Match: order.Exact, Order: &open}, {State: order.TransferUnmatched}, {State: order.TransferUnmatched, Like: "x", Order: &open}, {Known: true, State: order.TransferMatched, Match: order.Under, Order: &open}}
	rows := []StatementRow{{Line: 9, Problem: "order.statement.row.date"}, {Line: 10, In: order.Incoming{Amount: 5, Booked: deskNoon}, Err: fault.New(fault.Conflict, "order.transfer.other").With("Ref", "FT1")}}
	for i, f := range seen {
		rows = append(rows, StatementRow{Line: i + 2, In: order.Incoming{Amount: 185_000, Booked: deskNoon, Memo: "=HYPERLINK"}, Seen: f})
	}
	pages["statement-look"] = StatementPage{Base: base("/console/money/statement"), Read: true, Rows: rows, Skipped: 2, File: "AAAA", Seal: "bbbb"}
	pages["statement-done"] = StatementPage{Base: base("/console/money/statement"), Read: true, Received: true, Rows: rows}
	for _, st := range RefundTabs {
		p := RefundsPage{Base: base("/console/money/refunds?state=" + string(st)), State: st, Once: "once", Next: "n", Counts: map[order.RefundState]int64{st: 2}}
		for _, r := range moneyRefunds() {
			if r.State == st {
				p.Items = append(p.Items, OwedRefund{open, r})
			}
		}
		pages["refunds-"+string(st)] = p
		bad := p
		bad.Form = wrong(map[string]string{"order": open.ID, "refund": p.Items[0].Refund.ID}, "bin", "number", "holder", "ref", "pick")
		pages["refunds-bad-"+string(st)] = bad
		p.Items, p.Next = nil, ""
		pages["refunds-0-"+string(st)] = p
	}
	for _, w := range OrderWaits {
		pages["orders-"+string(w)] = MoneyOrdersPage{Base: base("/console/money/orders"), Wait: w, Items: []order.Order{open, moneyOrder(order.Stuck, "SLCCCCCC")}, Next: "n"}
		pages["orders-0-"+string(w)] = MoneyOrdersPage{Base: base("/console/money/orders"), Wait: w, Form: wrong(nil, "code")}
	}
	for _, st := range []order.State{order.Placing, order.Failed, order.Open, order.Settling, order.Confirmed, order.Expired, order.Cancelled, order.Stuck} {
		o := moneyOrder(st, "SLACDEFG")
		pages["order-"+string(st)] = MoneyOrderPage{Base: base("/console/money/orders/" + o.ID), Order: o, Entries: o.Ledger(), Names: names}
	}
	bare := order.Order{ID: strings.Repeat("b", 32), Code: "SLQQQQQQ", State: order.Open, Method: order.Transfer, Placed: deskNoon}
	pages["order-0"] = MoneyOrderPage{Base: base("/console/money/orders/" + bare.ID), Order: bare, Form: wrong(nil, "note")}
	bank := order.Account{BIN: "970436", Number: "0011001", Name: "HTX SUONG NUI"}
	batch := order.Batch{ID: strings.Repeat("c", 32), Kind: order.Payouts, By: deskMe, At: deskNoon, State: order.BatchReady, Priced: true}
	for i, st := range []order.RowState{order.RowSent, order.RowPaid, order.RowBounced} {
		batch.Rows = append(batch.Rows, order.BatchRow{Seller: fmt.Sprint("s", i), Name: "HTX Sương Núi", Account: bank, Amount: 276_500, State: st, Ref: "FT9"})
	}
	back := order.Batch{ID: strings.Repeat("d", 32), Kind: order.RefundsInBank, By: deskMe, At: deskNoon, State: order.BatchMaking, Rows: []order.BatchRow{{Order: open.ID, Code: open.Code, Refund: "r1", Account: bank, Amount: 5}}}
	pages["batch"] = BatchPage{Base: base("/console/money/batches/" + batch.ID), Batch: batch, Names: names}
	pages["batch-bad"] = BatchPage{Base: base("/console/money/batches/" + batch.ID), Batch: batch, Names: names, Form: wrong(map[string]string{"seller": "s0"}, "ref")}
	pages["batch-refunds"] = BatchPage{Base: base("/console/money/batches/" + back.ID), Batch: back, Names: names}
	due := []PayoutDue{{"htx", "HTX Sương Núi", account.Approved, 276_500, &bank}, {"ho", "Hộ Lò Thị", account.Suspended, 1000, nil}, {"x", "HTX Y", account.Approved, -4750, nil}}
	pages["payouts"] = PayoutsPage{Base: base("/console/money/payouts"), Once: "once", Due: due, History: []order.Batch{batch}, Next: "n", Market: 27_000, Tax: 1800, Names: names}
	pages["payouts-bad"] = PayoutsPage{Base: base("/console/money/payouts"), Once: "once", Due: due, Form: wrong(map[string]string{"pick.htx": "on"}, "pick")}
	pages["payouts-0"] = PayoutsPage{Base: base("/console/money/payouts")}
	return pages
}

func moneySample(t *testing.T, l lang.Lang) map[string]Page {
	t.Helper()
	return moneyPages(l, func(path string) Base {
		path, query, _ := strings.Cut(path, "?")
		return Base{Lang: l, Path: path, Query: query, BaseURL: "https://nguon.example", Token: "form-token", Me: &Me{Name: "Lò Thị Hoa"}}
	})
}

// What cannot be done is not offered.
func TestTheMoneyDeskOffersWhatCanBeDone(t *testing.T) {
	for _, l := range lang.All {
		pages := moneySample(t, l)
		for name, want := range map[string]map[string]int{
			"refunds-asked":    {`input[name="do"][value="account"]`: 1, `input[name="do"][value="credit"]`: 1, `input[name^="pick."]`: 0},
			"refunds-ready":    {`input[name^="pick."]`: 1, `input[name="do"][value="batch"]`: 1},
			"refunds-sent":     {`input[name="do"][value="paid"]`: 1, `input[name="do"][value="failed"]`: 1},
			"refunds-failed":   {`input[name="do"][value="again"]`: 2, `input[name="do"][value="transfer"]`: 1, `input[name="do"][value="account"]`: 1},
			"refunds-bad-sent": {`.field.wrong`: 1, `details[open]`: 1},
			"transfer":         {`input[name="order"][type="hidden"]`: 3, `input[name="aside"]`: 1},
			"transfer-twin":    {`.note a[href*="ref="]`: 1, `input[name="order"][type="hidden"]`: 0},
			"transfer-paid":    {`form[method="post"] input[name="do"]`: 0},
			"statement-look":   {`tbody tr`: 6, `input[name="do"][value="receive"]`: 1},
			"statement-done":   {`input[name="do"]`: 0, `.done`: 1},
			"statement-0":      {`input[name="do"]`: 0},
			"order-confirmed":  {`input[name="do"][value="remit"]`: 1, `input[name="do"][value="cancel"]`: 0},
			"order-open":       {`input[name="do"][value="remit"]`: 0, `input[name="do"][value="cancel"]`: 1},
			"order-stuck":      {`input[name="do"][value="cancel"]`: 0, `input[name="do"][value="dispute"]`: 1},
			"batch":            {`input[name="do"][value="paid"]`: 1, `input[name="do"][value="bounced"]`: 2, `a[download]`: 1},
			"batch-refunds":    {`input[name="do"]`: 0, `a[download]`: 0},
			"payouts":          {`input[name^="pick."]`: 1},
			"market-coupons":   {`input[name="do"][value="end"]`: 2},
			"market-terms-bad": {`.field.wrong`: 5},
		} {
			d, html := mustDocument(t, pages[name])
			for selector, n := range want {
				if got := d.Find("main").Find(selector).Length(); got != n {
					t.Errorf("%s %s: %d of %s, want %d", l, name, got, selector, n)
				}
			}
			if strings.Contains(html, "TD-SECRET") {
				t.Errorf("%s shows a shopper's credit", name)
			}
		}
	}
}

// The money pages go through the checks of all pages of the desk.
func TestMoneyPagesAreAmongTheSellers(t *testing.T) {
	all := slices.Collect(maps.Keys(sellerPages(lang.Vi)))
	for name := range moneySample(t, lang.Vi) {
		if !slices.Contains(all, name) {
			t.Errorf("%s is not checked", name)
		}
	}
}
