package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"nguon/app/mail"
	"nguon/app/pay/vietqr"
	"nguon/qr"
)

// Config is everything the program can be told. It comes from LoadConfig, is
// never changed afterwards, and prints without its secrets.
type Config struct {
	Env            string // "development" or "production"
	Host           string
	Port           int // 0 lets the system choose
	BaseURL        string
	DataDir        string
	SecretKey      string // wraps the keys of serials
	SecretKeyOld   string // the one before, during a change
	MongoURI       string // empty: the embedded store
	MeiliURL       string // empty: the embedded search index alone
	MeiliKey       string // of the server there, made by the command search-key
	BlobURL        string // empty: a folder in DataDir
	SMTPURL        string // empty: mails are written to files in DataDir
	MailFrom       string
	TrustedProxies []netip.Prefix
	ClientIPHeader string   // set by a trusted proxy: a visitor's address; empty: X-Forwarded-For
	RegionHeader   string   // set by a trusted proxy: where a visitor is, coarsely
	StripeKey      string   // empty: no cards
	StripeSecrets  []string // sign what Stripe tells; several while one is changed
	StripeBase     string   // of the API; empty: Stripe's own
	BankBIN        string   // of the account that shoppers transfer to
	BankAccount    string   // empty: no transfers in production
	BankHolder     string   //
	TransferSecret string   // signs what the bank's service tells; empty: nobody tells
	LogLevel       slog.Level
	LogFormat      string // "text" or "json"
}

const (
	development = "development"
	production  = "production"

	// minSecret is the shortest SECRET_KEY: 32 characters bear at least 128
	// bits when they are hexadecimal.
	minSecret = 32
	// minTransfer is what services that sign with a fixed key can bear.
	minTransfer = 16
)

// siteHost is the name of the site in its public address, "localhost" without
// one.
func (c Config) siteHost() string {
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Hostname() == "" {
		return "localhost"
	}
	return u.Hostname()
}

// Dev reports whether the program runs for development.
func (c Config) Dev() bool { return c.Env != production }

// Addr is the address to listen on.
func (c Config) Addr() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// Loopback reports whether the addresses on labels lead back to the phone that
// scans them, because the base address names this machine only.
func (c Config) Loopback() bool { return qr.Loopback(c.BaseURL) }

// LoadConfig reads the settings through getenv, fills in defaults and returns
// all problems at once. An empty setting counts as not set.
func LoadConfig(getenv func(string) string) (Config, error) {
	l := loader{getenv: getenv}
	c := Config{
		Env:          l.oneOf("APP_ENV", development, production),
		DataDir:      l.text("DATA_DIR", ".data"),
		SecretKey:    l.text("SECRET_KEY", ""),
		SecretKeyOld: l.text("SECRET_KEY_OLD", ""),
		MongoURI:     l.text("MONGODB_URI", ""),
		MeiliURL:     strings.TrimSuffix(l.text("MEILI_URL", ""), "/"),
		MeiliKey:     l.text("MEILI_KEY", ""),
		BlobURL:      l.text("BLOB_URL", ""),
		SMTPURL:      l.text("SMTP_URL", ""),
		RegionHeader: l.text("REGION_HEADER", ""),

		ClientIPHeader: l.text("CLIENT_IP_HEADER", ""),

		StripeKey: l.text("STRIPE_SECRET_KEY", ""), StripeSecrets: strings.FieldsFunc(l.text("STRIPE_WEBHOOK_SECRET", ""), func(r rune) bool { return r == ',' || r == ' ' }),
		StripeBase: l.text("STRIPE_API_BASE", ""), BankBIN: l.text("BANK_BIN", ""), BankAccount: l.text("BANK_ACCOUNT", ""),
		BankHolder: l.text("BANK_ACCOUNT_NAME", ""), TransferSecret: l.text("TRANSFER_WEBHOOK_SECRET", ""),
	}
	if c.Dev() && c.BankAccount == "" { // an account that nobody has, so that the whole way can be walked
		c.BankBIN, c.BankAccount, c.BankHolder = "970436", "0000000000", "TAI KHOAN MAU"
	}
	host, format := "127.0.0.1", [...]string{"text", "json"}
	if !c.Dev() {
		host, format = "0.0.0.0", [...]string{"json", "text"}
	}
	c.Host = l.text("HOST", host)
	c.Port = l.port("PORT", 8080)
	c.LogFormat = l.oneOf("LOG_FORMAT", format[0], format[1])
	c.LogLevel = l.level("LOG_LEVEL")
	c.TrustedProxies = l.prefixes("TRUSTED_PROXIES")
	base := ""
	if c.Dev() {
		base = "http://" + net.JoinHostPort("localhost", strconv.Itoa(c.Port))
	}
	c.BaseURL = strings.TrimSuffix(l.text("BASE_URL", base), "/")
	c.MailFrom = l.text("MAIL_FROM", "Nguồn <no-reply@"+c.siteHost()+">")
	return c, errors.Join(append(l.problems, c.Validate())...)
}

// Validate reports every problem of the settings taken together.
func (c Config) Validate() error {
	var problems []error
	report := func(bad bool, format string, args ...any) {
		if bad {
			problems = append(problems, fmt.Errorf(format, args...))
		}
	}
	report(!c.Dev() && c.SecretKey == "", "SECRET_KEY: production needs one; make it with: openssl rand -hex 32")
	report(!c.Dev() && c.BaseURL == "", "BASE_URL: production needs the public address, such as https://nguon.example")
	report(c.SecretKey != "" && len(c.SecretKey) < minSecret, "SECRET_KEY: at least %d characters", minSecret)
	report(c.SecretKeyOld != "" && len(c.SecretKeyOld) < minSecret, "SECRET_KEY_OLD: at least %d characters", minSecret)
	report(c.SecretKeyOld != "" && c.SecretKey == "", "SECRET_KEY_OLD: set SECRET_KEY too, the one that takes its place")
	report(c.BaseURL != "" && !isOrigin(c.BaseURL), "BASE_URL: %q is not scheme://host[:port] without a path", c.BaseURL)
	report(!c.Dev() && isOrigin(c.BaseURL) && !strings.HasPrefix(c.BaseURL, "https://") && !c.Loopback(), "BASE_URL: production is https:// for whoever is not this machine, since people sign in")
	report(c.MongoURI != "" && !isMongo(c.MongoURI), "MONGODB_URI: it starts with mongodb:// or mongodb+srv://")
	report(c.MeiliURL != "" && !isOrigin(c.MeiliURL), "MEILI_URL: it is http://host[:port] or https://…, with nothing behind it")
	report(c.MeiliKey != "" && c.MeiliURL == "", "MEILI_KEY: set MEILI_URL too, the server that the key is for")
	report(!c.Dev() && c.MeiliURL != "" && c.MeiliKey == "", "MEILI_KEY: production needs one; make it with: MEILI_KEY=<master key> go run ./app search-key")
	report(!c.Dev() && c.MongoURI != "" && c.BlobURL == "", "BLOB_URL: with MONGODB_URI in production photos and documents need a place that all machines share")
	report(c.SMTPURL != "" && mail.ParseURL(c.SMTPURL) != nil, "SMTP_URL: it is smtp://[user:password@]host[:port] or smtps://…")
	report(c.BaseURL != "" && !isSender(c.MailFrom), "MAIL_FROM: %q is not an address such as Nguồn <no-reply@nguon.example>", c.MailFrom)
	report(c.StripeKey != "" && len(c.StripeSecrets) == 0, "STRIPE_WEBHOOK_SECRET: without it nobody learns that a card was charged")
	report(c.BankAccount != "" && (c.BankHolder == "" || !isBank(c.BankBIN)), "BANK_BIN, BANK_ACCOUNT_NAME: an account needs the six digits of a bank that takes VietQR and its holder's name")
	report(c.TransferSecret != "" && len(c.TransferSecret) < minTransfer, "TRANSFER_WEBHOOK_SECRET: at least %d characters", minTransfer)
	report(!isHost(c.Host), "HOST: %q is neither an address nor the name of a machine", c.Host)
	for name, header := range map[string]string{"REGION_HEADER": c.RegionHeader, "CLIENT_IP_HEADER": c.ClientIPHeader} {
		report(header != "" && !isToken(header), "%s: %q is not the name of a header", name, header)
		report(header != "" && len(c.TrustedProxies) == 0, "%s: only a proxy named in TRUSTED_PROXIES may set it", name)
	}
	return errors.Join(problems...)
}

// String shows the settings on one line, secrets masked.
func (c Config) String() string {
	var b strings.Builder
	for i, a := range c.attrs() {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(a.String())
	}
	return b.String()
}

// GoString keeps secrets out of %#v as well.
func (c Config) GoString() string { return "Config{" + c.String() + "}" }

// LogValue makes slog print what String prints.
func (c Config) LogValue() slog.Value { return slog.GroupValue(c.attrs()...) }

func (c Config) attrs() []slog.Attr {
	return []slog.Attr{
		slog.String("env", c.Env), slog.String("addr", c.Addr()), slog.String("base", c.BaseURL),
		slog.String("data", c.DataDir), slog.String("secret", masked(c.SecretKey)),
		slog.String("secret_old", masked(c.SecretKeyOld)), slog.String("mongodb", maskedURI(c.MongoURI)),
		slog.String("meilisearch", maskedURI(c.MeiliURL)), slog.String("files", maskedURI(c.BlobURL)), slog.String("smtp", maskedURI(c.SMTPURL)), slog.String("mail_from", c.MailFrom),
		slog.Any("proxies", c.TrustedProxies), slog.String("client_ip_header", c.ClientIPHeader),
		slog.String("region_header", c.RegionHeader),
		slog.String("log", c.LogLevel.String()+"/"+c.LogFormat),
	}
}

func masked(s string) string {
	if s == "" {
		return "-"
	}
	return "***"
}

// maskedURI keeps the hosts, which tell an operator where data goes, and drops
// user, password and options.
func maskedURI(s string) string {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return masked(s)
	}
	rest = rest[strings.LastIndexByte(rest, '@')+1:]
	rest, _, _ = strings.Cut(rest, "?")
	return scheme + "://" + rest
}

func (c Config) payee() payee { return payee{c.BankBIN, c.BankAccount, c.BankHolder} }

// isBank reports whether a bank takes transfers by VietQR.
func isBank(bin string) bool {
	_, ok := vietqr.BankByBIN(bin)
	return ok
}
