package main

import (
	"context"
	"errors"
	"fmt"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/catalog/order"
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
	money, err := p.checkOrders(ctx, s)
	if err != nil {
		return err
	}
	claims, err := p.checkClaims(ctx, s)
	if err != nil {
		return err
	}
	if broken != 0 || len(wrong)+money+claims > 0 {
		return errBroken
	}
	return nil
}

// checkOrders compares orders, their money and the ledger, and returns how much
// does not add up.
func (p program) checkOrders(ctx context.Context, s *services) (int, error) {
	n, found, err := s.orders.Check(ctx)
	if err != nil {
		return 0, err
	}
	fmt.Fprintf(p.stdout, "orders: %d\n", n)
	for _, f := range found {
		fmt.Fprintf(p.stdout, "order %s %s: %s\n", f.Code, f.Order, f.What)
	}
	return len(found), nil
}

// checkClaims compares the claims on stocks with the orders that made them, and
// returns how many belong to none, or to one that should hold something else, and
// how many are missing.
func (p program) checkClaims(ctx context.Context, s *services) (wrong int, err error) {
	n, claimed := 0, map[[2]string]bool{}
	err = s.catalog.EachClaim(ctx, func(gtin string, c hold.Claim) error {
		n++
		claimed[[2]string{gtin, c.Order}] = true
		o, err := s.orders.Order(ctx, c.Order)
		switch {
		case fault.Is(err, fault.NotFound):
			fmt.Fprintf(p.stdout, "stock %s: %d are claimed by %s, which is no order\n", gtin, c.Quantity, c.Order)
		case err != nil:
			return err
		case o.Needed(order.Goods, gtin) != c.Quantity:
			fmt.Fprintf(p.stdout, "stock %s: %d are claimed by order %s, which needs %d\n", gtin, c.Quantity, o.Code, o.Needed(order.Goods, gtin))
		default:
			return nil
		}
		wrong++
		return nil
	})
	fmt.Fprintf(p.stdout, "claims on stocks: %d\n", n)
	if err != nil {
		return wrong, err
	}
	err = s.orders.Each(ctx, order.Confirmed, func(o order.Order) error {
		for _, need := range o.Needs {
			if need.Kind == order.Goods && o.Needed(order.Goods, need.Resource) > 0 && !claimed[[2]string{need.Resource, o.ID}] {
				fmt.Fprintf(p.stdout, "stock %s: order %s needs %d and has no claim\n", need.Resource, o.Code, need.Quantity)
				wrong++
			}
		}
		return nil
	})
	return wrong, err
}
