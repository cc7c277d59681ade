package handlers

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/tours"
	"nguon/views"
)

const (
	speakerRows = 12
	typeRows    = 8
	policyRows  = 6
)

// ownEvent reads the event that the path names, of an own edition.
func (s *Site) ownEvent(c *fiber.Ctx, a account.Actor) (e tours.Edition, v tours.Event, err error) {
	if e, _, err = s.ownEdition(c, a); err != nil {
		return e, v, err
	}
	name, err := id(c, "event")
	if err != nil {
		return e, v, err
	}
	v, err = s.Festival.Event(c.UserContext(), name)
	if err == nil && v.Edition != e.ID {
		err = fault.New(fault.NotFound, "tours.event.not_found")
	}
	return e, v, err
}

func (s *Site) eventFormPage(c *fiber.Ctx, e tours.Edition, v *tours.Event) views.EventFormPage {
	page := views.EventFormPage{Base: s.base(c), Edition: e, Event: v, Speakers: 1, Types: 2, Steps: 1}
	page.Demo = e.Demo
	return page
}

// newEventForm is empty, or a copy of another event of the edition.
func (s *Site) newEventForm(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	from, err := query(c, "from")
	if err != nil {
		return err
	}
	page := s.eventFormPage(c, e, nil)
	page.Query = rawQuery(c)
	v := map[string]string{"kind": string(tours.Talk), "entry": "free", "day": onForm(e.From)}
	if from != "" {
		old, err := s.Festival.Event(c.UserContext(), from)
		if err == nil && old.Edition != e.ID {
			err = fault.New(fault.NotFound, "tours.event.not_found")
		}
		if err != nil {
			return err
		}
		v = eventValues(e, old)
		page.Speakers, page.Types, page.Steps = len(old.Speakers)+1, len(old.Types)+1, len(old.Policy)+1
	}
	v["id"] = newID(s.Now())
	page.Form.Values = v
	return s.own(c, page)
}

func (s *Site) newEvent(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	if !isID(v["id"]) {
		v["id"] = newID(s.Now())
	}
	return s.saveEvent(c, a, s.eventFormPage(c, e, nil), v["id"], time.Time{}, v)
}

func (s *Site) eventForm(c *fiber.Ctx, a account.Actor) error {
	e, old, err := s.ownEvent(c, a)
	if err != nil {
		return err
	}
	return s.own(c, s.filledEvent(c, e, old))
}

// filledEvent is the form of an event as it stands.
func (s *Site) filledEvent(c *fiber.Ctx, e tours.Edition, v tours.Event) views.EventFormPage {
	page := s.eventFormPage(c, e, &v)
	page.Speakers, page.Types, page.Steps, page.Seen = len(v.Speakers)+1, max(len(v.Types)+1, 2), len(v.Policy)+1, millis(v.Changed)
	page.Form.Values = eventValues(e, v)
	return page
}

func (s *Site) editEvent(c *fiber.Ctx, a account.Actor) error {
	e, old, err := s.ownEvent(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	return s.saveEvent(c, a, s.eventFormPage(c, e, &old), old.ID, seenOr(v["seen"]), v)
}

func (s *Site) saveEvent(c *fiber.Ctx, a account.Actor, page views.EventFormPage, event string, seen time.Time, v map[string]string) error {
	page.Speakers, page.Types, page.Steps = count(v, "speakers.rows", speakerRows), count(v, "types.rows", typeRows), count(v, "policy.rows", policyRows)
	page.Seen = v["seen"]
	if list, more := strings.CutPrefix(v["do"], "more."); more {
		switch list {
		case "speakers":
			page.Speakers = min(page.Speakers+1, speakerRows)
		case "types":
			page.Types = min(page.Types+1, typeRows)
		case "policy":
			page.Steps = min(page.Steps+1, policyRows)
		}
		page.Form = typed(v, nil)
		return s.own(c, page)
	}
	in, names := eventTyped(v, page.Edition, page.Speakers, page.Types, page.Steps)
	in.By, in.Event.ID, in.Event.Edition, in.Seen = a.Person.ID, event, page.Edition.ID, seen
	if _, err := s.Festival.SaveEvent(c.UserContext(), in); err != nil {
		return s.again(c, names.rename(err), func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, festivalPath(page.Edition, ""), "done", "event_saved")
}

func (s *Site) callEventOff(c *fiber.Ctx, a account.Actor) error {
	e, old, err := s.ownEvent(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	if err := s.Festival.CallOff(c.UserContext(), a.Person.ID, old.ID, pair(v, "reason")); err != nil {
		page := s.filledEvent(c, e, old)
		for name, value := range page.Form.Values {
			v[name] = value
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, festivalPath(e, ""), "done", "event_off")
}

func (s *Site) dropEvent(c *fiber.Ctx, a account.Actor) error {
	e, old, err := s.ownEvent(c, a)
	if err != nil {
		return err
	}
	if err := s.Festival.DropEvent(c.UserContext(), a.Person.ID, old.ID); err != nil {
		page := s.filledEvent(c, e, old)
		return s.again(c, err, func(f views.Form) views.Page { page.Form.Err = f.Err; return page }, values(c))
	}
	return s.see(c, festivalPath(e, ""), "done", "event_dropped")
}

// previewEvent is the event as visitors will see it.
func (s *Site) previewEvent(c *fiber.Ctx, a account.Actor) error {
	e, v, err := s.ownEvent(c, a)
	if err != nil {
		return err
	}
	if e.Published {
		return s.see(c, v.Path(e))
	}
	page, err := s.eventPage(c, e.Public(), v.Public())
	if err != nil {
		return err
	}
	page.Preview = festivalPath(e, "/events/"+v.ID)
	return s.own(c, page)
}
