package catalog

import (
	"context"
	"strconv"
	"time"
	"unicode/utf8"

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
	Seq              int64 // grows with every change of the registration
}

// SetFace brings a producer's public face in line with its registration, or
// makes it. What the producer tells of itself stays. A registration older than
// the one that is shown changes nothing, nor does repeating one. Only a face that
// is published must be complete: one that closed has lost its address. Faults:
// Invalid with Fields.
func (s *Service) SetFace(ctx context.Context, f Face) error {
	var p Producer
	now := store.Stamp(s.now())
	err := s.producers.Update(ctx, f.ID, func(cur *Producer) error {
		err := cur.wear(f, now)
		p = *cur
		return err
	})
	if fault.Is(err, fault.NotFound) {
		p = Producer{ID: f.ID, Papers: []Certificate{}}
		if err = p.wear(f, now); err == nil {
			err = s.insertProducer(ctx, p)
		}
		if fault.CodeOf(err) == "store.conflict" { // somebody was faster
			return s.SetFace(ctx, f)
		}
	}
	if err != nil {
		return err
	}
	if s.settleProducer(ctx, f.ID); !p.Stale {
		return nil
	}
	_, err = s.spread(ctx, p)
	return err
}

// wear takes over what the registration owns. Effects of two decisions may
// overlap, and the later decision counts whichever is performed last.
func (p *Producer) wear(f Face, now time.Time) error {
	if f.Seq < p.FaceSeq {
		return nil
	}
	p.Stale = p.Stale || p.Published != f.Published || p.Commune != f.Commune
	if f.Seq != p.FaceSeq {
		p.Post(now, outbox.Reindex("org:"+f.ID, now))
	}
	p.FaceSeq, p.Published, p.Demo = f.Seq, f.Published, f.Demo
	p.Name, p.NameEn, p.Kind, p.Commune, p.Phone = f.Name, f.NameEn, f.Kind, f.Commune, f.Phone
	if p.Address.Vi != f.Address {
		p.Address = lang.Text{Vi: f.Address}
	}
	if p.tidy(); !p.Published {
		return nil
	}
	return p.validate()
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
		before := p.told()
		p.Story, p.Founded, p.Members, p.AreaHa = t.Story, t.Founded, t.Members, t.AreaHa
		p.Post(now, outbox.Effect{ID: "face.edit:" + id + ":" + store.NewID(now),
			Entry: &outbox.Entry{At: now, By: by, Action: "face.edit", Object: "org:" + id, Org: id, Before: before, After: p.told()}}, outbox.Reindex("producer:"+id, now))
		return nil
	})
	if err == nil {
		s.settleProducer(ctx, id)
	}
	return err
}

// told is what the log says of a portrait: of a story its length.
func (p *Producer) told() []outbox.Value {
	length := func(s string) string { return number(float64(utf8.RuneCountInString(s))) }
	return []outbox.Value{{Name: "vi", Text: length(p.Story.Vi)}, {Name: "en", Text: length(p.Story.En)},
		{Name: "founded", Text: number(float64(p.Founded))}, {Name: "members", Text: number(float64(p.Members))}, {Name: "area", Text: number(p.AreaHa)}}
}

// number is "" for zero, which says nothing.
func number(n float64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}
