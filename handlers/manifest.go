package handlers

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/tours"
	"nguon/views"
)

// manifest is who comes on a departure, with all that the host has to know.
func (s *Site) manifest(c *fiber.Ctx, a account.Actor) error {
	g, err := s.departureFor(c, a, account.TourRead)
	if err != nil {
		return err
	}
	o, err := s.hostOrg(c, a, account.TourRead, g.Departure.Org)
	if err != nil {
		return err
	}
	g.Base.Done = doneKey(c)
	return s.own(c, views.ManifestPage{Gate: g, Mine: a.May(account.TourGate, account.OfOrg(o)) == nil})
}

// noteCall notes that a party was called by telephone.
func (s *Site) noteCall(c *fiber.Ctx, a account.Actor) error {
	g, err := s.departureFor(c, a, account.TourGate)
	if err != nil {
		return err
	}
	v := values(c)
	b, err := s.Tours.ByRef(c.UserContext(), g.Departure.ID, v["ref"])
	if err != nil {
		return err
	}
	if err := s.Tours.NoteCall(c.UserContext(), b.ID, v["called"] == "yes"); err != nil {
		return err
	}
	return s.see(c, "/console/tours/departures/"+g.Departure.ID, "done", "called")
}

func (s *Site) manifestPrint(c *fiber.Ctx, a account.Actor) error {
	g, err := s.departureFor(c, a, account.TourRead)
	if err != nil {
		return err
	}
	return s.own(c, views.ManifestPrint{Gate: g})
}

// manifestCSV is the same list for a spreadsheet, one line for each party.
func (s *Site) manifestCSV(c *fiber.Ctx, a account.Actor) error {
	g, err := s.departureFor(c, a, account.TourRead)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	head := []string{"code", "state", "name", "phone", "email", "people"}
	for _, t := range g.Tour.EveryType() {
		head = append(head, t.ID)
	}
	for _, x := range g.Tour.EveryAddOn() {
		head = append(head, x.ID)
	}
	head = append(head, "names", "answers", "due", "arrived")
	_ = w.Write(head)
	for _, x := range g.Roster {
		_ = w.Write(manifestRow(g, x))
	}
	if w.Flush(); w.Error() != nil {
		return fault.Wrap(fault.Internal, "internal", w.Error())
	}
	return sendCSV(c, "nguon-visit-"+g.Departure.Start.In(lang.Zone).Format("2006-01-02-1504")+".csv", b.Bytes())
}

func manifestRow(g views.Gate, b tours.Booking) []string {
	n := func(x int64) string { return strconv.FormatInt(x, 10) }
	row := []string{b.Code, string(b.State), cell(b.Name), cell(b.Phone), cell(b.Email), n(int64(len(b.Guests)))}
	for _, t := range g.Tour.EveryType() {
		row = append(row, n(b.Of(t.ID)))
	}
	for _, x := range g.Tour.EveryAddOn() {
		row = append(row, n(b.Party.AddOns[x.ID]))
	}
	due := int64(0)
	if len(b.Arrivals) == 0 && b.State == tours.Booked {
		due = int64(b.Rest)
	}
	at := ""
	if len(b.Arrivals) > 0 {
		at = b.Arrivals[0].At.In(lang.Zone).Format(time.DateTime)
	}
	return append(row, cell(strings.Join(g.GuestNames(b), "; ")), cell(strings.Join(g.Notes(b), "; ")), n(due), at)
}
