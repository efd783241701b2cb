// Package voicefile prepares the network of a hibari voice, once, when it is
// installed. It needs no ONNX Runtime.
package voicefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/lectern/lectern/engine/neural/graph"
)

// The files of a voice that is prepared.
const (
	// NetworkFile is the part of the network that decides on durations and pitch.
	NetworkFile = "text.onnx"
	// SoundFile is the part that makes frames, of as many as it is given.
	SoundFile = "sound.onnx"

	partsFile = "parts.json" // written last: without it there is no voice
)

// Parts are the values at which the network is cut.
type Parts struct {
	// Durations and Features are what the text part makes beside the pitch
	// (named f0): a duration for each phoneme, in units of 25 ms, and
	// [1,channels,frames] of features.
	Durations string `json:"durations"`
	Features  string `json:"features"`
	// Rows is what the sound part makes of features: [1,frames,columns].
	Rows string `json:"rows"`
	// Local says that a frame's row depends on the features nearby only.
	Local bool `json:"local"`
}

// Prepare cuts a voice's network in two and writes the parts to dir. An error says
// why the file is no hibari voice.
func Prepare(network, dir string) error {
	data, err := os.ReadFile(network)
	if err != nil {
		return err
	}
	name := filepath.Base(network)
	m, err := graph.Parse(data)
	if err != nil {
		return fmt.Errorf("%s is %w", name, err)
	}
	parts, err := partsOf(m)
	if err != nil {
		return fmt.Errorf("%s %w: it is not a hibari voice", name, err)
	}
	cut := func(file string, in []string, out ...string) error {
		data, err := m.Cut(in, out)
		if err != nil {
			return fmt.Errorf("%s cannot be cut: %w", name, err)
		}
		return os.WriteFile(filepath.Join(dir, file), data, 0o666)
	}
	if err := cut(NetworkFile, nil, parts.Durations, "f0", parts.Features); err != nil {
		return err
	}
	if err := cut(SoundFile, []string{parts.Features}, parts.Rows); err != nil {
		return err
	}
	text, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, partsFile), text, 0o666)
}

// ReadParts reads what [Prepare] wrote to dir.
func ReadParts(dir string) (Parts, error) {
	var p Parts
	text, err := os.ReadFile(filepath.Join(dir, partsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return p, fmt.Errorf("%s holds no voice that was prepared by this version; install it again", dir)
	} else if err != nil {
		return p, err
	}
	if err := json.Unmarshal(text, &p); err != nil || p.Durations == "" || p.Features == "" || p.Rows == "" {
		return p, fmt.Errorf("%s is damaged; install the voice again", filepath.Join(dir, partsFile))
	}
	return p, nil
}
