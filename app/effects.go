package main

import (
	"context"
	"fmt"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/files"
	"nguon/app/finder"
	"nguon/app/mail"
	"nguon/app/outbox"
	"nguon/app/report"
	"nguon/catalog"
	"nguon/catalog/order"
	"nguon/tours"
)

// effects performs what documents carry in their boxes: it is where the domains
// that must not know each other meet. Its fields are set once the services are
// made, before anything is performed.
type effects struct {
	account  *account.Service
	catalog  *catalog.Service
	reports  *report.Service
	mail     *mail.Queue
	files    *files.Store
	orders   *order.Service
	tours    *tours.Service
	festival *tours.Editions
	finder   *finder.Finder // nil until it is made: what is posted before waits
}

// Perform implements outbox.Performer.
func (e *effects) Perform(ctx context.Context, f outbox.Effect) error {
	switch {
	case f.Entry != nil:
		return e.account.Record(ctx, f.ID, *f.Entry)
	case f.Mail != nil:
		return e.mail.Add(ctx, f.ID, *f.Mail)
	case f.Task != nil:
		return e.task(ctx, f.ID, *f.Task)
	}
	return fmt.Errorf("effect %s holds nothing", f.ID)
}

func (e *effects) task(ctx context.Context, id string, t outbox.Task) error {
	switch t.Name {
	case outbox.TaskIndex:
		return e.finder.Note(ctx, t.Object)
	case account.TaskFace:
		return e.face(ctx, t.Object)
	case account.TaskDropFile:
		return e.files.DeleteDocument(ctx, t.Object)
	case order.TaskNew, order.TaskCancelled, order.TaskAsked, order.TaskLedger, order.TaskStuck, order.TaskVisit, order.TaskStandGone, order.TaskStand:
		return e.orderTask(ctx, id, t)
	case tours.TaskLeave, tours.TaskAttend, tours.TaskMoved, tours.TaskBooked, tours.TaskReview:
		return e.visitTask(ctx, id, t)
	case tours.TaskEvent, tours.TaskEdition:
		return e.festivalTask(ctx, t)
	case report.TaskNotify:
		return e.notify(ctx, id, t.Object)
	case catalog.TaskConfirmed, catalog.TaskRefused, catalog.TaskTakenOut, catalog.TaskLetBack:
		return e.tellOwners(ctx, id, t)
	}
	return e.account.Do(ctx, id, t, e.mail.Add)
}

// face carries an organisation's registration to its public face.
func (e *effects) face(ctx context.Context, org string) error {
	o, err := e.account.OrgByID(ctx, org)
	if err != nil {
		return err
	}
	if err := e.finder.Note(ctx, "org:"+org); err != nil || !o.Kind.Sells() {
		return err
	}
	f := catalog.Face{ID: o.ID, Name: o.Name, NameEn: o.NameEn, Kind: catalog.ProducerKind(o.Kind), Commune: o.Commune,
		Address: o.Address, Phone: o.Phone, Published: o.Status == account.Approved, Demo: o.Demo, Seq: seqOf(o)}
	if o.Demo {
		f.Phone = "" // nobody answers it
	}
	return e.catalog.SetFace(ctx, f)
}

// seqOf orders what a registration says: by its decisions, then by its changes
// between them.
func seqOf(o account.Org) int64 { return int64(len(o.Decisions))<<20 + o.Edits }

// notify tells the people of an inbox that a report came in.
func (e *effects) notify(ctx context.Context, id, reportID string) error {
	r, err := e.reports.Get(ctx, reportID)
	if err != nil {
		return err
	}
	return e.account.TellInbox(ctx, id, r.Inbox == report.Authority, r.About.Title.Vi, "/console/reports/"+r.ID, e.mail.Add)
}

// tellOwners tells the owners of a producer what the operator did with a product.
// One that was discarded meanwhile concerns nobody.
func (e *effects) tellOwners(ctx context.Context, id string, t outbox.Task) error {
	p, err := e.catalog.ByID(ctx, t.Object)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	key, reason := p.Told(t.Name)
	if key == "" {
		return nil
	}
	args := map[string]string{"Product": p.Name, "Reason": reason}
	return e.account.TellOwners(ctx, id, p.Producer, key, args, "/console/shop/"+p.ID, e.mail.Add)
}
