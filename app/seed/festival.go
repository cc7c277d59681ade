package seed

import (
	"context"
	"strconv"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/tours"
)

// Festival is the id of the invented edition.
const Festival = "demo-le-hoi"

// festivalFrom is the first Friday four weeks ahead, so that the festival of the
// demonstration is still to come.
func festivalFrom(now time.Time) time.Time {
	d := lang.Midnight(now).AddDate(0, 0, 28)
	for d.Weekday() != time.Friday {
		d = d.AddDate(0, 0, 1)
	}
	return d
}

// writeFestival enters an edition with its programme and publishes it. What is
// there already stays as it is.
func writeFestival(ctx context.Context, s Services, y int) error {
	if s.Festival == nil {
		return nil
	}
	e, err := s.Festival.Edition(ctx, Festival)
	if fault.Is(err, fault.NotFound) {
		e, err = s.Festival.Save(ctx, tours.EditionEdit{By: recorder, Edition: edition(festivalFrom(s.Now()))})
	}
	if err == nil && len(e.Venues) == 0 {
		e.Venues = venues()
		e, err = s.Festival.SetVenues(ctx, tours.EditionEdit{By: recorder, Edition: e, Seen: e.Changed})
	}
	if err == nil && len(e.Booths) == 0 {
		e.Booths = booths(y)
		e, err = s.Festival.SetBooths(ctx, tours.EditionEdit{By: recorder, Edition: e, Seen: e.Changed})
	}
	if err != nil || e.First != nil {
		return err
	}
	for i, v := range programme(e.From) {
		v.ID, v.Edition, v.State = "demo-su-kien-"+strconv.Itoa(i+1), e.ID, tours.EventOn
		if _, err := s.Festival.Event(ctx, v.ID); err == nil {
			continue
		}
		if _, err := s.Festival.SaveEvent(ctx, tours.EventEdit{By: recorder, Event: v}); err != nil {
			return err
		}
	}
	return s.Festival.Publish(ctx, recorder, e.ID)
}

func edition(from time.Time) tours.Edition {
	return tours.Edition{
		ID: Festival, Org: committee, Demo: true, From: from, To: from.AddDate(0, 0, 2),
		Name: text("Lễ hội cà phê Sơn La (mẫu)", "Sơn La Coffee Festival (demonstration)"),
		Ground: tours.Ground{Words: text("Quảng trường Tây Bắc", "Tây Bắc square"), Commune: "03670",
			Lat: 21.3270, Lon: 103.9141},
		Story: text("Ba ngày giữa mùa hái, người trồng, người rang và người uống gặp nhau ở quảng trường Tây Bắc: chợ cà phê của các hợp tác xã, thi hái quả chín, nếm thử cùng người rang, và vòng xòe mỗi tối.\n\nVào cửa tự do. Hai buổi nhỏ cần vé vì chỗ ngồi có hạn.",
			"For three days in the picking season those who grow, roast and drink coffee meet on Tây Bắc square: a market of the cooperatives, a picking contest, tastings with the roasters, and the circle of xòe dancers every evening.\n\nEntry is free. Two small sessions need a ticket because seats are few."),
		Rain: text("Trời mưa thì chợ vẫn họp dưới mái che; các buổi ở sân khấu dời vào nhà trưng bày, cùng giờ. Thi hái dời sang sáng hôm sau.",
			"When it rains the market goes on under its roof; what is on stage moves into the hall at the same hour. The picking contest moves to the next morning."),
		Way: text("Xe khách từ Hà Nội đi chừng bảy giờ, có chuyến tối. Từ bến xe Sơn La tới quảng trường đi taxi hoặc xe ôm chừng mười phút. Có bãi gửi xe máy và ô tô ở phía sau nhà trưng bày.",
			"Coaches from Hanoi take about seven hours; some run overnight. From the Sơn La bus station it is ten minutes by taxi or motorbike. Motorbikes and cars park behind the hall."),
	}
}

func venues() []tours.Venue {
	return []tours.Venue{
		{Name: text("Sân khấu Xòe", "Xòe stage"), Words: text("Giữa quảng trường, chỗ ngồi bậc đá", "In the middle of the square, stone steps to sit on"), Kind: tours.AtStage, X: 50, Y: 12},
		{Name: text("Chợ cà phê", "Coffee market"), Words: text("Dãy gian A, dưới mái che", "Booths A, under the roof"), Kind: tours.AtMarket, X: 14, Y: 52},
		{Name: text("Nhà trưng bày", "Exhibition hall"), Words: text("Cửa phía đông, có lối xe lăn", "Entrance on the east side, step-free"), Kind: tours.AtHall, X: 88, Y: 45},
		{Name: text("Sân hái và rang", "Picking and roasting ground"), Words: text("Sau vườn cây, cạnh bãi xe", "Behind the trees, beside the car park"), Kind: tours.AtField, X: 56, Y: 90},
	}
}

// booths stand for the invented producers; two of them hand out orders of the shop.
func booths(y int) []tours.Booth {
	list := []tours.Booth{}
	for i, p := range producers(y) {
		list = append(list, tours.Booth{Number: "A" + strconv.Itoa(i+1), Venue: "cho-ca-phe", Producer: p.ID, Pickup: i < 2})
	}
	return append(list, tours.Booth{Number: "B1", Venue: "nha-trung-bay", Name: "Bàn hướng dẫn (mẫu)"})
}

// programme is what happens on the three days from from.
func programme(from time.Time) []tours.Event {
	on := func(day, hour, minute int) time.Time {
		return from.AddDate(0, 0, day).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
	}
	const stage, market, hall, field = "san-khau-xoe", "cho-ca-phe", "nha-trung-bay", "san-hai-va-rang"
	someone := func(name, of string, words lang.Text) []tours.Speaker {
		return []tours.Speaker{{Name: name + " (mẫu)", Of: of, Words: words}}
	}
	kind := func(id, vi, en string, price money.VND, alone bool) tours.CustomerType {
		return tours.CustomerType{ID: id, Name: text(vi, en), Price: price, Seats: 1, Alone: alone}
	}
	return []tours.Event{
		{Kind: tours.Bazaar, Title: text("Chợ cà phê OCOP", "Market of OCOP coffee"), Venue: market, Start: on(0, 8, 0), End: on(2, 17, 0),
			Story:  text("Tám cơ sở bày cà phê của mình, cho nếm trước khi mua. Đơn đặt trên Nguồn nhận được tại gian A1 và A2.", "Eight producers show their coffee and let you taste it first. Orders placed on Nguồn can be fetched at booths A1 and A2."),
			Booths: []string{"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"}},
		{Kind: tours.Talk, Title: text("Chỉ dẫn địa lý nói gì trên gói cà phê", "What the geographical indication on a packet says"), Venue: hall, Start: on(0, 14, 0), End: on(0, 15, 30),
			Story:    text("Vùng nào, độ cao nào, ai được dùng tên Sơn La, và cách tự kiểm tra bằng điện thoại.", "Which area and altitude, who may use the name Sơn La, and how to check it yourself with a phone."),
			Speakers: someone("Đèo Thị Chỉ", "Cơ quan quản lý chỉ dẫn địa lý (mẫu)", text("Giữ sổ đăng ký quyền sử dụng", "Keeps the register of use rights"))},
		{Kind: tours.Show, Title: text("Khai mạc và vòng xòe", "Opening and circle of xòe"), Venue: stage, Start: on(0, 19, 30), End: on(0, 21, 30),
			Story: text("Trống, chiêng, rồi vòng xòe mở cho mọi người cùng vào.", "Drums and gongs, then a circle dance that everybody joins.")},
		{Kind: tours.Contest, Title: text("Thi hái quả chín", "Picking contest"), Venue: field, Start: on(1, 8, 0), End: on(1, 9, 30),
			Story: text("Tám đội, mỗi đội năm người, hai mươi phút. Chấm theo cân nặng và tỷ lệ quả chín đỏ.", "Eight teams of five, twenty minutes. Weight counts, and how many cherries are ripe.")},
		{Kind: tours.Cupping, Title: text("Nếm thử cùng người rang", "Tasting with the roaster"), Venue: hall, Start: on(1, 9, 30), End: on(1, 11, 0),
			Story:    text("Sáu cốc, ba cách chế biến, một tiếng rưỡi. Không cần biết trước điều gì.", "Six cups, three ways of processing, an hour and a half. Nothing to know beforehand."),
			Speakers: someone("Lường Văn Rang", "Công ty TNHH Rang xay Ban Trắng", text("Rang cà phê đã mười hai năm", "Has roasted coffee for twelve years")), Booths: []string{"a3"},
			Ticketed: true, Capacity: 24, Cutoff: 2, Types: []tours.CustomerType{kind("adult", "Người lớn", "Adult", 80_000, true)}, Policy: tours.Policy{{Hours: 48, Percent: 100}, {Hours: 24, Percent: 50}}},
		{Kind: tours.Talk, Title: text("Từ quả chín tới mã trên gói", "From the cherry to the code on the packet"), Venue: stage, Start: on(1, 14, 0), End: on(1, 15, 0),
			Speakers: someone("Cầm Văn Chủ", "HTX Cà phê Sương Núi", text("Kể chuyện một lô cà phê, từng bước", "Tells the story of one lot, step by step")), Booths: []string{"a1"}},
		{Kind: tours.Contest, Title: text("Thi pha phin", "Phin brewing contest"), Venue: stage, Start: on(1, 15, 30), End: on(1, 17, 0),
			Story: text("Ai cũng đăng ký được tại bàn hướng dẫn trước 15 giờ.", "Anybody can enter at the information desk before 3 pm.")},
		{Kind: tours.Show, Title: text("Đêm xòe và cà phê", "Night of xòe and coffee"), Venue: stage, Start: on(1, 20, 0), End: on(1, 22, 0)},
		{Kind: tours.Cupping, Title: text("Cả nhà rang cà phê bằng chảo gang", "Roasting in an iron pan, for families"), Venue: field, Start: on(2, 8, 30), End: on(2, 10, 0),
			Story:    text("Mỗi nhà một bếp, một chảo, mang về 100 g tự rang. Trẻ em đi cùng người lớn.", "One stove and one pan for each family, 100 g of your own roast to take home. Children come with an adult."),
			Ticketed: true, Capacity: 16, Cutoff: 12, Types: []tours.CustomerType{kind("adult", "Người lớn", "Adult", 120_000, true), kind("child", "Trẻ em", "Child", 60_000, false)}, Policy: tours.Policy{{Hours: 48, Percent: 100}}},
		{Kind: tours.Talk, Title: text("Gặp người mua: hợp đồng một vụ", "Meet the buyers: contracts for a season"), Venue: hall, Start: on(2, 10, 30), End: on(2, 11, 30),
			Speakers: someone("Tòng Văn Tỉnh", "Văn phòng tỉnh (mẫu)", text("", ""))},
		{Kind: tours.Show, Title: text("Bế mạc và trao giải", "Closing and prizes"), Venue: stage, Start: on(2, 16, 0), End: on(2, 17, 0)},
	}
}
