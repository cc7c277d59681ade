package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// row is one line of the import table of the design: which of our packages,
// and which of others', a package may import. A name ending in /* stands for
// everything below it.
type row struct{ ours, others []string }

const text = "golang.org/x/text/*"

var (
	leaves = []string{"app/fault", "app/lang", "app/money", "app/chain", "app/gs1", "app/place", "app/seal", "app/hold"}
	leaf   = row{[]string{}, []string{text, "github.com/nicksnyder/go-i18n/v2/*"}}
	domain = plus(leaves, "app/store", "app/outbox")
)

// people are the domains about people, and the leaves.
var people = plus(leaves, "app/account", "app/legal", "app/report")

func plus(list []string, more ...string) []string { return append(slices.Clone(list), more...) }

// table has a row for every package; a new package needs a decision here.
var table = map[string]row{
	"app/fault": leaf,
	"app/lang":  leaf,
	"app/money": leaf,
	"app/chain": leaf,
	"app/gs1":   leaf,
	"app/place": leaf,
	"app/seal":  leaf,
	"app/hold":  {[]string{"app/fault"}, nil},
	"static":    {nil, nil},

	"app/store":           {leaves, []string{"go.mongodb.org/mongo-driver/bson/*"}},
	"app/store/sqlite":    {plus(leaves, "app/store"), []string{"go.mongodb.org/mongo-driver/bson/*", "modernc.org/*", "github.com/gofrs/flock"}},
	"app/store/mongo":     {plus(leaves, "app/store"), []string{"go.mongodb.org/mongo-driver/*"}},
	"app/store/storetest": {plus(leaves, "app/store"), []string{"go.mongodb.org/mongo-driver/bson/*"}},

	"app/outbox":  {plus(leaves, "app/store"), nil},
	"app/account": {domain, []string{"golang.org/x/crypto/argon2", "github.com/pquerna/otp/*", text}},
	"app/legal":   {domain, []string{"github.com/yuin/goldmark/*"}},
	"app/report":  {domain, nil},
	"app/mail":    {plus(domain, "app/ical"), []string{"github.com/wneessen/go-mail", "github.com/skip2/go-qrcode"}},
	"app/files":   {leaves, []string{"gocloud.dev/*", "golang.org/x/image/*", "github.com/bep/imagemeta"}},

	"catalog":                 {domain, []string{"go.mongodb.org/mongo-driver/bson"}},
	"catalog/order":           {domain, []string{"go.mongodb.org/mongo-driver/bson"}},
	"catalog/order/ordertest": {plus(domain, "catalog/order"), nil},
	"qr":                      {plus(domain, "qr/trace", "qr/gi", "qr/pdf"), []string{"github.com/skip2/go-qrcode/*", "golang.org/x/image/*", "golang.org/x/sync/singleflight", text}},
	"qr/pdf":                  {[]string{}, []string{"golang.org/x/image/*", text}},
	"qr/trace":                {domain, []string{"github.com/paulmach/orb/*"}},
	"qr/gi":                   {domain, nil},

	"tours": {domain, nil},

	"app/search":                   {leaves, []string{text}},
	"app/search/searchtest":        {plus(leaves, "app/search"), nil},
	"app/search/bleveindex":        {plus(leaves, "app/search"), []string{"github.com/blevesearch/bleve/v2/*", "github.com/blevesearch/bleve_index_api", "github.com/gofrs/flock"}},
	"app/search/meili":             {plus(leaves, "app/search"), []string{"github.com/meilisearch/meilisearch-go", "golang.org/x/sync/errgroup"}},
	"app/finder":                   {plus(leaves, "app/account", "app/outbox", "app/search", "app/store", "catalog", "qr/gi", "qr/trace", "tours"), nil},
	"app/goods":                    {plus(leaves, "catalog", "catalog/order"), nil},
	"app/ical":                     {[]string{}, []string{"github.com/arran4/golang-ical"}},
	"app/seats":                    {plus(leaves, "app/outbox", "catalog/order", "tours"), nil},
	"app/pay/vietqr":               {[]string{"app/fault", "app/lang", "app/money"}, nil},
	"app/pay/bank":                 {plus(leaves, "catalog/order"), []string{text}},
	"app/pay/stripepay":            {plus(leaves, "catalog/order"), []string{"github.com/stripe/stripe-go/v76/*"}},
	"app/pay/stripepay/stripefake": {[]string{}, []string{"github.com/stripe/stripe-go/v76/webhook"}},

	"views":    {plus(people, "app/outbox", "app/pay/vietqr", "app/search", "catalog", "catalog/order", "qr", "qr/trace", "qr/gi", "tours", "static"), []string{"github.com/a-h/templ/*"}},
	"handlers": {plus(people, "app/files", "app/finder", "app/search", "app/finder", "app/ical", "app/mail", "app/outbox", "app/store", "app/pay/bank", "app/pay/vietqr", "catalog", "catalog/order", "qr", "qr/trace", "qr/gi", "qr/pdf", "tours", "app/seats", "views", "static"), []string{"github.com/gofiber/fiber/v2/*", "github.com/valyala/fasthttp"}},
	"app/seed": {plus(leaves, "app/account", "catalog", "catalog/order", "qr", "qr/trace", "qr/gi", "tours"), nil},
	"app":      {[]string{"*"}, []string{"golang.org/x/sync/errgroup"}},
}

// listed is a package as go list tells of it.
type listed struct {
	ImportPath, Dir  string
	GoFiles, Imports []string
}

const module = "nguon"

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports", "./...")
	cmd.Dir = ".."
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 { // not only tests
			all = append(all, p)
		}
	}
}

func TestImportTable(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		r, ok := table[name]
		if !ok {
			t.Errorf("%s has no row in the import table", name)
			continue
		}
		for _, bad := range violations(r, p.Imports) {
			t.Errorf("%s may not import %s", name, bad)
		}
	}
}

// violations lists the imports that a row does not allow.
func violations(r row, imports []string) (bad []string) {
	for _, path := range imports {
		ours, isOurs := strings.CutPrefix(path, module+"/")
		switch first, _, _ := strings.Cut(path, "/"); {
		case isOurs && allowed(r.ours, ours):
		case !isOurs && (!strings.Contains(first, ".") || allowed(r.others, path)):
		default:
			bad = append(bad, path)
		}
	}
	return bad
}

func allowed(list []string, path string) bool {
	return slices.ContainsFunc(list, func(a string) bool {
		below, wild := strings.CutSuffix(a, "*")
		return a == path || wild && (strings.HasPrefix(path, below) || path+"/" == below)
	})
}

func TestViolationsAreFound(t *testing.T) {
	got := violations(table["qr"], []string{"fmt", "nguon/app/fault", "nguon/qr/gi", "nguon/catalog", "nguon/handlers",
		"golang.org/x/text/unicode/norm", "golang.org/x/net/html", "github.com/gofiber/fiber/v2"})
	want := []string{"nguon/catalog", "nguon/handlers", "golang.org/x/net/html", "github.com/gofiber/fiber/v2"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	for _, p := range packages(t) {
		want := "Package " + filepath.Base(p.ImportPath) + " "
		if p.ImportPath == module+"/app" {
			want = "Command app "
		}
		if doc := packageComment(t, p); !strings.HasPrefix(doc, want) {
			t.Errorf("%s: the package comment starts %.40q, not %q", p.ImportPath, doc, want)
		}
	}
}

// packageComment is the comment of the one file that carries it; generated
// files carry the version of their generator in its place.
func packageComment(t *testing.T, p listed) (doc string) {
	t.Helper()
	for _, name := range p.GoFiles {
		if strings.HasSuffix(name, "_templ.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc == nil {
			continue
		}
		if doc != "" {
			t.Errorf("%s: two files carry a package comment, %s is the second", p.ImportPath, name)
		}
		doc = f.Doc.Text()
	}
	return doc
}

// sources calls fn for each of our source files that is not a test and not
// generated.
func sources(t *testing.T, fn func(name string, content []byte)) {
	t.Helper()
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			if base != ".." && strings.HasPrefix(base, ".") || base == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		isGo := strings.HasSuffix(base, ".go") && !strings.HasSuffix(base, "_test.go") && !strings.HasSuffix(base, "_templ.go")
		if !isGo && !strings.HasSuffix(base, ".templ") {
			return nil
		}
		content, err := os.ReadFile(name)
		if err == nil {
			fn(name, content)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestFilesStayShort(t *testing.T) {
	const most = 500
	sources(t, func(name string, content []byte) {
		if n := bytes.Count(content, []byte("\n")); n > most {
			t.Errorf("%s has %d lines, more than %d", name, n, most)
		}
	})
}

func TestExportedNamesHaveComments(t *testing.T) {
	sources(t, func(name string, content []byte) {
		if strings.HasSuffix(name, ".templ") {
			return
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, content, parser.ParseComments)
		if err != nil {
			t.Error(err)
			return
		}
		for _, d := range f.Decls {
			for _, id := range bare(d) {
				t.Errorf("%s: %s has no comment", set.Position(id.Pos()), id.Name)
			}
		}
	})
}

// interfaces of the standard library whose methods explain themselves.
var selfEvident = map[string]bool{"Error": true, "Unwrap": true, "String": true, "Is": true}

// bare lists the exported names of a declaration that no comment explains.
func bare(d ast.Decl) (names []*ast.Ident) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) && !(d.Recv != nil && selfEvident[d.Name.Name]) {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if d.Doc == nil && s.Doc == nil && s.Name.IsExported() {
					names = append(names, s.Name)
				}
			case *ast.ValueSpec:
				for _, id := range s.Names {
					if d.Doc == nil && s.Doc == nil && s.Comment == nil && id.IsExported() {
						names = append(names, id)
					}
				}
			}
		}
	}
	return names
}

func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if generic, ok := typ.(*ast.IndexExpr); ok {
		typ = generic.X
	}
	id, ok := typ.(*ast.Ident)
	return ok && id.IsExported()
}
