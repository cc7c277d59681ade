package handlers

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"nguon/app/fault"
	"nguon/app/files"
	"nguon/views"
)

// Sizes of request bodies. Forms are small; texts of legal pages and uploads
// have a limit of their own.
const (
	formLimit   = 64 << 10
	textLimit   = 1 << 20
	uploadLimit = files.MaxUpload + 256<<10
)

// bodyLimit gives each address the limit that it needs, before the body is read.
// An upload is for people: a request without a session's cookie, which is refused
// anyway, brings no more than a form.
func bodyLimit(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(h.RequestURI()), "?")
	switch {
	case uploads(path) && bearsSession(h):
		return fasthttp.RequestConfig{MaxRequestBodySize: uploadLimit, ReadTimeout: uploadTime}
	case strings.TrimPrefix(path, "/en") == statementPath:
		return fasthttp.RequestConfig{MaxRequestBodySize: statementLimit, ReadTimeout: uploadTime}
	case strings.HasPrefix(path, signedPaths):
		return fasthttp.RequestConfig{MaxRequestBodySize: webhookLimit}
	case strings.HasPrefix(strings.TrimPrefix(path, "/en"), "/console/market/texts/"), strings.HasPrefix(strings.TrimPrefix(path, "/en"), "/console/festival/"),
		strings.HasPrefix(strings.TrimPrefix(path, "/en"), "/console/tours/") && bearsSession(h): // a visit's story in two languages
		return fasthttp.RequestConfig{MaxRequestBodySize: textLimit}
	}
	return fasthttp.RequestConfig{MaxRequestBodySize: formLimit}
}

// bearsSession reports whether a request carries a session's cookie, whatever it
// is worth.
func bearsSession(h *fasthttp.RequestHeader) bool {
	return len(h.Cookie("__Host-"+sessionCookie)) > 0 || len(h.Cookie(sessionCookie)) > 0
}

// uploads reports whether a path, in either language, takes a file.
func uploads(path string) bool {
	path = strings.TrimPrefix(path, "/en")
	return strings.HasPrefix(path, "/console/") && (strings.HasSuffix(path, "/photo") || strings.HasSuffix(path, "/documents"))
}

// values are the fields of a posted form, each once, as strings of their own.
func values(c *fiber.Ctx) map[string]string {
	m := map[string]string{}
	if strings.HasPrefix(string(c.Request().Header.ContentType()), fiber.MIMEMultipartForm) {
		if f, err := c.MultipartForm(); err == nil {
			for name, list := range f.Value {
				if len(list) > 0 {
					m[strings.Clone(name)] = strings.Clone(list[0])
				}
			}
		}
		return m
	}
	c.Request().PostArgs().VisitAll(func(name, value []byte) {
		if n := string(name); m[n] == "" {
			m[n] = string(value)
		}
	})
	return m
}

// secrets are fields that no page shows again.
var secrets = [...]string{"password", "current", "code", "token"}

// typed is a form as it comes back to who filled it in, with what is wrong.
func typed(v map[string]string, err error) views.Form {
	for _, name := range secrets {
		delete(v, name)
	}
	f := views.Form{Values: v}
	if err != nil {
		f.Err = fault.As(err)
	}
	return f
}

// ours reports whether an error concerns the form, so that the form is shown
// again; any other is the business of the error page.
func ours(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.TooMany, fault.Unauthenticated:
		return true
	}
	return false
}

// again shows a form once more with what is wrong, under the status of the
// error. An error that does not concern the form is returned.
func (s *Site) again(c *fiber.Ctx, err error, page func(views.Form) views.Page, v map[string]string) error {
	if !ours(err) {
		return err
	}
	return s.anew(c, err, page, v)
}

// anew is again for whatever error, where the page knows that it is about the
// form.
func (s *Site) anew(c *fiber.Ctx, err error, page func(views.Form) views.Page, v map[string]string) error {
	e, status := answer(err)
	c.Locals(localCode, e.Code)
	waitFor(c, e)
	if err := s.own(c, page(typed(v, e))); err != nil {
		return err
	}
	c.Status(status)
	return nil
}

// own renders a page that is for one person or one moment only.
func (s *Site) own(c *fiber.Ctx, page views.Page) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.render(c, page)
}

// upload reads the file of a field. A form without one is fault.Invalid.
func upload(c *fiber.Ctx, field string) (name string, body []byte, err error) {
	h, err := c.FormFile(field)
	if err != nil || h.Size == 0 {
		return "", nil, fault.New(fault.Invalid, "files.empty").Field(field, "files.empty")
	}
	f, err := h.Open()
	if err != nil {
		return "", nil, fault.Wrap(fault.Invalid, "files.damaged", err).Field(field, "files.damaged")
	}
	defer f.Close()
	var b bytes.Buffer
	if _, err := io.Copy(&b, io.LimitReader(f, files.MaxUpload+1)); err != nil {
		return "", nil, fault.Wrap(fault.Invalid, "files.damaged", err).Field(field, "files.damaged")
	}
	return strings.Clone(h.Filename), b.Bytes(), nil
}

// asField ties an error about a file to its field.
func asField(err error, field string) error {
	if fault.Is(err, fault.Invalid) {
		e := fault.As(err)
		return e.Field(field, e.Code)
	}
	return err
}

// waitFor tells a program how long to wait, where the error knows.
func waitFor(c *fiber.Ctx, e *fault.Error) {
	if seconds, ok := e.Args["Seconds"].(int64); ok {
		c.Set(fiber.HeaderRetryAfter, strconv.FormatInt(seconds, 10))
	}
}
