package install

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/lectern/lectern/engine/neural/piper/voicefile"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/catalogue"
	"github.com/lectern/lectern/internal/voicestore/download"
)

// readJSON reads the JSON beside a model of Piper's.
func readJSON(path, name string) (*voicefile.Config, error) {
	c, err := voicefile.ReadConfig(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "The JSON of %s is missing: %v.", name, err).Because(err)
	}
	if err != nil {
		return nil, fault.New(fault.InvalidArgument, "The JSON of %s cannot be used: %v.", name, err).Because(err)
	}
	return c, nil
}

// readConfig takes what a model's JSON knows better than the catalogue.
func readConfig(dir string, item *voicestore.Item) error {
	configs := map[string]*voicefile.Config{}
	for n := range item.Voices {
		v := &item.Voices[n]
		file := v.Parts["config"]
		c, known := configs[file]
		if !known {
			var err error
			if c, err = readJSON(filepath.Join(dir, file), item.Name); err != nil {
				return err
			}
			configs[file] = c
		}
		v.NaturalSampleRateHertz = c.SampleRate
		if c.PhonemeType == "espeak" { // else its phonemes are its letters
			v.TranscribedBy = c.Espeak
		}
	}
	return nil
}

// Add installs a Piper model of one's own: its .onnx, the .onnx.json beside it if
// jsonPath is empty, and the name that it shall have. It is copied. Its voices are
// LANGUAGE-Piper-Name. What it needs is installed first, as by Install.
//
// The error is a fault: INVALID_ARGUMENT (the name, the model's size or the JSON),
// NOT_FOUND (a file), ALREADY_EXISTS (the name is taken, by what can be installed
// too), else as Install. Of what failed nothing is left.
func (s *Store) Add(ctx context.Context, onnxPath, jsonPath, name string, o InstallOptions) error {
	if jsonPath == "" {
		jsonPath = onnxPath + ".json"
	}
	if !voicestore.ValidName(name) {
		return fault.New(fault.InvalidArgument, "%q cannot be a voice's name: letters, digits and _.+- can.", name)
	}
	sources, err := s.choose(o.Source)
	if err != nil {
		return err
	}
	if _, taken := s.embedded.Find(name); taken {
		return fault.New(fault.AlreadyExists, "%s is the name of a voice that can be installed; choose another one.", name)
	}
	model, err := os.Stat(onnxPath)
	switch {
	case err != nil || !model.Mode().IsRegular():
		return fault.New(fault.NotFound, "%s is not there.", onnxPath).Because(err)
	case model.Size() > voicefile.MaxNetwork:
		return fault.New(fault.InvalidArgument, "%s is no model of Piper: it has more than the 2 GB that a network may have.", onnxPath)
	}
	c, err := readJSON(jsonPath, name)
	if err != nil {
		return err
	}
	language := c.Language
	if language == "" {
		language = c.Espeak
	}
	if language == "" {
		return fault.New(fault.InvalidArgument, "The JSON of %s says no language: it needs language.code or espeak.voice.", name)
	}
	unlock, err := s.lock(ctx, o)
	if err != nil {
		return err
	}
	defer unlock()
	if have, err := voicestore.Read(s.dir, name); err == nil && (have.Source != voicestore.Own || !o.Again) {
		return fault.New(fault.AlreadyExists, "A voice %s is installed; remove it first, or choose another name.", name)
	}
	item := voicestore.Item{
		Name: name, Version: "own", Kind: voicestore.VoiceKind, Engine: "piper", Licence: "the owner's", Class: voicestore.Unclear,
		Credit: "added from " + filepath.Base(onnxPath), Needs: []string{"onnxruntime"}, Source: voicestore.Own, Asked: true,
		Voices: catalogue.PiperVoices(name, name, strings.TrimSuffix(name, ".onnx"), "medium", catalogue.Language(language), c.SpeakerIDs),
	}
	if err := s.free(item); err != nil {
		return err
	}
	if err := s.needs(ctx, item, sources, o); err != nil {
		return err
	}
	dir := s.partial(name)
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	defer os.RemoveAll(dir) // a copy that came to nothing is of no use to anybody
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return full(err)
	}
	for from, to := range map[string]string{onnxPath: name + ".onnx", jsonPath: name + ".onnx.json"} {
		st, err := os.Stat(from)
		if err != nil {
			return fault.New(fault.NotFound, "%s cannot be read.", filepath.Base(from)).Because(err)
		}
		if err := s.enough(st.Size()); err != nil {
			return err
		}
		want := download.Want{Name: to, Size: st.Size()}
		err = copyFile(ctx, from, want, filepath.Join(dir, to), func(done int64) {
			o.report(Progress{Item: name, File: to, Done: done, Total: st.Size(), Phase: Getting})
		})
		if err != nil {
			return err
		}
	}
	if err := s.finish(ctx, item, o); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(s.dir, partialDir, archivesDir))
}
