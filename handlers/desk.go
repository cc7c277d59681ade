package handlers

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/files"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/views"
)

// photoPath is the address of a product's photo: the picture's id and its size.
const photoPath = "/photos/"

// photoName reads the last part of a photo's address: "id-l.jpg", "id-s.jpg".
func photoName(name string) (id string, size files.Size, err error) {
	name, ok := strings.CutSuffix(name, ".jpg")
	id, s, cut := strings.Cut(name, "-")
	if size = files.Size(s); !ok || !cut || size != files.Large && size != files.Small {
		return "", "", fault.New(fault.NotFound, "files.not_found")
	}
	return id, size, nil
}

func (s *Site) shop(c *fiber.Ctx, a account.Actor) error {
	page := views.ShopPage{Base: s.base(c)}
	for _, o := range a.Orgs {
		if a.May(account.ProductRead, account.OfOrg(o)) != nil {
			continue
		}
		list, err := s.Catalog.Own(c.UserContext(), o.ID)
		if err != nil {
			return err
		}
		shop := views.Shop{Org: o, Products: list}
		maker, err := s.Catalog.ProducerByID(c.UserContext(), o.ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil && maker.Published {
			shop.Slug = maker.Slug
		}
		page.Shops = append(page.Shops, shop)
		page.Demo = page.Demo || o.Demo
	}
	return s.own(c, page)
}

// ownProduct reads the product that the path names, and its organisation, for
// somebody who may do verb with it. Another's draft is answered as if it were not
// there, to the word.
func (s *Site) ownProduct(c *fiber.Ctx, a account.Actor, verb account.Verb) (catalog.Product, account.Org, error) {
	name, err := id(c, "product")
	if err != nil {
		return catalog.Product{}, account.Org{}, err
	}
	p, err := s.Catalog.ByID(c.UserContext(), name)
	if err != nil {
		return p, account.Org{}, err
	}
	o, err := s.Account.Org(c.UserContext(), a, verb, p.Producer)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "catalog.product.not_found")
	}
	return p, o, err
}

func (s *Site) productDesk(c *fiber.Ctx, a account.Actor) error {
	page, err := s.deskPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) deskPage(c *fiber.Ctx, a account.Actor) (page views.ProductDeskPage, err error) {
	p, o, err := s.ownProduct(c, a, account.ProductRead)
	if err != nil {
		return page, err
	}
	page = views.ProductDeskPage{Base: s.base(c), Org: o, Product: p, Mine: a.May(account.ProductEdit, account.OfOrg(o)) == nil}
	page.Demo = p.Demo
	page.Stock, err = s.Catalog.OnHand(c.UserContext(), p)
	return page, err
}

func (s *Site) deskAgain(c *fiber.Ctx, a account.Actor, err error, v map[string]string) error {
	page, broken := s.deskPage(c, a)
	if broken != nil {
		return broken
	}
	return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
}

func (s *Site) publish(c *fiber.Ctx, a account.Actor) error {
	p, _, err := s.ownProduct(c, a, account.Publish)
	if err != nil {
		return err
	}
	if err := s.Catalog.Publish(c.UserContext(), a.Person.ID, p.ID, false); err != nil {
		return s.deskAgain(c, a, formNames(err), values(c))
	}
	return s.see(c, "/console/shop/"+p.ID, "done", "published")
}

func (s *Site) withdraw(c *fiber.Ctx, a account.Actor) error {
	p, _, err := s.ownProduct(c, a, account.ProductEdit)
	if err != nil {
		return err
	}
	v := values(c)
	if err := s.Catalog.Withdraw(c.UserContext(), a.Person.ID, p.ID, v["reason"], false); err != nil {
		return s.deskAgain(c, a, err, v)
	}
	return s.see(c, "/console/shop/"+p.ID, "done", "product_withdrawn")
}

// drop discards a draft for good.
func (s *Site) drop(c *fiber.Ctx, a account.Actor) error {
	p, _, err := s.ownProduct(c, a, account.ProductEdit)
	if err != nil {
		return err
	}
	if err := s.Catalog.Drop(c.UserContext(), a.Person.ID, p.ID); err != nil {
		return s.deskAgain(c, a, err, values(c))
	}
	return s.see(c, "/console/shop", "done", "product_dropped")
}

func (s *Site) setPhoto(c *fiber.Ctx, a account.Actor) error {
	p, _, err := s.ownProduct(c, a, account.ProductEdit)
	if err != nil {
		return err
	}
	v := values(c)
	ctx := c.UserContext()
	if v["remove"] == "on" {
		if err := s.Catalog.SetPhoto(ctx, a.Person.ID, p.ID, ""); err != nil {
			return err
		}
		return s.see(c, "/console/shop/"+p.ID, "done", "photo_removed")
	}
	_, body, err := upload(c, "photo")
	if err == nil {
		var photo files.Photo
		if photo, err = s.Files.Photo(ctx, body); err == nil {
			err = s.Catalog.SetPhoto(ctx, a.Person.ID, p.ID, photoPath+photo.ID+"-"+string(files.Large)+".jpg")
		}
		err = asField(err, "photo")
	}
	if err != nil {
		return s.deskAgain(c, a, err, v)
	}
	return s.see(c, "/console/shop/"+p.ID, "done", "photo")
}

// preview is the product as shoppers will see it; one that they see is shown
// where they do.
func (s *Site) preview(c *fiber.Ctx, a account.Actor) error {
	p, _, err := s.ownProduct(c, a, account.ProductRead)
	if err != nil {
		return err
	}
	if p.Listed { // buyers see it already
		return s.see(c, "/products/"+p.Slug)
	}
	page := views.ProductPage{Base: s.base(c), Product: p.Shown(), Today: s.Now(), Preview: "/console/shop/" + p.ID}
	page.Demo = p.Demo
	if page.Producer, err = s.Catalog.ProducerByID(c.UserContext(), p.Producer); err != nil {
		return err
	}
	if page.Lots, err = s.lotLinks(c, []catalog.Product{p}); err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) portraitForm(c *fiber.Ctx, a account.Actor) error {
	page, err := s.portraitPage(c, a)
	if err != nil {
		return err
	}
	p := page.Producer
	page.Form.Values = map[string]string{"story": p.Story.Vi, "storyEn": p.Story.En, "founded": positive(p.Founded), "members": positive(p.Members),
		"areaHa": ""}
	if p.AreaHa > 0 {
		page.Form.Values["areaHa"] = strings.ReplaceAll(strconv.FormatFloat(p.AreaHa, 'f', -1, 64), ".", ",")
	}
	return s.own(c, page)
}

func positive(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func (s *Site) portraitPage(c *fiber.Ctx, a account.Actor) (page views.PortraitPage, err error) {
	o, err := s.object(c, a, account.FaceEdit)
	if err != nil {
		return page, err
	}
	page = views.PortraitPage{Base: s.base(c), Org: o, Owner: a.May(account.OrgEdit, account.OfOrg(o)) == nil}
	page.Demo = o.Demo
	page.Producer, err = s.Catalog.ProducerByID(c.UserContext(), o.ID)
	return page, err
}

func (s *Site) portrait(c *fiber.Ctx, a account.Actor) error {
	page, err := s.portraitPage(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	bad := fault.New(fault.Invalid, "catalog.producer.incomplete")
	number := func(name string) int {
		n, err := strconv.Atoi(strings.TrimSpace(v[name]))
		if err != nil && strings.TrimSpace(v[name]) != "" {
			bad = bad.Field(name, "catalog.field.number")
		}
		return n
	}
	t := catalog.Portrait{Story: lang.Text{Vi: plainText(v["story"]), En: plainText(v["storyEn"])}, Founded: number("founded"), Members: number("members")}
	if area := strings.TrimSpace(v["areaHa"]); area != "" {
		if t.AreaHa, err = strconv.ParseFloat(strings.ReplaceAll(area, ",", "."), 64); err != nil {
			bad = bad.Field("areaHa", "catalog.field.number")
		}
	}
	err = nil
	if len(bad.Fields) > 0 {
		err = bad
	}
	if err == nil {
		err = s.Catalog.SetPortrait(c.UserContext(), a.Person.ID, page.Org.ID, t)
	}
	if err != nil {
		return s.again(c, formNames(err), func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/shop", "done", "portrait")
}
