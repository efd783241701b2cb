// Package models tells which networks the installed voices make, for the server,
// which starts a worker for each without knowing what is inside, and for the
// worker, which opens it.
//
// Voices that share a network (Kokoro's) are one [Model], and one worker speaks
// with all of them.
package models

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/internal/voicestore"
)

// Model is a network and the voices that it has.
type Model struct {
	// Name is the engine and the item, such as "hibari/heart".
	Name string
	// Version tells the model, with its voices, from an earlier one.
	Version string
	// Info is what a worker for it says of itself.
	Info driver.Info
	// Memory is about how many bytes such a worker takes while it speaks.
	Memory int64

	dir    string
	rank   int
	voices map[string]installed // by EngineName
}

type installed struct {
	item  voicestore.Item
	voice voicestore.Voice
}

// Default is the voice of a fresh machine, which comes before all others.
const Default = "heart"

// The names of engines.
const (
	Hibari = "hibari"
	Kokoro = "kokoro"
	Piper  = "piper"
)

// kinds are the engines, the preferred first, with the memory of their workers.
var kinds = []struct {
	engine string
	memory int64
	rate   driver.Range
	pitch  driver.Range // semitones
}{
	// A predicted listener takes 0.05 of 5 off for 4 semitones less and 0.18 for 4
	// more; for any more, shifting the sound is better.
	{Hibari, 130 << 20, halfToTwice, driver.Range{Min: -5, Max: 5}},
	{Piper, 250 << 20, driver.Range{}, driver.Range{}},
	// It sounds best and speaks little faster than it is heard: who wants it names it.
	{Kokoro, 600 << 20, halfToTwice, driver.Range{}},
}

// halfToTwice is how much slower and quicker networks speak that round durations
// to the nearest frame. Piper's rounds them up: half as fast is 0.58, and its
// sound is stretched instead.
var halfToTwice = driver.Range{Min: 0.5, Max: 2}

// license is that of what a worker links and loads; a voice has its own.
const license = "Apache-2.0 AND MIT"

// Of are the models in a directory of voices, the preferred first. What cannot be
// used is left out and stands in the error, so both results may be there at once.
func Of(dir string) ([]Model, error) {
	items, err := voicestore.Installed(dir)
	problems := []error{err}
	there := map[string]bool{}
	for _, item := range items {
		there[item.Name] = true
	}
	var all []Model
	for _, item := range items {
		if item.Kind != voicestore.VoiceKind {
			continue
		}
		for _, v := range item.Voices {
			if err := usable(dir, item, v, there); err != nil {
				problems = append(problems, err)
				continue
			}
			name := item.Engine + "/" + owner(item, v)
			at := slices.IndexFunc(all, func(m Model) bool { return m.Name == name })
			if at < 0 {
				at = len(all)
				all = append(all, empty(dir, name, item))
			}
			all[at].add(item, v)
		}
	}
	slices.SortStableFunc(all, func(a, b Model) int { return cmp.Compare(a.rank, b.rank) })
	return all, errors.Join(problems...)
}

// Find is one of the models in dir, by its name.
func Find(dir, name string) (Model, error) {
	all, problems := Of(dir)
	for _, m := range all {
		if m.Name == name {
			return m, nil
		}
	}
	return Model{}, errors.Join(fmt.Errorf("there is no model %s in %s", name, dir), problems)
}

// usable says what keeps a voice from being used.
func usable(dir string, item voicestore.Item, v voicestore.Voice, there map[string]bool) error {
	if rankOf(item.Engine) < 0 {
		return fmt.Errorf("the voice %s is for the engine %q, which this version does not know", v.Name, item.Engine)
	}
	for _, need := range item.Needs {
		if !there[need] {
			return fmt.Errorf("the voice %s needs %s, which is not installed; `lectern voices install %s` gets it", v.Name, need, need)
		}
	}
	if _, err := os.Stat(item.Path(dir, v.Parts["model"])); err != nil {
		return fmt.Errorf("the voice %s is damaged (%w); %s", v.Name, err, anew(item))
	}
	return nil
}

func rankOf(engine string) int {
	for i, k := range kinds {
		if k.engine == engine {
			return i
		}
	}
	return -1
}

// owner is the item whose network a voice speaks with.
func owner(item voicestore.Item, v voicestore.Voice) string {
	if other, _, shared := strings.Cut(v.Parts["model"], "/"); shared && slices.Contains(item.Needs, other) {
		return other
	}
	return item.Name
}

func empty(dir, name string, item voicestore.Item) Model {
	rank := rankOf(item.Engine)
	m := Model{
		Name: name, Memory: kinds[rank].memory, dir: dir, rank: 2 * rank, voices: map[string]installed{},
		Info: driver.Info{Name: item.Engine, Version: item.Version, License: license, VoiceAbilities: map[string]driver.Abilities{}},
	}
	m.Info.Abilities = driver.Abilities{Rate: kinds[rank].rate, PitchSemitones: kinds[rank].pitch, Deterministic: true, WordEvents: true, Pronunciations: true}
	if item.Name != Default {
		m.rank++
	}
	return m
}

func (m *Model) add(item voicestore.Item, v voicestore.Voice) {
	voice := v.Voice
	voice.Neural = true
	m.Info.Voices = append(m.Info.Voices, voice)
	m.voices[v.EngineName] = installed{item, v}
	m.Version += fmt.Sprintf("%s %s %d;", v.Name, item.Version, item.Installed.UnixNano())
	by := v.TranscribedBy
	if item.Engine == Kokoro {
		by = kokoroReads[v.Languages[0]]
	}
	if by != "" {
		own := m.Info.Abilities
		own.TranscribedBy = by
		m.Info.VoiceAbilities[v.EngineName] = own
	}
}

// kokoroReads are the voices of espeak-ng that read for Kokoro's, by language.
// English has a lexicon of its own.
var kokoroReads = map[string]string{
	"es-ES": "es", "fr-FR": "fr-fr", "hi-IN": "hi", "it-IT": "it", "pt-BR": "pt-br", "ja-JP": "ja", "cmn-CN": "cmn",
}

// Part is where a file of a voice is, by what it is: "model", "style", "config";
// empty when there is none. The voice is named as its engine does.
func (m Model) Part(engineName, part string) string {
	v := m.voices[engineName]
	if v.voice.Parts[part] == "" {
		return ""
	}
	return v.item.Path(m.dir, v.voice.Parts[part])
}

// Speaker is the number of a voice in a network that has several.
func (m Model) Speaker(engineName string) int { return m.voices[engineName].voice.Speaker }

// Verify reads the files of the model and of all that it needs, and says which are
// not as they were installed, and what to do.
func (m Model) Verify() error {
	var problems []error
	seen := map[string]bool{}
	for _, v := range m.voices {
		for _, name := range append([]string{v.item.Name}, v.item.Needs...) {
			if seen[name] {
				continue
			}
			seen[name] = true
			if err := voicestore.Verify(context.Background(), m.dir, name); err != nil {
				what := voicestore.Item{Name: name}
				if name == v.item.Name {
					what = v.item
				}
				problems = append(problems, fmt.Errorf("%w; %s", err, anew(what)))
			}
		}
	}
	return errors.Join(problems...)
}

// anew says how an item is had whole again.
func anew(item voicestore.Item) string {
	if item.Source == voicestore.Own {
		return fmt.Sprintf("`lectern voices remove %s` and `lectern voices add` make it anew", item.Name)
	}
	return fmt.Sprintf("`lectern voices install --again %s` gets it anew", item.Name)
}

// Runtime is where ONNX Runtime is.
func (m Model) Runtime() string { return filepath.Join(m.dir, "onnxruntime", "libonnxruntime.so") }

// English is the folder of the English lexicon.
func (m Model) English() string { return filepath.Join(m.dir, "english") }
