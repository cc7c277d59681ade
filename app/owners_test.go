package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nguon/app/fault"
	"nguon/catalog"
)

// What the operator does with a product reaches its owner, and nobody else, by
// mail; what a lot packs cannot be discarded.
func TestOwnersReadOfTheirProducts(t *testing.T) {
	ctx := t.Context()
	cfg := testConfig(t)
	s, err := open(ctx, cfg, slog.New(slog.DiscardHandler), command)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	list, err := s.catalog.Own(ctx, "demo-suong-nui")
	if err != nil {
		t.Fatal(err)
	}
	var p catalog.Product
	for _, x := range list {
		if x.OCOP != nil && x.Published {
			p = x
		}
	}
	for _, do := range []func() error{
		func() error {
			return s.catalog.CheckOCOP(ctx, "op", p.ID, p.Changed, false, "Không thấy số này.")
		},
		func() error { return s.catalog.Withdraw(ctx, "op", p.ID, "Ảnh của nơi khác.", true) },
		func() error { return s.catalog.Publish(ctx, "op", p.ID, true) },
		func() error {
			now, err := s.catalog.ByID(ctx, p.ID)
			if err != nil {
				return err
			}
			return s.catalog.CheckOCOP(ctx, "op", p.ID, now.Changed, true, "")
		},
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.mail.Work(ctx); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(cfg.DataDir, mailFolder)
	for _, subject := range []string{"chưa được xác nhận", "bị gỡ khỏi chợ", "trở lại chợ", "đã được xác nhận"} {
		if link := letter(t, cfg.DataDir, "chu-htx@nguon.example", subject); link != cfg.BaseURL+"/console/shop/"+p.ID {
			t.Errorf("%q leads to %s", subject, link)
		}
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	if err != nil || len(names) != 4 {
		t.Errorf("%d mails, %v", len(names), err)
	}
	for _, name := range names {
		if b, err := os.ReadFile(name); err != nil || strings.Contains(string(b), "no value") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.catalog.Drop(ctx, "p", p.ID); fault.CodeOf(err) != "catalog.product.in_lot" {
		t.Errorf("discarded: %v", err)
	}
}
