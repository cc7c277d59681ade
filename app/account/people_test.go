package account

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store"
)

func TestSignUpConfirmSignIn(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.signUp("Hoa@nguon.example")
	if _, ok, _ := d.byAddress(ctx, "hoa@nguon.example"); ok {
		t.Error("an address that nobody confirmed has an account")
	}
	link := d.link("mail.confirm", "Hoa@nguon.example")
	_, _, err := d.Confirm(ctx, link, "một câu khác hẳn") // of who signed up with her address
	field(t, err, "password", "account.password.wrong")
	for range 3 { // mail programs open links by themselves
		if email, err := d.Confirmable(ctx, link); err != nil || email != "Hoa@nguon.example" {
			t.Fatal(email, err)
		}
	}
	d.ok(d.confirm(link))
	d.refused(d.confirm(link), "account.link.known") // replayed
	r, err := d.requests.Get(ctx, strings.Split(link, ".")[0])
	if err != nil || r.Password != "" || r.Name != "" {
		t.Errorf("the request still holds %q %q, %v", r.Password, r.Name, err)
	}
	a := d.enterAs("hoa@NGUON.example")
	if a.Person.Name != "Lò Thị Hoa" || !slices.Equal(a.Roles(), []Role{Buyer}) || a.Person.Agreed.IsZero() {
		t.Errorf("%+v", a)
	}
}

func TestSignUpForm(t *testing.T) {
	d := newDesk(t)
	good := SignUp{Name: "Hoa", Email: "hoa@nguon.example", Password: password, Agreed: true, Network: home}
	for name, c := range map[string]struct {
		change      func(*SignUp)
		field, code string
	}{
		"no name":        {func(f *SignUp) { f.Name = " " }, "name", "account.field.missing"},
		"bad address":    {func(f *SignUp) { f.Email = "hoa@nguоn.example" }, "email", "account.email.ascii"},
		"header in name": {func(f *SignUp) { f.Name = "Hoa\x00Bcc: x" }, "name", "account.field.text"},
		"lines in name":  {func(f *SignUp) { f.Name = "Hoa\r\nBcc: x" }, "name", "account.field.text"},
		"link in name":   {func(f *SignUp) { f.Name = "Nhận quà tại qua-tang.vn" }, "name", "account.field.link"},
		"address in it":  {func(f *SignUp) { f.Name = "xem https://a" }, "name", "account.field.link"},
		"weak password":  {func(f *SignUp) { f.Password = "password123" }, "password", "account.password.common"},
		"megabyte":       {func(f *SignUp) { f.Password = strings.Repeat("xyz ", 1<<18) }, "password", "account.password.long"},
		"not agreed":     {func(f *SignUp) { f.Agreed = false }, "agreed", "account.agree"},
	} {
		f := good
		c.change(&f)
		t.Run(name, func(t *testing.T) { field(t, d.Request(t.Context(), f), c.field, c.code) })
	}
}

func TestLinksRunOutAndCannotBeMade(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.signUp("hoa@nguon.example")
	link := d.link("mail.confirm", "hoa@nguon.example")
	id, _, _ := strings.Cut(link, ".")
	for _, bad := range []string{"", ".", "x", id, id + ".", id + "." + newSecret(), "nobody." + newSecret(), link + "x", strings.Repeat("a", 1<<16)} {
		d.refused(d.confirm(bad), "account.link.gone")
	}
	d.refused(d.Resettable(ctx, link), "account.link.gone") // for another purpose
	d.later(signUpValid)
	d.refused(d.confirm(link), "account.link.gone")
}

func TestOfTwoSignUpsTheFirstConfirmedWins(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.signUp("hoa@nguon.example")
	d.ok(d.Request(ctx, SignUp{Name: "Ai đó", Email: "HOA@nguon.example", Password: password, Agreed: true, Network: away}))
	d.ok(d.PerformPending(ctx))
	var links []string
	for _, m := range d.out {
		links = append(links, tokenOf(m.Link))
	}
	if len(links) != 2 {
		t.Fatal(links)
	}
	var wg sync.WaitGroup
	won := make(chan error, len(links))
	for _, l := range links {
		wg.Go(func() { won <- d.confirm(l) })
	}
	wg.Wait()
	close(won)
	n := 0
	for err := range won {
		if err == nil {
			n++
		} else {
			d.refused(err, "account.link.known")
		}
	}
	if n != 1 {
		t.Errorf("%d accounts for one address", n)
	}
}

// A known and an unknown address are answered alike, and cost the same writes;
// what differs is done by the worker.
func TestNobodyLearnsWhichAddressesAreKnown(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.someone("hoa@nguon.example")
	d.later(24 * time.Hour)
	writes := func(do func() error) int64 {
		before, err := d.requests.Count(ctx, store.Query{})
		d.ok(err)
		d.ok(do())
		after, err := d.requests.Count(ctx, store.Query{})
		d.ok(err)
		return after - before
	}
	for _, email := range []string{"hoa@nguon.example", "nobody@nguon.example"} {
		if n := writes(func() error { return d.Forgot(ctx, email, "", home, lang.Vi) }); n != 1 {
			t.Errorf("%s: %d requests", email, n)
		}
		if n := writes(func() error {
			return d.Request(ctx, SignUp{Name: "Hoa", Email: email, Password: password, Agreed: true, Network: away})
		}); n != 1 {
			t.Errorf("%s: %d requests", email, n)
		}
		_, err := d.SignIn(ctx, SignIn{Email: email, Password: "không phải mật khẩu", Network: away})
		d.refused(err, "account.sign_in.wrong")
		if len(fault.As(err).Fields) > 0 || len(fault.As(err).Args) > 0 {
			t.Errorf("%s: %v", email, err)
		}
	}
	if n := len(d.mails("mail.known", "hoa@nguon.example")); n != 1 {
		t.Errorf("%d words to the owner", n)
	}
	if n := len(d.mails("mail.reset", "nobody@nguon.example")); n != 0 {
		t.Errorf("%d mails to nobody", n)
	}
}

func TestFailuresOfOthersLockNobodyOut(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.someone("hoa@nguon.example")
	o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	wrong := func(network, device string) error {
		_, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: "đoán mò một câu", Network: network, Device: device})
		return err
	}
	// Somebody in the same network fails until it has to wait, longer and longer.
	last := int64(0)
	for range 5 {
		for err = wrong(home, ""); fault.CodeOf(err) == "account.sign_in.wrong"; err = wrong(home, "") {
		}
		d.refused(err, "account.too_many")
		wait := fault.As(err).Args["Seconds"].(int64)
		if wait <= last {
			t.Errorf("waits %d s after %d s", wait, last)
		}
		last = wait
		d.later(time.Duration(wait) * time.Second)
	}
	for err = wrong(home, ""); !fault.Is(err, fault.TooMany); err = wrong(home, "") {
	}
	// The owner's browser, in that network, and the owner in any other network,
	// sign in at once.
	if _, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home, Device: o.Device}); err != nil {
		t.Errorf("the owner's browser: %v", err)
	}
	if _, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: away}); err != nil {
		t.Errorf("the owner elsewhere: %v", err)
	}
	// Also while hundreds of networks try the account.
	for i := range 3 * fire {
		if err := wrong(fmt.Sprintf("203.0.%d.%d/32", i/200, i%200), ""); fault.CodeOf(err) != "account.sign_in.wrong" {
			t.Fatal(i, err)
		}
	}
	d.refused(wrong(fmt.Sprintf("203.0.0.%d/32", 3*fire-1), ""), "account.too_many") // each has one try
	if _, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: "198.51.100.99/32"}); err != nil {
		t.Errorf("the owner from a new place under attack: %v", err)
	}
	// A mark of somebody else's browser is worth nothing here.
	for range 3 {
		err = wrong("203.0.0.2/32", "abc.def")
	}
	d.refused(err, "account.too_many")
}

func TestTriesAtTheSameMomentAreCountedEach(t *testing.T) {
	d := newDesk(t)
	d.someone("hoa@nguon.example")
	var wg sync.WaitGroup
	var mu sync.Mutex
	tried := 0
	for range 40 {
		wg.Go(func() {
			_, err := d.SignIn(context.Background(), SignIn{Email: "hoa@nguon.example", Password: "đoán mò một câu", Network: away})
			mu.Lock()
			defer mu.Unlock()
			if fault.CodeOf(err) == "account.sign_in.wrong" {
				tried++
			}
		})
	}
	wg.Wait()
	if tried > guessing.free {
		t.Errorf("%d guesses at once, %d are free", tried, guessing.free)
	}
}

func TestFloodsOfSignUps(t *testing.T) {
	d := newDesk(t)
	var err error
	for i := range signingUp.free + 1 {
		err = d.Request(t.Context(), SignUp{Name: "Hoa", Email: fmt.Sprintf("hoa%d@nguon.example", i), Password: password, Agreed: true, Network: home})
	}
	d.refused(err, "account.too_many")
	for range flooding.free + 5 { // one address from many networks is not mailed without end, and nobody is told
		d.ok(d.Request(t.Context(), SignUp{Name: "Hoa", Email: "victim@nguon.example", Password: password, Agreed: true, Network: newSecret()}))
	}
	if n := len(d.mails("mail.confirm", "victim@nguon.example")); n != flooding.free {
		t.Errorf("%d mails", n)
	}
	for _, m := range d.mails("mail.confirm", "victim@nguon.example") {
		if m.Name != "" {
			t.Error("a stranger's words are mailed")
		}
	}
}

func TestSessions(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	first := d.someone("hoa@nguon.example")
	one, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	if raw := first.Session.Hash; strings.Contains(raw, one.Secret) || len(one.Secret) != 43 {
		t.Errorf("%q", one.Secret)
	}
	// A secret that the visitor made up, or one that is stored, opens nothing.
	for _, s := range []string{"", "x", newSecret(), one.Secret[1:] + "A", hashed(one.Secret), strings.Repeat("a", 1<<16)} {
		_, err := d.Actor(ctx, s)
		d.refused(err, "account.session.none")
	}
	a := d.actor(one.Secret)
	d.ok(d.EndSession(ctx, a, d.again(first).Person.Sessions[0].Name()))
	if n := len(d.again(a).Person.Sessions); n != 1 {
		t.Errorf("%d sessions", n)
	}
	d.ok(d.SignOut(ctx, one.Secret))
	d.ok(d.SignOut(ctx, one.Secret))
	_, err = d.Actor(ctx, one.Secret)
	d.refused(err, "account.session.none")
	for range maxSessions + 5 {
		d.enterAs("hoa@nguon.example")
	}
	if n := len(d.again(a).Person.Sessions); n != maxSessions {
		t.Errorf("%d sessions", n)
	}
	two, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	d.later(idleUsual)
	_, err = d.Actor(ctx, two.Secret)
	d.refused(err, "account.session.none")
}

func TestUseIsNotedNowAndThen(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.someone("hoa@nguon.example")
	o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	for range 10 { // used every five days, it lives on
		d.later(5 * 24 * time.Hour)
		d.actor(o.Secret)
	}
	d.later(lifeUsual)
	_, err = d.Actor(ctx, o.Secret)
	d.refused(err, "account.session.none")
}

func TestOldHashesAreMadeAnew(t *testing.T) {
	d := newDesk(t)
	a := d.someone("hoa@nguon.example")
	d.hasher.cost.passes++
	d.enterAs("hoa@nguon.example")
	now := d.again(a).Person.Password
	if now == a.Person.Password || !strings.Contains(now, "t=2") {
		t.Error(now)
	}
	d.enterAs("hoa@nguon.example")
	if d.again(a).Person.Password != now {
		t.Error("made anew without need")
	}
}

func TestChangePassword(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	other := d.someone("hoa@nguon.example")
	o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	a := d.actor(o.Secret)
	_, err = d.ChangePassword(ctx, a, "sai mật khẩu cũ", "một câu khác hẳn nhé")
	field(t, err, "current", "account.password.wrong")
	_, err = d.ChangePassword(ctx, a, password, "ngắn")
	field(t, err, "password", "account.password.short")
	secret, err := d.ChangePassword(ctx, a, password, "một câu khác hẳn nhé")
	d.ok(err)
	_, err = d.Actor(ctx, o.Secret)
	d.refused(err, "account.session.none") // the session goes on under another id
	if got := d.actor(secret); len(got.Person.Sessions) != 1 || got.Person.Sessions[0].Hash == other.Session.Hash {
		t.Errorf("%d sessions are left", len(got.Person.Sessions))
	}
	_, err = d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.refused(err, "account.sign_in.wrong")
	if len(d.mails("mail.changed", "hoa@nguon.example")) != 1 {
		t.Error("the owner was not told")
	}
}

func TestReset(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	a := d.someone("hoa@nguon.example")
	d.later(time.Minute)
	var links []string
	for range 2 {
		d.ok(d.Forgot(ctx, "HOA@nguon.example", "", home, lang.Vi))
		d.later(time.Minute)
	}
	for _, m := range d.mails("mail.reset", "hoa@nguon.example") {
		links = append(links, tokenOf(m.Link))
	}
	if len(links) != 2 {
		t.Fatal(links)
	}
	_, err := d.Reset(ctx, links[0], "password123")
	field(t, err, "password", "account.password.common")
	// Both links at once: one sets the password.
	var wg sync.WaitGroup
	errs := make(chan error, 2)
	for i, l := range links {
		wg.Go(func() {
			_, err := d.Reset(ctx, l, fmt.Sprintf("câu mới thứ %d của tôi", i))
			errs <- err
		})
	}
	wg.Wait()
	done := 0
	for range links {
		if err := <-errs; err == nil {
			done++
		} else {
			d.refused(err, "account.link.gone")
		}
	}
	if done != 1 {
		t.Errorf("%d links worked", done)
	}
	for _, l := range links { // replayed
		d.refused(d.Resettable(ctx, l), "account.link.gone")
	}
	if n := len(d.again(a).Person.Sessions); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
	d.ok(d.Forgot(ctx, "hoa@nguon.example", "", away, lang.Vi))
	d.later(resetValid)
	for _, m := range d.mails("mail.reset", "hoa@nguon.example") {
		d.refused(d.Resettable(ctx, tokenOf(m.Link)), "account.link.gone")
	}
}

func TestSecondStep(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.someone("hoa@nguon.example")
	o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	a := d.actor(o.Secret)
	setup, err := d.SetUpSecond(ctx, a)
	d.ok(err)
	if again, err := d.SetUpSecond(ctx, a); err != nil || again != setup {
		t.Errorf("another secret: %v", err)
	}
	if strings.Contains(string(d.again(a).Person.Second.Sealed), setup.Secret) {
		t.Error("the secret lies open")
	}
	raw, err := base32Plain.DecodeString(setup.Secret)
	d.ok(err)
	code := func() string {
		c, err := totpAt(raw, d.clock().Unix()/step)
		d.ok(err)
		return c
	}
	_, _, err = d.ConfirmSecond(ctx, a, "người đi ngang", "000000")
	field(t, err, "current", "account.password.wrong")
	_, _, err = d.ConfirmSecond(ctx, a, password, "000000")
	field(t, err, "code", "account.code.wrong")
	used := code()
	recovery, secret, err := d.ConfirmSecond(ctx, a, password, used)
	d.ok(err)
	_, err = d.Actor(ctx, o.Secret)
	d.refused(err, "account.session.none") // more may be done, so another id
	if !d.actor(secret).Session.Strong || len(recovery) != recoveryCodes {
		t.Error("not strong", recovery)
	}
	wait := func() Opened {
		d.t.Helper()
		o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
		d.ok(err)
		if !o.Waits {
			t.Fatal("the password alone is enough")
		}
		_, err = d.Actor(ctx, o.Secret)
		d.refused(err, "account.session.waits")
		return o
	}
	w := wait()
	_, err = d.SecondStep(ctx, w.Secret, used, "", home) // replayed
	field(t, err, "code", "account.code.wrong")
	d.later(step * time.Second)
	in, err := d.SecondStep(ctx, w.Secret, " "+code()[:3]+" "+code()[3:], "", home)
	d.ok(err)
	if in.Secret == w.Secret || !d.actor(in.Secret).Session.Strong {
		t.Error("the session kept its id")
	}
	// A recovery code works once, however it is typed.
	w = wait()
	in, err = d.SecondStep(ctx, w.Secret, strings.ToLower(strings.ReplaceAll(recovery[3], "-", " ")), "", home)
	d.ok(err)
	if n := len(d.actor(in.Secret).Person.Second.Recovery); n != recoveryCodes-1 {
		t.Errorf("%d are left", n)
	}
	w = wait()
	_, err = d.SecondStep(ctx, w.Secret, recovery[3], "", home)
	field(t, err, "code", "account.code.wrong")
	fresh, err := d.NewRecovery(ctx, d.actor(in.Secret), password)
	d.ok(err)
	w = wait()
	_, err = d.SecondStep(ctx, w.Secret, recovery[4], "", away)
	field(t, err, "code", "account.code.wrong")
	_, err = d.SecondStep(ctx, w.Secret, fresh[0], "", away)
	d.ok(err)
	plain, err := d.DropSecond(ctx, d.actor(in.Secret), password)
	d.ok(err)
	if d.actor(plain).Session.Strong {
		t.Error("still strong")
	}
	_, err = d.Actor(ctx, in.Secret) // what the session may do has changed
	d.refused(err, "account.session.none")
}

func TestCodesCannotBeGuessed(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	_, _, err := d.Create(ctx, NewPerson{Email: "hoa@nguon.example", Name: "Hoa", Password: password, TOTP: make([]byte, totpBytes)})
	d.ok(err)
	code := func() string {
		c, err := totpAt(make([]byte, totpBytes), d.clock().Unix()/step)
		d.ok(err)
		return c
	}
	first, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	if first.Device != "" {
		t.Error("a browser is known with the password alone")
	}
	in, err := d.SecondStep(ctx, first.Secret, code(), "", home)
	d.ok(err)
	if in.Device == "" {
		t.Error("a browser that came in is not known")
	}
	tries := 0
	for i := range 60 { // a new jar each time, from a network of its own
		o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: fmt.Sprint("jar", i)})
		d.ok(err)
		for range 3 {
			if _, err = d.SecondStep(ctx, o.Secret, "123456", o.Device, fmt.Sprint("jar", i)); fault.Is(err, fault.Invalid) {
				tries++
			}
		}
	}
	if tries > allCodes.free {
		t.Errorf("%d guesses with new jars", tries)
	}
	if n := len(d.mails("mail.codes", "hoa@nguon.example")); n != 1 {
		t.Errorf("the owner was told %d times that somebody knows the password", n)
	}
	if !d.actor(in.Secret).Session.Strong { // nobody with the password alone pushes it out
		t.Error("the owner's session is gone")
	}
	own, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Device: in.Device, Network: "jar1"})
	d.ok(err)
	d.later(step * time.Second)
	_, err = d.SecondStep(ctx, own.Secret, code(), in.Device, "jar1") // its own browser goes on
	d.ok(err)
	d.later(7 * time.Hour)
	tries = 0
	for range 20 { // a new session each time, from one network
		o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: away})
		d.ok(err)
		for range 3 {
			_, err = d.SecondStep(ctx, o.Secret, "123456", "", away)
			if fault.Is(err, fault.Invalid) {
				tries++
			}
		}
	}
	if tries > codes.free {
		t.Errorf("%d guesses at once", tries)
	}
	// In one session, however slowly and from wherever, there is an end.
	o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	for i := range maxGuesses {
		_, err = d.SecondStep(ctx, o.Secret, "123456", "", fmt.Sprint("net", i))
		field(t, err, "code", "account.code.wrong")
	}
	_, err = d.SecondStep(ctx, o.Secret, "123456", "", "another")
	d.refused(err, "account.session.none")
}

func TestDataAndDeletion(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	a := d.someone("hoa@nguon.example")
	d.ok(d.SetProfile(ctx, a, "Lò Thị Hoa Ban", lang.En))
	a, org := d.registered(d.again(a))
	d.ok(d.AddDocument(ctx, a, org, Document{ID: "d1", Name: "giấy-phép.pdf"}))
	f, id := form1(), store.NewID(d.clock())
	f.Name, f.TaxCode = "HTX Mời Hoa", "0000000024"
	nam := d.someone("nam@nguon.example")
	d.ok(d.Register(ctx, nam, id, f))
	d.ok(d.Invite(ctx, d.again(nam), id, "Hoa@nguon.example", Staff))
	a = d.again(a)
	data, err := d.Data(ctx, a)
	d.ok(err)
	text, err := json.Marshal(data)
	d.ok(err)
	for _, want := range []string{"hoa@nguon.example", "Lò Thị Hoa Ban", "HTX Chè Xanh", "person.sign_in", "giấy-phép.pdf", "HTX Mời Hoa"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%s is missing in %s", want, text)
		}
	}
	if strings.Contains(string(text), "argon2") || strings.Contains(string(text), a.Session.Hash) {
		t.Error("a secret is in it")
	}
	other := d.someone("ban@nguon.example")
	d.ok(d.Seat(ctx, org, other.Person.ID, Staff))
	d.refused(d.Delete(ctx, d.again(a), password), "account.last_owner")
	d.ok(d.Seat(ctx, org, other.Person.ID, Owner))
	field(t, d.Delete(ctx, d.again(a), "sai mật khẩu"), "current", "account.password.wrong")
	d.ok(d.Delete(ctx, d.again(a), password))
	p, err := d.people.Get(ctx, a.Person.ID)
	d.ok(err)
	raw, _ := json.Marshal(p)
	for _, gone := range []string{"hoa@nguon", "Hoa", "argon2"} {
		if strings.Contains(string(raw), gone) {
			t.Errorf("%s is left in %s", gone, raw)
		}
	}
	_, err = d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.refused(err, "account.sign_in.wrong")
	o, err := d.org(ctx, org)
	if err != nil || o.Has(a.Person.ID) {
		t.Error("still a member", err)
	}
	err = d.audit.All(ctx, store.Query{Index: "object", Eq: []any{"person:" + a.Person.ID}}, func(l logDoc) error {
		if l.Values != nil {
			t.Errorf("entry %d still holds %v", l.Seq, l.Values)
		}
		return nil
	})
	d.ok(err)
	if n, broken, _, err := d.VerifyLog(ctx); err != nil || broken != 0 || n < 8 {
		t.Errorf("%d entries, broken at %d: %v", n, broken, err)
	}
	d.later(24 * time.Hour)
	clear(d.out)
	d.someone("hoa@nguon.example") // the address is free again
}

func TestWhatACrashLeftIsFinished(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	a := d.someone("hoa@nguon.example")
	// The write is done, and the process dies before the effects are.
	now := store.Stamp(d.clock())
	d.ok(d.people.Update(ctx, a.Person.ID, func(p *Person) error { p.told(now, "mail.changed", "person.password", p.ID); return nil }))
	if len(d.mails("mail.changed", "hoa@nguon.example")) != 0 {
		t.Fatal("performed already")
	}
	d.later(leftOver + time.Second)
	for range 2 {
		d.ok(d.Sweep(ctx))
	}
	if n := len(d.mails("mail.changed", "hoa@nguon.example")); n != 1 {
		t.Errorf("%d mails", n)
	}
	d.later(keepRequests + signUpValid)
	d.ok(d.Sweep(ctx))
	if n, err := d.requests.Count(ctx, store.Query{}); err != nil || n != 0 {
		t.Errorf("%d requests are left, %v", n, err)
	}
	if n, err := d.throttle.docs.Count(ctx, store.Query{}); err != nil || n != 0 {
		t.Errorf("%d counts are left, %v", n, err)
	}
}

func TestAnotherAddress(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	a := d.someone("hoa@nguon.example")
	d.someone("nam@nguon.example")
	d.later(time.Minute)
	field(t, d.AskAddress(ctx, a, password, "HOA@nguon.example"), "email", "account.email.same")
	field(t, d.AskAddress(ctx, a, password, "hoa@nguоn.example"), "email", "account.email.ascii")
	field(t, d.AskAddress(ctx, a, "sai mật khẩu rồi", "moi@nguon.example"), "current", "account.password.wrong")
	d.ok(d.AskAddress(ctx, a, password, "nam@nguon.example")) // somebody else's: who asks does not learn of it
	if n := len(d.mails("mail.address", "nam@nguon.example")) + len(d.mails("mail.known", "nam@nguon.example")); n != 1 || len(d.mails("mail.known", "nam@nguon.example")) != 1 {
		t.Errorf("%d mails", n)
	}
	d.ok(d.Forgot(ctx, "hoa@nguon.example", "", home, lang.Vi)) // a link in the mailbox that is given up
	d.ok(d.AskAddress(ctx, a, password, "Moi@nguon.example"))
	d.ok(d.AskAddress(ctx, a, password, "khac@nguon.example"))
	link, other := d.link("mail.address", "Moi@nguon.example"), d.link("mail.address", "khac@nguon.example")
	for range 2 {
		if email, err := d.NewAddress(ctx, link); err != nil || email != "Moi@nguon.example" {
			t.Fatal(email, err)
		}
	}
	if p := d.again(a).Person; p.Email != "hoa@nguon.example" {
		t.Errorf("opening the page changed it to %s", p.Email)
	}
	d.refused(d.confirm(link), "account.link.gone")                                                  // for another purpose
	field(t, d.ChangeAddress(ctx, link, "mật khẩu của ai đó"), "password", "account.password.wrong") // a stranger pressed the button
	d.ok(d.ChangeAddress(ctx, link, password))
	for _, used := range []string{link, other} { // replayed, and of the address before
		d.refused(d.ChangeAddress(ctx, used, password), "account.link.gone")
		_, err := d.NewAddress(ctx, used)
		d.refused(err, "account.link.gone")
	}
	d.refused(d.Resettable(ctx, tokenOf(d.mails("mail.reset", "hoa@nguon.example")[0].Link)), "account.link.gone")
	if p := d.enterAs("moi@nguon.example").Person; p.ID != a.Person.ID || p.Email != "Moi@nguon.example" {
		t.Errorf("%+v", p)
	}
	if n := len(d.mails("mail.moved", "hoa@nguon.example")); n != 1 {
		t.Errorf("%d mails to the old address", n)
	}
	if _, ok, err := d.byAddress(ctx, "hoa@nguon.example"); ok || err != nil {
		t.Error("the old address still leads to the account", err)
	}
}

func TestTwoPeopleWantOneAddress(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	hoa, nam := d.someone("hoa@nguon.example"), d.someone("nam@nguon.example")
	d.later(time.Minute)
	d.ok(d.AskAddress(ctx, hoa, password, "moi@nguon.example"))
	d.ok(d.AskAddress(ctx, nam, password, "moi@nguon.example"))
	links := d.mails("mail.address", "moi@nguon.example")
	errs := make(chan error, 2)
	for _, m := range links {
		go func() { errs <- d.ChangeAddress(ctx, tokenOf(m.Link), password) }()
	}
	done := 0
	for range links {
		if err := <-errs; err == nil {
			done++
		} else {
			d.refused(err, "account.link.known")
		}
	}
	if done != 1 || len(links) != 2 {
		t.Errorf("%d of %d", done, len(links))
	}
	d.later(addressValid)
	d.ok(d.AskAddress(ctx, d.again(hoa), password, "ba@nguon.example"))
	link := d.link("mail.address", "ba@nguon.example")
	d.later(addressValid)
	d.refused(d.ChangeAddress(ctx, link, password), "account.link.gone")
}

func TestNobodyKeepsOthersFromTheirMail(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	o, err := d.SignIn(ctx, SignIn{Email: d.someone("hoa@nguon.example").Person.Email, Password: password, Network: home})
	d.ok(err)
	d.later(time.Minute)
	for i := range 100 { // somebody asks for her, from many networks
		if err := d.Forgot(ctx, "hoa@nguon.example", "", fmt.Sprint("net", i), lang.Vi); err != nil {
			t.Fatalf("try %d: %v", i, err)
		}
	}
	before := len(d.mails("mail.reset", "hoa@nguon.example"))
	if before > flooding.free {
		t.Errorf("%d mails", before)
	}
	d.ok(d.Forgot(ctx, "hoa@nguon.example", o.Device, home, lang.Vi)) // her own browser
	if n := len(d.mails("mail.reset", "hoa@nguon.example")); n != before+1 {
		t.Error("she does not get hers")
	}
	d.ok(d.Forgot(ctx, "hoa@nguon.example", "", home, lang.Vi)) // and another one is not told off
	var last error
	for range 10 {
		last = d.Forgot(ctx, "khac@nguon.example", "", away, lang.Vi)
	}
	d.refused(last, "account.too_many") // who asks too often is
}

func TestManyPeopleBehindOneAddress(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.someone("hoa@nguon.example")
	for i := range 200 { // they all know their passwords
		d.later(time.Second)
		if _, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: away}); err != nil {
			t.Fatalf("sign-in %d: %v", i, err)
		}
	}
	for i := range 200 { // one of them guesses at other accounts
		_, _ = d.SignIn(ctx, SignIn{Email: fmt.Sprintf("a%d@nguon.example", i), Password: "sai mật khẩu rồi", Network: away})
	}
	d.later(byNetwork.most)
	_, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: away})
	d.ok(err)
}

func TestAccentsHoweverTyped(t *testing.T) {
	d := newDesk(t)
	d.someone("hoa@nguon.example")
	typed := norm.NFD.String(password)
	if typed == password {
		t.Fatal("the usual password has no accents")
	}
	_, err := d.SignIn(t.Context(), SignIn{Email: "hoa@nguon.example", Password: typed, Network: home})
	d.ok(err)
}

func TestTheDemonstrationIsNobodyInProduction(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	_, _, err := d.Create(ctx, NewPerson{Email: "mau@nguon.example", Name: "Mẫu", Password: password, Demo: true})
	d.ok(err)
	o, err := d.SignIn(ctx, SignIn{Email: "mau@nguon.example", Password: password, Network: home})
	d.ok(err)
	d.real = true
	_, err = d.SignIn(ctx, SignIn{Email: "mau@nguon.example", Password: password, Network: home})
	d.refused(err, "account.sign_in.wrong")
	_, err = d.Actor(ctx, o.Secret)
	d.refused(err, "account.session.none")
	d.ok(d.Forgot(ctx, "mau@nguon.example", "", home, lang.Vi))
	if n := len(d.mails("mail.reset", "mau@nguon.example")); n != 0 {
		t.Errorf("%d links", n)
	}
}

func TestALeakGoesOn(t *testing.T) {
	d := newDesk(t)
	p := policy{free: 3, first: time.Hour, most: time.Hour, forget: 12 * time.Hour, leak: 10 * time.Minute}
	for i := range 100 { // a try now and then, a little faster than they are taken back
		if err := d.throttle.take(t.Context(), p, "x"); err != nil {
			if i < 60 {
				t.Fatalf("try %d: %v", i, err)
			}
			return
		}
		d.later(9*time.Minute + 50*time.Second)
	}
}

func TestWhoLostEverythingIsLetIn(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	_, _, err := d.Create(ctx, NewPerson{Email: "hoa@nguon.example", Name: "Hoa", Password: password, TOTP: make([]byte, totpBytes)})
	d.ok(err)
	d.refused(d.ResetSecond(ctx, "khac@nguon.example"), "account.person.not_found")
	for range 2 {
		d.ok(d.ResetSecond(ctx, "hoa@nguon.example"))
	}
	o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	if err != nil || o.Waits {
		t.Errorf("%+v, %v", o, err)
	}
	if n := len(d.mails("mail.second_off", "hoa@nguon.example")); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestANeighbourAsksTooOften(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	d.someone("hoa@nguon.example")
	o, err := d.SignIn(ctx, SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	d.ok(err)
	var last error
	for i := range asking.free + 1 {
		last = d.Forgot(ctx, fmt.Sprintf("a%d@nguon.example", i), "", home, lang.Vi)
	}
	d.refused(last, "account.too_many")
	d.ok(d.Forgot(ctx, "hoa@nguon.example", o.Device, home, lang.Vi))
}
