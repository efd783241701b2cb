package clip_test

import (
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/clip"
	"github.com/lectern/lectern/fault"
)

// checkHostile opens bytes that may be anything. What opens keeps the promises
// of Open; what does not says why, in a way that the caller can speak on.
func checkHostile(t *testing.T, l *clip.Library, most time.Duration, encoded []byte) {
	s, err := l.Open(t.Context(), dataURL(encoded))
	if err != nil {
		if f := fault.From(err); f.Code != fault.InvalidArgument {
			t.Fatalf("%v", err)
		}
		return
	}
	promised := s.(interface{ Frames() audio.Frames }).Frames()
	if promised <= 0 || s.SampleRate() < 8000 || s.SampleRate() > 192000 || s.SampleRate().Duration(promised) > most {
		t.Fatalf("%d frames at %v", promised, s.SampleRate())
	}
	p := make([]float32, 777)
	var played int64
	for {
		n, err := s.Read(p)
		for _, x := range p[:n] {
			if !(x >= -1 && x <= 1) {
				t.Fatalf("a frame is %v", x)
			}
		}
		if played += int64(n); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if played != promised {
		t.Fatalf("%d frames were promised and %d played", promised, played)
	}
}

func FuzzMP3(f *testing.F) {
	f.Add(toneMP3)
	f.Add(toneMP3[700:])
	const most = 5 * time.Second
	l := newLibrary(f, clip.Config{MaxDuration: most})
	f.Fuzz(func(t *testing.T, encoded []byte) { checkHostile(t, l, most, encoded) })
}

func FuzzWAV(f *testing.F) {
	f.Add(toneWAV[:200])
	f.Add(wavFile(3, 48000, 2, 64, make([]byte, 160)))
	f.Add(wavFile(1, 48000, 1, 24, make([]byte, 60)))
	const most = 5 * time.Second
	l := newLibrary(f, clip.Config{MaxDuration: most})
	f.Fuzz(func(t *testing.T, encoded []byte) { checkHostile(t, l, most, encoded) })
}

// FuzzOpus makes files whose pages are in order, so that what is in them gets
// through to the decoder.
func FuzzOpus(f *testing.F) {
	head := []byte("OpusHead\x01\x02\x38\x01\xc0\x5d\x00\x00\x00\x00\x00")
	var packets []byte
	for at := 0; ; { // the packets of the sample, each after its length
		header := toneOpus[at:]
		sizes := header[27 : 27+int(header[26])]
		at += 27 + len(sizes)
		for _, n := range sizes {
			if body := toneOpus[at : at+int(n)]; n < 255 && string(body[:4]) != "Opus" {
				packets = append(append(packets, n), body...)
			}
			at += int(n)
		}
		if at >= len(toneOpus) {
			break
		}
	}
	f.Add(head, packets, uint64(24312))
	f.Add([]byte("OpusHead\x01\x01\x00\x00\x00\x00\x00\x00\xff\x7f\x00"), packets[:200], uint64(1<<63))
	const most = 5 * time.Second
	l := newLibrary(f, clip.Config{MaxDuration: most})
	f.Fuzz(func(t *testing.T, head, packets []byte, granule uint64) {
		file := oggPage(nil, 2, 0, 0, head[:min(len(head), 254)])
		file = oggPage(file, 0, 1, 0, []byte("OpusTags\x00\x00\x00\x00\x00\x00\x00\x00"))
		for i := uint32(2); len(packets) > 0; i++ {
			n := min(int(packets[0]), len(packets)-1, 254)
			file = oggPage(file, 0, i, granule, packets[1:1+n])
			packets = packets[1+n:]
		}
		checkHostile(t, l, most, file)
	})
}

// oggPage appends a page of one packet, shorter than 255 bytes (RFC 3533).
func oggPage(file []byte, kind byte, index uint32, granule uint64, packet []byte) []byte {
	begin := len(file)
	file = append(file, "OggS\x00"...)
	file = append(file, kind)
	file = binary.LittleEndian.AppendUint64(file, granule)
	file = binary.LittleEndian.AppendUint32(file, 1)
	file = binary.LittleEndian.AppendUint32(file, index)
	file = append(file, 0, 0, 0, 0, 1, byte(len(packet)))
	file = append(file, packet...)
	var crc uint32
	for _, b := range file[begin:] {
		crc ^= uint32(b) << 24
		for range 8 {
			crc = crc<<1 ^ crc>>31*0x04c11db7
		}
	}
	binary.LittleEndian.PutUint32(file[begin+22:], crc)
	return file
}

// BenchmarkOpenHostile opens the largest clips of little but headers.
func BenchmarkOpenHostile(b *testing.B) {
	fill := func(begin, with string) []byte {
		n := clip.DefaultMaxBytes - len(begin)
		return []byte(begin + strings.Repeat(with, 1+n/len(with))[:n])
	}
	empty := oggPage(nil, 0, 2, 0, nil)
	for name, encoded := range map[string][]byte{
		"syncs":  fill("ID3\x04\x00\x00\x00\x00\x00\x00"+string(toneMP3[:1000]), "\xff"),
		"chunks": fill("RIFF\xff\xff\xff\xffWAVE", "junk\x00\x00\x00\x00"),
		"pages":  fill(string(toneOpus[:200]), string(empty)),
	} {
		b.Run(name, func(b *testing.B) {
			src := dataURL(encoded)
			for b.Loop() {
				l := newLibrary(b, clip.Config{})
				if s, err := l.Open(b.Context(), src); err == nil {
					s.Read(make([]float32, 1))
				}
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	l := newLibrary(b, clip.Config{})
	for name, encoded := range map[string][]byte{"MP3": toneMP3, "Opus": toneOpus, "WAV": toneWAV} {
		b.Run(name, func(b *testing.B) {
			src := dataURL(encoded)
			for b.Loop() {
				s, err := l.Open(b.Context(), src)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := audio.ReadAll(s); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)*0.5/b.Elapsed().Seconds(), "s/s")
		})
	}
}
