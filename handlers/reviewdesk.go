package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/tours"
	"nguon/views"
)

// reviewDesk is what visitors say of the visits of one organisation.
func (s *Site) reviewDesk(c *fiber.Ctx, a account.Actor) error {
	after, err := query(c, "after")
	if err != nil {
		return err
	}
	page := views.ReviewDeskPage{Base: s.base(c)}
	page.Query = rawQuery(c)
	if page.Org, page.Orgs, err = s.hosts(c, a, account.TourEdit); err != nil {
		return err
	}
	page.Demo = page.Org.Demo
	if page.Items, page.Next, err = s.Tours.ReviewsOf(c.UserContext(), page.Org.ID, after); err != nil {
		return malformedQuery(err)
	}
	if page.Tours, err = s.tourNamesOf(c, page.Items); err != nil {
		return err
	}
	return s.own(c, page)
}

// tourNamesOf names the tours of reviews.
func (s *Site) tourNamesOf(c *fiber.Ctx, list []tours.Review) (map[string]string, error) {
	names := map[string]string{}
	for _, r := range list {
		if _, known := names[r.Tour]; known {
			continue
		}
		t, err := s.Tours.Tour(c.UserContext(), r.Tour)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		names[r.Tour] = t.Title().In(s.base(c).Lang)
	}
	return names, nil
}

// hostReview reads the review that the path names for somebody who may do verb with
// the visits of its host.
func (s *Site) hostReview(c *fiber.Ctx, a account.Actor, verb account.Verb) (page views.ReviewPage, err error) {
	name, err := id(c, "review")
	if err != nil {
		return page, err
	}
	page = views.ReviewPage{Base: s.base(c)}
	if page.Review, err = s.Tours.Review(c.UserContext(), name); err != nil {
		return page, err
	}
	o, err := s.Account.Org(c.UserContext(), a, verb, page.Review.Org)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "tours.review.not_found")
	}
	if err != nil {
		return page, err
	}
	page.Demo, page.Own = o.Demo, o.Has(a.Person.ID)
	page.Tour, err = s.Tours.Tour(c.UserContext(), page.Review.Tour)
	return page, err
}

func (s *Site) reviewForm(c *fiber.Ctx, a account.Actor) error {
	page, err := s.hostReview(c, a, account.TourEdit)
	if err != nil {
		return err
	}
	page.Form.Values = map[string]string{"answer": page.Review.Answer}
	return s.own(c, page)
}

// answerReview keeps the host's answer, or takes it back.
func (s *Site) answerReview(c *fiber.Ctx, a account.Actor) error {
	page, err := s.hostReview(c, a, account.TourEdit)
	if err != nil {
		return err
	}
	v := values(c)
	text, done := plainText(v["answer"]), "review_answered"
	switch {
	case v["do"] == "take":
		text, done = "", "review_taken"
	case text == "":
		err = fault.New(fault.Invalid, "tours.review.form").Field("answer", "tours.field.missing")
	}
	if err == nil {
		err = s.Tours.Answer(c.UserContext(), a.Person.ID, page.Review.ID, text)
	}
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/tours/reviews/"+page.Review.ID, "done", done)
}

// marketReviews is what visitors say of all visits.
func (s *Site) marketReviews(c *fiber.Ctx, a account.Actor) error {
	if err := a.May(account.OrgDecide, account.Object{}); err != nil {
		return err
	}
	after, err := query(c, "after")
	if err != nil {
		return err
	}
	show, err := chosen(c, "show", string(tours.ReviewShown), string(tours.ReviewHidden))
	if err != nil {
		return err
	}
	page := views.ReviewDeskPage{Base: s.base(c), Market: true, Show: tours.ReviewState(show)}
	page.Query = rawQuery(c)
	if page.Items, page.Next, err = s.Tours.AllReviews(c.UserContext(), page.Show, after); err != nil {
		return malformedQuery(err)
	}
	if page.Tours, err = s.tourNamesOf(c, page.Items); err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) reviewOfMarket(c *fiber.Ctx, a account.Actor) (page views.ReviewPage, err error) {
	if err := a.May(account.OrgDecide, account.Object{}); err != nil {
		return page, err
	}
	page, err = s.hostReview(c, a, account.TourRead)
	page.Market = true
	return page, err
}

func (s *Site) marketReview(c *fiber.Ctx, a account.Actor) error {
	page, err := s.reviewOfMarket(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

// moderate hides a review or shows it again; nobody decides on what is said of his
// own organisation.
func (s *Site) moderate(c *fiber.Ctx, a account.Actor) error {
	page, err := s.reviewOfMarket(c, a)
	if err != nil {
		return err
	}
	if page.Own {
		return fault.New(fault.Forbidden, "account.org.own")
	}
	v, done := values(c), "review_hidden"
	if v["do"] == "show" {
		done = "review_shown"
	}
	if err := s.Tours.Moderate(c.UserContext(), a.Person.ID, page.Review.ID, v["do"] != "show", v["reason"]); err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/market/reviews/"+page.Review.ID, "done", done)
}
