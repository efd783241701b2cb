//go:build cgo && !noaac

package m4a

/*
#cgo linux LDFLAGS: -l:libvo-aacenc.a
#cgo !linux LDFLAGS: -lvo-aacenc
#include <stdlib.h>
#include <vo-aacenc/voAAC.h>
#include <vo-aacenc/cmnMemory.h>

typedef struct {
	VO_AUDIO_CODECAPI api;
	VO_HANDLE handle;
	VO_MEM_OPERATOR memory; // the library keeps its address
	VO_CODEC_INIT_USERDATA init;
} aac;

static void finish(aac *a) {
	if (a->handle) a->api.Uninit(a->handle);
	free(a);
}

static aac *start(int rate, int bits) {
	aac *a = calloc(1, sizeof *a);
	if (!a) return NULL;
	a->memory.Alloc = cmnMemAlloc;
	a->memory.Copy = cmnMemCopy;
	a->memory.Free = cmnMemFree;
	a->memory.Set = cmnMemSet;
	a->memory.Check = cmnMemCheck;
	a->init.memflag = VO_IMF_USERMEMOPERATOR;
	a->init.memData = &a->memory;
	AACENC_PARAM p = { .sampleRate = rate, .bitRate = bits, .nChannels = 1, .adtsUsed = 0 };
	voGetAACEncAPI(&a->api);
	if (a->api.Init(&a->handle, VO_AUDIO_CodingAAC, &a->init) != VO_ERR_NONE ||
	    a->api.SetParam(a->handle, VO_PID_AAC_ENCPARAM, &p) != VO_ERR_NONE) {
		finish(a);
		return NULL;
	}
	return a;
}

// encode returns the packet's length, or -1.
static int encode(aac *a, const short *block, int frames, unsigned char *to, int size) {
	VO_CODECBUFFER in = { .Buffer = (VO_PBYTE)block, .Length = 2 * frames };
	VO_CODECBUFFER out = { .Buffer = to, .Length = size };
	VO_AUDIO_OUTPUTINFO used = { 0 };
	if (a->api.SetInputData(a->handle, &in) != VO_ERR_NONE) return -1;
	if (a->api.GetOutputData(a->handle, &out, &used) != VO_ERR_NONE) return -1;
	return out.Length;
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

// Format is the encoding M4A.
func Format() driver.Format { return packets.New(codec{}) }

type codec struct{}

func (codec) Name() string { return encodingName }

func (codec) CanCarry(rate audio.SampleRate) bool { return rate > 0 && slices.Contains(rates, rate) }

// delay is how late a decoder gives what libvo-aacenc heard: the overlap of a
// window and what it looks ahead for attacks.
const delay = 1600

// Framing implements packets.Codec. The lead fills the coder's reservoir of bits
// as it would be without a joint; half of it cost up to 2 dB after one.
func (codec) Framing(audio.SampleRate) packets.Framing {
	return packets.Framing{Block: blockFrames, Delay: delay, Lag: 0, Lead: 64}
}

type coder struct {
	aac     *C.aac
	cleanup runtime.Cleanup
	packet  [2048]byte
}

func (codec) NewCoder(rate audio.SampleRate) (packets.Coder, error) {
	aac := C.start(C.int(rate), C.int(bitRate(rate)))
	if aac == nil {
		return nil, fmt.Errorf("libvo-aacenc does not start at %v", rate)
	}
	e := &coder{aac: aac}
	e.cleanup = runtime.AddCleanup(e, func(a *C.aac) { C.finish(a) }, aac)
	return e, nil
}

func (e *coder) Joint() error { return nil } // packets are complete in themselves

func (e *coder) Encode(block []int16) ([]byte, error) {
	n := C.encode(e.aac, (*C.short)(unsafe.SliceData(block)), C.int(len(block)),
		(*C.uchar)(unsafe.SliceData(e.packet[:])), C.int(len(e.packet)))
	if n <= 0 {
		return nil, fmt.Errorf("libvo-aacenc gives no packet")
	}
	return e.packet[:n], nil
}

func (e *coder) Close() {
	if e.aac != nil {
		e.cleanup.Stop()
		C.finish(e.aac)
		e.aac = nil
	}
}

// Mux implements packets.Codec: the index and the packets.
func (codec) Mux(w io.Writer, rate audio.SampleRate, frames audio.Frames, all iter.Seq2[[]byte, error]) error {
	t := &track{rate: rate, frames: frames, delay: delay, sizes: make([]byte, 0, 4*((frames+delay)/blockFrames+1))}
	for packet, err := range all {
		if err != nil {
			return err
		}
		t.add(len(packet))
	}
	for _, part := range t.header() {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return packets.Copy(w, all)
}
