package handlers

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/pay/bank"
)

// webhookLimit is the most that a word of a bank or of the card gateway takes.
const webhookLimit = 256 << 10

// unknownAgain is after how many seconds a word about an unknown order may come
// again: its order may be on its way into the store.
const unknownAgain = "30"

// cardWord takes a word of the card gateway: 400 for a bad signature, 404 for an
// order that is not known yet, 503 for trouble with the store, so that it comes
// again; else 200.
func (s *Site) cardWord(c *fiber.Ctx) error {
	if s.Card == nil {
		return fault.New(fault.NotFound, "http.not_found")
	}
	body := bytes.Clone(c.Request().Body()) // as it was signed
	e, err := s.Card.Event(c.UserContext(), body, strings.Clone(c.Get("Stripe-Signature")))
	if err == nil {
		err = s.Orders.Take(c.UserContext(), e)
	}
	switch {
	case fault.Is(err, fault.NotFound):
		c.Set(fiber.HeaderRetryAfter, unknownAgain)
		return err
	case err != nil:
		return malformedQuery(err)
	}
	return c.SendStatus(http.StatusOK)
}

// bankWord takes what a bank's service tells of transfers: 401 for a signature
// that is wrong or old, 400 for what cannot be read, 409 for a reference that
// came with another amount. A transfer that is told twice is one.
func (s *Site) bankWord(c *fiber.Ctx) error {
	if s.TransferSecret == "" {
		return fault.New(fault.NotFound, "http.not_found")
	}
	body := bytes.Clone(c.Request().Body())
	list, err := bank.Parse(body, func(name string) string { return strings.Clone(c.Get(name)) }, s.TransferSecret, s.Now())
	if err != nil {
		return malformedQuery(err)
	}
	for _, in := range list { // one that is wrong holds up no other
		if _, e := s.Orders.Receive(c.UserContext(), in, "webhook", "webhook"); e != nil && err == nil {
			err = e
		}
	}
	if err != nil {
		return malformedQuery(err)
	}
	return c.JSON(struct {
		Success bool `json:"success"`
	}{true})
}
