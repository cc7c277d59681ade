package seed

import (
	"context"
	"time"

	"nguon/qr/gi"
)

func writeRegister(ctx context.Context, s Services, y int) error {
	now := s.Now()
	register, err := s.GI(ctx, func() time.Time { return now })
	if err != nil {
		return err
	}
	for _, r := range rights(y) {
		r.right.Demo = true
		if err := register.Create(ctx, r.right); err != nil {
			return err
		}
		for _, d := range r.decisions {
			d.By, now = recorder, d.From
			if err := register.Decide(ctx, r.right.ID, d); err != nil {
				return err
			}
		}
		now = s.Now()
		for _, rep := range r.reports {
			if err := register.AddReport(ctx, r.right.ID, rep); err != nil {
				return err
			}
		}
	}
	return nil
}

type seededRight struct {
	right     gi.Right
	decisions []gi.Decision
	reports   []gi.Report
}

func rights(y int) []seededRight {
	five := func(from time.Time, n string) gi.Decision {
		return gi.Decision{Key: "grant", Action: gi.Grant, Number: n, From: from, To: from.AddDate(5, 0, -1),
			Reason: text("Đủ điều kiện sử dụng chỉ dẫn địa lý.", "Meets the conditions of use.")}
	}
	return []seededRight{
		{
			right: gi.Right{ID: "demo-r1", Number: "SL-MAU-01", Holder: suongNui, HolderName: "HTX Cà phê Sương Núi",
				Commune: "04132", Products: []string{"green", "roasted", "ground"}},
			decisions: []gi.Decision{five(day(y-2, 6, 1), "MAU-101/QĐ-SKHCN")},
			reports: []gi.Report{
				roastedReport("MAU-KN-2101", "roasted", day(y, 1, 20), day(y+1, 1, 19)),
				roastedReport("MAU-KN-2102", "ground", day(y, 1, 20), day(y+1, 1, 19)),
			},
		},
		{
			right: gi.Right{ID: "demo-r2", Number: "SL-MAU-02", Holder: huaNoong, HolderName: "HTX Nông nghiệp Hua Noong",
				Commune: "03670", Products: []string{"roasted", "ground"}},
			decisions: []gi.Decision{
				five(day(y-2, 6, 1), "MAU-102/QĐ-SKHCN"),
				{Key: "suspend-1", Action: gi.Suspend, Number: "MAU-318/QĐ-SKHCN", From: day(y, 8, 15),
					Reason: text("Chưa nộp phiếu kiểm nghiệm định kỳ năm nay.", "This year's periodic laboratory report has not been handed in.")},
			},
			reports: []gi.Report{roastedReport("MAU-KN-1988", "ground", day(y-1, 7, 1), day(y, 6, 30))},
		},
		{
			right: gi.Right{ID: "demo-r3", Number: "SL-MAU-03", Holder: banTrang, HolderName: "Công ty TNHH Rang xay Ban Trắng",
				Commune: "03679", Products: []string{"roasted", "ground"}},
			decisions: []gi.Decision{five(day(y-5, 4, 1), "MAU-058/QĐ-SKHCN")},
			reports: []gi.Report{
				roastedReport("MAU-KN-2077", "roasted", day(y-1, 12, 5), day(y, 12, 4)),
				roastedReport("MAU-KN-2078", "ground", day(y-1, 12, 5), day(y, 12, 4)),
			},
		},
		{
			right: gi.Right{ID: "demo-r4", Number: "SL-MAU-04", Holder: nhaSan, HolderName: "Hộ kinh doanh cà phê Nhà Sàn",
				Commune: "04117", Products: []string{"green", "roasted"}},
			decisions: []gi.Decision{five(day(y-1, 10, 1), "MAU-211/QĐ-SKHCN")},
		},
		{
			right: gi.Right{ID: "demo-r5", Number: "SL-MAU-05", Holder: phaDin, HolderName: "HTX Cà phê Mây Pha Đin",
				Commune: "03724", Products: []string{"green", "roasted", "ground"}},
			decisions: []gi.Decision{five(day(y-2, 6, 1), "MAU-103/QĐ-SKHCN")},
			reports: []gi.Report{
				roastedReport("MAU-KN-2130", "roasted", day(y, 2, 2), day(y+1, 2, 1)),
				roastedReport("MAU-KN-2131", "ground", day(y, 2, 2), day(y+1, 2, 1)),
			},
		},
		{
			right: gi.Right{ID: "demo-r6", Number: "SL-MAU-06", Holder: phiengPn, HolderName: "HTX Phiêng Pằn Xanh",
				Commune: "04159", Products: []string{"roasted"}},
			decisions: []gi.Decision{five(day(y-1, 10, 1), "MAU-212/QĐ-SKHCN")},
		},
		{
			right: gi.Right{ID: "demo-r7", Number: "SL-MAU-07", Holder: "demo-old-holder", HolderName: "HTX Cà phê Bản Cũ",
				Commune: "03784", Products: []string{"green"}},
			decisions: []gi.Decision{
				five(day(y-3, 1, 10), "MAU-076/QĐ-SKHCN"),
				{Key: "withdraw", Action: gi.Withdraw, Number: "MAU-290/QĐ-SKHCN", From: day(y-1, 5, 20),
					Reason: text("Hợp tác xã đã giải thể.", "The cooperative was dissolved.")},
			},
		},
	}
}

// roastedReport is a laboratory report inside every band of the indication.
func roastedReport(number, kind string, on, to time.Time) gi.Report {
	return gi.Report{Number: number, Lab: "Phòng thử nghiệm mẫu", Kind: kind, On: on, ValidTo: to,
		Values: map[string]float64{"caffeine_pct": 1.31, "extract_pct": 31.8, "protein_pct": 12.4}}
}
