package handlers

import (
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"

	"nguon/app/lang"
)

// festivalRoutes are the addresses of the festival: pages and calendars that
// anybody may keep, and the desk of its committee.
func (s *Site) festivalRoutes(app *fiber.App, l lang.Lang) {
	zip := compress.New(compress.Config{Level: compress.LevelBestSpeed})
	page := func(path string, h fiber.Handler) { app.Get(l.Path(path), zip, h) }
	get := func(path string, h personal) { app.Get(l.Path(path), s.me(h)) }
	post := func(path string, h personal) { app.Post(l.Path(path), s.sameOrigin, s.me(h)) }
	own := func(path string, form, answer personal) { get(path, form); post(path, answer) }

	page("/festival", s.festival)
	page("/festival/:year.ics", s.editionCalendar)
	page("/festival/:year", s.edition)
	page("/festival/:year/print", s.editionPrint)
	page("/festival/:year/:slug.ics", s.eventCalendar)
	page("/festival/:year/:slug", s.event)

	get("/console/festival", s.festivalDesk)
	own("/console/festival/new", s.newEditionForm, s.newEdition)
	get("/console/festival/:edition", s.editionDesk)
	own("/console/festival/:edition/edit", s.editEditionForm, s.editEdition)
	own("/console/festival/:edition/venues", s.venuesForm, s.setVenues)
	own("/console/festival/:edition/booths", s.boothsForm, s.setBooths)
	own("/console/festival/:edition/photo", s.editionDesk, s.setEditionPhoto)
	own("/console/festival/:edition/publish", s.editionDesk, s.publishEdition)
	own("/console/festival/:edition/withdraw", s.editionDesk, s.withdrawEdition)
	get("/console/festival/:edition/preview", s.previewEdition)
	own("/console/festival/:edition/events/new", s.newEventForm, s.newEvent)
	own("/console/festival/:edition/events/:event", s.eventForm, s.editEvent)
	get("/console/festival/:edition/events/:event/preview", s.previewEvent)
	own("/console/festival/:edition/events/:event/off", s.eventForm, s.callEventOff)
	own("/console/festival/:edition/events/:event/drop", s.eventForm, s.dropEvent)
}
