package views

import (
	"time"

	"nguon/app/lang"
	"nguon/app/place"
	"nguon/catalog"
	"nguon/qr"
	"nguon/qr/gi"
	"nguon/qr/trace"
)

// The samples of the gallery are invented and say so; pages with real data
// never read them.

func sampleDay(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 8, 0, 0, 0, lang.Zone)
}

func sampleProducer() catalog.Producer {
	return catalog.Producer{ID: "mau-1", Slug: "htx-ca-phe-mau", Name: "HTX Cà phê Đặc sản Mẫu Thượng Nguồn Sông Mã", NameEn: "Mẫu Speciality Coffee Cooperative",
		Kind: catalog.Cooperative, Commune: "04132", Phone: "0212 000 0000", Founded: 2016, Members: 84, AreaHa: 132, Published: true, Demo: true,
		Address: lang.Text{Vi: "Bản Mẫu, xã Chiềng Mai, tỉnh Sơn La", En: "Mẫu village, Chiềng Mai commune, Sơn La"},
		Story:   lang.Text{Vi: "Tám mươi tư hộ cùng hái chín, cùng ủ và cùng phơi dưới một mái.", En: "Eighty-four households pick ripe, ferment and dry under one roof."},
		Papers:  []catalog.Certificate{{Scheme: "4c", Number: "4C-MAU-01", Issuer: "Tổ chức chứng nhận mẫu", From: sampleDay(3, 1), To: sampleDay(12, 31)}}}
}

func sampleProduct(kind catalog.Kind, color string, motif int) catalog.Product {
	p := catalog.Product{ID: "mau-" + color, Slug: "ca-phe-mau-" + color, Producer: "mau-1", Name: "Cà phê mẫu Sương Núi, Arabica chế biến ướt", NameEn: "Sample Washed Arabica, whole bean",
		Kind: kind, Species: "arabica", Roast: catalog.Medium, Process: catalog.Washed, Demo: true, Published: true,
		Summary: lang.Text{Vi: "Rang vừa, chua thanh như quýt, hậu ngọt mật mía.", En: "Medium roast, mandarin brightness, a cane-syrup finish."},
		Story:   lang.Text{Vi: "Xát trong ngày, ủ khô mười tám giờ, phơi giàn mười hai ngày.", En: "Pulped the same day, dry-fermented and dried twelve days on raised beds."},
		Notes:   []lang.Text{{Vi: "Quýt", En: "Mandarin"}, {Vi: "Mật mía", En: "Cane syrup"}},
		Brew:    lang.Text{Vi: "15 g bột, 240 ml nước 92 °C, ba phút.", En: "15 g, 240 ml of water at 92 °C, three minutes."},
		OCOP:    &catalog.OCOP{Stars: 4, Decision: "MAU-0412/QĐ-UBND", Grantor: lang.Text{Vi: "UBND tỉnh (dữ liệu mẫu)", En: "Province (demonstration)"}, From: sampleDay(1, 5), To: sampleDay(12, 31), Checked: &catalog.Check{Holds: true}},
		Art:     catalog.Art{Color: color, Motif: motif, Window: true},
		Variants: []catalog.Variant{{GTIN: "09521234000012", NetGrams: 250, Grind: "beans", Price: 135_000},
			{GTIN: "09521234000029", NetGrams: 500, Grind: "medium", Price: 255_000}}}
	if kind == catalog.Green {
		p.Roast = ""
	}
	return p
}

func sampleProducts() []catalog.Product {
	list := []catalog.Product{sampleProduct(catalog.Roasted, "indigo", 0), sampleProduct(catalog.Ground, "cherry", 2),
		sampleProduct(catalog.Green, "leaf", 1), sampleProduct(catalog.Other, "turmeric", 3), sampleProduct(catalog.Roasted, "roast", 4)}
	list[1].Name, list[1].NameEn, list[1].OCOP = "Cà phê bột pha phin", "Ground for phin", nil
	list[2].Name, list[2].NameEn = "Cà phê nhân xanh", "Green beans"
	list[3].Name, list[3].NameEn = "Trà vỏ cà phê", "Cascara"
	list[4].Name, list[4].NameEn, list[4].Species = "Robusta Nậm Ty", "Nậm Ty Robusta", "robusta"
	return list
}

func samplePlots() []trace.PublicPlot {
	return []trace.PublicPlot{
		{Code: "SN-014", Commune: "04132", OldCommune: "mai-son/chieng-ban", Near: place.Point{Lon: 103.98, Lat: 21.22}, AreaHa: 1.62, AltitudeM: 870, Species: trace.Arabica,
			Varieties: []string{"Catimor", "THA1"}, Planted: 2012, PUC: "VN-SL-MAU-0142", Farmer: "Người trồng mẫu",
			Ring: []place.Point{{Lon: 103.980, Lat: 21.220}, {Lon: 103.983, Lat: 21.221}, {Lon: 103.984, Lat: 21.218}, {Lon: 103.981, Lat: 21.217}, {Lon: 103.980, Lat: 21.220}}},
		{Code: "SN-021", Commune: "04159", Near: place.Point{Lon: 104.08, Lat: 21.06}, AreaHa: 0.8, Species: trace.Arabica},
	}
}

func sampleSteps() []trace.PublicStep {
	step := func(seq int, k trace.EventKind, month time.Month, day int, in trace.Form, inKg int64, out trace.Form, outKg int64, detail string) trace.PublicStep {
		return trace.PublicStep{Seq: seq, Kind: k, At: sampleDay(month, day), Facility: "Xưởng sơ chế mẫu", FacilityKind: trace.WetMill, Commune: "04132",
			InForm: in, InGrams: inKg * 1000, OutForm: out, OutGrams: outKg * 1000, Detail: detail}
	}
	list := []trace.PublicStep{
		step(1, trace.Harvest, 1, 4, "", 0, trace.Cherry, 6200, ""),
		step(2, trace.Pulp, 1, 13, trace.Cherry, 6200, trace.WetParch, 2976, "washed"),
		step(3, trace.Dry, 1, 27, trace.WetParch, 2976, trace.Parchment, 1190, ""),
		step(4, trace.Hull, 2, 16, trace.Parchment, 1190, trace.Green, 964, ""),
		step(5, trace.Sort, 2, 18, trace.Green, 964, trace.Green, 935, "screen_16"),
		step(6, trace.Roast, 2, 21, trace.Green, 935, trace.Roasted, 795, "medium"),
		step(7, trace.Pack, 2, 24, trace.Roasted, 795, trace.Roasted, 795, ""),
	}
	list[0].Until = sampleDay(1, 13)
	list[4].Corrected, list[4].Reason = true, "cân lại sau khi loại tạp"
	return list
}

func sampleLot() *trace.PublicLot {
	packed := sampleDay(2, 24)
	return &trace.PublicLot{ID: "mau", Code: "SN-26A1", Producer: "mau-1", Species: trace.Arabica, Season: "2025/2026", PackedOn: &packed,
		Items: []trace.Item{{GTIN: "09521234000012", NetGrams: 250}}, Plots: samplePlots(), Steps: sampleSteps(),
		Balance: trace.Balance{PackableGrams: 795_000, CommittedGrams: 500_000, OK: true, Checks: []trace.Check{
			{Seq: 6, Step: trace.Roast, Code: trace.CheckYield, Ratio: .85, Min: .78, Max: .88, OK: true},
			{Code: trace.CheckTotal, Ratio: .151, Min: .12, Max: .2, OK: true}}},
		Quality: []trace.Report{{Number: "PTN-MAU-77", Lab: "Phòng thử nghiệm mẫu", On: sampleDay(2, 22), Values: map[string]float64{"caffeine_pct": 1.2, "protein_pct": 12.4, "extract_pct": 31.5}, CupPoints: 82.5}},
		Papers: []trace.Paper{{Scheme: "4c", Number: "4C-MAU-2201", Issuer: "Tổ chức chứng nhận mẫu", Holder: "HTX mẫu", From: sampleDay(1, 1), To: sampleDay(12, 31)},
			{Scheme: "vietgap", Number: "VG-MAU-9", Issuer: "Trung tâm chứng nhận mẫu", Holder: "HTX mẫu", From: sampleDay(1, 1), To: sampleDay(3, 1)}},
		ChainHead: "9f2c66a1b04e77d19f2c66a1b04e77d1", ChainValid: true, Changed: packed, Demo: true}
}

// sampleVerdict judges as given; evidence is worded by the rules' own messages.
func sampleVerdict(at time.Time, area, product, right gi.Result) gi.Verdict {
	v := gi.Verdict{AsOf: at, Result: gi.Pass, Tests: [3]gi.Test{{Name: "area", Result: area}, {Name: "product", Result: product}, {Name: "right", Result: right}}}
	facts := map[string]gi.Evidence{
		"area":    {Code: "gi.evidence.area.altitude_in", Args: map[string]any{"Plot": "SN-014", "Altitude": 870, "Min": 600, "Max": 1200}},
		"product": {Code: "gi.evidence.product.species_in", Args: map[string]any{"Species": gi.Term("gi.species.arabica")}},
		"right":   {Code: "gi.evidence.right.none", Args: map[string]any{"Day": at}},
	}
	for i := range v.Tests {
		t := &v.Tests[i]
		e := facts[t.Name]
		e.Result = t.Result
		t.Evidence = []gi.Evidence{e}
		if t.Result == gi.Fail || t.Result == gi.Undetermined && v.Result != gi.Fail {
			v.Result = t.Result
		}
	}
	return v
}

func sampleTrace(s qr.State) qr.Trace {
	packed, today := sampleVerdict(sampleDay(2, 24), gi.Pass, gi.Pass, gi.Pass), sampleVerdict(sampleDay(8, 2), gi.Pass, gi.Pass, gi.Fail)
	p := sampleProduct(catalog.Roasted, "indigo", 0)
	t := qr.Trace{GTIN: "09521234000012", Lot: "SN-26A1", Serial: "A1K7Q2M9X4T0C8RW", State: s, LotData: sampleLot(), Demo: true,
		GI:    &qr.GI{Packed: &packed, Today: today},
		Scans: qr.Scans{First: sampleDay(3, 12), Count: 4}, Run: &qr.Run{On: sampleDay(2, 24), Count: 2000},
		Product: qr.Product{GTIN: "09521234000012", Name: p.Name, NameEn: p.NameEn, Slug: p.Slug, Kind: "roasted", Species: "arabica", Roast: "medium", Process: "washed",
			NetGrams: 250, Grind: "beans", Producer: "mau-1", ProducerName: sampleProducer().Name, ProducerSlug: "htx-ca-phe-mau", Commune: "04132", Stars: 4, Listed: true, Demo: true}}
	switch s {
	case qr.LotOnly:
		t.Serial, t.Run = "", nil
	case qr.Recalled:
		t.LotData.Recall = &trace.Recall{At: sampleDay(4, 2), Reason: lang.Text{Vi: "Độ ẩm hạt cao hơn mức cho phép ở một phần lô.", En: "Part of the lot was packed too moist."},
			Advice: lang.Text{Vi: "Đừng dùng. Mang gói đến nơi mua để được trả lại tiền.", En: "Do not use it. Take the packet back to the shop for a refund."}}
	case qr.Void:
		on := sampleDay(3, 1)
		t.Run.Voided, t.Run.Reason = &on, "in lệch tem"
	}
	return t
}
