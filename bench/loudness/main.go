// Command loudness measures every voice of the engines and writes the gain that
// brings it to -20 LUFS into its catalogue, engine/ENGINE/voices.tsv, or, of the
// neural voices that are installed, into internal/voicestore/catalogue/gains.tsv.
//
//	go run ./bench/loudness [-bin bin] [-voices .voices] [-check]
//
// Run `make build` first. A voice that is near enough gets no gain, so that its
// sound needs no change at all, and a gain that is right within 0.15 dB stays.
// With -check nothing is written, and the exit code is 1 when a voice with its
// gain is more than 1 dB away. A neural voice speaks with a new gain once it is
// installed again: `lectern voices install --again NAME`.
package main

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/speech"
)

// targetLUFS is the integrated loudness of all voices.
const targetLUFS = -20

const (
	least     = 0.3  // a gain below it is none, in dB
	settled   = 0.15 // a gain that is off by less stays, in dB
	tolerance = 1.0  // what a voice may be away with its gain, in dB
)

// textsTSV is prose for each of many languages. Nothing else tells how loud a
// voice is heard: most voices say a row of numbers a decibel softer.
//
//go:embed texts.tsv
var textsTSV string

// texts is prose by language.
func texts() map[string]string {
	found := map[string]string{}
	for line := range strings.Lines(textsTSV) {
		if language, text, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			found[language] = text
		}
	}
	return found
}

var engines = []string{"espeak", "flite"}

func main() {
	bin := flag.String("bin", "bin", "`directory` of the workers")
	voices := flag.String("voices", ".voices", "`directory` of the neural voices")
	check := flag.Bool("check", false, "write nothing, complain about voices that are off")
	flag.Parse()
	if err := run(context.Background(), *bin, *voices, *check, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "loudness:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, bin, voices string, check bool, out io.Writer) error {
	var errs []error
	for _, name := range engines {
		lacking, err := measureAll(ctx, filepath.Join(bin, "lectern-"+name))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		file := filepath.Join("engine", name, "voices.tsv")
		errs = append(errs, apply(file, lacking, check, out))
	}
	return errors.Join(append(errs, runNeural(ctx, bin, voices, check, out))...)
}

// measureAll is what each voice of a worker lacks in gain, by its public name,
// beside the gain that it has: the worker's own or the one that it asks for.
func measureAll(ctx context.Context, path string) (map[string]float64, error) {
	w, err := worker.Start(ctx, worker.Command{Path: path}, worker.Options{})
	if err != nil {
		return nil, err
	}
	defer w.Close()
	prose, lacking := texts(), map[string]float64{}
	for _, v := range w.Info().Voices {
		language, _, _ := strings.Cut(v.Languages[0], "-")
		text, known := prose[language]
		if !known {
			text = prose["en"] // by the voice's own letters, or by the English ones that it falls back to
		}
		lufs, err := measure(ctx, w, v, speech.Utterance{Text: text, Voice: v.EngineName, Patient: true})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.Name, err)
		}
		lacking[v.Name] = targetLUFS - lufs - v.GainDB
	}
	return lacking, nil
}

// measure is the integrated loudness of a voice that speaks u.
func measure(ctx context.Context, e driver.Engine, v speech.Voice, u speech.Utterance) (lufs float64, err error) {
	heard := recording{Rate: audio.SampleRate(v.NaturalSampleRateHertz)}
	if err := e.Speak(ctx, u, &heard); err != nil {
		return 0, err
	}
	lufs, _, err = dsp.Loudness(audio.Buffer(heard).Stream())
	if err == nil && math.IsInf(lufs, 0) {
		err = errors.New("it says nothing")
	}
	return lufs, err
}

// recording is a sink that keeps the sound.
type recording audio.Buffer

func (r *recording) Audio(frames []int16) error {
	for _, x := range frames {
		r.Samples = append(r.Samples, float32(x)/(1<<15))
	}
	return nil
}

func (*recording) Event(driver.Event) error { return nil }

// apply adds what is lacking to the gains of a catalogue, or complains about it.
func apply(file string, lacking map[string]float64, check bool, out io.Writer) error {
	catalogue, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var b strings.Builder
	off := 0
	for line := range strings.Lines(string(catalogue)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		away, known := lacking[fields[0]]
		if !known {
			b.WriteString(line) // a comment, or a voice that is not installed here
			continue
		}
		has, err := strconv.ParseFloat(fields[len(fields)-1], 64)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", file, fields[0], err)
		}
		if math.Abs(away) > tolerance {
			off++
			fmt.Fprintf(out, "%s is %.1f dB away from %d LUFS\n", fields[0], -away, targetLUFS)
		}
		gain := has
		if math.Abs(away) > settled {
			gain = math.Round((has+away)*10) / 10
		}
		if math.Abs(gain) < least {
			gain = 0
		}
		fields[len(fields)-1] = strconv.FormatFloat(gain, 'f', -1, 64)
		b.WriteString(strings.Join(fields, "\t") + "\n")
	}
	if check {
		if off > 0 {
			return fmt.Errorf("%s: %d voices are off; run `go run ./bench/loudness`", file, off)
		}
		return nil
	}
	return os.WriteFile(file, []byte(b.String()), 0o644)
}
