package bucket

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// extensions are those that companions may have. They are known beforehand so
// that after a crash nothing needs to be remembered of them.
var extensions = []string{".json", ".srt", ".vtt"}

// Beside is the object that stands beside o under another extension, which
// begins with a dot: gs://b/book.srt beside gs://b/book.wav.
func (o Object) Beside(extension string) Object {
	dir, file := path.Split(o.Name)
	base := strings.TrimSuffix(file, path.Ext(file))
	if base == "" || path.Ext(file) == extension {
		base = file
	}
	return Object{Bucket: o.Bucket, Name: dir + base + extension}
}

// companion is a small file that is shown together with its object.
type companion struct {
	extension string
	file      *os.File
	out       *bufio.Writer
}

// Companion adds a file that will be shown beside the object ([Object.Beside])
// once the object is: .json, .srt or .vtt. It is written before Seal.
func (u *Upload) Companion(extension string) (io.Writer, error) {
	file, err := u.dir.root.OpenFile(u.name+extension, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return nil, err
	}
	c := companion{extension, file, bufio.NewWriterSize(file, 64<<10)}
	u.companions = append(u.companions, c)
	return c.out, nil
}

// sealCompanions makes them durable.
func (u *Upload) sealCompanions() error {
	for _, c := range u.companions {
		if err := errors.Join(c.out.Flush(), c.file.Sync(), c.file.Close()); err != nil {
			return err
		}
	}
	return nil
}

// showCompanions shows all companions that id has staged, once its object is
// shown. It goes on where a crash has interrupted it.
func (d *Directory) showCompanions(id string, o Object) error {
	for _, extension := range extensions {
		staged := path.Join(stagingDir, id) + extension
		if _, err := d.root.Lstat(staged); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		target := o.Beside(extension).path()
		if err := d.root.Rename(staged, target); err != nil {
			return fmt.Errorf("showing %s: %w", o.Beside(extension), err)
		}
		if err := d.syncDir(path.Dir(target)); err != nil {
			return err
		}
	}
	return nil
}

// removeCompanions removes those that id has staged.
func (d *Directory) removeCompanions(id string) error {
	var errs []error
	for _, extension := range extensions {
		if err := d.root.Remove(path.Join(stagingDir, id) + extension); !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// CheckBeside is [Directory.Check] for the companions of o.
func (d *Directory) CheckBeside(o Object, all []string) error {
	for _, extension := range all {
		if err := d.Check(o.Beside(extension)); err != nil {
			return err
		}
	}
	return nil
}
