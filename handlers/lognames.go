package handlers

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
)

// logNames finds what the entries of the log speak of; each name is read once.
// It is for people who may read the entries.
type logNames struct {
	s     *Site
	found map[string]string // by object: "product:65a0…"
	left  int               // names that it still reads, so that a file ends in time
}

func (s *Site) logNames(most int) *logNames { return &logNames{s, map[string]string{}, most} }

// of is the name of an object, "" for one that has none or is gone.
func (n *logNames) of(ctx context.Context, object string) (string, error) {
	if name, known := n.found[object]; known || n.left == 0 {
		return name, nil
	}
	n.left--
	kind, id, _ := strings.Cut(object, ":")
	name, err := n.read(ctx, kind, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	n.found[object] = name
	return name, nil
}

func (n *logNames) read(ctx context.Context, kind, id string) (string, error) {
	switch kind {
	case "person":
		names, err := n.s.Account.Names(ctx, []string{id})
		return names[id], err
	case "org":
		o, err := n.s.Account.OrgByID(ctx, id)
		return o.Name, err
	case "product":
		return n.s.Catalog.NameOf(ctx, id)
	case "edition":
		e, err := n.s.Festival.Edition(ctx, id)
		return e.Name.Vi, err
	case "event":
		v, err := n.s.Festival.Event(ctx, id)
		return v.Title.Vi, err
	case "tour":
		t, err := n.s.Tours.Tour(ctx, id)
		return t.Name, err
	case "departure":
		d, err := n.s.Tours.Departure(ctx, id)
		if err != nil {
			return "", err
		}
		l := lang.From(ctx)
		return d.Title.In(l) + ", " + l.DateTime(d.Start), nil
	case "report":
		r, err := n.s.Reports.Get(ctx, id)
		return r.Number, err
	case "text":
		if key, l := "legal."+id+".title", lang.From(ctx); l.Has(key) {
			return l.T(key), nil
		}
	}
	return "", nil
}

// logKinds are the kinds of objects that the log speaks of.
var logKinds = [...]string{"org", "product", "person", "edition", "event", "report", "text", "tour", "departure", "review"}

// withKind completes an id that was typed without its kind, where the log knows
// it.
func (s *Site) withKind(c *fiber.Ctx, a account.Actor, f account.LogFilter) (string, error) {
	if f.Object == "" || strings.Contains(f.Object, ":") {
		return f.Object, nil
	}
	for _, kind := range logKinds {
		object := kind + ":" + f.Object
		entries, _, err := s.Account.Log(c.UserContext(), a, account.LogFilter{Org: f.Org, Object: object})
		if err != nil {
			return "", err
		}
		if len(entries) > 0 {
			return object, nil
		}
	}
	return f.Object, nil
}
