package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

const (
	voiceRate  audio.SampleRate = 22050
	outputRate audio.SampleRate = 24000
)

// resampler is how clean and how fast package dsp changes 22,050 Hz to 24,000.
//
// Method, in this process. SNR: sines of half of full scale at 40 frequencies
// from 50 Hz to 80 % of 11,025 Hz (the pass band that dsp promises); the sine
// of that frequency that fits the result best is the signal, all else noise;
// the worst is judged. Alias: the other sines up to 11,025 Hz, whose mirror
// above 11,025 Hz is measured, and on the way back from 24,000 Hz sines of
// 11,050 to 11,950 Hz, of which nothing should be left; the worst is judged.
// Speed: seconds of sound for each second of CPU time, in two minutes of noise,
// five times (twice with -quick); the median is judged. The reference is the
// CPU time of `sox in.wav out.wav rate -h` for the same noise.
func resampler(ctx context.Context, l *lab) ([]row, error) {
	worst, hertzOfWorst := math.Inf(1), 0.0
	for i := range 40 {
		f := 50 + float64(i)/39*(0.8*float64(voiceRate)/2-50)
		if snr := signalToNoise(f); snr < worst {
			worst, hertzOfWorst = snr, f
		}
	}
	alias, aliasAt := math.Inf(-1), 0.0
	for f := 10_100.0; f < 11_000; f += 50 { // its mirror is below 12,000 Hz
		if a := mirror(f); a > alias {
			alias, aliasAt = a, f
		}
	}
	for f := 11_050.0; f <= 11_950; f += 50 {
		if a := leftover(f); a > alias {
			alias, aliasAt = a, f
		}
	}
	noise := whiteNoise(l.random(9), 120)
	var speeds []float64
	for range l.count(5, 2) {
		x, err := resampleSpeed(noise)
		if err != nil {
			return nil, err
		}
		speeds = append(speeds, x)
	}
	sox, reference := soxSpeed(ctx, l, noise), "sox is not installed"
	if sox > 0 {
		reference = fmt.Sprintf("`sox rate -h`: %.0f x", sox)
	}
	const snrBar, aliasBar, speedBar = 100, -90, 300
	return []row{
		{name: "resampler 22,050 -> 24,000 Hz, SNR", bar: fmt.Sprintf(">= %d dB", snrBar),
			measured: fmt.Sprintf("%.1f dB (worst, at %.0f Hz)", worst, hertzOfWorst), verdict: judge(worst >= snrBar)},
		{name: "resampler, alias", bar: fmt.Sprintf("<= %d dB", aliasBar),
			measured: fmt.Sprintf("%.1f dB (worst, of %.0f Hz)", alias, aliasAt), verdict: judge(alias <= aliasBar)},
		{name: "resampler, speed", bar: fmt.Sprintf(">= %d x real time", speedBar),
			measured:  fmt.Sprintf("%.0f x of %.0f", middle(speeds), speeds),
			reference: reference, ratio: ratio(middle(speeds), sox), verdict: judge(middle(speeds) >= speedBar)},
	}, nil
}

// sine is one second of a sine at half of full scale.
func sine(rate audio.SampleRate, hertz float64) audio.Buffer {
	b := audio.Buffer{Rate: rate, Samples: make([]float32, rate)}
	for i := range b.Samples {
		b.Samples[i] = float32(0.5 * math.Sin(2*math.Pi*hertz*float64(i)/float64(rate)))
	}
	return b
}

// steady resamples one sine and returns the middle of the result, where the
// sine's begin and end have no effect.
func steady(from, to audio.SampleRate, hertz float64) []float32 {
	out, err := audio.ReadAll(dsp.Resample(sine(from, hertz).Stream(), to))
	if err != nil || len(out.Samples) < int(to)*9/10 {
		return nil
	}
	return out.Samples[to/10 : int(to)*9/10]
}

// signalToNoise is the SNR in dB of a sine after resampling.
func signalToNoise(hertz float64) float64 {
	out := steady(voiceRate, outputRate, hertz)
	signal, rest := fit(out, outputRate, hertz)
	return decibels(signal / rest)
}

// mirror is the strength in dB of the mirror image of a sine.
func mirror(hertz float64) float64 {
	out := steady(voiceRate, outputRate, hertz)
	image, _ := fit(out, outputRate, float64(voiceRate)-hertz)
	return decibels(image / 0.125)
}

// leftover is what is left in dB of a sine that the lower rate cannot hold.
func leftover(hertz float64) float64 {
	var power float64
	out := steady(outputRate, voiceRate, hertz)
	for _, x := range out {
		power += float64(x) * float64(x)
	}
	return decibels(power / float64(len(out)) / 0.125) // a sine of 0.5 has a power of 0.125
}

// fit splits the power of sound into that of the sine of the given frequency
// that fits best, by least squares, and the rest.
func fit(sound []float32, rate audio.SampleRate, hertz float64) (sine, rest float64) {
	var ss, cc, sc, xs, xc float64
	step := 2 * math.Pi * hertz / float64(rate)
	for i, x := range sound {
		s, c := math.Sincos(step * float64(i))
		ss, cc, sc = ss+s*s, cc+c*c, sc+s*c
		xs, xc = xs+float64(x)*s, xc+float64(x)*c
	}
	det := ss*cc - sc*sc
	a, b := (xs*cc-xc*sc)/det, (xc*ss-xs*sc)/det
	for i, x := range sound {
		s, c := math.Sincos(step * float64(i))
		y := a*s + b*c
		sine += y * y
		rest += (float64(x) - y) * (float64(x) - y)
	}
	n := float64(len(sound))
	return sine / n, rest / n
}

func decibels(power float64) float64 { return 10 * math.Log10(power) }

func whiteNoise(random *rand.Rand, seconds int) audio.Buffer {
	b := audio.Buffer{Rate: voiceRate, Samples: make([]float32, seconds*int(voiceRate))}
	for i := range b.Samples {
		b.Samples[i] = random.Float32() - 0.5
	}
	return b
}

// resampleSpeed is seconds of sound for each second of this process's CPU time.
func resampleSpeed(sound audio.Buffer) (float64, error) {
	before, err := cpuTime(os.Getpid())
	if err != nil {
		return 0, err
	}
	stream, block := dsp.Resample(sound.Stream(), outputRate), make([]float32, 4096)
	for err == nil {
		_, err = stream.Read(block)
	}
	after, _ := cpuTime(os.Getpid())
	return seconds(sound) / (after - before).Seconds(), nil
}

func seconds(b audio.Buffer) float64 {
	return b.Rate.Duration(int64(len(b.Samples))).Seconds()
}

// soxSpeed is resampleSpeed of sox; 0 when there is no sox.
func soxSpeed(ctx context.Context, l *lab, sound audio.Buffer) float64 {
	in, out := filepath.Join(l.dir, "noise.raw"), filepath.Join(l.dir, "noise-24k.raw")
	defer os.Remove(in)
	defer os.Remove(out)
	raw := make([]byte, 0, 2*len(sound.Samples))
	for _, x := range sound.Samples {
		raw = binary.LittleEndian.AppendUint16(raw, uint16(int16(x*32767)))
	}
	if os.WriteFile(in, raw, 0o600) != nil {
		return 0
	}
	format := []string{"-t", "raw", "-e", "signed", "-b", "16", "-c", "1"}
	args := append(append([]string{"-D"}, format...), "-r", "22050", in)
	args = append(append(args, format...), "-r", "24000", out, "rate", "-h")
	sox := exec.CommandContext(ctx, "sox", args...)
	if err := sox.Run(); err != nil {
		l.logf("sox: %v", err)
		return 0
	}
	used := sox.ProcessState.UserTime() + sox.ProcessState.SystemTime()
	return seconds(sound) / max(used, time.Millisecond).Seconds()
}
