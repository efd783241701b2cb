package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/internal/models"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/speech"
)

// neuralGains is the table of the neural voices' gains. Unlike an engine's own
// catalogue it begins with no voices: those that are measured are added.
const neuralGains = "internal/voicestore/catalogue/gains.tsv"

// neuralMemory is that of a worker, in bytes: what a server gives Kokoro's.
const neuralMemory = 1536 << 20

// runNeural measures the voices that are installed in dir. A model that does not
// start is left out, out loud.
func runNeural(ctx context.Context, bin, dir string, check bool, out io.Writer) error {
	found, problems := models.Of(dir)
	if problems != nil {
		fmt.Fprintln(out, problems)
	}
	if len(found) == 0 {
		fmt.Fprintf(out, "there are no neural voices in %s\n", dir)
		return nil
	}
	reader, err := worker.Start(ctx, worker.Command{Path: filepath.Join(bin, "lectern-espeak")}, worker.Options{})
	if err != nil {
		return err
	}
	defer reader.Close()
	lacking := map[string]float64{}
	var errs []error
	for _, m := range found {
		if err := measureModel(ctx, bin, dir, m, reader, lacking); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", m.Name, err))
		}
	}
	if !check {
		if err := addRows(neuralGains, lacking); err != nil {
			return err
		}
	}
	return errors.Join(append(errs, apply(neuralGains, lacking, check, out))...)
}

// measureModel measures the voices of one model, beside the gains of the table:
// those of the installed item may be older.
func measureModel(ctx context.Context, bin, dir string, m models.Model, reader driver.Transcriber, lacking map[string]float64) error {
	dir, err := filepath.Abs(dir) // a worker starts elsewhere
	if err != nil {
		return err
	}
	w, err := worker.Start(ctx, worker.Command{Path: filepath.Join(bin, "lectern-neural"), Args: []string{dir, m.Name}}, worker.Options{Memory: neuralMemory})
	if err != nil {
		return err
	}
	defer w.Close()
	prose := texts()
	for _, v := range w.Info().Voices {
		language, _, _ := strings.Cut(v.Languages[0], "-")
		text, known := prose[language]
		if !known {
			return fmt.Errorf("texts.tsv has nothing in the language of %s", v.Name)
		}
		u := speech.Utterance{Text: text, Voice: v.EngineName, Patient: true}
		if by := w.Info().AbilitiesOf(v.EngineName).TranscribedBy; by != "" {
			read := u
			read.Voice = by
			if u.Transcribed, err = reader.Transcribe(ctx, read); err != nil {
				return err
			}
		}
		lufs, err := measure(ctx, w, v, u)
		if err != nil {
			return fmt.Errorf("%s: %w", v.Name, err)
		}
		lacking[v.Name] = targetLUFS - lufs - catalogue.Gain(v.Name)
	}
	return nil
}

// addRows gives a table rows for voices that it lacks, by name and with no gain.
func addRows(file string, voices map[string]float64) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	lines := slices.Collect(strings.Lines(string(text)))
	head, rows := lines[:1], lines[1:]
	for name := range voices {
		if !slices.ContainsFunc(rows, func(row string) bool { return strings.HasPrefix(row, name+"\t") }) {
			rows = append(rows, name+"\t0\n")
		}
	}
	slices.Sort(rows)
	return os.WriteFile(file, []byte(strings.Join(head, "")+strings.Join(rows, "")), 0o644)
}
