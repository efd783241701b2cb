package graph

import (
	"fmt"
	"slices"

	"github.com/lectern/lectern/engine/neural/graph/internal/wire"
)

// floatValue describes a float tensor of any shape.
func floatValue(name string) []byte {
	tensor := wire.AppendVarint(nil, 1, 1) // its elements are floats
	return wire.Append(wire.Append(nil, 1, name), 2, wire.Append(nil, 1, tensor))
}

// Expose is the model with one more output: an inner value, which must hold
// floats.
func (m *Model) Expose(value string) ([]byte, error) {
	if m.maker[value] == nil {
		return nil, fmt.Errorf("no node of the model makes the value %q", value)
	}
	if slices.Contains(m.outputs, value) {
		return m.write(m.parts), nil
	}
	return m.write(m.parts, wire.Append(nil, 12, floatValue(value))), nil
}

// Cut is the part of the model that makes the outputs from inputs. Both are
// inner values that hold floats; inputs of the model itself stay what they are
// where the part uses them. An input that does not lead to the outputs is an
// error.
func (m *Model) Cut(inputs, outputs []string) ([]byte, error) {
	used := m.toward(outputs, inputs)
	for _, name := range outputs {
		if m.maker[name] == nil {
			return nil, fmt.Errorf("no node of the model makes the value %q", name)
		}
	}
	for _, name := range inputs {
		if !used[name] {
			return nil, fmt.Errorf("the value %q does not lead to %q", name, outputs)
		}
	}
	cut := map[string]bool{}
	for _, name := range inputs {
		cut[name] = true
	}
	made := func(name string) bool { return used[name] && !cut[name] }
	nodes := m.nodes
	var kept []wire.Field
	for _, f := range m.parts {
		keep := f.Number == 2 || f.Number == 15 // the graph's name, sparse weights
		if f.Payload != nil {
			switch f.Number {
			case 1:
				keep = slices.ContainsFunc(nodes[0].Outputs, made)
				nodes = nodes[1:]
			case 5, 11:
				name, err := nameOf(f.Payload, map[int]int{5: 8, 11: 1}[f.Number])
				if err != nil {
					return nil, err
				}
				keep = made(name)
			}
		}
		if keep {
			kept = append(kept, f)
		}
	}
	var ends []byte
	for _, name := range inputs {
		ends = wire.Append(ends, 11, floatValue(name))
	}
	for _, name := range outputs {
		ends = wire.Append(ends, 12, floatValue(name))
	}
	return m.write(kept, ends), nil
}

// write is the model with another graph.
func (m *Model) write(parts []wire.Field, more ...[]byte) []byte {
	graph, all := 0, 16
	for _, p := range parts {
		graph += len(p.Raw)
	}
	for _, p := range more {
		graph += len(p)
	}
	for _, r := range m.rest {
		all += len(r)
	}
	out := make([]byte, 0, all+graph)
	for _, r := range m.rest {
		out = append(out, r...)
	}
	out = wire.AppendHead(out, 7, graph)
	for _, p := range parts {
		out = append(out, p.Raw...)
	}
	for _, p := range more {
		out = append(out, p...)
	}
	return out
}
