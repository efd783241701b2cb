package file

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket/driver"
)

// Scratch is the scratch of a [Store], which closes it too. It is not synced:
// after a power cut its reader must be able to tell that a piece is not whole.
type Scratch struct{ *Store }

var _ driver.Scratch = Scratch{}

// Scratch is the store's.
func (s *Store) Scratch() Scratch { return Scratch{s} }

// OpenScratch opens a directory for its scratch only, which its Close closes.
func OpenScratch(dir string) (driver.Scratch, error) {
	s, err := Open(dir)
	if err != nil {
		return nil, err
	}
	return onlyScratch{s.Scratch()}, nil
}

type onlyScratch struct{ Scratch }

func (s onlyScratch) Close() error { return s.Store.Close() }

// Create implements driver.Scratch.
func (s Scratch) Create(_ context.Context, operation, name string) (driver.Piece, error) {
	at := path.Join(s.scratch, operation, name)
	f, err := s.root.OpenFile(at, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		if err := s.root.Mkdir(path.Dir(at), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		f, err = s.root.OpenFile(at, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	}
	if err != nil {
		return nil, err
	}
	return &piece{scratch: s, file: f, at: at}, nil
}

// piece is a file of scratch that is being written.
type piece struct {
	scratch Scratch
	file    File
	at      string
	ended   bool
}

func (p *piece) Write(b []byte) (int, error) { return p.file.Write(b) }

// leastHole is how many zeros make a hole in a file: a few blocks of its disk.
const leastHole = 64 << 10

// WriteZeros implements audio.ZeroWriter: a day of pauses takes neither time nor
// room.
func (p *piece) WriteZeros(n int64) error {
	if n < leastHole {
		return audio.WriteZeros(p.file, n)
	}
	end, err := p.file.Seek(n, io.SeekCurrent)
	if err != nil {
		return err
	}
	return p.file.Truncate(end)
}

// Close implements driver.Piece. The disk begins with the file, and nobody waits.
func (p *piece) Close() error {
	p.ended = true
	startWriting(p.file, 0, toTheEnd)
	if err := p.file.Close(); err != nil {
		return errors.Join(err, p.scratch.remove(p.at))
	}
	return nil
}

// Abandon implements driver.Piece.
func (p *piece) Abandon() error {
	if p.ended {
		return nil
	}
	p.ended = true
	_ = p.file.Close() // of lost writes nobody wants to know any more
	return p.scratch.remove(p.at)
}

// Open implements driver.Scratch.
func (s Scratch) Open(_ context.Context, operation, name string) (driver.PieceReader, error) {
	f, err := s.root.OpenFile(path.Join(s.scratch, operation, name), os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &pieceReader{file: f, size: st.Size()}, nil
}

// pieceReader is a file of scratch that is being read.
type pieceReader struct {
	file File
	size int64
}

func (r *pieceReader) ReadAt(p []byte, at int64) (int, error) { return r.file.ReadAt(p, at) }
func (r *pieceReader) Size() int64                            { return r.size }
func (r *pieceReader) Extent(from int64) (data, end int64)    { return extent(r.file, from, r.size) }
func (r *pieceReader) Close() error                           { return r.file.Close() }

// Done implements driver.PieceReader: the file need not stay in memory.
func (r *pieceReader) Done() { forget(r.file, 0, toTheEnd) }

// Remove implements driver.Scratch.
func (s Scratch) Remove(_ context.Context, operation, name string) error {
	return s.remove(path.Join(s.scratch, operation, name))
}

// Kept implements driver.Scratch.
func (s Scratch) Kept(context.Context) (ids []string, err error) {
	entries, err := s.root.ReadDir(s.scratch)
	for _, e := range entries {
		ids = append(ids, e.Name())
	}
	return ids, err
}

// Discard implements driver.Scratch.
func (s Scratch) Discard(_ context.Context, operation string) error {
	return s.root.RemoveAll(path.Join(s.scratch, operation))
}

// Room implements driver.Scratch.
func (s Scratch) Room() (free, total int64, err error) { return Room(s.path) }

// Close implements driver.Scratch.
func (s Scratch) Close() error { return nil }
