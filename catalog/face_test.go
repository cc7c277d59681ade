package catalog

import (
	"testing"
	"time"

	"nguon/app/lang"
	"nguon/app/outbox"
)

// What a registration owns, and what it leaves alone.
func TestWear(t *testing.T) {
	shown := func() Producer {
		p := producer("a", "HTX An", "04132")
		p.Slug, p.FaceSeq, p.Story, p.Founded, p.Papers = "htx-an", 5, lang.Text{Vi: "Chuyện."}, 2016, []Certificate{}
		p.Address = lang.Text{Vi: "Bản Noong", En: "Noong hamlet"}
		p.tidy()
		return p
	}
	same := Face{ID: "a", Name: "HTX An", Kind: Cooperative, Commune: "04132", Address: "Bản Noong", Published: true, Seq: 5}
	for name, c := range map[string]struct {
		change func(*Face)
		want   func(*Producer)
	}{
		"the same again":  {func(*Face) {}, func(*Producer) {}},
		"an older one":    {func(f *Face) { f.Seq, f.Published, f.Name = 4, false, "HTX Cũ" }, func(*Producer) {}},
		"a suspension":    {func(f *Face) { f.Seq, f.Published = 6, false }, func(p *Producer) { p.FaceSeq, p.Published, p.Stale = 6, false, true }},
		"a move":          {func(f *Face) { f.Seq, f.Commune = 6, "03724" }, func(p *Producer) { p.FaceSeq, p.Commune, p.Stale = 6, "03724", true }},
		"a new telephone": {func(f *Face) { f.Seq, f.Phone = 6, "0212" }, func(p *Producer) { p.FaceSeq, p.Phone = 6, "0212" }},
		"another name":    {func(f *Face) { f.Seq, f.Name = 6, " HTX Mây " }, func(p *Producer) { p.FaceSeq, p.Name, p.SortName = 6, "HTX Mây", lang.SortKey("HTX Mây") }},
		"another address": {func(f *Face) { f.Seq, f.Address = 6, "Bản Mới" }, func(p *Producer) { p.FaceSeq, p.Address = 6, lang.Text{Vi: "Bản Mới"} }},
		"a demonstration": {func(f *Face) { f.Seq, f.Demo = 6, true }, func(p *Producer) { p.FaceSeq, p.Demo = 6, true }},
		"a closing, of which nothing is left": {func(f *Face) { *f = Face{ID: "a", Kind: Household, Seq: 6} }, func(p *Producer) {
			*p = Producer{ID: "a", Slug: p.Slug, Kind: Household, Story: p.Story, Founded: p.Founded, Papers: p.Papers, FaceSeq: 6, Stale: true, SortName: lang.SortKey("")}
		}},
		"another kind too": {func(f *Face) { f.Seq, f.Kind = 6, Firm }, func(p *Producer) { p.FaceSeq, p.Kind = 6, Firm }},
	} {
		t.Run(name, func(t *testing.T) {
			f, got, want := same, shown(), shown()
			c.change(&f)
			c.want(&want)
			if err := got.wear(f, time.Now()); err != nil {
				t.Fatal(err)
			}
			// The search index follows what the registration says, and nothing else.
			if follows := len(got.Pending) == 1 && got.Pending[0].Task.Name == outbox.TaskIndex; follows != (f.Seq > 5) {
				t.Errorf("what waits is %+v", got.Pending)
			}
			got.Box = outbox.Box{}
			if a, b := mustBSON(t, got), mustBSON(t, want); a.String() != b.String() {
				t.Errorf("%s\nwant %s", a, b)
			}
		})
	}
	p := shown()
	wantField(t, p.wear(Face{ID: "a", Kind: Cooperative, Commune: "04132", Address: "Bản Noong", Published: true, Seq: 6}, time.Now()), "catalog.producer.incomplete", "name", "field.missing")
}
