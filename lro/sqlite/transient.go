package sqlite

import (
	"errors"

	"modernc.org/sqlite"
)

// SQLite's codes of what a statement's own values bring about.
const (
	tooBig     = 18
	constraint = 19
	mismatch   = 20
	misuse     = 21
	outOfRange = 25
)

// Transient implements driver.Store.
func (s *Store) Transient(err error) bool {
	if errors.Is(err, errSecondNode) {
		return false
	}
	var told *sqlite.Error
	if !errors.As(err, &told) {
		return true
	}
	switch told.Code() & 0xff { // without the extension
	case tooBig, constraint, mismatch, misuse, outOfRange:
		return false
	}
	return true
}
