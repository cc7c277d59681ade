package account

import (
	"context"
	"slices"

	"nguon/app/fault"
	"nguon/app/store"
)

// Verb is something that can be done with an object. What may be done by whom
// is decided here and nowhere else; what no rule allows is refused.
type Verb string

// The verbs.
const (
	AccountUse   Verb = "account.use" // of oneself
	OrgRegister  Verb = "org.register"
	OrgRead      Verb = "org.read"
	OrgEdit      Verb = "org.edit"
	OrgDecide    Verb = "org.decide"
	MemberRead   Verb = "member.read"
	MemberInvite Verb = "member.invite"
	MemberChange Verb = "member.change"
	MemberLeave  Verb = "member.leave"
	FaceEdit     Verb = "face.edit"
	ProductRead  Verb = "product.read"
	ProductEdit  Verb = "product.edit"
	Publish      Verb = "product.publish"
	Withdraw     Verb = "product.withdraw"
	LotEdit      Verb = "lot.edit"
	LotClose     Verb = "lot.close"
	LabelPrint   Verb = "label.print"
	TextEdit     Verb = "text.edit"
	PacketCases  Verb = "report.packet"  // reports about packets
	ListingCases Verb = "report.listing" // reports about listings
	TourRead     Verb = "tour.read"
	TourEdit     Verb = "tour.edit"     // tours, departures, what they share
	TourPublish  Verb = "tour.publish"  // and call departures off
	TourGate     Verb = "tour.gate"     // check people in, read who comes
	FestivalEdit Verb = "festival.edit" // of a committee: editions and their programme
	OrderRead    Verb = "order.read"    // with a parcel of the organisation
	OrderHandle  Verb = "order.handle"  // pack, send, note what was collected
	TermsEdit    Verb = "terms.edit"    // delivery, coupons, account of the organisation
	MoneyHandle  Verb = "money.handle"  // transfers, refunds, payouts, terms of the market
	LogRead      Verb = "log.read"
	MailRead     Verb = "mail.read"
	RoleGrant    Verb = "role.grant"
)

// Object is what a verb is done with: the zero value where it belongs to no
// organisation.
type Object struct {
	Org      string
	Kind     OrgKind
	Approved bool
}

// OfOrg is an organisation as an object, and all that belongs to it.
func OfOrg(o Org) Object { return Object{o.ID, o.Kind, o.Status == Approved} }

// rule allows a verb: to members of the object's organisation with one of the
// roles in Own, to everybody with one of the roles in Any.
type rule struct {
	own      []Role
	any      []Role
	sells    bool // only of a producer
	hosts    bool // only of who receives visitors
	holds    bool // only of a committee
	approved bool // only once the organisation is approved
}

var (
	members = []Role{Owner, Staff}
	owners  = []Role{Owner}
	market  = []Role{Operator, Admin}
)

var rules = map[Verb]rule{
	AccountUse:   {any: []Role{Buyer}},
	OrgRegister:  {any: []Role{Buyer}},
	OrgRead:      {own: members, any: market},
	OrgEdit:      {own: owners},
	OrgDecide:    {any: market},
	MemberRead:   {own: members, any: market},
	MemberInvite: {own: owners},
	MemberChange: {own: owners},
	MemberLeave:  {own: members},
	FaceEdit:     {own: members, sells: true},
	ProductRead:  {own: members, any: market, sells: true},
	ProductEdit:  {own: members, sells: true},
	Publish:      {own: members, sells: true, approved: true},
	Withdraw:     {own: members, any: market, sells: true},
	LotEdit:      {own: members, sells: true},
	LotClose:     {own: members, sells: true, approved: true},
	LabelPrint:   {own: members, sells: true, approved: true},
	TextEdit:     {any: market},
	PacketCases:  {any: []Role{Authority, Admin}},
	ListingCases: {any: market},
	TourRead:     {own: members, any: market, hosts: true},
	TourEdit:     {own: members, hosts: true},
	TourPublish:  {own: members, hosts: true, approved: true},
	TourGate:     {own: members, hosts: true, approved: true},
	FestivalEdit: {own: members, holds: true, approved: true},
	OrderRead:    {own: members, any: market, sells: true},
	OrderHandle:  {own: members, any: market, sells: true},
	TermsEdit:    {own: owners, any: market, sells: true},
	MoneyHandle:  {any: market},
	LogRead:      {own: owners, any: market},
	MailRead:     {any: market},
	RoleGrant:    {any: []Role{Admin}},
}

// Actor is who a request comes from; the zero value is a visitor.
type Actor struct {
	Person  Person
	Session Session
	Orgs    []Org // of which the person is a member
}

// SignedIn reports whether the actor is somebody.
func (a Actor) SignedIn() bool { return a.Person.ID != "" }

// kindRoles are the roles that membership of an approved organisation gives.
var kindRoles = map[OrgKind]Role{Committee: Organizer, Department: Authority, Office: Province}

// Roles lists what the actor is. Guarded roles count only in a session that
// passed the second step.
func (a Actor) Roles() []Role {
	return slices.DeleteFunc(a.claims(), func(r Role) bool { return guarded[r] && !a.Session.Strong })
}

// claims are the roles that the actor has or would have behind the second step.
func (a Actor) claims() []Role {
	if !a.SignedIn() {
		return []Role{Visitor}
	}
	roles := append([]Role{Buyer}, a.Person.Roles...)
	for _, o := range a.Orgs {
		i := o.member(a.Person.ID)
		switch r, special := kindRoles[o.Kind]; {
		case i < 0:
		case o.Kind.Sells():
			roles = append(roles, o.Members[i].Role)
		case special && o.Status == Approved:
			roles = append(roles, r)
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles)
}

// NeedsSecond reports whether the actor has a role that counts only behind the
// second step, and has not passed it.
func (a Actor) NeedsSecond() bool {
	return !a.Session.Strong && slices.ContainsFunc(a.claims(), func(r Role) bool { return guarded[r] })
}

// Is reports whether the actor has one of these roles.
func (a Actor) Is(roles ...Role) bool {
	mine := a.Roles()
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(mine, r) })
}

// May decides. Nil means yes. A visitor is fault.Unauthenticated. Something of
// an organisation that is none of the actor's business is fault.NotFound, as
// if it were not there; what the actor's own part in it does not allow is
// fault.Forbidden.
func (a Actor) May(v Verb, o Object) error {
	r, ok := rules[v]
	switch {
	case !ok:
		return fault.New(fault.Forbidden, "account.forbidden")
	case !a.SignedIn():
		return fault.New(fault.Unauthenticated, "account.session.none")
	}
	mine := -1
	for i, x := range a.Orgs {
		if o.Org != "" && x.ID == o.Org {
			mine = i
		}
	}
	kind := (!r.sells || o.Kind.Sells()) && (!r.hosts || o.Kind.Hosts()) && (!r.holds || o.Kind == Committee)
	fits := kind && (!r.approved || o.Approved)
	switch {
	case a.Is(r.any...) && kind:
		return nil
	case mine < 0 && o.Org == "" && len(r.any) > 0 && a.NeedsSecond() && overlaps(r.any, a.claims()):
		return fault.New(fault.Forbidden, "account.second.needed")
	case mine < 0 && len(r.own) > 0:
		return fault.New(fault.NotFound, "http.not_found")
	case mine < 0:
		return fault.New(fault.Forbidden, "account.forbidden")
	case !slices.Contains(r.own, a.Orgs[mine].Members[a.Orgs[mine].member(a.Person.ID)].Role):
		return fault.New(fault.Forbidden, "account.forbidden")
	case kind && !fits:
		return fault.New(fault.Forbidden, "account.not_approved")
	case !fits:
		return fault.New(fault.NotFound, "http.not_found")
	}
	return nil
}

func overlaps(a, b []Role) bool {
	return slices.ContainsFunc(a, func(r Role) bool { return slices.Contains(b, r) })
}

// Actor finds who a session's secret belongs to, and the organisations: two
// reads of the store. fault.Unauthenticated for a secret that opens nothing or
// whose second step is still to come ("account.session.waits").
func (s *Service) Actor(ctx context.Context, secret string) (Actor, error) {
	p, sess, err := s.find(ctx, secret)
	if err != nil {
		return Actor{}, err
	}
	if sess.Waits {
		return Actor{}, fault.New(fault.Unauthenticated, "account.session.waits")
	}
	a := Actor{Person: p, Session: sess}
	err = s.orgs.All(ctx, store.Query{Index: "member", Eq: []any{p.ID}}, func(o Org) error {
		a.Orgs = append(a.Orgs, o)
		return nil
	})
	if err != nil {
		return Actor{}, err
	}
	return a, s.touch(ctx, p, sess)
}
