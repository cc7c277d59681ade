package store

import (
	"fmt"
	"regexp"
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
)

// Names are restricted so that every engine can use them as they are; the
// embedded one does not tell upper from lower case.
var (
	collectionName = regexp.MustCompile(`^[a-z][a-z0-9_.-]{0,59}$`)
	indexName      = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,59}$`)
	pathName       = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$`)
)

const maxParts = 8

// Validate refuses a declaration that an engine could not serve. It is
// fault.Internal "store.spec": only a change of the program helps.
func (s Spec) Validate() error {
	if !collectionName.MatchString(s.Name) {
		return s.wrong("the name must be lower-case letters, digits, '_', '.' or '-'")
	}
	if s.Version < 1 {
		return s.wrong("the version counts from 1")
	}
	names, paths := map[string]bool{}, map[string]string{}
	for _, x := range s.Indexes {
		if !indexName.MatchString(x.Name) || names[strings.ToLower(x.Name)] {
			return s.wrong("index name %q is malformed or taken", x.Name)
		}
		names[strings.ToLower(x.Name)] = true
		if err := s.validateParts(x, paths); err != nil {
			return err
		}
	}
	return nil
}

func (s Spec) validateParts(x Index, paths map[string]string) error {
	if len(x.Parts) == 0 || len(x.Parts) > maxParts {
		return s.wrong("index %s needs one to %d parts", x.Name, maxParts)
	}
	each, own := 0, map[string]bool{}
	for _, p := range x.Parts {
		if !pathName.MatchString(p.Path) || p.Path == "_v" || p.Path == "_r" || p.Kind > Bool {
			return s.wrong("index %s: part %q is malformed", x.Name, p.Path)
		}
		low := strings.ToLower(p.Path)
		if other, ok := paths[low]; ok && other != p.Path || own[low] {
			return s.wrong("index %s: path %q is named twice, or in two cases", x.Name, p.Path)
		}
		paths[low], own[low] = p.Path, true
		if p.Each {
			each++
		}
	}
	if each > 1 {
		return s.wrong("index %s has more than one Each part", x.Name)
	}
	return nil
}

func (s Spec) wrong(format string, args ...any) error {
	return fault.Wrap(fault.Internal, "store.spec",
		fmt.Errorf("collection %q: "+format, append([]any{s.Name}, args...)...))
}

// Current brings an older document up to this version. A document of this
// or a newer version is returned as it is, as is every one without Upgrade.
func (s Spec) Current(doc bson.Raw) (bson.Raw, error) {
	if s.Upgrade == nil {
		return doc, nil
	}
	m, err := ReadMeta(doc)
	if err != nil || m.Version >= s.Version {
		return doc, err
	}
	up, err := s.Upgrade(m.Version, doc)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "store.upgrade",
			fmt.Errorf("%s %s from version %d: %w", s.Name, m.ID, m.Version, err))
	}
	return up, nil
}

// each is the position of the Each part, or -1.
func (x Index) each() int {
	for i, p := range x.Parts {
		if p.Each {
			return i
		}
	}
	return -1
}

// HasEach reports whether the index has a part that leads through an array.
func (x Index) HasEach() bool { return x.each() >= 0 }
