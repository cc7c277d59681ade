package mail

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Sender delivers one message and says where it went. A refusal that no later
// try will change is marked as such. String is the sender's name for logs, without its
// secrets.
type Sender interface {
	Send(ctx context.Context, e Envelope) (where string, err error)
	String() string
}

// message is an envelope as MIME: a text and an HTML part, and the picture that
// the HTML shows, inside the message.
func message(e Envelope) *gomail.Msg {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(e.From) // it quotes names, which FromFormat does not
	m.ToMailAddress(e.To)
	sum := sha256.Sum256([]byte(e.ID))
	m.SetMessageIDWithValue(hex.EncodeToString(sum[:16]) + "@" + e.MessageDomain)
	m.SetDateWithValue(e.Date)
	m.Subject(e.Subject)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	m.SetGenHeader("Content-Language", string(e.Lang))
	m.SetBodyString(gomail.TypeTextPlain, e.Text)
	m.AddAlternativeString(gomail.TypeTextHTML, e.HTML)
	if e.QR != nil {
		m.EmbedReadSeeker("qr.png", bytes.NewReader(e.QR), gomail.WithFileContentType("image/png"), gomail.WithFileContentID("<"+contentID(e.ID)+">"))
	}
	if e.Calendar != "" {
		kind := "text/calendar; method=REQUEST"
		if e.Cancels {
			kind = "text/calendar; method=CANCEL"
		}
		m.AttachReadSeeker("visit.ics", strings.NewReader(e.Calendar), gomail.WithFileContentType(gomail.ContentType(kind+"; charset=utf-8")))
	}
	return m
}

type smtpSender struct {
	host    string
	options []gomail.Option
	name    string
}

const smtpTimeout = 30 * time.Second

// NewSMTP delivers to a mail server: smtp://user:password@host:port with
// STARTTLS, which must work unless the host is this machine or ?tls=none says
// that it is not wanted; smtps:// with TLS from the start.
func NewSMTP(rawURL string) (Sender, error) { return newSMTP(rawURL, nil) }

func newSMTP(rawURL string, roots *tls.Config) (Sender, error) {
	u, port, err := parseURL(rawURL)
	if err != nil {
		return nil, err
	}
	o := []gomail.Option{gomail.WithPort(port), gomail.WithTimeout(smtpTimeout)}
	if roots != nil {
		o = append(o, gomail.WithTLSConfig(roots))
	}
	if u.Scheme == "smtps" {
		o = append(o, gomail.WithSSL())
	} else {
		o = append(o, gomail.WithTLSPolicy(tlsPolicy(u)))
	}
	if user := u.User.Username(); user != "" {
		password, _ := u.User.Password()
		o = append(o, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(user), gomail.WithPassword(password))
	}
	return &smtpSender{u.Hostname(), o, u.Scheme + "://" + net.JoinHostPort(u.Hostname(), strconv.Itoa(port))}, nil
}

// tlsPolicy of smtp://: nothing leaves this machine in the clear unasked.
func tlsPolicy(u *url.URL) gomail.TLSPolicy {
	switch tls := u.Query().Get("tls"); {
	case tls == "none":
		return gomail.NoTLS
	case tls == "" && isLoopback(u.Hostname()):
		return gomail.TLSOpportunistic
	default:
		return gomail.TLSMandatory
	}
}

// ParseURL reports whether a setting names a mail server; it asks no network.
func ParseURL(rawURL string) error {
	_, _, err := parseURL(rawURL)
	return err
}

var errURL = errors.New("mail: it is smtp://[user:password@]host[:port][?tls=none|must] or smtps://…")

func parseURL(rawURL string) (*url.URL, int, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" {
		return nil, 0, errURL // without the cause, which holds the password
	}
	port, known := map[string]int{"smtp": 587, "smtps": 465}[u.Scheme]
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			known = false
		}
	}
	if !known || port < 1 || port > 65535 || !isTLSChoice(u) || !isLogin(u.User) {
		return nil, 0, errURL
	}
	return u, port, nil
}

// isTLSChoice accepts one tls=none or tls=must or neither, so that a slip in a
// setting is told rather than passed over. smtps:// is never without TLS.
func isTLSChoice(u *url.URL) bool {
	q := u.RawQuery
	return u.Fragment == "" && (q == "" || q == "tls=must" || q == "tls=none" && u.Scheme == "smtp")
}

// isLogin accepts a user with a password, or neither.
func isLogin(u *url.Userinfo) bool {
	password, _ := u.Password()
	return (u.Username() == "") == (password == "")
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func (s *smtpSender) String() string { return s.name }

// Send opens a connection for each message: they are few, and far apart. Once
// the server has taken the message, how the connection ends does not matter.
func (s *smtpSender) Send(ctx context.Context, e Envelope) (string, error) {
	m := message(e)
	c, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return "", err
	}
	if err = c.DialAndSendWithContext(ctx, m); m.IsDelivered() {
		return s.name, nil
	}
	var refused *gomail.SendError
	if errors.As(err, &refused) && refused.ErrorCode() >= 500 {
		return "", permanentError{err}
	}
	return "", err
}

type fileSender struct{ dir string }

// fileTime begins the names of files.
const fileTime = "20060102T150405.000"

// NewFiles writes each message into a file of its own in a folder, which is made
// when it is needed: for development, and for a site without a mail server.
func NewFiles(dir string) Sender { return fileSender{dir} }

func (s fileSender) String() string { return s.dir }

func (s fileSender) Send(_ context.Context, e Envelope) (string, error) {
	m := message(e)
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(e.ID))
	name := filepath.Join(s.dir, e.Date.UTC().Format(fileTime)+"-"+hex.EncodeToString(sum[:6])+".eml")
	return name, writeFile(name, func(w io.Writer) error {
		_, err := m.WriteTo(w)
		return err
	})
}

// sweep removes messages of before a moment, and returns how many.
func (s fileSender) sweep(before time.Time) (n int, err error) {
	names, err := filepath.Glob(filepath.Join(s.dir, "*.eml"))
	for _, name := range names {
		stamp, _, _ := strings.Cut(filepath.Base(name), "-")
		if at, wrong := time.Parse(fileTime, stamp); wrong != nil || !at.Before(before) {
			continue
		}
		if e := os.Remove(name); e == nil {
			n++
		} else if !errors.Is(e, fs.ErrNotExist) { // another process was here
			err = errors.Join(err, e)
		}
	}
	return n, err
}

// writeFile writes a file whole or not at all, readable by its owner only.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".mail-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // once renamed, there is nothing to remove
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(name), err)
	}
	return os.Rename(f.Name(), name)
}
