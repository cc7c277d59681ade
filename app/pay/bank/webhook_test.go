package bank

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/catalog/order"
)

const secret = "a-secret-of-the-tests"

// The body that SePay's documentation shows, with a code of ours.
const sepayBody = `{"id": 92704, "gateway": "Vietcombank", "transactionDate": "2023-03-25 14:02:37", "accountNumber": "0123499999",
	"code": null, "content": "SL7K2Q chuyen tien", "transferType": "in", "transferAmount": 2277000, "accumulated": 19077000,
	"subAccount": null, "referenceCode": "MBVCB.3278907687", "description": "BankAPINotify SL7K2Q chuyen tien"}`

const cassoBody = `{"error": 0, "data": [
	{"id": 360056, "tid": "5017 - 48678", "description": "SL7K2Q", "amount": 20000, "cusum_balance": 0,
	 "when": "2023-03-25 14:02:37", "bank_sub_acc_id": "0123499999", "subAccId": "0123499999", "corresponsiveName": "NGUYEN VAN A", "corresponsiveAccount": "111"},
	{"id": 360057, "tid": "5017 - 48679", "description": "phi", "amount": -1000, "when": "2023-03-25 14:02:37"}]}`

var (
	booked    = day(2023, 3, 25, 14, 2, 37)
	fromSePay = order.Incoming{Ref: "sepay:92704", Amount: 2_277_000, Booked: booked, Memo: "SL7K2Q chuyen tien", To: "0123499999"}
	fromCasso = order.Incoming{Ref: "casso:360056", Amount: 20_000, Booked: booked, Memo: "SL7K2Q", From: "NGUYEN VAN A 111", To: "0123499999"}
)

// mark is the hexadecimal HMAC-SHA256 of a time and a body.
func mark(key string, at time.Time, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	fmt.Fprintf(mac, "%d.%s", at.Unix(), body)
	return hex.EncodeToString(mac.Sum(nil))
}

// headers pairs names and values.
func headers(pairs ...string) func(string) string {
	h := http.Header{}
	for i := 0; i+1 < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h.Get
}

func signed(key string, at time.Time, body string) func(string) string {
	return headers("X-Signature", fmt.Sprintf("t=%d,v1=%s", at.Unix(), mark(key, at, body)))
}

// Each rule of who may send, for both services and both entrances.
func TestSignatures(t *testing.T) {
	now := booked.Add(time.Minute)
	good, bad := mark(secret, now, sepayBody), mark("another", now, sepayBody)
	at := strconv.FormatInt(now.Unix(), 10)
	sign := func(at time.Time) func(string) string { return signed(secret, at, sepayBody) }
	for _, tt := range []struct {
		name   string
		header func(string) string
		now    time.Time
		code   string
	}{
		{"right", sign(now), now, ""},
		{"upper case", headers("X-Signature", "t="+at+", v1="+strings.ToUpper(good)), now, ""},
		{"missing", headers(), now, "order.webhook.signature"},
		{"wrong key", signed("another", now, sepayBody), now, "order.webhook.signature"},
		{"another body", signed(secret, now, sepayBody+" "), now, "order.webhook.signature"},
		{"another time", headers("X-Signature", "t="+at+"0,v1="+good), now, "order.webhook.signature"},
		{"two times", headers("X-Signature", "t="+at+",t="+at+",v1="+good), now, "order.webhook.signature"},
		{"no time", headers("X-Signature", "v1="+good), now, "order.webhook.signature"},
		{"no mark", headers("X-Signature", "t="+at), now, "order.webhook.signature"},
		{"half a mark", headers("X-Signature", "t="+at+",v1="+good[:32]), now, "order.webhook.signature"},
		{"no hexadecimal", headers("X-Signature", "t="+at+",v1=x"), now, "order.webhook.signature"},
		{"another version", headers("X-Signature", "t="+at+",v0="+good), now, "order.webhook.signature"},
		{"two, the second right", headers("X-Signature", "t="+at+",v1="+bad+",v1="+good), now, ""},
		{"two, the first right", headers("X-Signature", "t="+at+",v1="+good+",v1="+bad), now, ""},
		{"two wrong", headers("X-Signature", "t="+at+",v1="+bad+",v1="+bad), now, "order.webhook.signature"},
		{"five minutes old", sign(now), now.Add(5 * time.Minute), ""},
		{"replayed later", sign(now), now.Add(5*time.Minute + time.Second), "order.webhook.old"},
		{"five minutes ahead", sign(now), now.Add(-5 * time.Minute), ""},
		{"further ahead", sign(now), now.Add(-5*time.Minute - time.Second), "order.webhook.old"},
		{"old and wrong", signed("another", now, sepayBody), now.Add(time.Hour), "order.webhook.signature"},
		{"fixed key", headers("Authorization", "Apikey "+secret), now, ""},
		{"wrong fixed key", headers("Authorization", "Apikey "+secret+"x"), now, "order.webhook.signature"},
		{"no key", headers("Authorization", "Apikey "), now, "order.webhook.signature"},
		{"another scheme", headers("Authorization", "Bearer "+secret), now, "order.webhook.signature"},
		{"fixed key beside a wrong signature", headers("Authorization", "Apikey "+secret, "X-Signature", "t="+at+",v1="+bad), now, "order.webhook.signature"},
		{"fixed key, seven days", headers("Authorization", "Apikey "+secret), booked.Add(7 * 24 * time.Hour), ""},
		{"fixed key, older", headers("Authorization", "Apikey "+secret), booked.Add(7*24*time.Hour + time.Second), "order.webhook.old"},
		{"fixed key, ten minutes ahead", headers("Authorization", "Apikey "+secret), booked.Add(-10 * time.Minute), ""},
		{"fixed key, further ahead", headers("Authorization", "Apikey "+secret), booked.Add(-10*time.Minute - time.Second), "order.webhook.old"},
		{"Casso's header for SePay", headers("Secure-Token", secret), now, "order.webhook.signature"},
		{"SePay's signature", headers("X-SePay-Signature", "sha256="+good, "X-SePay-Timestamp", at), now, ""},
		{"SePay's signature, wrong", headers("X-SePay-Signature", "sha256="+bad, "X-SePay-Timestamp", at), now, "order.webhook.signature"},
		{"SePay's signature, no time", headers("X-SePay-Signature", "sha256="+good), now, "order.webhook.signature"},
		{"SePay's signature, old", headers("X-SePay-Signature", "sha256="+good, "X-SePay-Timestamp", at), now.Add(time.Hour), "order.webhook.old"},
	} {
		for entrance, parse := range map[string]func([]byte, func(string) string, string, time.Time) ([]order.Incoming, error){"ParseSePay": ParseSePay, "Parse": Parse} {
			all, err := parse([]byte(sepayBody), tt.header, secret, tt.now)
			switch {
			case tt.code == "" && (err != nil || len(all) != 1 || !equal(all[0], fromSePay)):
				t.Errorf("%s, %s: %v, %+v", entrance, tt.name, err, all)
			case tt.code != "" && (!fault.Is(err, fault.Unauthenticated) || fault.CodeOf(err) != tt.code || all != nil):
				t.Errorf("%s, %s: %v, %+v", entrance, tt.name, err, all)
			}
		}
		if all, err := Parse([]byte(sepayBody), tt.header, "", tt.now); fault.CodeOf(err) != "order.webhook.signature" {
			t.Errorf("without a secret, %s: %v, %+v", tt.name, err, all)
		}
	}
	if _, err := Parse([]byte(sepayBody), headers("Authorization", "Apikey "), "", now); err == nil {
		t.Error("an empty secret opens")
	}
}

func TestCassoSignatures(t *testing.T) {
	now := booked.Add(time.Minute)
	for _, tt := range []struct {
		name   string
		header func(string) string
		now    time.Time
		code   string
	}{
		{"right", signed(secret, now, cassoBody), now, ""},
		{"wrong", signed("another", now, cassoBody), now, "order.webhook.signature"},
		{"old", signed(secret, now, cassoBody), now.Add(time.Hour), "order.webhook.old"},
		{"fixed key", headers("Secure-Token", secret), now, ""},
		{"wrong fixed key", headers("Secure-Token", "x"), now, "order.webhook.signature"},
		{"fixed key, old", headers("Secure-Token", secret), now.Add(8 * 24 * time.Hour), "order.webhook.old"},
		{"SePay's header for Casso", headers("Authorization", "Apikey "+secret), now, "order.webhook.signature"},
	} {
		all, err := Parse([]byte(cassoBody), tt.header, secret, tt.now)
		if fault.CodeOf(err) != tt.code || tt.code == "" && (len(all) != 1 || !equal(all[0], fromCasso)) {
			t.Errorf("%s: %v, %+v", tt.name, err, all)
		}
	}
}

// The example of Casso's documentation for version 2, with the key and the
// signature printed there.
func TestCassoVersion2(t *testing.T) {
	const key = "mgExMrjj4i7a1p8Cs6LmFbpCd8lbw4sSX4LZXPag7TKazeIogtR90tvWYTkwQbvs"
	const sum = "ed0a4bd2e826d5cb69988cdb141e6c1a080e21f3b57eb72cd78192220042b9e7dde0868fc667faea8e224900fa7904e7c88dfa098032fb2d6b6996856e8b7ff3"
	const body = `{"error":0,"data":{"id":0,"reference":"MA_GIAO_DICH_THU_NGHIEM","description":"giao dich thu nghiem","amount":599000,
		"runningBalance":25000000,"transactionDateTime":"2024-10-03 15:06:37","accountNumber":"88888888","bankName":"VPBank",
		"bankAbbreviation":"VPB","virtualAccountNumber":"","virtualAccountName":"","counterAccountName":"NGUYEN VAN A",
		"counterAccountNumber":"8888888888","counterAccountBankId":"970415","counterAccountBankName":"VietinBank"}}`
	at := time.UnixMilli(1727948258788)
	header := headers("X-Casso-Signature", "t=1727948258788,v1="+sum)
	if all, err := Parse([]byte(body), header, key, at.Add(time.Minute)); err != nil || len(all) != 0 {
		t.Errorf("the trial: %v, %+v", err, all)
	}
	if _, err := Parse([]byte(body), header, key, at.Add(6*time.Minute)); fault.CodeOf(err) != "order.webhook.old" {
		t.Errorf("six minutes later: %v", err)
	}
	for _, forged := range []string{strings.Replace(body, "599000", "5990000", 1), strings.Replace(body, `"error":0,`, `"error":0,"Data":{},`, 1)} {
		if _, err := Parse([]byte(forged), header, key, at); fault.CodeOf(err) != "order.webhook.signature" {
			t.Errorf("forged: %v", err)
		}
	}
	later := strings.Replace(strings.Replace(body, `"id":0`, `"id":17`, 1), "MA_GIAO_DICH_THU_NGHIEM", "FT1", 1)
	all, err := Parse([]byte(later), signed(secret, at, later), secret, at)
	want := order.Incoming{Ref: "casso:17", Amount: 599_000, Booked: day(2024, 10, 3, 15, 6, 37), Memo: "giao dich thu nghiem", From: "NGUYEN VAN A 8888888888", To: "88888888"}
	if err != nil || len(all) != 1 || !equal(all[0], want) {
		t.Errorf("%v, %+v", err, all)
	}
}

// A replay within the window finds the same reference, which is taken already.
func TestReplayFindsTheSameReference(t *testing.T) {
	for _, body := range []string{sepayBody, cassoBody} {
		one, err := Parse([]byte(body), signed(secret, booked, body), secret, booked)
		two, again := Parse([]byte(body), signed(secret, booked, body), secret, booked.Add(time.Minute))
		if err != nil || again != nil || !slices.Equal(one, two) {
			t.Errorf("%+v, %+v, %v, %v", one, two, err, again)
		}
	}
}

func TestWebhookForms(t *testing.T) {
	swap := func(body, old, with string) string {
		if !strings.Contains(body, old) {
			t.Fatal(old)
		}
		return strings.Replace(body, old, with, 1)
	}
	for _, tt := range []struct {
		name, body string
		refs       []string // nil for a body that is malformed
	}{
		{"money out", swap(sepayBody, `"in"`, `"out"`), []string{}},
		{"no direction", swap(sepayBody, `"in"`, `""`), nil},
		{"nothing", swap(sepayBody, "2277000", "0"), nil},
		{"negative", swap(sepayBody, "2277000", "-5"), nil},
		{"decimals", swap(sepayBody, "2277000", "2277000.50"), nil},
		{"zero decimals", swap(sepayBody, "2277000", "2277000.00"), []string{"sepay:92704"}},
		{"amount as text", swap(sepayBody, "2277000", `"2277000"`), []string{"sepay:92704"}},
		{"exponent", swap(sepayBody, "2277000", "2e6"), nil},
		{"too much", swap(sepayBody, "2277000", "99999999999999999999"), nil},
		{"no number", swap(sepayBody, "92704", "null"), nil},
		{"number as text", swap(sepayBody, "92704", `"92704"`), []string{"sepay:92704"}},
		{"no time", swap(sepayBody, "2023-03-25 14:02:37", ""), nil},
		{"bad time", swap(sepayBody, "2023-03-25", "2023-13-25"), nil},
		{"cut off", sepayBody[:100], nil},
		{"no JSON", "id=92704", nil},
		{"empty", "", nil},
		{"a list", "[" + sepayBody + "]", nil},
		{"another service", `{"hello": "world"}`, nil},
		{"both shapes", swap(sepayBody, `"id"`, `"data": [], "id"`), nil},
		{"something behind", sepayBody + "{}", nil},
		{"one object", `{"error":0,"data":{"id":1,"tid":"a","amount":5,"when":"2023-03-25"}}`, []string{"casso:1"}},
		{"no id", `{"error":0,"data":[{"tid":"TF80307914","amount":5,"when":"2023-03-25"}]}`, []string{"casso:TF80307914"}},
		{"neither id nor tid", `{"error":0,"data":[{"amount":5,"when":"2023-03-25"}]}`, nil},
		{"empty list", `{"error":0,"data":[]}`, []string{}},
		{"no list", `{"error":0,"data":null}`, nil},
		{"an error", `{"error":1,"data":[]}`, nil},
		{"one bad of two", swap(cassoBody, "-1000", `"x"`), nil},
	} {
		all, err := Parse([]byte(tt.body), signed(secret, booked, tt.body), secret, booked)
		refs := []string{}
		for _, in := range all {
			refs = append(refs, in.Ref)
		}
		if tt.refs == nil && (!fault.Is(err, fault.Invalid) || fault.CodeOf(err) != "order.webhook.form") ||
			tt.refs != nil && (err != nil || !slices.Equal(refs, tt.refs)) {
			t.Errorf("%s: %v, %q", tt.name, err, refs)
		}
		if _, err := Parse([]byte(tt.body), headers(), secret, booked); fault.CodeOf(err) != "order.webhook.signature" {
			t.Errorf("%s, from a stranger: %v", tt.name, err)
		}
	}
	large := sepayBody + strings.Repeat(" ", MaxFile)
	if _, err := Parse([]byte(large), signed(secret, booked, large), secret, booked); err == nil {
		t.Error("a large body is read")
	}
	long := swap(sepayBody, "92704", `"`+strings.Repeat("9", 5000)+`"`)
	all, err := Parse([]byte(long), signed(secret, booked, long), secret, booked)
	if err != nil || len(all) != 1 || len(all[0].Ref) > MaxRef || !strings.HasPrefix(all[0].Ref, "sepay:sha256-") {
		t.Errorf("%v, %+v", err, all)
	}
}

func FuzzWebhooks(f *testing.F) {
	f.Add([]byte(sepayBody), "")
	f.Add([]byte(cassoBody), "")
	f.Add([]byte(`{"error":0,"data":{"id":0,"reference":"x","amount":"5.0","transactionDateTime":"2023-03-25"}}`), "t=1,v1=00,v1=11")
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		now := booked
		mine := signed(secret, now, string(body))
		for _, parse := range []func([]byte, func(string) string, string, time.Time) ([]order.Incoming, error){Parse, ParseSePay, ParseCasso} {
			all, err := parse(body, mine, secret, now)
			if err != nil && (fault.CodeOf(err) != "order.webhook.form" || all != nil) && len(body) <= MaxFile && len(body) > 0 {
				t.Errorf("%v", err)
			}
			for _, in := range all {
				checkIncoming(t, in)
			}
			for _, name := range []string{"X-Signature", "X-SePay-Signature", "X-Casso-Signature", "Authorization", "Secure-Token"} {
				if all, err := parse(body, headers(name, header, "X-SePay-Timestamp", header), secret, now); err == nil {
					t.Errorf("%s %q opens: %+v", name, header, all)
				}
			}
		}
	})
}
