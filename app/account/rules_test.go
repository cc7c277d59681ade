package account

import (
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
)

func TestAddresses(t *testing.T) {
	for typed, want := range map[string]string{
		"hoa@nguon.example":                "",
		"  Hoa.Lo+coffee@Nguon.Example ":   "",
		"":                                 "account.email.missing",
		"hoa":                              "account.email.form",
		"hoa@":                             "account.email.form",
		"hoa@localhost":                    "account.email.form",
		"hoa@nguon..example":               "account.email.form",
		"hoa@-nguon.example":               "account.email.form",
		"a b@nguon.example":                "account.email.form",
		"Hoa <hoa@nguon.example>":          "account.email.form",
		"hoa@nguon.example,x@evil.example": "account.email.form",
		"hoa@nguon.example\r\nBcc: x@evil.example": "account.email.form",
		"hoa@nguon.example\nX: y":                  "account.email.form",
		"hоa@nguon.example":                        "account.email.ascii", // Cyrillic о
		"hoa@nguоn.example":                        "account.email.ascii",
		"hoa＠nguon.example":                        "account.email.ascii",
		"hoa@nguon.example\u202e":                  "account.email.ascii",
		"hòa@nguon.example":                        "account.email.ascii",
		strings.Repeat("a", 65) + "@nguon.example": "account.email.form",
		strings.Repeat("a", 250) + "@x.example":    "account.email.long",
	} {
		if _, got := parseAddress(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	if a, _ := parseAddress(" Hoa@NGUON.Example"); a != "Hoa@nguon.example" || addressKey(a) != "hoa@nguon.example" {
		t.Errorf("%q", a)
	}
}

func TestNames(t *testing.T) {
	for name, want := range map[string]string{
		"Lò Thị Hoa":                   "",
		"":                             "account.field.missing",
		"Hoa\r\nBcc: x@evil.example":   "account.field.text",
		"Hoa\u2028x":                   "account.field.text",
		"Hoa\u202etxt":                 "account.field.text",
		"\xff":                         "account.field.text",
		strings.Repeat("ơ", maxName+1): "account.field.long",
	} {
		if got := line(name, maxName, true); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestPasswords(t *testing.T) {
	for typed, want := range map[string]string{
		password:                             "",
		"correct horse battery":              "",
		"ngắn quá":                           "account.password.short",
		"password123":                        "account.password.common",
		"PASSWORD2026!!":                     "account.password.common",
		"matkhau2026":                        "account.password.common",
		"Mật khẩu 123":                       "account.password.common",
		"sonlasonla":                         "account.password.common",
		"1234567890":                         "account.password.common",
		"aaaaaaaaaaaa":                       "account.password.common",
		"lothihoa1990":                       "account.password.own",
		"\xff\xfe\xfd1234567":                "account.password.text",
		strings.Repeat("đ", MaxPassword/2+1): "account.password.long",
		strings.Repeat("dài lắm ", 128<<10):  "account.password.long", // a megabyte
	} {
		if got := weak(typed, "Lò Thị Hoa", "lothihoa"); got != want {
			t.Errorf("%.20q: %q, want %q", typed, got, want)
		}
	}
}

func TestTaxCodes(t *testing.T) {
	for code, want := range map[string]bool{
		"0000000017": true, "0100109106": true, "0100109106-001": true, // the second is Viettel's, as published
		"0100109107": false, "010010910": false, "01001091066": false, "0100109106-01": false, "0100109106-abc": false,
		"014090001234": true, "014090001234-001": false, "": false, "abcdefghij": false, "٠١٠٠١٠٩١٠٦": false,
	} {
		if isTaxCode(code) != want {
			t.Errorf("%q: %v", code, !want)
		}
	}
}

func TestPhones(t *testing.T) {
	for phone, ok := range map[string]bool{"0212 385 1234": true, "+84 (212) 385-1234": true, "1": false, "": false, "gọi tôi": false, "0212\n3851234": false, "1234567890123456": false} {
		if (phoneWrong(phone) == "") != ok {
			t.Errorf("%q: %q", phone, phoneWrong(phone))
		}
	}
}

func TestDelaysGrowAndEnd(t *testing.T) {
	p := policy{free: 3, first: 2 * time.Second, most: time.Minute, forget: time.Hour}
	want := []time.Duration{0, 0, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute, time.Minute}
	for i, w := range want {
		if got := p.delay(i + 1); got != w {
			t.Errorf("after try %d: %v, want %v", i+1, got, w)
		}
	}
	if got := p.delay(1 << 40); got != time.Minute {
		t.Error(got)
	}
	var d throttleDoc
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for range 4 {
		if err := d.take(p, now); err != nil {
			if fault.As(err).Args["Seconds"] != int64(2) {
				t.Error(err)
			}
			break
		}
	}
	n := d.N
	if err := d.take(p, now.Add(time.Second)); !fault.Is(err, fault.TooMany) || d.N != n {
		t.Errorf("a refused try counts: %v, %d", err, d.N)
	}
	if err := d.take(p, now.Add(2*time.Second)); err != nil || d.N != n+1 {
		t.Error(err, d.N)
	}
	if err := d.take(p, now.Add(2*time.Hour)); err != nil || d.N != 1 {
		t.Error("nothing is forgotten", err, d.N)
	}
}

func TestActsLead(t *testing.T) {
	want := map[Act][]Status{Apply: {"", Refused}, Approve: {Waiting, Refused}, Refuse: {Waiting}, Suspend: {Approved}, Lift: {Suspended}, "other": nil}
	for act, from := range want {
		for _, s := range append(Statuses, "") {
			if act.Leads(s) != slices.Contains(from, s) {
				t.Errorf("%s from %q: %v", act, s, act.Leads(s))
			}
		}
	}
}

func TestDecisionsAreAChain(t *testing.T) {
	o := Org{ID: "o1"}
	for _, act := range []Act{Apply, Refuse, Apply, Approve, Suspend} {
		o.decide(Decision{Act: act, Reason: "vì " + string(act), By: "p1"})
	}
	if !o.Verify() || o.Status != Suspended {
		t.Fatalf("%v %s", o.Verify(), o.Status)
	}
	for i := range o.Decisions {
		bad := o
		bad.Decisions = slices.Clone(o.Decisions)
		bad.Decisions[i].Reason = "khác"
		if bad.Verify() {
			t.Errorf("a change of decision %d goes unnoticed", i+1)
		}
	}
	short := o
	short.Decisions = o.Decisions[1:]
	if short.Verify() || (Org{}).Verify() {
		t.Error("a missing decision goes unnoticed")
	}
}

func TestSessionsEnd(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		s    Session
		want bool
	}{
		"fresh":                 {Session{Created: now, Seen: now}, true},
		"idle":                  {Session{Created: now.Add(-idleUsual), Seen: now.Add(-idleUsual)}, false},
		"old but used":          {Session{Created: now.Add(-lifeUsual), Seen: now}, false},
		"strong, used today":    {Session{Created: now.Add(-20 * time.Hour), Seen: now.Add(-time.Hour), Strong: true}, true},
		"strong, idle":          {Session{Created: now.Add(-20 * time.Hour), Seen: now.Add(-idleStrong), Strong: true}, false},
		"strong, old":           {Session{Created: now.Add(-lifeStrong), Seen: now, Strong: true}, false},
		"waits":                 {Session{Created: now.Add(-time.Minute), Waits: true}, true},
		"waited too long":       {Session{Created: now.Add(-waitsFor), Waits: true}, false},
		"waits, guessed enough": {Session{Created: now, Waits: true, Guesses: maxGuesses}, false},
	} {
		if c.s.live(now) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}

func TestBrowserNames(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36":    "Chrome · Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile Safari/604": "Safari · iPhone",
		"Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120":                        "Edge · Windows",
		"":                                    "",
		"<script>alert(1)</script>\r\nX: y":   "",
		strings.Repeat("x", 10_000) + "Linux": "Linux",
	} {
		if got := browserName(agent); got != want {
			t.Errorf("%.40q: %q", agent, got)
		}
	}
}

// every role, with an organisation of its own and with another's.
func TestPermissions(t *testing.T) {
	own := Org{ID: "own", Kind: Cooperative, Status: Approved, Members: []Member{{Person: "me", Role: Owner}}}
	as := func(r Role, kind OrgKind, status Status) Actor {
		o := own
		o.Kind, o.Status, o.Members = kind, status, []Member{{Person: "me", Role: r}}
		return Actor{Person: Person{ID: "me"}, Session: Session{Strong: true}, Orgs: []Org{o}}
	}
	given := func(r Role, strong bool) Actor {
		return Actor{Person: Person{ID: "me", Roles: []Role{r}}, Session: Session{Strong: strong}}
	}
	const no, gone, sign, wait = "account.forbidden", "http.not_found", "account.session.none", "account.not_approved"
	mine := func(a Actor) Object {
		if len(a.Orgs) == 0 {
			return Object{Org: "own", Kind: Cooperative, Approved: true}
		}
		return OfOrg(a.Orgs[0])
	}
	other := Object{Org: "other", Kind: Cooperative, Approved: true}
	tests := []struct {
		who        string
		a          Actor
		verb       Verb
		own, their string // code, "" when allowed
	}{
		{"visitor", Actor{}, OrgRead, sign, sign},
		{"visitor", Actor{}, AccountUse, sign, sign},
		{"buyer", given("", true), AccountUse, "", ""},
		{"buyer", given("", true), OrgRegister, "", ""},
		{"buyer", given("", true), OrgRead, gone, gone},
		{"buyer", given("", true), OrgDecide, no, no},
		{"owner", as(Owner, Cooperative, Approved), OrgEdit, "", gone},
		{"owner", as(Owner, Cooperative, Approved), MemberInvite, "", gone},
		{"owner", as(Owner, Cooperative, Approved), Publish, "", gone},
		{"owner", as(Owner, Cooperative, Approved), LotClose, "", gone},
		{"owner", as(Owner, Cooperative, Approved), LabelPrint, "", gone},
		{"owner", as(Owner, Cooperative, Approved), LogRead, "", gone},
		{"owner", as(Owner, Cooperative, Approved), OrgDecide, no, no},
		{"owner of a waiting one", as(Owner, Cooperative, Waiting), Publish, wait, gone},
		{"owner of a waiting one", as(Owner, Cooperative, Waiting), LabelPrint, wait, gone},
		{"owner of a suspended one", as(Owner, Cooperative, Suspended), Publish, wait, gone},
		{"owner of a waiting one", as(Owner, Cooperative, Waiting), ProductEdit, "", gone},
		{"staff", as(Staff, Cooperative, Approved), ProductEdit, "", gone},
		{"staff", as(Staff, Cooperative, Approved), OrgEdit, no, gone},
		{"staff", as(Staff, Cooperative, Approved), MemberInvite, no, gone},
		{"staff", as(Staff, Cooperative, Approved), MemberLeave, "", gone},
		{"staff", as(Staff, Cooperative, Approved), LogRead, no, gone},
		{"organizer", as(Owner, Committee, Approved), ProductEdit, gone, gone},
		{"organizer", as(Owner, Committee, Approved), PacketCases, no, no},
		{"organizer", as(Staff, Committee, Approved), FestivalEdit, "", gone},
		{"organizer of a waiting one", as(Owner, Committee, Waiting), FestivalEdit, wait, gone},
		{"organizer", as(Staff, Committee, Approved), TourPublish, "", gone},
		{"organizer of a waiting one", as(Staff, Committee, Waiting), TourEdit, "", gone},
		{"organizer of a waiting one", as(Staff, Committee, Waiting), TourGate, wait, gone},
		{"owner", as(Owner, Cooperative, Approved), FestivalEdit, gone, gone},
		{"staff", as(Staff, Cooperative, Approved), TourEdit, "", gone},
		{"staff", as(Staff, Cooperative, Approved), TourGate, "", gone},
		{"staff of a department", as(Staff, Department, Approved), TourEdit, gone, gone},
		{"operator", given(Operator, true), TourRead, "", ""},
		{"operator", given(Operator, true), TourGate, gone, gone},
		{"authority", as(Staff, Department, Approved), PacketCases, "", ""},
		{"authority", as(Staff, Department, Waiting), PacketCases, no, no},
		{"authority", as(Staff, Department, Approved), ListingCases, no, no},
		{"authority", as(Staff, Department, Approved), OrgDecide, no, no},
		{"operator", given(Operator, true), OrgDecide, "", ""},
		{"operator", given(Operator, true), OrgRead, "", ""},
		{"operator", given(Operator, true), OrgEdit, gone, gone},
		{"operator", given(Operator, true), ProductEdit, gone, gone},
		{"operator", given(Operator, true), Withdraw, "", ""},
		{"operator", given(Operator, true), RoleGrant, no, no},
		{"operator", given(Operator, true), PacketCases, no, no},
		{"admin", given(Admin, true), RoleGrant, "", ""},
		{"admin", given(Admin, true), "unknown.verb", no, no},
	}
	for _, tt := range tests {
		if got := fault.CodeOf(tt.a.May(tt.verb, mine(tt.a))); got != tt.own {
			t.Errorf("%s, %s, own: %q, want %q", tt.who, tt.verb, got, tt.own)
		}
		if got := fault.CodeOf(tt.a.May(tt.verb, other)); got != tt.their {
			t.Errorf("%s, %s, another's: %q, want %q", tt.who, tt.verb, got, tt.their)
		}
	}
	weak := given(Operator, false)
	if !weak.NeedsSecond() || weak.Is(Operator) || fault.CodeOf(weak.May(OrgDecide, Object{})) != "account.second.needed" {
		t.Error("an operator without the second step is one")
	}
}

func FuzzStoredHashes(f *testing.F) {
	f.Add(phc(cheap, []byte("0123456789abcdef"), make([]byte, hashBytes)))
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAA$")
	f.Fuzz(func(t *testing.T, s string) {
		c, salt, key, err := parsePHC(s)
		if err == nil && (c.memory > mostMemory || c.passes > mostPasses || len(salt) < 8 || len(key) != hashBytes) {
			t.Errorf("%q costs %v", s, c)
		}
	})
}

func FuzzTokens(f *testing.F) {
	f.Add(token("id", newSecret()))
	f.Add("..")
	f.Fuzz(func(t *testing.T, s string) {
		if id, secret, ok := splitToken(s); ok && token(id, secret) != s {
			t.Errorf("%q", s)
		}
	})
}

func FuzzAddresses(f *testing.F) {
	f.Add("hoa@nguon.example")
	f.Add("a@b.c\r\nBcc: d@e.f")
	f.Fuzz(func(t *testing.T, s string) {
		a, wrong := parseAddress(s)
		if wrong == "" && (strings.ContainsAny(a, "\r\n <>,;:\"") || strings.Count(a, "@") != 1) {
			t.Errorf("%q became %q", s, a)
		}
	})
}
