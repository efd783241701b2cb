package wav_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/internal/needs"
)

// The greatest number of frames whose file is still RIFF.
const (
	lastRIFFLinear16 = (0xFFFFFFFE - 36) / 2
	lastRIFFMuLaw    = 0xFFFFFFFE - 50
)

func TestRIFFBecomesRF64WhenItsSizeDoesNotFit(t *testing.T) {
	for _, c := range []struct {
		format driver.Joiner
		last   int64
	}{{wav.Linear16(), lastRIFFLinear16}, {wav.MuLaw(), lastRIFFMuLaw}, {wav.ALaw(), lastRIFFMuLaw}} {
		if h := c.format.Header(24000, c.last); string(h[:4]) != "RIFF" {
			t.Errorf("%s of %d frames begins with %q, want RIFF", c.format.Name(), c.last, h[:4])
		}
		if h := c.format.Header(24000, c.last+1); string(h[:4]) != "RF64" {
			t.Errorf("%s of %d frames begins with %q, want RF64", c.format.Name(), c.last+1, h[:4])
		}
	}
}

func TestRF64Sizes(t *testing.T) {
	const frames = 5_000_000_001
	for _, c := range []struct {
		format driver.Joiner
		body   int64
	}{{wav.Linear16(), 2 * frames}, {wav.MuLaw(), frames}} {
		header, trailer := c.format.Header(48000, frames), c.format.Trailer(48000, frames)
		total := int64(len(header)) + c.body + int64(len(trailer))
		if total%2 != 0 {
			t.Errorf("%s: the file has %d bytes, an odd number", c.format.Name(), total)
		}
		if string(header[:4]) != "RF64" || string(header[8:16]) != "WAVEds64" {
			t.Fatalf("%s: the header is % x", c.format.Name(), header)
		}
		for _, size := range []struct {
			name string
			at   int
			want int64
		}{{"riff", 20, total - 8}, {"data", 28, c.body}, {"frames", 36, frames}} {
			if got := int64(binary.LittleEndian.Uint64(header[size.at:])); got != size.want {
				t.Errorf("%s: the %s size in ds64 is %d, want %d", c.format.Name(), size.name, got, size.want)
			}
		}
		for _, at := range []int{4, len(header) - 4} {
			if got := binary.LittleEndian.Uint32(header[at:]); got != 0xFFFFFFFF {
				t.Errorf("%s: the 32-bit size at %d is %#x, want 0xFFFFFFFF", c.format.Name(), at, got)
			}
		}
	}
}

// sparseFile is a file of silence with a loud last second; its blocks of
// zeros take no room on the disk.
func sparseFile(t *testing.T, f driver.Joiner, rate int, frames int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "long.wav")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	header := f.Header(24000, frames)
	loud := bytes.Repeat([]byte{0x34, 0x12}, rate)
	end := int64(len(header)) + f.BodySize(24000, frames)
	if _, err := file.Write(header); err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt(loud, end-int64(len(loud))); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestToolsReadRF64(t *testing.T) {
	const (
		rate   = 24000
		frames = 2_500_000_000 // 5 GB
	)
	path := sparseFile(t, wav.Linear16(), rate, frames)
	output := func(t *testing.T, tool string, args ...string) string {
		t.Helper()
		needs.Program(t, tool)
		out, err := exec.Command(tool, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %s", tool, err, out)
		}
		return string(out)
	}
	t.Run("ffprobe", func(t *testing.T) {
		out := output(t, "ffprobe", "-v", "error", "-show_entries", "stream=duration_ts,sample_rate", "-of", "csv=p=0", path)
		if got, want := strings.TrimSpace(out), fmt.Sprintf("%d,%d", rate, frames); got != want {
			t.Errorf("ffprobe finds rate and frames %s, want %s", got, want)
		}
	})
	t.Run("ffmpeg", func(t *testing.T) {
		needs.Program(t, "ffmpeg")
		out, err := exec.Command("ffmpeg", "-v", "error", "-nostdin", "-sseof", "-0.5", "-i", path, "-f", "s16le", "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		if want := bytes.Repeat([]byte{0x34, 0x12}, rate/2); !bytes.Equal(out, want) {
			t.Errorf("the last half second is %d bytes, or other ones than written", len(out))
		}
	})
	t.Run("sox", func(t *testing.T) {
		// From a file sox reads all 5 GB byte by byte; from a pipe it stops
		// at the body, of which a second is enough.
		needs.Program(t, "sox")
		sox := exec.Command("sox", "-V4", "-t", "wav", "-", "-n", "trim", "0", "1")
		sox.Stdin = bytes.NewReader(append(wav.Linear16().Header(rate, frames), make([]byte, 4*rate)...))
		out, err := sox.CombinedOutput()
		if want := fmt.Sprintf("%d Samps/chans", int64(frames)); err != nil || !strings.Contains(string(out), want) {
			t.Errorf("sox does not find %q: %v\n%s", want, err, out)
		}
	})
	t.Run("libsndfile", func(t *testing.T) {
		out := output(t, "sndfile-info", path)
		if want := fmt.Sprintf("Frames      : %d\n", int64(frames)); !strings.Contains(out, want) {
			t.Errorf("sndfile-info does not find %q:\n%s", want, out)
		}
	})
}
