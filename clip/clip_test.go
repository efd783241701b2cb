package clip_test

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/clip"
	"github.com/lectern/lectern/fault"
)

// Half a second of 440 Hz at an amplitude of 0.5: MPEG-2, 24 kHz, mono, 32
// kbit/s, by LAME; Opus at 24 kbit/s, mono, in Ogg; 16-bit WAV, stereo with a
// silent right channel, 8 kHz.
var (
	//go:embed testdata/tone.mp3
	toneMP3 []byte
	//go:embed testdata/tone.opus
	toneOpus []byte
	toneWAV  = stereoTone()
)

func stereoTone() []byte {
	var samples []byte
	for i := range 4000 {
		x := int16(math.Round(32767 * 0.5 * math.Sin(2*math.Pi*440*float64(i)/8000)))
		samples = binary.LittleEndian.AppendUint16(samples, uint16(x))
		samples = append(samples, 0, 0)
	}
	return wavFile(1, 8000, 2, 16, samples)
}

// amplitude is that of a sine of f in the sound's middle.
func amplitude(b audio.Buffer, f float64) float64 {
	period := int(b.Rate) / 20 // a whole number of periods of any f that 20 divides
	middle := b.Samples[len(b.Samples)/2-2*period:][:4*period]
	var re, im float64
	for i, x := range middle {
		phase := 2 * math.Pi * f * float64(i) / float64(b.Rate)
		re += float64(x) * math.Cos(phase)
		im += float64(x) * math.Sin(phase)
	}
	return 2 * math.Hypot(re, im) / float64(len(middle))
}

func TestEachFormatPlays(t *testing.T) {
	l := newLibrary(t, clip.Config{})
	for _, c := range []struct {
		name    string
		encoded []byte
		rate    audio.SampleRate
		level   float64
	}{
		{"MP3", toneMP3, 24000, 0.475}, // LAME scales by 0.95
		{"Opus", toneOpus, 48000, 0.5},
		{"WAV", toneWAV, 8000, 0.25}, // the average with silence
	} {
		s, err := l.Open(t.Context(), dataURL(c.encoded))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := play(t, s)
		if got.Rate != c.rate || got.Rate.Duration(int64(len(got.Samples))) != 500*time.Millisecond {
			t.Errorf("%s: %d frames at %v, want half a second at %v", c.name, len(got.Samples), got.Rate, c.rate)
		}
		if a := amplitude(got, 440); math.Abs(a-c.level) > 0.03*c.level {
			t.Errorf("%s: amplitude %.3f at 440 Hz, want %.2f", c.name, a, c.level)
		}
		if a := amplitude(got, 880); a > 0.01 {
			t.Errorf("%s: amplitude %.3f at 880 Hz", c.name, a)
		}
		if n, err := s.Read(make([]float32, 1)); n != 0 || err != io.EOF {
			t.Errorf("%s: after its end %d, %v", c.name, n, err)
		}
	}
}

func TestDataAddresses(t *testing.T) {
	l := newLibrary(t, clip.Config{})
	encoded := strings.TrimPrefix(dataURL(toneWAV), "data:;base64,")
	var percent strings.Builder
	for _, b := range toneWAV {
		percent.WriteString(url.PathEscape(string([]byte{b})))
	}
	for name, src := range map[string]string{
		"base64":             "data:audio/wav;base64," + encoded,
		"upper case":         "DATA:audio/wav;BASE64," + encoded,
		"wrapped":            " data:audio/wav;base64,\n" + encoded[:100] + "\n   " + encoded[100:] + "\n",
		"without padding":    "data:;base64," + strings.TrimRight(encoded, "="),
		"escaped":            "data:audio/wav;base64," + url.QueryEscape(encoded),
		"the URL's alphabet": "data:;base64," + strings.NewReplacer("+", "-", "/", "_").Replace(encoded),
		"percent":            "data:audio/wav," + percent.String(),
		"wrong type":         "data:text/plain;charset=utf-8;base64," + encoded,
	} {
		s, err := l.Open(t.Context(), src)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if b := play(t, s); len(b.Samples) != 4000 {
			t.Errorf("%s: %d frames", name, len(b.Samples))
		}
	}
}

func TestWhatCannotBePlayed(t *testing.T) {
	l := newLibrary(t, clip.Config{MaxBytes: 20000, MaxDuration: time.Second})
	alter := func(b []byte, at int, with ...byte) []byte {
		c := bytes.Clone(b)
		copy(c[at:], with)
		return c
	}
	long := wavFile(1, 8000, 1, 8, make([]byte, 8001))
	var manyFrames []byte
	for range 3 {
		manyFrames = append(manyFrames, toneMP3...)
	}
	for _, c := range []struct{ name, src, says string }{
		{"no scheme", "door.wav", "no scheme"},
		{"nothing", "", "no scheme"},
		{"http", "http://example.com/door.wav", "over http:"},
		{"file", "file:///etc/passwd", `not from "file:"`},
		{"https without hosts", "https://example.com/door.wav", "fetches no clips"},
		{"clips without a directory", "clips:door.wav", "no clips of its own"},
		{"no comma", "data:audio/wav;base64", "no comma"},
		{"half an escape", "data:,%4", "hexadecimal"},
		{"not base64", "data:;base64,!!!!", "not base64"},
		{"empty", "data:,", "format"},
		{"text", "data:,Hello%2C%20World%21", "format"},
		{"one byte more than may be", dataURL(make([]byte, 20001)), "larger than 20000 bytes"},
		{"far larger", "data:," + strings.Repeat("x", 100000), "larger"},
		{"long WAV", dataURL(long), "more than 1 seconds"},
		{"long MP3", dataURL(manyFrames), "more than 1 seconds"},
		{"WAV of three channels", dataURL(wavFile(1, 8000, 3, 16, make([]byte, 60))), "3 channels"},
		{"WAV of no channel", dataURL(wavFile(1, 8000, 0, 16, make([]byte, 60))), "0 channels"},
		{"WAV at 1 Hz", dataURL(wavFile(1, 1, 1, 16, make([]byte, 60))), "1 Hz"},
		{"WAV in ADPCM", dataURL(wavFile(2, 8000, 1, 4, make([]byte, 60))), "encoding"},
		{"WAV whose frames overlap", dataURL(alter(toneWAV, 32, 1)), "encoding"},
		{"WAV without frames", dataURL(wavFile(1, 8000, 1, 16, nil)), "no sound"},
		{"WAV without a data chunk", dataURL(toneWAV[:36]), "without samples"},
		{"WAV without a format", dataURL(alter(toneWAV, 12, 'x')), "without a format"},
		{"Ogg of something else", dataURL(alter(toneOpus, 28, 'X')), "not one of Opus"},
		{"Ogg that ends early", dataURL(toneOpus[:100]), "no sound"},
		{"a tag and nothing", dataURL([]byte("ID3\x04\x00\x00\x7f\x7f\x7f\x7f")), "format"},
	} {
		s, err := l.Open(t.Context(), c.src)
		if err == nil {
			t.Errorf("%s: it plays: %v", c.name, s)
			continue
		}
		var f *fault.Error
		if !errors.As(err, &f) || !strings.Contains(f.Public(), c.says) || f.Code == fault.Internal || f.Code == fault.Canceled {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
}

func TestSizesAreCountedNotBelieved(t *testing.T) {
	l := newLibrary(t, clip.Config{})
	for name, size := range map[string]uint32{"streamed": 0xffffffff, "too long by one": 16001} {
		b := bytes.Clone(toneWAV)
		binary.LittleEndian.PutUint32(b[40:], size)
		s, err := l.Open(t.Context(), dataURL(b))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := play(t, s); len(got.Samples) != 4000 {
			t.Errorf("%s: %d frames", name, len(got.Samples))
		}
	}
}

func TestFloatsOfAnyKindStayInRange(t *testing.T) {
	var samples []byte
	want := []float32{0, 1, -1, 0.25, 1, -1, 0}
	for _, x := range []float32{float32(math.NaN()), 3e38, -7, 0.25, float32(math.Inf(1)), float32(math.Inf(-1)), 0} {
		samples = binary.LittleEndian.AppendUint32(samples, math.Float32bits(x))
	}
	s, err := newLibrary(t, clip.Config{}).Open(t.Context(), dataURL(wavFile(3, 8000, 1, 32, samples)))
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range play(t, s).Samples {
		if x != want[i] {
			t.Errorf("frame %d is %v, want %v", i, x, want[i])
		}
	}
}

// A damaged packet is silent, and everything after it stays where it was.
func TestDamageIsSilentAndShort(t *testing.T) {
	l := newLibrary(t, clip.Config{})
	whole, err := l.Open(t.Context(), dataURL(toneMP3))
	if err != nil {
		t.Fatal(err)
	}
	want := play(t, whole)
	damaged := bytes.Clone(toneMP3)
	first := bytes.Index(damaged, []byte{0xff, 0xf3})
	for i := first + 96*10 + 4; i < first+96*11; i++ {
		damaged[i] ^= 0x5a // all but the header of the tenth frame
	}
	s, err := l.Open(t.Context(), dataURL(damaged))
	if err != nil {
		t.Fatal(err)
	}
	got := play(t, s)
	if len(got.Samples) != len(want.Samples) {
		t.Fatalf("%d frames, the undamaged clip has %d", len(got.Samples), len(want.Samples))
	}
	end := len(want.Samples) - 576
	if ratio := snr(want.Samples[end-1152:end], got.Samples[end-1152:end]); ratio < 40 {
		t.Errorf("after the damage the sound differs: SNR %.1f dB", ratio)
	}
}

// What is cut out of a longer recording plays all the same.
func TestCutMP3Plays(t *testing.T) {
	l := newLibrary(t, clip.Config{})
	first := bytes.Index(toneMP3, []byte{0xff, 0xf3})
	cut := toneMP3[first+96*5+13:]
	s, err := l.Open(t.Context(), dataURL(append([]byte("what a stream began with"), cut...)))
	if err != nil {
		t.Fatal(err)
	}
	if got := play(t, s); math.Abs(amplitude(got, 440)-0.475) > 0.02 {
		t.Errorf("amplitude %.3f", amplitude(got, 440))
	}
}

func TestServerClips(t *testing.T) {
	dir := t.TempDir()
	inside := filepath.Join(dir, "clips")
	if err := os.MkdirAll(filepath.Join(inside, "doors"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"secret.wav", "clips/door.wav", "clips/doors/front door.wav"} {
		if err := os.WriteFile(filepath.Join(dir, name), toneWAV, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"out.wav": "../secret.wav", "away": "..", "in.wav": "door.wav"} {
		if err := os.Symlink(to, filepath.Join(inside, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(inside, "pipe.wav"), 0o644); err != nil {
		t.Fatal(err)
	}
	l := newLibrary(t, clip.Config{Directory: inside})
	for _, src := range []string{"clips:door.wav", "CLIPS:doors/front%20door.wav", "clips:doors/front door.wav", "clips:in.wav"} {
		if s, err := l.Open(t.Context(), src); err != nil {
			t.Errorf("%s: %v", src, err)
		} else if got := play(t, s); len(got.Samples) != 4000 {
			t.Errorf("%s: %d frames", src, len(got.Samples))
		}
	}
	for _, src := range []string{
		"clips:", "clips:.", "clips:doors", "clips:nothing.wav", "clips:pipe.wav",
		"clips:../secret.wav", "clips:%2e%2e/secret.wav", "clips:doors/../../secret.wav", "clips:doors%2f..%2f..%2fsecret.wav",
		"clips:/etc/passwd", "clips://door.wav", "clips:" + filepath.Join(dir, "secret.wav"),
		"clips:out.wav", "clips:away/secret.wav", "clips:door.wav/x", "clips:door.wav%00", "clips:%zz",
	} {
		s, err := l.Open(t.Context(), src)
		if err == nil {
			t.Errorf("%s plays: %v", src, s)
		} else if f := fault.From(err); f.Code != fault.NotFound && f.Code != fault.InvalidArgument || strings.Contains(f.Public(), dir) && !strings.Contains(src, dir) {
			t.Errorf("%s: %v", src, err)
		}
	}
}

func TestTheContextEndsAStream(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s, err := newLibrary(t, clip.Config{}).Open(ctx, dataURL(toneOpus))
	if err != nil {
		t.Fatal(err)
	}
	p := make([]float32, 100)
	if n, err := s.Read(p); n != 100 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	cancel()
	for range 2 {
		if n, err := s.Read(p); n != 0 || !fault.Is(err, fault.Canceled) {
			t.Errorf("%d, %v after the context's end", n, err)
		}
	}
}

func TestNewSaysWhatIsWrong(t *testing.T) {
	for want, c := range map[string]clip.Config{
		"nowhere":     {Directory: filepath.Join(t.TempDir(), "nowhere")},
		`"10.0.0"`:    {Hosts: []string{"10.0.0"}},
		`"a.com/b"`:   {Hosts: []string{"a.com/b"}},
		`"a.com:443"`: {Hosts: []string{"a.com:443"}},
		`"none"`:      {Hosts: []string{"none", "public"}},
	} {
		if _, err := clip.New(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %s", c, err, want)
		}
	}
}
