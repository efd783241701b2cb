package install

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/internal/voicestore/download"
)

// errNothing: the source is none for such an item, and was not asked.
var errNothing = errors.New("no source for such an item")

// maxCatalogue is the most that Piper's catalogue may have.
const maxCatalogue = 16 << 20

// report tells how far a file is.
type report func(file string, done, total int64, phase Phase)

// source is where items come from. The lock is held while its fetch runs.
type source interface {
	name() string
	// has reports whether the source may have a file.
	has(f catalogue.File) bool
	// fetch puts a file of item to path, whole and checked, or nothing.
	fetch(ctx context.Context, item catalogue.Item, f catalogue.File, path string, r report) error
	// catalogue is Piper's.
	catalogue(ctx context.Context) ([]byte, error)
}

// choose is the source of a name that the user gave, nil for none.
func (s *Store) choose(name string) ([]source, error) {
	switch {
	case name == "":
		return nil, nil
	case name == "hub":
		return []source{s.hub()}, nil
	case name == "registry":
		return []source{s.registry()}, nil
	case name == "mirror":
		if s.o.Mirror == "" {
			return nil, fault.New(fault.InvalidArgument, "No mirror is set: give its address (--mirror, LECTERN_MIRROR).")
		}
		return []source{s.mirror(s.o.Mirror)}, nil
	case strings.Contains(name, "://"):
		if err := download.CheckBase(name, true); err != nil {
			return nil, err
		}
		return []source{s.mirror(strings.TrimRight(name, "/"))}, nil
	case strings.ContainsRune(name, os.PathSeparator) || name == "." || name == "..":
		if st, err := os.Stat(name); err != nil || !st.IsDir() {
			return nil, fault.New(fault.InvalidArgument, "%s is no directory.", name).Because(err)
		}
		return []source{s.directory(name)}, nil
	}
	return nil, fault.New(fault.InvalidArgument, "%q is no source: hub, registry, mirror, an address, or a directory such as ./%s.", name, name)
}

// hub is the publishers' own servers.
type hub struct{ s *Store }

func (s *Store) hub() source { return hub{s} }

func (hub) name() string { return "hub" }

func (hub) has(f catalogue.File) bool { return f.At != "" }

func (h hub) address(at string) string {
	if path, ok := strings.CutPrefix(at, "releases:"); ok {
		return address(h.s.o.Releases, path)
	}
	return address(h.s.o.Hub, strings.TrimPrefix(at, "hub:"))
}

func address(base, path string) string { return base + "/" + (&url.URL{Path: path}).EscapedPath() }

func (h hub) fetch(ctx context.Context, item catalogue.Item, f catalogue.File, path string, r report) error {
	want := wanted(item, f)
	want.Address = h.address(f.At)
	return h.s.o.Client.File(ctx, want, path, func(done int64) { r(f.Name, done, f.Size, Getting) })
}

func (h hub) catalogue(ctx context.Context) ([]byte, error) {
	return h.s.o.Client.Bytes(ctx, h.address(catalogue.PiperBase+catalogue.PiperFile), maxCatalogue)
}

// shelf is a place with files and packages: a mirror or a directory.
type shelf struct {
	s    *Store
	kind string
	// get puts what has a name there to path, and checks it.
	get func(ctx context.Context, name string, want download.Want, path string, progress func(int64)) error
	// read is a short file.
	read func(ctx context.Context, name string) ([]byte, error)
}

func (s *Store) mirror(base string) source {
	return &shelf{s: s, kind: "mirror",
		get: func(ctx context.Context, name string, want download.Want, path string, progress func(int64)) error {
			want.Address = address(base, name)
			return s.o.Client.File(ctx, want, path, progress)
		},
		read: func(ctx context.Context, name string) ([]byte, error) {
			return s.o.Client.Bytes(ctx, address(base, name), maxCatalogue)
		},
	}
}

func (s *Store) directory(dir string) source {
	return &shelf{s: s, kind: "directory",
		get: func(ctx context.Context, name string, want download.Want, path string, progress func(int64)) error {
			return copyFile(ctx, filepath.Join(dir, filepath.FromSlash(name)), want, path, progress)
		},
		read: func(_ context.Context, name string) ([]byte, error) {
			return os.ReadFile(filepath.Join(dir, name))
		},
	}
}

func (h *shelf) name() string { return h.kind }

func (*shelf) has(catalogue.File) bool { return true }

func (h *shelf) catalogue(ctx context.Context) ([]byte, error) {
	return h.read(ctx, catalogue.PiperFile)
}

func (h *shelf) fetch(ctx context.Context, item catalogue.Item, f catalogue.File, path string, r report) error {
	want := wanted(item, f)
	places := []string{item.Name + "/" + f.Name, f.Name}
	if in, ok := strings.CutPrefix(f.At, catalogue.PiperBase); ok {
		places = append(places, in)
	}
	var worst error = fault.New(fault.NotFound, "%s is not there.", want.Name)
	for _, place := range places {
		err := h.get(ctx, place, want, path, func(done int64) { r(f.Name, done, f.Size, Getting) })
		if err == nil || ctx.Err() != nil || fault.Is(err, fault.ResourceExhausted) {
			return err
		}
		if !fault.Is(err, fault.NotFound) {
			worst = err
		}
	}
	if len(f.Pieces) == 0 {
		return worst
	}
	err := h.s.unpack(ctx, want, f.Pieces, path, r, func(a catalogue.Archive) (string, error) {
		return h.s.archive(ctx, a, func(path string) error {
			return h.get(ctx, a.File, archiveWant(a), path, func(done int64) { r(a.File, done, a.Size, Getting) })
		})
	})
	if fault.Is(err, fault.NotFound) {
		return worst
	}
	return err
}

// copyFile copies a file of this machine, checked. A file that is not there is a
// NOT_FOUND.
func copyFile(ctx context.Context, from string, want download.Want, path string, progress func(int64)) error {
	in, err := os.Open(from)
	if err != nil {
		return fault.New(fault.NotFound, "%s is not there.", want.Name).Because(err)
	}
	defer in.Close()
	if st, err := in.Stat(); err != nil || !st.Mode().IsRegular() {
		return fault.New(fault.NotFound, "%s is not there.", want.Name).Because(err)
	}
	return written(ctx, want, path, progress, func(w io.Writer) error {
		_, err := io.Copy(w, in)
		return err
	})
}

// written makes a file of what write writes, if it is what is wanted.
func written(ctx context.Context, want download.Want, path string, progress func(int64), write func(io.Writer) error) error {
	file, err := os.Create(path + ".part")
	if err != nil {
		return full(err)
	}
	err = write(&counter{ctx: ctx, to: file, progress: progress, most: want.Size})
	err = errors.Join(err, file.Close())
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err == nil {
		err = want.Check(ctx, file.Name())
	}
	if err == nil {
		return os.Rename(file.Name(), path)
	}
	os.Remove(file.Name())
	os.Remove(file.Name() + ".tag")
	if errors.Is(err, errTooLong) {
		return fault.New(fault.DataLoss, "%s was refused: it has more than the %d bytes that it should have.", want.Name, want.Size)
	}
	return full(err)
}

var errTooLong = errors.New("too long")

// counter writes until its context ends or most bytes were written.
type counter struct {
	ctx      context.Context
	to       io.Writer
	progress func(int64)
	n, most  int64
}

func (c *counter) Write(p []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	if c.n += int64(len(p)); c.n > c.most {
		return 0, errTooLong
	}
	c.progress(c.n)
	return c.to.Write(p)
}
