package order

import (
	"slices"
	"strconv"

	"nguon/app/lang"
)

// Province is a province or city of today, with its code.
type Province struct{ Code, Name string }

// Provinces are the 34 of Resolution 202/2025/QH15 with the codes of Decision
// 19/2025/QĐ-TTg, in dictionary order.
var Provinces = sorted([]Province{
	{"01", "Hà Nội"}, {"04", "Cao Bằng"}, {"08", "Tuyên Quang"}, {"11", "Điện Biên"}, {"12", "Lai Châu"}, {"14", "Sơn La"},
	{"15", "Lào Cai"}, {"19", "Thái Nguyên"}, {"20", "Lạng Sơn"}, {"22", "Quảng Ninh"}, {"24", "Bắc Ninh"}, {"25", "Phú Thọ"},
	{"31", "Hải Phòng"}, {"33", "Hưng Yên"}, {"37", "Ninh Bình"}, {"38", "Thanh Hóa"}, {"40", "Nghệ An"}, {"42", "Hà Tĩnh"},
	{"44", "Quảng Trị"}, {"46", "Huế"}, {"48", "Đà Nẵng"}, {"51", "Quảng Ngãi"}, {"52", "Gia Lai"}, {"56", "Khánh Hòa"},
	{"66", "Đắk Lắk"}, {"68", "Lâm Đồng"}, {"75", "Đồng Nai"}, {"79", "Thành phố Hồ Chí Minh"}, {"80", "Tây Ninh"}, {"82", "Đồng Tháp"},
	{"86", "Vĩnh Long"}, {"91", "An Giang"}, {"92", "Cần Thơ"}, {"96", "Cà Mau"},
})

func sorted(list []Province) []Province {
	slices.SortFunc(list, func(a, b Province) int {
		if x, y := lang.SortKey(a.Name), lang.SortKey(b.Name); x != y {
			if x < y {
				return -1
			}
			return 1
		}
		return 0
	})
	return list
}

// ProvinceByCode finds a province.
func ProvinceByCode(code string) (Province, bool) {
	i := slices.IndexFunc(Provinces, func(p Province) bool { return p.Code == code })
	if i < 0 {
		return Province{}, false
	}
	return Provinces[i], true
}

// Limits of what people can enter.
const (
	maxMoney = 1_000_000_000
	maxGrams = 1_000_000
	maxZones = 40
)

func itoa(n int) string { return strconv.Itoa(n) }
