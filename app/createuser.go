package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"nguon/app/account"
	"nguon/app/lang"
)

// createUser makes the first people: it gives a person a role and prints a link
// by which the person chooses a password. No password stands on a command line.
func (p program) createUser(ctx context.Context, args []string) error {
	var email, name, role, org, language string
	err := p.flags("create-user", args, func(f *flag.FlagSet) {
		f.StringVar(&email, "email", "", "address to sign in with")
		f.StringVar(&role, "role", "", "admin, operator or buyer; with -org: owner or staff")
		f.StringVar(&name, "name", "", "name; the part of the address before @ when empty")
		f.StringVar(&org, "org", "", "id of a registered organisation to make the person a member of")
		f.StringVar(&language, "lang", "vi", "vi or en: of mails")
	})
	if err != nil {
		return err
	}
	l, ok := lang.Parse(language)
	n := account.NewPerson{Email: email, Name: name, Lang: l}
	if n.Name == "" {
		n.Name, _, _ = strings.Cut(email, "@")
		n.Name = strings.ReplaceAll(n.Name, ".", " ")
	}
	r := account.Role(role)
	switch {
	case email == "" || !ok:
		return fmt.Errorf("%w: create-user needs -email and -role; -lang is vi or en", errUsage)
	case org == "" && r.IsGiven():
		n.Roles = []account.Role{r}
	case org == "" && r == account.Buyer, org != "" && (r == account.Owner || r == account.Staff):
	default:
		return fmt.Errorf("%w: -role is admin, operator or buyer; owner or staff together with -org", errUsage)
	}
	s, err := open(ctx, p.cfg, p.log, command)
	if err != nil {
		return err
	}
	return errors.Join(p.create(ctx, s, n, org, r), s.close())
}

func (p program) create(ctx context.Context, s *services, n account.NewPerson, org string, r account.Role) error {
	if org != "" {
		if _, err := s.account.OrgByID(ctx, org); err != nil {
			return err
		}
	}
	person, made, err := s.account.Create(ctx, n)
	if err != nil {
		return err
	}
	if org != "" {
		if err := s.account.Seat(ctx, org, person.ID, r); err != nil {
			return err
		}
	}
	if !made && person.HasPassword() {
		fmt.Fprintf(p.stdout, "%s has an account already and is %s now.\n", person.Email, r)
		return nil
	}
	link, err := s.account.FirstLink(ctx, person.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s is %s. Choose a password within 24 hours at\n%s%s\n", person.Email, r, p.cfg.BaseURL, person.Lang.Path(link))
	if r == account.Admin || r == account.Operator {
		fmt.Fprintln(p.stdout, "The role counts once two-step sign-in is on: the site asks for it after the first sign-in.")
	}
	return nil
}

// resetSecond lets in who has lost telephone and recovery codes. Who runs the
// machine has made sure who it is.
func (p program) resetSecond(ctx context.Context, args []string) error {
	var email string
	if err := p.flags("reset-second", args, func(f *flag.FlagSet) { f.StringVar(&email, "email", "", "address of the account") }); err != nil {
		return err
	}
	if email == "" {
		return fmt.Errorf("%w: reset-second needs -email", errUsage)
	}
	s, err := open(ctx, p.cfg, p.log, command)
	if err != nil {
		return err
	}
	return errors.Join(s.account.ResetSecond(ctx, email), s.close())
}
