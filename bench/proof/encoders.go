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

// longEncodings are all in which a long text is spoken, with the bars of their
// wall times, if they have one, and the rate that they take by themselves.
var longEncodings = []struct {
	name    string
	wallBar float64
	rate    audio.SampleRate
}{
	{"OGG_OPUS", 1.25, outputRate}, {"MP3", 1.25, voiceRate}, {"MP3_64_KBPS", 0, voiceRate}, {"M4A", 0, voiceRate},
	{"MULAW", 0, voiceRate}, {"ALAW", 0, voiceRate}, {"PCM", 0, voiceRate},
}

// longEncoded is longTexts in all other encodings.
//
// Method: 1 MB of text (100 kB with -quick) by the espeak voice, on a fresh
// server for each encoding, once; wall time from the call to the answer that
// says done. Where it has a bar the reference is the sum of the CPU times of the
// stages alone, divided by the cores: `espeak-ng` for the same text, and
// resampling (Opus only) and encoding so much sound at the speeds that this run
// measures. Memory, and what is allowed for the same bytes every time, are as in
// long.
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
	for _, e := range longEncodings {
		var length float64
		f, err := longOnce(ctx, l, text, e.name, func(name string) (size int64, err error) {
			size, length, err = probe(ctx, name, e.name == "PCM")
			return size, err
		})
		if err != nil {
			return rows, err
		}
		l.logf("long, %s: wall %s for %.0f s of sound in %s; CPU time: server %s, its workers %s; espeak-ng %s, the same bytes every time %s; VmHWM %s",
			e.name, millis(f.wall), length, megabytes(f.bytes), millis(f.server), millis(f.workers), millis(spoken), millis(allowed), megabytes(f.peak))
		if e.wallBar > 0 {
			sample, err := speechAt(ctx, e.rate)
			if err != nil {
				return rows, err
			}
			speed, err := encodeSpeed(e.name, sample)
			if err != nil {
				return rows, err
			}
			alone := spoken.Seconds() + length/speed
			if e.rate != voiceRate {
				alone += length / resampling
			}
			cores := time.Duration(runtime.NumCPU())
			least := time.Duration(alone*float64(time.Second)) / cores
			bound := least + allowed/cores
			x := f.wall.Seconds() / bound.Seconds()
			rows = append(rows, row{
				name:      fmt.Sprintf("%s of text by an espeak voice to %s, wall time", size, e.name),
				bar:       fmt.Sprintf("<= %.2f x (CPU times of synthesis, of the same bytes every time and of encoding alone / %d cores)", e.wallBar, cores),
				measured:  millis(f.wall),
				reference: millis(bound),
				ratio:     fmt.Sprintf("%.2f; without the allowance %.2f", x, f.wall.Seconds()/least.Seconds()),
				verdict:   judge(x <= e.wallBar),
			})
		}
		const memoryBar = 150e6
		rows = append(rows, row{
			name:     fmt.Sprintf("%s of text to %s, memory of the server process", size, e.name),
			bar:      "<= " + megabytes(memoryBar) + " from start to end",
			measured: fmt.Sprintf("VmHWM %s, largest VmRSS %s", megabytes(f.peak), megabytes(f.largest)),
			verdict:  judge(float64(max(f.peak, f.largest)) <= memoryBar),
		})
	}
	return rows, nil
}

// probe is the size of a file of sound and how many seconds ffprobe finds in it;
// in a bare file, of 16-bit samples at the voice's rate, their number says it.
func probe(ctx context.Context, name string, bare bool) (size int64, length float64, err error) {
	st, err := os.Stat(name)
	if err != nil {
		return 0, 0, err
	}
	if bare {
		return st.Size(), float64(st.Size()) / 2 / float64(voiceRate), nil
	}
	out, err := exec.CommandContext(ctx, "ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", name).Output()
	if err != nil {
		return 0, 0, fmt.Errorf("ffprobe: %w", err)
	}
	_, err = fmt.Sscan(strings.TrimSpace(string(out)), &length)
	return st.Size(), length, err
}
