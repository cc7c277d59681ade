package seed

import "nguon/catalog"

// otherProducts are those of firms and households.
func otherProducts(y int) []catalog.Product {
	return []catalog.Product{
		{
			ID: "demo-p13", Slug: "ca-phe-rang-moc-ban-trang", Producer: banTrang,
			Name: "Cà phê rang mộc Ban Trắng", NameEn: "Ban Trắng plain roast, whole bean",
			Kind: catalog.Roasted, Species: "arabica", Roast: catalog.MediumDark, Process: catalog.Washed,
			Summary: text("Rang mộc, không tẩm, thân dày cho quán và máy pha.", "Plain roast with nothing added, full-bodied for bars and machines."),
			Story:   text("Quả từ Chiềng Ngần, rang trên máy mười hai ký. Bảng giá mua quả dán trước xưởng mỗi tuần.", "Cherries from Chiềng Ngần on a twelve-kilo roaster. What the cherries cost is posted outside each week."),
			Notes:   notes("Sô-cô-la đen", "Dark chocolate", "Óc chó", "Walnut"), Brew: text("18 g cho 36 g espresso trong 28 giây, hoặc phin như thường lệ.", "18 g in, 36 g out in 28 seconds as espresso, or in the phin as ever."),
			OCOP: ocop(y, 4, "MAU-0441/QĐ-UBND"), Art: catalog.Art{Color: "roast", Motif: 0, Window: true},
			Variants: []catalog.Variant{variant(3, 1, 250, "beans", 112_000), variant(3, 2, 1_000, "beans", 415_000)},
		},
		{
			ID: "demo-p14", Slug: "ca-phe-bot-pha-may-ban-trang", Producer: banTrang,
			Name: "Cà phê bột pha máy Ban Trắng", NameEn: "Ban Trắng ground for espresso",
			Kind: catalog.Ground, Species: "arabica", Roast: catalog.MediumDark, Process: catalog.Washed,
			Summary: text("Xay mịn cho máy pha gia đình.", "Finely ground for home machines."),
			Story:   text("Cùng mẻ với rang mộc, xay mịn và đóng gói nhỏ để dùng hết trong hai tuần.", "The same batches as the plain roast, finely ground in small packs to be finished within two weeks."),
			Notes:   notes("Sô-cô-la đen", "Dark chocolate", "Vỏ cam", "Orange peel"), Brew: text("16 g cho 32 g espresso trong 27 giây.", "16 g in, 32 g out in 27 seconds."),
			OCOP: ocop(y, 3, "MAU-0442/QĐ-UBND"), Art: catalog.Art{Color: "indigo", Motif: 3},
			Variants: []catalog.Variant{variant(3, 3, 200, "fine", 96_000)},
		},
		{
			ID: "demo-p15", Slug: "ca-phe-phin-giay-ban-trang", Producer: banTrang,
			Name: "Cà phê phin giấy Ban Trắng, hộp 10 gói", NameEn: "Ban Trắng drip bags, box of 10",
			Kind: catalog.Other, Species: "arabica", Roast: catalog.Medium, Process: catalog.Washed,
			Summary: text("Mười gói phin giấy 12 g cho chuyến đi.", "Ten 12 g drip bags for the road."),
			Story:   text("Xé, treo lên miệng cốc, rót nước. Phin giấy phối nhiều nguồn không thuộc danh mục của chỉ dẫn địa lý.", "Tear, hang on the cup, pour. Drip bags are not among the products the indication names."),
			Notes:   notes("Hạt dẻ", "Chestnut", "Ca cao", "Cocoa"), Brew: text("150 ml nước 92 °C, rót làm ba lần.", "150 ml of water at 92 °C in three pours."),
			Art:      catalog.Art{Color: "cherry", Motif: 2},
			Variants: []catalog.Variant{variant(3, 4, 120, "medium", 85_000)},
		},
		{
			ID: "demo-p16", Slug: "ca-phe-rang-nha-san-u-yem-khi", Producer: nhaSan,
			Name: "Cà phê rang Nhà Sàn, ủ yếm khí", NameEn: "Nhà Sàn Anaerobic, whole bean",
			Kind: catalog.Roasted, Species: "arabica", Roast: catalog.MediumLight, Process: catalog.Anaerobic,
			Summary: text("Thơm dứa chín và quế, mẻ nhỏ đánh số.", "Ripe pineapple and cinnamon; small numbered batches."),
			Story:   text("Quả chín ủ kín trong thùng một trăm giờ, phơi dưới gầm sàn. Mỗi mẻ chừng bốn mươi ký hạt rang.", "Ripe cherries sealed in barrels for a hundred hours, dried beneath the stilt house. About forty kilos of roasted coffee to a batch."),
			Notes:   notes("Dứa chín", "Ripe pineapple", "Quế", "Cinnamon", "Mía", "Sugar cane"), Brew: brewFilter,
			OCOP: ocop(y, 3, "MAU-0451/QĐ-UBND"), Art: catalog.Art{Color: "cherry", Motif: 0, Window: true},
			Variants: []catalog.Variant{variant(4, 1, 150, "beans", 145_000)},
		},
		{
			ID: "demo-p17", Slug: "ca-phe-nhan-nha-san-kho-nguyen-qua", Producer: nhaSan,
			Name: "Cà phê nhân Nhà Sàn, khô nguyên quả", NameEn: "Nhà Sàn natural green beans",
			Kind: catalog.Green, Species: "arabica", Process: catalog.Natural,
			Summary: text("Nhân khô nguyên quả, lô nhỏ cho người rang thử.", "Natural green beans in a small lot for sample roasting."),
			Story:   text("Phơi hai mươi hai ngày, xát vỏ khi có người đặt để hạt giữ hương.", "Dried for twenty-two days and hulled to order, so that the beans keep their scent."),
			Notes:   notes("Nho đen", "Black grape", "Rượu rum", "Rum"), Brew: text("Giữ nơi khô, rang trong vòng mười tháng.", "Keep dry and roast within ten months."),
			Art:      catalog.Art{Color: "leaf", Motif: 2},
			Variants: []catalog.Variant{variant(4, 2, 1_000, "none", 195_000)},
		},
		{
			ID: "demo-p18", Slug: "ca-phe-voi-nam-ty-rang-moc", Producer: namTy,
			Name: "Cà phê vối Nậm Ty rang mộc", NameEn: "Nậm Ty Robusta, plain roast",
			Kind: catalog.Ground, Species: "robusta", Roast: catalog.Dark, Process: catalog.Natural,
			Summary: text("Robusta đậm cho phin sữa đá.", "A strong Robusta for iced milk coffee."),
			Story:   text("Cà phê vối ở thung lũng thấp Nậm Ty. Chỉ dẫn địa lý Sơn La chỉ dành cho cà phê chè, nên sản phẩm này không mang dấu chỉ dẫn.", "Robusta from the low valley of Nậm Ty. The Sơn La indication is for Arabica only, so this product does not carry it."),
			Notes:   notes("Sô-cô-la đắng", "Bitter chocolate", "Khói nhẹ", "Light smoke"), Brew: brewPhin,
			Art:      catalog.Art{Color: "roast", Motif: 3},
			Variants: []catalog.Variant{variant(8, 1, 250, "phin", 62_000), variant(8, 2, 500, "phin", 118_000)},
		},
	}
}
