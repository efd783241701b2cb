//go:build cgo && !nomp3

package mp3

/*
#cgo linux LDFLAGS: -l:libmp3lame.a -lm
#cgo !linux LDFLAGS: -lmp3lame
#include <stdlib.h>
#include <lame/lame.h>

static void quiet(const char *format, va_list ap) {}

static lame_t start(int rate, int kbps, int quality) {
	lame_t l = lame_init();
	if (!l) return NULL;
	lame_set_errorf(l, quiet);
	lame_set_debugf(l, quiet);
	lame_set_msgf(l, quiet);
	lame_set_num_channels(l, 1);
	lame_set_mode(l, MONO);
	lame_set_in_samplerate(l, rate);
	lame_set_out_samplerate(l, rate);
	lame_set_VBR(l, vbr_off);
	lame_set_brate(l, kbps);
	lame_set_quality(l, quality);
	lame_set_disable_reservoir(l, 1);
	lame_set_bWriteVbrTag(l, 0);
	lame_set_write_id3tag_automatic(l, 0);
	if (lame_init_params(l) < 0) {
		lame_close(l);
		return NULL;
	}
	return l;
}

static int encode(lame_t l, const short *block, int frames, unsigned char *to, int size) {
	return lame_encode_buffer(l, block, block, frames, to, size);
}
*/
import "C"

import (
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"unsafe"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/packets"
)

// MP3 is the encoding MP3: 32 kbit/s.
func MP3() driver.Format { return packets.New(codec32) }

// MP3Kbps64 is the encoding MP3_64_KBPS: 64 kbit/s.
func MP3Kbps64() driver.Format { return packets.New(codec64) }

// codec is LAME at one bit rate.
type codec struct {
	name string
	kbps int
}

var codec32, codec64 = codec{"MP3", 32}, codec{"MP3_64_KBPS", 64}

// quality is LAME's effort, from 0 (most) to 9. Better ones than 7 shape noise,
// and then LAME now and then gives bands above its low-pass a gain that some
// decoders (ffmpeg's) make a loud burst of: measured in 1 of 2,000 packets.
const quality = 7

var rates = []audio.SampleRate{8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000}

func (c codec) Name() string                        { return c.name }
func (c codec) CanCarry(rate audio.SampleRate) bool { return slices.Contains(rates, rate) }

// Framing implements packets.Codec. The lead is for LAME's model of what can
// be heard, which remembers some packets. ffmpeg does not know files of fewer
// packets than Least; more would be more padding than an Info frame can tell.
func (c codec) Framing(rate audio.SampleRate) packets.Framing {
	f := packets.Framing{Block: 576, Delay: encoderDelay + decoderDelay, Lag: 1, Lead: 16, Least: 8}
	if rate >= 32000 {
		f.Block, f.Least = 1152, 4
	}
	return f
}

type coder struct {
	lame    C.lame_t
	block   int
	cleanup runtime.Cleanup
	packet  [4096]byte
}

func (c codec) NewCoder(rate audio.SampleRate) (packets.Coder, error) {
	lame := C.start(C.int(rate), C.int(c.kbps), quality)
	if lame == nil {
		return nil, fmt.Errorf("LAME does not start at %v and %d kbit/s", rate, c.kbps)
	}
	e := &coder{lame: lame, block: c.Framing(rate).Block}
	e.cleanup = runtime.AddCleanup(e, func(l C.lame_t) { C.lame_close(l) }, lame)
	return e, nil
}

func (e *coder) Joint() error { return nil } // packets are complete in themselves

func (e *coder) Encode(block []int16) ([]byte, error) {
	n := C.encode(e.lame, (*C.short)(unsafe.SliceData(block)), C.int(len(block)),
		(*C.uchar)(unsafe.SliceData(e.packet[:])), C.int(len(e.packet)))
	if n < 0 {
		return nil, fmt.Errorf("LAME fails with %d", int(n))
	}
	if n == 0 {
		return nil, nil
	}
	packet := e.packet[:n]
	h, err := readHeader(packet)
	if err == nil && h.size() != len(packet) {
		err = fmt.Errorf("LAME gave %d bytes for a packet of %d", len(packet), h.size())
	}
	return packet, err
}

func (e *coder) Close() {
	if e.lame != nil {
		e.cleanup.Stop()
		C.lame_close(e.lame)
		e.lame = nil
	}
}

// Mux implements packets.Codec: an Info frame and the packets.
func (c codec) Mux(w io.Writer, rate audio.SampleRate, frames audio.Frames, all iter.Seq2[[]byte, error]) error {
	var count, size int64
	var first header
	for packet, err := range all {
		if err == nil && count == 0 {
			first, err = readHeader(packet)
		}
		if err != nil {
			return err
		}
		count, size = count+1, size+int64(len(packet))
	}
	padding := count*int64(c.Framing(rate).Block) - encoderDelay - frames
	info, err := infoFrame(first, count, size, padding)
	if err != nil {
		return err
	}
	if _, err := w.Write(info); err != nil {
		return err
	}
	return packets.Copy(w, all)
}
