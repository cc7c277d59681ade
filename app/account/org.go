package account

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"nguon/app/chain"
	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/place"
	"nguon/app/store"
)

// OrgForm is what an organisation says of itself.
type OrgForm struct {
	Kind         OrgKind
	Name, NameEn string
	TaxCode      string
	Commune      string
	Address      string
	Phone        string
}

func (f *OrgForm) tidy() {
	f.Name, f.NameEn, f.Address, f.Phone = tidyLine(f.Name), tidyLine(f.NameEn), tidyLine(f.Address), tidyLine(f.Phone)
	f.TaxCode = strings.Join(strings.Fields(f.TaxCode), "")
}

func (f OrgForm) validate() error {
	bad := fault.NewForm("account.org.form")
	_, known := place.ByCode(f.Commune)
	bad.Need(slices.Contains(OrgKinds, f.Kind), "kind", "account.field.choice")
	bad.Wrong("name", named(f.Name, 120, true))
	bad.Wrong("nameEn", named(f.NameEn, 120, false))
	bad.Need(isTaxCode(f.TaxCode), "taxCode", "account.org.tax_code")
	bad.Need(known, "commune", "account.field.choice")
	bad.Wrong("address", line(f.Address, maxLine, true))
	bad.Wrong("phone", phoneWrong(f.Phone))
	return bad.Result()
}

// isTaxCode knows the forms of a Vietnamese tax code: ten digits, with a hyphen
// and three more for a branch, or the twelve of a personal identity number,
// which household businesses use since 1 July 2025 (Circular 86/2024/TT-BTC).
// The tenth digit is a check digit; weights 31, 29, 23, 19, 17, 13, 7, 5, 3.
func isTaxCode(s string) bool {
	base, branch, hasBranch := strings.Cut(s, "-")
	if !digits(base) || hasBranch && (len(branch) != 3 || !digits(branch)) {
		return false
	}
	switch len(base) {
	case 12:
		return !hasBranch
	case 10:
		sum := 0
		for i, w := range [...]int{31, 29, 23, 19, 17, 13, 7, 5, 3} {
			sum += w * int(base[i]-'0')
		}
		return 10-sum%11 == int(base[9]-'0')
	}
	return false
}

func digits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func phoneWrong(s string) string {
	if wrong := line(s, maxPhone, true); wrong != "" {
		return wrong
	}
	n := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			n++
		case !strings.ContainsRune("+ .-()", r):
			return "account.field.phone"
		}
	}
	if n < 8 || n > 15 {
		return "account.field.phone"
	}
	return ""
}

// member is the place of a person among the members, -1 for others.
func (o Org) member(person string) int {
	return slices.IndexFunc(o.Members, func(m Member) bool { return m.Person == person })
}

// Has reports whether somebody is a member.
func (o Org) Has(person string) bool { return o.member(person) >= 0 }

// lastOwner reports whether nobody but this person owns the organisation.
func (o Org) lastOwner(person string) bool {
	i := o.member(person)
	return i >= 0 && o.Members[i].Role == Owner &&
		!slices.ContainsFunc(o.Members, func(m Member) bool { return m.Role == Owner && m.Person != person })
}

// Register enters an organisation, which waits for approval; who registers it
// is its first owner. Id is the form's own: sent twice, it registers once. One
// that is taken is fault.Conflict "account.org.stale".
func (s *Service) Register(ctx context.Context, a Actor, id string, f OrgForm) error {
	if err := a.May(OrgRegister, Object{}); err != nil {
		return err
	}
	f.tidy()
	if err := f.validate(); err != nil {
		return err
	}
	if !store.IsID(id) {
		return fault.New(fault.Conflict, "account.org.stale")
	}
	if o, err := s.org(ctx, id); !fault.Is(err, fault.NotFound) {
		return sentTwice(o, a.Person.ID, f, err)
	}
	if err := s.throttle.take(ctx, registring, "register", a.Person.ID); err != nil {
		return err
	}
	err := s.register(ctx, a.Person.ID, f, id, false)
	if fault.Is(err, fault.Conflict) {
		o, err := s.org(ctx, id)
		return sentTwice(o, a.Person.ID, f, err)
	}
	return err
}

// sentTwice accepts a form whose organisation is there as it says.
func sentTwice(o Org, by string, f OrgForm, err error) error {
	if err == nil && (len(o.Decisions) != 1 || o.Decisions[0].By != by || o.form() != f) {
		err = fault.New(fault.Conflict, "account.org.stale")
	}
	return err
}

func (s *Service) register(ctx context.Context, by string, f OrgForm, id string, demo bool) error {
	now := store.Stamp(s.now())
	o := Org{ID: id, Kind: f.Kind, Name: f.Name, NameEn: f.NameEn, TaxCode: f.TaxCode, Commune: f.Commune,
		Address: f.Address, Phone: f.Phone, Documents: []Document{}, Members: []Member{}, Invites: []Invite{}, Created: now, Demo: demo,
		Edits: 1, Salt: rand.Text()}
	if by != fromCommand {
		o.Members = append(o.Members, Member{by, Owner, now})
	}
	o.decide(Decision{Act: Apply, By: by, At: now})
	o.Post(now, o.entry("org:"+o.ID, "org.register", by, now, nil, f.values()), o.face(now))
	if !demo {
		o.Post(now, outbox.Effect{ID: "org:waits:" + o.ID + ":1", Task: &outbox.Task{Name: TaskWaiting, Object: o.ID}})
	}
	if err := s.orgs.Insert(ctx, o); err != nil {
		return err
	}
	s.settleOrg(ctx, o.ID)
	return nil
}

// fromCommand stands for a person where the command line acts.
const fromCommand = "cli"

// Org reads one organisation on behalf of somebody who may do verb with it.
func (s *Service) Org(ctx context.Context, a Actor, verb Verb, id string) (Org, error) {
	o, err := s.org(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil {
		if no := a.May(verb, OfOrg(o)); no != nil {
			return Org{}, no
		}
	}
	return o, err
}

func (s *Service) org(ctx context.Context, id string) (Org, error) {
	o, err := s.orgs.Get(ctx, id)
	if fault.CodeOf(err) == "store.not_found" {
		return Org{}, fault.New(fault.NotFound, "account.org.not_found")
	}
	return o, err
}

// EditOrg changes what an organisation says of itself. Kind, names and tax code
// are what was approved and stay as they are from then on.
func (s *Service) EditOrg(ctx context.Context, a Actor, id string, f OrgForm) error {
	if _, err := s.Org(ctx, a, OrgEdit, id); err != nil {
		return err
	}
	f.tidy()
	now := store.Stamp(s.now())
	eid := "org:edit:" + id + ":" + store.NewID(now)
	return s.changeOrg(ctx, id, func(o *Org) error {
		if o.Fixed() {
			f.Kind, f.Name, f.NameEn, f.TaxCode = o.Kind, o.Name, o.NameEn, o.TaxCode
		}
		if err := f.validate(); err != nil {
			return err
		}
		was := o.form()
		if f == was {
			return nil
		}
		if f.Kind.Sells() != o.Kind.Sells() && len(o.Decisions) > 1 {
			return fault.New(fault.Invalid, "account.org.form").Field("kind", "account.org.kind_fixed")
		}
		o.Kind, o.Name, o.NameEn, o.TaxCode, o.Commune, o.Address, o.Phone = f.Kind, f.Name, f.NameEn, f.TaxCode, f.Commune, f.Address, f.Phone
		o.Edits++
		o.Post(now, o.entry(eid, "org.edit", a.Person.ID, now, was.values(), f.values()), o.face(now))
		return nil
	})
}

// Fixed reports whether the organisation was ever approved: kind, names and tax
// code stay from then on.
func (o Org) Fixed() bool {
	return slices.ContainsFunc(o.Decisions, func(d Decision) bool { return d.Act == Approve })
}

func (o Org) form() OrgForm {
	return OrgForm{o.Kind, o.Name, o.NameEn, o.TaxCode, o.Commune, o.Address, o.Phone}
}

func (f OrgForm) values() []outbox.Value {
	return []outbox.Value{{Name: "kind", Text: string(f.Kind)}, {Name: "name", Text: f.Name}, {Name: "nameEn", Text: f.NameEn}, {Name: "taxCode", Text: f.TaxCode},
		{Name: "commune", Text: f.Commune}, {Name: "address", Text: f.Address}, {Name: "phone", Text: f.Phone}}
}

// changeOrg updates an organisation and performs what follows.
func (s *Service) changeOrg(ctx context.Context, id string, change func(*Org) error) error {
	err := s.orgs.Update(ctx, id, change)
	if fault.CodeOf(err) == "store.not_found" {
		return fault.New(fault.NotFound, "account.org.not_found")
	}
	if err == nil {
		s.settleOrg(ctx, id)
	}
	return err
}

func (o Org) entry(id, action, by string, now time.Time, before, after []outbox.Value) outbox.Effect {
	return entry(id, outbox.Entry{At: now, By: by, Action: action, Object: object("org", o.ID), Org: o.ID, Before: before, After: after})
}

// face is the step that brings a seller's public face up to date.
func (o Org) face(now time.Time) outbox.Effect {
	return outbox.Effect{ID: "org:face:" + o.ID + ":" + store.NewID(now), Task: &outbox.Task{Name: TaskFace, Object: o.ID}}
}

// maxDocuments is how many papers an organisation may hand in.
const maxDocuments = 12

// AddDocument notes a paper that package files has taken in.
func (s *Service) AddDocument(ctx context.Context, a Actor, id string, d Document) error {
	if _, err := s.Org(ctx, a, OrgEdit, id); err != nil {
		return err
	}
	now := store.Stamp(s.now())
	d.At, d.By = now, a.Person.ID
	return s.changeOrg(ctx, id, func(o *Org) error {
		if slices.ContainsFunc(o.Documents, func(x Document) bool { return x.ID == d.ID }) {
			return nil
		}
		if len(o.Documents) >= maxDocuments {
			return fault.New(fault.Invalid, "account.org.form").Field("document", "account.org.documents")
		}
		o.Documents = append(o.Documents, d)
		o.Post(now, o.entry("org:document:"+d.ID, "org.document", a.Person.ID, now, nil, []outbox.Value{{Name: "document", Text: d.ID}}))
		return nil
	})
}

// RemoveDocument takes back a paper that was handed in by mistake; its file goes
// as well. What was approved stays as it was seen: then it is fault.Conflict
// "account.org.documents_fixed".
func (s *Service) RemoveDocument(ctx context.Context, a Actor, id, doc string) error {
	if _, err := s.Org(ctx, a, OrgEdit, id); err != nil {
		return err
	}
	now := store.Stamp(s.now())
	return s.changeOrg(ctx, id, func(o *Org) error {
		i := slices.IndexFunc(o.Documents, func(x Document) bool { return x.ID == doc })
		if i < 0 {
			return nil
		}
		if o.Fixed() {
			return fault.New(fault.Conflict, "account.org.documents_fixed")
		}
		o.Documents = slices.Delete(o.Documents, i, i+1)
		o.Post(now, o.entry("org:document_gone:"+doc, "org.document_gone", a.Person.ID, now, []outbox.Value{{Name: "document", Text: doc}}, nil), dropFile(doc))
		return nil
	})
}

func dropFile(doc string) outbox.Effect {
	return outbox.Effect{ID: "file:" + doc, Task: &outbox.Task{Name: TaskDropFile, Object: doc}}
}

// Document finds a paper of an organisation on behalf of somebody who may read
// it.
func (s *Service) Document(ctx context.Context, a Actor, org, id string) (Document, error) {
	o, err := s.Org(ctx, a, OrgRead, org)
	if err != nil {
		return Document{}, err
	}
	i := slices.IndexFunc(o.Documents, func(d Document) bool { return d.ID == id })
	if i < 0 {
		return Document{}, fault.New(fault.NotFound, "account.document.not_found")
	}
	return o.Documents[i], nil
}

// Orgs lists organisations of a status, those that wait longest first, and the
// cursor of the next page. The operator's list.
func (s *Service) Orgs(ctx context.Context, a Actor, status Status, after string) ([]Org, string, error) {
	if err := a.May(OrgDecide, Object{}); err != nil {
		return nil, "", err
	}
	if !slices.Contains(Statuses, status) {
		return nil, "", fault.New(fault.Invalid, "account.field.choice")
	}
	return s.orgs.Find(ctx, store.Query{Index: "status", Eq: []any{string(status)}, Limit: 24, After: after, Desc: status != Waiting})
}

// SameTaxCode lists other organisations that gave the same tax code, for the
// operator.
func (s *Service) SameTaxCode(ctx context.Context, a Actor, o Org) ([]Org, error) {
	if err := a.May(OrgDecide, Object{}); err != nil {
		return nil, err
	}
	var found []Org
	err := s.orgs.All(ctx, store.Query{Index: "tax", Eq: []any{o.TaxCode}}, func(x Org) error {
		if x.ID != o.ID {
			found = append(found, x)
		}
		return nil
	})
	return found, err
}

// CountOrgs is how many organisations have a status.
func (s *Service) CountOrgs(ctx context.Context, status Status) (int64, error) {
	return s.orgs.Count(ctx, store.Query{Index: "status", Eq: []any{string(status)}})
}

// OrgByID reads an organisation for the program itself: to join domains, never
// to show it.
func (s *Service) OrgByID(ctx context.Context, id string) (Org, error) { return s.org(ctx, id) }

// MayPublish reports whether an organisation is approved today; an unknown one
// is not.
func (s *Service) MayPublish(ctx context.Context, id string) (bool, error) {
	o, err := s.org(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && o.Status == Approved, err
}

// hash covers a decision and what it was about; decisions of before there was
// a digest have none.
func (o Org) hash(d Decision) string {
	kind, more := "nguon/org-decision/1", []string(nil)
	if d.About != "" {
		kind, more = "nguon/org-decision/2", []string{d.About}
	}
	return chain.New(kind, d.Prev).Str(o.ID).Int(int64(d.Seq)).Str(string(d.Act), d.Reason, d.By).Time(d.At).Str(more...).Sum()
}

// Digest stands for the registration as it reads now: what the organisation
// says of itself, and its papers.
func (o Org) Digest() string {
	c := chain.New("nguon/org-registration/1", "").Str(o.Salt)
	for _, v := range o.form().values() {
		c = c.Str(v.Text)
	}
	for _, d := range o.Documents {
		c = c.Str(d.ID)
	}
	return c.Sum()
}

// VerifyOrgs checks the decisions of all organisations, and returns how many
// organisations there are and the ids of those whose chain does not hold.
func (s *Service) VerifyOrgs(ctx context.Context) (n int, broken []string, err error) {
	err = s.orgs.All(ctx, store.Query{}, func(o Org) error {
		if n++; !o.Verify() {
			broken = append(broken, o.ID)
		}
		return nil
	})
	return n, broken, err
}

// Verify checks the chain of decisions.
func (o Org) Verify() bool {
	prev := ""
	for i, d := range o.Decisions {
		if d.Seq != i+1 || d.Prev != prev || d.Hash != o.hash(d) {
			return false
		}
		prev = d.Hash
	}
	return len(o.Decisions) > 0
}
