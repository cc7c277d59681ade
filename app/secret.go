package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const secretFile = "secret.key"

// withSecret fills in the secret key of a development machine: made once and
// kept in the data folder, readable by its owner only, so that labels printed
// yesterday still verify today.
//
// A store that was there before its key is refused: its codes were made with a
// key that a new one cannot stand in for.
func withSecret(c Config) (Config, error) {
	if c.SecretKey != "" {
		return c, nil
	}
	name := filepath.Join(c.DataDir, secretFile)
	key, err := readSecret(name)
	if errors.Is(err, fs.ErrNotExist) {
		if _, e := os.Stat(filepath.Join(c.DataDir, storeFile)); e == nil {
			if c.SecretKey, err = readSecret(name); err == nil {
				return c, nil // another program has just begun here
			}
			return c, fmt.Errorf("%s is missing, though the store beside it is there; bring it back from a copy, or set SECRET_KEY to what it held", name)
		}
		key, err = makeSecret(name)
	}
	c.SecretKey = key
	return c, err
}

func readSecret(name string) (string, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	key := strings.TrimSpace(string(b))
	if len(key) < minSecret {
		return "", fmt.Errorf("%s is damaged: it holds fewer than %d characters; restore it from a copy, or remove it and print new labels", name, minSecret)
	}
	return key, nil
}

// makeSecret writes a new key under a name of its own and links it into place,
// so that of two programs starting at once both end up with the same key.
func makeSecret(name string) (string, error) {
	var b [32]byte
	if _, err := rand.Read(b[:]); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(filepath.Dir(name), secretFile+".*") // mode 0600
	if err != nil {
		return "", err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(b[:]) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	if err := os.Link(f.Name(), name); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", err
	}
	return readSecret(name)
}
