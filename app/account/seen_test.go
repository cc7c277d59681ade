package account

import (
	"errors"
	"slices"
	"testing"

	"nguon/app/store"
)

func TestJoiningGivesTheSessionAnotherID(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	owner, id := d.registered(d.someone("hoa@nguon.example"))
	d.ok(d.Invite(ctx, owner, id, "ban@nguon.example", Staff))
	d.someone("ban@nguon.example")
	o, err := d.SignIn(ctx, SignIn{Email: "ban@nguon.example", Password: password, Network: home})
	d.ok(err)
	_, session, err := d.Join(ctx, d.actor(o.Secret), d.link("mail.invite", "ban@nguon.example"))
	d.ok(err)
	_, err = d.Actor(ctx, o.Secret)
	d.refused(err, "account.session.none")
	if a := d.actor(session); len(a.Orgs) != 1 {
		t.Errorf("%+v", a.Orgs)
	}
}

func TestARemovedOwnersInvitationsGo(t *testing.T) {
	for name, out := range map[string]func(d *desk, boss Actor, id, person string) error{
		"removed":    func(d *desk, boss Actor, id, p string) error { return d.RemoveMember(d.t.Context(), boss, id, p) },
		"made staff": func(d *desk, boss Actor, id, p string) error { return d.SetRole(d.t.Context(), boss, id, p, Staff) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			ctx := t.Context()
			boss, id := d.registered(d.someone("hoa@nguon.example"))
			second := d.someone("hai@nguon.example")
			d.ok(d.Seat(ctx, id, second.Person.ID, Owner))
			d.ok(d.Invite(ctx, d.again(second), id, "cua-toi@nguon.example", Owner))
			link := d.link("mail.invite", "cua-toi@nguon.example")
			spare := d.someone("cua-toi@nguon.example")
			d.ok(out(d, d.again(boss), id, second.Person.ID))
			_, _, err := d.Join(ctx, spare, link)
			d.refused(err, "account.invite.gone")
		})
	}
}

func TestApprovalIsOfWhatWasSeen(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	boss := d.boss(Operator)
	owner, id := d.registered(d.someone("hoa@nguon.example"))
	o, err := d.OrgByID(ctx, id)
	d.ok(err)
	form := Verdict{Act: Approve, Seq: 1, Seen: o.Digest()}
	f := form1()
	f.Kind, f.Name = Department, "Sở Nông nghiệp"
	d.ok(d.EditOrg(ctx, owner, id, f))
	d.refused(d.Decide(ctx, boss, id, form), "account.org.stale")
	d.refused(d.Decide(ctx, boss, id, Verdict{Act: Approve, Seq: 1}), "account.org.stale")
	d.ok(d.EditOrg(ctx, owner, id, form1()))
	d.ok(d.AddDocument(ctx, owner, id, Document{ID: "d1", Name: "giấy.pdf"}))
	d.refused(d.Decide(ctx, boss, id, form), "account.org.stale")
	d.ok(d.RemoveDocument(ctx, owner, id, "d1"))
	d.ok(d.RemoveDocument(ctx, owner, id, "d1"))
	d.ok(d.Decide(ctx, boss, id, form))
	o, _ = d.OrgByID(ctx, id)
	if last := o.Decisions[1]; last.About != form.Seen || !o.Verify() {
		t.Errorf("%+v", last)
	}
	o.Decisions[1].About = "x"
	if o.Verify() {
		t.Error("the chain does not hold what was decided on")
	}
	d.ok(d.AddDocument(ctx, owner, id, Document{ID: "d2", Name: "giấy.pdf"}))
	d.refused(d.RemoveDocument(ctx, owner, id, "d2"), "account.org.documents_fixed")
	f = form1()
	f.NameEn = "Department of Agriculture, official shop"
	d.ok(d.EditOrg(ctx, owner, id, f))
	if o, _ := d.OrgByID(ctx, id); o.NameEn != form1().NameEn {
		t.Errorf("an approved name became %q", o.NameEn)
	}
}

func TestARegistrationSentTwice(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	a, id := d.someone("hoa@nguon.example"), store.NewID(d.clock())
	errs := make(chan error, 2)
	for range 2 {
		go func() { errs <- d.Register(ctx, a, id, form1()) }()
	}
	d.ok(errors.Join(<-errs, <-errs))
	if n := len(d.again(a).Orgs); n != 1 {
		t.Errorf("%d organisations", n)
	}
	f := form1()
	f.Name = "HTX Khác"
	d.refused(d.Register(ctx, a, id, f), "account.org.stale")
	d.refused(d.Register(ctx, d.someone("ban@nguon.example"), id, form1()), "account.org.stale")
	d.refused(d.Register(ctx, a, "x", form1()), "account.org.stale")
	var actions []string
	d.ok(d.eachEntry(ctx, LogFilter{Org: id}, 10, func(e LogEntry) error { actions = append(actions, e.Action); return nil }))
	if !slices.Equal(actions, []string{"org.register"}) {
		t.Errorf("on record: %v", actions)
	}
}

func TestTheLastMemberClosesTheOrganisation(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	boss := d.boss(Operator)
	a := d.someone("hoa@nguon.example")
	f, id := form1(), store.NewID(d.clock())
	f.Kind, f.TaxCode = Household, "014123456789"
	d.ok(d.Register(ctx, a, id, f))
	d.ok(d.AddDocument(ctx, d.again(a), id, Document{ID: "d1", Name: "giấy.pdf"}))
	d.ok(d.decide(boss, id, Approve, 1, ""))
	d.ok(d.Invite(ctx, d.again(a), id, "ban@nguon.example", Owner))
	link, guest := d.link("mail.invite", "ban@nguon.example"), d.someone("ban@nguon.example")
	if alone := d.again(a).Alone(); len(alone) != 1 || alone[0].ID != id {
		t.Errorf("%+v", alone)
	}
	d.ok(d.Delete(ctx, d.again(a), password))
	o, err := d.OrgByID(ctx, id)
	if err != nil || o.Status != Closed || !o.Verify() || len(o.Members)+len(o.Documents)+len(o.Invites) != 0 || o.Name != f.Name {
		t.Errorf("%+v, %v", o, err)
	}
	if o.Address+o.Phone+o.TaxCode+o.Salt != "" {
		t.Errorf("a household's particulars are left: %+v", o)
	}
	d.ok(d.eachEntry(ctx, LogFilter{Org: id}, 50, func(e LogEntry) error {
		for _, v := range append(e.Before, e.After...) {
			if v.Text == f.TaxCode || v.Text == f.Phone || v.Text == f.Address {
				t.Errorf("entry %d still says %s", e.Seq, v.Text)
			}
		}
		return nil
	}))
	if n, broken, _, err := d.VerifyLog(ctx); broken != 0 || n == 0 || err != nil {
		t.Error(n, broken, err)
	}
	_, _, err = d.Join(ctx, guest, link)
	d.refused(err, "account.invite.gone")
	if may, _ := d.MayPublish(ctx, id); may {
		t.Error("a closed organisation sells")
	}
	d.refused(d.decide(boss, id, Approve, 3, ""), "account.org.stale")
}

func TestNewPowersEndOldSessions(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	boss := d.boss(Operator)
	d.someone("hoa@nguon.example")
	o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	f, id := form1(), store.NewID(d.clock())
	f.Kind = Department
	d.ok(d.Register(ctx, d.actor(o.Secret), id, f))
	d.ok(d.decide(boss, id, Approve, 1, ""))
	_, err = d.Actor(ctx, o.Secret)
	d.refused(err, "account.session.none")
}
