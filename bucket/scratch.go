package bucket

import (
	"errors"
	"io/fs"
	"os"
	"path"
)

// CreateScratch makes a new scratch file of operation id. name must be new.
// Scratch is not synced: after a power cut its reader must be able to tell
// that a piece is not whole.
func (d *Directory) CreateScratch(id, name string) (File, error) {
	file := path.Join(scratchDir, id, name)
	f, err := d.root.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		if err := d.root.Mkdir(path.Dir(file), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		f, err = d.root.OpenFile(file, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	}
	return f, err
}

// OpenScratch opens a scratch file of operation id for reading.
func (d *Directory) OpenScratch(id, name string) (File, error) {
	return d.root.OpenFile(path.Join(scratchDir, id, name), os.O_RDONLY, 0)
}

// RemoveScratch removes one scratch file; a missing one is no error.
func (d *Directory) RemoveScratch(id, name string) error {
	err := d.root.Remove(path.Join(scratchDir, id, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// ScratchWritten tells that a scratch file is complete and will be read later:
// the disk begins with it. It promises nothing and does not wait.
func (d *Directory) ScratchWritten(f File) { startWriting(f, 0, toTheEnd) }

// ScratchRead tells that a scratch file was read for the last time, as far as
// can be foreseen: it need not stay in memory.
func (d *Directory) ScratchRead(f File) { forget(f, 0, toTheEnd) }
