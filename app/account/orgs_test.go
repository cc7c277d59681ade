package account

import (
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

func TestRegistrationAndApproval(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	boss := d.boss(Operator)
	owner, id := d.registered(d.someone("hoa@nguon.example"))
	if may, err := d.MayPublish(ctx, id); may || err != nil {
		t.Error("publishes before anybody has looked", err)
	}
	if len(d.mails("mail.org_waiting", boss.Person.Email)) != 1 {
		t.Error("the operator was not told")
	}
	d.refused(owner.May(Publish, OfOrg(owner.Orgs[0])), "account.not_approved")
	d.ok(owner.May(ProductEdit, OfOrg(owner.Orgs[0])))

	d.refused(d.decide(owner, id, Approve, 1, ""), "account.forbidden") // nobody approves himself
	field(t, d.decide(boss, id, Refuse, 1, " "), "reason", "account.org.reason")
	d.ok(d.decide(boss, id, Refuse, 1, "Thiếu giấy đăng ký."))
	d.ok(d.decide(boss, id, Refuse, 1, "Thiếu giấy đăng ký.")) // the form was sent twice
	d.refused(d.decide(boss, id, Approve, 1, ""), "account.org.stale")
	if m := d.mails("mail.org_refused", "hoa@nguon.example"); len(m) != 1 || m[0].Args["Reason"] != "Thiếu giấy đăng ký." {
		t.Errorf("%v", m)
	}
	d.ok(d.Apply(ctx, owner, id, 2))
	d.ok(d.decide(boss, id, Approve, 3, ""))
	d.refused(d.decide(boss, id, Refuse, 4, "muộn rồi"), "account.org.stale")
	if may, _ := d.MayPublish(ctx, id); !may {
		t.Error("approved and may not")
	}
	d.ok(d.decide(boss, id, Suspend, 4, "Tem bị làm giả."))
	if may, _ := d.MayPublish(ctx, id); may {
		t.Error("suspended and may")
	}
	d.ok(d.decide(boss, id, Lift, 5, ""))
	o, err := d.org(ctx, id)
	if err != nil || !o.Verify() || len(o.Decisions) != 6 || o.Status != Approved {
		t.Errorf("%+v, %v", o.Decisions, err)
	}
	f := form1()
	f.Name, f.TaxCode, f.Phone = "HTX Đổi Tên", "0000000024", "0212 111 2222"
	d.ok(d.EditOrg(ctx, owner, id, f))
	if o, _ := d.org(ctx, id); o.Name != "HTX Chè Xanh" || o.TaxCode != "0000000017" || o.Phone != "0212 111 2222" {
		t.Errorf("%q %q %q", o.Name, o.TaxCode, o.Phone)
	}
}

func TestOperatorsDoNotDecideOnTheirOwn(t *testing.T) {
	d := newDesk(t)
	boss := d.boss(Operator)
	_, id := d.registered(boss)
	boss = d.again(boss)
	d.refused(d.decide(boss, id, Approve, 1, ""), "account.org.own")
}

func TestOrgForms(t *testing.T) {
	d := newDesk(t)
	a := d.someone("hoa@nguon.example")
	for name, c := range map[string]struct {
		change      func(*OrgForm)
		field, code string
	}{
		"kind":     {func(f *OrgForm) { f.Kind = "party" }, "kind", "account.field.choice"},
		"name":     {func(f *OrgForm) { f.Name = "" }, "name", "account.field.missing"},
		"header":   {func(f *OrgForm) { f.Name = "HTX\x00Bcc:" }, "name", "account.field.text"},
		"tax code": {func(f *OrgForm) { f.TaxCode = "0000000018" }, "taxCode", "account.org.tax_code"},
		"commune":  {func(f *OrgForm) { f.Commune = "99999" }, "commune", "account.field.choice"},
		"address":  {func(f *OrgForm) { f.Address = strings.Repeat("đ", 301) }, "address", "account.field.long"},
		"phone":    {func(f *OrgForm) { f.Phone = "gọi nhé" }, "phone", "account.field.phone"},
	} {
		f := form1()
		c.change(&f)
		t.Run(name, func(t *testing.T) {
			err := d.Register(t.Context(), a, store.NewID(d.clock()), f)
			field(t, err, c.field, c.code)
		})
	}
}

func TestTwoPeopleWithOneInvitation(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	owner, id := d.registered(d.someone("hoa@nguon.example"))
	d.ok(d.Invite(ctx, owner, id, "ban@nguon.example", Staff))
	link := d.link("mail.invite", "ban@nguon.example")
	one, two := d.someone("ban@nguon.example"), d.someone("mua@nguon.example") // the mail was passed on
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, a := range []Actor{one, two} {
		wg.Go(func() { _, _, errs[i] = d.Join(ctx, a, link) })
	}
	wg.Wait()
	d.ok(errs[0])
	if code := fault.CodeOf(errs[1]); code != "account.invite.gone" && code != "account.invite.other" {
		t.Fatal(errs[1])
	}
	o, _ := d.org(ctx, id)
	if len(o.Members) != 2 || len(o.Invites) != 0 {
		t.Errorf("%d members, %d invitations", len(o.Members), len(o.Invites))
	}
	_, session, err := d.Join(ctx, d.again(one), link) // the form again
	if err != nil || session != "" {
		t.Error(session, err)
	}
	// It is used up, also for who was removed since.
	d.ok(d.RemoveMember(ctx, d.again(owner), id, one.Person.ID))
	_, _, err = d.Join(ctx, one, link)
	d.refused(err, "account.invite.gone")
}

func TestInvitations(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	owner, id := d.registered(d.someone("hoa@nguon.example"))
	guest := d.someone("ban@nguon.example")
	d.ok(d.Invite(ctx, owner, id, "ban@nguon.example", Staff))
	old := d.link("mail.invite", "ban@nguon.example")
	d.ok(d.Invite(ctx, owner, id, "BAN@nguon.example", Owner)) // takes the place of the first
	_, _, err := d.Join(ctx, guest, old)
	d.refused(err, "account.invite.gone")
	o, _ := d.org(ctx, id)
	d.ok(d.Revoke(ctx, owner, id, o.Invites[0].ID))
	d.ok(d.Revoke(ctx, owner, id, o.Invites[0].ID))
	field(t, d.Invite(ctx, owner, id, "hoa@nguon.example", Staff), "email", "account.invite.member")
	field(t, d.Invite(ctx, owner, id, "bạn@nguon.example", Staff), "email", "account.email.ascii")
	field(t, d.Invite(ctx, owner, id, "x@nguon.example", Admin), "role", "account.field.choice")
	d.ok(d.Invite(ctx, owner, id, "moi@nguon.example", Staff))
	link := d.link("mail.invite", "moi@nguon.example")
	for _, bad := range []string{"", "x.y", id + "." + newSecret(), id + "~x." + newSecret(), link + "x"} {
		_, _, err := d.Join(ctx, guest, bad)
		d.refused(err, "account.invite.gone")
	}
	d.later(inviteValid)
	_, _, err = d.Invited(ctx, link)
	d.refused(err, "account.invite.gone")
}

func TestARemovedMemberIsOutAtOnce(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	owner, id := d.registered(d.someone("hoa@nguon.example"))
	d.someone("ban@nguon.example")
	o, err := d.SignIn(ctx, SignIn{Email: "ban@nguon.example", Password: password, Network: home})
	d.ok(err)
	guest := d.actor(o.Secret)
	d.ok(d.Seat(ctx, id, guest.Person.ID, Staff))
	if _, err := d.Org(ctx, d.actor(o.Secret), OrgRead, id); err != nil {
		t.Fatal(err)
	}
	owner = d.again(owner)
	d.refused(d.RemoveMember(ctx, d.again(guest), id, owner.Person.ID), "account.forbidden") // staff removes nobody
	d.ok(d.RemoveMember(ctx, owner, id, guest.Person.ID))
	_, err = d.Actor(ctx, o.Secret)
	d.refused(err, "account.session.none")
	if _, err := d.Org(ctx, d.again(guest), OrgRead, id); fault.CodeOf(err) != "http.not_found" {
		t.Error(err)
	}
	if len(d.mails("mail.removed", "ban@nguon.example")) != 1 {
		t.Error("the person was not told")
	}
}

func TestTheLastOwnerStays(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	one, id := d.registered(d.someone("hoa@nguon.example"))
	d.refused(d.RemoveMember(ctx, one, id, one.Person.ID), "account.last_owner")
	d.refused(d.SetRole(ctx, one, id, one.Person.ID, Staff), "account.last_owner")
	two := d.someone("ban@nguon.example")
	for range 10 { // two owners leave, or take each other out, at the same moment
		d.ok(d.Seat(ctx, id, one.Person.ID, Owner))
		d.ok(d.Seat(ctx, id, two.Person.ID, Owner))
		a, b := d.again(one), d.again(two)
		var wg sync.WaitGroup
		wg.Go(func() { _ = d.RemoveMember(ctx, a, id, a.Person.ID) })
		wg.Go(func() { _ = d.RemoveMember(ctx, b, id, b.Person.ID) })
		wg.Wait()
		o, err := d.org(ctx, id)
		if err != nil || len(o.Members) != 1 || o.Members[0].Role != Owner {
			t.Fatalf("%v, %v", o.Members, err)
		}
	}
}

func TestRolesAreGivenByTheAdministrator(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	admin := d.boss(Admin)
	d.someone("hoa@nguon.example")
	o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	a := d.actor(o.Secret)
	d.refused(d.Grant(ctx, a, a.Person.ID, Admin, true), "account.forbidden")
	d.ok(d.Grant(ctx, admin, a.Person.ID, Operator, true))
	_, err = d.Actor(ctx, o.Secret)
	d.refused(err, "account.session.none") // rights changed: signs in anew
	a = d.enterAs("hoa@nguon.example")
	if a.Is(Operator) || !a.NeedsSecond() {
		t.Error("an operator by the password alone")
	}
	d.refused(d.Grant(ctx, admin, admin.Person.ID, Admin, false), "account.role.own")
	d.refused(d.Grant(ctx, admin, a.Person.ID, Owner, true), "account.field.choice")
	d.ok(d.Grant(ctx, admin, a.Person.ID, Operator, false))
	if len(d.again(a).Person.Roles) != 0 {
		t.Error("still an operator")
	}
}

func TestLogIsOneChain(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	var wg sync.WaitGroup
	for i := range 60 { // each entry twice, at the same moment
		for range 2 {
			wg.Go(func() {
				key := "k" + string(rune('A'+i))
				if err := d.Record(ctx, key, outbox.Entry{At: d.clock(), By: "p", Action: "test.act", Object: "thing:1", After: []outbox.Value{{Name: "n", Text: key}}}); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	n, broken, last, err := d.VerifyLog(ctx)
	if err != nil || n != 60 || broken != 0 || last == "" {
		t.Fatalf("%d entries, broken at %d, %v", n, broken, err)
	}
	d.ok(d.eraseValues(ctx, "thing:1"))
	if _, broken, again, err := d.VerifyLog(ctx); err != nil || broken != 0 || again != last {
		t.Errorf("erasing values broke the chain at %d, %v", broken, err)
	}
	for name, tamper := range map[string]func(*logDoc){
		"who":   func(l *logDoc) { l.By = "q" },
		"what":  func(l *logDoc) { l.Action = "test.other" },
		"when":  func(l *logDoc) { l.At = l.At.Add(time.Second) },
		"value": func(l *logDoc) { l.Values = &logValues{Salt: "x", After: []outbox.Value{{Name: "n", Text: "other"}}} },
	} {
		was, err := d.audit.Get(ctx, logID(30))
		d.ok(err)
		d.ok(d.audit.Update(ctx, logID(30), func(l *logDoc) error { tamper(l); return nil }))
		if _, broken, _, _ := d.VerifyLog(ctx); broken != 30 {
			t.Errorf("%s: broken at %d", name, broken)
		}
		d.ok(d.audit.Update(ctx, logID(30), func(l *logDoc) error { *l = was; return nil }))
	}
	d.ok(d.audit.Delete(ctx, logID(45)))
	if _, broken, _, _ := d.VerifyLog(ctx); broken != 45 {
		t.Errorf("a missing entry: broken at %d", broken)
	}
}

func TestLogFilters(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	boss := d.boss(Operator)
	owner, id := d.registered(d.someone("hoa@nguon.example"))
	day := d.clock()
	d.later(48 * time.Hour)
	d.ok(d.decide(boss, id, Approve, 1, ""))
	count := func(f LogFilter) int {
		t.Helper()
		list, _, err := d.Log(ctx, boss, f)
		d.ok(err)
		return len(list)
	}
	for name, c := range map[string]struct {
		f    LogFilter
		want int
	}{
		"by":       {LogFilter{By: boss.Person.ID}, 1},
		"object":   {LogFilter{Object: "org:" + id}, 2},
		"org":      {LogFilter{Org: id}, 2},
		"action":   {LogFilter{Action: "person.create"}, 2},
		"two":      {LogFilter{By: owner.Person.ID, Action: "person.sign_in"}, 1},
		"day":      {LogFilter{From: day, To: day}, 4},
		"next day": {LogFilter{From: day.Add(24 * time.Hour)}, 1},
		"nothing":  {LogFilter{Action: "no.such"}, 0},
	} {
		if got := count(c.f); got != c.want {
			t.Errorf("%s: %d entries, want %d", name, got, c.want)
		}
	}
	_, _, err := d.Log(ctx, d.again(owner), LogFilter{})
	d.refused(err, "http.not_found")
	list, _, err := d.Log(ctx, d.again(owner), LogFilter{Org: id})
	if err != nil || len(list) != 2 {
		t.Error(list, err)
	}
	stranger := d.someone("ban@nguon.example")
	_, _, err = d.Log(ctx, stranger, LogFilter{Org: id})
	d.refused(err, "http.not_found")
}

// What the log keeps of people is values that can be erased, never an address,
// a password or a secret of a link.
func TestLogHoldsNoSecrets(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	owner, id := d.registered(d.someone("hoa@nguon.example"))
	d.ok(d.Invite(ctx, owner, id, "ban@nguon.example", Staff))
	link := d.link("mail.invite", "ban@nguon.example")
	_, secret, _ := splitToken(link)
	err := d.audit.All(ctx, store.Query{}, func(l logDoc) error {
		text := l.By + l.Object + l.Key
		if l.Values != nil {
			for _, v := range append(l.Values.Before, l.Values.After...) {
				text += v.Text + " "
			}
		}
		for _, bad := range []string{"hoa@nguon.example", "ban@nguon.example", password, secret, hashed(secret), owner.Session.Hash} {
			if strings.Contains(text, bad) {
				t.Errorf("entry %d (%s) holds %q", l.Seq, l.Action, bad)
			}
		}
		return nil
	})
	d.ok(err)
}
