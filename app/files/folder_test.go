package files

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"nguon/app/fault"
)

// filesIn are the paths of the files in a folder and below it.
func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// The whole file is on the disk before it has its name, and the name before the
// answer.
func TestWhatIsKeptIsOnTheDisk(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	var synced []string
	s.sync = func(f *os.File) error {
		info, err := f.Stat()
		if err != nil {
			return err
		}
		name := f.Name()
		if !info.IsDir() {
			if b, err := os.ReadFile(name); err != nil || string(b) != "%PDF-1" {
				t.Errorf("%q, %v", b, err)
			}
			name = "file"
		}
		for _, kept := range filesIn(t, dir) {
			if isName(filepath.Base(kept)) {
				name += " named"
			}
		}
		synced = append(synced, name)
		return nil
	}
	if _, err := s.Document(t.Context(), "x", []byte("%PDF-1")); err != nil {
		t.Fatal(err)
	}
	if want := []string{"file", filepath.Join(dir, "documents") + " named", dir + " named"}; !slices.Equal(synced, want) {
		t.Errorf("%q, want %q", synced, want)
	}
}

func TestADiskThatFailsKeepsNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	s.sync = func(*os.File) error { return errors.New("input/output error") }
	if d, err := s.Document(t.Context(), "x", []byte("%PDF-1")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%+v, %v", d, err)
	}
	if names := filesIn(t, dir); len(names) != 0 {
		t.Errorf("left: %q", names)
	}
}

func TestAFolderThatWentAwayIsNoticed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "files")
	s := open(t, dir)
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.Ping(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("ping: %v", err)
	}
	if _, err := s.Document(t.Context(), "x", []byte("%PDF-1")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("write: %v", err)
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the folder was made anew")
	}
}
