// Package report takes what the public reports about a packet or a listing,
// without an account, to the inbox of whoever has to look into it, together
// with what the page showed, and carries the answer back when an address was
// left. Nobody but the owner of the inbox reads a report.
package report

import (
	"time"

	"nguon/app/lang"
	"nguon/app/outbox"
)

// Status is where a report stands.
type Status string

// The statuses; each is a message key suffix under "report.status.".
const (
	Open     Status = "open"
	Answered Status = "answered"
	Closed   Status = "closed"
)

// About says what a report is about, as the caller knows it; nothing of it was
// written by the visitor.
type About struct {
	Kind     Kind      `bson:"kind"`
	Path     string    `bson:"path"` // of the page, without language and as it stands in an address: escaped, from one "/" on
	Title    lang.Text `bson:"title"`
	GTIN     string    `bson:"gtin,omitempty"`
	Lot      string    `bson:"lot,omitempty"`
	Serial   string    `bson:"serial,omitempty"`
	Product  string    `bson:"product,omitempty"`  // id
	Producer string    `bson:"producer,omitempty"` // id
	Facts    []Fact    `bson:"facts"`
}

// Fact is one piece of evidence as the page showed it when the report came in:
// the state of the code, the number of scans, the price, the stars.
type Fact struct {
	Name string `bson:"name"`
	Text string `bson:"text"`
}

// Report is one report, with all that became of it.
type Report struct {
	ID       string    `bson:"_id"`
	Number   string    `bson:"number"` // short and random, for people to quote: "BC-7K2Q9X"
	Once     string    `bson:"once"`   // token of the form it was sent with
	Kind     Kind      `bson:"kind"`   // that of About
	Inbox    Inbox     `bson:"inbox"`
	Reason   Reason    `bson:"reason"`
	About    About     `bson:"about"`
	Words    string    `bson:"words"`
	Where    string    `bson:"where,omitempty"`   // where it was bought, as the visitor wrote it
	Contact  string    `bson:"contact,omitempty"` // e-mail address; personal, gone after EraseAt
	Lang     lang.Lang `bson:"lang"`
	At       time.Time `bson:"at"`
	Status   Status    `bson:"status"`
	Answers  []Answer  `bson:"answers"`
	Closings []Closing `bson:"closings"`

	EraseAt    *time.Time `bson:"eraseAt,omitempty"`  // when Contact has to go; set while there is one
	ErasedAt   *time.Time `bson:"erasedAt,omitempty"` // when it went
	outbox.Box `bson:",inline"`
}

// Answer is what somebody of the inbox wrote to the visitor.
type Answer struct {
	Once   string    `bson:"once"` // token of the form it was sent with
	Words  string    `bson:"words"`
	By     string    `bson:"by"` // person's id
	At     time.Time `bson:"at"`
	Mailed bool      `bson:"mailed"` // an address was there, and a mail was posted to it
}

// Closing is one time a report was closed, and whether that was undone. Its
// words stay in the inbox.
type Closing struct {
	Words      string     `bson:"words,omitempty"`
	By         string     `bson:"by"` // person's id
	At         time.Time  `bson:"at"`
	ReopenedBy string     `bson:"reopenedBy,omitempty"` // person's id
	ReopenedAt *time.Time `bson:"reopenedAt,omitempty"`
}
