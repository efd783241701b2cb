package clip

import (
	"encoding/binary"
	"io"
	"slices"

	"github.com/hajimehoshi/go-mp3"
)

// mp3Packets is the decoder of MP3.
//
// Each frame is rebuilt before go-mp3 sees it: the part of its data that its
// predecessors carry (the bit reservoir) is put into it, and its size becomes
// the largest one. So a damaged frame spoils no other, a recording cut out of
// a longer one begins with silence and not with noise, the tags and the
// garbage between frames never reach the decoder, and neither does padding,
// whose size it gets wrong at 22,050 Hz.
type mp3Packets struct {
	frames    [][]byte
	reservoir []byte // main data of earlier frames, at most maxReservoir bytes
	carried   int    // bytes of the next frame's main data that the last one has
	decoder   *mp3.Decoder
	rebuilt   []byte // what the decoder reads
	unread    []byte // the rest of it
	pcm       [4 * 1152]byte
	block     [2 * 1152]float32
}

const maxReservoir = 511

// Read gives the decoder the frame that was rebuilt last.
func (m *mp3Packets) Read(p []byte) (int, error) {
	if len(m.unread) == 0 {
		return 0, io.EOF
	}
	n := copy(p, m.unread)
	m.unread = m.unread[n:]
	return n, nil
}

func (m *mp3Packets) next() ([]float32, bool) {
	if len(m.frames) == 0 {
		return nil, true
	}
	frame := m.frames[0]
	m.frames = m.frames[1:]
	h, _ := readMP3Header(frame)
	whole := m.rebuild(frame, h)
	pcm := m.pcm[:4*h.frames] // two channels of 16 bits, whatever the frame has
	err := guarded(func() (err error) {
		if m.decoder == nil {
			if m.decoder, err = mp3.NewDecoder(m); err != nil {
				return err
			}
		}
		_, err = io.ReadFull(m.decoder, pcm)
		return err
	})
	if err != nil {
		m.decoder, m.carried = nil, 0
		clear(pcm)
	}
	block := m.block[:2*h.frames]
	for i := range block {
		block[i] = float32(int16(binary.LittleEndian.Uint16(pcm[2*i:]))) / (1 << 15)
	}
	return average(block), whole && err == nil
}

// rebuild makes frame one that carries its own main data. What does not fit
// into the largest frame was put at the end of the frame before, which has
// room whenever the encoder had. Without the data it needs the frame becomes
// silence, and rebuild false.
func (m *mp3Packets) rebuild(frame []byte, h mp3Header) (whole bool) {
	sideInfo, main := h.parts(frame)
	const noCRC = 1 << 16
	word := h.word&^(15<<12|1<<9) | largestBitrate<<12 | noCRC
	m.rebuilt = append(binary.BigEndian.AppendUint32(m.rebuilt[:0], word), sideInfo...)
	size := h.largestSize()

	back, need := h.mainData(sideInfo)
	if whole = back <= len(m.reservoir); whole {
		h.setBack(m.rebuilt[4:], m.carried)
		needed := slices.Concat(m.reservoir[len(m.reservoir)-back:], main)
		needed = needed[:min(need, len(needed))]
		m.rebuilt = append(m.rebuilt, needed[min(m.carried, len(needed)):]...)
	} else {
		clear(m.rebuilt[4:])
	}
	m.rebuilt = m.rebuilt[:min(size, len(m.rebuilt))]
	room := size - len(m.rebuilt)
	m.rebuilt = append(m.rebuilt, make([]byte, room)...)

	m.reservoir = append(m.reservoir, main...)
	if extra := len(m.reservoir) - maxReservoir; extra > 0 {
		m.reservoir = append(m.reservoir[:0], m.reservoir[extra:]...)
	}
	next := m.overflow(room)
	m.carried = copy(m.rebuilt[size-len(next):], next)
	m.unread = m.rebuilt
	return whole
}

// overflow is the part of the next frame's main data, at most room, that the
// largest frame cannot hold.
func (m *mp3Packets) overflow(room int) []byte {
	if len(m.frames) == 0 {
		return nil
	}
	h, _ := readMP3Header(m.frames[0])
	sideInfo, main := h.parts(m.frames[0])
	back, need := h.mainData(sideInfo)
	if back > len(m.reservoir) {
		return nil
	}
	over := min(need, back+len(main)) - (h.largestSize() - 4 - h.sideInfo)
	over = max(0, min(over, back, room, h.largestBack()))
	at := len(m.reservoir) - back
	return m.reservoir[at : at+over]
}

// parts are a frame's side information and main data.
func (h mp3Header) parts(frame []byte) (sideInfo, main []byte) {
	at := 4 + h.crc
	return frame[at : at+h.sideInfo], frame[at+h.sideInfo:]
}

// largestSize is the size of a frame like h at the largest bit rate.
func (h mp3Header) largestSize() int { return h.sizeOf(largestBitrate, 0) }

// largestBack is how far back main data can begin, in bytes.
func (h mp3Header) largestBack() int {
	if h.mpeg1 {
		return 511
	}
	return 255
}

// mainData reads how many bytes before the frame's own its main data begins,
// and how many it has (11172-3 section 2.4.1.7, 13818-3 section 2.4.1.7).
func (h mp3Header) mainData(sideInfo []byte) (back, need int) {
	mono := h.channels == 1
	granules, each, at := 1, 63, 8+2
	back = int(sideInfo[0])
	switch {
	case h.mpeg1 && mono:
		granules, each, at = 2, 59, 9+5+4
	case h.mpeg1:
		granules, each, at = 2, 59, 9+3+8
	case mono:
		at = 8 + 1
	}
	if h.mpeg1 {
		back = back<<1 | int(sideInfo[1]>>7)
	}
	bits := 0
	for range granules * h.channels {
		word := uint32(sideInfo[at/8])<<16 | uint32(sideInfo[at/8+1])<<8 | uint32(sideInfo[at/8+2])
		bits += int(word>>(12-at%8)) & 0xfff
		at += each
	}
	return back, (bits + 7) / 8
}

// setBack is the inverse of mainData for its first result.
func (h mp3Header) setBack(sideInfo []byte, back int) {
	if h.mpeg1 {
		sideInfo[1] = sideInfo[1]&0x7f | byte(back&1)<<7
		back >>= 1
	}
	sideInfo[0] = byte(back)
}
