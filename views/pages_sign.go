package views

import (
	"time"

	"nguon/app/account"
)

// SignUpPage is /sign-up. Fields: name, email, password, agreed; Next is where
// to go once the address is confirmed.
type SignUpPage struct {
	Base
	Form Form
	Next string // site path, "" for the console
}

// SignInPage is /sign-in. Fields: email, password; Next is where to go then.
type SignInPage struct {
	Base
	Form Form
	Next string // site path, "" for the account
}

// CodePage is /sign-in/code, the second step. Field: code.
type CodePage struct {
	Base
	Form Form
	Next string
}

// ForgotPage is /forgot. Field: email.
type ForgotPage struct {
	Base
	Form Form
}

// ResetPage is /reset. Field: password; Link is the token of the mail.
type ResetPage struct {
	Base
	Form Form
	Link string
}

// ConfirmPage is /confirm. Field: password, of the sign-up; mail programs open
// links by themselves, and strangers sign up with addresses of others.
type ConfirmPage struct {
	Base
	Form        Form
	Email, Link string
}

// JoinPage is /join, an invitation.
type JoinPage struct {
	Base
	Org    string
	Role   account.Role
	Invite string // address it was sent to
	Mine   string // address of who has signed in, "" for nobody
	ForMe  bool   // it was sent to that address
	Link   string
}

// NoticePage says what happened and what to do next: Key+".title" and
// paragraphs in Key+".text".
type NoticePage struct {
	Base
	Key  string
	Args []any // pairs for T
	Ways []Way
}

// Way is a next step: a site path and a message key.
type Way struct{ Path, Key string }

// AccountPage is /account.
type AccountPage struct {
	Base
	Person account.Person
	Roles  []account.Role
	Orgs   []account.Org
	Live   int // sessions
}

// ProfilePage is /account/profile. Fields: name, lang.
type ProfilePage struct {
	Base
	Form Form
}

// PasswordPage is /account/password. Fields: current, password.
type PasswordPage struct {
	Base
	Form Form
}

// AddressPage is /account/address. Fields: current, email.
type AddressPage struct {
	Base
	Form Form
}

// NewAddressPage is /account/address/confirm. Field: password, of the account
// that is to have the address.
type NewAddressPage struct {
	Base
	Form        Form
	Email, Link string
}

// SecondPage is /account/two-step: how it stands, or how to turn it on. Fields:
// current, code.
type SecondPage struct {
	Base
	Form   Form
	On     *time.Time     // nil while it is off
	Left   int            // recovery codes, while it is on
	Setup  *account.Setup // while it is off
	Symbol string         // QR symbol of Setup.URL as a data: address
	Needed bool           // a role of this person counts only with it
}

// RecoveryPage shows new recovery codes, this once.
type RecoveryPage struct {
	Base
	Codes []string
}

// AskPage asks for the password before something that cannot be undone easily.
// Kind is "off", "recovery" or "delete". Field: current.
type AskPage struct {
	Base
	Form   Form
	Kind   string
	Closes []account.Org // organisations that close with the account
}

// SessionsPage is /account/sessions.
type SessionsPage struct {
	Base
	Sessions []account.Session
	Mine     string // name of the one that looks
}
