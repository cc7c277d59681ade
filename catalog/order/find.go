package order

import (
	"context"
	"errors"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/store"
)

// How often within an hour one network may look up in vain: by one telephone, and
// altogether, since whole villages may stand behind one address.
const (
	mostFinds    = 10
	mostFindsAll = 60
	findSpan     = time.Hour
)

// Find looks an order up by its code and the telephone it was placed with.
// Faults: Invalid with fields "number" and "phone" for what was not filled in;
// NotFound for an unknown code and another telephone alike; TooMany
// "order.find.many" with Args "Seconds" until the next try. What is found does
// not count.
func (s *Service) Find(ctx context.Context, network, code, phone string) (Order, error) {
	f := fault.NewForm("order.find.form")
	f.Need(tidyCode(code) != "", "number", "order.field.missing")
	f.Need(PhoneKey(phone) != "", "phone", "order.field.phone")
	if err := f.Result(); err != nil {
		return Order{}, err
	}
	try := NewID()
	keys := []string{s.hash("find", network, PhoneKey(phone)), s.hash("find", network)}
	for i, most := range []int64{mostFinds, mostFindsAll} {
		if err := s.tryFind(ctx, keys[i], try, most); err != nil {
			return Order{}, errors.Join(err, s.forget(ctx, try, keys[:i]))
		}
	}
	o, err := s.find(ctx, code, phone)
	if err != nil {
		return o, err
	}
	return o, s.forget(ctx, try, keys)
}

// forget takes a try out of what is counted.
func (s *Service) forget(ctx context.Context, try string, keys []string) error {
	for _, key := range keys {
		if err := s.caps.Update(ctx, key, func(d *capDoc) error { d.Release(try); return nil }); gone(err) != nil {
			return err
		}
	}
	return nil
}

// find is both unknown and other for who guesses.
func (s *Service) find(ctx context.Context, code, phone string) (Order, error) {
	o, err := s.ByCode(ctx, code)
	if err == nil && (PhoneKey(phone) == "" || o.Customer.Key != PhoneKey(phone)) {
		return Order{}, fault.New(fault.NotFound, "order.not_found")
	}
	return o, err
}

// Guarded is an order as it may be told to who knows its code and telephone,
// which its sellers do: without its id, the codes of credits, which can be spent,
// and the references of visits, which are their tickets.
func (o Order) Guarded() Order {
	o.ID, o.Refunds, o.Coupons = "", slices.Clone(o.Refunds), slices.Clone(o.Coupons)
	for i, r := range o.Refunds {
		if r.State == RefundCredit {
			o.Refunds[i].Ref = ""
		}
	}
	o.Lines, o.Parcels, o.Needs = slices.Clone(o.Lines), slices.Clone(o.Parcels), nil
	for i, l := range o.Lines {
		if j := o.Parcel(l.Parcel()); l.Apart && j >= 0 {
			o.Lines[i].Ref, o.Lines[i].Path, o.Lines[i].Needs = itoa(i), "", nil
			o.Parcels[j].Key = o.Lines[i].Parcel()
		}
	}
	for i, k := range o.Coupons {
		if k.IsCredit() {
			o.Coupons[i].Code = ""
		}
	}
	return o
}

// tryFind counts a try before it is made; one that is refused does not count.
func (s *Service) tryFind(ctx context.Context, key, try string, most int64) error {
	now := s.Now()
	return s.caps.Upsert(ctx, key, capDoc{ID: key}, func(d *capDoc) error {
		d.Erase = store.Stamp(now.Add(findSpan))
		err := d.Hold(most, try, 1, store.Stamp(now.Add(findSpan)), now)
		if fault.Is(err, fault.Conflict) {
			return fault.New(fault.TooMany, "order.find.many").With("Seconds", d.firstFree(now))
		}
		return err
	})
}

// firstFree is in how many seconds the first claim runs out.
func (d capDoc) firstFree(now time.Time) int64 {
	if len(d.Holds) == 0 {
		return 0
	}
	first := slices.MinFunc(d.Holds, func(a, b hold.Claim) int { return a.Until.Compare(b.Until) })
	return int64((first.Until.Sub(now) + time.Second - 1) / time.Second)
}
