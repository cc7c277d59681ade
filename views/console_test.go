package views

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/legal"
	"nguon/app/outbox"
	"nguon/app/report"
	"nguon/catalog"
)

const (
	deskMe    = "65a0000000000000000000a1"
	deskOther = "65a0000000000000000000b2"
	deskGone  = "65a0000000000000000000c3"
	deskOrg   = "65a0000000000000000000d4"
)

var deskNoon = time.Date(2026, 11, 25, 5, 0, 0, 0, time.UTC)

// deskOrgIn is an organisation with everything in it that a page may show, and
// with what no page may.
func deskOrgIn(st account.Status, acts ...account.Act) account.Org {
	o := account.Org{ID: deskOrg, Kind: account.Cooperative, Name: "Hợp tác xã Nông nghiệp, Dịch vụ và Du lịch Cà phê Đặc sản Sương Núi Mường Bú", TaxCode: "0000000200", Commune: "03670",
		Address: "Bản Noong", Phone: "0212 385 1234", Status: st, Created: deskNoon,
		Documents: []account.Document{{ID: "doc1", Name: "giay-chung-nhan-dang-ky-hop-tac-xa-ban-chinh-co-dau-do.pdf", Type: "application/pdf", Size: 3 << 20, At: deskNoon, By: deskMe}},
		Members:   []account.Member{{Person: deskMe, Role: account.Owner, Since: deskNoon}, {Person: deskOther, Role: account.Staff, Since: deskNoon}, {Person: deskGone, Role: account.Staff, Since: deskNoon}},
		Invites: []account.Invite{{ID: "invite1", Hash: "secret-invite", Email: "moi@htx.example", Role: account.Staff, By: deskMe, At: deskNoon, Until: deskNoon.Add(time.Hour)},
			{ID: "invite2", Hash: "secret-invite", Email: "cu@htx.example", Role: account.Owner, By: deskMe, At: deskNoon, Until: deskNoon.Add(-time.Hour)}}}
	for i, a := range append([]account.Act{account.Apply}, acts...) {
		d := account.Decision{Seq: i + 1, Act: a, By: deskOther, At: deskNoon.Add(time.Duration(i) * time.Hour), Hash: "secret-hash"}
		if a == account.Refuse || a == account.Suspend {
			d.Reason = "Số trên giấy đăng ký không khớp."
		}
		o.Decisions = append(o.Decisions, d)
	}
	return o
}

func deskPeople() map[string]account.Person {
	on := deskNoon
	return map[string]account.Person{
		deskMe: {ID: deskMe, Name: "Lò Thị Hoa", Email: "hoa@htx.example", Password: "secret-password", Roles: []account.Role{account.Admin},
			Second: &account.Second{Sealed: []byte("secret-seal"), On: &on, Recovery: []string{"secret-recovery"}}, Sessions: []account.Session{{Hash: "secret-session"}}},
		deskOther: {ID: deskOther, Name: "Nguyễn Hoàng Quỳnh Anh Thư Bảo Ngọc", Email: "mot.dia.chi.thu.rat.dai.khong.co.cho.ngat.nao.ca@hop-tac-xa-ca-phe.example", Password: "secret-password", Roles: []account.Role{account.Operator}},
	}
}

func deskWrong(code string, values map[string]string, fields ...string) Form {
	e := fault.New(fault.Invalid, code)
	for _, f := range fields {
		e = e.Field(f, "account.field.missing")
	}
	return Form{Values: values, Err: e}
}

func deskReport(st report.Status) report.Report {
	r := report.Report{ID: "r1", Number: "BC-7K2Q9X", Once: "secret-once", Kind: report.Packet, Inbox: report.Authority, Reason: report.CodeCopied, Lang: lang.Vi, At: deskNoon, Status: st,
		Words: "Tem dán đè lên tem cũ.\n\n<b>Tôi có ảnh</b>", Where: "Chợ Mường Bú", Contact: "mua@khach.example",
		About: report.About{Kind: report.Packet, Path: "/trace/09521234000012/SN-26A1", Title: lang.Text{Vi: "Gói cà phê, lô SN-26A1", En: "Packet, lot SN-26A1"},
			Facts: []report.Fact{{Name: "gtin", Text: "09521234000012"}, {Name: "state", Text: "suspicious"}, {Name: "gi", Text: "pass"}, {Name: "scans", Text: "12"}, {Name: "new_fact", Text: "mới"}}}}
	if st != report.Open {
		later, again := deskNoon.Add(3*time.Hour), deskNoon.Add(2*time.Hour)
		r.Answers = []report.Answer{{Once: "secret-once", Words: "Cảm ơn bạn.", By: deskOther, At: later, Mailed: true}}
		r.Closings = []report.Closing{{Words: "Trùng với BC-000001", By: deskMe, At: deskNoon.Add(time.Hour), ReopenedBy: deskGone, ReopenedAt: &again}}
	}
	return r
}

func deskLog() []account.LogEntry {
	vs := func(pairs ...string) (list []outbox.Value) {
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, outbox.Value{Name: pairs[i], Text: pairs[i+1]})
		}
		return list
	}
	return []account.LogEntry{
		{Seq: 9, At: deskNoon, By: deskOther, Action: "org.refuse", Object: "org:" + deskOrg, Org: deskOrg, Before: vs("status", "waiting"), After: vs("status", "refused", "reason", "Thiếu giấy")},
		{Seq: 8, At: deskNoon, By: deskMe, Action: "org.edit", Object: "org:" + deskOrg, Before: vs("name", "HTX A", "commune", "03670", "nameEn", "A"), After: vs("name", "HTX A", "commune", "04132", "nameEn", "")},
		{Seq: 7, At: deskNoon, By: "cli", Action: "role.grant", Object: "person:" + deskMe, Before: vs("role", "operator", "role", "admin"), After: nil},
		{Seq: 6, At: deskNoon, By: deskGone, Action: "person.edit", Object: "person:" + deskGone, Erased: true},
		{Seq: 5, At: deskNoon, By: "visitor", Action: "report.file", Object: "report:" + deskOrg},
		{Seq: 4, At: deskNoon, By: deskMe, Action: "product.edit", Object: "product:" + deskOrg, After: vs("name", "Cà phê", "price 250 g beans", "135000", "ocop", "4 12/QĐ")},
		{Seq: 3, At: deskNoon, By: deskMe, Action: "member.role", Object: "org:" + deskOrg, Before: vs("person", deskOther, "role", "staff"), After: vs("role", "owner")},
		{Seq: 2, At: deskNoon, By: deskOther, Action: "text.edit", Object: "text:terms", After: vs("rev", "3", "vi", "1200", "en", "1100")},
		{Seq: 1, At: deskNoon, By: "worker", Action: "future.step", Object: "thing", After: vs("shade", "blue")},
	}
}

// deskPages are the pages of the console in the states that matter.
func deskPages(l lang.Lang) map[string]Page {
	me := &Me{Name: "Lò Thị Hoa", Sections: []Section{{"/console", "console.home", "gauge", 0}, {"/console/shop", "console.shop", "package", 0}, {"/console/people", "console.people", "users", 0},
		{"/console/market", "console.market", "store", 3}, {"/console/reports", "console.reports", "inbox", 12}, {"/console/log", "console.log", "scroll-text", 0}}}
	base := func(path string) Base {
		path, query, _ := strings.Cut(path, "?")
		return Base{Lang: l, Path: path, Query: query, BaseURL: "https://nguon.example", Token: "form-token", Me: me}
	}
	seller := base("/console")
	seller.Me = &Me{Name: me.Name, Sections: me.Sections[:3]}
	weak := base("/console")
	weak.Me = &Me{Name: me.Name, Sections: me.Sections[:1], Second: true}
	fresh := seller
	fresh.Me = &Me{Name: me.Name, Sections: me.Sections[:1]}
	done := base("/console/people/" + deskOrg)
	done.Done = "done.invited"

	waiting, approved := deskOrgIn(account.Waiting), deskOrgIn(account.Approved, account.Approve)
	refused, suspended := deskOrgIn(account.Refused, account.Refuse), deskOrgIn(account.Suspended, account.Approve, account.Suspend)
	office := deskOrgIn(account.Waiting)
	office.Kind, office.Name, office.Documents = account.Department, "Sở Khoa học và Công nghệ", nil
	granted := office
	granted.Status = account.Approved
	objects := map[string]string{"org:" + deskOrg: waiting.Name, "product:" + deskOrg: "Cà phê Mường Bú", "text:terms": l.T("legal.terms.title"), "person:" + deskMe: "Lò Thị Hoa"}
	people, names := deskPeople(), map[string]string{deskMe: "Lò Thị Hoa", deskOther: "Nguyễn Hoàng Quỳnh Anh Thư Bảo Ngọc"}
	typed := map[string]string{"kind": "firm", "name": `<b>"Tên"`, "taxCode": "1", "commune": "", "address": "", "phone": "x", "reason": "vì thế", "act": "refuse", "email": "sai", "words": "", "rev": "2", "vi": "", "en": "x"}
	out := sampleProduct(catalog.Roasted, "leaf", -3)
	out.ID, out.Published = "p1", true
	out.OCOP = &catalog.OCOP{Stars: 4, Decision: "12/QĐ-UBND", Grantor: lang.Text{Vi: "UBND tỉnh Sơn La", En: "Sơn La People's Committee"}, From: deskNoon, To: deskNoon.AddDate(3, 0, 0), Claimed: &deskNoon}
	taken := out
	taken.Published, taken.Withdrawn = false, &catalog.Withdrawal{By: deskOther, At: deskNoon, Reason: "Ảnh của nơi khác.", Market: true}
	checked := *out.OCOP
	checked.Checked = &catalog.Check{By: deskOther, At: deskNoon, Reason: "Số quyết định không có."}
	taken.OCOP = &checked
	plain := out
	plain.OCOP, plain.Published = nil, false
	maker := sampleProducer()
	terms := legal.Text{Page: legal.Terms, Body: lang.Text{Vi: "# Điều khoản\n\n[Tên đơn vị vận hành] và [địa chỉ]", En: "# Terms\n\n[Name of the operator]"}, Rev: 2, Changed: deskNoon}
	body := map[string]string{"vi": terms.Body.Vi, "en": terms.Body.En, "rev": "2"}
	imprint := terms
	imprint.Page, imprint.Default, imprint.Body = legal.Imprint, true, lang.Text{Vi: "Xong", En: "Done"}
	inboxes := []report.Inbox{report.Authority, report.Operator}
	asOperator := func(o account.Org, acts ...account.Act) MarketOrgPage {
		return MarketOrgPage{Base: base("/console/market/" + o.ID), Org: o, Names: names, People: people, Acts: acts, Whole: true}
	}
	own, broken, wrong, same := asOperator(waiting), asOperator(waiting, account.Approve), asOperator(waiting, account.Approve, account.Refuse), asOperator(waiting, account.Approve, account.Refuse)
	own.Own, broken.Whole, same.SameTax = true, false, []account.Org{approved}
	wrong.Form = deskWrong("account.org.decision", typed, "act", "reason")
	return map[string]Page{
		"console":           ConsolePage{Base: base("/console"), Orgs: []account.Org{waiting, approved, refused, suspended, office}, Tasks: []Section{{"/console/market", "console.task.orgs", "building-2", 3}, {"/console/market/claims", "console.task.claims", "award", 1}, {"/console/reports?inbox=authority", "console.task.reports", "inbox", 12}, {"/console/market/mail", "console.task.mail", "mail", 2}}},
		"console-one":       ConsolePage{Base: seller, Orgs: []account.Org{refused}},
		"console-weak":      ConsolePage{Base: weak},
		"console-weak-org":  ConsolePage{Base: weak, Orgs: []account.Org{granted}},
		"console-none":      ConsolePage{Base: fresh},
		"console-serves":    ConsolePage{Base: base("/console")},
		"org-new":           OrgFormPage{Base: base("/console/organisations/new")},
		"org-new-wrong":     OrgFormPage{Base: base("/console/organisations/new"), Form: deskWrong("account.org.form", typed, "kind", "name", "nameEn", "taxCode", "commune", "address", "phone")},
		"org-edit":          OrgFormPage{Base: base("/console/organisations/" + deskOrg + "/edit"), Org: waiting, Form: Form{Values: map[string]string{"kind": "cooperative", "commune": "03670", "name": waiting.Name}}},
		"org-edit-fixed":    OrgFormPage{Base: base("/console/organisations/" + deskOrg + "/edit"), Org: approved, Fixed: true, Form: deskWrong("account.org.form", typed, "phone")},
		"org-waiting":       OrgPage{Base: base("/console/organisations/" + deskOrg), Org: waiting, Owner: true, Names: names},
		"org-refused":       OrgPage{Base: base("/console/organisations/" + deskOrg), Org: refused, Owner: true, Names: names},
		"org-approved":      OrgPage{Base: base("/console/organisations/" + deskOrg), Org: approved, Names: names},
		"org-suspended":     OrgPage{Base: base("/console/organisations/" + deskOrg), Org: suspended, Owner: true, Names: names, Form: deskWrong("files.empty", nil, "document")},
		"org-office":        OrgPage{Base: base("/console/organisations/" + deskOrg), Org: office, Owner: true, Names: names},
		"people":            PeoplePage{Base: done, Org: waiting, People: people, Owner: true, MeID: deskMe, Today: deskNoon},
		"people-wrong":      PeoplePage{Base: base("/console/people/" + deskOrg), Org: waiting, People: people, Owner: true, MeID: deskMe, Today: deskNoon, Form: deskWrong("account.invite.form", typed, "email", "role")},
		"people-staff":      PeoplePage{Base: base("/console/people/" + deskOrg), Org: waiting, People: people, MeID: deskOther, Today: deskNoon},
		"people-list":       PeopleListPage{Base: base("/console/people"), Orgs: []account.Org{waiting, office}, Admin: true},
		"people-list-none":  PeopleListPage{Base: fresh},
		"roles":             RolesPage{Base: base("/console/people/roles"), MeID: deskMe, Given: map[account.Role][]account.Person{account.Operator: {people[deskOther]}, account.Admin: {people[deskMe]}}},
		"roles-found":       RolesPage{Base: base("/console/people/roles?email=a"), MeID: deskMe, Asked: true, Search: "a", Found: &account.Person{ID: deskGone, Name: "Quàng Văn Bạn", Email: "ban@htx.example"}},
		"roles-none":        RolesPage{Base: base("/console/people/roles?email=a"), MeID: deskMe, Asked: true, Search: "a@b.example"},
		"market":            MarketPage{Base: base("/console/market?status=waiting"), Status: account.Waiting, Orgs: []account.Org{waiting, office}, Next: "n", Counts: map[account.Status]int64{account.Waiting: 2, account.Approved: 41}, Claims: 1, Failed: 2},
		"market-none":       MarketPage{Base: base("/console/market"), Status: account.Suspended},
		"market-org":        same,
		"market-org-wrong":  wrong,
		"market-org-own":    own,
		"market-org-broken": broken,
		"market-org-done":   asOperator(suspended, account.Lift),
		"claims":            ClaimsPage{Base: base("/console/market/claims"), Items: []catalog.Product{out}, Makers: map[string]catalog.Producer{out.Producer: maker}, Next: "n"},
		"claims-none":       ClaimsPage{Base: base("/console/market/claims")},
		"claim":             ClaimPage{Base: base("/console/market/claims/p1"), Product: out, Producer: maker},
		"claim-wrong":       ClaimPage{Base: base("/console/market/claims/p1"), Product: out, Producer: maker, Seen: "177", Form: deskWrong("account.form", map[string]string{"reason": "thiếu"}, "holds", "reason")},
		"claim-out-wrong":   ClaimPage{Base: base("/console/market/claims/p1/withdraw"), Product: out, Producer: maker, Seen: "177", Form: deskWrong("account.form", map[string]string{"reason": " "}, "reason")},
		"claim-taken":       ClaimPage{Base: base("/console/market/claims/p1"), Product: taken, Producer: maker},
		"claim-own":         ClaimPage{Base: base("/console/market/claims/p1"), Product: out, Producer: maker, Seen: "177", Own: true},
		"claim-own-taken":   ClaimPage{Base: base("/console/market/claims/p1"), Product: taken, Producer: maker, Seen: "177", Own: true},
		"claim-draft":       ClaimPage{Base: base("/console/market/claims/p1"), Product: plain, Producer: maker},
		"texts":             TextsPage{Base: base("/console/market/texts"), Texts: []legal.Text{imprint, terms}},
		"text":              TextPage{Base: base("/console/market/texts/terms"), Text: terms, Form: Form{Values: body}, History: []legal.Revision{{Number: 2, At: deskNoon, By: deskOther}, {Number: 1, At: deskNoon, By: deskGone}}, Names: names},
		"text-wrong":        TextPage{Base: base("/console/market/texts/terms"), Text: terms, Form: deskWrong("legal.incomplete", typed, "vi", "en")},
		"mail":              MailPage{Base: base("/console/market/mail"), Failed: []FailedMail{{ID: "confirm:1", Key: "mail.confirm", To: "h…@htx.example", Reason: "550 no such user", At: deskNoon}, {ID: "x", Key: "mail.future", To: "k…@x.example", At: deskNoon}}},
		"mail-none":         MailPage{Base: base("/console/market/mail")},
		"reports":           ReportsPage{Base: base("/console/reports?inbox=authority&status=open"), Inbox: report.Authority, Inboxes: inboxes, Status: report.Open, Items: []report.Report{deskReport(report.Open), deskReport(report.Open)}, Next: "n"},
		"reports-none":      ReportsPage{Base: base("/console/reports"), Inbox: report.Operator, Inboxes: inboxes[1:], Status: report.Closed},
		"report":            ReportPage{Base: base("/console/reports/r1"), Report: deskReport(report.Open), Names: names, Once: "fresh-token"},
		"report-wrong":      ReportPage{Base: base("/console/reports/r1"), Report: deskReport(report.Answered), Names: names, Once: "fresh-token", Form: deskWrong("report.incomplete", typed, "words")},
		"report-closed":     ReportPage{Base: base("/console/reports/r1"), Report: deskReport(report.Closed), Names: names, Once: "fresh-token"},
		"log":               LogPage{Base: base("/console/log"), Entries: deskLog(), Names: names, Objects: objects, Orgs: []account.Org{waiting}, All: true, Next: "n", Export: "/console/log.csv?"},
		"log-filtered":      LogPage{Base: base("/console/log?by=" + deskMe), Form: Form{Values: map[string]string{"by": deskMe, "org": deskOrg}}, Entries: deskLog()[:2], Names: names, Orgs: []account.Org{waiting}, Export: "/console/log.csv?by=" + deskMe},
		"log-none":          LogPage{Base: base("/console/log?action=x"), Export: "/console/log.csv?"},
	}
}

func eachDesk(t *testing.T, check func(t *testing.T, l lang.Lang, name string, d *goquery.Document, html string)) {
	t.Helper()
	for _, l := range lang.All {
		pages := deskPages(l)
		maps.Copy(pages, festivalDeskPages(l))
		for name, p := range pages {
			t.Run(string(l)+"/"+name, func(t *testing.T) {
				d, html := mustDocument(t, p)
				check(t, l, name, d, html)
			})
		}
	}
}

var deskKey = regexp.MustCompile(`^[a-z_]+(\.[a-z_0-9]+)+$`)

func TestDeskIsWorded(t *testing.T) {
	unknown := []string{"future.step"} // an action of a newer program shows as it is
	eachDesk(t, func(t *testing.T, _ lang.Lang, _ string, d *goquery.Document, html string) {
		d.Find("script, style, .code").Remove()
		d.Find("body *, title").Each(func(_ int, s *goquery.Selection) {
			own := strings.TrimSpace(s.Contents().Not("*").Text())
			for _, text := range append(strings.Fields(own), s.AttrOr("aria-label", ""), s.AttrOr("data-label", ""), s.AttrOr("alt", "")) {
				if deskKey.MatchString(text) && !slices.Contains(unknown, text) && !strings.HasSuffix(text, ".pdf") && !strings.Contains(own, "@") {
					t.Errorf("the page shows the message key %q", text)
				}
			}
			if own != "" && strings.Contains(own, "!") {
				t.Errorf("%q shouts", own)
			}
		})
		for _, bad := range []string{"<no value>", "{{", "%!", "/0001", "Jan 0001"} {
			if strings.Contains(html, bad) {
				t.Errorf("the page shows %q", bad)
			}
		}
	})
}

// Every field has a label and says what is wrong with it; the summary leads to
// the field; ids stand once; headings skip no level.
func TestDeskForms(t *testing.T) {
	eachDesk(t, func(t *testing.T, _ lang.Lang, name string, d *goquery.Document, _ string) {
		d.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if s.Closest("label").Length() == 0 && (id == "" || d.Find(`label[for="`+id+`"]`).Length() != 1) {
				t.Errorf("%s has no label", s.AttrOr("name", ""))
			}
			if by := s.AttrOr("aria-describedby", ""); by != "" {
				for _, note := range strings.Fields(by) {
					if d.Find(`[id="`+note+`"]`).Length() != 1 {
						t.Errorf("%s is described by %s, which is not there", id, note)
					}
				}
			}
			if s.AttrOr("type", "") != "radio" && (s.AttrOr("aria-invalid", "") == "true") != (s.Closest(".field.wrong").Length() == 1) {
				t.Errorf("%s: aria-invalid does not follow what is wrong", id)
			}
		})
		if strings.HasSuffix(name, "-wrong") {
			if d.Find(`.problem[role="alert"] a[href^="#"]`).Length() == 0 || d.Find(".field.wrong .error").Length() == 0 {
				t.Error("no summary, or no message at the field")
			}
		}
		linesName(t, d)
		d.Find(`form`).Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("method", "") == "post" && s.Find(`input[name="token"][value="form-token"]`).Length() != 1 {
				t.Errorf("the form to %s carries no token", s.AttrOr("action", ""))
			}
			if s.AttrOr("method", "") == "get" && s.Find(`input[name="token"]`).Length() != 0 {
				t.Errorf("the form to %s puts the token into the address", s.AttrOr("action", ""))
			}
		})
		ids, level := map[string]bool{}, 0
		d.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			if id := s.AttrOr("id", ""); ids[id] {
				t.Errorf("id %q stands twice", id)
			} else {
				ids[id] = true
			}
		})
		d.Find("main").Find("h1, h2, h3").Each(func(_ int, s *goquery.Selection) {
			n := int(goquery.NodeName(s)[1] - '0')
			if n > level+1 && level > 0 {
				t.Errorf("heading %q jumps from level %d to %d", s.Text(), level, n)
			}
			level = n
		})
		if d.Find("h1").Length() != 1 || d.Find(`[style], script:not([type]), [onclick]`).Length() != 0 {
			t.Error("not one h1, or style or handlers in the markup")
		}
	})
}

func TestDeskKeepsSecretsAndLanguage(t *testing.T) {
	eachDesk(t, func(t *testing.T, l lang.Lang, _ string, d *goquery.Document, html string) {
		for _, secret := range []string{"secret-", "<b>"} {
			if strings.Contains(html, secret) {
				t.Errorf("the page holds %q", secret)
			}
		}
		d.Find("main a[href], main form[action]").Each(func(_ int, s *goquery.Selection) {
			href := s.AttrOr("href", s.AttrOr("action", ""))
			if strings.HasPrefix(href, "/") && (l == lang.En) != strings.HasPrefix(href, "/en") {
				t.Errorf("%s leaves the language", href)
			}
		})
		if d.Find(`meta[name="robots"][content="noindex"]`).Length() != 1 {
			t.Error("a search engine may keep the page")
		}
	})
}

func deskDoc(t *testing.T, name string) *goquery.Document {
	t.Helper()
	d, _ := mustDocument(t, deskPages(lang.Vi)[name])
	return d
}

func TestConsoleLeadsOn(t *testing.T) {
	for name, want := range map[string]string{"console-none": "/console/organisations/new", "console-one": "/console/organisations/" + deskOrg,
		"org-waiting": "/console/shop/new?org=" + deskOrg, "org-approved": "/console/shop"} {
		if b := deskDoc(t, name).Find("main a.btn:not(.quiet)"); b.Length() != 1 || b.AttrOr("href", "") != want {
			t.Errorf("%s: %d next steps, the first leads to %q, want %q", name, b.Length(), b.AttrOr("href", ""), want)
		}
	}
	for name, text := range map[string]string{"console-weak": "", "console-weak-org": lang.Vi.T("console.status.approved.second")} {
		d := deskDoc(t, name)
		if b := d.Find("main a.btn:not(.quiet)").First(); b.AttrOr("href", "") != "/account/two-step" || d.Find(".brings").Length() != 0 || d.Find(".demo.second").Length() != 0 {
			t.Errorf("%s: the second step is not what comes first, or is asked for twice: %q", name, b.AttrOr("href", ""))
		}
		if got := d.Find(".orgs").Text(); !strings.Contains(got, text) || text != "" && d.Find(`.orgs a.btn[href="/account/two-step"]`).Length() != 1 {
			t.Errorf("%s: the organisation says %q", name, got)
		}
	}
	if d := deskDoc(t, "console-none"); d.Find(".brings li").Length() != 3 || d.Find(".orgs").Length() != 0 {
		t.Error("a newcomer does not learn what registering brings")
	}
	d := deskDoc(t, "console")
	if d.Find(".orgs .badge").Length() != 5 || d.Find(".orgs .reason").Length() != 2 || d.Find(`.rows a[href="/console/reports?inbox=authority"] .count`).Text() != "12" {
		t.Error("statuses, reasons or tasks are missing")
	}
	if f := deskDoc(t, "org-refused").Find(`form[action$="/apply"]`); f.Length() != 1 || f.Find(`[name="seq"]`).AttrOr("value", "") != "2" {
		t.Error("a refused organisation cannot be sent again")
	}
	if d = deskDoc(t, "org-approved"); d.Find("main form").Length() != 0 || d.Find(`a[href$="/edit"]`).Length() != 0 {
		t.Error("who is no owner is offered changes")
	}
}

// Where only one decision is possible, its button says so; there is no lone choice.
func TestASingleDecisionIsAButton(t *testing.T) {
	for act, required := range map[account.Act]int{account.Suspend: 1, account.Lift: 0, account.Approve: 0} {
		page := MarketOrgPage{Base: Base{Lang: lang.Vi, Path: "/console/market/x"}, Org: account.Org{ID: "x", Name: "HTX"}, Acts: []account.Act{act}, Whole: true}
		d, _ := mustDocument(t, page)
		form := d.Find("#decide form")
		if form.Find(`[type="radio"]`).Length() != 0 || form.Find(`[type="hidden"][name="act"]`).AttrOr("value", "") != string(act) ||
			form.Find(`textarea[name="reason"][required]`).Length() != required || form.Find("button").Text() != lang.Vi.T("account.act."+string(act)) {
			t.Errorf("%s: %s", act, form.Text())
		}
	}
}

// Who signed in stands in one line: the object is who did it.
func TestASignInIsABriefEntry(t *testing.T) {
	me := strings.Repeat("a", 24)
	brief := func(e account.LogEntry) bool { return LogPage{}.brief(e) }
	in := account.LogEntry{By: me, Action: "person.sign_in", Object: "person:" + me}
	other, told, erased := in, in, in
	other.By, told.After, erased.Erased = "server", []outbox.Value{{Name: "name", Text: "Hoa"}}, true
	if !brief(in) || brief(other) || brief(told) || brief(erased) {
		t.Error("what is brief")
	}
}

func TestOperatorSeesWhatADecisionNeeds(t *testing.T) {
	d := deskDoc(t, "market-org")
	for _, sel := range []string{`a[download][href$="/documents/doc1"]`, `.note a[href="/console/market/` + deskOrg + `"]`, `.timeline li`, `[name="act"][value="approve"]`, `[name="act"][value="refuse"]`, `textarea[name="reason"]`} {
		if d.Find(sel).Length() != 1 {
			t.Errorf("%d × %s", d.Find(sel).Length(), sel)
		}
	}
	if d.Find(`[name="act"][checked]`).Length() != 0 || d.Find(`[name="seq"]`).AttrOr("value", "") != "1" {
		t.Error("a decision is chosen beforehand, or belongs to no state")
	}
	if d = deskDoc(t, "market-org-own"); d.Find("main form").Length() != 0 || !strings.Contains(d.Find("#decide").Text(), lang.Vi.T("market.org.own")) {
		t.Error("a member may decide, or does not learn why not")
	}
	if deskDoc(t, "market-org-broken").Find(`.problem[role="alert"]`).Length() != 1 {
		t.Error("a broken chain is not shown")
	}
	if got := deskDoc(t, "market-org-done").Find(".timeline .badge").Text(); !strings.HasPrefix(strings.TrimSpace(got), lang.Vi.T("account.act.suspend")) {
		t.Errorf("the history begins with %q", got)
	}
}

// The two reasons on the page of a claim never get into each other's way.
func TestReasonsOfAClaim(t *testing.T) {
	d := deskDoc(t, "claim-wrong")
	if d.Find("#reason").Text() != "thiếu" || d.Find("#out").Text() != "" || d.Find("#out[aria-invalid]").Length() != 0 {
		t.Error("the mistake of the check shows at the withdrawal")
	}
	d = deskDoc(t, "claim-out-wrong")
	if d.Find("#out[aria-invalid]").Length() != 1 || d.Find("#reason[aria-invalid]").Length() != 0 || d.Find(`.problem a[href="#out"]`).Length() != 1 {
		t.Error("the mistake of the withdrawal shows at the check")
	}
	if d.Find(`form[action="/console/market/claims/p1/withdraw"] textarea[name="reason"]`).Length() != 1 || d.Find(`form[action="/console/market/claims/p1"] [name="seen"]`).AttrOr("value", "") != "177" {
		t.Error("the forms do not send what the addresses expect")
	}
}

// Who is a member of the producer reads why there is no form.
func TestNobodyConfirmsTheirOwn(t *testing.T) {
	for name, forms := range map[string]int{"claim": 2, "claim-taken": 2, "claim-draft": 1, "claim-own": 0, "claim-own-taken": 0} {
		d := deskDoc(t, name)
		if got := d.Find(`main form[action^="/console/market/claims/"]`).Length(); got != forms {
			t.Errorf("%s: %d forms, want %d", name, got, forms)
		}
		if says := strings.Contains(d.Find("main .note").Text(), lang.Vi.T("market.claim.own")); says != (forms == 0) {
			t.Errorf("%s: why there is no form is said: %v", name, says)
		}
	}
}

func TestPeopleMayDoWhatTheyMay(t *testing.T) {
	d := deskDoc(t, "people")
	if d.Find(`form[action$="/remove"]`).Length() != 2 || d.Find(`form[action$="/role"]`).Length() != 2 || d.Find(`form[action$="/revoke"] [name="invite"]`).AttrOr("value", "") != "invite1" {
		t.Error("an owner cannot change, remove and revoke; or may leave nobody behind; or an old invitation shows")
	}
	d = deskDoc(t, "people-staff")
	if f := d.Find(`main form`); f.Length() != 1 || !strings.HasSuffix(f.AttrOr("action", ""), "/remove") || f.Find(`[name="person"]`).AttrOr("value", "") != deskOther {
		t.Error("staff may do more than leave")
	}
	d = deskDoc(t, "roles")
	if d.Find(`input[name="on"][value=""]`).Length() != 1 || d.Find(`input[name="on"][value="on"]`).Length() != 2 {
		t.Error("an administrator can take the own role, or roles cannot be given and taken")
	}
}

func TestReportTellsItsStory(t *testing.T) {
	d := deskDoc(t, "report-closed")
	var kinds []string
	d.Find(".timeline .badge").Each(func(_ int, s *goquery.Selection) { kinds = append(kinds, strings.TrimSpace(s.Text())) })
	if got, want := strings.Join(kinds, "|"), "Trả lời, gửi qua thư|Mở lại|Đóng"; got != want {
		t.Errorf("the story reads %q, want %q", got, want)
	}
	if f := d.Find("main .panel form"); f.Length() != 1 || f.Find(`[name="do"]`).AttrOr("value", "") != "reopen" {
		t.Error("a closed report can be answered, or not opened")
	}
	d = deskDoc(t, "report")
	if got := d.Find(".facts").Last().Text(); !strings.Contains(got, lang.Vi.T("tracepage.gi.pass")) || !strings.Contains(got, lang.Vi.T("tracepage.kind.suspicious")) {
		t.Errorf("the evidence reads %q", got)
	}
	if d.Find(`[name="once"]`).AttrOr("value", "") != "fresh-token" || d.Find(`button[name="do"][value="answer"]:not(.quiet)`).Length() != 1 || d.Find(`button[name="do"][value="close"].quiet`).Length() != 1 {
		t.Error("the form of an open report")
	}
}

func TestLogReads(t *testing.T) {
	d := deskDoc(t, "log")
	line := func(n int) string { return strings.Join(strings.Fields(d.Find(".log tbody tr").Eq(n).Text()), " ") }
	for n, wants := range [][]string{
		{"Không duyệt tổ chức", "Nguyễn Hoàng Quỳnh", "Sương Núi Mường Bú", "trạng thái: Chờ duyệt → Chưa được duyệt", "lý do: Thiếu giấy"},
		{"tên tiếng Anh: A → trống", "xã, phường: Phường Chiềng Cơi → "},
		{"máy chủ", "Lò Thị Hoa", "vai trò: vận hành, quản trị → trống"},
		{"người đã rời đi (0000c3)", "giá trị đã xóa"},
		{"khách", "phản ánh 0000d4"},
		{"sản phẩm Cà phê Mường Bú", "giá 250 g, Nguyên hạt: 135.000\u00a0₫", "sao OCOP: 4 12/QĐ"},
		{"người: Nguyễn Hoàng Quỳnh", "vai trò: nhân viên → chủ"},
		{"Điều khoản sử dụng", "số ký tự tiếng Việt: 1200"},
		{"hệ thống", "future.step", "thing", "shade: blue"},
	} {
		for _, w := range wants {
			if w = strings.Join(strings.Fields(w), " "); !strings.Contains(line(n), w) {
				t.Errorf("line %d reads %q, want %q in it", n, line(n), w)
			}
		}
	}
	if strings.Contains(line(1), "HTX A") {
		t.Error("a value that stayed the same is shown")
	}
	d = deskDoc(t, "log-filtered")
	if got := d.Find(`.log a[href*="object="]`).First().AttrOr("href", ""); !strings.Contains(got, "org="+deskOrg) {
		t.Errorf("a line leads to %q, out of the organisation", got)
	}
	if d.Find("details.filters[open]").Length() != 1 || d.Find(`a[download]`).AttrOr("href", "") != "/console/log.csv?by="+deskMe {
		t.Error("the filter is hidden, or the file has another")
	}
}

func TestEveryActionIsWorded(t *testing.T) {
	for _, a := range logActions {
		for _, l := range lang.All {
			if !l.Has("logpage.action." + a) {
				t.Errorf("%s: %s has no words", l, a)
			}
		}
	}
}

// linesName checks that each line of the summary leads to its field and says
// what that is called.
func linesName(t *testing.T, d *goquery.Document) {
	t.Helper()
	d.Find(`.problem[role="alert"] li a`).Each(func(_ int, s *goquery.Selection) {
		id := strings.TrimPrefix(s.AttrOr("href", ""), "#")
		at := d.Find(`[id="` + id + `"]`)
		if at.Length() != 1 {
			t.Errorf("the summary leads to %q, which is not there", id)
			return
		}
		label := d.Find(`label[for="` + id + `"]`).Contents().First()
		if label.Length() == 0 {
			label = at.Closest("fieldset").Find("legend").First()
		}
		if label.Length() == 0 {
			label = at.Closest("label").Find("span").Contents().First()
		}
		if called := strings.TrimSpace(label.Text()); called == "" || !strings.Contains(s.Text(), called+": ") && !strings.HasPrefix(s.Text(), called) {
			t.Errorf("%q does not begin with %q, the name of its field", s.Text(), called)
		}
	})
}
