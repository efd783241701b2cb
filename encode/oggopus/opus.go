//go:build cgo && !noopus

package oggopus

/*
#cgo linux LDFLAGS: -l:libopus.a -lm
#cgo !linux LDFLAGS: -lopus
#include <opus/opus.h>

// start makes an encoder in memory of opus_encoder_get_size(1) bytes.
static int start(OpusEncoder *e, int rate, int bits, int complexity, int *lookahead) {
	int err = opus_encoder_init(e, rate, 1, OPUS_APPLICATION_AUDIO);
	if (!err) err = opus_encoder_ctl(e, OPUS_SET_BITRATE(bits));
	if (!err) err = opus_encoder_ctl(e, OPUS_SET_COMPLEXITY(complexity));
	if (!err) err = opus_encoder_ctl(e, OPUS_SET_SIGNAL(OPUS_SIGNAL_MUSIC));
	if (!err) err = opus_encoder_ctl(e, OPUS_GET_LOOKAHEAD(lookahead));
	return err;
}

static int independent(OpusEncoder *e, int on) {
	return opus_encoder_ctl(e, OPUS_SET_PREDICTION_DISABLED(on));
}
*/
import "C"

import (
	"fmt"
	"io"
	"iter"
	"unsafe"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/packets"
)

const (
	bitsPerSecond = 32000
	complexity    = 5
	blocksASecond = 50
	longestPacket = 1275
)

// Format is the encoding OGG_OPUS.
func Format() driver.Format { return packets.New(codec{}) }

type codec struct{}

func (codec) Name() string { return encodingName }

func (codec) CanCarry(rate audio.SampleRate) bool {
	switch rate {
	case 8000, 12000, 16000, 24000, 48000:
		return true
	}
	return false
}

// Framing implements packets.Codec. The lead is for what steers the bit rate,
// which remembers longest: a quarter of it was measurably worse at joints.
func (codec) Framing(rate audio.SampleRate) packets.Framing {
	return packets.Framing{Block: int(rate) / blocksASecond, Delay: int(rate) / 1000 * 13 / 2, Lag: 0, Lead: 50}
}

// coder is an encoder of libopus. Its state has no pointers to memory of its
// own, so it lives in Go's.
type coder struct {
	state   []uint64
	packet  [longestPacket]byte
	atJoint bool
}

func (c codec) NewCoder(rate audio.SampleRate) (packets.Coder, error) {
	e := &coder{state: make([]uint64, (C.opus_encoder_get_size(1)+7)/8)}
	var lookahead C.int
	if err := C.start(e.encoder(), C.int(rate), bitsPerSecond, complexity, &lookahead); err != C.OPUS_OK {
		return nil, fmt.Errorf("libopus does not start at %v: %w", rate, fault(err))
	}
	if int(lookahead) != c.Framing(rate).Delay {
		return nil, fmt.Errorf("libopus looks %d frames ahead at %v, not %d", lookahead, rate, c.Framing(rate).Delay)
	}
	return e, nil
}

func (e *coder) encoder() *C.OpusEncoder {
	return (*C.OpusEncoder)(unsafe.Pointer(unsafe.SliceData(e.state)))
}

// Joint makes the next packet one that does not lean on those before it.
func (e *coder) Joint() error {
	e.atJoint = true
	return fault(C.independent(e.encoder(), 1))
}

func (e *coder) Encode(block []int16) ([]byte, error) {
	n := C.opus_encode(e.encoder(), (*C.opus_int16)(unsafe.SliceData(block)), C.int(len(block)),
		(*C.uchar)(unsafe.SliceData(e.packet[:])), longestPacket)
	if n < 0 {
		return nil, fault(n)
	}
	if e.atJoint {
		e.atJoint = false
		if err := fault(C.independent(e.encoder(), 0)); err != nil {
			return nil, err
		}
	}
	return e.packet[:n], nil
}

func (e *coder) Close() {}

// fault is an error of libopus, or nil.
func fault(code C.int) error {
	if code == C.OPUS_OK {
		return nil
	}
	return fmt.Errorf("libopus: %s", C.GoString(C.opus_strerror(code)))
}

// NewStream implements packets.Streamer.
func (c codec) NewStream(w io.Writer, rate audio.SampleRate) (packets.Stream, error) {
	f := c.Framing(rate)
	return newStream(w, rate, f.Delay, f.Block)
}

// Mux implements packets.Codec.
func (c codec) Mux(w io.Writer, rate audio.SampleRate, frames audio.Frames, all iter.Seq2[[]byte, error]) error {
	s, err := c.NewStream(w, rate)
	if err != nil {
		return err
	}
	for packet, err := range all {
		if err != nil {
			return err
		}
		if err := s.Packet(packet); err != nil {
			return err
		}
	}
	return s.Close(frames)
}
