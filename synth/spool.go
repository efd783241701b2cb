package synth

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/fault"
)

// spool keeps a whole sound of bounded length on disk, in a file that has
// no name, so that it can be played several times and its length is known.
type spool struct {
	file   *os.File
	rate   audio.SampleRate
	length audio.Frames
}

const frameBytes = 4

// newSpool drains s, which may have at most most frames.
func newSpool(ctx context.Context, s audio.Stream, most audio.Frames) (*spool, error) {
	file, err := os.CreateTemp("", "lectern-spool-")
	if err != nil {
		return nil, fmt.Errorf("keeping a sound for mixing: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		file.Close()
		return nil, err
	}
	p := &spool{file: file, rate: s.SampleRate()}
	if err := p.fill(audio.WithContext(ctx, s), most); err != nil {
		file.Close()
		return nil, err
	}
	return p, nil
}

func (p *spool) fill(s audio.Stream, most audio.Frames) error {
	w := bufio.NewWriterSize(p.file, 64<<10)
	var block [4096]float32
	var bytes [len(block) * frameBytes]byte
	for {
		n, err := s.Read(block[:])
		for i, x := range block[:n] {
			binary.LittleEndian.PutUint32(bytes[i*frameBytes:], math.Float32bits(x))
		}
		if p.length += audio.Frames(n); p.length > most {
			return fault.New(fault.InvalidArgument, "What a par, a seq or an audio holds is longer than %v in all. Shorten it.", MaxSpool)
		}
		if _, err := w.Write(bytes[:n*frameBytes]); err != nil {
			return fmt.Errorf("keeping a sound for mixing: %w", err)
		}
		if err == io.EOF {
			return w.Flush()
		}
		if err != nil {
			return err
		}
	}
}

// play is the sound from its start, until ctx ends. Several may play at once.
func (p *spool) play(ctx context.Context) audio.Stream {
	whole := io.NewSectionReader(p.file, 0, p.length*frameBytes)
	return audio.WithContext(ctx, &playing{rate: p.rate, from: bufio.NewReaderSize(whole, 32<<10)})
}

func (p *spool) Close() { p.file.Close() }

type playing struct {
	rate audio.SampleRate
	from *bufio.Reader
	err  error
}

func (p *playing) SampleRate() audio.SampleRate { return p.rate }

func (p *playing) Read(frames []float32) (int, error) {
	if len(frames) == 0 || p.err != nil {
		return 0, p.err
	}
	var bytes [1024 * frameBytes]byte
	n := min(len(frames), len(bytes)/frameBytes)
	got, err := io.ReadFull(p.from, bytes[:n*frameBytes])
	n = got / frameBytes
	for i := range n {
		frames[i] = math.Float32frombits(binary.LittleEndian.Uint32(bytes[i*frameBytes:]))
	}
	switch {
	case n > 0:
		return n, nil
	case err == io.ErrUnexpectedEOF:
		err = io.EOF
	}
	p.err = err
	return 0, err
}
