package synth

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/fault"
)

// spool keeps the sounds of a mix, or of a clip, on disk, so that they can be
// played several times and their lengths are known. All are in one file, which
// has no name and comes with the first of them; pauses are lengths and not in it.
type spool struct {
	ctx  context.Context
	dir  string // empty: the system's folder for temporary files
	rate audio.SampleRate
	left audio.Frames // how much more it may keep
	file *os.File
	size int64
}

// newSpool is a spool of at most maxSpool of sound. Close it.
func (r *rendering) newSpool() *spool {
	return &spool{ctx: r.ctx, dir: r.synth.spools, rate: r.settings.SampleRate, left: r.frames(maxSpool)}
}

// kept is one sound of a spool.
type kept struct {
	spool  *spool
	runs   []stretch
	length audio.Frames
	most   audio.Frames
}

// stretch is a piece of a sound: frames from a byte of the file on, or silence.
type stretch struct {
	at     int64 // inSilence: in no file
	frames audio.Frames
}

const spoolPattern = "lectern-spool-"

const (
	frameBytes = 4
	inSilence  = -1
)

// keep drains s, which fails when it has more than most frames; 0 is any number.
func (p *spool) keep(s audio.Stream, most audio.Frames) (*kept, error) {
	k := &kept{spool: p, most: most}
	s = audio.WithContext(p.ctx, s)
	var w *bufio.Writer // made with the first frame
	var block [4096]float32
	var bytes [len(block) * frameBytes]byte
	for {
		if n := audio.Rest(s, p.left+1); n > 0 {
			if err := k.add(inSilence, n); err != nil {
				return nil, err
			}
			continue
		}
		n, err := s.Read(block[:])
		if n > 0 {
			if w == nil {
				if w, err = p.writer(); err != nil {
					return nil, fmt.Errorf("keeping a sound for mixing: %w", err)
				}
			}
			if err := k.add(p.size, audio.Frames(n)); err != nil {
				return nil, err
			}
			for i, x := range block[:n] {
				binary.LittleEndian.PutUint32(bytes[i*frameBytes:], math.Float32bits(x))
			}
			if _, err := w.Write(bytes[:n*frameBytes]); err != nil {
				return nil, fmt.Errorf("keeping a sound for mixing: %w", err)
			}
			p.size += int64(n) * frameBytes
			continue
		}
		if err == io.EOF {
			if w == nil {
				return k, nil
			}
			return k, w.Flush()
		}
		if err != nil {
			return nil, err
		}
	}
}

// add appends frames to a sound.
func (k *kept) add(at int64, frames audio.Frames) error {
	if k.spool.left -= frames; k.spool.left < 0 {
		return fault.New(fault.InvalidArgument, "What a par, a seq or an audio holds is longer than %v in all. Shorten it.", maxSpool)
	}
	if k.length += frames; k.most > 0 && k.length > k.most {
		return errTooLong
	}
	if last := len(k.runs) - 1; last >= 0 && k.runs[last].leadsTo(at) {
		k.runs[last].frames += frames
		return nil
	}
	k.runs = append(k.runs, stretch{at, frames})
	return nil
}

func (s stretch) leadsTo(at int64) bool {
	if s.at == inSilence || at == inSilence {
		return s.at == at
	}
	return s.at+s.frames*frameBytes == at
}

// writer appends to the file, which it makes if there is none.
func (p *spool) writer() (*bufio.Writer, error) {
	if p.file == nil {
		file, err := os.CreateTemp(p.dir, spoolPattern)
		if errors.Is(err, fs.ErrNotExist) && p.dir != "" {
			if err := os.MkdirAll(p.dir, 0o700); err != nil {
				return nil, err
			}
			file, err = os.CreateTemp(p.dir, spoolPattern)
		}
		if err != nil {
			return nil, err
		}
		if err := os.Remove(file.Name()); err != nil {
			file.Close()
			return nil, err
		}
		p.file = file
	}
	return bufio.NewWriterSize(p.file, 64<<10), nil
}

func (p *spool) Close() {
	if p.file != nil {
		p.file.Close()
	}
}

// play is the sound from its start, until the spool's context ends. Several may
// play at once.
func (k *kept) play() audio.Stream {
	return audio.WithContext(k.spool.ctx, &playing{spool: k.spool, rest: k.runs})
}

type playing struct {
	spool *spool
	rest  []stretch
	done  audio.Frames // of the first of rest
	err   error
	bytes [2048 * frameBytes]byte
}

func (p *playing) SampleRate() audio.SampleRate { return p.spool.rate }

// next is the stretch that plays, and how much of it is left; false at the end.
func (p *playing) next() (s stretch, left audio.Frames, ok bool) {
	for len(p.rest) > 0 {
		if left = p.rest[0].frames - p.done; left > 0 {
			return p.rest[0], left, true
		}
		p.rest, p.done = p.rest[1:], 0
	}
	return stretch{}, 0, false
}

// Rest implements audio.Resting.
func (p *playing) Rest(most audio.Frames) audio.Frames {
	s, left, ok := p.next()
	if !ok || s.at != inSilence {
		return 0
	}
	n := min(most, left)
	p.done += n
	return n
}

func (p *playing) Read(frames []float32) (int, error) {
	if len(frames) == 0 || p.err != nil {
		return 0, p.err
	}
	s, left, ok := p.next()
	if !ok {
		p.err = io.EOF
		return 0, p.err
	}
	n := int(min(int64(len(frames)), left))
	if s.at == inSilence {
		clear(frames[:n])
	} else {
		n = min(n, len(p.bytes)/frameBytes)
		raw := p.bytes[:n*frameBytes]
		if _, err := p.spool.file.ReadAt(raw, s.at+p.done*frameBytes); err != nil {
			p.err = fmt.Errorf("reading a sound for mixing: %w", err)
			return 0, p.err
		}
		for i := range n {
			frames[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[i*frameBytes:]))
		}
	}
	p.done += audio.Frames(n)
	return n, nil
}
