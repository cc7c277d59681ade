package order

import (
	"fmt"
	"strings"
	"testing"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
)

// told are the keys of the mails that an order has sent, in their order; each is
// worded in full.
func (d *shop) told(o Order) (keys []string) {
	d.t.Helper()
	d.ok(d.out.Settle(d.t.Context(), o.ID))
	o = d.get(o.ID)
	for i := range o.Steps {
		m, sent := d.mails[fmt.Sprint("order:", o.ID, ":", i, ":mail")]
		if !sent {
			continue
		}
		keys = append(keys, strings.TrimPrefix(m.Key, "mail.order_"))
		args := []any{}
		for k, v := range m.Args {
			args = append(args, k, v)
		}
		for _, l := range lang.All {
			for _, part := range []string{".subject", ".text", ".button"} {
				words := l.T(m.Key+part, args...)
				if !l.Has(m.Key+part) || strings.Contains(words, "<no value>") || strings.Contains(words, "{{") || strings.Contains(words, "  ") && part != ".text" {
					d.t.Errorf("%s%s in %s: %q", m.Key, part, l, words)
				}
			}
		}
	}
	return keys
}

// Shoppers are told of what happens to their order and their money, each time
// once, in the language in which they bought.
func TestShoppersAreTold(t *testing.T) {
	type world struct {
		*shop
		g *till
		o Order
	}
	pay := func(w *world, more money.VND) {
		w.transfer(fmt.Sprint("vcb:", w.o.ID, more), w.o, w.o.Total()+more, w.clock())
	}
	move := func(w *world, m Moving) {
		m.Seller = "htx"
		w.ok(w.Handle(w.t.Context(), "p1", w.o.ID, m))
	}
	for name, tt := range map[string]struct {
		method Method
		do     func(w *world)
		want   string
	}{
		"paid and sent": {Transfer, func(w *world) { pay(w, 0); move(w, Moving{Move: Send, Carrier: "VNPost", Tracking: "E1"}) }, "received confirmed sent"},
		"on delivery":   {Cash, func(w *world) { move(w, Moving{Move: Send}) }, "confirmed sent"},
		"too much":      {Transfer, func(w *world) { pay(w, 5000) }, "received confirmed over"},
		"paid twice": {Transfer, func(w *world) {
			pay(w, 0)
			w.transfer("vcb:again", w.o, 7000, w.clock())
		}, "received confirmed over"},
		"too little": {Transfer, func(w *world) {
			w.transfer("vcb:short", w.o, 7000, w.clock())
			w.later(holdTransfer + grace)
			w.sweep()
		}, "received part late"},
		"the rest": {Transfer, func(w *world) {
			w.transfer("vcb:short", w.o, 7000, w.clock())
			w.transfer("vcb:rest", w.o, w.o.Total()-7000, w.clock())
		}, "received part confirmed"},
		"too little, and late": {Transfer, func(w *world) {
			w.later(holdTransfer + grace)
			w.sweep()
			w.transfer("vcb:short", w.o, 7000, w.clock())
		}, "received expired late"},
		"late, and sold out": {Transfer, func(w *world) {
			w.later(holdTransfer + grace)
			w.sweep()
			w.goods.capacity["a250"] = 0
			pay(w, 0)
		}, "received expired stuck"},
		"cancelled": {Transfer, func(w *world) { pay(w, 0); w.ok(w.Cancel(w.t.Context(), "shopper", w.o.ID, "")) }, "received confirmed cancelled"},
		"dropped":   {Transfer, func(w *world) { pay(w, 0); move(w, Moving{Move: Drop, Note: "kho dột"}) }, "received confirmed dropped"},
		"declined": {Transfer, func(w *world) {
			pay(w, 0)
			move(w, Moving{Move: Send})
			w.ok(w.AskReturn(w.t.Context(), w.o.ID, "htx", "rách"))
			move(w, Moving{Move: Decline, Note: "đã dùng"})
			w.refused(w.Handle(w.t.Context(), "p1", w.o.ID, Moving{Move: Decline, Seller: "ho"}), "order.not_found")
		}, "received confirmed sent declined"},
		"returned and refunded": {Transfer, func(w *world) {
			pay(w, 0)
			move(w, Moving{Move: Send})
			move(w, Moving{Move: Return})
			w.ok(w.TellAccount(w.t.Context(), w.o.ID, "r1", someAccount))
			w.ok(w.SendRefund(w.t.Context(), "p1", w.o.ID, "r1"))
			w.ok(w.EndRefund(w.t.Context(), "p1", w.o.ID, "r1", "FT1", true))
		}, "received confirmed sent returned refunded"},
		"a refund that the bank sends back": {Transfer, func(w *world) {
			pay(w, 5000)
			w.ok(w.TellAccount(w.t.Context(), w.o.ID, "r1", someAccount))
			w.ok(w.SendRefund(w.t.Context(), "p1", w.o.ID, "r1"))
			w.ok(w.EndRefund(w.t.Context(), "p1", w.o.ID, "r1", "", false))
			_, err := w.CreditRefund(w.t.Context(), "p1", w.o.ID, "r1")
			w.ok(err)
		}, "received confirmed over refund_failed credited"},
		"late, and kept": {Transfer, func(w *world) {
			w.later(holdTransfer + grace)
			w.sweep()
			pay(w, 0)
		}, "received expired late_kept"},
		"refunded, and it bounces": {Transfer, func(w *world) {
			pay(w, 5000)
			w.ok(w.TellAccount(w.t.Context(), w.o.ID, "r1", someAccount))
			w.ok(w.SendRefund(w.t.Context(), "p1", w.o.ID, "r1"))
			w.ok(w.EndRefund(w.t.Context(), "p1", w.o.ID, "r1", "FT1", true))
			w.ok(w.EndRefund(w.t.Context(), "p1", w.o.ID, "r1", "", false))
		}, "received confirmed over refunded refund_failed"},
		"cancelled, and then paid": {Transfer, func(w *world) { w.ok(w.Cancel(w.t.Context(), "shopper", w.o.ID, "")); pay(w, 0) }, "received cancelled late"},
		"dropped, and paid again": {Transfer, func(w *world) {
			pay(w, 0)
			move(w, Moving{Move: Drop, Note: "hết"})
			w.transfer("vcb:again", w.o, 7000, w.clock())
		}, "received confirmed dropped over"},
		"dropped, and cancelled": {Transfer, func(w *world) {
			pay(w, 0)
			move(w, Moving{Move: Drop, Note: "hết"})
			w.refused(w.Cancel(w.t.Context(), "shopper", w.o.ID, ""), "order.cancel.over")
		}, "received confirmed dropped"},
		"a credit in its place": {Transfer, func(w *world) {
			pay(w, 5000)
			_, err := w.CreditRefund(w.t.Context(), "p1", w.o.ID, "r1")
			w.ok(err)
		}, "received confirmed over credited"},
		"by card, which takes nothing back": {Card, func(w *world) {
			w.g.refuse = fault.New(fault.Conflict, "order.refund.refused")
			w.ok(w.Take(w.t.Context(), Event{ID: "1", Kind: EventPaid, Order: w.o.ID, Payment: "pi_1", Amount: w.o.Total() + 9, At: w.clock()}))
			w.ok(w.RefundByTransfer(w.t.Context(), "p1", w.o.ID, "r1"))
		}, "card confirmed over account"},
	} {
		l := lang.All[len(name)%2] // half of them in English
		t.Run(name, func(t *testing.T) {
			d, g := cardShop(t)
			d.Pay = func(string, money.VND) (string, map[string]string) {
				return "QR", map[string]string{"Bank": "VCB", "Account": "001", "Holder": "NGUON"}
			}
			f := d.form(d.fill("a250 1"), tt.method)
			f.Lang = l
			o, err := d.Place(t.Context(), f)
			d.ok(err)
			w := &world{d, g, o}
			tt.do(w)
			if got := strings.Join(d.told(o), " "); got != tt.want {
				t.Errorf("told %q, want %q", got, tt.want)
			}
			for _, m := range d.mails {
				if m.Lang != string(l) || m.To != f.Customer.Email || m.Link != "/orders/"+o.ID {
					t.Errorf("%+v", m)
				}
			}
		})
	}
}

// The mail of a parcel says what its receiver has to know: where to fetch it,
// what to pay, whom to call.
func TestTheMailOfAParcel(t *testing.T) {
	for name, tt := range map[string]struct {
		way    Way
		method Method
		key    string
		want   []string
	}{
		"sent":              {Ship, Transfer, "mail.order_sent", []string{"Bên giao: VNPost", "Mã vận đơn: E1", "0212 385 1234"}},
		"sent, on delivery": {Ship, Cash, "mail.order_sent", []string{"115.000", "VNPost"}},
		"ready":             {Pickup, Transfer, "mail.order_ready", []string{"Bản Noong", "0212 385 1234"}},
		"ready, to be paid": {Pickup, Cash, "mail.order_ready", []string{"Bản Noong", "95.000"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newShop(t)
			f := d.form(d.fill("a250 1"), tt.method)
			if f.Ways["htx"] = tt.way; tt.way == Pickup {
				f.Seen -= 20_000
			}
			o, err := d.Place(t.Context(), f)
			d.ok(err)
			if tt.method == Transfer {
				d.transfer("vcb:1", o, o.Total(), d.clock())
			}
			d.ok(d.Handle(t.Context(), "p1", o.ID, Moving{Move: Send, Seller: "htx", Carrier: "VNPost", Tracking: "E1"}))
			for _, m := range d.mails {
				if m.Key != tt.key {
					continue
				}
				args := []any{}
				for k, v := range m.Args {
					args = append(args, k, v)
				}
				text := strings.ReplaceAll(lang.Vi.T(m.Key+".text", args...), "\u00a0", " ")
				for _, w := range tt.want {
					if !strings.Contains(text, w) {
						t.Errorf("%q lacks %q", text, w)
					}
				}
				return
			}
			t.Errorf("no %s among %v", tt.key, d.told(o))
		})
	}
}

// Sellers are told what they have to do, and what not any more.
func TestSellersAreTold(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	count := func(name string) (n int) {
		for _, task := range d.done {
			if task.Name == name {
				n++
			}
		}
		return n
	}
	o := d.place(Transfer, "a250 1", "b500 1")
	d.ok(d.Cancel(ctx, "shopper", o.ID, "")) // nobody has been told of it
	o = d.place(Cash, "a250 1", "b500 1")
	d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
	o = d.place(Cash, "a250 1", "b500 1")
	d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Send, Seller: "ho"}))
	d.ok(d.AskReturn(ctx, o.ID, "ho", "rách"))
	d.ok(d.AskReturn(ctx, o.ID, "ho", "rách"))
	if count(TaskNew) != 4 || count(TaskCancelled) != 2 || count(TaskAsked) != 1 {
		t.Errorf("%d, %d, %d", count(TaskNew), count(TaskCancelled), count(TaskAsked))
	}
	for _, l := range lang.All {
		told := d.get(o.ID).Told("ho", l)
		if told["Code"] != o.Code || told["Why"] != "rách" || !strings.Contains(told["Order"], "1 × Robusta 500 g") || strings.Contains(told["Order"], "Arabica") {
			t.Errorf("%v", told)
		}
	}
	d.refused(d.AskReturn(ctx, o.ID, "ho", strings.Repeat("x", maxNote+1)), "order.return.form")
}

// Each parcel's money goes back for its own reason, and each is told.
func TestTwoParcelsGoBack(t *testing.T) {
	for name, tt := range map[string]struct {
		moves  []Moving
		causes string
		told   string
	}{
		"dropped, then returned": {[]Moving{{Move: Send, Seller: "ho"}, {Move: Drop, Seller: "htx", Note: "hết"}, {Move: Return, Seller: "ho"}}, "dropped returned", "received confirmed sent dropped returned"},
		"returned, then dropped": {[]Moving{{Move: Send, Seller: "htx"}, {Move: Return, Seller: "htx"}, {Move: Drop, Seller: "ho", Note: "hết"}}, "returned dropped", "received confirmed sent returned dropped"},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := cardShop(t)
			d.Pay = func(string, money.VND) (string, map[string]string) {
				return "", map[string]string{"Bank": "VCB", "Account": "001", "Holder": "NGUON"}
			}
			o := d.place(Transfer, "a250 1", "b500 1")
			d.transfer("vcb:1", o, o.Total(), d.clock())
			for _, m := range tt.moves {
				d.ok(d.Handle(t.Context(), "p1", o.ID, m))
			}
			causes := []string{}
			for _, r := range d.get(o.ID).Refunds {
				causes = append(causes, r.Cause)
			}
			if got := strings.Join(causes, " "); got != tt.causes {
				t.Errorf("%s, want %s", got, tt.causes)
			}
			if got := strings.Join(d.told(o), " "); got != tt.told {
				t.Errorf("told %s, want %s", got, tt.told)
			}
		})
	}
}
