package files

import (
	"bytes"
	"context"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"gocloud.dev/gcerrors"

	"nguon/app/fault"
)

// Document is a paper that was taken in. ID is a random name that nobody
// guesses; Name is what the download is called.
type Document struct {
	ID, Name, Type string
	Size           int64
}

// Document takes a PDF as it is, or a picture of a paper, which is made anew.
// Faults: Invalid with the reason.
func (s *Store) Document(ctx context.Context, name string, body []byte) (Document, error) {
	d := Document{ID: newName(), Name: cleanName(name)}
	switch {
	case len(body) == 0:
		return Document{}, fault.New(fault.Invalid, "files.empty")
	case len(body) > MaxUpload:
		return Document{}, tooLarge()
	case bytes.HasPrefix(body, []byte("%PDF-")):
		d.Type, d.Name = "application/pdf", withEnd(d.Name, ".pdf")
	default:
		p, err := s.decode(ctx, body)
		if err != nil {
			if fault.CodeOf(err) == "files.not_a_picture" {
				err = fault.New(fault.Invalid, "files.not_a_document")
			}
			return Document{}, err
		}
		if body, err = encode(p); err != nil {
			return Document{}, err
		}
		d.Type, d.Name = "image/jpeg", withEnd(d.Name, ".jpg")
	}
	d.Size = int64(len(body))
	return d, s.write(ctx, "documents/"+d.ID, body, d.Type)
}

// OpenDocument reads a document; an unknown one is fault.NotFound.
func (s *Store) OpenDocument(ctx context.Context, id string) ([]byte, error) {
	if !isName(id) {
		return nil, fault.New(fault.NotFound, "files.not_found")
	}
	return s.read(ctx, "documents/"+id)
}

// DeleteDocument removes a document; one that is gone was removed.
func (s *Store) DeleteDocument(ctx context.Context, id string) error {
	if !isName(id) {
		return nil
	}
	err := s.bucket.Delete(ctx, "documents/"+id)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return away(err)
}

const maxNameRunes = 100

// cleanName makes a file name out of what a browser sent: nothing that leads
// to another folder, breaks a header or turns the text around.
func cleanName(name string) string {
	name = strings.ToValidUTF8(name, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.In(r, unicode.Zl, unicode.Zp) || strings.ContainsRune(`"<>|:*?`, r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(strings.TrimSpace(name), ".")
	if utf8.RuneCountInString(name) > maxNameRunes {
		r := []rune(name)
		name = string(r[:maxNameRunes-8]) + string(r[len(r)-8:])
	}
	if name == "" {
		return "tai-lieu"
	}
	return name
}

// withEnd gives a name the ending of what it is.
func withEnd(name, end string) string {
	if strings.EqualFold(path.Ext(name), end) {
		return name
	}
	return strings.TrimSuffix(name, path.Ext(name)) + end
}
