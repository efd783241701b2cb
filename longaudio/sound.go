package longaudio

import (
	"context"
	"encoding/binary"
	"io"
	"sort"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket/driver"
)

// bytesPerFrame is the size of a frame in scratch that holds sound.
const bytesPerFrame = 2

// spokenSound is the beginning of an operation's sound: shards, in order, each
// in its scratch file.
type spokenSound struct {
	shards []shardResult
	ends   []audio.Frames // where each ends in the whole
}

func (s *spokenSound) add(r shardResult) {
	s.ends = append(s.ends, s.frames()+r.Frames)
	s.shards = append(s.shards, r)
}

// frames is how many frames there are.
func (s *spokenSound) frames() audio.Frames {
	if len(s.ends) == 0 {
		return 0
	}
	return s.ends[len(s.ends)-1]
}

// holds returns the shard in which frame at is, and where that shard begins.
func (s *spokenSound) holds(at audio.Frames) (shard int, start audio.Frames) {
	shard = sort.Search(len(s.ends), func(i int) bool { return s.ends[i] > at })
	if shard > 0 {
		start = s.ends[shard-1]
	}
	return shard, start
}

// excerpt is a stream of some of the sound. Close it. It ends with the cause of
// its context as soon as that ends.
type excerpt struct {
	ctx     context.Context
	scratch driver.Scratch
	id      string
	sound   spokenSound
	rate    audio.SampleRate
	at, to  audio.Frames

	piece driver.PieceReader // of the shard that holds at
	start audio.Frames       // where that begins
	until audio.Frames       // and ends
	bytes [16 << 10]byte
}

func (e *excerpt) SampleRate() audio.SampleRate { return e.rate }

// ReadFrames implements audio.PCMStream.
func (e *excerpt) ReadFrames(p []int16) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := context.Cause(e.ctx); err != nil {
		return 0, err
	}
	if e.at >= e.to {
		return 0, io.EOF
	}
	if err := e.turn(); err != nil {
		return 0, err
	}
	n := min(int64(len(p)), int64(len(e.bytes)/bytesPerFrame), e.to-e.at, e.until-e.at)
	raw := e.bytes[:n*bytesPerFrame]
	if read, err := e.piece.ReadAt(raw, (e.at-e.start)*bytesPerFrame); read < len(raw) {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF // a stream's EOF would be an end
		}
		return 0, err
	}
	for i := range n {
		p[i] = int16(binary.LittleEndian.Uint16(raw[bytesPerFrame*i:]))
	}
	e.at += n
	return int(n), nil
}

// turn opens the scratch file that holds the next frame.
func (e *excerpt) turn() error {
	if e.piece != nil && e.at < e.until {
		return nil
	}
	if e.piece != nil {
		e.piece.Done()
		e.Close()
	}
	shard, start := e.sound.holds(e.at)
	piece, err := e.scratch.Open(e.ctx, e.id, e.sound.shards[shard].Scratch)
	if err != nil {
		return err
	}
	e.piece, e.start, e.until = piece, start, e.sound.ends[shard]
	return nil
}

// Read implements audio.Stream.
func (e *excerpt) Read(p []float32) (int, error) {
	var samples [1024]int16
	n, err := e.ReadFrames(samples[:min(len(p), len(samples))])
	for i, s := range samples[:n] {
		p[i] = float32(s) / (1 << 15)
	}
	return n, err
}

func (e *excerpt) Close() {
	if e.piece != nil {
		_ = e.piece.Close()
		e.piece = nil
	}
}
