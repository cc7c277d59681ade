// Package files keeps what people upload: photos, made anew from the upload and
// without anything the camera wrote into it, and documents, which are only ever
// given back as downloads. It keeps them in a folder or in a bucket.
package files

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // s3:// buckets
	"gocloud.dev/gcerrors"

	"nguon/app/fault"
)

// MaxUpload is the largest upload that is taken, in bytes.
const MaxUpload = 10 << 20

// openWithin is how long a bucket may take to answer at the start.
const openWithin = 15 * time.Second

// Store keeps files. It is safe for concurrent use.
type Store struct {
	bucket *blob.Bucket
	dir    string               // of a folder, "" of a bucket
	sync   func(*os.File) error // waits until a file, or the names in a folder, are on the disk
	turn   chan struct{}        // one picture is decoded at a time
}

// Open opens a folder, which is made when it is missing, or a bucket by its
// address (s3://bucket?region=…). One that does not answer is an error.
func Open(ctx context.Context, location string) (*Store, error) {
	ctx, cancel := context.WithTimeout(ctx, openWithin)
	defer cancel()
	s := &Store{sync: (*os.File).Sync, turn: make(chan struct{}, 1)}
	var err error
	switch scheme, rest, ok := strings.Cut(location, "://"); {
	case !ok:
		err = s.openFolder(location)
	case scheme == "file":
		err = s.openFolder(rest)
	case scheme == "s3":
		s.bucket, err = blob.OpenBucket(ctx, location)
	default:
		err = fmt.Errorf("files: %s:// is not known; use s3:// or a folder", scheme)
	}
	if err != nil {
		return nil, err
	}
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(err, s.bucket.Close())
	}
	return s, nil
}

// Close releases the store.
func (s *Store) Close() error { return s.bucket.Close() }

// Ping reports whether the folder or the bucket is there; fault.Unavailable when
// not.
func (s *Store) Ping(ctx context.Context) error {
	if s.dir != "" {
		return away(isFolder(s.dir)) // fileblob lists one that is gone as empty
	}
	ok, err := s.bucket.IsAccessible(ctx)
	if err == nil && !ok {
		err = errors.New("files: the bucket is not there")
	}
	return away(err)
}

// write keeps a whole file, or nothing.
func (s *Store) write(ctx context.Context, key string, body []byte, kind string) error {
	if s.dir != "" {
		return away(s.writeFolder(ctx, key, body, kind))
	}
	return away(s.bucket.WriteAll(ctx, key, body, &blob.WriterOptions{ContentType: kind}))
}

func (s *Store) read(ctx context.Context, key string) ([]byte, error) {
	body, err := s.bucket.ReadAll(ctx, key)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, fault.Wrap(fault.NotFound, "files.not_found", err)
	}
	return body, away(err)
}

// away marks what the store behind said as not our fault.
func away(err error) error {
	if err == nil {
		return nil
	}
	return fault.Wrap(fault.Unavailable, "files.unavailable", err)
}

// isName reports whether s can be the name of a file here: 32 hexadecimal
// digits, which lead nowhere else.
func isName(s string) bool {
	return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == ""
}

func newName() string {
	var b [16]byte
	rand.Read(b[:]) // never fails; it ends the program instead
	return hex.EncodeToString(b[:])
}
