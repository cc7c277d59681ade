package files

import (
	"bytes"
	"context"
	"strings"
	"unicode"

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
	d := Document{ID: newName()}
	switch {
	case len(body) == 0:
		return Document{}, fault.New(fault.Invalid, "files.empty")
	case len(body) > MaxUpload:
		return Document{}, tooLarge()
	case bytes.HasPrefix(body, []byte("%PDF-")):
		d.Type, d.Name = "application/pdf", withEnd(cleanName(name), ".pdf")
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
		d.Type, d.Name = "image/jpeg", withEnd(cleanName(name), ".jpg", ".jpeg", ".png", ".webp")
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

// maxNameRunes is how long the name of a document may be, with its ending.
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
	name = strings.Trim(strings.TrimSpace(name), " .")
	if name == "" {
		return "tai-lieu"
	}
	return name
}

// withEnd gives a name the ending of what it is, in place of one of these, and
// shortens it to maxNameRunes with the ending. Whatever else stands behind a dot
// is part of the name.
func withEnd(name, end string, others ...string) string {
	for _, e := range append(others, end) {
		n := len(name) - len(e)
		if n <= 0 || !strings.EqualFold(name[n:], e) {
			continue
		}
		if e == end {
			end = name[n:] // as it was typed
		}
		name = name[:n]
		break
	}
	if r, most := []rune(name), maxNameRunes-len(end); len(r) > most {
		name = strings.TrimRight(string(r[:most]), " .")
	}
	return name + end
}
