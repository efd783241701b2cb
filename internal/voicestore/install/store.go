package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/internal/voicestore/download"
)

const (
	partialDir  = ".partial"
	goneDir     = ".gone"
	archivesDir = ".archives" // below partialDir
	runsDir     = ".runs"     // below partialDir: what pip and npm write
	lockFile    = ".lock"
	piperFile   = ".piper.json"
)

// Defaults of [Options].
const (
	DefaultHub      = "https://huggingface.co"
	DefaultReleases = "https://github.com"
)

// Preparer makes of an item's files what its engine loads. dir is the item's
// folder, unseen as yet; the files that lie in it afterwards are the item's. It
// may change item, such as the Parts of its voices. An error undoes the
// installation.
type Preparer func(ctx context.Context, dir string, item *voicestore.Item) error

// Options are how a store gets things. The zero value is ready.
type Options struct {
	// Hub and Releases are the addresses that the publishers' files are below;
	// empty means the Defaults.
	Hub, Releases string
	// Mirror is the address of a mirror; empty means there is none. http: is
	// allowed: all but Piper's catalogue is checked against the program.
	Mirror string
	// Python and NPM are the programs that pip and npm are run by; empty means
	// python3 and npm.
	Python, NPM string
	// Catalogue is what the program knows; nil means [catalogue.Embedded].
	Catalogue *catalogue.Catalogue
	// Preparers by the name of the engine.
	Preparers map[string]Preparer
	// Client gets files; nil means one with timeouts.
	Client *download.Client
	// OS and Arch are what the items are for; empty means this machine.
	OS, Arch string
	// Now is the clock of [voicestore.Item.Installed]; nil means time.Now.
	Now func() time.Time
}

// Store is a directory of voices. Safe for concurrent use.
type Store struct {
	dir      string
	o        Options
	embedded *catalogue.Catalogue
}

// Open makes dir if it is missing. Nothing is locked and nothing is kept open.
func Open(dir string, o Options) (*Store, error) {
	for _, base := range []struct {
		set   *string
		usual string
		plain bool
	}{{&o.Hub, DefaultHub, false}, {&o.Releases, DefaultReleases, false}, {&o.Mirror, "", true}} {
		if *base.set == "" {
			*base.set = base.usual
		}
		*base.set = strings.TrimRight(*base.set, "/")
		if *base.set == "" {
			continue
		}
		if err := download.CheckBase(*base.set, base.plain); err != nil {
			return nil, err
		}
	}
	for _, word := range []struct {
		set   *string
		usual string
	}{{&o.Python, "python3"}, {&o.NPM, "npm"}, {&o.OS, runtime.GOOS}, {&o.Arch, runtime.GOARCH}} {
		if *word.set == "" {
			*word.set = word.usual
		}
	}
	if o.Client == nil {
		o.Client = &download.Client{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if o.Catalogue == nil {
		o.Catalogue = catalogue.Embedded(o.OS, o.Arch)
	}
	return &Store{dir: dir, o: o, embedded: o.Catalogue}, nil
}

// Dir is the directory.
func (s *Store) Dir() string { return s.dir }

// Installed is [voicestore.Installed] of the directory.
func (s *Store) Installed() ([]voicestore.Item, error) { return voicestore.Installed(s.dir) }

// Verify is [voicestore.Verify] of the directory.
func (s *Store) Verify(ctx context.Context, name string) error {
	return voicestore.Verify(ctx, s.dir, name)
}

// Available are all items that can be had for this machine: those that the
// program knows, then Piper's by name. Piper's catalogue is asked for; if it
// cannot be had, the last one seen is used, and the error says why, beside what
// is known. The licences of Piper's voices are read when they are installed.
func (s *Store) Available(ctx context.Context) ([]catalogue.Item, error) {
	items := append([]catalogue.Item(nil), s.embedded.Items...)
	piper, err := s.piper(ctx, s.remotes())
	if piper != nil {
		for _, item := range piper.Items {
			if _, known := s.embedded.Find(item.Name); !known {
				items = append(items, item)
			}
		}
	}
	return items, err
}

// remotes are the sources that are asked for Piper's catalogue.
func (s *Store) remotes() []source {
	sources := []source{s.hub()}
	if s.o.Mirror != "" {
		sources = append(sources, s.mirror(s.o.Mirror))
	}
	return sources
}

// piper is Piper's catalogue from the first source that has it, or the last one
// seen, with an error beside it. It is written to the directory for that.
func (s *Store) piper(ctx context.Context, from []source) (*catalogue.Catalogue, error) {
	var all []error
	for _, src := range from {
		text, err := src.catalogue(ctx)
		if err == nil {
			var c *catalogue.Catalogue
			if c, err = catalogue.Piper(text); err == nil {
				// A directory that cannot be written is no reason to fail.
				_ = writeWhole(filepath.Join(s.dir, piperFile), text)
				return c, nil
			}
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		all = append(all, fmt.Errorf("%s: %w", src.name(), err))
	}
	err := fault.New(fault.Unavailable, "Piper's catalogue cannot be had.").Because(errors.Join(all...))
	text, readErr := os.ReadFile(filepath.Join(s.dir, piperFile))
	if readErr != nil {
		return nil, err
	}
	c, parseErr := catalogue.Piper(text)
	if parseErr != nil {
		return nil, err
	}
	return c, err
}

// find looks for an item that can be had. Piper's catalogue is asked for only if
// the program does not know the name; the last one seen will do for a name in it
// if it cannot be had.
func (s *Store) find(ctx context.Context, name string, from []source) (catalogue.Item, error) {
	if item, ok := s.embedded.Find(name); ok {
		return item, nil
	}
	piper, err := s.piper(ctx, from)
	if piper != nil {
		if item, ok := piper.Find(name); ok {
			return item, nil
		}
	}
	if err != nil {
		return catalogue.Item{}, fault.New(fault.NotFound, "The program knows no voice %q, and Piper's catalogue cannot be had.", name).Because(err)
	}
	return catalogue.Item{}, fault.New(fault.NotFound, "There is no voice %q; `lectern voices install --list` shows those that can be had.", name)
}
