//go:build cgo && !nomp3

package mp3

/*
#cgo linux LDFLAGS: -l:libmp3lame.a -lm -Wl,--wrap=exit -Wl,--wrap=__assert_fail
#cgo !linux LDFLAGS: -lmp3lame
#include <stdlib.h>
#include "ending.h"

static void quiet(const char *format, va_list ap) {}

static lame_t begin(int rate) {
	lame_t l = lame_init();
	if (!l) return NULL;
	lame_set_errorf(l, quiet);
	lame_set_debugf(l, quiet);
	lame_set_msgf(l, quiet);
	lame_set_num_channels(l, 1);
	lame_set_mode(l, MONO);
	lame_set_in_samplerate(l, rate);
	lame_set_out_samplerate(l, rate);
	lame_set_quality(l, 7);
	lame_set_disable_reservoir(l, 1);
	lame_set_bWriteVbrTag(l, 0);
	lame_set_write_id3tag_automatic(l, 0);
	return l;
}

static lame_t ready(lame_t l) {
	if (l && lame_init_params(l) < 0) {
		lame_close(l);
		return NULL;
	}
	return l;
}

// Noise is shaped by the encoder of variable bit rates, which has one to choose from:
// it finds the scales of all bands at once, where that of constant ones tries again and
// again. At quality 7 it guesses them from the bands' loudest lines.
static lame_t shaping(int rate, int kbps, int effort, int lowpass) {
	lame_t l = begin(rate);
	if (!l) return NULL;
	lame_set_VBR(l, vbr_mtrh);
	lame_set_VBR_q(l, effort);
	lame_set_VBR_min_bitrate_kbps(l, kbps);
	lame_set_VBR_max_bitrate_kbps(l, kbps);
	lame_set_VBR_hard_min(l, 1);
	lame_set_lowpassfreq(l, lowpass);
	return ready(l);
}

// The preset is for the thresholds of short blocks, which are then those of the other;
// the scale is for LAME's own, which it has at low constant bit rates.
static lame_t plain(int rate, int kbps, int effort, int lowpass) {
	lame_t l = begin(rate);
	if (!l) return NULL;
	lame_set_VBR(l, vbr_mtrh);
	lame_set_preset(l, 500 - 10 * effort);
	lame_set_VBR(l, vbr_off);
	lame_set_brate(l, kbps);
	lame_set_scale(l, 1 / 0.95);
	lame_set_lowpassfreq(l, lowpass);
	return ready(l);
}
*/
import "C"

import (
	"errors"
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
	name    string
	kbps    int
	effort  int // of LAME's variable bit rate, from 0 (most) to 9: how much noise it aims at
	lowpass int // in hertz
}

var (
	codec32 = codec{"MP3", 32, 5, 8250}
	codec64 = codec{"MP3_64_KBPS", 64, 4, 16500}
)

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

// coder is LAME, and for 24,000 Hz another one that shapes no noise: from the same
// sound it makes blocks of the same kinds, so that a packet of it can stand where a
// disputed one would. It is asked for those alone, and hears a little more.
type coder struct {
	shaping, plain *lame
	unheard        [][]int16 // by plain: the last blocks, this one among them
}

// memory is the blocks after which LAME makes of the last what it makes of it when it
// has heard all (5 are nearly enough, 3 are not).
const memory = 7

// lame is one encoder.
type lame struct {
	of      C.lame_t
	cleanup runtime.Cleanup
	packet  [4096]byte
	ended   bool   // by an exit of LAME's: what it holds is in no order
	instead ending // for the test
}

// ending is what LAME does instead of its work.
type ending int

const (
	works   ending = C.LAME_WORKS
	exits   ending = C.LAME_EXITS
	asserts ending = C.LAME_ASSERTS
)

// errEnded is the error of an encoder that would have ended the program.
var errEnded = errors.New("LAME cannot make a packet of this sound, and gave up")

func (c codec) NewCoder(rate audio.SampleRate) (packets.Coder, error) {
	var e coder
	var err error
	hertz, kbps, effort, lowpass := C.int(rate), C.int(c.kbps), C.int(c.effort), C.int(c.lowpass)
	if e.shaping, err = hold(C.shaping(hertz, kbps, effort, lowpass)); err == nil && rate == 24000 {
		e.plain, err = hold(C.plain(hertz, kbps, effort, lowpass))
	}
	if err != nil {
		e.Close()
		return nil, fmt.Errorf("LAME does not start at %v and %d kbit/s", rate, c.kbps)
	}
	return &e, nil
}

func hold(of C.lame_t) (*lame, error) {
	if of == nil {
		return nil, errors.New("no memory, or settings that LAME does not have")
	}
	l := &lame{of: of}
	l.cleanup = runtime.AddCleanup(l, func(of C.lame_t) { C.lame_close(of) }, of)
	return l, nil
}

func (e *coder) Joint() error { return nil } // packets are complete in themselves

func (e *coder) Encode(block []int16) ([]byte, error) {
	packet, err := e.shaping.encode(block)
	if err != nil || e.plain == nil {
		return packet, err
	}
	e.keep(block)
	if len(packet) == 0 || !disputed(packet) {
		return packet, nil
	}
	var other []byte
	for _, block := range e.unheard {
		if other, err = e.plain.encode(block); err != nil {
			return nil, err
		}
	}
	e.unheard = e.unheard[:0]
	if kind(other) != kind(packet) {
		return packet, nil // the halves of windows would not meet
	}
	return other, nil
}

// keep has the block be the last of those that plain has not heard.
func (e *coder) keep(block []int16) {
	n := len(e.unheard)
	switch {
	case n == memory:
		oldest := e.unheard[0]
		copy(e.unheard, e.unheard[1:])
		e.unheard[n-1] = append(oldest[:0], block...)
	case n < cap(e.unheard):
		e.unheard = e.unheard[:n+1]
		e.unheard[n] = append(e.unheard[n][:0], block...)
	default:
		e.unheard = append(e.unheard, slices.Clone(block))
	}
}

func (e *coder) Close() {
	for _, l := range []*lame{e.shaping, e.plain} {
		if l != nil && l.of != nil {
			l.cleanup.Stop()
			C.lame_close(l.of)
			l.of = nil
		}
	}
}

func (l *lame) encode(block []int16) ([]byte, error) {
	if l.ended {
		return nil, errEnded
	}
	n := C.encode_guarded(l.of, (*C.short)(unsafe.SliceData(block)), C.int(len(block)),
		(*C.uchar)(unsafe.SliceData(l.packet[:])), C.int(len(l.packet)), C.int(l.instead))
	if n == C.LAME_ENDED {
		l.ended = true
		return nil, errEnded
	}
	if n < 0 {
		return nil, fmt.Errorf("LAME fails with %d", int(n))
	}
	if n == 0 {
		return nil, nil
	}
	packet := l.packet[:n]
	h, err := readHeader(packet)
	if err == nil && h.size() != len(packet) {
		err = fmt.Errorf("LAME gave %d bytes for a packet of %d", len(packet), h.size())
	}
	return packet, err
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
