package packets

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
)

// A piece is kept as its packets, each after its length in two bytes.
const (
	lengthBytes = 2
	longest     = math.MaxUint16
	readBuffer  = 64 << 10
)

type packetBuffer [longest]byte

func writePacket(w io.Writer, packet []byte) error {
	if len(packet) > longest {
		return fmt.Errorf("a packet of %d bytes", len(packet))
	}
	var length [lengthBytes]byte
	binary.LittleEndian.PutUint16(length[:], uint16(len(packet)))
	if _, err := w.Write(length[:]); err != nil {
		return err
	}
	_, err := w.Write(packet)
	return err
}

// readPackets yields the packets of a piece and reports whether to go on with
// the next piece.
func readPackets(r io.Reader, buffer *packetBuffer, yield func([]byte, error) bool) bool {
	for {
		var length [lengthBytes]byte
		if _, err := io.ReadFull(r, length[:]); err == io.EOF {
			return true
		} else if err != nil {
			yield(nil, err)
			return false
		}
		packet := buffer[:binary.LittleEndian.Uint16(length[:])]
		if _, err := io.ReadFull(r, packet); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			yield(nil, err)
			return false
		}
		if !yield(packet, nil) {
			return false
		}
	}
}

// NewPiece implements driver.Pieces.
func (f *format) NewPiece(w io.Writer, rate audio.SampleRate, i int, frames audio.Frames) (driver.Encoder, error) {
	l := f.layout(rate)
	c, err := f.newCoding(rate, l, int64(i))
	if err != nil {
		return nil, err
	}
	if frames >= 0 {
		c.to = min(c.to, l.packets(frames))
	}
	p := &pieceEncoder{coding: c, w: bufio.NewWriterSize(w, readBuffer), open: frames < 0}
	p.blocks = newBlocks(l.Block, p.encode)
	return p, nil
}

// pieceEncoder writes one piece.
type pieceEncoder struct {
	blocks
	coding *coding
	w      *bufio.Writer
	open   bool // the sound goes on beyond the piece
}

func (p *pieceEncoder) encode(block []int16) error {
	if p.coding.done() {
		return errors.New("more sound than the piece's span")
	}
	packet, err := p.coding.encode(block)
	if err != nil || packet == nil {
		return err
	}
	return writePacket(p.w, packet)
}

func (p *pieceEncoder) Close() error {
	defer p.coding.coder.Close()
	for !p.coding.done() {
		if p.open {
			return errors.New("less sound than the piece's span")
		}
		if err := p.silence(); err != nil {
			return err
		}
	}
	return p.w.Flush()
}

// Mux implements driver.Pieces, over the codec's, which knows no pieces.
func (f *format) Mux(w io.Writer, rate audio.SampleRate, frames audio.Frames, open func(int) (io.ReadCloser, error)) error {
	count := f.Count(rate, frames)
	packets := f.layout(rate).packets(frames)
	return f.Codec.Mux(w, rate, frames, func(yield func([]byte, error) bool) {
		var buffer packetBuffer
		n := int64(0)
		counting := func(packet []byte, err error) bool {
			n++
			return yield(packet, err)
		}
		for i := range count {
			piece, err := open(i)
			if err != nil {
				yield(nil, err)
				return
			}
			on := readPackets(bufio.NewReaderSize(piece, readBuffer), &buffer, counting)
			if err := piece.Close(); on && err != nil {
				yield(nil, err)
				return
			}
			if !on {
				return
			}
		}
		if n != packets {
			yield(nil, fmt.Errorf("%d packets of %d", n, packets))
		}
	})
}
