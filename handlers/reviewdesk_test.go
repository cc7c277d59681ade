package handlers_test

import (
	"context"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/tours"
)

// aReview is what a party of a tour says after it came.
func (s *site) aReview(t tours.Tour, stars int64, text string) tours.Review {
	s.t.Helper()
	ctx := context.Background()
	d := s.nextOf(t)
	b := s.comer(d, "Hoa")
	_, err := s.tours.CheckIn(ctx, "p1", tours.Scan{Departure: d.ID, Ticket: b.Ref(), At: s.now()})
	must(s.t, err)
	must(s.t, s.tours.Say(ctx, b.ID, stars, text, "Hoa"))
	list, _, err := s.tours.ReviewsOf(ctx, t.Org, "")
	must(s.t, err)
	if len(list) == 0 {
		s.t.Fatal("no review")
	}
	return list[0]
}

func TestTheHostAnswersAReview(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	if d := owner.get(hostDesk + "/reviews").doc(t); d.Find(".empty").Length() != 1 {
		t.Error("an empty list says nothing")
	}
	r := s.aReview(s.tourOf(ourOrg, "hái"), 4, "Vui, nhưng đường xa.")
	if text := squash(owner.get(hostDesk + "/reviews").doc(t).Find("main").Text()); !strings.Contains(text, "đường xa") || !strings.Contains(text, "4 sao") || !strings.Contains(text, "Chưa trả lời") {
		t.Error(text)
	}
	path := hostDesk + "/reviews/" + r.ID
	token := owner.token()
	for _, text := range []string{" ", strings.Repeat("x", 2001)} {
		if a := owner.post(path, "token", token, "do", "answer", "answer", text); a.Status != 422 || a.doc(t).Find("#answer-error").Length() != 1 {
			t.Errorf("%.5q: %d", text, a.Status)
		}
	}
	for _, text := range []string{"Lần sau có xe đón.", "Lần sau có xe đón từ thành phố."} { // again changes it
		if a := owner.post(path, "token", token, "do", "answer", "answer", text); a.Status != 303 {
			t.Fatal(a.Status)
		}
		if got := owner.get(path).doc(t).Find("#answer").Text(); got != text {
			t.Error(got)
		}
	}
	if a := owner.post(path, "token", token, "do", "take"); a.Status != 303 {
		t.Error(a.Status)
	}
	if now, _ := s.tours.Review(context.Background(), r.ID); now.Answer != "" || now.Answered != nil {
		t.Errorf("%+v", now)
	}
	other := s.aReview(s.tourOf(otherOrg, "Hua Noong"), 1, "Mưa")
	if a := owner.get(hostDesk + "/reviews/" + other.ID); a.Status != 404 {
		t.Errorf("others' review: %d", a.Status)
	}
	if a := owner.post(hostDesk+"/reviews/"+other.ID, "token", token, "do", "answer", "answer", "x"); a.Status != 404 {
		t.Errorf("others' review: %d", a.Status)
	}
}

func TestTheMarketHidesAReview(t *testing.T) {
	s := newSite(t)
	r := s.aReview(s.tourOf(ourOrg, "hái"), 1, "Gọi 0912 345 678 mà chửi")
	operator, owner := s.enter(account.Operator), s.enter(account.Owner)
	path := "/console/market/reviews/" + r.ID
	token := operator.token()
	if a := operator.get("/console/market/reviews"); !strings.Contains(a.Body, "0912 345 678") {
		t.Error("it is not listed")
	}
	if a := operator.post(path, "token", token, "do", "hide", "reason", ""); a.Status != 422 || a.doc(t).Find("#reason-error").Length() != 1 {
		t.Errorf("without a reason: %d", a.Status)
	}
	if a := operator.post(path, "token", token, "do", "hide", "reason", "Lộ số điện thoại"); a.Status != 303 {
		t.Fatal(a.Status)
	}
	if list, err := s.tours.Reviews(context.Background(), r.Tour, 10); err != nil || len(list) != 0 {
		t.Errorf("%v %v", list, err)
	}
	if a := operator.get("/console/market/reviews?show=hidden"); !strings.Contains(a.Body, "0912 345 678") || strings.Contains(operator.get("/console/market/reviews").Body, "0912 345 678") {
		t.Error("it stands in the wrong list")
	}
	if text := squash(owner.get(hostDesk + "/reviews/" + r.ID).doc(t).Find("main").Text()); !strings.Contains(text, "Lộ số điện thoại") {
		t.Error("the host does not read why")
	}
	if a := operator.post(path, "token", token, "do", "show"); a.Status != 303 {
		t.Error(a.Status)
	}
	if a := operator.get("/console/market/reviews?show=all"); a.Status != 400 {
		t.Errorf("a list that is not: %d", a.Status)
	}
	if a := owner.get("/console/market/reviews"); a.Status != 403 {
		t.Errorf("a host moderates: %d", a.Status)
	}
}
