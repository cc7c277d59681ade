package catalog

import (
	"context"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Face is what an organisation's registration says of its public face.
type Face struct {
	ID, Name, NameEn string
	Kind             ProducerKind
	Commune          string
	Address, Phone   string
	Published        bool // the organisation is approved
	Demo             bool
}

// SetFace brings a producer's public face in line with its registration, or
// makes it. What the producer tells of itself stays. Repeating it changes
// nothing.
func (s *Service) SetFace(ctx context.Context, f Face) error {
	p, err := s.producers.Get(ctx, f.ID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if p.Papers == nil {
		p.Papers = []Certificate{}
	}
	if p.Address.Vi != f.Address {
		p.Address = lang.Text{Vi: f.Address}
	}
	p.ID, p.Name, p.NameEn, p.Kind, p.Commune, p.Phone = f.ID, f.Name, f.NameEn, f.Kind, f.Commune, f.Phone
	p.Published, p.Demo = f.Published, f.Demo
	return s.SaveProducer(ctx, p)
}

// Portrait is what a producer tells of itself.
type Portrait struct {
	Story   lang.Text
	Founded int
	Members int
	AreaHa  float64
}

// SetPortrait changes what the public page tells. Faults: Invalid with Fields.
func (s *Service) SetPortrait(ctx context.Context, by, id string, t Portrait) error {
	p, err := s.producers.Get(ctx, id)
	if err != nil {
		return unknown(err, "catalog.producer.not_found")
	}
	p.Story, p.Founded, p.Members, p.AreaHa = t.Story, t.Founded, t.Members, t.AreaHa
	if err := p.validate(); err != nil {
		return err
	}
	now := store.Stamp(s.now())
	err = s.producers.Update(ctx, id, func(p *Producer) error {
		if p.Story == t.Story && p.Founded == t.Founded && p.Members == t.Members && p.AreaHa == t.AreaHa {
			return nil
		}
		p.Story, p.Founded, p.Members, p.AreaHa = t.Story, t.Founded, t.Members, t.AreaHa
		p.Post(now, outbox.Effect{ID: "face.edit:" + id + ":" + store.NewID(now),
			Entry: &outbox.Entry{At: now, By: by, Action: "face.edit", Object: "org:" + id, Org: id}})
		return nil
	})
	if err == nil {
		s.settleProducer(ctx, id)
	}
	return err
}
