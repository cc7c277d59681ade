package order

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/app/store"
)

// sumDoc is the sum of an account's entries that were written before a moment,
// so that a balance reads only those that came since.
type sumDoc struct {
	Account string    `bson:"_id"`
	Until   time.Time `bson:"until"`
	Sum     money.VND `bson:"sum"`
}

const (
	mostTail = 200              // entries that a balance adds up before the sum is carried on
	afterAll = 10 * time.Minute // every write of an entry has ended by then
)

// Balance is what the market owes an account: negative where the account owes.
func (s *Service) Balance(ctx context.Context, account string) (money.VND, error) {
	old, err := s.sums.Get(ctx, account)
	if fault.Is(err, fault.NotFound) {
		old, err = sumDoc{Account: account}, nil
	}
	if err != nil {
		return 0, err
	}
	now := s.Now()
	carried := sumDoc{Account: account, Until: store.Stamp(now.Add(-afterAll)), Sum: old.Sum}
	sum, n := old.Sum, 0
	err = s.ledger.All(ctx, store.Query{Index: "written", Eq: []any{account}, From: old.Until}, func(e Entry) error {
		sum += e.Amount
		if n++; e.Written.Before(carried.Until) {
			carried.Sum += e.Amount
		}
		return nil
	})
	if err == nil && n > mostTail && carried.Until.After(old.Until) {
		err = s.sums.Upsert(ctx, account, sumDoc{Account: account}, func(d *sumDoc) error {
			if d.Until.Equal(old.Until) {
				*d = carried
			}
			return nil
		})
	}
	return sum, err
}

// checkSums compares the sums that are carried on with the ledger.
func (s *Service) checkSums(ctx context.Context) (found []Finding, err error) {
	err = s.sums.All(ctx, store.Query{}, func(d sumDoc) error {
		sum := money.VND(0)
		err := s.ledger.All(ctx, store.Query{Index: "written", Eq: []any{d.Account}, To: d.Until}, func(e Entry) error { sum += e.Amount; return nil })
		if err == nil && sum != d.Sum {
			found = append(found, Finding{d.Account, "", "the carried sum is not that of the ledger"})
		}
		return err
	})
	return found, err
}

// upgradeEntry gives entries of version 1 the moment at which they came into the
// ledger: about when what they tell of happened.
func upgradeEntry(from int, d bson.Raw) (bson.Raw, error) {
	if from >= 2 {
		return d, nil
	}
	var e bson.D
	if err := bson.Unmarshal(d, &e); err != nil {
		return nil, err
	}
	return bson.Marshal(append(e, bson.E{Key: "written", Value: d.Lookup("at")}))
}
