// Package seats fulfils orders of visits from tours. It is the only place where
// orders and tours meet.
package seats

import (
	"context"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/catalog/order"
	"nguon/tours"
)

// Kind of the lines of visits: a line's reference is a booking, and what it needs
// is "departure/booking", so that all take departures in the same order.
const Kind order.Kind = "seats"

// Seats is the fulfiller of visits.
type Seats struct{ Tours *tours.Service }

var _ order.Fulfiller = Seats{}

// Quote implements order.Fulfiller.
func (s Seats) Quote(ctx context.Context, ref string) (order.Quote, error) {
	q, err := s.Tours.Quote(ctx, ref)
	if err != nil {
		return order.Quote{}, err
	}
	b := q.Booking
	return order.Quote{Seller: q.Tour.Org, Title: q.Tour.Title(), Detail: Detail(q), Path: "/tours/" + q.Tour.Slug + "/book?departure=" + b.Departure + "&booking=" + b.ID,
		Image: first(q.Tour.Photos), Price: q.Price, Now: q.Now, Service: true, Apart: true, Free: q.Free,
		Needs: []order.Need{{Kind: Kind, Resource: b.Departure + "/" + b.ID, Quantity: b.Seats}}, Demo: q.Demo}, nil
}

// Detail words when a booking leaves and who comes.
func Detail(q tours.Quote) lang.Text {
	in := func(l lang.Lang) string {
		b := q.Booking
		b.Lang = l
		return l.DateTime(q.Start) + " · " + b.Words(q.Tour)
	}
	return lang.Text{Vi: in(lang.Vi), En: in(lang.En)}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func claim(id string, n order.Need) tours.Claim {
	departure, booking, _ := strings.Cut(n.Resource, "/")
	return tours.Claim{Order: id, Booking: booking, Departure: departure, Seats: n.Quantity}
}

// Hold implements order.Fulfiller.
func (s Seats) Hold(ctx context.Context, id string, n order.Need, until time.Time) error {
	return s.Tours.HoldSeats(ctx, claim(id, n), until)
}

// Settle implements order.Fulfiller.
func (s Seats) Settle(ctx context.Context, id string, n order.Need) error {
	return s.Tours.KeepSeats(ctx, claim(id, n))
}

// Release implements order.Fulfiller.
func (s Seats) Release(ctx context.Context, id string, n order.Need) error {
	return s.Tours.ReleaseSeats(ctx, claim(id, n))
}

// Fold implements order.Fulfiller.
func (s Seats) Fold(ctx context.Context, id string, n order.Need) error {
	return s.Tours.FoldSeats(ctx, claim(id, n))
}

// Restore implements order.Fulfiller.
func (s Seats) Restore(ctx context.Context, id string, n order.Need) error {
	return s.Tours.RestoreSeats(ctx, claim(id, n))
}

// Shop is where tours find what is paid of their bookings.
type Shop struct{ Orders *order.Service }

var _ tours.Shop = (*Shop)(nil)

// Leave implements tours.Shop. What the order has as over is over.
func (s *Shop) Leave(ctx context.Context, id, booking, by string, percent int64, cause string, credit bool) error {
	return s.Orders.Leave(ctx, id, order.Leaving{Parcel: order.ParcelOf(Kind, booking), By: by, Percent: percent, Cause: cause, Credit: credit})
}

// Attend implements tours.Shop.
func (s *Shop) Attend(ctx context.Context, id, booking, by string) error {
	return s.Orders.Attend(ctx, by, id, order.ParcelOf(Kind, booking))
}

// Follow carries what happened to the order of a visit to its booking; object is
// that of order.TaskVisit. A booking that another order paid for already is given
// back whole.
func Follow(ctx context.Context, orders *order.Service, t *tours.Service, task outbox.Task) error {
	id, parcel, ok := order.CutTask(task.Object)
	if !ok {
		return fault.New(fault.Internal, "internal")
	}
	o, err := orders.Order(ctx, id)
	if err != nil {
		return err
	}
	i := o.Parcel(parcel)
	ref, ok := o.VisitRef(parcel)
	if i < 0 || !ok {
		return fault.New(fault.Internal, "internal")
	}
	p := o.Parcels[i]
	n := tours.News{Booking: ref, Order: o.ID, Code: o.Code, Name: o.Customer.Name, Phone: o.Customer.Phone, Email: o.Customer.Email, Rest: p.Rest,
		Paid: o.State == order.Confirmed, Over: p.State == order.Dropped || o.State == order.Expired || o.State == order.Cancelled || o.State == order.Stuck || o.State == order.Failed}
	other, err := t.Follow(ctx, n)
	if err != nil || !other {
		return err
	}
	return orders.Leave(ctx, o.ID, order.Leaving{Parcel: parcel, By: "worker", Percent: 100, Cause: "called_off"})
}
