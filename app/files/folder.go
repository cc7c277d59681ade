package files

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
)

// openFolder opens a folder, and makes it when it is missing.
func (s *Store) openFolder(name string) (err error) {
	if s.dir, err = filepath.Abs(name); err != nil {
		return err
	}
	if isFolder(s.dir) != nil {
		if err := os.MkdirAll(s.dir, 0o700); err != nil {
			return err
		}
		if err := s.syncNames(filepath.Dir(s.dir)); err != nil {
			return err
		}
	}
	// The file is written beside its place and renamed, so a crash leaves no half
	// file under its name.
	s.bucket, err = fileblob.OpenBucket(s.dir, &fileblob.Options{DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
	return err
}

func isFolder(name string) error {
	info, err := os.Stat(name)
	if err == nil && !info.IsDir() {
		err = fmt.Errorf("files: %s is not a folder", name)
	}
	return err
}

// writeFolder writes a file and waits until it and its name are on the disk, so
// that what was said to be kept survives a loss of power. A folder that went
// away, such as a disk that is not mounted, is not made anew.
func (s *Store) writeFolder(ctx context.Context, key string, body []byte, kind string) error {
	if err := isFolder(s.dir); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var f *os.File
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{ContentType: kind, BeforeWrite: func(as func(any) bool) error {
		if !as(&f) {
			return errors.New("files: the folder does not write to a file")
		}
		return nil
	}})
	if err != nil {
		return err
	}
	if _, err = w.Write(body); err == nil {
		err = s.sync(f)
	}
	if err != nil {
		cancel() // so that Close throws away what was written
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return err
	}
	return errors.Join(s.syncNames(filepath.Dir(f.Name())), s.syncNames(s.dir))
}

// syncNames waits until the names in a folder are on the disk.
func (s *Store) syncNames(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(s.sync(d), d.Close())
}
