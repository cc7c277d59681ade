package seed

import (
	"context"
	"slices"
	"time"

	"nguon/app/lang"
	"nguon/tours"
)

// writeVisits offers visits of three producers, with departures of the coming
// weeks.
func writeVisits(ctx context.Context, s Services, _ int) error {
	if s.Tours == nil {
		return nil
	}
	bus, err := sharedBus(ctx, s)
	if err != nil {
		return err
	}
	festival := ""
	if s.Festival != nil {
		festival = Festival
	}
	for _, v := range visits(bus) {
		if v.Org == suongNui {
			v.Edition = festival
		}
		if err := v.write(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// sharedBus is the minibus for which two tours of a cooperative compete.
func sharedBus(ctx context.Context, s Services) (string, error) {
	list, err := s.Tours.Resources(ctx, suongNui)
	if err != nil || len(list) > 0 {
		if len(list) > 0 {
			return list[0].ID, nil
		}
		return "", err
	}
	r, err := s.Tours.SaveResource(ctx, tours.Resource{Org: suongNui, Name: "Xe 12 chỗ (mẫu)", Capacity: 12})
	return r.ID, err
}

// visit is a seeded tour and when it leaves.
type visit struct {
	tours.Tour
	days  []time.Weekday
	times []tours.ClockTime
}

func (v visit) write(ctx context.Context, s Services) error {
	own, err := s.Tours.Own(ctx, v.Org)
	if err != nil {
		return err
	}
	t := v.Tour
	if i := slices.IndexFunc(own, func(x tours.Tour) bool { return x.Name == t.Name }); i >= 0 {
		t = own[i]
	} else if t, err = s.Tours.Save(ctx, recorder, t, time.Time{}); err != nil {
		return err
	}
	if err := s.Tours.Publish(ctx, recorder, t.ID, true); err != nil {
		return err
	}
	p := tours.Pattern{From: s.Now(), To: s.Now().AddDate(0, 0, 60), Days: v.days, Times: v.times}
	_, err = s.Tours.Plan(ctx, recorder, tours.Planned{Tour: t.ID, Starts: p.Departures()})
	return err
}

func visits(bus string) []visit {
	adult := tours.CustomerType{ID: "adult", Name: text("người lớn", "adult"), Price: 280_000, Seats: 1, Alone: true}
	child := tours.CustomerType{ID: "child", Name: text("trẻ em 6–12 tuổi", "child 6–12"), Price: 140_000, Seats: 1}
	local := tours.CustomerType{ID: "local", Name: text("người Sơn La", "Sơn La resident"), Price: 200_000, Seats: 1, Alone: true}
	lunch := tours.AddOn{ID: "lunch", Name: text("bữa trưa nhà sàn", "lunch in the stilt house"), Price: 120_000}
	ride := tours.AddOn{ID: "bus", Name: text("đón ở bến xe Sơn La", "pick-up at Sơn La bus station"), Price: 60_000}
	bag := tours.AddOn{ID: "bag", Name: text("túi 250 g bạn tự rang", "250 g of what you roasted"), Price: 95_000, Most: 10}
	table := tours.Policy{{Hours: 48, Percent: 100}, {Hours: 24, Percent: 50}}
	base := tours.Tour{Phone: demoPhone, Photos: []string{}, Speaks: []string{"vi", "en"}, Policy: table, Demo: true, Published: true}
	pick := base
	pick.Org, pick.Kind, pick.Name, pick.NameEn = suongNui, tours.Harvest, "Một buổi hái quả chín và rang cà phê ở Sương Núi", "A morning of picking and roasting at Sương Núi"
	pick.Commune, pick.Altitude, pick.Minutes, pick.Level, pick.Youngest = "04132", 860, 5*60, tours.Easy, 6
	pick.Story = text("Sáu rưỡi sáng, sương còn trên rẫy. Bạn đeo gùi theo các cô hái quả chín, mang về xưởng trước mười một giờ, xem xát vỏ, rồi rang mẻ nhỏ của riêng mình trên chảo gang.\n\nBuổi trưa ăn cơm nhà sàn, nghe kể vì sao quả chín trên 95 % được trả thêm.",
		"Half past six, mist still on the slope. You shoulder a basket, pick ripe cherries beside the women of the village, carry them to the mill before eleven, watch them pulped, and roast a small batch of your own in an iron pan.\n\nAt noon there is lunch in the stilt house, and the story of why cherries more than 95 % ripe are paid extra.")
	pick.Host = text("Chị Ỏm hái cà phê từ năm mười hai tuổi và là tổ trưởng tổ hái chín của bản Ban Mới, một bản người Thái.", "Ỏm has picked coffee since she was twelve and leads the pickers of Ban Mới, a Thái village.")
	pick.Meeting = tours.Meeting{Lat: 21.2080, Lon: 104.0020, Words: text("Cổng xưởng sơ chế Ban Mới, xã Chiềng Mai: rẽ trái sau cầu treo, có biển vàng", "Gate of the Ban Mới mill, Chiềng Mai: turn left after the hanging bridge, yellow sign"), Road: tours.ByBus}
	pick.Parking, pick.Toilets = text("Bãi xe trong xưởng, xe 29 chỗ quay đầu được", "In the mill yard; a 29-seat bus can turn"), text("Có, sạch, bồn rửa tay có xà phòng", "Yes, clean, with soap and water")
	pick.Food = text("Xôi nếp, gà nướng, rau rừng; báo trước để có món chay", "Sticky rice, grilled chicken, forest greens; tell us for vegetarian food")
	pick.Bring = text("Giày kín có bám, mũ, áo mưa mỏng", "Closed shoes with grip, a hat, a light raincoat")
	pick.Rain = text("Mưa nhỏ vẫn hái; mưa to thì rang và thử nếm trong xưởng, ai muốn thì đổi ngày", "Light rain: we pick. Heavy rain: roasting and tasting under the roof, or another day if you prefer")
	pick.Included = text("Gùi, găng tay, hướng dẫn, thử nếm ba loại cà phê", "Basket, gloves, a guide, a tasting of three coffees")
	pick.Season, pick.Types, pick.AddOns = tours.Season{From: 1015, To: 131}, []tours.CustomerType{adult, child, local}, []tours.AddOn{lunch, ride, bag}
	pick.Questions = []tours.Question{{ID: "diet", Text: text("Ăn chay hay kiêng gì không", "Any diet we should know of")}, {ID: "shoe", Text: text("Cỡ giày (để mượn ủng)", "Shoe size, for boots"), Each: true}}
	pick.Seats, pick.Fewest, pick.Decide, pick.Cutoff, pick.Deposit = 12, 3, 24, 12, 30
	pick.Plots, pick.Products, pick.Uses = []string{"demo-SN-R01", "demo-SN-R02"}, []string{gtin(1, 1)}, []tours.Use{{Resource: bus, AddOn: "bus", Quantity: 1}}

	taste := base
	taste.Org, taste.Kind, taste.Name, taste.NameEn = suongNui, tours.Tasting, "Thử nếm cà phê Sơn La cùng người rang", "A tasting of Sơn La coffees with the roaster"
	taste.Commune, taste.Altitude, taste.Minutes, taste.Level, taste.Youngest = "04132", 860, 90, tours.Easy, 10
	taste.Story = text("Năm tách, năm rẫy, một buổi chiều. Người rang chỉ bạn cách nhận ra vị chua sáng của cà phê rẫy cao và vị ngọt của mẻ mật ong.", "Five cups, five plots, one afternoon. The roaster shows you how the bright acidity of the high plots tastes, and the sweetness of a honey batch.")
	taste.Host, taste.Meeting = text("Anh Pành rang mẻ đầu tiên năm 2016.", "Pành roasted his first batch in 2016."), tours.Meeting{Lat: 21.2082, Lon: 104.0023, Words: text("Xưởng rang Sương Núi, cạnh xưởng sơ chế", "Sương Núi roastery, beside the mill"), Road: tours.ByCar}
	taste.Parking, taste.Toilets, taste.Food = pick.Parking, pick.Toilets, text("Bánh sắn, hoa quả theo mùa", "Cassava cake and fruit of the season")
	taste.Bring, taste.Rain, taste.Included = text("Không cần gì", "Nothing"), text("Trong nhà, mưa nắng như nhau", "Indoors, whatever the weather"), text("Năm loại cà phê, sổ ghi vị", "Five coffees and a tasting card")
	taste.Types, taste.AddOns = []tours.CustomerType{{ID: "adult", Name: adult.Name, Price: 120_000, Seats: 1, Alone: true}}, []tours.AddOn{ride}
	taste.Questions, taste.Seats, taste.Cutoff = []tours.Question{}, 8, 3
	taste.Products, taste.Uses, taste.Plots = []string{gtin(1, 1), gtin(1, 3)}, []tours.Use{{Resource: bus, AddOn: "bus", Quantity: 1}}, []string{}

	stay := base
	stay.Org, stay.Kind, stay.Name, stay.NameEn = huaNoong, tours.Homestay, "Hai ngày một đêm với bà con Hua Noong", "Two days and a night with the Hua Noong families"
	stay.Commune, stay.Altitude, stay.Minutes, stay.Level, stay.Youngest = "03670", 720, 26*60, tours.Moderate, 5
	stay.Story = text("Ngày đầu đi bộ quanh đầu hồ, đảo cà phê trên giàn, tối ăn cơm bên bếp lửa. Sáng hôm sau dậy sớm lên rẫy.", "The first day walks around the head of the lake and turns coffee on the beds; dinner by the fire. The next morning starts early on the slope.")
	stay.Host, stay.Meeting = text("Gia đình ông Dọn, ba thế hệ trong một nhà sàn.", "Dọn's family, three generations in one stilt house."), tours.Meeting{Lat: 21.3350, Lon: 103.9010, Words: text("Nhà văn hoá bản Noong", "Noong village hall"), Road: tours.ByCar}
	stay.Parking, stay.Toilets, stay.Food = text("Sân nhà văn hoá", "At the village hall"), text("Có nhà tắm nước nóng", "Yes, with a hot shower"), text("Ba bữa, món Thái", "Three meals, Thái food")
	stay.Bring, stay.Rain = text("Áo ấm, đèn pin, giày đi bộ", "Warm clothes, a torch, walking shoes"), text("Mưa thì ở nhà học nhuộm chàm", "When it rains we dye with indigo instead")
	stay.Included, stay.Season = text("Chỗ ngủ, ba bữa ăn, hướng dẫn", "A bed, three meals, a guide"), tours.Season{From: 1101, To: 415}
	stay.Types = []tours.CustomerType{{ID: "adult", Name: adult.Name, Price: 650_000, Seats: 1, Alone: true}, {ID: "child", Name: child.Name, Price: 300_000, Seats: 1}}
	stay.AddOns, stay.Questions = []tours.AddOn{bag}, []tours.Question{{ID: "bed", Text: text("Ngủ chung hay phòng riêng", "Shared floor or a room"), Choices: []lang.Text{text("Ngủ chung", "Shared"), text("Phòng riêng", "Room")}, Required: true}}
	stay.Seats, stay.Fewest, stay.Decide, stay.Cutoff, stay.Deposit = 8, 2, 48, 24, 50
	stay.Plots, stay.Products, stay.Uses = []string{"demo-HN-R01"}, []string{}, []tours.Use{}
	return []visit{
		{pick, []time.Weekday{time.Wednesday, time.Saturday, time.Sunday}, []tours.ClockTime{6*60 + 30}},
		{taste, []time.Weekday{time.Friday, time.Saturday, time.Sunday}, []tours.ClockTime{9 * 60, 14 * 60}},
		{stay, []time.Weekday{time.Saturday}, []tours.ClockTime{9 * 60}},
	}
}
