package main

import (
	"context"
	"errors"
	"fmt"
)

// check walks what must hold together and prints what does not.
func (p program) check(ctx context.Context, args []string) error {
	if err := p.flags("check", args, noFlags); err != nil {
		return err
	}
	s, err := open(ctx, p.cfg, p.log, command)
	if err != nil {
		return err
	}
	return errors.Join(p.checkAll(ctx, s), s.close())
}

// errBroken says that check found something.
var errBroken = errors.New("something does not hold together")

func (p program) checkAll(ctx context.Context, s *services) error {
	entries, broken, last, err := s.account.VerifyLog(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "audit log: %d entries, last %s\n", entries, last)
	if broken != 0 {
		fmt.Fprintf(p.stdout, "audit log: entry %d does not fit the one before\n", broken)
	}
	orgs, wrong, err := s.account.VerifyOrgs(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "organisations: %d\n", orgs)
	for _, id := range wrong {
		fmt.Fprintf(p.stdout, "organisation %s: its decisions do not fit one another\n", id)
	}
	if broken != 0 || len(wrong) > 0 {
		return errBroken
	}
	return nil
}
