// Package packets makes a format of a codec: something that turns blocks of
// equal length into packets, each of which a decoder understands after some
// packets before it, and a container that holds packets.
//
// The author of a codec implements [Codec]; [New] adds what all have in
// common: blocks, the beginning and end of the sound, encoding in pieces.
//
// # Joints
//
// Packet k is made of the blocks up to k + Lag. A file's packets are made by
// one [Coder] for each piece of about a minute. Piece i gives the packets from
// i*P up to (i+1)*P; its coder begins Lead packets earlier, with real sound,
// and what it gives until i*P is thrown away. So all coders cut the sound at
// the same places, no sample is added or lost at a joint, windows that overlap
// the joint are halves of the same window, and a coder has heard what the one
// before it has heard last. What it cannot know is history older than the lead:
// a codec is fit for this when that does not matter, or when it can be told
// ([Coder.Joint]) not to lean on it.
//
// A file encoded in one go is made of the same pieces, so that its bytes are
// the same.
package packets

import (
	"io"
	"iter"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// Codec is what the author of a codec implements. It is immutable and safe for
// concurrent use.
type Codec interface {
	// Name is the encoding as the API names it.
	Name() string
	// CanCarry reports whether the codec carries sound at rate.
	CanCarry(rate audio.SampleRate) bool
	// Framing says how the codec cuts sound at rate, which it can carry.
	Framing(rate audio.SampleRate) Framing
	// NewCoder starts a coder at a block of the sound.
	NewCoder(rate audio.SampleRate) (Coder, error)
	// Mux writes the file of all packets of a sound of frames frames onto w,
	// in order. packets may be ranged over more than once; a packet is valid
	// until the next, and the first error ends it.
	Mux(w io.Writer, rate audio.SampleRate, frames audio.Frames, packets iter.Seq2[[]byte, error]) error
}

// Framing is how a codec cuts sound, in frames of its rate.
type Framing struct {
	// Block is how many frames one packet stands for.
	Block int
	// Delay is how many frames a decoder gives before the sound's first.
	Delay int
	// Lag is how many blocks after its own a packet is ready.
	Lag int
	// Lead is how many packets a coder needs to forget that it did not hear
	// the sound from its beginning.
	Lead int
	// Least is how many packets a file must have for players to know it.
	Least int
}

// Coder encodes blocks in order. One goroutine uses it.
type Coder interface {
	// Encode takes a whole block and returns the packet that became ready,
	// valid until the next call; the first Lag calls return none.
	Encode(block []int16) (packet []byte, err error)
	// Joint says that the packet of the next call is the first one of a
	// piece: the decoder has heard another coder's packets before it.
	Joint() error
	// Close frees what the coder holds.
	Close()
}

// Streamer is a Codec whose container needs to know nothing beforehand.
type Streamer interface {
	Codec
	// NewStream starts a file on w.
	NewStream(w io.Writer, rate audio.SampleRate) (Stream, error)
}

// Stream writes one file as its packets become ready.
type Stream interface {
	Packet(packet []byte) error
	// Close ends a file of frames frames.
	Close(frames audio.Frames) error
}

// Flusher is a Stream that gathers packets.
type Flusher interface {
	Stream
	// Flush writes what is gathered.
	Flush() error
}

// New makes a format of a codec. Its pieces are of about a minute: a shorter
// one repeats more, the lead-in; a longer one is more to do again after a crash.
func New(c Codec) driver.Pieces { return Sized(c, 60) }

// Sized is New with pieces of that many seconds. It is for tests, which want
// more joints, or (with [Whole]) none.
func Sized(c Codec, seconds int) driver.Pieces { return &format{Codec: c, seconds: seconds} }

// Whole is longer than any sound.
const Whole = 1 << 30

type format struct {
	Codec
	seconds int
}

// layout is where the pieces of a sound are, in blocks and packets.
type layout struct {
	Framing
	piece int64 // packets of a piece
}

func (f *format) layout(rate audio.SampleRate) layout {
	l := layout{Framing: f.Framing(rate)}
	l.piece = max(int64(f.seconds)*int64(rate)/int64(l.Block), 1)
	return l
}

// packets is how many packets a decoder needs to give all of frames.
func (l layout) packets(frames audio.Frames) int64 {
	block := int64(l.Block)
	return max((max(frames, 0)+int64(l.Delay)+block-1)/block, int64(l.Least), 1)
}

// first is the block at which the coder of piece i begins.
func (l layout) first(i int64) int64 { return max(i*l.piece-int64(l.Lead), 0) }

// Count implements driver.Pieces.
func (f *format) Count(rate audio.SampleRate, frames audio.Frames) int {
	l := f.layout(rate)
	return int((l.packets(frames) + l.piece - 1) / l.piece)
}

// Span implements driver.Pieces.
func (f *format) Span(rate audio.SampleRate, i int) (from, to audio.Frames) {
	l := f.layout(rate)
	return l.first(int64(i)) * int64(l.Block), ((int64(i)+1)*l.piece + int64(l.Lag)) * int64(l.Block)
}

// Copy writes packets onto w, one behind the other, as many containers hold them.
func Copy(w io.Writer, packets iter.Seq2[[]byte, error]) error {
	for packet, err := range packets {
		if err != nil {
			return err
		}
		if _, err := w.Write(packet); err != nil {
			return err
		}
	}
	return nil
}
