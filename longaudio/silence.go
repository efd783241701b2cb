package longaudio

import (
	"bytes"
	"context"
	"io"
	"sync"

	"github.com/lectern/lectern/audio"
)

// silentPieces are the pieces of an operation in which nothing is heard. Those of one
// span are the same bytes (encode/driver.Pieces), so they are encoded once, kept in
// memory, and have no scratch: days of pauses take no longer than it takes to write
// them.
type silentPieces struct {
	work piecework

	once  sync.Once
	bytes []byte
	err   error
}

// is reports whether piece i is such a one: whole, not the first, and made of what
// scratch knows to be zeros without reading it. What it does not know is encoded.
func (s *silentPieces) is(ctx context.Context, k *Kind, sound spokenSound, i int) bool {
	from, to := s.work.pieces.Span(s.work.rate, i)
	if i == 0 || to > sound.frames() || to-from != s.span() {
		return false
	}
	for at := from; at < to; {
		shard, start := sound.holds(at)
		end := min(to, sound.ends[shard])
		if !k.silent(ctx, s.work.id, sound.shards[shard], at-start, end-start) {
			return false
		}
		at = end
	}
	return true
}

// span is how many frames such a piece hears.
func (s *silentPieces) span() audio.Frames {
	from, to := s.work.pieces.Span(s.work.rate, 1)
	return to - from
}

// silent reports whether frames of a shard are known to be zeros.
func (k *Kind) silent(ctx context.Context, id string, r shardResult, from, to audio.Frames) bool {
	if context.Cause(ctx) != nil {
		return false
	}
	piece, err := k.scratch().Open(ctx, id, r.Scratch)
	if err != nil {
		return false // which whoever encodes it will find too
	}
	defer piece.Close()
	if piece.Size() < to*bytesPerFrame {
		return false
	}
	data, _ := piece.Extent(from * bytesPerFrame)
	return data >= to*bytesPerFrame
}

// open opens one.
func (s *silentPieces) open(ctx context.Context) (io.ReadCloser, error) {
	s.once.Do(func() { s.bytes, s.err = s.encode(ctx) })
	return io.NopCloser(heedfulReader{ctx, bytes.NewReader(s.bytes)}), s.err
}

func (s *silentPieces) encode(ctx context.Context) ([]byte, error) {
	var piece bytes.Buffer
	encoder, err := s.work.pieces.NewEncoder(&piece, s.work.rate, 1, -1)
	if err != nil {
		return nil, err
	}
	if err := encoder.Copy(audio.WithContext(ctx, audio.Silence(s.work.rate, s.span()))); err != nil {
		return nil, err
	}
	err = encoder.Close()
	return piece.Bytes(), err
}

// heedfulReader is a reader for as long as its context goes on.
type heedfulReader struct {
	ctx context.Context
	r   io.Reader
}

func (r heedfulReader) Read(p []byte) (int, error) {
	if err := context.Cause(r.ctx); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
