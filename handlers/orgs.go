package handlers

import (
	"mime"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/store"
	"nguon/views"
)

func (s *Site) newOrgForm(c *fiber.Ctx, _ account.Actor) error {
	return s.own(c, views.OrgFormPage{Base: s.base(c), Form: views.Form{Values: map[string]string{"id": store.NewID(s.Now())}}})
}

func orgForm(v map[string]string) account.OrgForm {
	return account.OrgForm{Kind: account.OrgKind(v["kind"]), Name: v["name"], NameEn: v["nameEn"], TaxCode: v["taxCode"],
		Commune: v["commune"], Address: v["address"], Phone: v["phone"]}
}

func (s *Site) newOrg(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	org := v["id"]
	if err := s.Account.Register(c.UserContext(), a, org, orgForm(v)); err != nil {
		return s.again(c, err, func(f views.Form) views.Page { return views.OrgFormPage{Base: s.base(c), Form: f} }, v)
	}
	return s.see(c, "/console/organisations/"+org, "done", "org_applied")
}

func (s *Site) org(c *fiber.Ctx, a account.Actor) error {
	page, err := s.orgPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) orgPage(c *fiber.Ctx, a account.Actor) (views.OrgPage, error) {
	o, err := s.object(c, a, account.OrgRead)
	if err != nil {
		return views.OrgPage{}, err
	}
	page := views.OrgPage{Base: s.base(c), Org: o, Owner: a.May(account.OrgEdit, account.OfOrg(o)) == nil}
	page.Demo = o.Demo
	page.Names, err = s.names(c, deciders(o)...)
	return page, err
}

func deciders(o account.Org) []string {
	ids := make([]string, 0, len(o.Decisions))
	for _, d := range o.Decisions {
		ids = append(ids, d.By)
	}
	return ids
}

func (s *Site) editOrgForm(c *fiber.Ctx, a account.Actor) error {
	o, err := s.object(c, a, account.OrgEdit)
	if err != nil {
		return err
	}
	f := views.Form{Values: map[string]string{"kind": string(o.Kind), "name": o.Name, "nameEn": o.NameEn, "taxCode": o.TaxCode,
		"commune": o.Commune, "address": o.Address, "phone": o.Phone}}
	return s.own(c, views.OrgFormPage{Base: s.base(c), Form: f, Org: o, Fixed: o.Fixed()})
}

func (s *Site) editOrg(c *fiber.Ctx, a account.Actor) error {
	o, err := s.object(c, a, account.OrgEdit)
	if err != nil {
		return err
	}
	v := values(c)
	if err := s.Account.EditOrg(c.UserContext(), a, o.ID, orgForm(v)); err != nil {
		return s.again(c, err, func(f views.Form) views.Page {
			return views.OrgFormPage{Base: s.base(c), Form: f, Org: o, Fixed: o.Fixed()}
		}, v)
	}
	return s.see(c, "/console/organisations/"+o.ID, "done", "org_saved")
}

func (s *Site) applyOrg(c *fiber.Ctx, a account.Actor) error {
	o, err := s.object(c, a, account.OrgEdit)
	if err != nil {
		return err
	}
	seq, _ := strconv.Atoi(values(c)["seq"])
	if err := s.Account.Apply(c.UserContext(), a, o.ID, seq); err != nil {
		return err
	}
	return s.see(c, "/console/organisations/"+o.ID, "done", "org_applied")
}

// addDocument takes a paper in. It is stored first: if noting it fails, a file
// that nobody knows of is removed again.
func (s *Site) addDocument(c *fiber.Ctx, a account.Actor) error {
	o, err := s.object(c, a, account.OrgEdit)
	if err != nil {
		return err
	}
	if err := s.keepDocument(c, a, o); err != nil {
		page, broken := s.orgPage(c, a)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, values(c))
	}
	return s.see(c, "/console/organisations/"+o.ID, "done", "document")
}

func (s *Site) keepDocument(c *fiber.Ctx, a account.Actor, o account.Org) error {
	name, body, err := upload(c, "document")
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	d, err := s.Files.Document(ctx, name, body)
	if err != nil {
		return asField(err, "document")
	}
	err = s.Account.AddDocument(ctx, a, o.ID, account.Document{ID: d.ID, Name: d.Name, Type: d.Type, Size: d.Size})
	if err != nil {
		_ = s.Files.DeleteDocument(ctx, d.ID) // the error that matters is the first
	}
	return err
}

func (s *Site) removeDocument(c *fiber.Ctx, a account.Actor) error {
	org, err := id(c, "org")
	if err != nil {
		return err
	}
	if err := s.Account.RemoveDocument(c.UserContext(), a, org, values(c)["document"]); err != nil {
		return err
	}
	return s.see(c, "/console/organisations/"+org, "done", "document_gone")
}

// document sends a paper as a download; nothing in it is ever opened as a page
// of this site.
func (s *Site) document(c *fiber.Ctx, a account.Actor) error {
	org, err := id(c, "org")
	if err != nil {
		return err
	}
	doc, err := id(c, "doc")
	if err != nil {
		return err
	}
	d, err := s.Account.Document(c.UserContext(), a, org, doc)
	if err != nil {
		return err
	}
	body, err := s.Files.OpenDocument(c.UserContext(), d.ID)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentSecurityPolicy, filePolicy)
	c.Set(fiber.HeaderContentType, d.Type)
	c.Set(fiber.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": d.Name}))
	return c.Send(body)
}

// filePolicy stands over everything that people uploaded.
const filePolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

// photo sends a picture that was made anew from an upload. Its address names its
// content, so it may be kept for ever.
func (s *Site) photo(c *fiber.Ctx) error {
	name, err := segment(c, "name")
	if err != nil {
		return err
	}
	photo, size, err := photoName(name)
	if err != nil {
		return err
	}
	body, err := s.Files.OpenPhoto(c.UserContext(), photo, size)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentSecurityPolicy, filePolicy)
	c.Set(fiber.HeaderContentType, "image/jpeg")
	c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	return c.Send(body)
}
