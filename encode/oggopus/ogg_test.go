package oggopus

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// Pages of a second, positions that grow, and a last page that ends the sound.
func TestPages(t *testing.T) {
	const frames, block, delay = 24000*5/2 + 7, 480, 156
	var file bytes.Buffer
	s, err := newStream(&file, 24000, delay, block)
	if err != nil {
		t.Fatal(err)
	}
	packets := (frames + delay + block - 1) / block
	for i := range packets {
		if err := s.Packet(bytes.Repeat([]byte{byte(i)}, 250+i%10)); err != nil { // around the longest segment
			t.Fatal(err)
		}
	}
	if err := s.Close(frames); err != nil {
		t.Fatal(err)
	}
	var flags []byte
	var granules []int64
	var ended int
	for b := file.Bytes(); len(b) > 0; {
		segments := int(b[26])
		size := pageHeader + segments
		for _, n := range b[pageHeader:size] {
			size += int(n)
			if n < segment {
				ended++
			}
		}
		page := bytes.Clone(b[:size])
		b = b[size:]
		want := binary.LittleEndian.Uint32(page[22:])
		copy(page[22:26], []byte{0, 0, 0, 0})
		if string(page[:4]) != "OggS" || checksum(page) != want || int(binary.LittleEndian.Uint32(page[18:])) != len(flags) {
			t.Fatalf("page %d is % x…", len(flags), page[:pageHeader])
		}
		flags = append(flags, page[5])
		granules = append(granules, int64(binary.LittleEndian.Uint64(page[6:])))
	}
	if want := []byte{beginning, 0, 0, 0, end}; !bytes.Equal(flags, want) {
		t.Errorf("the pages' flags are %v, want %v", flags, want)
	}
	for i, want := range []int64{0, 0, 48000, 96000, 2 * (frames + delay)} {
		if granules[i] != want {
			t.Errorf("page %d ends at %d, want %d", i, granules[i], want)
		}
	}
	if ended != packets+2 {
		t.Errorf("%d packets, want %d and two of headers", ended, packets)
	}
}

func TestChecksum(t *testing.T) {
	if got := checksum([]byte("123456789")); got != 0x89A1897F { // CRC-32 of the polynomial, from 0, as it is
		t.Errorf("checksum = %#x", got)
	}
}

// A page takes 255 lengths at most.
func TestLongPackets(t *testing.T) {
	p := pages{}
	n := 0
	for p.add(make([]byte, 1275)) {
		n++
	}
	if n != 42 || len(p.lengths) > pageSegments {
		t.Errorf("a page took %d packets of 6 lengths, %d in all", n, len(p.lengths))
	}
}
