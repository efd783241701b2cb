package bucket

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/lectern/lectern/fault"
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
	file      File
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

// CheckBeside is [Directory.Check] for the companions of o. An object that is
// not a companion of o is never replaced by one: that, too, is
// FAILED_PRECONDITION.
func (d *Directory) CheckBeside(o Object, all []string) error {
	for _, extension := range all {
		if err := d.checkCompanion(o, o.Beside(extension)); err != nil {
			return err
		}
	}
	return nil
}

func (d *Directory) checkCompanion(o, c Object) error {
	if err := d.Check(c); err != nil {
		return err
	}
	if _, err := d.root.Lstat(c.path()); errors.Is(err, fs.ErrNotExist) {
		return nil // as Check has found
	}
	switch owner, err := d.owner(c); {
	case err != nil:
		return fault.New(fault.FailedPrecondition, "This store cannot say what %q belongs to; choose another object name.", c).Because(err)
	case owner != o.String():
		return fault.New(fault.FailedPrecondition, "%q exists and is not a companion of %q; remove it or choose another object name.", c, o)
	}
	return nil
}

// UnshownError says that an object is shown, and which of its companions could
// not be.
type UnshownError struct {
	Companions []Object
	cause      error
}

func (e *UnshownError) Error() string {
	return fmt.Sprintf("%v cannot be shown beside the object: %v", e.Companions, e.cause)
}
func (e *UnshownError) Unwrap() error { return e.cause }

// showCompanions shows all companions that id has staged, once its object is
// shown. It goes on where a crash has interrupted it. What cannot be shown
// stays staged, for Discard.
func (d *Directory) showCompanions(id string, o Object) error {
	var unshown UnshownError
	for _, extension := range extensions {
		staged := path.Join(stagingDir, id) + extension
		_, err := d.root.Lstat(staged)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		c := o.Beside(extension)
		if err == nil {
			err = d.showCompanion(staged, o, c)
		}
		if err != nil {
			unshown.Companions = append(unshown.Companions, c)
			unshown.cause = errors.Join(unshown.cause, err)
		}
	}
	if unshown.cause != nil {
		return &unshown
	}
	return nil
}

func (d *Directory) showCompanion(staged string, o, c Object) error {
	if err := d.checkCompanion(o, c); err != nil {
		return err
	}
	// The note comes first: one without a companion does no harm.
	if err := d.own(o, c); err != nil {
		return err
	}
	if err := d.root.Rename(staged, c.path()); err != nil {
		return err
	}
	return d.root.SyncDir(path.Dir(c.path()))
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

// note is the file that says whose companion c is.
func note(c Object) string {
	sum := sha256.Sum256([]byte(c.String()))
	return path.Join(companionsDir, hex.EncodeToString(sum[:16]))
}

// own notes that c is a companion of o, durably.
func (d *Directory) own(o, c Object) error {
	if owner, err := d.owner(c); err == nil && owner == o.String() {
		return nil
	}
	file, err := d.root.OpenFile(note(c), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.WriteString(file, o.String())
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return d.root.SyncDir(companionsDir)
}

// owner is the object that c was shown beside, or "".
func (d *Directory) owner(c Object) (string, error) {
	file, err := d.root.OpenFile(note(c), os.O_RDONLY, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer file.Close()
	owner, err := io.ReadAll(file)
	return string(owner), err
}

// disown notes that o is an object of its own now.
func (d *Directory) disown(o Object) error {
	if err := d.root.Remove(note(o)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
