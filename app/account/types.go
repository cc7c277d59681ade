// Package account knows people and organisations: who somebody is, which
// organisation may sell, who may do what, and what was done. It speaks no
// HTTP.
package account

import (
	"time"

	"nguon/app/lang"
	"nguon/app/outbox"
)

// Role is what somebody is to the site. Operator and Admin are given to a
// person; the others follow from signing in and from membership.
type Role string

// The roles. An owner may do all that staff may.
const (
	Visitor   Role = "visitor"
	Buyer     Role = "buyer" // everybody who has signed in
	Owner     Role = "owner" // of a producer
	Staff     Role = "staff" // of a producer
	Organizer Role = "organizer"
	Authority Role = "authority"
	Province  Role = "province"
	Operator  Role = "operator"
	Admin     Role = "admin"
)

// guarded are the roles that count only behind the second step of signing in.
var guarded = map[Role]bool{Authority: true, Operator: true, Admin: true}

// Person is everybody who can sign in. Personal values stand here and in the
// erasable values of the audit log, nowhere in a chain.
type Person struct {
	ID         string     `bson:"_id"`
	Email      string     `bson:"email"` // as typed
	Key        string     `bson:"key"`   // addressKey(Email), unique
	Name       string     `bson:"name"`
	Lang       lang.Lang  `bson:"lang"`
	Password   string     `bson:"password"` // argon2id in PHC form
	Since      time.Time  `bson:"since"`    // of the password; older links do not change it
	Created    time.Time  `bson:"created"`
	Agreed     time.Time  `bson:"agreed"` // to terms and privacy notice
	Roles      []Role     `bson:"roles"`  // Operator, Admin
	Second     *Second    `bson:"second,omitempty"`
	Sessions   []Session  `bson:"sessions"`
	Deleted    *time.Time `bson:"deleted,omitempty"`
	Demo       bool       `bson:"demo,omitempty"`
	outbox.Box `bson:",inline"`
}

// Second is the second step of signing in by time-based codes (RFC 6238).
type Second struct {
	Sealed   []byte     `bson:"sealed"` // the shared secret
	On       *time.Time `bson:"on,omitempty"`
	Step     int64      `bson:"step"`     // last time step accepted; no code counts twice
	Recovery []string   `bson:"recovery"` // hashes of unused recovery codes
}

// Session is one browser that a person signed in with. Its id is known to that
// browser only.
type Session struct {
	Hash    string    `bson:"hash"`
	Created time.Time `bson:"created"`
	Seen    time.Time `bson:"seen"` // at most seenEvery old
	Agent   string    `bson:"agent"`
	Strong  bool      `bson:"strong"`            // passed the second step
	Waits   bool      `bson:"waits,omitempty"`   // for the second step; good for nothing else
	Guesses int       `bson:"guesses,omitempty"` // codes tried while it waits
}

// OrgKind is what an organisation is registered as.
type OrgKind string

// Kinds of organisation; the first three sell.
const (
	Cooperative OrgKind = "cooperative"
	Firm        OrgKind = "firm"
	Household   OrgKind = "household"
	Committee   OrgKind = "committee" // of the festival
	Department  OrgKind = "authority" // that manages the indication
	Office      OrgKind = "province"
)

// OrgKinds lists them in the order of the form.
var OrgKinds = []OrgKind{Cooperative, Firm, Household, Committee, Department, Office}

// Sells reports whether an organisation of this kind has a public face and
// products.
func (k OrgKind) Sells() bool { return k == Cooperative || k == Firm || k == Household }

// Hosts reports whether an organisation of this kind receives visitors: those who
// sell, and committees that hold a festival.
func (k OrgKind) Hosts() bool { return k.Sells() || k == Committee }

// Status of an organisation, by its last decision.
type Status string

// The statuses. Everything can be prepared in each of them; only an approved
// organisation publishes or prints.
const (
	Waiting   Status = "waiting"
	Approved  Status = "approved"
	Refused   Status = "refused"
	Suspended Status = "suspended"
	Closed    Status = "closed" // its last member left
)

// Statuses lists them in the order of the operator's work.
var Statuses = []Status{Waiting, Approved, Suspended, Refused, Closed}

// Org is an organisation: a seller, a committee or an office. A seller shares
// its id with its public face in the catalogue.
type Org struct {
	ID         string     `bson:"_id"`
	Kind       OrgKind    `bson:"kind"`
	Name       string     `bson:"name"`
	NameEn     string     `bson:"nameEn,omitempty"`
	TaxCode    string     `bson:"taxCode"`
	Commune    string     `bson:"commune"` // today's code
	Address    string     `bson:"address"`
	Phone      string     `bson:"phone"`
	Documents  []Document `bson:"documents"`
	Status     Status     `bson:"status"`
	Decisions  []Decision `bson:"decisions"` // append-only chain, oldest first
	Members    []Member   `bson:"members"`
	Invites    []Invite   `bson:"invites"`
	Created    time.Time  `bson:"created"`
	Edits      int64      `bson:"edits,omitempty"` // changes of the registration, for the order of its effects
	Salt       string     `bson:"salt,omitempty"`  // of About in decisions; erased with what they were about
	Demo       bool       `bson:"demo,omitempty"`
	outbox.Box `bson:",inline"`
}

// Document is a paper handed in with a registration; package files keeps it.
type Document struct {
	ID   string    `bson:"id"`
	Name string    `bson:"name"`
	Type string    `bson:"type"`
	Size int64     `bson:"size"`
	At   time.Time `bson:"at"`
	By   string    `bson:"by"`
}

// Act is what a decision does.
type Act string

// Acts: an organisation applies and closes, the operator does the rest.
const (
	Apply   Act = "apply"
	Approve Act = "approve"
	Refuse  Act = "refuse"
	Suspend Act = "suspend"
	Lift    Act = "lift" // ends a suspension
	Close   Act = "close"
)

// Decision is one entry of an organisation's history. Hash covers the fields
// above it, the organisation's id and the hash before. About is the salted
// digest of what was decided on, so that personal values stand in no chain.
type Decision struct {
	Seq    int       `bson:"seq"`
	Act    Act       `bson:"act"`
	Reason string    `bson:"reason"`
	By     string    `bson:"by"` // person's id, or "cli"
	At     time.Time `bson:"at"`
	About  string    `bson:"about,omitempty"`
	Prev   string    `bson:"prev"`
	Hash   string    `bson:"hash"`
}

// Member is a person of an organisation; Role is Owner or Staff.
type Member struct {
	Person string    `bson:"person"`
	Role   Role      `bson:"role"`
	Since  time.Time `bson:"since"`
}

// Invite is an open invitation. The link that was mailed holds the secret.
type Invite struct {
	ID    string    `bson:"id"`
	Hash  string    `bson:"hash"`
	Email string    `bson:"email"`
	Key   string    `bson:"key"` // addressKey(Email)
	Role  Role      `bson:"role"`
	By    string    `bson:"by"`
	At    time.Time `bson:"at"`
	Until time.Time `bson:"until"`
}
