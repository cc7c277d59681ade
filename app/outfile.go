package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// writeOut writes a file whole or not at all: a name that exists keeps its old
// content until the new one is complete and on disk. A link is followed. What
// is no regular file (a pipe, a device) is written into and never replaced.
// "-" is standard output. The destination is opened before write is called.
func writeOut(name string, stdout io.Writer, write func(io.Writer) error) error {
	if name == "-" {
		return buffered(stdout, write)
	}
	target, err := filepath.EvalSymlinks(name)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(name); err == nil {
			return fmt.Errorf("-out %s: this link leads to nothing", name)
		}
		return outError(name, replaceFile(name, write))
	}
	if err != nil {
		return outError(name, err)
	}
	info, err := os.Stat(target)
	switch {
	case err != nil:
		return outError(name, err)
	case info.IsDir():
		return fmt.Errorf("-out %s: this is a folder; name a file in it", name)
	case info.Mode().IsRegular():
		return outError(name, replaceFile(target, write))
	}
	f, err := os.OpenFile(target, os.O_WRONLY, 0)
	if err != nil {
		return outError(name, err)
	}
	return outError(name, errors.Join(buffered(f, write), f.Close()))
}

func replaceFile(name string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // once renamed, there is nothing to remove
	if err = buffered(f, write); err == nil {
		err = errors.Join(f.Chmod(0o644), f.Sync())
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

func buffered(w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(w, 64<<10)
	if err := write(b); err != nil {
		return err
	}
	return b.Flush()
}

// outError speaks of the name that was typed, not of the file that stands in
// for it until it is complete. Errors that are not the system's stay as they are.
func outError(name string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return fmt.Errorf("-out %s: %w", name, path.Err)
	case errors.As(err, &link):
		return fmt.Errorf("-out %s: %w", name, link.Err)
	}
	return err
}
