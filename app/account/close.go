package account

import (
	"context"
	"time"

	"nguon/app/outbox"
	"nguon/app/store"
)

// Alone are the organisations that have no member but the actor.
func (a Actor) Alone() (list []Org) {
	for _, o := range a.Orgs {
		if len(o.Members) == 1 {
			list = append(list, o)
		}
	}
	return list
}

// part takes a person out of an organisation; with its last member it closes.
func (s *Service) part(ctx context.Context, org, person string) error {
	now := store.Stamp(s.now())
	closed := false
	err := s.changeOrg(ctx, org, func(o *Org) error {
		if closed = len(o.Members) == 1 && o.Members[0].Person == person; closed {
			o.close(person, now)
		}
		return nil
	})
	if err != nil || closed {
		return err
	}
	return s.removeMember(ctx, person, org, person)
}

// close ends an organisation with its last member. Papers go; of a household,
// whose particulars are a person's, address, telephone and tax code as well,
// also in the log. The name stays, since printed packets bear it.
func (o *Org) close(by string, now time.Time) {
	before := string(o.Status)
	o.decide(Decision{Act: Close, By: by, At: now})
	last := o.Decisions[len(o.Decisions)-1]
	o.Members, o.Invites, o.Edits = []Member{}, []Invite{}, o.Edits+1
	for _, d := range o.Documents {
		o.Post(now, dropFile(d.ID))
	}
	o.Documents = []Document{}
	if o.Kind == Household {
		o.Address, o.Phone, o.TaxCode, o.Salt = "", "", "", ""
		o.Post(now, outbox.Effect{ID: "org:erase:" + o.ID, Task: &outbox.Task{Name: TaskErase, Object: object("org", o.ID)}})
	}
	o.Post(now, o.entry("org:"+last.Hash[:16], "org.close", by, now,
		[]outbox.Value{{Name: "status", Text: before}}, []outbox.Value{{Name: "status", Text: string(o.Status)}}), o.face(now))
}
