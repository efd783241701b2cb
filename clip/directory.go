package clip

import (
	"errors"
	"io/fs"
	"net/url"
	"os"

	"github.com/lectern/lectern/fault"
)

// directory is the clips on the server. Every access goes through os.Root: no
// name, and no symbolic link, leads out of it.
type directory struct{ root *os.Root }

func openDirectory(dir string) (*directory, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return &directory{root}, nil
}

func (d *directory) close() error { return d.root.Close() }

// read returns the plain file of that name, which may have %XX. Whatever else
// may be there (a folder, a pipe, a link that leads out) is not found.
func (d *directory) read(escaped string, most int64) ([]byte, error) {
	name, err := url.PathUnescape(escaped)
	if err != nil || !fs.ValidPath(name) {
		return nil, fault.New(fault.InvalidArgument, "clips:%s is not a name of a clip; names are like clips:door.wav or clips:doors/front.wav.", abridged(escaped)).Because(err)
	}
	missing := fault.New(fault.NotFound, "There is no clip clips:%s on this server.", abridged(escaped))
	if st, err := d.root.Stat(name); err != nil || !st.Mode().IsRegular() {
		return nil, missing.Because(err) // opening a pipe would wait for its writer
	}
	file, err := d.root.Open(name)
	if err != nil {
		return nil, missing.Because(err)
	}
	defer file.Close()
	encoded, err := readAll(file, most)
	var f *fault.Error
	if err != nil && !errors.As(err, &f) {
		return nil, fault.New(fault.Unavailable, "The clip clips:%s cannot be read.", abridged(escaped)).Because(err)
	}
	return encoded, err
}
