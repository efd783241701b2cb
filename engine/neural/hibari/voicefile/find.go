package voicefile

import (
	"errors"
	"fmt"
	"slices"

	"github.com/lectern/lectern/engine/neural/graph"
)

// planes are what the whole network makes of frames: the parts of a row, each
// with its frequencies before its frames.
var planes = []string{"lh", "theta", "ln", "lr", "phi"}

// partsOf finds the values by the operations around them. Its error reads on from
// the network's name.
func partsOf(m *graph.Model) (p Parts, err error) {
	for _, want := range []string{"ids", "speed"} {
		if !slices.Contains(m.Inputs(), want) {
			return p, fmt.Errorf("has no input named %q", want)
		}
	}
	for _, want := range append([]string{"f0"}, planes...) {
		if !slices.Contains(m.Outputs(), want) {
			return p, fmt.Errorf("has no output named %q", want)
		}
	}
	if p.Durations, err = durationsOf(m); err != nil {
		return p, err
	}
	if p.Rows, err = rowsOf(m); err != nil {
		return p, err
	}
	if p.Features, err = featuresOf(m, p.Rows); err != nil {
		return p, err
	}
	p.Local = local(m, p.Features, p.Rows)
	return p, nil
}

// durationsOf is the value that is rounded to whole frames and kept above zero.
func durationsOf(m *graph.Model) (string, error) {
	var found []string
	for _, round := range m.Made("Round") {
		for _, out := range round.Outputs {
			for _, user := range m.Users(out) {
				if user.Op == "Clip" {
					found = append(found, user.Outputs[0])
				}
			}
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("has %d values that look like the durations of phonemes, not 1", len(found))
	}
	return found[0], nil
}

// rowsOf is what the planes are split from, before it is turned: as it is there,
// whoever reads frame by frame need not jump, and 3005 values of each frame are
// copied twice less.
func rowsOf(m *graph.Model) (string, error) {
	split := m.Maker(planes[0])
	if split == nil || split.Op != "Split" || !slices.Equal(split.Outputs, planes) {
		return "", errors.New("does not split its planes from one value")
	}
	turn := m.Maker(split.Inputs[0])
	if turn == nil || turn.Op != "Transpose" || len(turn.Inputs) != 1 || m.Maker(turn.Inputs[0]) == nil {
		return "", errors.New("does not turn its planes")
	}
	return turn.Inputs[0], nil
}

// featuresOf is the first value, put together of others, through which alone the
// text leads to rows.
func featuresOf(m *graph.Model, rows string) (string, error) {
	toward := m.Toward(rows)
	for _, concat := range m.Made("Concat") {
		value := concat.Outputs[0]
		if rest := m.Toward(rows, value); toward[value] && rest[value] && !rest["ids"] && !rest["speed"] {
			return value, nil
		}
	}
	return "", errors.New("has no waist between text and sound")
}

// near are operators that have, in such networks, nothing to do with other frames,
// or with those nearby only. A scale that is taken of all frames only rounds.
var near = []string{"Conv", "Transpose", "LayerNormalization", "DynamicQuantizeLinear", "MatMulInteger", "MatMul",
	"Cast", "Mul", "Add", "Sub", "Div", "Erf", "Tanh", "Sigmoid", "Relu", "LeakyRelu", "Constant", "Identity"}

// local reports whether a row depends on the features nearby only.
func local(m *graph.Model, features, rows string) bool {
	for value := range m.Toward(rows, features) {
		if n := m.Maker(value); n != nil && value != features && !slices.Contains(near, n.Op) {
			return false
		}
	}
	return true
}
