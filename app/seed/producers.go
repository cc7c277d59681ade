package seed

import (
	"context"

	"nguon/catalog"
)

// Ids of the demonstration organisations.
const (
	suongNui = "demo-suong-nui"
	huaNoong = "demo-hua-noong"
	banTrang = "demo-ban-trang"
	nhaSan   = "demo-nha-san"
	phaDin   = "demo-may-pha-din"
	naSan    = "demo-na-san-xanh"
	phiengPn = "demo-phieng-pan"
	namTy    = "demo-nam-ty"
)

func writeProducers(ctx context.Context, s Services, y int) error {
	for _, p := range producers(y) {
		p.Published, p.Demo = true, true
		if err := s.Catalog.SaveProducer(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func producers(y int) []catalog.Producer {
	paper := func(scheme, number, issuer string) catalog.Certificate {
		return catalog.Certificate{Scheme: scheme, Number: number, Issuer: issuer, From: day(y-1, 3, 1), To: day(y+2, 2, 28)}
	}
	return []catalog.Producer{
		{
			ID: suongNui, Slug: "htx-ca-phe-suong-nui", Name: "HTX Cà phê Sương Núi", NameEn: "Sương Núi Coffee Cooperative",
			Kind: catalog.Cooperative, Commune: "04132", Founded: 2016, Members: 84, AreaHa: 132,
			Address: text("Bản Ban Mới, xã Chiềng Mai, tỉnh Sơn La", "Ban Mới village, Chiềng Mai commune, Sơn La"),
			Story: text("Tám mươi tư hộ ở Chiềng Ban, Chiềng Kheo và Chiềng Dong cùng hái chín, cùng ủ và cùng phơi dưới một mái. Mỗi sáng mùa vụ, quả về xưởng trước mười một giờ để kịp xát trong ngày.\n\nHợp tác xã trả thêm cho quả chín trên 95 % và ghi lại từng mẻ từ rẫy nào, vì người mua hỏi và vì chính các hộ muốn biết cà phê của mình đi đâu.",
				"Eighty-four households in Chiềng Ban, Chiềng Kheo and Chiềng Dong pick ripe, ferment and dry under one roof. On harvest mornings the cherries reach the mill before eleven, so that they are pulped the same day.\n\nThe cooperative pays extra for cherries more than 95 % ripe and writes down which plot every batch came from: buyers ask, and the households want to know where their coffee goes."),
			Papers: []catalog.Certificate{paper("4c", "4C-MAU-2201", "Tổ chức chứng nhận mẫu"), paper("haccp", "HACCP-MAU-031", "Tổ chức chứng nhận mẫu")},
		},
		{
			ID: huaNoong, Slug: "htx-nong-nghiep-hua-noong", Name: "HTX Nông nghiệp Hua Noong", NameEn: "Hua Noong Farmers' Cooperative",
			Kind: catalog.Cooperative, Commune: "03670", Founded: 2018, Members: 46, AreaHa: 71,
			Address: text("Bản Noong, phường Chiềng Cơi, tỉnh Sơn La", "Noong village, Chiềng Cơi ward, Sơn La"),
			Story: text("Hua Noong nghĩa là đầu hồ. Rẫy cà phê quanh bản nằm ngay trên phố, nên khách hay lên chơi vào mùa hoa tháng Ba. Bà con làm cà phê khô nguyên quả từ năm 2019, phơi trên giàn cao hai tuần, đảo ngày sáu lần.",
				"Hua Noong means the head of the lake. Its coffee grows just above the town, so people walk up when it flowers in March. The members have dried whole cherries since 2019: two weeks on raised beds, turned six times a day."),
			Papers: []catalog.Certificate{paper("vietgap", "VG-MAU-1187", "Trung tâm chứng nhận mẫu")},
		},
		{
			ID: banTrang, Slug: "cong-ty-rang-xay-ban-trang", Name: "Công ty TNHH Rang xay Ban Trắng", NameEn: "Ban Trắng Roasters",
			Kind: catalog.Firm, Commune: "03679", Founded: 2014, Members: 31, AreaHa: 48,
			Address: text("Tổ 7, phường Chiềng Sinh, tỉnh Sơn La", "Group 7, Chiềng Sinh ward, Sơn La"),
			Story: text("Một xưởng rang mười hai ký ở cửa ngõ thành phố cũ, đặt tên theo hoa ban. Ban Trắng mua quả tươi của ba mươi mốt hộ ở Chiềng Ngần theo giá công bố mỗi tuần trên bảng trước xưởng.",
				"A twelve-kilo roaster at the gate of the old town, named after the white bauhinia. Ban Trắng buys cherries from thirty-one households in Chiềng Ngần at a price chalked on the board outside every week."),
			Papers: []catalog.Certificate{paper("iso22000", "ISO22-MAU-455", "Tổ chức chứng nhận mẫu")},
		},
		{
			ID: nhaSan, Slug: "ho-ca-phe-nha-san", Name: "Hộ kinh doanh cà phê Nhà Sàn", NameEn: "Nhà Sàn Family Coffee",
			Kind: catalog.Household, Commune: "04117", Founded: 2020, Members: 5, AreaHa: 9.5,
			Address: text("Bản Khoa, xã Mường Chanh, tỉnh Sơn La", "Khoa village, Mường Chanh commune, Sơn La"),
			Story: text("Năm anh em, năm mảnh rẫy, một giàn phơi dưới gầm nhà sàn. Mẻ nào cũng nhỏ, ủ kín trong thùng từ bốn đến năm ngày rồi mới đem phơi.",
				"Five siblings, five plots and one drying rack beneath the stilt house. Every batch is small and ferments four to five days in sealed barrels before it is dried."),
			Papers: []catalog.Certificate{},
		},
		{
			ID: phaDin, Slug: "htx-ca-phe-may-pha-din", Name: "HTX Cà phê Mây Pha Đin", NameEn: "Mây Pha Đin Coffee Cooperative",
			Kind: catalog.Cooperative, Commune: "03724", Founded: 2017, Members: 112, AreaHa: 204,
			Address: text("Bản Kiến Xương, xã Bình Thuận, tỉnh Sơn La", "Kiến Xương village, Bình Thuận commune, Sơn La"),
			Story: text("Chân đèo Pha Đin nhiều mây, quả chín chậm hơn dưới xuôi gần một tháng. Hợp tác xã có trạm sơ chế ướt tiết kiệm nước, bã vỏ ủ thành phân trả lại rẫy của 112 hộ.",
				"Clouds sit on the foot of the Pha Đin pass and cherries ripen almost a month later than below. The cooperative runs a water-saving wet mill and composts the husks for its 112 households' own plots."),
			Papers: []catalog.Certificate{paper("ra", "RA-MAU-7740", "Tổ chức chứng nhận mẫu"), paper("organic_vn", "HC-MAU-209", "Tổ chức chứng nhận mẫu")},
		},
		{
			ID: naSan, Slug: "htx-nong-san-na-san-xanh", Name: "HTX Nông sản Nà Sản Xanh", NameEn: "Nà Sản Xanh Cooperative",
			Kind: catalog.Cooperative, Commune: "04105", Founded: 2019, Members: 58, AreaHa: 96,
			Address: text("Tiểu khu 3, xã Mai Sơn, tỉnh Sơn La", "Sub-area 3, Mai Sơn commune, Sơn La"),
			Story: text("Cao nguyên Nà Sản trồng mía, trồng mận, và mười năm nay trồng cà phê xen cây ăn quả. Đất ở đây nằm ngoài vùng chỉ dẫn địa lý, nên hợp tác xã ghi rõ: cà phê từ Sơn La, chưa phải cà phê mang chỉ dẫn địa lý Sơn La.",
				"The Nà Sản plateau grows cane and plums, and for ten years coffee between the fruit trees. Its land lies outside the area of the indication, and the cooperative says so plainly: coffee from Sơn La, not coffee under the Sơn La indication."),
			Papers: []catalog.Certificate{paper("vietgap", "VG-MAU-1320", "Trung tâm chứng nhận mẫu")},
		},
		{
			ID: phiengPn, Slug: "htx-phieng-pan-xanh", Name: "HTX Phiêng Pằn Xanh", NameEn: "Phiêng Pằn Xanh Cooperative",
			Kind: catalog.Cooperative, Commune: "04159", Founded: 2021, Members: 37, AreaHa: 55,
			Address: text("Bản Pẻn, xã Phiêng Pằn, tỉnh Sơn La", "Pẻn village, Phiêng Pằn commune, Sơn La"),
			Story: text("Xã Phiêng Pằn hôm nay gộp từ ba xã cũ, chỉ một xã nằm trong vùng chỉ dẫn địa lý. Hợp tác xã đang cùng bà con xác nhận lại từng rẫy thuộc xã nào trước sáp nhập.",
				"Today's Phiêng Pằn commune was made from three, of which only one lies in the area of the indication. The cooperative and its members are confirming, plot by plot, which commune each belonged to before the merger."),
			Papers: []catalog.Certificate{},
		},
		{
			ID: namTy, Slug: "ho-ca-phe-nam-ty", Name: "Hộ cà phê Nậm Ty", NameEn: "Nậm Ty Family Coffee",
			Kind: catalog.Household, Commune: "04186", Founded: 2022, Members: 3, AreaHa: 6,
			Address: text("Bản Nà Hay, xã Nậm Ty, tỉnh Sơn La", "Nà Hay village, Nậm Ty commune, Sơn La"),
			Story: text("Ở thung lũng thấp và ấm hơn, gia đình trồng thử vài héc-ta cà phê vối để pha phin đậm. Rang mộc, không tẩm, bán hết trong huyện cũ trước khi có người hỏi từ xa.",
				"In a lower, warmer valley the family tries a few hectares of Robusta for a strong phin. Roasted plain, with nothing added, and mostly sold to neighbours before anyone asked from afar."),
			Papers: []catalog.Certificate{},
		},
	}
}
