package encodetest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/internal/needs"
)

// Decoder reads a file back, independently of the encoder.
type Decoder struct {
	Name string
	// Tool is the program it runs, or empty.
	Tool string
	// Decode returns the frames of the file at path, full scale ±1.
	Decode func(path string, rate audio.SampleRate) ([]float32, error)
	// Slack is how many frames too many it may find at the end: less than a
	// packet of a codec, in tools that do not cut the last one.
	Slack int
	// Few is how many frames it may be wrong by in sounds of at most three:
	// tools do not care for those.
	Few int
	// KnownLength says that it only reads files whose header has the length.
	KnownLength bool
}

// FFmpeg decodes with ffmpeg. Files without a header need its name of their
// format, such as "s16le"; others give "".
func FFmpeg(format string) Decoder {
	return Decoder{Name: "ffmpeg", Tool: "ffmpeg",
		Decode: func(path string, rate audio.SampleRate) ([]float32, error) {
			args := []string{"-v", "error", "-nostdin"}
			if format != "" {
				args = append(args, "-f", format, "-ar", fmt.Sprint(int(rate)), "-ac", "1")
			}
			return rawOutput("ffmpeg", append(args, "-i", path, "-f", "s16le", "-ar", fmt.Sprint(int(rate)), "-")...)
		}}
}

// Late is d for a format that does not tell its delay: what d finds begins with
// delay frames that did not go in.
func Late(d Decoder, delay int) Decoder {
	decode := d.Decode
	d.Decode = func(path string, rate audio.SampleRate) ([]float32, error) {
		frames, err := decode(path, rate)
		return frames[min(delay, len(frames)):], err
	}
	return d
}

// Sox decodes with sox. Files without a header need options that describe
// them, such as "-t", "raw", "-e", "signed", "-b", "16"; the rate is added.
func Sox(describe ...string) Decoder {
	return Decoder{Name: "sox", Tool: "sox",
		Decode: func(path string, rate audio.SampleRate) ([]float32, error) {
			args := []string{"-V1", "-D"}
			if len(describe) > 0 {
				args = append(append(args, describe...), "-c", "1", "-r", fmt.Sprint(int(rate)))
			}
			return rawOutput("sox", append(args, path, "-t", "raw", "-e", "signed", "-b", "16", "-")...)
		}}
}

// Sndfile decodes with libsndfile's sndfile-convert. It takes no notice of
// sizes that say "until the end".
func Sndfile() Decoder {
	return Decoder{Name: "libsndfile", Tool: "sndfile-convert", KnownLength: true,
		Decode: func(path string, _ audio.SampleRate) ([]float32, error) {
			out := filepath.Join(filepath.Dir(path), "sndfile.raw")
			if message, err := exec.Command("sndfile-convert", "-pcm16", "-endian=little", path, out).CombinedOutput(); err != nil {
				return nil, fmt.Errorf("sndfile-convert: %w: %s", err, message)
			}
			raw, err := os.ReadFile(out)
			return s16(raw), err
		}}
}

// Mpg123 decodes MP3 with mpg123.
func Mpg123() Decoder {
	return Decoder{Name: "mpg123", Tool: "mpg123",
		Decode: func(path string, _ audio.SampleRate) ([]float32, error) {
			return rawOutput("mpg123", "-q", "-s", path)
		}}
}

// opusRate is what Opus is decoded at, whatever went in.
const opusRate = 48000

// FFmpegOpus decodes Opus with ffmpeg and one of its decoders: opus is its own,
// libopus is not.
func FFmpegOpus(codec string) Decoder {
	return Decoder{Name: "ffmpeg, " + codec, Tool: "ffmpeg",
		Decode: func(path string, rate audio.SampleRate) ([]float32, error) {
			frames, err := rawOutput("ffmpeg", "-v", "error", "-nostdin", "-c:a", codec, "-i", path, "-f", "s16le", "-ar", fmt.Sprint(opusRate), "-")
			return thinned(frames, rate), err
		}}
}

// Opusdec decodes Opus with opusdec.
func Opusdec() Decoder {
	return Decoder{Name: "opusdec", Tool: "opusdec",
		Decode: func(path string, rate audio.SampleRate) ([]float32, error) {
			out := filepath.Join(filepath.Dir(path), "opusdec.raw")
			if message, err := exec.Command("opusdec", "--quiet", "--no-dither", "--rate", fmt.Sprint(opusRate), path, out).CombinedOutput(); err != nil {
				return nil, fmt.Errorf("opusdec: %w: %s", err, message)
			}
			raw, err := os.ReadFile(out)
			return thinned(s16(raw), rate), err
		}}
}

// thinned takes the frames of rate out of those of Opus, which has none above
// half of rate.
func thinned(frames []float32, rate audio.SampleRate) []float32 {
	step := opusRate / int(rate)
	thin := make([]float32, 0, len(frames)/step+1)
	for i := 0; i < len(frames); i += step {
		thin = append(thin, frames[i])
	}
	return thin
}

func rawOutput(tool string, args ...string) ([]float32, error) {
	raw, err := exec.Command(tool, args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("%s %q: %w: %s", tool, args, err, exit.Stderr)
	}
	return s16(raw), err
}

func s16(raw []byte) []float32 {
	frames := make([]float32, len(raw)/2)
	for i := range frames {
		frames[i] = float32(int16(binary.LittleEndian.Uint16(raw[2*i:]))) / 32768
	}
	return frames
}

func (r run) testDecoders(t *testing.T) {
	for _, d := range r.Decoders {
		t.Run(d.Name, func(t *testing.T) {
			if d.Tool != "" {
				needs.Program(t, d.Tool)
			}
			for _, n := range lengths {
				r.checkDecoded(t, d, n, int64(n))
			}
			if !d.KnownLength {
				r.checkDecoded(t, d, 4801, -1)
			}
		})
	}
}

func (r run) checkDecoded(t *testing.T, d Decoder, n int, announced int64) {
	t.Helper()
	sound := tune(r.rate, n)
	path := filepath.Join(t.TempDir(), "sound")
	if err := os.WriteFile(path, r.encode(t, sound, announced), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := d.Decode(path, r.rate)
	if err != nil {
		t.Errorf("%d frames, %d announced: %v", n, announced, err)
		return
	}
	few := 0
	if n <= fewFrames {
		few = d.Few
	}
	if len(got) < n-few || len(got) > n+d.Slack+few {
		t.Errorf("%d frames, %d announced: %s found %d frames", n, announced, d.Name, len(got))
		return
	}
	if n < 1000 {
		return
	}
	if ratio := snr(sound, got); ratio < r.MinSNR {
		t.Errorf("%d frames, %d announced: %s decodes with an SNR of %.1f dB, want %.1f", n, announced, d.Name, ratio, r.MinSNR)
	}
}

// tune is n frames of three sines below full scale, one of them slowly swelling.
func tune(rate audio.SampleRate, n int) []float32 {
	frames := make([]float32, n)
	for i := range frames {
		at := 2 * math.Pi * float64(i) / float64(rate)
		frames[i] = float32(0.4*math.Sin(220*at) + 0.2*math.Sin(997*at+1) +
			0.2*math.Sin(3*at)*math.Sin(1801*at+2))
	}
	return frames
}

// snr is the signal-to-noise ratio of got against want in dB.
func snr(want, got []float32) float64 {
	var signal, noise float64
	for i := range want {
		signal += float64(want[i]) * float64(want[i])
		noise += float64(want[i]-got[i]) * float64(want[i]-got[i])
	}
	return 10 * math.Log10(signal/noise)
}
