package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/files"
	"nguon/tours"
	"nguon/views"
)

// festivalDesk lists the editions of the committees of who looks.
func (s *Site) festivalDesk(c *fiber.Ctx, a account.Actor) error {
	page := views.FestivalDeskPage{Base: s.base(c)}
	for _, o := range a.Orgs {
		if o.Kind != account.Committee {
			continue
		}
		list, err := s.Festival.Own(c.UserContext(), o.ID)
		if err != nil {
			return err
		}
		page.Committees = append(page.Committees, views.Committee{Org: o, Editions: list})
		page.Demo = page.Demo || o.Demo
	}
	if len(page.Committees) == 0 {
		return fault.New(fault.NotFound, "http.not_found")
	}
	return s.own(c, page)
}

// ownEdition reads the edition that the path names for a member of its committee;
// another's is answered as if it were not there.
func (s *Site) ownEdition(c *fiber.Ctx, a account.Actor) (tours.Edition, account.Org, error) {
	name, err := id(c, "edition")
	if err != nil {
		return tours.Edition{}, account.Org{}, err
	}
	e, err := s.Festival.Edition(c.UserContext(), name)
	if err != nil {
		return e, account.Org{}, err
	}
	o, err := s.Account.Org(c.UserContext(), a, account.FestivalEdit, e.Org)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "tours.edition.not_found")
	}
	return e, o, err
}

func (s *Site) editionDeskPage(c *fiber.Ctx, a account.Actor) (page views.EditionDeskPage, err error) {
	e, o, err := s.ownEdition(c, a)
	if err != nil {
		return page, err
	}
	page = views.EditionDeskPage{Base: s.base(c), Org: o, Edition: e}
	page.Demo = e.Demo
	if lacks := e.Validate(true); lacks != nil {
		page.Lacks = fault.As(lacks).Fields
	}
	page.Events, err = s.Festival.Programme(c.UserContext(), e.ID)
	return page, err
}

func (s *Site) editionDesk(c *fiber.Ctx, a account.Actor) error {
	page, err := s.editionDeskPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) editionDeskAgain(c *fiber.Ctx, a account.Actor, err error, v map[string]string) error {
	page, broken := s.editionDeskPage(c, a)
	if broken != nil {
		return broken
	}
	return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
}

func festivalPath(e tours.Edition, below string) string { return "/console/festival/" + e.ID + below }

func (s *Site) publishEdition(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	if err := s.Festival.Publish(c.UserContext(), a.Person.ID, e.ID); err != nil {
		return s.editionDeskAgain(c, a, err, values(c))
	}
	return s.see(c, festivalPath(e, ""), "done", "edition_published")
}

func (s *Site) withdrawEdition(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	if err := s.Festival.Withdraw(c.UserContext(), a.Person.ID, e.ID); err != nil {
		return err
	}
	return s.see(c, festivalPath(e, ""), "done", "edition_withdrawn")
}

func (s *Site) setEditionPhoto(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	ctx, path := c.UserContext(), ""
	if v["remove"] != "on" {
		_, body, err := upload(c, "photo")
		var photo files.Photo
		if err == nil {
			photo, err = s.Files.Photo(ctx, body)
			err = asField(err, "photo")
		}
		if err != nil {
			return s.editionDeskAgain(c, a, err, v)
		}
		path = photoPath + photo.ID + "-" + string(files.Large) + ".jpg"
	}
	if err := s.Festival.SetPhoto(ctx, a.Person.ID, e.ID, path); err != nil {
		return err
	}
	if path == "" {
		return s.see(c, festivalPath(e, ""), "done", "photo_removed")
	}
	return s.see(c, festivalPath(e, ""), "done", "photo")
}

// previewEdition is the edition as visitors will see it; one that they see is
// shown where they do.
func (s *Site) previewEdition(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	if e.Published {
		return s.see(c, e.Path())
	}
	page, err := s.editionPage(c, e.Public())
	if err != nil {
		return err
	}
	if err := narrow(c, &page); err != nil {
		return err
	}
	page.Preview = festivalPath(e, "")
	return s.own(c, page)
}
