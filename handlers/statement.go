package handlers

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/pay/bank"
	"nguon/catalog/order"
	"nguon/views"
)

// Bounds of a statement at the desk: rows that a page shows and a request
// receives, and how many are worked on at once.
const (
	statementRows    = 1000
	statementWorkers = 8
	statementLimit   = 2 * bank.MaxFile // the file in base64 and its form
	statementPath    = "/console/money/statement"
)

func (s *Site) statementForm(c *fiber.Ctx, _ account.Actor) error {
	return s.own(c, views.StatementPage{Base: s.base(c)})
}

// statement shows what a file would do, or does what was shown. The file goes to
// the page and comes back with it, sealed for this session, so that nothing is
// received that the page did not show.
func (s *Site) statement(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	page := views.StatementPage{Base: s.base(c)}
	var file []byte
	var err error
	if v["do"] == "receive" {
		file, err = s.unsealed(c, v["file"], v["seal"])
	} else if _, file, err = upload(c, "file"); err == nil && len(file) > bank.MaxFile {
		err = fault.New(fault.Invalid, "order.statement.large")
	}
	var st bank.Statement
	if err == nil {
		if st, err = bank.ParseStatement(file); err == nil && len(st.Rows) > statementRows {
			err = fault.New(fault.Invalid, "moneydesk.statement.many").With("Most", statementRows)
		}
	}
	if err != nil {
		delete(v, "file")
		return s.again(c, asField(err, "file"), func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	page.Rows, page.Skipped, page.Read = make([]views.StatementRow, len(st.Rows)), st.Skipped, true
	work := s.foresee
	if v["do"] == "receive" {
		page.Received = true
		sum := sha256.Sum256(file)
		err := s.Account.Record(c.UserContext(), "statement.receive:"+hex.EncodeToString(sum[:])+":"+a.Person.ID, outbox.Entry{At: s.Now(), By: a.Person.ID, Action: "statement.receive",
			Object: "statement:" + hex.EncodeToString(sum[:6]), After: []outbox.Value{{Name: "rows", Text: strconv.Itoa(len(st.Rows))}}})
		if err != nil {
			return err
		}
		work = func(ctx context.Context, in order.Incoming) (order.Foreseen, error) { return s.receiveRow(ctx, a, in) }
	} else {
		page.File, page.Seal = base64.RawURLEncoding.EncodeToString(file), s.sealOf(c, file)
	}
	if err := eachRow(c.UserContext(), st.Rows, page.Rows, work); err != nil {
		return err
	}
	return s.own(c, page)
}

// eachRow works on the rows that could be read, several at once. A fault of one
// row is its own; the store's ends the work.
func eachRow(ctx context.Context, rows []bank.Row, out []views.StatementRow, work func(context.Context, order.Incoming) (order.Foreseen, error)) error {
	var wg sync.WaitGroup
	var mu sync.Mutex
	var broken error
	next := make(chan int)
	for range statementWorkers {
		wg.Go(func() {
			for i := range next {
				r := &out[i]
				r.Line, r.In, r.Problem = rows[i].Line, rows[i].In, rows[i].Problem
				if r.Problem != "" {
					continue
				}
				var err error
				if r.Seen, err = work(ctx, r.In); ours(err) {
					r.Err = fault.As(err)
				} else if err != nil {
					mu.Lock()
					broken = err
					mu.Unlock()
				}
			}
		})
	}
	for i := range rows {
		next <- i
	}
	close(next)
	wg.Wait()
	return broken
}

func (s *Site) foresee(ctx context.Context, in order.Incoming) (order.Foreseen, error) {
	return s.Orders.Foresee(ctx, in, "csv")
}

// receiveRow takes one row in and says what became of it.
func (s *Site) receiveRow(ctx context.Context, a account.Actor, in order.Incoming) (order.Foreseen, error) {
	before, known, err := s.Orders.Known(ctx, in.Ref)
	if err != nil {
		return order.Foreseen{}, err
	}
	t, err := s.Orders.Receive(ctx, in, "csv", a.Person.ID)
	if err != nil {
		return order.Foreseen{}, err
	}
	f := order.Foreseen{Known: known && before.State != order.TransferNew, State: t.State, Match: t.Match, Like: t.Like}
	if t.Order != "" {
		o, err := s.Orders.Order(ctx, t.Order)
		if err != nil {
			return f, err
		}
		f.Order = &o
	}
	return f, nil
}

// sealOf proves that a file came from a page of this session.
func (s *Site) sealOf(c *fiber.Ctx, file []byte) string {
	key := hmac.New(sha256.New, []byte(s.cookie(c, sessionCookie)))
	key.Write([]byte("nguon/statement/1"))
	m := hmac.New(sha256.New, key.Sum(nil))
	m.Write(file)
	return hex.EncodeToString(m.Sum(nil))
}

// unsealed is the file of a confirming form.
func (s *Site) unsealed(c *fiber.Ctx, text, seal string) ([]byte, error) {
	file, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(file) > bank.MaxFile || !hmac.Equal([]byte(strings.ToLower(seal)), []byte(s.sealOf(c, file))) {
		return nil, fault.New(fault.Invalid, "moneydesk.statement.seal")
	}
	return file, nil
}
