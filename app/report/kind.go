package report

import "slices"

// Kind is what a report is about.
type Kind string

// The kinds; each is a message key suffix under "report.kind.".
const (
	Packet  Kind = "packet"
	Listing Kind = "listing" // a product in the catalogue
)

// Inbox is where a report lands: who reads and answers it.
type Inbox string

// The inboxes; each is a message key suffix under "report.inbox.".
const (
	Authority Inbox = "authority" // that manages the geographical indication
	Operator  Inbox = "operator"  // of the marketplace
)

// Reason is what a visitor says is wrong, from the list of the kind.
type Reason string

// The reasons; each is a message key suffix under "report.reason.".
const (
	DataDiffers    Reason = "data_differs" // name, weight, date or lot are not those of the page
	CodeCopied     Reason = "code_copied"  // the label looks copied or stuck over another
	Opened         Reason = "opened"       // the packet was opened or damaged
	Quality        Reason = "quality"      // smells or tastes wrong, or is not this coffee
	FalseClaim     Reason = "false_claim"  // stars, certificate or origin are not true
	NotAsDescribed Reason = "not_as_described"
	Price          Reason = "price"
	Offensive      Reason = "offensive"
	Other          Reason = "other"
)

// kinds is all that tells one kind from another; a new kind is a row here and
// its messages.
var kinds = []struct {
	kind    Kind
	inbox   Inbox
	reasons []Reason
}{
	{Packet, Authority, []Reason{DataDiffers, CodeCopied, Opened, Quality, Other}},
	{Listing, Operator, []Reason{FalseClaim, NotAsDescribed, Price, Offensive, Other}},
}

// Reasons lists the reasons of a kind in the order of its form; none for a
// kind that does not exist.
func Reasons(kind Kind) []Reason {
	for _, k := range kinds {
		if k.kind == kind {
			return slices.Clone(k.reasons)
		}
	}
	return nil
}

// InboxOf is where a report of this kind and reason lands; "" if the kind has
// no such reason.
func InboxOf(kind Kind, reason Reason) Inbox {
	for _, k := range kinds {
		if k.kind == kind && slices.Contains(k.reasons, reason) {
			return k.inbox
		}
	}
	return ""
}
