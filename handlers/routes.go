package handlers

import (
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"

	"nguon/app/lang"
)

// deadline is how long a request may take in the services it calls; uploadTime,
// how long an upload may take to arrive.
const (
	deadline   = 10 * time.Second
	uploadTime = 60 * time.Second
)

// routes is the site as a Fiber application: what stands before every handler,
// and every address.
func (s *Site) routes() *fiber.App {
	app := fiber.New(s.settings())
	app.Server().HeaderReceived = bodyLimit

	// In this order. Compression stands before single pages: the trace page
	// compresses by itself.
	app.Use(rescue, s.observe, wellFormed, within(deadline), s.headers, language, bare)
	app.Use([]string{"/01/", "/api/", "/.well-known/"}, open)
	zip := compress.New(compress.Config{Level: compress.LevelBestSpeed})

	app.Get("/healthz", s.healthz)
	app.Get("/readyz", s.readyz)
	app.Get("/robots.txt", s.robots)
	app.Get("/sitemap.xml", zip, s.sitemap)
	app.Get("/static/*", s.static)

	app.Get("/01/*", s.digitalLink)
	app.Options("/01/*", preflight)
	app.Get("/.well-known/gs1resolver", s.resolverFile)
	app.Get("/api/openapi.yaml", zip, s.openAPI)
	app.Get("/api/v1/trace/:gtin/:lot", zip, s.traceJSON)
	app.Get("/api/v1/trace/:gtin/:lot/:serial", zip, s.traceJSON)
	app.Options("/api/v1/trace/*", preflight)
	app.Get("/api/v1/search", zip, s.searchJSON)
	app.Options("/api/v1/search", preflight)

	app.Get("/photos/:name", s.photo)

	s.webhooks(app)

	for _, l := range lang.All {
		s.moneyDesk(app, l)
		s.gateDesk(app, l)
		s.tourDesk(app, l)
		s.desk(app, l)
		s.buying(app, l)
		s.orderDesk(app, l)
		s.festivalRoutes(app, l)
		page := func(path string, handlers ...fiber.Handler) { app.Get(l.Path(path), handlers...) }
		page("/", zip, s.home)
		page("/products", zip, s.products)
		page("/products/:slug", zip, s.product)
		page("/producers", zip, s.producers)
		page("/producers/:slug", zip, s.producer)
		page("/tours", zip, s.toursShown)
		page("/tours/:slug", zip, s.tour)
		page("/search", zip, s.search)
		page("/search/suggest", zip, s.suggest)
		page("/verify", zip, s.verify)
		page("/about", zip, s.imprint)
		page("/about/:page", zip, s.aboutPage)
		page("/gi", zip, s.register)
		page("/gi/:number", zip, s.right)
		page("/trace/:gtin/:lot", s.trace)
		page("/trace/:gtin/:lot/:serial", s.trace)
		if s.Dev {
			page("/_gallery", zip, s.gallery)
		}
	}
	return app
}

func (s *Site) settings() fiber.Config {
	return fiber.Config{
		AppName:                 "nguon",
		DisableStartupMessage:   true,
		ErrorHandler:            s.fail,
		Immutable:               true, // values of a request outlive it in caches and logs
		CaseSensitive:           true,
		StrictRouting:           true,
		EnableTrustedProxyCheck: true,        // without it every client's forwarded headers count
		BodyLimit:               uploadLimit, // the most; bodyLimit says what each address takes
		ReadBufferSize:          8 << 10,
		ReadTimeout:             10 * time.Second,
		WriteTimeout:            30 * time.Second,
		IdleTimeout:             60 * time.Second,
	}
}
