package keys

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// FileName is that of the keys in a data directory.
const FileName = "keys.json"

// file is a Store in one file that only its owner may read.
type file struct{ path string }

// OpenFile is the store in the file of this path, which is made with the first key.
func OpenFile(path string) Store { return file{path} }

func (f file) Close() error { return nil }

// Load implements Store. The mark is of what a rename changes.
func (f file) Load(_ context.Context, mark string) ([]byte, string, error) {
	opened, err := os.Open(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, "none", nil
	case err != nil:
		return nil, "", err
	}
	defer opened.Close()
	st, err := opened.Stat()
	if err != nil {
		return nil, "", err
	}
	now := fmt.Sprintf("%d %d %d", st.ModTime().UnixNano(), st.Size(), inode(st))
	if now == mark {
		return nil, now, nil
	}
	document := make([]byte, st.Size())
	if _, err := opened.ReadAt(document, 0); err != nil {
		return nil, "", err
	}
	return document, now, nil
}

// Change implements Store. The document is never written in place: who reads has
// the old one or the new one, and after a crash it is one of them.
func (f file) Change(ctx context.Context, edit func([]byte) ([]byte, error)) error {
	unlock, err := lock(f.path + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	document, _, err := f.Load(ctx, "")
	if err != nil {
		return err
	}
	changed, err := edit(document)
	if err != nil {
		return err
	}
	return replace(f.path, changed)
}

func replace(path string, content []byte) (err error) {
	dir := filepath.Dir(path)
	next, err := os.CreateTemp(dir, filepath.Base(path)+".new-*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(next.Name()))
		}
	}()
	_, err = next.Write(content)
	if err = errors.Join(err, giveTo(next, dir), next.Sync(), next.Close()); err != nil {
		return err
	}
	if err := os.Rename(next.Name(), path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return nil // it is replaced; only a power cut could undo it
	}
	defer d.Close()
	_ = d.Sync() // not every file system can
	return nil
}
