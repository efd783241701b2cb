package clip

import (
	"encoding/binary"
	"math"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/fault"
)

func isWAV(b []byte) bool {
	return (hasAt(b, 0, "RIFF") || hasAt(b, 0, "RF64")) && hasAt(b, 8, "WAVE")
}

// Rates that speech and music are recorded at. Others are not worth what
// resampling from them would cost.
const (
	minRate = 8000
	maxRate = 192000
)

const (
	wavePCM        = 1
	waveFloat      = 3
	waveExtensible = 0xfffe
)

// openWAV finds the fmt and data chunks (Microsoft, "Multiple channel audio
// data and WAVE files"). Sizes beyond the file end at its end, as those of
// streams that did not know theirs do.
func openWAV(b []byte, most limits) (*track, error) {
	w := &wav{}
	for at := 12; at+8 <= len(b); {
		size := int64(binary.LittleEndian.Uint32(b[at+4:]))
		body := b[at+8:]
		body = body[:min(size, int64(len(body)))]
		switch name := string(b[at : at+4]); {
		case name == "fmt " && w.rate == 0:
			if err := w.readFormat(body); err != nil {
				return nil, err
			}
		case name == "data" && w.rate == 0:
			return nil, fault.New(fault.InvalidArgument, "The clip is a WAV file without a format before its samples.")
		case name == "data":
			w.samples = body[:len(body)/w.width*w.width]
			t := &track{format: "WAV", rate: w.rate, packets: w, frames: int64(len(w.samples) / w.width)}
			if w.rate.Duration(t.frames) > most.duration {
				return nil, tooLong(most)
			}
			return t, nil
		}
		at += 8 + len(body) + len(body)%2
	}
	return nil, fault.New(fault.InvalidArgument, "The clip is a WAV file without samples.")
}

// wav is the decoder: every 1,024 frames are a packet.
type wav struct {
	rate     audio.SampleRate
	channels int
	width    int                  // bytes of a frame
	sample   func([]byte) float32 // of one channel
	samples  []byte
	block    [2 * 1024]float32
}

func (w *wav) readFormat(b []byte) error {
	unknown := fault.New(fault.InvalidArgument, "The clip is a WAV file in an encoding that cannot be played; use 16-bit PCM.")
	if len(b) < 16 {
		return unknown
	}
	tag, channels, rate := binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:]), binary.LittleEndian.Uint32(b[4:])
	align, bits := int(binary.LittleEndian.Uint16(b[12:])), int(binary.LittleEndian.Uint16(b[14:]))
	if tag == waveExtensible && len(b) >= 26 {
		tag = binary.LittleEndian.Uint16(b[24:]) // the GUID begins with the tag
	}
	switch {
	case channels != 1 && channels != 2:
		return fault.New(fault.InvalidArgument, "The clip is a WAV file of %d channels; use one or two.", channels)
	case rate < minRate || rate > maxRate:
		return fault.New(fault.InvalidArgument, "The clip has a sample rate of %d Hz; use %d to %d Hz.", rate, minRate, maxRate)
	}
	switch {
	case tag == wavePCM && bits == 8:
		w.sample = func(b []byte) float32 { return float32(int(b[0])-128) / 128 }
	case tag == wavePCM && bits == 16:
		w.sample = func(b []byte) float32 { return float32(int16(binary.LittleEndian.Uint16(b))) / (1 << 15) }
	case tag == wavePCM && bits == 24:
		w.sample = func(b []byte) float32 {
			return float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
		}
	case tag == wavePCM && bits == 32:
		w.sample = func(b []byte) float32 { return float32(int32(binary.LittleEndian.Uint32(b))) / (1 << 31) }
	case tag == waveFloat && bits == 32:
		w.sample = func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
	case tag == waveFloat && bits == 64:
		w.sample = func(b []byte) float32 { return float32(math.Float64frombits(binary.LittleEndian.Uint64(b))) }
	default:
		return unknown
	}
	w.rate, w.channels, w.width = audio.SampleRate(rate), int(channels), int(channels)*bits/8
	if align != w.width {
		return unknown
	}
	return nil
}

func (w *wav) next() ([]float32, bool) {
	frames := min(len(w.samples)/w.width, len(w.block)/2)
	block := w.block[:frames*w.channels]
	bytes := w.width / w.channels
	for i := range block {
		block[i] = w.sample(w.samples[i*bytes : (i+1)*bytes])
	}
	w.samples = w.samples[frames*w.width:]
	if w.channels == 2 {
		block = average(block)
	}
	return block, true
}
