package searchtest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/lang"
	"nguon/app/place"
	"nguon/app/search"
)

// Words of which listings are made, as labels of the province have them.
var (
	coffees   = [...]string{"Cà phê rang", "Cà phê bột", "Cà phê nhân xanh", "Cà phê đặc sản", "Trà vỏ cà phê", "Cà phê phin giấy", "Cà phê hòa tan"}
	processes = [...]string{"chế biến ướt", "chế biến mật ong", "phơi khô nguyên quả", "ủ yếm khí", "rang mộc", "rang sáng", "rang vừa", "pha phin", "pha máy", "hữu cơ", "sàng 16", "sàng 18"}
	makers    = [...]string{"Sương Núi", "Hua Noong", "Mây Pha Đin", "Nà Sản Xanh", "Ban Trắng", "Nậm Ty", "Phiêng Pằn", "Đèo Chẹn", "Suối Bàng", "Bản Lướt", "Tà Xùa", "Mộc Sương", "Chiềng Đen", "Hồng Ngài", "Pá Chặp"}
	tastes    = [...]string{"hương hoa nhài", "vị mận chín", "hậu ngọt dài", "vị sô cô la đen", "hương cam sành", "vị mật ong rừng", "hương thảo mộc", "chua thanh", "đắng êm", "thơm hạt dẻ", "hương quế", "vị đường thốt nốt"}
	sentences = [...]string{"Hái bằng tay từ những quả chín trên chín mươi lăm phần trăm.", "Phơi trên giàn lưới suốt mười tám ngày.", "Rang mẻ nhỏ mỗi tuần hai lần.", "Trồng dưới bóng cây mắc ca ở độ cao hơn một nghìn mét.", "Người Thái ở bản giữ nghề này đã ba đời.", "Đóng gói có van một chiều."}
)

// Listings are n products as a large market would have them, the same each time.
func Listings(n int) []search.Document {
	r := rand.New(rand.NewPCG(2026, 11))
	communes := place.All()
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	docs := make([]search.Document, n)
	for i := range docs {
		c := communes[r.IntN(len(communes))]
		maker := pick(makers[:]) + " " + fmt.Sprint(r.IntN(40))
		kind, process := pick(coffees[:]), pick(processes[:])
		var text []string
		for range 4 {
			text = append(text, pick(sentences[:]))
		}
		docs[i] = search.Document{ID: fmt.Sprintf("product-%06d", i), Kind: search.Product, Path: fmt.Sprintf("/products/p%d", i), Title: lang.Text{Vi: kind + " " + maker + ", " + process, En: "Coffee of " + maker},
			Detail: lang.Text{Vi: kind + " · HTX " + maker + " · " + c.FullName}, Text: lang.Text{Vi: pick(tastes[:]) + ", " + pick(tastes[:]) + "\n" + strings.Join(text, " ")}, Names: []string{c.FullName, c.FullNameEn, "Sơn La"},
			Codes: []string{fmt.Sprintf("0952%09d0", i), fmt.Sprintf("L%d-%02d", i, r.IntN(90))}, Price: int64(50+r.IntN(500)) * 1000, Sold: r.IntN(10) > 0, Created: time.Date(2026, 1, 1, 0, 0, i, 0, time.UTC),
			Facets: search.Facets{search.Coffee: {[]string{"green", "roasted", "ground", "other"}[r.IntN(4)]}, search.Stars: {fmt.Sprint(3 + r.IntN(3))}, search.Process: {[]string{"washed", "natural", "honey", "anaerobic"}[r.IntN(4)]},
				search.Maker: {lang.Slug(maker)}, search.Commune: {c.Code}}}
	}
	return docs
}

// Exact and near queries of the benchmark: what people type, and the same with a
// mistake in it.
var (
	ExactQueries = []string{"suong nui mat ong", "cà phê đặc sản hua noong", "robusta", "huong hoa nhai", "caphe bot ban trang", "chieng den rang moc", "ta xua", "09520000012340", "mật ong rừng", "pha phin moc suong"}
	NearQueries  = []string{"suomg nui mat omg", "ca phe dac san hua noog", "huong hao nhai", "chieng dem rang mocc", "phieng pamg", "hong ngai chua thamh"}
)

// Times measures queries one after the other, with facets, and returns the time
// under which 95 of 100 are.
func Times(b *testing.B, x search.Index, queries []string, rounds int) time.Duration {
	b.Helper()
	var all []time.Duration
	for range rounds {
		for i, text := range queries {
			q := search.Query{Text: text}
			if i%3 == 0 {
				q.Filters = search.Facets{search.Stars: {"4"}}
			}
			q, err := q.Clean()
			if err != nil {
				b.Fatal(err)
			}
			begun := time.Now()
			r, err := x.Search(b.Context(), q)
			if err != nil {
				b.Fatal(err)
			}
			if all = append(all, time.Since(begun)); r.Total > 0 && len(r.Facets) == 0 {
				b.Fatal("no facets were counted")
			}
		}
	}
	slices.Sort(all)
	return all[len(all)*95/100]
}
