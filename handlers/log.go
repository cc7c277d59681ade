package handlers

import (
	"encoding/csv"
	"errors"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/views"
)

var logFields = [...]string{"org", "by", "object", "action", "from", "to"}

// log is the viewer of the audit log. Owners see their organisation's entries.
func (s *Site) log(c *fiber.Ctx, a account.Actor) error {
	refused := a.May(account.LogRead, account.Object{})
	all := refused == nil
	page := views.LogPage{Base: s.base(c), All: all}
	for _, o := range a.Orgs {
		if a.May(account.LogRead, account.OfOrg(o)) == nil {
			page.Orgs = append(page.Orgs, o)
		}
	}
	v, f, err := logFilter(c)
	if err != nil {
		return malformed(err)
	}
	if !all && f.Org == "" {
		if len(page.Orgs) == 0 {
			if a.NeedsSecond() {
				return refused // says what is missing
			}
			return fault.New(fault.Forbidden, "account.forbidden")
		}
		f.Org, v["org"] = page.Orgs[0].ID, page.Orgs[0].ID
	}
	if f.Object, err = s.withKind(c, a, f); err != nil {
		return err
	}
	v["object"] = f.Object
	page.Form.Values, page.Query = v, rawQuery(c)
	page.Export = "/console/log.csv?" + encoded(v)
	if page.Entries, page.Next, err = s.Account.Log(c.UserContext(), a, f); err != nil {
		return malformedQuery(err)
	}
	if err := s.nameEntries(c, &page); err != nil {
		return err
	}
	return s.own(c, page)
}

// nameEntries finds the people and objects that a page of the log speaks of.
func (s *Site) nameEntries(c *fiber.Ctx, page *views.LogPage) error {
	names := s.logNames(math.MaxInt)
	page.Names, page.Objects = map[string]string{}, map[string]string{}
	note := func(object string) error {
		name, err := names.of(c.UserContext(), object)
		if person, ok := strings.CutPrefix(object, "person:"); ok && name != "" {
			page.Names[person] = name
		}
		page.Objects[object] = name
		return err
	}
	for _, e := range page.Entries {
		if err := errors.Join(note(e.Object), note("person:"+e.By)); err != nil {
			return err
		}
		for _, v := range slices.Concat(e.Before, e.After) {
			if v.Name == "person" {
				if err := note("person:" + v.Text); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func encoded(v map[string]string) string {
	q := url.Values{}
	for _, name := range logFields {
		if v[name] != "" {
			q.Set(name, v[name])
		}
	}
	return q.Encode()
}

func logFilter(c *fiber.Ctx) (map[string]string, account.LogFilter, error) {
	v := map[string]string{}
	for _, name := range append(logFields[:], "after") {
		value, err := query(c, name)
		if err != nil {
			return nil, account.LogFilter{}, err
		}
		v[name] = value
	}
	f := account.LogFilter{Org: v["org"], By: v["by"], Object: v["object"], Action: v["action"], After: v["after"]}
	var err error
	if f.From, err = dayOf(v["from"]); err == nil {
		f.To, err = dayOf(v["to"])
	}
	return v, f, err
}

// dayOf reads a calendar day as date fields send it: its first moment in
// Vietnam, zero for an empty field.
func dayOf(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, lang.Zone)
	if err != nil || t.Year() < 1900 || t.Year() > 2200 {
		return time.Time{}, fault.New(fault.Invalid, "http.bad_query")
	}
	return t, nil
}

// logCSV is the same as a file: RFC 4180 with a header, times in RFC 3339, and
// a byte order mark, by which Excel knows UTF-8. It is made in memory, at most
// exportMost entries of it.
func (s *Site) logCSV(c *fiber.Ctx, a account.Actor) error {
	_, f, err := logFilter(c)
	if err != nil {
		return malformed(err)
	}
	if f.Object, err = s.withKind(c, a, f); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("\ufeff")
	w, names := csv.NewWriter(&b), s.logNames(namesMost)
	_ = w.Write([]string{"seq", "at", "by", "by name", "action", "object", "object name", "organisation", "before", "after", "hash"})
	n := 0
	err = s.Account.EachLog(c.UserContext(), a, f, func(e account.LogEntry) error {
		if n++; n > exportMost {
			return fault.New(fault.Invalid, "account.log.long")
		}
		by, err := names.of(c.UserContext(), "person:"+e.By)
		if err != nil {
			return err
		}
		object, err := names.of(c.UserContext(), e.Object)
		if err != nil {
			return err
		}
		return w.Write([]string{strconv.FormatInt(e.Seq, 10), e.At.Format(time.RFC3339), e.By, cell(by), e.Action, e.Object, cell(object), e.Org, valuesLine(e.Before), valuesLine(e.After), e.Hash})
	})
	if err != nil {
		return malformedQuery(err)
	}
	w.Flush()
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="nguon-log.csv"`)
	return c.SendString(b.String())
}

// Most entries of a file, and names looked up for it: a file of more objects
// leaves the oldest without a name rather than not ending in time.
const (
	exportMost = 100_000
	namesMost  = 5_000
)

// valuesLine words values for a cell.
func valuesLine(vs []outbox.Value) string {
	parts := make([]string, len(vs))
	for i, v := range vs {
		if n, err := strconv.ParseInt(v.Text, 10, 64); err == nil && strings.HasPrefix(v.Name, "price ") {
			v.Text = money.VND(n).String()
		}
		parts[i] = v.Name + "=" + v.Text
	}
	return cell(strings.Join(parts, "; "))
}

// cell quotes what a spreadsheet would take for a formula (OWASP, CSV
// injection).
func cell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		s = "'" + s
	}
	return s
}
