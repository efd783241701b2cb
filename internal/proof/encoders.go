package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/m4a"
	"github.com/lectern/lectern/encode/mp3"
	"github.com/lectern/lectern/encode/oggopus"
)

// encodings are those whose encoders have a memory, with their bars in seconds
// of sound for each second of one core.
var encodings = []struct {
	name string
	bar  float64
}{{"MP3", 200}, {"MP3_64_KBPS", 200}, {"OGG_OPUS", 100}, {"M4A", 200}}

func codecs() *encode.Catalogue {
	return encode.NewCatalogue(mp3.MP3(), mp3.MP3Kbps64(), oggopus.Format(), m4a.Format())
}

// encoders is how fast sound is encoded, at 24,000 Hz.
//
// Method, in this process: the beginning of the book as espeak-ng speaks it,
// resampled to 24,000 Hz, is encoded five times (twice with -quick); seconds of
// sound for each second of CPU time; the median is judged. There is no
// reference: the codecs' own programs cannot be timed without their I/O.
func encoders(ctx context.Context, l *lab) ([]row, error) {
	sound, err := speechAt(ctx, outputRate)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, e := range encodings {
		var speeds []float64
		for range l.count(5, 2) {
			x, err := encodeSpeed(e.name, sound)
			if err != nil {
				return rows, err
			}
			speeds = append(speeds, x)
		}
		rows = append(rows, row{name: e.name + " encoder, speed", bar: fmt.Sprintf(">= %.0f x real time", e.bar),
			measured: fmt.Sprintf("%.0f x of %.0f", middle(speeds), speeds), verdict: judge(middle(speeds) >= e.bar)})
	}
	return rows, nil
}

// speechAt is some minutes of the book, as espeak-ng speaks it, at a rate.
func speechAt(ctx context.Context, rate audio.SampleRate) (audio.Buffer, error) {
	tool := exec.CommandContext(ctx, "espeak-ng", "-v", "en-us", "--stdout", book(5000))
	wave, err := tool.Output()
	const header = 44
	if err != nil || len(wave) < header {
		return audio.Buffer{}, fmt.Errorf("espeak-ng: %w", err)
	}
	spoken := audio.Buffer{Rate: voiceRate}
	for b := wave[header:]; len(b) > 1; b = b[2:] {
		spoken.Samples = append(spoken.Samples, float32(int16(uint16(b[0])|uint16(b[1])<<8))/(1<<15))
	}
	return audio.ReadAll(dsp.Resample(spoken.Stream(), rate))
}

// encodeSpeed is seconds of sound for each second of this process's CPU time.
func encodeSpeed(encoding string, sound audio.Buffer) (float64, error) {
	format, err := codecs().Lookup(encoding)
	if err != nil {
		return 0, err
	}
	before, err := cpuTime(os.Getpid())
	if err != nil {
		return 0, err
	}
	encoder, err := format.NewEncoder(io.Discard, sound.Rate, -1)
	if err != nil {
		return 0, err
	}
	if err := encoder.Copy(sound.Stream()); err != nil {
		return 0, err
	}
	if err := encoder.Close(); err != nil {
		return 0, err
	}
	after, _ := cpuTime(os.Getpid())
	return seconds(sound) / (after - before).Seconds(), nil
}

// longEncoded is longTexts in encodings whose encoders have a memory.
//
// Method: 1 MB of text (100 kB with -quick) by the espeak voice to OGG_OPUS, to
// MP3 and to M4A, at the rate that the encoding takes by itself (24,000 Hz for
// Opus, else 22,050), on a fresh server, once; wall time from the call to the answer that says
// done. The reference is the sum of the CPU times of the stages alone, divided
// by the cores: `espeak-ng` for the same text, and resampling (Opus only) and
// encoding so much sound at the speeds that this run measures. Memory, and what
// is allowed for the same bytes every time, are as in long.
func longEncoded(ctx context.Context, l *lab) ([]row, error) {
	text := book(l.count(bookBytes, 100_000))
	size := megabytes(int64(len(text)))
	spoken, err := espeakAlone(ctx, l, text)
	if err != nil {
		return nil, err
	}
	allowed, err := l.bookCost(ctx, text)
	if err != nil {
		return nil, err
	}
	resampling, err := resampleSpeed(whiteNoise(l.random(10), 120))
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, e := range []struct {
		encoding ttspb.AudioEncoding
		rate     audio.SampleRate
	}{{ttspb.AudioEncoding_OGG_OPUS, outputRate}, {ttspb.AudioEncoding_MP3, voiceRate}, {ttspb.AudioEncoding_M4A, voiceRate}} {
		sample, err := speechAt(ctx, e.rate)
		if err != nil {
			return rows, err
		}
		speed, err := encodeSpeed(e.encoding.String(), sample)
		if err != nil {
			return rows, err
		}
		var length float64
		f, err := longOnce(ctx, l, text, e.encoding, func(name string) (size int64, err error) {
			size, length, err = probe(ctx, name)
			return size, err
		})
		if err != nil {
			return rows, err
		}
		alone := spoken.Seconds() + length/speed
		if e.rate != voiceRate {
			alone += length / resampling
		}
		cores := time.Duration(runtime.NumCPU())
		least := time.Duration(alone / float64(cores) * float64(time.Second))
		l.logf("long, %s: wall %s for %.0f s of sound in %s; CPU time: server %s, its workers %s; espeak-ng %s; encoder %.0f x; VmHWM %s",
			e.encoding, millis(f.wall), length, megabytes(f.bytes), millis(f.server), millis(f.workers), millis(spoken), speed, megabytes(f.peak))
		const wallBar, memoryBar = 1.25, 150e6
		bound := least + allowed/cores
		x := f.wall.Seconds() / bound.Seconds()
		rows = append(rows, row{
			name:      fmt.Sprintf("%s of text by an espeak voice to %s, wall time", size, e.encoding),
			bar:       fmt.Sprintf("<= %.2f x (CPU times of synthesis, of the same bytes every time and of encoding alone / %d cores)", wallBar, cores),
			measured:  millis(f.wall),
			reference: millis(bound),
			ratio:     fmt.Sprintf("%.2f; without the allowance %.2f", x, f.wall.Seconds()/least.Seconds()),
			verdict:   judge(x <= wallBar),
		}, row{
			name:     fmt.Sprintf("%s of text to %s, memory of the server process", size, e.encoding),
			bar:      "<= " + megabytes(memoryBar) + " from start to end",
			measured: fmt.Sprintf("VmHWM %s, largest VmRSS %s", megabytes(f.peak), megabytes(f.largest)),
			verdict:  judge(float64(max(f.peak, f.largest)) <= memoryBar),
		})
	}
	return rows, nil
}

// probe is the size of a file of sound and how many seconds ffprobe finds in it.
func probe(ctx context.Context, name string) (size int64, length float64, err error) {
	st, err := os.Stat(name)
	if err != nil {
		return 0, 0, err
	}
	out, err := exec.CommandContext(ctx, "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", name).Output()
	if err != nil {
		return 0, 0, fmt.Errorf("ffprobe: %w", err)
	}
	_, err = fmt.Sscan(strings.TrimSpace(string(out)), &length)
	return st.Size(), length, err
}
