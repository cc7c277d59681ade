package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/search/meili"
)

// searchKey prints the key by which a site works with a Meilisearch server.
func (p program) searchKey(ctx context.Context, args []string) error {
	if err := p.flags("search-key", args, noFlags); err != nil {
		return err
	}
	if p.cfg.MeiliURL == "" || p.cfg.MeiliKey == "" {
		return errors.New("MEILI_URL and MEILI_KEY: name the server and its master key")
	}
	key, err := meili.Key(ctx, p.cfg.MeiliURL, p.cfg.MeiliKey)
	if err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, key)
	return nil
}

const usage = `Usage: app [command] [flags]

Commands:
  serve        answer visitors (the default)
  lots         list lots        -format csv [-out FILE]
  labels       print labels     -lot LOT [-gtin GTIN] -count N -format svg|pdf|csv -out FILE [-dpi 300|203]
  create-user  give a person a role, and print a link to choose a password
               -email ADDRESS -role admin|operator|buyer [-name NAME] [-lang vi|en]
               -email ADDRESS -role owner|staff -org ORGANISATION
  reset-second turn two-step sign-in off for who lost telephone and recovery codes   -email ADDRESS
  check        walk the chains of the log and of decisions, compare orders with the ledger
               and with the stocks, and print what does not hold; the last hash of the log,
               noted elsewhere, shows later whether its end was cut
  rotate-keys  sign new serials with a new key; packets printed before stay valid
  reindex      build the search index anew in every running server; a server that starts
               does it by itself
  search-key   print a key for Meilisearch that only serves this site, made from the master
               key: MEILI_URL=… MEILI_KEY=<master key>
  seed         write demonstration data into the store
  healthcheck  ask the running server whether it is ready
  help         show this text

All but serve may run while the server does. -out - means standard output.
Settings come from the environment; README.md lists them.
`

// Exit codes.
const (
	exitOK = iota
	exitFailed
	exitUsage
)

// errUsage marks a command line that cannot be understood; what is wrong has
// been printed already when it stands alone.
var errUsage = errors.New("usage")

// program is what a command may use of the world outside.
type program struct {
	cfg            Config
	log            *slog.Logger
	stdout, stderr io.Writer
}

// run performs the command that args name and returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	name := "serve"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	if name == "help" || name == "-h" || name == "-help" || name == "--help" {
		fmt.Fprint(stdout, usage)
		return exitOK
	}
	do, ok := map[string]func(program, context.Context, []string) error{
		"serve": program.serve, "lots": program.lots, "labels": program.labels,
		"create-user": program.createUser, "check": program.check, "reset-second": program.resetSecond, "rotate-keys": program.rotateKeys, "reindex": program.reindex, "search-key": program.searchKey, "seed": program.seed, "healthcheck": program.healthcheck,
	}[name]
	if !ok {
		fmt.Fprintf(stderr, "unknown command %q\n\n%s", name, usage)
		return exitUsage
	}
	cfg, err := LoadConfig(getenv)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitUsage
	}
	p := program{cfg, newLog(cfg, stderr), stdout, stderr}
	return p.exitCode(do(p, ctx, args))
}

// exitCode prints an error in both languages, since a command line has none,
// with its cause, since whoever types commands here may see it.
func (p program) exitCode(err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case errors.Is(err, errUsage):
		if err != errUsage {
			fmt.Fprintln(p.stderr, err)
		}
		return exitUsage
	}
	var e *fault.Error
	if errors.As(err, &e) {
		for _, l := range lang.All {
			fmt.Fprintln(p.stderr, l.Map(e.Code, e.Args))
		}
	}
	fmt.Fprintln(p.stderr, "("+err.Error()+")")
	return exitFailed
}

func newLog(cfg Config, w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: cfg.LogLevel}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

func noFlags(*flag.FlagSet) {}

// flags parses the flags of a command that takes no other arguments.
func (p program) flags(name string, args []string, define func(*flag.FlagSet)) error {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(p.stderr)
	define(f)
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return err
		}
		return errUsage // the flag package has said what is wrong
	}
	if f.NArg() > 0 {
		return fmt.Errorf("%w: %s takes no argument %q", errUsage, name, f.Arg(0))
	}
	return nil
}

func (p program) serve(ctx context.Context, args []string) error {
	if err := p.flags("serve", args, noFlags); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", p.cfg.Addr())
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is taken, perhaps by a server that runs already; stop it, or set PORT to another: %w", p.cfg.Addr(), err)
	}
	if err != nil {
		return err
	}
	a, err := New(ctx, p.cfg, p.log)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	return errors.Join(a.Run(ctx, ln), a.Close())
}

func (p program) seed(ctx context.Context, args []string) error {
	if err := p.flags("seed", args, noFlags); err != nil {
		return err
	}
	if !p.cfg.Dev() {
		return errors.New("APP_ENV=production: invented producers do not belong into a store that visitors trust")
	}
	s, err := open(ctx, p.cfg, p.log, command)
	if err != nil {
		return err
	}
	return errors.Join(s.seed(ctx), s.close())
}

// How long the command waits for a running server to begin, and to have built its
// index.
const (
	reindexBegin = 5 * time.Second
	reindexWait  = 2 * time.Minute
)

// reindex lets every running server build its index anew beside the old one.
func (p program) reindex(ctx context.Context, args []string) error {
	if err := p.flags("reindex", args, noFlags); err != nil {
		return err
	}
	s, err := open(ctx, p.cfg, p.log, command)
	if err != nil {
		return err
	}
	err = s.finder.Ask(ctx, reindexBegin, reindexWait)
	switch {
	case err == nil:
		fmt.Fprintln(p.stdout, "the search index was built anew")
	case fault.CodeOf(err) == "search.no_server":
		fmt.Fprintln(p.stdout, "no running server has built its index; one that starts does")
		err = nil
	case fault.CodeOf(err) == "search.remote_away":
		fmt.Fprintln(p.stdout, "the embedded index was built anew; Meilisearch is away, or not done yet, and is built when it is back")
		err = nil
	}
	return errors.Join(err, s.close())
}

// rotateKeys is for the change of a secret, and for a store that came back from
// a backup, whose next serials may stand on packets already.
func (p program) rotateKeys(ctx context.Context, args []string) error {
	if err := p.flags("rotate-keys", args, noFlags); err != nil {
		return err
	}
	s, err := open(ctx, p.cfg, p.log, command)
	if err != nil {
		return err
	}
	id, err := s.qr.RotateKey(ctx)
	if err == nil {
		p.log.Info("new serials are signed with a new key", "key", id)
	}
	return errors.Join(err, s.close())
}

// healthcheck is for images that hold no other program that could ask.
func (p program) healthcheck(ctx context.Context, args []string) error {
	if err := p.flags("healthcheck", args, noFlags); err != nil {
		return err
	}
	host := p.cfg.Host
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	url := "http://" + net.JoinHostPort(host, strconv.Itoa(p.cfg.Port)) + "/readyz"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answered %s", url, resp.Status)
	}
	return nil
}
