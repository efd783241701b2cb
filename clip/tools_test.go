package clip_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/clip"
	"github.com/lectern/lectern/internal/needs"
)

func run(t testing.TB, tool string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(tool, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v: %s", tool, args, err, &stderr)
	}
	return out
}

// tune is a WAV file of 16-bit samples with other tones in each channel.
func tune(rate, channels int, seconds float64) []byte {
	n := int(seconds * float64(rate))
	samples := make([]byte, 0, 2*n*channels)
	for i := range n {
		at := 2 * math.Pi * float64(i) / float64(rate)
		for c := range channels {
			f := float64(1 + c)
			x := 0.3*math.Sin(220*f*at) + 0.2*math.Sin(997*f*at+1) + 0.2*math.Sin(3*at)*math.Sin(2801*at+2)
			samples = binary.LittleEndian.AppendUint16(samples, uint16(int16(math.Round(x*32767))))
		}
	}
	return wavFile(1, rate, channels, 16, samples)
}

func wavFile(tag, rate, channels, bits int, samples []byte) []byte {
	le := binary.LittleEndian
	align := channels * bits / 8
	b := append([]byte("RIFF\xff\xff\xff\xffWAVEfmt "), 16, 0, 0, 0)
	b = le.AppendUint16(b, uint16(tag))
	b = le.AppendUint16(b, uint16(channels))
	b = le.AppendUint32(b, uint32(rate))
	b = le.AppendUint32(b, uint32(rate*align))
	b = le.AppendUint16(b, uint16(align))
	b = le.AppendUint16(b, uint16(bits))
	b = le.AppendUint32(append(b, "data"...), uint32(len(samples)))
	return append(b, samples...)
}

func dataURL(b []byte) string { return "data:;base64," + base64.StdEncoding.EncodeToString(b) }

func newLibrary(t testing.TB, c clip.Config) *clip.Library {
	t.Helper()
	l, err := clip.New(c)
	if err != nil {
		t.Fatal(err)
	}
	l.Hasten()
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// play reads a whole sound and checks that its length is what it promised.
func play(t testing.TB, s audio.Stream) audio.Buffer {
	t.Helper()
	b, err := audio.ReadAll(s)
	if err != nil {
		t.Fatal(err)
	}
	if n := s.(interface{ Frames() audio.Frames }).Frames(); n != int64(len(b.Samples)) {
		t.Errorf("%d frames were promised and %d played", n, len(b.Samples))
	}
	return b
}

func snr(want, got []float32) float64 {
	var signal, noise float64
	for i := range want {
		signal += float64(want[i]) * float64(want[i])
		noise += float64(want[i]-got[i]) * float64(want[i]-got[i])
	}
	return 10 * math.Log10(signal/noise)
}

// TestDecodesAsFFmpegDoes makes real files of each format and compares what is
// heard with ffmpeg's own decoders, frame by frame.
func TestDecodesAsFFmpegDoes(t *testing.T) {
	needs.Program(t, "ffmpeg")
	if testing.Short() {
		t.Skip("SKIPPED: encodes 90 files")
	}
	type file struct {
		name     string
		rate     int
		channels int
		encode   []string
		minSNR   float64
	}
	var files []file
	for _, rate := range []int{16000, 22050, 24000, 32000, 44100, 48000} {
		for _, kbits := range []int{24, 32, 64, 96, 160} {
			for channels := 1; channels <= 2; channels++ {
				if rate >= 32000 && kbits < 32 {
					continue
				}
				least := 70.0
				switch {
				case rate < 32000 && kbits == 160 && channels == 2:
					least = 40 // at the very largest bit rate some main data has no room
				case rate == 24000 && channels == 2:
					least = 55 // go-mp3
				}
				files = append(files, file{fmt.Sprintf("mp3-%d-%dk-%d", rate, kbits, channels), rate, channels,
					[]string{"-c:a", "libmp3lame", "-b:a", fmt.Sprint(kbits, "k"), "-f", "mp3"}, least})
			}
		}
	}
	files = append(files,
		file{"mp3-vbr", 44100, 2, []string{"-c:a", "libmp3lame", "-q:a", "2", "-f", "mp3"}, 70},
		file{"mp3-320", 44100, 2, []string{"-c:a", "libmp3lame", "-b:a", "320k", "-f", "mp3"}, 70},
		file{"mp3-no-tag", 24000, 1, []string{"-c:a", "libmp3lame", "-b:a", "32k", "-write_xing", "0", "-f", "mp3"}, 70},
		file{"mp3-stereo-not-joint", 24000, 2, []string{"-c:a", "libmp3lame", "-joint_stereo", "0", "-b:a", "64k", "-f", "mp3"}, 70},
		file{"mp3-id3", 24000, 1, []string{"-c:a", "libmp3lame", "-metadata", "title=" + strings.Repeat("x", 3000), "-write_id3v1", "1", "-f", "mp3"}, 70},
	)
	for _, o := range []struct {
		args string
		min  float64
	}{
		{"-application voip -b:a 12k", 40}, {"-application voip -b:a 24k", 40}, {"-application voip -b:a 40k", 40},
		{"-application audio -b:a 24k", 40}, {"-application audio -b:a 96k", 40},
		{"-application lowdelay -b:a 64k -frame_duration 5", 40}, {"-application voip -b:a 24k -frame_duration 60", 40},
	} {
		for channels := 1; channels <= 2; channels++ {
			files = append(files, file{fmt.Sprint("opus", strings.ReplaceAll(o.args, " ", ""), "-", channels), 48000, channels,
				append([]string{"-c:a", "libopus", "-f", "ogg"}, strings.Fields(o.args)...), o.min})
		}
	}
	for _, kind := range []string{"pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"} {
		files = append(files, file{kind, 24000, 2, []string{"-c:a", kind, "-f", "wav"}, 90})
	}
	l := newLibrary(t, clip.Config{})
	for _, f := range files {
		t.Run(f.name, func(t *testing.T) {
			dir := t.TempDir()
			source, encoded := filepath.Join(dir, "tune.wav"), filepath.Join(dir, "encoded")
			if err := os.WriteFile(source, tune(f.rate, f.channels, 1.37), 0o600); err != nil {
				t.Fatal(err)
			}
			run(t, "ffmpeg", append(append([]string{"-v", "error", "-nostdin", "-i", source}, f.encode...), encoded)...)
			down := []string{}
			if f.channels == 2 {
				down = []string{"-af", "aformat=sample_fmts=fltp,pan=mono|c0=0.5*c0+0.5*c1"}
			}
			// ffmpeg's own decoder of Opus resamples SILK in its own way.
			decoder := map[string]string{"libopus": "libopus", "libmp3lame": "mp3float"}[f.encode[1]]
			if decoder == "" {
				decoder = f.encode[1]
			}
			raw := run(t, "ffmpeg", append(append([]string{"-v", "error", "-nostdin", "-c:a", decoder, "-i", encoded}, down...), "-f", "f32le", "-")...)
			want := make([]float32, len(raw)/4)
			for i := range want {
				want[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
			}
			b, err := os.ReadFile(encoded)
			if err != nil {
				t.Fatal(err)
			}
			s, err := l.Open(t.Context(), dataURL(b))
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, s)
			if int(got.Rate) != f.rate {
				t.Errorf("rate %v, want %d", got.Rate, f.rate)
			}
			if len(got.Samples) != len(want) {
				t.Fatalf("%d frames, ffmpeg has %d", len(got.Samples), len(want))
			}
			ratio := snr(want, got.Samples)
			t.Logf("SNR %.1f dB, %d frames, %d bytes", ratio, len(want), len(b))
			if ratio < f.minSNR {
				t.Errorf("SNR %.1f dB, want %.0f", ratio, f.minSNR)
			}
		})
	}
}
