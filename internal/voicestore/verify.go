package voicestore

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Damage is what [Verify] found in an item.
type Damage struct {
	Item string
	// File is its name below the item's folder.
	File string
	// What is wrong: "is missing", "has 3 bytes, not 5", ...
	What string
}

func (d *Damage) Error() string { return fmt.Sprintf("%s: the file %s %s", d.Item, d.File, d.What) }

// Verify reads all files of an item and compares them with its item.json. The
// error is a *Damage for every file that differs, joined; or fs.ErrNotExist, if
// there is no such item, a *Broken, or ctx's.
func Verify(ctx context.Context, dir, name string) error {
	return verify(ctx, dir, name, true)
}

// Sizes is Verify without reading: it looks at the sizes of the files only.
func Sizes(dir, name string) error { return verify(context.Background(), dir, name, false) }

func verify(ctx context.Context, dir, name string, read bool) error {
	item, err := Read(dir, name)
	if err != nil {
		return err
	}
	var found []error
	for _, f := range item.Files {
		what, err := compare(ctx, item.Path(dir, f.Name), f, read)
		if err != nil {
			return err
		}
		if what != "" {
			found = append(found, &Damage{Item: name, File: f.Name, What: what})
		}
	}
	return errors.Join(found...)
}

func compare(ctx context.Context, path string, f File, read bool) (what string, err error) {
	st, err := os.Stat(path)
	switch {
	case isMissing(err):
		return "is missing", nil
	case err != nil:
		return "cannot be read: " + err.Error(), nil
	case !st.Mode().IsRegular():
		return "is no plain file", nil
	case st.Size() != f.Size:
		return fmt.Sprintf("has %d bytes, not %d", st.Size(), f.Size), nil
	case !read:
		return "", nil
	}
	sum, err := Digest(ctx, path)
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case err != nil:
		return "cannot be read: " + err.Error(), nil
	case sum != f.SHA256:
		return "has other contents than when it was installed", nil
	}
	return "", nil
}

// Digest is the SHA-256 of a file, in hexadecimal.
func Digest(ctx context.Context, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, &readerUntil{ctx, file}); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// readerUntil reads from r until ctx ends, whose cause is its error then.
type readerUntil struct {
	ctx context.Context
	r   io.Reader
}

func (r *readerUntil) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.r.Read(p)
}

// isMissing is true for a path below a plain file too.
func isMissing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}
