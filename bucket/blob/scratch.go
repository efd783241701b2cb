package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"

	"golang.org/x/sync/errgroup"

	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/bucket/file"
)

// scratchFolder is where scratch stands below .lectern/. It is no operation's id.
const scratchFolder = "-scratch"

// removesAtOnce is how many pieces of a discarded operation are removed at once.
const removesAtOnce = 8

// Scratch keeps pieces as objects below .lectern/-scratch/. What this process
// writes is a file of its own first, and stays one for a while: it mostly reads
// what it has written.
type Scratch struct {
	objects objects
	local   *file.Store // closed with it
	cache   *cache
}

var _ driver.Scratch = (*Scratch)(nil)

// OpenScratch opens scratch in the bucket of a URL, with files below dir that no
// other process uses. What an earlier process has left there is removed.
func OpenScratch(ctx context.Context, address, dir string) (*Scratch, error) {
	at, err := parse(address)
	if err != nil {
		return nil, err
	}
	all, err := at.objects(ctx)
	if err != nil {
		return nil, err
	}
	return newScratch(ctx, all, dir, cacheBytes)
}

func newScratch(ctx context.Context, all objects, dir string, most int64) (*Scratch, error) {
	local, err := file.OpenBucket(dir)
	if err != nil {
		return nil, err
	}
	left, err := local.Scratch().Kept(ctx)
	for _, operation := range left {
		err = errors.Join(err, local.Scratch().Discard(ctx, operation))
	}
	if err != nil {
		return nil, errors.Join(err, local.Close())
	}
	return &Scratch{objects: all, local: local, cache: &cache{files: local.Scratch(), most: most}}, nil
}

// Close implements driver.Scratch.
func (s *Scratch) Close() error { return errors.Join(s.objects.close(), s.local.Close()) }

// Room implements driver.Scratch.
func (s *Scratch) Room() (free, total int64, err error) { return s.cache.files.Room() }

func scratchKey(operation, name string) string {
	return path.Join(driver.Hidden, scratchFolder, operation, name)
}

// Create implements driver.Scratch.
func (s *Scratch) Create(ctx context.Context, operation, name string) (driver.Piece, error) {
	s.cache.remove(ctx, operation, name) // of an earlier one of this name
	written, err := s.cache.files.Create(ctx, operation, name)
	if err != nil {
		return nil, err
	}
	return &piece{Piece: written, ctx: ctx, scratch: s, operation: operation, name: name}, nil
}

// piece is written to a file, which Close sends.
type piece struct {
	driver.Piece
	ctx             context.Context
	scratch         *Scratch
	operation, name string
}

// Close implements driver.Piece.
func (p *piece) Close() error {
	if err := p.Piece.Close(); err != nil {
		return err
	}
	size, err := p.scratch.send(p.ctx, p.operation, p.name)
	if err != nil {
		return errors.Join(err, p.scratch.cache.files.Remove(p.ctx, p.operation, p.name))
	}
	p.scratch.cache.add(p.ctx, p.operation, p.name, size)
	return nil
}

// send makes an object of a piece's file.
func (s *Scratch) send(ctx context.Context, operation, name string) (size int64, err error) {
	written, err := s.cache.files.Open(ctx, operation, name)
	if err != nil {
		return 0, err
	}
	defer written.Close()
	size = written.Size()
	if err := s.objects.send(ctx, scratchKey(operation, name), io.NewSectionReader(written, 0, size)); err != nil {
		return 0, errors.Join(context.Cause(ctx), err)
	}
	return size, nil
}

// Open implements driver.Scratch.
func (s *Scratch) Open(ctx context.Context, operation, name string) (driver.PieceReader, error) {
	if s.cache.has(operation, name) {
		if r, err := s.cache.files.Open(ctx, operation, name); err == nil {
			return r, nil
		}
	}
	key := scratchKey(operation, name)
	found, err := s.objects.head(ctx, key)
	if err != nil {
		return nil, err
	}
	return &pieceReader{ctx: ctx, objects: s.objects, key: key, size: found.size}, nil
}

// Remove implements driver.Scratch.
func (s *Scratch) Remove(ctx context.Context, operation, name string) error {
	s.cache.remove(ctx, operation, name)
	if err := s.objects.remove(ctx, scratchKey(operation, name)); err != nil && driver.ClassOf(err) != driver.Gone {
		return err
	}
	return nil
}

// Kept implements driver.Scratch.
func (s *Scratch) Kept(ctx context.Context) ([]string, error) {
	return s.objects.folders(ctx, path.Join(driver.Hidden, scratchFolder)+"/")
}

// Discard implements driver.Scratch.
func (s *Scratch) Discard(ctx context.Context, operation string) error {
	err := s.cache.discard(ctx, operation)
	keys, unread := s.objects.list(ctx, scratchKey(operation, "")+"/")
	var removing errgroup.Group
	removing.SetLimit(removesAtOnce)
	for _, key := range keys {
		removing.Go(func() error {
			if err := s.objects.remove(ctx, key); err != nil && driver.ClassOf(err) != driver.Gone {
				return err
			}
			return nil
		})
	}
	return errors.Join(err, unread, removing.Wait())
}

// pieceReader reads an object by ranges. What follows the last one comes in the
// same answer.
type pieceReader struct {
	ctx     context.Context
	objects objects
	key     string
	size    int64
	of      int64 // its generation; 0 where no other can have its name

	answer io.ReadCloser // nil before the first read
	at     int64         // where it is
}

// ReadAt implements driver.PieceReader.
func (r *pieceReader) ReadAt(p []byte, at int64) (int, error) {
	if at >= r.size {
		return 0, io.EOF
	}
	if r.answer == nil || r.at != at {
		_ = r.Close()
		answer, err := r.objects.read(r.ctx, r.key, at, r.of)
		if err != nil {
			return 0, err
		}
		r.answer, r.at = answer, at
	}
	n, err := io.ReadFull(r.answer, p[:min(int64(len(p)), r.size-at)])
	r.at += int64(n)
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		err = fmt.Errorf("%s breaks off after %d bytes of %d: %w", r.key, r.at, r.size, io.ErrUnexpectedEOF)
	}
	if err == nil && n < len(p) {
		err = io.EOF
	}
	return n, err
}

// Size implements driver.PieceReader.
func (r *pieceReader) Size() int64 { return r.size }

// Extent implements driver.PieceReader: an object has no holes.
func (r *pieceReader) Extent(from int64) (data, end int64) { return from, r.size }

// Done implements driver.PieceReader.
func (r *pieceReader) Done() {}

// Close implements driver.PieceReader.
func (r *pieceReader) Close() error {
	if r.answer == nil {
		return nil
	}
	err := r.answer.Close()
	r.answer = nil
	return err
}
