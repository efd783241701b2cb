package install

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
)

// Phase is what an installation does.
type Phase string

// The phases.
const (
	Waiting   Phase = "waiting"   // for another process that changes the directory
	Getting   Phase = "getting"   // bytes are coming
	Unpacking Phase = "unpacking" // out of a package
	Preparing Phase = "preparing" // the engine's Preparer runs
	Shown     Phase = "installed"
)

// Progress is how far an installation is.
type Progress struct {
	Item, File string
	// Done of Total bytes of File; Total is 0 where it is not known. Bytes of an
	// earlier, interrupted run count as done.
	Done, Total int64
	Phase       Phase
}

// InstallOptions are how one item is installed.
type InstallOptions struct {
	// Source is hub, registry, mirror, an address, which is that of a mirror, or
	// a directory's path with a "/" in it. Empty means all that the item has but
	// a directory, in its order. What the item needs and the source does not
	// have may come from others.
	Source string
	// AcceptLicence accepts licences other than free ones and those that want
	// their authors named.
	AcceptLicence bool
	// Again installs what is installed already.
	Again bool
	// KeepPackages leaves the packages that it came out of in .partial, for a
	// further call whose item is in the same ones; one without this deletes them.
	KeepPackages bool
	// DoNotWait makes it an error that another process changes the directory.
	DoNotWait bool
	// Progress, if not nil, is called from one goroutine at a time.
	Progress func(Progress)
}

func (o InstallOptions) report(p Progress) {
	if o.Progress != nil {
		o.Progress(p)
	}
}

// Install installs an item, by its name, an alias or the name of its voice, and
// those that it needs, which show before it does. It returns when everything shows, or when the
// item is installed already in the version that can be had and the sizes of its
// files are right.
//
// The error is a *LicenceError, or a fault: NOT_FOUND (there is no such item),
// UNAVAILABLE (no source gave it), DATA_LOSS (what came is not the item),
// RESOURCE_EXHAUSTED (no room), ABORTED (another process is at it),
// ALREADY_EXISTS (another item has a voice of that name); or ctx's cause. What
// was installed before an error stays; what had come of the rest is used by the
// next call.
func (s *Store) Install(ctx context.Context, name string, o InstallOptions) error {
	return s.install(ctx, name, true, o)
}

func (s *Store) install(ctx context.Context, name string, asked bool, o InstallOptions) error {
	sources, err := s.choose(o.Source)
	if err != nil {
		return err
	}
	unlock, err := s.lock(ctx, o)
	if err != nil {
		return err
	}
	defer unlock()
	from := sources
	if from == nil {
		from = s.remotes()
	}
	item, err := s.find(ctx, name, from)
	if err != nil {
		return err
	}
	err = s.withNeeds(ctx, item, sources, asked, o)
	if err == nil && !o.KeepPackages {
		err = os.RemoveAll(filepath.Join(s.dir, partialDir, archivesDir))
	}
	return err
}

// withNeeds installs item and what it needs. The lock is held.
func (s *Store) withNeeds(ctx context.Context, item catalogue.Item, sources []source, asked bool, o InstallOptions) error {
	have, err := voicestore.Read(s.dir, item.Name)
	if err == nil && have.Source == voicestore.Own {
		return fault.New(fault.AlreadyExists, "A model of one's own has the name %s; remove it first.", item.Name)
	}
	if err == nil && !o.Again && have.Version == item.Version && voicestore.Sizes(s.dir, item.Name) == nil {
		if err := s.needs(ctx, have, sources, o); err != nil {
			return err
		}
		if asked && !have.Asked {
			have.Asked = true
			if err := s.rewrite(have); err != nil {
				return err
			}
		}
		o.report(Progress{Item: item.Name, Phase: Shown})
		return nil
	}
	item.Asked = asked || err == nil && have.Asked
	// Its own files come first, so that a licence that is not accepted, or a
	// voice that cannot be had, costs nothing; it shows last.
	made, err := s.get(ctx, item, sources, o)
	if err != nil {
		return err
	}
	if err := s.needs(ctx, made, sources, o); err != nil {
		return err
	}
	return s.finish(ctx, made, o)
}

func (s *Store) needs(ctx context.Context, item voicestore.Item, sources []source, o InstallOptions) error {
	for _, name := range item.Needs {
		need, ok := s.embedded.Find(name)
		if !ok {
			return fault.New(fault.FailedPrecondition, "%s needs %s, which there is none of for %s/%s.", item.Name, name, s.o.OS, s.o.Arch)
		}
		from := sources
		if from != nil {
			from = slices.Clone(sources)
			for _, src := range s.inOrder(need) {
				if !slices.ContainsFunc(sources, func(asked source) bool { return asked.name() == src.name() }) {
					from = append(from, src)
				}
			}
		}
		o.Again = false
		if err := s.withNeeds(ctx, need, from, false, o); err != nil {
			return err
		}
	}
	return nil
}

// inOrder are the sources of an item when none was asked for.
func (s *Store) inOrder(item catalogue.Item) []source {
	order := item.Order
	if order == nil {
		order = catalogue.DefaultOrder
	}
	var sources []source
	for _, name := range order {
		switch name {
		case "hub":
			sources = append(sources, s.hub())
		case "registry":
			sources = append(sources, s.registry())
		case "mirror":
			if s.o.Mirror != "" {
				sources = append(sources, s.mirror(s.o.Mirror))
			}
		}
	}
	return sources
}

// get has the item's files in .partial, from the first source that gives them.
func (s *Store) get(ctx context.Context, item catalogue.Item, sources []source, o InstallOptions) (voicestore.Item, error) {
	if sources == nil {
		sources = s.inOrder(item)
	}
	if err := s.free(item.Item); err != nil {
		return item.Item, err
	}
	if err := s.allowed(item.Item, nil, o); item.Class != "" && err != nil {
		return item.Item, err
	}
	var (
		all  []error
		last = fault.New(fault.Unavailable, "No source that can be tried has %s.", item.Name)
	)
	for _, src := range sources {
		made, err := s.getFrom(ctx, item, src, o)
		switch {
		case err == nil:
			return made, nil
		case ctx.Err() != nil:
			return item.Item, context.Cause(ctx)
		case final(err):
			return item.Item, err
		case !errors.Is(err, errNothing):
			all = append(all, fmt.Errorf("%s: %w", src.name(), err))
			last = fault.From(err)
		}
	}
	if len(all) < 2 {
		return item.Item, last
	}
	sentences := []string{fmt.Sprintf("%s could not be had.", item.Name)}
	for _, err := range all {
		sentences = append(sentences, public(err))
	}
	return item.Item, fault.New(last.Code, "%s", strings.Join(sentences, " ")).Because(errors.Join(all...))
}

// public is the sentence of what a source said, with its name in front.
func public(err error) string {
	name, _, _ := strings.Cut(err.Error(), ":")
	return name + ": " + fault.From(err).Public()
}

// final reports whether another source would not help.
func final(err error) bool {
	var licence *LicenceError
	return errors.As(err, &licence) || fault.Is(err, fault.ResourceExhausted) || fault.Is(err, fault.AlreadyExists) ||
		fault.Is(err, fault.FailedPrecondition)
}

// free reports whether no other item has one of the item's voices' names, which are
// told apart without their case.
func (s *Store) free(item voicestore.Item) error {
	others, _ := voicestore.Installed(s.dir)
	for _, other := range others {
		if other.Name == item.Name {
			continue
		}
		for _, v := range item.Voices {
			if slices.ContainsFunc(other.Voices, func(w voicestore.Voice) bool { return strings.EqualFold(w.Name, v.Name) }) {
				return fault.New(fault.AlreadyExists, "%s has a voice %s as well; remove it first.", other.Name, v.Name)
			}
		}
	}
	return nil
}
