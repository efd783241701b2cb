package voicefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/lectern/lectern/engine/neural/graph"
)

// The files of a voice that is prepared.
const (
	TextFile  = "text.onnx"  // the sound parts stand in parts.json
	partsFile = "parts.json" // written last: without it there is no voice
)

// MaxNetwork is what a message of protobuf may have, in bytes, and well above any
// voice.
const MaxNetwork = 1<<31 - 1

// check says what keeps a file from being the network of a Piper voice; nil if
// nothing does. It takes the file's size in memory.
func check(network string) error {
	_, _, err := read(network)
	return err
}

// Prepare cuts the network of a voice and writes the parts into a directory, which
// must exist. It checks as check does, and takes twice the file's size in memory.
func Prepare(network, dir string) error {
	m, parts, err := read(network)
	if err != nil {
		return err
	}
	text := []string{}
	if parts.Text.Noise != "" {
		text = append(text, parts.Text.Noise)
	}
	cut := func(file string, in []string, out ...string) error {
		data, err := m.Cut(in, out)
		if err != nil {
			return fmt.Errorf("%s cannot be cut: %w", filepath.Base(network), err)
		}
		return os.WriteFile(filepath.Join(dir, file), data, 0o666)
	}
	if err := cut(TextFile, text, parts.Text.Durations, parts.Text.Means, parts.Text.Spreads); err != nil {
		return err
	}
	for i := range parts.Sound {
		part := &parts.Sound[i]
		in := []string{part.From}
		if part.Mask != "" {
			in = append(in, part.Mask)
		}
		if err := cut(part.File, in, part.To); err != nil {
			return err
		}
		if part.Plane, err = widen(filepath.Join(dir, part.File)); err != nil {
			return err
		}
	}
	description, err := json.MarshalIndent(parts, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, partsFile), description, 0o666)
}

// widen makes a part faster where that can be: see [graph.Model.Planes].
func widen(file string) (wide bool, err error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return false, err
	}
	m, err := graph.Parse(data)
	if err != nil {
		return false, err
	}
	planes, err := m.Planes()
	if err != nil {
		return false, nil //nolint:nilerr // it is as good, only slower
	}
	return true, os.WriteFile(file, planes, 0o666)
}

func read(network string) (*graph.Model, *Parts, error) {
	name := filepath.Base(network)
	stat, err := os.Stat(network)
	if err != nil {
		return nil, nil, fmt.Errorf("the voice's network: %w", err)
	}
	if !stat.Mode().IsRegular() || stat.Size() > MaxNetwork {
		return nil, nil, fmt.Errorf("%s is not an ONNX model: it is no file of at most 2 GB", name)
	}
	data, err := os.ReadFile(network)
	if err != nil {
		return nil, nil, fmt.Errorf("the voice's network: %w", err)
	}
	m, err := graph.Parse(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s is %w", name, err)
	}
	parts, err := partsOf(m)
	if err != nil {
		return nil, nil, fmt.Errorf("%s %w", name, err)
	}
	return m, parts, nil
}

// ReadParts reads what [Prepare] wrote of the parts.
func ReadParts(dir string) (*Parts, error) {
	data, err := os.ReadFile(filepath.Join(dir, partsFile))
	if err != nil {
		return nil, fmt.Errorf("the voice in %s is not prepared: %w; install it again", dir, err)
	}
	var p Parts
	err = json.Unmarshal(data, &p)
	if err == nil && (p.Frame < 1 || len(p.Sound) == 0) {
		err = errors.New("its numbers make no sense")
	}
	for _, part := range p.Sound {
		if part.Rate < 1 || part.Reach < 0 || !filepath.IsLocal(part.File) {
			err = errors.Join(err, fmt.Errorf("its part %q makes no sense", part.File))
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w; install the voice again", filepath.Join(dir, partsFile), err)
	}
	return &p, nil
}
