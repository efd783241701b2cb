package lecterntest

import (
	"io/fs"

	"github.com/lectern/lectern/bucket/file"
)

// hastyFiles do not wait for the disk: nobody needs a test's objects after a crash of
// the machine.
type hastyFiles struct{ file.Files }

// OpenFile implements file.Files.
func (h hastyFiles) OpenFile(name string, flag int, perm fs.FileMode) (file.File, error) {
	f, err := h.Files.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return hastyFile{f}, nil
}

// SyncDir implements file.Files.
func (hastyFiles) SyncDir(string) error { return nil }

type hastyFile struct{ file.File }

// Sync implements file.File.
func (hastyFile) Sync() error { return nil }
