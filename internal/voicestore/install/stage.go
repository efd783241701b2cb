package install

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/internal/voicestore/download"
)

// getFrom has the item's files in .partial, from one source.
func (s *Store) getFrom(ctx context.Context, item catalogue.Item, src source, o InstallOptions) (made voicestore.Item, err error) {
	variants := s.variants(ctx, item, src)
	for n, v := range variants {
		made, err = s.getVariant(ctx, v, src, o)
		if err == nil || n == len(variants)-1 || ctx.Err() != nil || final(err) {
			break
		}
	}
	return made, err
}

// variants are the sets of files that an item may have in a source: one that is
// Piper's has other files on the hub than in its package.
func (s *Store) variants(ctx context.Context, item catalogue.Item, src source) []catalogue.Item {
	all := []catalogue.Item{item}
	if item.Piper == "" || src.name() == "registry" {
		return all
	}
	piper, _ := s.piper(ctx, []source{src})
	if piper == nil {
		return all
	}
	if theirs, ok := piper.Find(item.Piper); ok {
		other := item
		other.Get = theirs.Get
		all = append(all, other)
		if src.name() == "hub" {
			all = all[1:]
		}
	}
	return all
}

func (s *Store) getVariant(ctx context.Context, item catalogue.Item, src source, o InstallOptions) (voicestore.Item, error) {
	made := item.Clone()
	for _, f := range item.Get {
		if f.Text == "" && !src.has(f) {
			return made, errNothing
		}
	}
	dir := s.partial(item.Name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return made, full(err)
	}
	if err := keepOnly(dir, item.Get); err != nil {
		return made, err
	}
	for _, f := range item.Get {
		if err := s.getFile(ctx, item, f, src, dir, o); err != nil {
			return made, err
		}
		if f.Name != catalogue.CardFile {
			continue
		}
		card, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil {
			return made, err
		}
		if made.Class == "" {
			made.Licence, made.Class = catalogue.Card(string(card))
			for n := range made.Voices {
				made.Voices[n].License = made.Licence
			}
		}
		if err := s.allowed(made, card, o); err != nil {
			return made, err
		}
	}
	made.Source = src.name()
	return made, nil
}

// partial is where an item is made.
func (s *Store) partial(name string) string { return filepath.Join(s.dir, partialDir, name) }

// getFile puts one file into dir, unless it lies there already.
func (s *Store) getFile(ctx context.Context, item catalogue.Item, f catalogue.File, src source, dir string, o InstallOptions) error {
	path := filepath.Join(dir, f.Name)
	if f.Text != "" {
		text, err := catalogue.Text(f.Text)
		if err != nil {
			return err
		}
		return full(os.WriteFile(path, text, 0o644))
	}
	want := wanted(item, f)
	if _, err := os.Stat(path); err == nil {
		err := want.Check(ctx, path)
		if err == nil || !fault.Is(err, fault.DataLoss) {
			return err
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	// What is missing of the file has to find room, and a package beside it.
	missing := f.Size
	if st, err := os.Stat(path + ".part"); err == nil {
		missing -= min(st.Size(), missing)
	}
	if err := s.enough(missing); err != nil {
		return err
	}
	return full(src.fetch(ctx, item, f, path, func(file string, done, total int64, phase Phase) {
		o.report(Progress{Item: item.Name, File: file, Done: done, Total: total, Phase: phase})
	}))
}

func wanted(item catalogue.Item, f catalogue.File) download.Want {
	return download.Want{Name: item.Name + "/" + f.Name, Size: f.Size, SHA256: f.SHA256, MD5: f.MD5}
}

// enough says so if n more bytes have no room.
func (s *Store) enough(n int64) error {
	if free, err := room(s.dir); err == nil && free < n {
		return fault.New(fault.ResourceExhausted,
			"There is no room left on the disk of the voices: %s are needed, %s are free in %s. Make room, or choose another directory (--voices).",
			humanize.Bytes(uint64(n)), humanize.Bytes(uint64(max(free, 0))), s.dir)
	}
	return nil
}

// full recognises a disk without room.
func full(err error) error { return download.Explain(err) }

// keepOnly removes from dir what is neither one of the files nor a part of one:
// an earlier run may have died while it prepared them.
func keepOnly(dir string, files []catalogue.File) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := strings.TrimSuffix(strings.TrimSuffix(e.Name(), ".tag"), ".part")
		if slices.ContainsFunc(files, func(f catalogue.File) bool { return f.Name == name }) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// finish prepares the files in .partial, describes them and shows the item.
func (s *Store) finish(ctx context.Context, item voicestore.Item, o InstallOptions) error {
	dir := s.partial(item.Name)
	if item.Engine == "piper" && item.Kind == voicestore.VoiceKind {
		if err := readConfig(dir, &item); err != nil {
			return err
		}
	}
	if prepare := s.o.Preparers[item.Engine]; prepare != nil && item.Kind != voicestore.Runtime {
		o.report(Progress{Item: item.Name, Phase: Preparing})
		if err := prepare(ctx, dir, &item); err != nil {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			return full(fault.New(fault.FailedPrecondition, "%s could not be prepared: %v.", item.Name, err).Because(err))
		}
	}
	item.Installed = s.o.Now().UTC().Truncate(1e9)
	if err := describe(ctx, dir, &item); err != nil {
		return full(err)
	}
	if err := s.free(item); err != nil {
		return err
	}
	if err := s.show(ctx, item.Name); err != nil {
		return full(err)
	}
	o.report(Progress{Item: item.Name, Phase: Shown})
	return nil
}

// describe writes item.json for what lies in dir, and syncs everything.
func describe(ctx context.Context, dir string, item *voicestore.Item) error {
	item.Files = nil
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || name == voicestore.ItemFile {
			return err
		}
		if strings.HasSuffix(name, ".part") || strings.HasSuffix(name, ".tag") {
			return os.Remove(path)
		}
		st, err := e.Info()
		if err != nil {
			return err
		}
		if !st.Mode().IsRegular() {
			return fault.New(fault.Internal, "%s has a file that is none: %s.", item.Name, name)
		}
		sum, err := voicestore.Digest(ctx, path)
		if err != nil {
			return err
		}
		item.Files = append(item.Files, voicestore.File{Name: filepath.ToSlash(name), Size: st.Size(), SHA256: sum})
		return syncPath(path)
	})
	if err != nil {
		return err
	}
	for _, v := range item.Voices {
		for what, part := range v.Parts {
			own := slices.ContainsFunc(item.Files, func(f voicestore.File) bool { return f.Name == part })
			if other, _, ok := strings.Cut(part, "/"); !own && !(ok && slices.Contains(item.Needs, other)) {
				return fault.New(fault.Internal, "%s has no file %s, which should be its %s.", item.Name, part, what)
			}
		}
	}
	return writeItem(dir, *item)
}

func writeItem(dir string, item voicestore.Item) error {
	text, err := json.MarshalIndent(item, "", " ")
	if err != nil {
		return err
	}
	return writeWhole(filepath.Join(dir, voicestore.ItemFile), append(text, '\n'))
}

// newPrefix is that of files that writeWhole writes.
const newPrefix = ".new-"

// writeWhole writes a small file so that it is there whole or as it was.
func writeWhole(path string, text []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), newPrefix)
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(text)
	err = errors.Join(err, file.Chmod(0o644), file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err == nil {
		err = syncPath(filepath.Dir(path))
	}
	return err
}

func syncPath(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

// rewrite changes what an installed item's item.json says.
func (s *Store) rewrite(item voicestore.Item) error {
	return full(writeItem(filepath.Join(s.dir, item.Name), item))
}

// show makes what lies whole in .partial the item, in the place of what has its
// name.
func (s *Store) show(ctx context.Context, name string) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	made, place := filepath.Join(s.dir, partialDir, name), filepath.Join(s.dir, name)
	err := exchange(made, place)
	switch {
	case err == nil:
		if err := s.bury(made); err != nil {
			return err
		}
	case errors.Is(err, fs.ErrNotExist):
		if err := os.Rename(made, place); err != nil {
			return err
		}
	default: // a file system that cannot: the item is absent for a moment
		if err := s.bury(place); err != nil {
			return err
		}
		if err := os.Rename(made, place); err != nil {
			return err
		}
	}
	return syncPath(s.dir)
}

// bury renames a folder away and deletes it there.
func (s *Store) bury(path string) error {
	gone := filepath.Join(s.dir, goneDir)
	if err := os.MkdirAll(gone, 0o755); err != nil {
		return err
	}
	grave, err := os.MkdirTemp(gone, filepath.Base(path)+"-")
	if err != nil {
		return err
	}
	err = os.Rename(path, filepath.Join(grave, "item"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return errors.Join(syncPath(s.dir), os.RemoveAll(gone))
}
