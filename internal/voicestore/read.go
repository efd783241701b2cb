package voicestore

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
)

// Installed are the items in dir, by name. A dir that does not exist has none.
// An item that cannot be read is left out and stands in the error, so both
// results may be there at once; [Broken] finds its name.
func Installed(dir string) ([]Item, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var (
		items  []Item
		broken []error
	)
	for _, e := range entries {
		if !ValidName(e.Name()) {
			continue
		}
		item, err := Read(dir, e.Name())
		switch {
		case err == nil:
			items = append(items, item)
		case !errors.Is(err, fs.ErrNotExist): // else no item, or just removed
			broken = append(broken, err)
		}
	}
	return items, errors.Join(broken...)
}

// Broken is an item that cannot be read.
type Broken struct {
	Item  string
	cause error
}

func (b *Broken) Error() string { return fmt.Sprintf("%s cannot be read: %v", b.Item, b.cause) }

// Unwrap returns the cause.
func (b *Broken) Unwrap() error { return b.cause }

// Read is one item of dir. An error is fs.ErrNotExist if there is no such item,
// else a *Broken.
func Read(dir, name string) (Item, error) {
	if !ValidName(name) {
		return Item{}, fmt.Errorf("%q: %w", name, fs.ErrNotExist)
	}
	text, err := os.ReadFile(filepath.Join(dir, name, ItemFile))
	if err != nil {
		if !isMissing(err) {
			return Item{}, &Broken{name, err}
		}
		return Item{}, fmt.Errorf("%q: %w", name, fs.ErrNotExist)
	}
	var item Item
	if err := json.Unmarshal(text, &item); err != nil {
		return Item{}, &Broken{name, fmt.Errorf("%s: %w; `lectern voices install %s` gets it anew", ItemFile, err, name)}
	}
	if err := item.check(name); err != nil {
		return Item{}, &Broken{name, fmt.Errorf("%w; `lectern voices install %s` gets it anew", err, name)}
	}
	return item, nil
}

// Fingerprint tells two states of dir apart: it is another one after an item
// was installed, replaced or removed, and the same while one is only being made.
// It costs a stat for each item and never reads a file. A dir that does not exist
// has one as well. A server asks for it now and then and reads Installed again
// when it has changed.
func Fingerprint(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	sum := fnv.New128a()
	for _, e := range entries {
		if !ValidName(e.Name()) {
			continue
		}
		folder := filepath.Join(dir, e.Name())
		st, err := os.Stat(filepath.Join(folder, ItemFile))
		if err != nil {
			continue
		}
		fmt.Fprintf(sum, "%s %d %d", e.Name(), st.ModTime().UnixNano(), st.Size())
		if st, err := os.Stat(folder); err == nil {
			fmt.Fprintf(sum, " %d", st.ModTime().UnixNano())
		}
		fmt.Fprintln(sum)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
