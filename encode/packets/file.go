package packets

import (
	"bytes"
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// NewEncoder implements driver.Format. Unless the codec is a Streamer, nothing
// is written before Close: its container begins with what only the end tells.
func (f *format) NewEncoder(w io.Writer, rate audio.SampleRate, frames audio.Frames) (driver.Encoder, error) {
	e := &fileEncoder{format: f, rate: rate, layout: f.layout(rate)}
	if s, ok := f.Codec.(Streamer); ok {
		stream, err := s.NewStream(w, rate)
		if err != nil {
			return nil, err
		}
		e.to = stream
	} else {
		e.to = &held{format: f, w: w, rate: rate}
	}
	e.blocks = newBlocks(e.Block, e.encode)
	return driver.CheckLength(e, frames), nil
}

// fileEncoder makes a whole file: the codings of its pieces one after the
// other, each begun before the one before it ends.
type fileEncoder struct {
	blocks
	layout
	format *format
	rate   audio.SampleRate
	to     Stream

	frames  audio.Frames
	block   int64     // the next one
	piece   int64     // the next one to begin
	codings []*coding // under way
	given   int64     // packets
}

func (e *fileEncoder) Encode(frames []float32) error {
	e.frames += int64(len(frames))
	return e.blocks.Encode(frames)
}

func (e *fileEncoder) EncodeFrames(samples []int16) error {
	e.frames += int64(len(samples))
	return e.blocks.EncodeFrames(samples)
}

func (e *fileEncoder) encode(block []int16) error {
	for e.first(e.piece) == e.block {
		c, err := e.format.newCoding(e.rate, e.layout, e.piece)
		if err != nil {
			return err
		}
		e.codings = append(e.codings, c)
		e.piece++
	}
	e.block++
	for _, c := range e.codings {
		packet, err := c.encode(block)
		if err != nil {
			return err
		}
		if packet == nil {
			continue
		}
		if err := e.to.Packet(packet); err != nil {
			return err
		}
		e.given++
	}
	for len(e.codings) > 0 && e.codings[0].done() {
		e.codings[0].coder.Close()
		e.codings = e.codings[1:]
	}
	return nil
}

// Flush implements driver.Flusher. The block that is begun stays, and what the
// container cannot write yet.
func (e *fileEncoder) Flush() error {
	if f, ok := e.to.(Flusher); ok {
		return f.Flush()
	}
	return nil
}

func (e *fileEncoder) Close() error {
	for e.given < e.packets(e.frames) {
		if err := e.silence(); err != nil {
			return err
		}
	}
	for _, c := range e.codings {
		c.coder.Close()
	}
	return e.to.Close(e.frames)
}

// held keeps packets until the file's length is known.
type held struct {
	format *format
	w      io.Writer
	rate   audio.SampleRate
	piece  bytes.Buffer
}

func (h *held) Packet(packet []byte) error { return writePacket(&h.piece, packet) }

func (h *held) Close(frames audio.Frames) error {
	return h.format.Codec.Mux(h.w, h.rate, frames, func(yield func([]byte, error) bool) {
		readPackets(bytes.NewReader(h.piece.Bytes()), new(packetBuffer), yield)
	})
}
