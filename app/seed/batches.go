package seed

import (
	"time"

	"nguon/app/lang"
	"nguon/catalog"
	"nguon/qr/trace"
)

var (
	roastedValues = map[string]float64{"caffeine_pct": 1.24, "extract_pct": 32.4, "protein_pct": 12.2}
	greenValues   = map[string]float64{"bean_mm": 6.3, "caffeine_pct": 1.06, "protein_pct": 12.8, "sugar_pct": 7.9}
)

func items(producer int, numbersAndGrams ...int64) []trace.Item {
	var is []trace.Item
	for i := 0; i+1 < len(numbersAndGrams); i += 2 {
		is = append(is, trace.Item{GTIN: gtin(producer, int(numbersAndGrams[i])), NetGrams: numbersAndGrams[i+1]})
	}
	return is
}

// batches are the seeded lots. Their codes start with the producer's two
// letters; the year follows when they are written.
func batches(y int) []batch {
	early, main, late := day(y-1, time.November, 3), day(y-1, time.November, 24), day(y-1, time.December, 12)
	return []batch{
		{ // GI "Sơn La": everything in order.
			code: "SN-01", producer: suongNui, plots: []string{"SN-R01", "SN-R02"}, process: catalog.Washed, final: trace.Roasted, roast: catalog.Medium,
			cherryKg: 4_200, harvest: early, packed: day(y, 3, 12), mill: "demo-x01", roastery: "demo-x02", items: items(1, 1, 250, 2, 500), species: trace.Arabica,
			reports: []trace.Report{labReport("MAU-PT-2611", day(y, 3, 16), roastedValues, 83.25)},
			papers:  []trace.Paper{certificate("4c", "4C-MAU-2201", "HTX Cà phê Sương Núi", y)},
		},
		{ // Blended from three plots in three former communes.
			code: "SN-02", producer: suongNui, plots: []string{"SN-R02", "SN-R03", "SN-R04"}, process: catalog.Washed, final: trace.Ground, roast: catalog.MediumDark,
			cherryKg: 6_800, harvest: main, packed: day(y, 4, 2), mill: "demo-x01", roastery: "demo-x02", items: items(1, 3, 250, 4, 500), species: trace.Arabica,
			papers: []trace.Paper{certificate("4c", "4C-MAU-2201", "HTX Cà phê Sương Núi", y)},
		},
		{
			code: "SN-03", producer: suongNui, plots: []string{"SN-R05"}, process: catalog.Honey, final: trace.Roasted, roast: catalog.MediumLight,
			cherryKg: 2_900, harvest: late, packed: day(y, 5, 20), mill: "demo-x01", roastery: "demo-x02", items: items(1, 5, 200), species: trace.Arabica,
			reports: []trace.Report{labReport("MAU-PT-2640", day(y, 5, 22), roastedValues, 84.5)},
		},
		{
			code: "SN-04", producer: suongNui, plots: []string{"SN-R01", "SN-R05"}, process: catalog.Washed, final: trace.Green,
			cherryKg: 5_600, harvest: main, packed: day(y, 2, 26), mill: "demo-x01", items: items(1, 6, 1_000, 7, 5_000), species: trace.Arabica,
			reports: []trace.Report{labReport("MAU-PT-2602", day(y, 2, 20), greenValues, 0)},
			papers:  []trace.Paper{certificate("4c", "4C-MAU-2201", "HTX Cà phê Sương Núi", y)},
		},
		{ // Waits as parchment; nothing is packed yet.
			code: "SN-05", producer: suongNui, plots: []string{"SN-R03"}, process: catalog.Washed, final: trace.Green,
			cherryKg: 3_100, harvest: late, mill: "demo-x01", items: items(1, 6, 1_000), species: trace.Arabica,
		},
		{ // The right was valid when it was packed and is suspended today.
			code: "HN-01", producer: huaNoong, plots: []string{"HN-R01", "HN-R02"}, process: catalog.Natural, final: trace.Roasted, roast: catalog.MediumLight,
			cherryKg: 2_600, harvest: early, packed: day(y, 4, 18), mill: "demo-x03", roastery: "demo-x04", items: items(2, 1, 250, 2, 500), species: trace.Arabica,
			reports: []trace.Report{labReport("MAU-PT-2618", day(y, 4, 20), roastedValues, 83.75)},
			papers:  []trace.Paper{certificate("vietgap", "VG-MAU-1187", "HTX Nông nghiệp Hua Noong", y)},
		},
		{ // Recalled.
			code: "HN-02", producer: huaNoong, plots: []string{"HN-R03"}, process: catalog.Natural, final: trace.Ground, roast: catalog.Medium,
			cherryKg: 2_100, harvest: main, packed: day(y, 5, 6), mill: "demo-x03", roastery: "demo-x04", items: items(2, 3, 250), species: trace.Arabica,
			recall: recalled(y),
		},
		{
			code: "HN-03", producer: huaNoong, plots: []string{"HN-R01", "HN-R03"}, process: catalog.Washed, final: trace.Roasted, roast: catalog.Medium,
			cherryKg: 1_800, harvest: late, packed: day(y, 9, 4), mill: "demo-x03", roastery: "demo-x04", items: items(2, 2, 500), species: trace.Arabica,
			reports: []trace.Report{labReport("MAU-PT-2677", day(y, 9, 5), roastedValues, 82)},
		},
		{ // The packer's right had expired on the packing day.
			code: "BT-01", producer: banTrang, plots: []string{"BT-R01", "BT-R02"}, process: catalog.Washed, final: trace.Roasted, roast: catalog.MediumDark,
			cherryKg: 5_200, harvest: main, packed: day(y, 5, 15), mill: "demo-x06", roastery: "demo-x05", items: items(3, 1, 250, 2, 1_000), species: trace.Arabica,
		},
		{ // Packed in the last month of the right.
			code: "BT-02", producer: banTrang, plots: []string{"BT-R01"}, process: catalog.Washed, final: trace.Ground, roast: catalog.MediumDark,
			cherryKg: 2_400, harvest: early, packed: day(y, 3, 20), mill: "demo-x06", roastery: "demo-x05", items: items(3, 3, 200), species: trace.Arabica,
		},
		{
			code: "NS-01", producer: nhaSan, plots: []string{"NS-R01", "NS-R02"}, process: catalog.Anaerobic, final: trace.Roasted, roast: catalog.MediumLight,
			cherryKg: 420, harvest: main, packed: day(y, 3, 29), mill: "demo-x07", roastery: "demo-x08", items: items(4, 1, 150), species: trace.Arabica,
			reports: []trace.Report{labReport("MAU-PT-2622", day(y, 3, 30), roastedValues, 85)},
		},
		{
			code: "PD-01", producer: phaDin, plots: []string{"PD-R01", "PD-R02"}, process: catalog.Washed, final: trace.Roasted, roast: catalog.Light,
			cherryKg: 7_400, harvest: late, packed: day(y, 4, 9), mill: "demo-x09", roastery: "demo-x10", items: items(5, 1, 200, 2, 500), species: trace.Arabica,
			reports: []trace.Report{labReport("MAU-PT-2630", day(y, 4, 11), roastedValues, 86)},
			papers:  []trace.Paper{certificate("ra", "RA-MAU-7740", "HTX Cà phê Mây Pha Đin", y)},
		},
		{
			code: "PD-02", producer: phaDin, plots: []string{"PD-R03"}, process: catalog.Washed, final: trace.Ground, roast: catalog.Medium,
			cherryKg: 5_900, harvest: late, packed: day(y, 6, 3), mill: "demo-x09", roastery: "demo-x10", items: items(5, 3, 250, 4, 1_000), species: trace.Arabica,
			papers: []trace.Paper{certificate("organic_vn", "HC-MAU-209", "HTX Cà phê Mây Pha Đin", y), certificate("ra", "RA-MAU-7740", "HTX Cà phê Mây Pha Đin", y)},
		},
		{ // From Mai Sơn commune: Sơn La coffee, outside the area of the indication.
			code: "NX-01", producer: naSan, plots: []string{"NX-R01", "NX-R02"}, process: catalog.Washed, final: trace.Roasted, roast: catalog.Medium,
			cherryKg: 6_100, harvest: main, packed: day(y, 3, 26), mill: "demo-x11", roastery: "demo-x11", items: items(6, 1, 250, 2, 500), species: trace.Arabica,
			reports: []trace.Report{labReport("MAU-PT-2615", day(y, 3, 27), roastedValues, 81.5)},
			papers:  []trace.Paper{certificate("vietgap", "VG-MAU-1320", "HTX Nông sản Nà Sản Xanh", y)},
		},
		{ // One plot's pre-2025 commune is unknown, so the area cannot be decided.
			code: "PP-01", producer: phiengPn, plots: []string{"PP-R01", "PP-R02"}, process: catalog.Honey, final: trace.Roasted, roast: catalog.Medium,
			cherryKg: 3_300, harvest: main, packed: day(y, 4, 24), mill: "demo-x12", roastery: "demo-x12", items: items(7, 1, 250), species: trace.Arabica,
			reports: []trace.Report{labReport("MAU-PT-2633", day(y, 4, 25), roastedValues, 82.5)},
		},
		{ // Robusta.
			code: "NT-01", producer: namTy, plots: []string{"NT-R01", "NT-R02"}, process: catalog.Natural, final: trace.Ground, roast: catalog.Dark,
			cherryKg: 3_600, harvest: late, packed: day(y, 5, 11), mill: "demo-x13", roastery: "demo-x13", items: items(8, 1, 250, 2, 500), species: trace.Robusta,
		},
	}
}

func recalled(y int) *trace.Recall {
	return &trace.Recall{At: at(y, time.July, 2, 10), By: recorder,
		Reason: lang.Text{Vi: "Một số gói của lô này bị hở mối hàn, cà phê có thể đã hút ẩm.", En: "The seal of some packets of this lot is faulty; the coffee may have taken up moisture."},
		Advice: lang.Text{Vi: "Bạn đừng dùng gói này. Mang tới nơi mua hoặc gọi cho hợp tác xã để đổi gói khác.", En: "Please do not use this packet. Take it back to the shop or call the cooperative for another."}}
}
