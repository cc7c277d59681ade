// Package static holds the files that pages need (styles, fonts, pictures,
// scripts), embedded and addressed by the hash of their content, so that a browser may
// keep them for ever.
package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"
)

// FS is the tree of files as it lies beside this package.
//
//go:embed css fonts img js
var FS embed.FS

// File is one file ready to be sent. Gzip is nil where compressing gains
// nothing; neither slice may be changed.
type File struct {
	Type string // of content, for the Content-Type header
	Body []byte
	Gzip []byte
	Hash string // sixteen hexadecimal digits, stands in the address
}

// bundles are the style sheets that pages use, each put together from files
// of the css folder. The trace page carries its own inside.
var bundles = map[string][]string{
	"css/trace.css": {"css/base.css", "css/proof.css"},
	"css/site.css":  {"css/base.css", "css/proof.css", "css/shop.css", "css/festival.css", "css/forms.css", "css/buy.css", "css/visits.css", "css/search.css"},
	// The console's, and that of the pages of an account.
	"css/desk.css": {"css/base.css", "css/proof.css", "css/shop.css", "css/festival.css", "css/forms.css", "css/buy.css", "css/visits.css", "css/desk.css", "css/productform.css", "css/orderdesk.css"},

	"css/gallery.css": {"css/gallery.css"},
}

var files = mustRead()

// URL is the address of a file ("css/site.css") with its hash:
// "/static/3f6c…/css/site.css". It panics for a name that does not exist,
// which a test of the pages meets before a visitor can.
func URL(name string) string {
	f, ok := files[name]
	if !ok {
		panic("static: no file " + name)
	}
	return "/static/" + f.Hash + "/" + name
}

// Open finds the file behind an address as URL writes it, with or without
// "/static/" in front; current is false when the hash is of another version,
// whose answer must not be kept for long.
func Open(address string) (f File, current, ok bool) {
	hash, name, found := strings.Cut(strings.TrimPrefix(address, "/static/"), "/")
	if !found {
		return File{}, false, false
	}
	f, ok = files[name]
	return f, ok && f.Hash == hash, ok
}

// Inline returns the text of a style sheet to stand inside a page, with the
// addresses of the files it names completed.
func Inline(name string) string { return string(files[name].Body) }

// InlineHash is the source expression that lets a Content-Security-Policy
// accept Inline(name) in style-src: "'sha256-…'".
func InlineHash(name string) string {
	sum := sha256.Sum256(files[name].Body)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".png":   "image/png",
	".woff2": "font/woff2",
	".txt":   "text/plain; charset=utf-8",
}

// mustRead hashes all files. The style sheets come last, because they hold the
// addresses of the others.
func mustRead() map[string]File {
	m := map[string]File{}
	err := fs.WalkDir(FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) == ".css" {
			return err
		}
		body, err := FS.ReadFile(name)
		m[name] = newFile(name, body)
		return err
	})
	if err != nil {
		panic(fmt.Errorf("static: %w", err))
	}
	sheets := make(map[string]File, len(bundles))
	for name, parts := range bundles {
		var css []byte
		for _, part := range parts {
			body, err := FS.ReadFile(part)
			if err != nil {
				panic(fmt.Errorf("static: %w", err))
			}
			css = append(css, body...)
		}
		sheets[name] = newFile(name, complete(squeeze(css), m))
	}
	maps.Copy(m, sheets)
	return m
}

func newFile(name string, body []byte) File {
	sum := sha256.Sum256(body)
	f := File{Type: types[path.Ext(name)], Body: body, Hash: hex.EncodeToString(sum[:8])}
	if f.Type == "" {
		f.Type = "application/octet-stream"
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	_, _ = z.Write(body)
	if err := z.Close(); err == nil && b.Len() < len(body)*9/10 {
		f.Gzip = b.Bytes()
	}
	return f
}

// complete turns url(/fonts/x) in a style sheet into the hashed address.
func complete(css []byte, m map[string]File) []byte {
	for name, f := range m {
		css = bytes.ReplaceAll(css, []byte("url(/"+name+")"), []byte("url(/static/"+f.Hash+"/"+name+")"))
	}
	return css
}
