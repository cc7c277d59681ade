// Command ferretdb runs FerretDB on its SQLite backend, the stand-in for
// MongoDB on machines that have only Go. It prints the address to connect to
// on its first line and stops on SIGINT or SIGTERM.
//
// FerretDB's own command cannot be built from the module cache: it insists on
// a generated version file that no release carries. Its embeddable package
// does not, which is why this is a program and a module of its own.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "TCP address, port 0 takes a free one")
	dir := flag.String("dir", "", "folder of the SQLite files, made if missing")
	flag.Parse()
	if err := run(*listen, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "ferretdb:", err)
		os.Exit(1)
	}
}

func run(listen, dir string) error {
	if dir == "" {
		return fmt.Errorf("-dir is required")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	db, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: listen},
		Logger:    log,
		Handler:   "sqlite",
		SQLiteURL: "file:" + dir + "/",
	})
	if err != nil {
		return err
	}
	// The address is known only once Run has begun: MongoDBURI waits for it.
	go func() { fmt.Println(db.MongoDBURI()) }()
	return db.Run(ctx)
}
