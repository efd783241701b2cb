package audio

import (
	"context"
	"io"
)

// framesBetweenLooks is the most sound that passes between two looks at a
// context: 64 KiB of float32.
const framesBetweenLooks = 16 << 10

// WithContext is s for as long as ctx goes on. Once ctx has ended every Read
// returns its cause, unless s had ended before; no Read of s takes more than
// 16,384 frames. What is a [PCMStream] stays one.
//
// It stands around every sound that lasts: whatever pulls (an encoder, a spool,
// a mixer that skips) then stops without knowing of contexts itself.
func WithContext(ctx context.Context, s Stream) Stream {
	heeding := &heedful{ctx: ctx, sound: s}
	if pcm, ok := s.(PCMStream); ok {
		return &heedfulPCM{heeding, pcm}
	}
	return heeding
}

type heedful struct {
	ctx   context.Context
	sound Stream
	err   error
}

func (h *heedful) SampleRate() SampleRate { return h.sound.SampleRate() }

func (h *heedful) Read(p []float32) (int, error) { return look(h, p, h.sound.Read) }

// Rest implements Resting.
func (h *heedful) Rest(most Frames) Frames {
	if h.err != nil || h.ctx.Err() != nil {
		return 0
	}
	return Rest(h.sound, most)
}

type heedfulPCM struct {
	*heedful
	pcm PCMStream
}

func (h *heedfulPCM) ReadFrames(p []int16) (int, error) { return look(h.heedful, p, h.pcm.ReadFrames) }

// look reads some frames if the context goes on.
func look[T float32 | int16](h *heedful, p []T, read func([]T) (int, error)) (int, error) {
	if len(p) == 0 || h.err != nil {
		return 0, h.err
	}
	if h.ctx.Err() != nil {
		h.err = context.Cause(h.ctx)
		return 0, h.err
	}
	n, err := read(p[:min(len(p), framesBetweenLooks)])
	h.err = err
	return n, err
}

// WriterWithContext is w for as long as ctx goes on: once ctx has ended every
// Write returns its cause and writes nothing. It looks at least every 64 KiB.
func WriterWithContext(ctx context.Context, w io.Writer) io.Writer { return heedfulWriter{ctx, w} }

const bytesBetweenLooks = 64 << 10

type heedfulWriter struct {
	ctx context.Context
	w   io.Writer
}

// WriteZeros implements ZeroWriter.
func (h heedfulWriter) WriteZeros(n int64) error {
	if z, ok := h.w.(ZeroWriter); ok && h.ctx.Err() == nil {
		return z.WriteZeros(n)
	}
	return WriteZeros(writerOnly{h}, n) // looks at the context for each block
}

// writerOnly hides what else a writer can do.
type writerOnly struct{ io.Writer }

func (h heedfulWriter) Write(p []byte) (int, error) {
	written := 0
	for {
		if h.ctx.Err() != nil {
			return written, context.Cause(h.ctx)
		}
		n, err := h.w.Write(p[:min(len(p), bytesBetweenLooks)])
		written += n
		if p = p[n:]; err != nil || len(p) == 0 {
			return written, err
		}
	}
}
