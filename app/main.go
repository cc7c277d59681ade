// Command app is Nguồn: the shop window of Sơn La coffee and the place where a
// packet's code is checked. This package joins the others and holds no rule,
// no query and no page.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// A reader that goes away (labels … | head) is an error of writing, so that
	// the command can undo what it began; a terminal that closes ends it in order.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
