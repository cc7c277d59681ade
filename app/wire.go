package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"nguon/app/account"
	"nguon/app/files"
	"nguon/app/finder"
	"nguon/app/legal"
	"nguon/app/mail"
	"nguon/app/pay/stripepay"
	"nguon/app/report"
	"nguon/app/search"
	"nguon/app/search/meili"
	"nguon/app/store"
	"nguon/app/store/mongo"
	"nguon/app/store/sqlite"
	"nguon/catalog"
	"nguon/catalog/order"
	"nguon/handlers"
	"nguon/qr"
	"nguon/qr/gi"
	"nguon/qr/trace"
	"nguon/tours"
)

// storeFile is the embedded store in the data folder; photos and documents, and
// mails that no server takes, have folders beside it.
const (
	storeFile  = "nguon.db"
	filesDir   = "files"
	mailFolder = "mail"
)

// role is who opens the store: the one server, or a command beside it.
type role bool

const (
	server  role = true
	command role = false
)

// services are the domains, joined.
type services struct {
	cfg      Config // complete, with the secret of a development machine
	db       store.DB
	files    *files.Store
	mail     *mail.Queue
	account  *account.Service
	legal    *legal.Service
	reports  *report.Service
	catalog  *catalog.Service
	trace    *trace.Service
	gi       *gi.Service
	qr       *qr.Service
	orders   *order.Service
	tours    *tours.Service
	festival *tours.Editions
	card     *stripepay.Gateway // nil where cards are not taken
	out      *effects
	finder   *finder.Finder
	index    search.Index // the embedded one; nil in a command
	shared   *meili.Index // nil for none
	found    bool         // it was there when the process started
	built    bool         // it was built since
}

// open chooses the adapters that the configuration names and joins the
// services. In development an empty store is filled with demonstration data.
func open(ctx context.Context, cfg Config, log *slog.Logger, who role) (*services, error) {
	cfg, err := prepare(cfg)
	if err != nil {
		return nil, err
	}
	db, err := openStore(ctx, cfg, log, who)
	if err != nil {
		return nil, err
	}
	s := &services{cfg: cfg, db: db}
	if s.files, err = openFiles(ctx, cfg); err == nil {
		err = s.join(ctx, cfg, log)
	}
	if err == nil {
		err = s.lookup(ctx, cfg, log, who)
	}
	if err == nil && cfg.Dev() {
		err = s.seedIfEmpty(ctx, cfg, log)
	}
	if err == nil {
		err = s.build(ctx, log)
	}
	if err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func openFiles(ctx context.Context, cfg Config) (*files.Store, error) {
	if cfg.BlobURL == "" {
		s, err := files.Open(ctx, filepath.Join(cfg.DataDir, filesDir))
		if err != nil {
			return nil, fmt.Errorf("DATA_DIR: %w", err)
		}
		return s, nil
	}
	s, err := files.Open(ctx, cfg.BlobURL)
	if err != nil {
		return nil, fmt.Errorf("BLOB_URL: %w", err)
	}
	return s, nil
}

func mailSender(cfg Config) (mail.Sender, error) {
	if cfg.SMTPURL == "" {
		return mail.NewFiles(filepath.Join(cfg.DataDir, mailFolder)), nil
	}
	s, err := mail.NewSMTP(cfg.SMTPURL)
	if err != nil {
		return nil, fmt.Errorf("SMTP_URL: %w", err)
	}
	return s, nil
}

// prepare makes the data folder where one is needed, and the secret key of a
// development machine.
func prepare(cfg Config) (Config, error) {
	if !cfg.Dev() && cfg.MongoURI != "" && cfg.BlobURL != "" && cfg.SMTPURL != "" {
		return cfg, nil
	}
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return cfg, fmt.Errorf("DATA_DIR: %w", err)
	}
	if !cfg.Dev() {
		return cfg, nil
	}
	cfg, err := withSecret(cfg)
	if err != nil {
		return cfg, fmt.Errorf("secret key: %w", err)
	}
	return cfg, nil
}

func openStore(ctx context.Context, cfg Config, log *slog.Logger, who role) (store.DB, error) {
	if cfg.MongoURI != "" {
		db, err := mongo.Open(ctx, cfg.MongoURI, mongo.Options{Log: log})
		if err != nil {
			return nil, fmt.Errorf("MONGODB_URI: %w", err)
		}
		return db, nil
	}
	name := filepath.Join(cfg.DataDir, storeFile)
	db, err := sqlite.Open(ctx, name, sqlite.Options{Exclusive: who == server, Log: log})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return db, nil
}

func (s *services) join(ctx context.Context, cfg Config, log *slog.Logger) (err error) {
	now := time.Now
	if err := s.people(ctx, cfg, log); err != nil {
		return err
	}
	if s.trace, err = trace.New(ctx, s.db, now); err != nil {
		return fmt.Errorf("trace: %w", err)
	}
	s.catalog.InLots(s.inLot)
	if s.gi, err = gi.New(ctx, s.db, now); err != nil {
		return fmt.Errorf("gi: %w", err)
	}
	s.qr, err = qr.New(ctx, qr.Deps{
		DB: s.db, Trace: s.trace, GI: s.gi, Products: tradeItems{s.catalog, now}, Sellers: s.account,
		BaseURL: cfg.BaseURL, Secret: []byte(cfg.SecretKey), OldSecret: []byte(cfg.SecretKeyOld), Now: now, Log: log,
	})
	if err != nil {
		return fmt.Errorf("qr: %w", err)
	}
	return nil
}

// inLot implements catalog.InLot.
func (s *services) inLot(ctx context.Context, producer, gtin string) (bool, error) {
	for lot, err := range s.trace.EachOf(ctx, gtin) {
		if err != nil || lot.Producer == producer {
			return err == nil, err
		}
	}
	return false, nil
}

// people joins what knows people, and the catalogue, whose changes they make.
func (s *services) people(ctx context.Context, cfg Config, log *slog.Logger) (err error) {
	now, out := time.Now, &effects{}
	s.out = out
	if s.catalog, err = catalog.New(ctx, s.db, now); err != nil {
		return fmt.Errorf("catalog: %w", err)
	}
	s.catalog.Perform(out)
	s.account, err = account.New(ctx, account.Deps{DB: s.db, Effects: out, Secret: []byte(cfg.SecretKey), OldSecret: []byte(cfg.SecretKeyOld),
		Site: cfg.siteHost(), Now: now, Log: log, Production: !cfg.Dev()})
	if err != nil {
		return fmt.Errorf("account: %w", err)
	}
	if s.legal, err = legal.New(ctx, s.db, now, out); err != nil {
		return fmt.Errorf("legal: %w", err)
	}
	if s.reports, err = report.New(ctx, s.db, now, out); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if s.festival, err = tours.NewEditions(ctx, s.db, now, out); err != nil {
		return fmt.Errorf("festival: %w", err)
	}
	s.festival.May = s.account.MayPublish
	sender, err := mailSender(cfg)
	if err != nil {
		return err
	}
	s.mail, err = mail.New(ctx, s.db, mail.Options{Sender: sender, From: cfg.MailFrom, BaseURL: cfg.BaseURL, Now: now, Log: log})
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	if err := s.shop(ctx, cfg, out, log); err != nil {
		return fmt.Errorf("orders: %w", err)
	}
	out.festival = s.festival
	out.account, out.catalog, out.reports, out.mail, out.files = s.account, s.catalog, s.reports, s.mail, s.files
	return nil
}

func (s *services) site(cfg Config, log *slog.Logger) *handlers.Site {
	return handlers.New(handlers.Deps{
		Account: s.account, Legal: s.legal, Reports: s.reports, Files: s.files, Mail: s.mail,
		Catalog: s.catalog, Orders: s.orders, Tours: s.tours, Festival: s.festival, Finder: s.finder, Card: s.words(), TransferSecret: cfg.TransferSecret, Payee: order.Account{BIN: cfg.BankBIN, Number: cfg.BankAccount, Name: cfg.BankHolder},
		Trace: s.trace, GI: s.gi, QR: s.qr, Ping: s.ping, Now: time.Now, Log: log,
		BaseURL: cfg.BaseURL, Dev: cfg.Dev(), Proxies: cfg.TrustedProxies,
		ClientIPHeader: cfg.ClientIPHeader, RegionHeader: cfg.RegionHeader,
	})
}

// ping reports whether visitors can be served: the store answers, and the folder
// of files, which is on a disk of ours, is there. A bucket is not asked: while one
// is away its photos are missing and the rest of the site works.
func (s *services) ping(ctx context.Context) error {
	if err := s.db.Ping(ctx); err != nil || s.cfg.BlobURL != "" {
		return err
	}
	return s.files.Ping(ctx)
}

func (s *services) close() error {
	err := s.db.Close()
	if s.files != nil {
		err = errors.Join(err, s.files.Close())
	}
	if s.index != nil {
		err = errors.Join(err, s.index.Close())
	}
	if s.shared != nil {
		err = errors.Join(err, s.shared.Close())
	}
	return err
}
