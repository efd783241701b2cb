//go:build !unix

package sqlite

import (
	"errors"
	"os"
)

func lockDirectory(string) (*os.File, error) {
	return nil, errors.New("this system has no file locks that die with their process; the SQLite store needs them")
}
