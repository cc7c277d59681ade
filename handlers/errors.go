package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/files"
	"nguon/app/lang"
	"nguon/views"
)

// statuses is the only place where a kind of error becomes a status.
var statuses = map[fault.Kind]int{
	fault.Internal:        http.StatusInternalServerError,
	fault.Invalid:         http.StatusUnprocessableEntity, // 400 for a malformed address
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Gone:            http.StatusGone,
	fault.Conflict:        http.StatusConflict,
	fault.TooMany:         http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

// refusals are the answers that Fiber gives before a handler is reached.
var refusals = map[int]*fault.Error{
	http.StatusNotFound:                    fault.New(fault.NotFound, "http.not_found"),
	http.StatusMethodNotAllowed:            fault.New(fault.Invalid, "http.method"),
	http.StatusRequestTimeout:              fault.New(fault.Invalid, "http.slow"),
	http.StatusRequestEntityTooLarge:       fault.New(fault.Invalid, "http.too_large"),
	http.StatusRequestHeaderFieldsTooLarge: fault.New(fault.Invalid, "http.too_long"),
	http.StatusBadRequest:                  fault.New(fault.Invalid, "http.bad_request"),
}

// malformedError marks an error about an address, not about a form: its
// status is 400 where the kind alone would say 422.
type malformedError struct{ err error }

func (e malformedError) Error() string { return e.err.Error() }
func (e malformedError) Unwrap() error { return e.err }

func malformed(err error) error { return malformedError{err} }

// answer finds what may be said of an error, and its status.
func answer(err error) (*fault.Error, int) {
	var refused *fiber.Error
	if errors.As(err, &refused) {
		if e, ok := refusals[refused.Code]; ok {
			return e, refused.Code
		}
		return fault.Wrap(fault.Invalid, "http.bad_request", err), http.StatusBadRequest
	}
	e := fault.As(err)
	status := statuses[e.Kind]
	var m malformedError
	if status == http.StatusUnprocessableEntity && errors.As(err, &m) {
		status = http.StatusBadRequest
	}
	return e, status
}

// answerTo is answer; where an upload is too large, it says so to whom it may
// concern, and asks others to sign in.
func answerTo(c *fiber.Ctx, err error) (*fault.Error, int) {
	e, status := answer(err)
	switch {
	case status == http.StatusRequestEntityTooLarge && strings.TrimPrefix(rawPath(c), "/en") == statementPath:
		return fault.New(fault.Invalid, "order.statement.large"), status
	case status != http.StatusRequestEntityTooLarge || !uploads(rawPath(c)):
		return e, status
	case bearsSession(&c.Request().Header):
		return fault.New(fault.Invalid, "files.too_large").With("Most", files.MaxUpload>>20), status
	}
	return answer(fault.New(fault.Unauthenticated, "account.session.none"))
}

// fail turns an error into the answer for a person or a program, and is the
// only place that logs errors of requests. It is Fiber's error handler too,
// with nothing above it, so it must not panic.
func (s *Site) fail(c *fiber.Ctx, err error) error {
	defer func() {
		if r := recover(); r != nil {
			s.lastWord(c, r)
		}
	}()
	e, status := answerTo(c, err)
	s.logFailure(c, err, status)
	ctx := context.WithoutCancel(c.UserContext()) // its deadline may be the error
	if requestID(c) == "" {                       // refused before anything stood in front
		ctx = lang.With(ctx, languageOf(c))
	}
	c.SetUserContext(ctx)
	s.secure(c)
	c.Status(status)
	c.Locals(localCode, e.Code)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Response().Header.Del(fiber.HeaderETag)
	if status == http.StatusServiceUnavailable {
		c.Set(fiber.HeaderRetryAfter, "5")
	}
	waitFor(c, e)
	if wantsJSON(c) {
		return s.failJSON(c, e, status)
	}
	page := views.ErrorPage{Base: s.base(c), Status: status, Err: shown(e, status)}
	if page.NoIndex = true; safe(c.Method()) || rawQuery(c) != "" {
		page.Query = rawQuery(c)
	}
	var refused unsentError
	switch {
	case errors.As(err, &refused):
		page.Again = s.sendAgain(c)
	case status >= http.StatusInternalServerError:
		page.RequestID = requestID(c)
	case status == http.StatusBadRequest:
		page.Input = strings.ToValidUTF8(clipped(withQuery(c, rawPath(c))), "\ufffd")
	}
	if err := s.render(c, page); err != nil {
		s.logFailure(c, err, http.StatusInternalServerError)
		c.Type("txt", "utf-8")
		return c.SendString(page.Lang.T("internal") + "\n" + requestID(c))
	}
	return nil
}

// lastWord is the answer when answering an error panicked: of fixed bytes, so
// that it works whatever is broken, the log included.
func (s *Site) lastWord(c *fiber.Ctx, cause any) {
	defer func() { _ = recover() }()
	s.secure(c)
	r := c.Response()
	r.Header.Del(fiber.HeaderContentEncoding)
	r.Header.Del(fiber.HeaderETag)
	r.Header.Set(fiber.HeaderCacheControl, "no-store")
	r.Header.SetContentType(fiber.MIMETextPlainCharsetUTF8)
	r.SetStatusCode(http.StatusInternalServerError)
	r.SetBodyString("500 Internal Server Error\n")
	s.Log.LogAttrs(context.Background(), slog.LevelError, "answering an error panicked",
		slog.String("request", requestID(c)), slog.String("error", fmt.Sprintf("%v\n%s", cause, debug.Stack())))
}

// shown hides everything about a fault of ours.
func shown(e *fault.Error, status int) *fault.Error {
	if status == http.StatusInternalServerError {
		return fault.New(fault.Internal, "internal")
	}
	return e
}

func (s *Site) logFailure(c *fiber.Ctx, err error, status int) {
	level := slog.LevelDebug
	if status >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	s.Log.LogAttrs(c.UserContext(), level, "request failed", slog.Int("status", status),
		slog.String("path", loggable(rawPath(c))), slog.String("request", requestID(c)),
		slog.String("error", err.Error()))
}

// problem is the body of an error for programs.
type problem struct {
	Error problemError `json:"error"`
}

type problemError struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	RequestID string `json:"requestId"`
}

func (s *Site) failJSON(c *fiber.Ctx, e *fault.Error, status int) error {
	e = shown(e, status)
	return c.JSON(problem{problemError{e.Code, lang.From(c.UserContext()).Map(e.Code, e.Args), requestID(c)}})
}

// wantsJSON reports whether a program asked: by route, or by asking a
// resolver for a linkset.
func wantsJSON(c *fiber.Ctx) bool {
	path := rawPath(c)
	return strings.HasPrefix(path, "/api/") || strings.HasPrefix(path, "/.well-known/") || strings.HasPrefix(path, signedPaths) ||
		strings.HasPrefix(path, "/01/") && strings.Contains(c.Get(fiber.HeaderAccept), "json")
}
