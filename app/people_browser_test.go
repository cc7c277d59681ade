package main

import (
	"context"
	"encoding/base32"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pquerna/otp/totp"

	"nguon/app/seed"
)

// visitor is one person with a browser of its own.
type visitor struct {
	t    *testing.T
	ctx  context.Context
	base string
	n    int
	name string
}

// newVisitor opens a browser profile without cookies, at phone width.
func newVisitor(t *testing.T, base, name string) *visitor {
	t.Helper()
	return newBrowser(t).visitor(t, base, name)
}

func (b *browser) visitor(t *testing.T, base, name string) *visitor {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 3*time.Minute)
	t.Cleanup(cancel)
	v := &visitor{t: t, ctx: ctx, base: base, name: name}
	v.do(chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile, chromedp.EmulateTouch))
	return v
}

func (v *visitor) do(actions ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		v.look("failed")
		v.t.Fatalf("%s: %v\n%s", v.name, err, v.text("body"))
	}
}

func (v *visitor) open(path string) {
	v.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = v.base + path
	}
	v.do(chromedp.Navigate(path))
	v.fits()
}

// fill types into the fields of a form; keys are their names.
func (v *visitor) fill(values map[string]string) {
	v.t.Helper()
	for name, value := range values {
		v.do(chromedp.SetValue(chromedp.CSS(`[name="`+name+`"]:not([type=hidden])`), value))
	}
}

func (v *visitor) click(selector string) {
	v.t.Helper()
	if _, err := chromedp.RunResponse(v.ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		v.look("failed")
		v.t.Fatalf("%s clicks %s: %v\n%s", v.name, selector, err, v.text("body"))
	}
	v.fits()
}

// send presses the button of the main form.
func (v *visitor) send() { v.t.Helper(); v.click("main form button.btn:not(.quiet):not(.vh)") }

func (v *visitor) text(selector string) string {
	ctx, cancel := context.WithTimeout(v.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf("(document.querySelector(%q)||{}).innerText||''", selector)))
	if err != nil {
		return err.Error()
	}
	return text
}

func (v *visitor) sees(words ...string) {
	v.t.Helper()
	text := v.text("body")
	for _, w := range words {
		if !strings.Contains(text, w) {
			v.look("failed")
			v.t.Fatalf("%s does not see %q in\n%s", v.name, w, text)
		}
	}
}

// fits checks on every page of the way what the browser test checks: nothing
// spills, targets are large enough, nothing is asked of others.
func (v *visitor) fits() {
	v.t.Helper()
	f, err := chromedp.Run(v.ctx, chromedp.Evaluate[findings](inspect))
	if err != nil {
		v.t.Fatal(err)
	}
	url, _ := chromedp.Run(v.ctx, chromedp.Evaluate[string]("location.href"))
	f.report(v.t, url, nil)
	v.n++
	v.look(fmt.Sprintf("%02d", v.n))
}

func (v *visitor) look(label string) {
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		return
	}
	shot, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		_ = save(filepath.Join(dir, v.name+"-"+label+".png"), shot)
	}
}

// letters waits for a mail to an address and returns the link in it.
func letter(t *testing.T, data, to, subject string) string {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		names, _ := filepath.Glob(filepath.Join(data, "mail", "*.eml"))
		for _, name := range names {
			if link, ok := readLetter(t, name, to, subject); ok {
				return link
			}
		}
	}
	t.Fatalf("no mail %q to %s", subject, to)
	return ""
}

var firstLink = regexp.MustCompile(`https?://\S+`)

func readLetter(t *testing.T, name, to, subject string) (string, bool) {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := mail.ReadMessage(f)
	if err != nil {
		return "", false
	}
	got, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if !strings.Contains(m.Header.Get("To"), to) || !strings.Contains(got, subject) {
		return "", false
	}
	// The words are the first part, of the first part where something is attached.
	body, kind := m.Body, m.Header.Get("Content-Type")
	for strings.HasPrefix(kind, "multipart/") {
		_, params, err := mime.ParseMediaType(kind)
		if err != nil {
			t.Fatal(err)
		}
		part, err := multipart.NewReader(body, params["boundary"]).NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		body, kind = part, part.Header.Get("Content-Type")
	}
	text, err := io.ReadAll(quotedprintable.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return firstLink.FindString(string(text)), true
}

// signIns are how the invented people sign in, as the log prints it.
func demoSignIn(t *testing.T, svc *services, role string) seed.SignIn {
	t.Helper()
	key, err := svc.signIns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range seed.People() {
		if string(p.Role) == role {
			return p.SignInOf(key)
		}
	}
	t.Fatal(role)
	return seed.SignIn{}
}

func (v *visitor) signIn(in seed.SignIn) {
	v.t.Helper()
	v.open("/sign-in")
	v.fill(map[string]string{"email": in.Email, "password": in.Password})
	v.send()
	if in.TOTP == nil {
		return
	}
	v.code(in.TOTP)
}

func (v *visitor) code(secret []byte) {
	v.t.Helper()
	code, err := totp.GenerateCode(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret), time.Now())
	if err != nil {
		v.t.Fatal(err)
	}
	v.fill(map[string]string{"code": code})
	v.send()
}

// withPeople serves a site whose public address is the one it listens on.
func withPeople(t *testing.T) (base, data string, svc *services) {
	t.Helper()
	p := newProcess(t) // for a free port
	cfg, err := LoadConfig(env("DATA_DIR", t.TempDir(), "BASE_URL", p.base))
	if err != nil {
		t.Fatal(err)
	}
	a := serveAt(t, cfg, "127.0.0.1:"+p.port)
	return p.base, cfg.DataDir, a.svc
}

// A newcomer signs up, confirms by the mail, registers a cooperative, lists a
// product as a draft, is approved by the operator, publishes and sees the
// product in the shop.
func TestBrowserFromSignUpToShop(t *testing.T) {
	base, data, svc := withPeople(t)
	hoa := newVisitor(t, base, "hoa")
	hoa.open("/sign-up")
	hoa.fill(map[string]string{"name": "Lò Thị Hoa", "email": "hoa@htx.example", "password": "password123"})
	hoa.do(chromedp.Click(chromedp.CSS(`[name="agreed"]`)))
	hoa.send()
	hoa.sees("hay bị đoán") // a weak password comes back with the rest as typed
	hoa.fill(map[string]string{"password": "nương chè xanh mướt"})
	hoa.send()
	hoa.sees("hoa@htx.example")
	hoa.open(letter(t, data, "hoa@htx.example", "Xác nhận"))
	hoa.fill(map[string]string{"password": "nương chè xanh mướt"})
	hoa.send()
	hoa.sees("Chào Lò Thị Hoa")

	hoa.open("/console/organisations/new")
	hoa.fill(map[string]string{"kind": "cooperative", "name": "HTX Cà phê Mường Bú Xanh Tươi Sạch Bền Vững", "taxCode": "0000000200", "commune": "03670", "address": "Bản Noong", "phone": "0212 385 1234"})
	hoa.send()
	hoa.sees("Chờ duyệt")
	org := lastPart(hoa.url())
	hoa.do(chromedp.SetUploadFiles(chromedp.CSS(`input[type="file"]`), []string{paper(t)}))
	hoa.send()
	hoa.sees("Đã nhận giấy tờ")

	hoa.open("/console/shop/new?org=" + org)
	hoa.fill(map[string]string{"name": "Cà phê Mường Bú rang mộc", "kind": "roasted", "roast": "medium", "summary": "Rang vừa, thơm mật ong.", "weight.0": "250", "price.0": "135.000", "stock.0": "40",
		"stars": "4", "decision": "12/QĐ-UBND", "grantor": "UBND tỉnh Sơn La", "from": "2025-12-20", "to": "2028-12-19"})
	hoa.click(`button[name="do"][value="save"].btn`)
	hoa.sees("Bản nháp", "135.000", "40")
	product := lastPart(hoa.url())
	hoa.open("/console/shop/" + product + "/preview")
	hoa.sees("Bản xem trước", "Rang vừa")
	hoa.open("/console/shop/" + product)
	hoa.do(chromedp.SetUploadFiles(chromedp.CSS(`input[type="file"]`), []string{photo(t)}))
	hoa.click(`form[action$="/photo"] button`)
	hoa.sees("Đã đổi ảnh")

	operator := newVisitor(t, base, "operator")
	operator.signIn(demoSignIn(t, svc, "operator"))
	operator.open("/console/market")
	operator.sees("HTX Cà phê Mường Bú")
	operator.open("/console/market/" + org)
	operator.do(chromedp.Click(chromedp.CSS(`[name="act"][value="approve"]`)))
	operator.send()
	operator.sees("Đã ghi quyết định", "Đã duyệt")
	operator.open("/console/market/claims/" + product)
	operator.do(chromedp.Click(chromedp.CSS(`[name="holds"][value="yes"]`)))
	operator.send()
	letter(t, data, "hoa@htx.example", "đã được duyệt")

	hoa.open("/console/shop/" + product)
	hoa.click(`form[action$="/publish"] button`)
	hoa.sees("Sản phẩm đã lên chợ")
	anybody := newVisitor(t, base, "anybody")
	anybody.open("/products?sort=price")
	anybody.open("/en/products/ca-phe-muong-bu-rang-moc")
	anybody.sees("In-store number 02") // its words are long and must break on a phone
	anybody.open("/products/ca-phe-muong-bu-rang-moc")
	anybody.sees("Cà phê Mường Bú rang mộc", "135.000", "4 sao")
	if src, err := chromedp.Run(anybody.ctx, chromedp.Evaluate[string](`document.querySelector("img.photo").getAttribute("src")`)); err != nil || !strings.HasPrefix(src, "/photos/") {
		t.Error(src, err)
	}
	anybody.click(`a[href^="/report"]`)
	anybody.do(chromedp.Click(chromedp.CSS(`[name="reason"][value="price"]`)))
	anybody.fill(map[string]string{"words": "Giá trên trang khác giá ở cửa hàng.", "contact": "mua@khach.example"})
	anybody.send()
	anybody.sees("Đã nhận phản ánh BC-")

	operator.open("/console/reports?inbox=operator")
	operator.click(`.rows a`)
	operator.sees("Giá trên trang khác")
	operator.fill(map[string]string{"words": "Cảm ơn bạn, cơ sở đã sửa giá."})
	operator.click(`button[name="do"][value="answer"]`)
	letter(t, data, "mua@khach.example", "Trả lời phản ánh")
	operator.open("/console/log")
	operator.sees("Duyệt tổ chức", "Đăng sản phẩm")
}

// An owner turns the second step on, signs in with it, and invites a colleague,
// who joins by the mail.
func TestBrowserSecondStepAndColleague(t *testing.T) {
	base, data, svc := withPeople(t)
	in := demoSignIn(t, svc, "owner")
	owner := newVisitor(t, base, "owner")
	owner.signIn(in)
	owner.open("/account/two-step")
	key := strings.ReplaceAll(owner.text("main .code"), " ", "")
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(key)
	if err != nil {
		t.Fatalf("%q: %v", key, err)
	}
	owner.fill(map[string]string{"code": "000000", "current": in.Password})
	owner.send()
	owner.sees("Mã chưa đúng")
	owner.fill(map[string]string{"current": in.Password})
	owner.code(secret)
	owner.sees("Mã khôi phục")
	recovery := strings.Fields(owner.text("main .codes"))
	if len(recovery) != 10 {
		t.Fatal(recovery)
	}
	owner.click(`.langs form button`)
	owner.sees("Bạn đã đăng xuất")
	owner.open("/sign-in")
	owner.fill(map[string]string{"email": in.Email, "password": in.Password})
	owner.send()
	owner.open("/console") // the password alone opens nothing
	owner.sees("Mã đăng nhập")
	owner.fill(map[string]string{"code": recovery[0]})
	owner.send()
	owner.sees("Chào")

	owner.open("/console/people")
	owner.fill(map[string]string{"email": "dong-nghiep@htx.example"})
	owner.do(chromedp.Click(chromedp.CSS(`[name="role"][value="staff"]`)))
	owner.click(`form[action$="/invite"] button`)
	owner.sees("Đã gửi lời mời", "dong-nghiep@htx.example")
	link := letter(t, data, "dong-nghiep@htx.example", "mời bạn vào")

	guest := newVisitor(t, base, "guest")
	guest.open(link)
	guest.sees("HTX Cà phê Sương Núi", "nhân viên")
	guest.click(`.acts a[href^="/sign-up"]`) // which knows the address already
	guest.fill(map[string]string{"name": "Quàng Văn Bạn", "password": "a long and quiet river"})
	guest.do(chromedp.Click(chromedp.CSS(`[name="agreed"]`)))
	guest.send()
	guest.open(letter(t, data, "dong-nghiep@htx.example", "Xác nhận"))
	guest.fill(map[string]string{"password": "a long and quiet river"})
	guest.send()
	guest.sees("HTX Cà phê Sương Núi", "nhân viên") // back at the invitation, signed in
	guest.click(`form[action="/join"] button`)
	guest.sees("Bạn đã vào tổ chức")
	guest.open("/console/shop")
	guest.sees("HTX Cà phê Sương Núi", "Đang bán")

	owner.open("/console/people")
	owner.sees("Quàng Văn Bạn")
	owner.do(chromedp.Click(chromedp.CSS(`li.row:last-child .ask summary`)))
	owner.click(`li.row:last-child form[action$="/remove"] button`)
	owner.sees("Đã đưa người này ra")
	guest.open("/console/shop") // at once
	guest.sees("Đăng nhập")
}

func (v *visitor) url() string {
	url, _ := chromedp.Run(v.ctx, chromedp.Evaluate[string]("location.pathname"))
	return url
}

func lastPart(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func paper(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "giay-dang-ky.pdf")
	if err := os.WriteFile(name, []byte("%PDF-1.4\n%demo"), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func photo(t *testing.T) string {
	t.Helper()
	p := image.NewRGBA(image.Rect(0, 0, 900, 1200))
	for y := range 1200 {
		for x := range 900 {
			p.SetRGBA(x, y, color.RGBA{uint8(90 + x/20), uint8(60 + y/30), 40, 255})
		}
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "anh.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := jpeg.Encode(f, p, nil); err != nil {
		t.Fatal(err)
	}
	return f.Name()
}

// Every page of signing in, of an account and of the console, full or empty and
// with an error, at both widths and in both languages, as TestBrowser looks at
// public pages.
func TestBrowserConsole(t *testing.T) {
	base, _, svc := withPeople(t)
	mine, err := svc.catalog.Own(t.Context(), "demo-suong-nui")
	if err != nil {
		t.Fatal(err)
	}
	product := "/console/shop/" + mine[0].ID
	for role, paths := range map[string][]string{
		"visitor": {"/sign-up", "/sign-in", "/sign-in/code", "/forgot", "/reset?token=x", "/confirm?token=x", "/join?token=x", "/report", "/report?page=xyz",
			"/report?about=/products/" + mine[0].Slug, "/about", "/about/terms", "/about/privacy", "/about/delivery", "/about/returns", "/about/complaints"},
		"buyer": {"/console", "/account", "/account/two-step", "/console/organisations/new", "/console/shop", "/console/people", "/console/market"},
		"owner": {"/console", "/account", "/account/profile", "/account/password", "/account/sessions", "/account/delete", "/console/organisations/demo-suong-nui",
			"/console/organisations/demo-suong-nui/edit", "/console/people/demo-suong-nui", "/console/shop", "/console/shop/new?org=demo-suong-nui", product, product + "/edit",
			product + "/preview", "/console/shop/demo-suong-nui/portrait", "/console/log", "/console/log?action=no.such", "/console/organisations/demo-hua-noong"},
		"admin": {"/console", "/account/two-step", "/console/market", "/console/market?status=approved", "/console/market/demo-suong-nui", "/console/market/claims",
			"/console/market/claims/" + mine[0].ID, "/console/market/texts", "/console/market/texts/terms", "/console/market/mail", "/console/reports", "/console/reports?inbox=operator&status=closed",
			"/console/log", "/console/people", "/console/people/roles", "/console/people/roles?email=nobody@nguon.example", "/console/people/roles?email=van-hanh@nguon.example"},
	} {
		b := newBrowser(t)
		if role != "visitor" {
			b.visitor(t, base, "enter-"+role).signIn(demoSignIn(t, svc, role))
		}
		for _, path := range paths {
			for _, prefix := range []string{"", "/en"} {
				for _, v := range viewports {
					label := fmt.Sprintf("%s%s%s-%d", role, prefix, path, v.width)
					label = strings.NewReplacer("/", "-", "?", "-", "=", "-", "&", "-", "@", "-").Replace(label)
					t.Run(label, func(t *testing.T) { b.look(t, base+in(prefix, path), label, v.width, v.height) })
				}
			}
		}
	}
}
