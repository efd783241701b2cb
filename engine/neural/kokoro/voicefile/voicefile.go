// Package voicefile knows the files of Kokoro: its network, which [Prepare] gives
// an output for durations, the styles that are its voices, and its vocabulary. It
// needs no ONNX Runtime, so that what installs voices does not either.
package voicefile

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"github.com/lectern/lectern/engine/neural/graph"
)

// Names are what the network's inputs and outputs are called, which differs from
// one exporter to the next.
type Names struct {
	Tokens    string `json:"tokens"`
	Style     string `json:"style"`
	Speed     string `json:"speed"`
	Audio     string `json:"audio"`
	Durations string `json:"durations"`
}

const (
	// NetworkFile is the network that is prepared.
	NetworkFile = "network.onnx"
	namesFile   = "names.json" // written last: without it there is no network
)

// maxNetwork is what a message of protobuf may have.
const maxNetwork = 1<<31 - 1

// check says what keeps a file from being Kokoro's network; nil if nothing does.
func check(network string) error {
	_, _, err := read(network)
	return err
}

// Prepare writes the network with its durations as an output into a directory,
// which must exist. It takes twice the file's size in memory.
func Prepare(network, dir string) error {
	m, names, err := read(network)
	if err != nil {
		return err
	}
	data, err := m.Expose(names.Durations)
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(network), err)
	}
	if err := os.WriteFile(filepath.Join(dir, NetworkFile), data, 0o666); err != nil {
		return err
	}
	text, err := json.MarshalIndent(names, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, namesFile), text, 0o666)
}

func read(network string) (*graph.Model, *Names, error) {
	name := filepath.Base(network)
	stat, err := os.Stat(network)
	if err != nil {
		return nil, nil, fmt.Errorf("the network of Kokoro: %w", err)
	}
	if !stat.Mode().IsRegular() || stat.Size() > maxNetwork {
		return nil, nil, fmt.Errorf("%s is not an ONNX model: it is no file of at most 2 GB", name)
	}
	data, err := os.ReadFile(network)
	if err != nil {
		return nil, nil, fmt.Errorf("the network of Kokoro: %w", err)
	}
	m, err := graph.Parse(data)
	if err != nil {
		return nil, nil, fmt.Errorf("%s is %w", name, err)
	}
	names, err := namesOf(m)
	if err != nil {
		return nil, nil, fmt.Errorf("%s %w", name, err)
	}
	return m, names, nil
}

// namesOf finds the names. Its errors read on from the file's name.
func namesOf(m *graph.Model) (*Names, error) {
	if m.External() {
		return nil, errors.New("keeps its weights in other files: take the Kokoro that is one file")
	}
	names := &Names{Style: "style", Speed: "speed"}
	for _, name := range []string{"tokens", "input_ids"} {
		if slices.Contains(m.Inputs(), name) {
			names.Tokens = name
		}
	}
	if names.Tokens == "" {
		return nil, errors.New("has no input named 'tokens' or 'input_ids': it is not Kokoro")
	}
	for _, name := range []string{names.Style, names.Speed} {
		if !slices.Contains(m.Inputs(), name) {
			return nil, fmt.Errorf("has no input named '%s': it is not Kokoro", name)
		}
	}
	if len(m.Inputs()) != 3 || len(m.Outputs()) == 0 {
		return nil, fmt.Errorf("has %d inputs and %d outputs: it is not Kokoro", len(m.Inputs()), len(m.Outputs()))
	}
	names.Audio = m.Outputs()[0]
	// Durations are rounded, and then at least one frame.
	for _, clip := range m.Made("Clip") {
		if len(clip.Inputs) == 0 {
			continue
		}
		if round := m.Maker(clip.Inputs[0]); round == nil || round.Op != "Round" {
			continue
		}
		if names.Durations != "" {
			return nil, errors.New("rounds at several places, so that its durations are not found")
		}
		names.Durations = clip.Outputs[0]
	}
	if names.Durations == "" {
		return nil, errors.New("rounds nothing, so that its durations are not found: it is not Kokoro")
	}
	return names, nil
}

// ReadNames reads what [Prepare] wrote of the names.
func ReadNames(dir string) (*Names, error) {
	data, err := os.ReadFile(filepath.Join(dir, namesFile))
	if err != nil {
		return nil, fmt.Errorf("the network of Kokoro in %s is not prepared: %w; install it again", dir, err)
	}
	var n Names
	if err := json.Unmarshal(data, &n); err != nil {
		return nil, fmt.Errorf("%s: %w; install Kokoro again", filepath.Join(dir, namesFile), err)
	}
	return &n, nil
}

// Rows and Width are the shape of a style: one row for each number of phonemes.
const Rows, Width = 510, 256

// ReadStyle reads a voice, a file of Rows times Width floats in little-endian
// order.
func ReadStyle(path string) ([]float32, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the voice's style: %w", err)
	}
	if len(data) != 4*Rows*Width {
		return nil, fmt.Errorf("%s is no style of Kokoro: it has %d bytes, not %d", path, len(data), 4*Rows*Width)
	}
	style := make([]float32, Rows*Width)
	for i := range style {
		style[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
		// No number (NaN) fails this too.
		if !(math.Abs(float64(style[i])) < 1e3) {
			return nil, fmt.Errorf("%s is no style of Kokoro: it has the number %g", path, style[i])
		}
	}
	return style, nil
}

// ReadVocab reads the numbers of phonemes, a JSON object by phoneme.
func ReadVocab(path string) (map[rune]int64, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the vocabulary of Kokoro: %w", err)
	}
	var all map[string]int64
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("the vocabulary of Kokoro: %s: %w", path, err)
	}
	vocab := map[rune]int64{}
	for phoneme, id := range all {
		r, n := utf8.DecodeRuneInString(phoneme)
		if n != len(phoneme) || n == 0 || id < 0 || id > 1000 {
			return nil, fmt.Errorf("the vocabulary of Kokoro: %s: %q is %d", path, phoneme, id)
		}
		vocab[r] = id
	}
	if len(vocab) == 0 {
		return nil, fmt.Errorf("the vocabulary of Kokoro: %s is empty", path)
	}
	return vocab, nil
}
