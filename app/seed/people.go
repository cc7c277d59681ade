package seed

import (
	"context"
	"encoding/base32"
	"maps"
	"slices"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/catalog"
)

// SignIn is how one of the invented people signs in.
type SignIn struct {
	Email, Password string
	TOTP            []byte // secret of the second step; nil where the role needs none
}

// Code is the secret of the second step as authenticator apps take it.
func (s SignIn) Code() string {
	if s.TOTP == nil {
		return ""
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(s.TOTP)
}

// Ids of the demonstration organisations that do not sell.
const (
	committee  = "demo-ban-to-chuc"
	department = "demo-co-quan-quan-ly"
	office     = "demo-van-phong-tinh"
)

// Someone is an invented person: one for each role.
type Someone struct {
	Role   account.Role
	Email  string
	Name   string
	org    string
	member account.Role
	second bool // the role counts only behind a second step
}

// People lists them. Their addresses end in a name that nobody can have
// (RFC 2606).
func People() []Someone {
	return []Someone{
		{account.Buyer, "nguoi-mua@nguon.example", "Lò Thị Mua (mẫu)", "", "", false},
		{account.Owner, "chu-htx@nguon.example", "Cầm Văn Chủ (mẫu)", suongNui, account.Owner, false},
		{account.Staff, "nhan-vien@nguon.example", "Quàng Thị Viên (mẫu)", suongNui, account.Staff, false},
		{account.Organizer, "ban-to-chuc@nguon.example", "Hoàng Văn Hội (mẫu)", committee, account.Owner, false},
		{account.Authority, "quan-ly-chi-dan@nguon.example", "Đèo Thị Chỉ (mẫu)", department, account.Owner, true},
		{account.Province, "van-phong-tinh@nguon.example", "Tòng Văn Tỉnh (mẫu)", office, account.Owner, false},
		{account.Operator, "van-hanh@nguon.example", "Bùi Thị Hành (mẫu)", "", "", true},
		{account.Admin, "quan-tri@nguon.example", "Vì Văn Trị (mẫu)", "", "", true},
	}
}

// SignInOf completes what the key gives for somebody: a second step only where
// the role needs one.
func (p Someone) SignInOf(key func(string) SignIn) SignIn {
	s := key(p.Email)
	if !p.second {
		s.TOTP = nil
	}
	return s
}

// writePeople enters the organisations behind the producers, those that do not
// sell, and one person for each role.
func writePeople(ctx context.Context, s Services, y int) error {
	if s.Accounts == nil {
		return nil
	}
	for id, f := range organisations(y) {
		if err := s.Accounts.Enter(ctx, id, f); err != nil {
			return err
		}
	}
	for _, p := range People() {
		if err := p.write(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (p Someone) write(ctx context.Context, s Services) error {
	in := p.SignInOf(s.SignIns)
	n := account.NewPerson{Email: p.Email, Name: p.Name, Lang: lang.Vi, Password: in.Password, TOTP: in.TOTP, Demo: true}
	if p.Role.IsGiven() {
		n.Roles = []account.Role{p.Role}
	}
	made, _, err := s.Accounts.Create(ctx, n)
	if err != nil || p.org == "" {
		return err
	}
	return s.Accounts.Seat(ctx, p.org, made.ID, p.member)
}

// demoPhone and the tax codes are of the right form and belong to nobody: the
// codes of provinces in tax codes begin at 01.
const demoPhone = "0212 000 000"

func organisations(y int) map[string]account.OrgForm {
	list := map[string]account.OrgForm{
		committee:  {Kind: account.Committee, Name: "Ban tổ chức Lễ hội cà phê (mẫu)", NameEn: "Coffee Festival committee (demonstration)", Commune: "03670", Address: "Phường Chiềng Cơi, tỉnh Sơn La"},
		department: {Kind: account.Department, Name: "Cơ quan quản lý chỉ dẫn địa lý (mẫu)", NameEn: "Authority of the indication (demonstration)", Commune: "03670", Address: "Phường Chiềng Cơi, tỉnh Sơn La"},
		office:     {Kind: account.Office, Name: "Văn phòng tỉnh (mẫu)", NameEn: "Province office (demonstration)", Commune: "03670", Address: "Phường Chiềng Cơi, tỉnh Sơn La"},
	}
	for _, p := range producers(y) {
		list[p.ID] = account.OrgForm{Kind: kindOf(p.Kind), Name: p.Name, NameEn: p.NameEn, Commune: p.Commune, Address: p.Address.Vi}
	}
	for i, id := range slices.Sorted(maps.Keys(list)) {
		f := list[id]
		f.Phone, f.TaxCode = demoPhone, taxCodes[i]
		list[id] = f
	}
	return list
}

func kindOf(k catalog.ProducerKind) account.OrgKind { return account.OrgKind(k) }

var taxCodes = [...]string{"0000000017", "0000000024", "0000000031", "0000000049", "0000000056", "0000000063",
	"0000000070", "0000000088", "0000000095", "0000000105", "0000000112"}
