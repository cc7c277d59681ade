package seed

import (
	"context"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog"
)

func writeProducts(ctx context.Context, s Services, y int) error {
	for _, p := range append(cooperativeProducts(y), otherProducts(y)...) {
		p.Published, p.Demo = true, true
		p.Created = at(y, 2, 1, 8)
		p.Changed = p.Created
		if p.Papers == nil {
			p.Papers = []catalog.Certificate{}
		}
		if err := s.Catalog.SaveProduct(ctx, p); err != nil {
			return err
		}
		if err := count(ctx, s, p); err != nil {
			return err
		}
	}
	return nil
}

// count fills the shelves, once: what was sold since stays sold.
func count(ctx context.Context, s Services, p catalog.Product) error {
	known, err := s.Catalog.OnHand(ctx, p)
	if err != nil {
		return err
	}
	for i, v := range p.Variants {
		if _, counted := known[v.GTIN]; counted {
			continue
		}
		if err := s.Catalog.Count(ctx, "demo", v.GTIN, int64(24+12*i)); err != nil {
			return err
		}
	}
	return nil
}

// ocop is a recognition under the rules since 1 July 2025: the province grants
// three and four stars, the ministry five (Decision 1489/QĐ-TTg).
func ocop(y, stars int, number string) *catalog.OCOP {
	grantor := text("UBND tỉnh (dữ liệu mẫu)", "Provincial People's Committee (demonstration)")
	if stars == 5 {
		grantor = text("Bộ Nông nghiệp và Môi trường (dữ liệu mẫu)", "Ministry of Agriculture and Environment (demonstration)")
	}
	return &catalog.OCOP{Stars: stars, Decision: number, Grantor: grantor, From: day(y-1, 12, 20), To: day(y+2, 12, 19),
		Checked: &catalog.Check{By: recorder, At: day(y-1, 12, 20), Holds: true}}
}

func variant(producer, item int, grams int64, grind string, price money.VND) catalog.Variant {
	return catalog.Variant{GTIN: gtin(producer, item), NetGrams: grams, Grind: grind, Price: price}
}

func notes(pairs ...string) []lang.Text {
	var ts []lang.Text
	for i := 0; i+1 < len(pairs); i += 2 {
		ts = append(ts, text(pairs[i], pairs[i+1]))
	}
	return ts
}

var (
	brewFilter = text("15 g bột xay vừa, 240 ml nước 92 °C, rót ba lần trong ba phút.", "15 g medium ground, 240 ml of water at 92 °C, three pours in three minutes.")
	brewPhin   = text("20 g bột vào phin, ủ 30 giây với 20 ml nước sôi, rồi rót thêm 80 ml và đợi năm phút.", "20 g in the phin, bloom 30 seconds with 20 ml of boiling water, then add 80 ml and wait five minutes.")
	brewPress  = text("30 g bột xay thô, 500 ml nước 94 °C, ngâm bốn phút rồi ép chậm.", "30 g coarsely ground, 500 ml of water at 94 °C, steep four minutes and press slowly.")
)

func cooperativeProducts(y int) []catalog.Product {
	return []catalog.Product{
		{
			ID: "demo-p01", Slug: "ca-phe-rang-suong-nui-arabica-che-bien-uot", Producer: suongNui,
			Name: "Cà phê rang Sương Núi, Arabica chế biến ướt", NameEn: "Sương Núi Washed Arabica, whole bean",
			Kind: catalog.Roasted, Species: "arabica", Roast: catalog.Medium, Process: catalog.Washed,
			Summary: text("Rang vừa, chua thanh như quýt, hậu ngọt mật mía.", "Medium roast, mandarin brightness, a cane-syrup finish."),
			Story: text("Quả chín từ các rẫy cao 780 đến 960 m ở Chiềng Ban, xát trong ngày, ủ khô mười tám giờ, phơi giàn mười hai ngày. Mỗi mẻ rang mười ký, thử nếm trước khi đóng gói.",
				"Ripe cherries from plots at 780 to 960 m in Chiềng Ban, pulped the same day, dry-fermented for eighteen hours and dried twelve days on raised beds. Roasted ten kilos at a time and cupped before packing."),
			Notes: notes("Quýt", "Mandarin", "Mật mía", "Cane syrup", "Ca cao", "Cocoa"), Brew: brewFilter,
			OCOP: ocop(y, 4, "MAU-0412/QĐ-UBND"), Art: catalog.Art{Color: "indigo", Motif: 0, Window: true},
			Variants: []catalog.Variant{variant(1, 1, 250, "beans", 135_000), variant(1, 2, 500, "beans", 255_000)},
		},
		{
			ID: "demo-p02", Slug: "ca-phe-bot-suong-nui-pha-phin", Producer: suongNui,
			Name: "Cà phê bột Sương Núi pha phin", NameEn: "Sương Núi ground coffee for phin",
			Kind: catalog.Ground, Species: "arabica", Roast: catalog.MediumDark, Process: catalog.Washed,
			Summary: text("Arabica rang đậm vừa, xay cho phin, thơm ca cao và hạt dẻ.", "A darker Arabica ground for the phin: cocoa and chestnut."),
			Story: text("Phối từ ba rẫy ở ba xã cũ Chiềng Ban, Chiềng Kheo và Chiềng Dong để ly nào cũng giống ly nào. Xay và hút chân không trong cùng một buổi.",
				"Blended from three plots in the former communes of Chiềng Ban, Chiềng Kheo and Chiềng Dong, so that every cup tastes alike. Ground and vacuum-packed within the same morning."),
			Notes: notes("Ca cao", "Cocoa", "Hạt dẻ", "Chestnut", "Đường nâu", "Brown sugar"), Brew: brewPhin,
			OCOP: ocop(y, 4, "MAU-0413/QĐ-UBND"), Art: catalog.Art{Color: "roast", Motif: 1},
			Variants: []catalog.Variant{variant(1, 3, 250, "phin", 98_000), variant(1, 4, 500, "phin", 185_000)},
		},
		{
			ID: "demo-p03", Slug: "ca-phe-dac-san-suong-nui-mat-ong", Producer: suongNui,
			Name: "Cà phê đặc sản Sương Núi, chế biến mật ong", NameEn: "Sương Núi Honey Process specialty coffee",
			Kind: catalog.Roasted, Species: "arabica", Roast: catalog.MediumLight, Process: catalog.Honey,
			Summary: text("Rang sáng, thơm đào chín và mật ong rừng, 84,5 điểm thử nếm.", "Light roast, ripe peach and wild honey, 84.5 cupping points."),
			Story: text("Giữ lại nửa lớp nhớt khi xát, phơi chậm hai mươi ngày trong nhà màng và đảo mỗi hai giờ. Mỗi vụ chỉ làm vài trăm ký.",
				"Half of the mucilage stays on, and the parchment dries for twenty slow days under a roof, turned every two hours. Only a few hundred kilos a season."),
			Notes: notes("Đào chín", "Ripe peach", "Mật ong", "Honey", "Hoa cà phê", "Coffee blossom"), Brew: brewFilter,
			OCOP: ocop(y, 3, "MAU-0414/QĐ-UBND"), Art: catalog.Art{Color: "turmeric", Motif: 2, Window: true},
			Variants: []catalog.Variant{variant(1, 5, 200, "beans", 168_000)},
		},
		{
			ID: "demo-p04", Slug: "ca-phe-nhan-xanh-suong-nui", Producer: suongNui,
			Name: "Cà phê nhân xanh Sương Núi, sàng 16", NameEn: "Sương Núi green beans, screen 16",
			Kind: catalog.Green, Species: "arabica", Process: catalog.Washed,
			Summary: text("Nhân xanh đã phân loại cho người tự rang.", "Graded green beans for home and shop roasters."),
			Story:   text("Ẩm 11,2 %, sàng 16, nhặt tay hai lượt. Kèm phiếu kiểm nghiệm của lô.", "Moisture 11.2 %, screen 16, hand-sorted twice. Comes with the lot's laboratory report."),
			Notes:   notes("Trà đen", "Black tea", "Cam vàng", "Orange"), Brew: text("Rang trong vòng mười hai tháng kể từ ngày đóng gói; giữ nơi khô, dưới 25 °C.", "Roast within twelve months of packing; keep dry and below 25 °C."),
			Art:      catalog.Art{Color: "leaf", Motif: 3},
			Variants: []catalog.Variant{variant(1, 6, 1_000, "none", 168_000), variant(1, 7, 5_000, "none", 790_000)},
		},
		{
			ID: "demo-p05", Slug: "ca-phe-rang-hua-noong-kho-nguyen-qua", Producer: huaNoong,
			Name: "Cà phê rang Hua Noong, khô nguyên quả", NameEn: "Hua Noong Natural Arabica, whole bean",
			Kind: catalog.Roasted, Species: "arabica", Roast: catalog.MediumLight, Process: catalog.Natural,
			Summary: text("Ngọt như mứt dâu, thoảng rượu vang, hợp ủ lạnh.", "Strawberry jam and a breath of wine; lovely as cold brew."),
			Story:   text("Quả chín đỏ sẫm phơi nguyên trên giàn, mười sáu ngày, che bạt lúc nửa đêm để tránh sương muối.", "Dark red cherries dry whole on raised beds for sixteen days, covered at midnight against the frost."),
			Notes:   notes("Mứt dâu", "Strawberry jam", "Rượu vang", "Red wine", "Sô-cô-la sữa", "Milk chocolate"), Brew: brewPress,
			OCOP: ocop(y, 4, "MAU-0421/QĐ-UBND"), Art: catalog.Art{Color: "cherry", Motif: 1, Window: true},
			Variants: []catalog.Variant{variant(2, 1, 250, "beans", 142_000), variant(2, 2, 500, "beans", 269_000)},
		},
		{
			ID: "demo-p06", Slug: "ca-phe-bot-hua-noong", Producer: huaNoong,
			Name: "Cà phê bột Hua Noong pha phin", NameEn: "Hua Noong ground coffee for phin",
			Kind: catalog.Ground, Species: "arabica", Roast: catalog.Medium, Process: catalog.Natural,
			Summary: text("Bột Arabica khô nguyên quả, êm, ít đắng.", "Ground natural Arabica, gentle and low in bitterness."),
			Story:   text("Dành cho nhà quen uống phin mà muốn nhẹ hơn. Xay sau khi rang hai mươi bốn giờ.", "For phin drinkers who would like something lighter. Ground twenty-four hours after roasting."),
			Notes:   notes("Nho khô", "Raisin", "Ca cao", "Cocoa"), Brew: brewPhin,
			OCOP: ocop(y, 3, "MAU-0422/QĐ-UBND"), Art: catalog.Art{Color: "cherry", Motif: 3},
			Variants: []catalog.Variant{variant(2, 3, 250, "phin", 89_000)},
		},
		{
			ID: "demo-p07", Slug: "tra-vo-ca-phe-hua-noong", Producer: huaNoong,
			Name: "Trà vỏ cà phê Hua Noong", NameEn: "Hua Noong cascara tea",
			Kind: catalog.Other, Species: "arabica",
			Summary: text("Vỏ quả cà phê phơi khô, pha như trà, vị táo tàu.", "Dried coffee husk, brewed as tea; tastes of jujube."),
			Story:   text("Vỏ của chính những quả làm cà phê rang, rửa sạch, phơi riêng, sấy nhẹ. Chỉ dẫn địa lý không gọi tên trà vỏ, nên sản phẩm này không mang dấu chỉ dẫn.", "Husks of the very cherries that become the roasted coffee, washed, dried apart and gently toasted. The indication does not name cascara, so this product does not carry it."),
			Notes:   notes("Táo tàu", "Jujube", "Mật ong", "Honey"), Brew: text("6 g vỏ, 300 ml nước 90 °C, hãm năm phút; uống nóng hoặc thêm đá.", "6 g of husk, 300 ml of water at 90 °C, five minutes; hot or over ice."),
			Art:      catalog.Art{Color: "turmeric", Motif: 0},
			Variants: []catalog.Variant{variant(2, 4, 100, "none", 65_000)},
		},
		{
			ID: "demo-p08", Slug: "ca-phe-rang-may-pha-din", Producer: phaDin,
			Name: "Cà phê rang Mây Pha Đin, Arabica rang sáng", NameEn: "Mây Pha Đin Light Roast Arabica",
			Kind: catalog.Roasted, Species: "arabica", Roast: catalog.Light, Process: catalog.Washed,
			Summary: text("Chua sáng, thơm hoa nhài và chanh vàng; 86 điểm thử nếm.", "Bright, with jasmine and lemon; 86 cupping points."),
			Story:   text("Từ các rẫy cao 980 đến 1.140 m dưới chân đèo, quả chín chậm nên ngọt lâu. Mẻ rang sáng để giữ hương hoa.", "From plots at 980 to 1,140 m below the pass, where cherries ripen slowly and stay sweet. Roasted light to keep the blossom."),
			Notes:   notes("Hoa nhài", "Jasmine", "Chanh vàng", "Lemon", "Mía", "Sugar cane"), Brew: brewFilter,
			OCOP: ocop(y, 5, "MAU-0501/QĐ-BNNMT"), Art: catalog.Art{Color: "indigo", Motif: 2, Window: true},
			Variants: []catalog.Variant{variant(5, 1, 200, "beans", 185_000), variant(5, 2, 500, "beans", 420_000)},
		},
		{
			ID: "demo-p09", Slug: "ca-phe-bot-may-pha-din-huu-co", Producer: phaDin,
			Name: "Cà phê bột hữu cơ Mây Pha Đin", NameEn: "Mây Pha Đin Organic ground coffee",
			Kind: catalog.Ground, Species: "arabica", Roast: catalog.Medium, Process: catalog.Washed,
			Summary: text("Bột xay vừa cho phin và bình ép, từ rẫy hữu cơ.", "Medium ground for phin and press, from organic plots."),
			Story:   text("Rẫy không thuốc hoá học từ năm 2018, bón bằng vỏ cà phê ủ. Vị tròn, thơm bánh mì nướng.", "No synthetic chemicals since 2018, fed with composted husk. A round cup that smells of toast."),
			Notes:   notes("Bánh mì nướng", "Toast", "Ca cao", "Cocoa", "Táo đỏ", "Red apple"), Brew: brewPhin,
			OCOP: ocop(y, 4, "MAU-0502/QĐ-UBND"), Art: catalog.Art{Color: "leaf", Motif: 1},
			Variants: []catalog.Variant{variant(5, 3, 250, "phin", 118_000), variant(5, 4, 1_000, "medium", 439_000)},
		},
		{
			ID: "demo-p10", Slug: "ca-phe-rang-na-san-xanh", Producer: naSan,
			Name: "Cà phê rang Nà Sản Xanh", NameEn: "Nà Sản Xanh whole bean coffee",
			Kind: catalog.Roasted, Species: "arabica", Roast: catalog.Medium, Process: catalog.Washed,
			Summary: text("Arabica trồng xen mận, vị mận chín và đường nâu.", "Arabica grown between plum trees; ripe plum and brown sugar."),
			Story:   text("Cà phê từ cao nguyên Nà Sản, xã Mai Sơn. Từ Sơn La, nằm ngoài vùng chỉ dẫn địa lý.", "From the Nà Sản plateau in Mai Sơn commune: from Sơn La, outside the area of the indication."),
			Notes:   notes("Mận chín", "Ripe plum", "Đường nâu", "Brown sugar"), Brew: brewFilter,
			OCOP: ocop(y, 3, "MAU-0431/QĐ-UBND"), Art: catalog.Art{Color: "leaf", Motif: 0, Window: true},
			Variants: []catalog.Variant{variant(6, 1, 250, "beans", 105_000), variant(6, 2, 500, "beans", 198_000)},
		},
		{
			ID: "demo-p11", Slug: "ca-phe-bot-na-san-xanh", Producer: naSan,
			Name: "Cà phê bột Nà Sản Xanh", NameEn: "Nà Sản Xanh ground coffee",
			Kind: catalog.Ground, Species: "arabica", Roast: catalog.MediumDark, Process: catalog.Washed,
			Summary: text("Bột đậm vừa cho cà phê sữa mỗi sáng.", "A fuller grind for the morning cup with milk."),
			Story:   text("Cùng rẫy với cà phê hạt, rang thêm một nấc cho người thích sữa đặc.", "The same plots as the whole beans, roasted one step further for those who like condensed milk."),
			Notes:   notes("Ca cao", "Cocoa", "Caramel", "Caramel"), Brew: brewPhin,
			Art:      catalog.Art{Color: "roast", Motif: 2},
			Variants: []catalog.Variant{variant(6, 3, 250, "phin", 78_000)},
		},
		{
			ID: "demo-p12", Slug: "ca-phe-rang-phieng-pan-mat-ong", Producer: phiengPn,
			Name: "Cà phê rang Phiêng Pằn, chế biến mật ong", NameEn: "Phiêng Pằn Honey Process coffee",
			Kind: catalog.Roasted, Species: "arabica", Roast: catalog.Medium, Process: catalog.Honey,
			Summary: text("Ngọt dịu, thân vừa, thơm mơ khô.", "Gently sweet, medium body, dried apricot."),
			Story:   text("Vụ đầu tiên hợp tác xã tự sơ chế thay vì bán quả tươi.", "The first season in which the cooperative processed its own cherries instead of selling them."),
			Notes:   notes("Mơ khô", "Dried apricot", "Mật ong", "Honey"), Brew: brewFilter,
			Art:      catalog.Art{Color: "turmeric", Motif: 1, Window: true},
			Variants: []catalog.Variant{variant(7, 1, 250, "beans", 125_000)},
		},
	}
}
