package clip

import (
	"bytes"
	"errors"
	"math"

	"github.com/pion/opus"
	"github.com/pion/opus/pkg/oggreader"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/fault"
)

func isOgg(b []byte) bool { return hasAt(b, 0, "OggS") }

// Opus counts in 48 kHz whatever was recorded (RFC 7845 section 4).
const opusRate audio.SampleRate = 48000

const (
	maxOpusFrames = 5760 // of a packet: 120 ms
	maxStrays     = 64   // packets that are not sound; a file of such ends
)

// openOpus finds the packets of an Ogg Opus file (RFC 7845). Of chained
// streams it plays the first. What follows a damaged page is lost.
func openOpus(b []byte, most limits) (*track, error) {
	var reader *oggreader.OggReader
	var head *oggreader.OggHeader
	err := guarded(func() (err error) {
		reader, head, err = oggreader.NewWith(bytes.NewReader(b))
		return err
	})
	if err != nil {
		return nil, fault.New(fault.InvalidArgument, "The clip is an Ogg file, but not one of Opus.").Because(err)
	}
	streams := reader.ChannelMapping().StreamCount
	if head.Channels < 1 || head.Channels > 2 || head.ChannelMap > 1 || head.ChannelMap == 1 && streams != 1 || head.Version > 15 {
		return nil, fault.New(fault.InvalidArgument, "The clip is Ogg Opus of %d channels; use one or two.", head.Channels)
	}
	o := &opusPackets{channels: int(head.Channels), gain: decibels(float64(int16(head.OutputGain)) / 256)}
	if o.decoder, err = opus.NewDecoderWithOutput(int(opusRate), o.channels); err != nil {
		return nil, err
	}
	var when positions
	longest := opusRate.Frames(most.duration) + int64(head.PreSkip)
	for strays := 0; strays < maxStrays; {
		var packet []byte
		var page *oggreader.OggPageHeader
		err := guarded(func() (err error) {
			packet, page, err = reader.ParseNextPacket()
			return err
		})
		if err != nil || hasAt(packet, 0, "OpusHead") {
			break
		}
		if hasAt(packet, 0, "OpusTags") && len(o.packets) == 0 {
			strays++
			continue
		}
		n := opusFrames(packet)
		if n == 0 {
			strays++ // no packet of Opus
			continue
		}
		o.packets = append(o.packets, packet)
		if when.add(page.GranulePosition, int64(n)); when.sum > longest+maxOpusFrames {
			return nil, tooLong(most)
		}
	}
	t := &track{format: "Ogg Opus", rate: opusRate, packets: o, skip: int64(head.PreSkip)}
	if t.frames = when.frames() - t.skip; opusRate.Duration(t.frames) > most.duration {
		return nil, tooLong(most)
	}
	return t, nil
}

// positions are what the pages say of where their packets are. A page's
// position is the end of its last packet.
type positions struct {
	sum         int64 // frames of all packets
	first, last uint64
	firstSum    int64 // frames of the first page's packets
	paged       bool
}

func (p *positions) add(granule uint64, frames int64) {
	p.sum += frames
	if granule > math.MaxInt64 {
		return // none is told
	}
	if !p.paged {
		p.paged, p.first = true, granule
	}
	if granule == p.first {
		p.firstSum = p.sum
	}
	p.last = granule
}

// frames is where the sound ends: the last page may end before its packets do.
func (p *positions) frames() int64 {
	if !p.paged {
		return p.sum
	}
	begin := max(0, int64(p.first)-p.firstSum) // of a recording cut out of a longer one
	return min(p.sum, int64(p.last)-begin)
}

// opusFrames is how many frames a packet has at 48 kHz, 0 if it is none
// (RFC 6716 section 3.1).
func opusFrames(packet []byte) int {
	if len(packet) == 0 {
		return 0
	}
	var frame int
	switch config := packet[0] >> 3; {
	case config < 12: // SILK
		frame = [...]int{480, 960, 1920, 2880}[config%4]
	case config < 16: // hybrid
		frame = [...]int{480, 960}[config%2]
	default: // CELT
		frame = 120 << (config % 4)
	}
	count := 2
	switch packet[0] & 3 {
	case 0:
		count = 1
	case 3:
		if len(packet) < 2 {
			return 0
		}
		count = int(packet[1] & 63)
	}
	if frame*count > maxOpusFrames {
		return 0
	}
	return frame * count
}

// opusPackets is the decoder.
type opusPackets struct {
	packets  [][]byte
	channels int
	gain     float32
	decoder  opus.Decoder
	block    [2 * maxOpusFrames]float32
}

var errLength = errors.New("a packet is not as long as it says")

func (o *opusPackets) next() ([]float32, bool) {
	if len(o.packets) == 0 {
		return nil, true
	}
	packet := o.packets[0]
	o.packets = o.packets[1:]
	frames := opusFrames(packet)
	block := o.block[:frames*o.channels]
	err := guarded(func() error {
		n, err := o.decoder.DecodeToFloat32(packet, block)
		if err == nil && n != frames {
			return errLength
		}
		return err
	})
	if err != nil {
		clear(block)
		// It may have stopped in the middle of changing its state.
		if fresh, err := opus.NewDecoderWithOutput(int(opusRate), o.channels); err == nil {
			o.decoder = fresh
		}
	}
	if o.gain != 1 {
		for i := range block {
			block[i] *= o.gain
		}
	}
	if o.channels == 2 {
		block = average(block)
	}
	return block, err == nil
}
