package keys

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Store keeps the one document in which all keys are. Servers of any number read
// it while commands change it. All methods may be called by many goroutines and
// processes at once.
type Store interface {
	// Load returns the document, empty if there is none yet, with a mark that is
	// another one after every change. If the mark is still the one that is given,
	// which is empty at first, document may be nil.
	Load(ctx context.Context, mark string) (document []byte, now string, err error)
	// Change replaces the document by what edit makes of it, alone: nobody else
	// changes it meanwhile, and who reads finds the old one or the new one. An error
	// of edit is returned, and nothing is changed. When it has returned, the change
	// is durable.
	Change(ctx context.Context, edit func(document []byte) ([]byte, error)) error
	// Close ends the use of the store.
	Close() error
}

// book is the document.
type book struct {
	// Secret seals access tokens. It is made with the first key.
	Secret []byte `json:"secret"`
	Keys   []Key  `json:"keys"`
}

func readBook(document []byte) (book, error) {
	var b book
	if len(document) == 0 {
		return b, nil
	}
	if err := json.Unmarshal(document, &b); err != nil {
		return book{}, fmt.Errorf("the document of keys cannot be read: %w", err)
	}
	if len(b.Secret) != secretBytes {
		return book{}, fmt.Errorf("the document of keys has a secret of %d bytes, not of %d", len(b.Secret), secretBytes)
	}
	return b, nil
}

const secretBytes = 32

func change(ctx context.Context, s Store, edit func(*book) error) error {
	return s.Change(ctx, func(document []byte) ([]byte, error) {
		b, err := readBook(document)
		if err != nil {
			return nil, err
		}
		if b.Secret == nil {
			b.Secret = make([]byte, secretBytes)
			_, _ = rand.Read(b.Secret) // it cannot fail
		}
		if err := edit(&b); err != nil {
			return nil, err
		}
		changed, err := json.MarshalIndent(b, "", "  ")
		return append(changed, '\n'), err
	})
}

// Add keeps a new key.
func Add(ctx context.Context, s Store, k Key) error {
	return change(ctx, s, func(b *book) error {
		b.Keys = append(b.Keys, k)
		return nil
	})
}

// List returns all keys, oldest first.
func List(ctx context.Context, s Store) ([]Key, error) {
	document, _, err := s.Load(ctx, "")
	if err != nil {
		return nil, err
	}
	b, err := readBook(document)
	return b.Keys, err
}

// Revoke forgets a key, and with it all tokens that were had by it.
func Revoke(ctx context.Context, s Store, id string) (Key, error) {
	var revoked Key
	err := change(ctx, s, func(b *book) error {
		at, err := b.find(id)
		if err != nil {
			return err
		}
		revoked = b.Keys[at]
		b.Keys = slices.Delete(b.Keys, at, at+1)
		return nil
	})
	return revoked, err
}

// Replace keeps k, which follows the key of id: that one holds until expires, if it
// would not have ended before; and not any more if expires is zero.
func Replace(ctx context.Context, s Store, id string, k Key, expires time.Time) error {
	return change(ctx, s, func(b *book) error {
		at, err := b.find(id)
		if err != nil {
			return err
		}
		old := &b.Keys[at]
		switch {
		case expires.IsZero():
			b.Keys = slices.Delete(b.Keys, at, at+1)
		case old.holdsAt(expires):
			old.Expires = expires.UTC().Truncate(time.Second)
		}
		b.Keys = append(b.Keys, k)
		return nil
	})
}

func (b book) find(id string) (int, error) {
	at := slices.IndexFunc(b.Keys, func(k Key) bool { return k.ID == id })
	if at < 0 {
		return 0, fmt.Errorf("there is no key %q; `lectern keys list` lists them", id)
	}
	return at, nil
}
