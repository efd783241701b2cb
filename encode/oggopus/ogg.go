// Package oggopus is the encoding OGG_OPUS: Opus in Ogg (RFC 7845), mono, about
// 32 kbit/s, by libopus.
//
// A decoder finds the sound's frames exactly: the pre-skip is what the encoder
// looks ahead, and the last granule position says where the sound ends. A file
// is written as its packets become ready, in pages of one second.
//
// Built with the tag noopus or without cgo, the format is a driver.Missing.
package oggopus

import (
	"encoding/binary"
	"io"

	"github.com/lectern/lectern/audio"
)

// encodingName is the encoding's name in the API.
const encodingName = "OGG_OPUS"

// clock is what Ogg counts Opus in, whatever the sound's rate.
const clock audio.SampleRate = 48000

// Flags of a page.
const (
	beginning = 2
	end       = 4
)

const (
	serial       = 1  // of the only stream
	pageHeader   = 27 // bytes, before the lengths
	pageSegments = 255
	segment      = 255 // the most that one length can count
)

// pages writes an Ogg stream. Packets of a page are gathered until flush.
type pages struct {
	w        io.Writer
	sequence uint32
	lengths  []byte
	body     []byte
	page     []byte
}

// add puts a packet onto the page and reports whether there was room.
func (p *pages) add(packet []byte) bool {
	if len(p.lengths)+len(packet)/segment+1 > pageSegments {
		return false
	}
	for n := len(packet); ; n -= segment {
		if n < segment {
			p.lengths = append(p.lengths, byte(n))
			break
		}
		p.lengths = append(p.lengths, segment)
	}
	p.body = append(p.body, packet...)
	return true
}

// flush writes the page. granule is the position at its end.
func (p *pages) flush(flags byte, granule int64) error {
	b := p.page[:0]
	b = append(b, "OggS\x00"...)
	b = append(b, flags)
	b = binary.LittleEndian.AppendUint64(b, uint64(granule))
	b = binary.LittleEndian.AppendUint32(b, serial)
	b = binary.LittleEndian.AppendUint32(b, p.sequence)
	b = append(b, 0, 0, 0, 0, byte(len(p.lengths)))
	b = append(b, p.lengths...)
	b = append(b, p.body...)
	binary.LittleEndian.PutUint32(b[pageHeader-5:], checksum(b))
	p.page, p.lengths, p.body = b, p.lengths[:0], p.body[:0]
	p.sequence++
	_, err := p.w.Write(b)
	return err
}

// checksum is Ogg's CRC-32, most significant bit first.
func checksum(b []byte) (crc uint32) {
	for _, x := range b {
		crc = crc<<8 ^ crcTable[byte(crc>>24)^x]
	}
	return crc
}

var crcTable = func() (table [256]uint32) {
	for i := range table {
		crc := uint32(i) << 24
		for range 8 {
			if crc&(1<<31) != 0 {
				crc = crc<<1 ^ 0x04C11DB7
			} else {
				crc <<= 1
			}
		}
		table[i] = crc
	}
	return table
}()

// stream writes one file.
type stream struct {
	pages
	preSkip int64 // these three in ticks of the clock
	packet  int64
	at      int64  // the position after the packets of the page
	tick    int64  // ticks of a frame
	pending []byte // the last packet: it may have to end the file
	has     bool   // whether there is one
}

// newStream writes the two packets of headers, each on a page of its own.
// delay and block are in frames of rate.
func newStream(w io.Writer, rate audio.SampleRate, delay, block int) (*stream, error) {
	tick := int64(clock) / int64(rate)
	s := &stream{pages: pages{w: w}, preSkip: int64(delay) * tick, packet: int64(block) * tick, tick: tick}
	head := append([]byte("OpusHead"), 1, 1) // version, channels
	head = binary.LittleEndian.AppendUint16(head, uint16(s.preSkip))
	head = binary.LittleEndian.AppendUint32(head, uint32(rate))
	head = append(head, 0, 0, 0) // gain, mapping of channels
	const vendor = "Lectern"
	tags := binary.LittleEndian.AppendUint32([]byte("OpusTags"), uint32(len(vendor)))
	tags = append(tags, vendor...)
	tags = binary.LittleEndian.AppendUint32(tags, 0) // no comments
	s.add(head)
	if err := s.flush(beginning, 0); err != nil {
		return nil, err
	}
	s.add(tags)
	return s, s.flush(0, 0)
}

// Packet implements packets.Stream. It keeps one packet back, for only Close
// knows whether it is the last one.
func (s *stream) Packet(packet []byte) error {
	if err := s.next(); err != nil {
		return err
	}
	s.pending, s.has = append(s.pending[:0], packet...), true
	return nil
}

// next puts the pending packet onto the page, and writes pages that are full.
func (s *stream) next() error {
	if !s.has {
		return nil
	}
	if s.at%int64(clock) == 0 && len(s.lengths) > 0 || !s.add(s.pending) {
		if err := s.flush(0, s.at); err != nil {
			return err
		}
		s.add(s.pending)
	}
	s.at += s.packet
	s.has = false
	return nil
}

// Flush implements packets.Flusher: it ends the page. The pending packet stays.
func (s *stream) Flush() error {
	if len(s.lengths) == 0 {
		return nil
	}
	return s.flush(0, s.at)
}

// Close implements packets.Stream.
func (s *stream) Close(frames audio.Frames) error {
	if err := s.next(); err != nil {
		return err
	}
	return s.flush(end, s.preSkip+frames*s.tick)
}
