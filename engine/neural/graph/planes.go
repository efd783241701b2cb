package graph

import (
	"fmt"
	"slices"

	"github.com/lectern/lectern/engine/neural/graph/internal/wire"
)

// Planes is the model with one more dimension, of size 1, before the last of
// everything: its convolutions in time become ones in a plane, for which ONNX
// Runtime has kernels that take a fifth less time. Its input, of which there may be
// one, is [1,channels,1,frames] then. It is an error where an operation could mean
// something else with the new dimension.
func (m *Model) Planes() ([]byte, error) {
	if len(m.inputs) != 1 {
		return nil, fmt.Errorf("it has %d inputs, not one", len(m.inputs))
	}
	wide := map[string]bool{} // weights that get the dimension
	for _, n := range m.nodes {
		if err := m.checkPlane(n); err != nil {
			return nil, err
		}
		if n.convolves() {
			wide[n.Inputs[1]] = true
		}
	}
	parts := slices.Clone(m.parts)
	at := 0
	for i, f := range parts {
		if f.Payload == nil {
			continue
		}
		switch f.Number {
		case 1:
			if n := m.nodes[at]; n.convolves() {
				node, err := widenNode(f.Payload)
				if err != nil {
					return nil, err
				}
				parts[i].Raw = wire.Append(nil, 1, node)
			}
			at++
		case 5:
			if name, _ := nameOf(f.Payload, 8); wide[name] {
				weight, err := widenWeight(f.Payload, m.weights[name].dims)
				if err != nil {
					return nil, err
				}
				parts[i].Raw = wire.Append(nil, 5, weight)
			}
		case 11:
			if name, _ := nameOf(f.Payload, 1); name == m.inputs[0] {
				parts[i].Raw = wire.Append(nil, 11, floatValue(name))
			}
		case 12: // without its shape, which is another now
			name, _ := nameOf(f.Payload, 1)
			parts[i].Raw = wire.Append(nil, 12, floatValue(name))
		}
	}
	parts = slices.DeleteFunc(parts, func(f wire.Field) bool { return f.Number == 13 }) // shapes of inner values
	return m.write(parts), nil
}

func (n *Node) convolves() bool { return n.Op == "Conv" || n.Op == "ConvTranspose" }

// plain are operators to which the shape of their first input means nothing.
var plain = []string{"Add", "Sub", "Mul", "Div", "LeakyRelu", "Relu", "Tanh", "Sigmoid", "Exp", "Neg", "Identity"}

func (m *Model) checkPlane(n *Node) error {
	switch {
	case n.convolves():
		if len(n.Inputs) < 2 {
			return fmt.Errorf("the convolution %q has no weights", n.Name)
		}
		if w, ok := m.weights[n.Inputs[1]]; !ok || len(w.dims) != 3 || n.attributes["output_shape"] != nil {
			return fmt.Errorf("the convolution %q is not one in time with weights of its own", n.Name)
		}
		for _, user := range m.users[n.Inputs[1]] {
			if !user.convolves() || len(user.Inputs) < 2 || user.Inputs[0] == n.Inputs[1] {
				return fmt.Errorf("the weights of %q are used otherwise too", n.Name)
			}
		}
		return nil
	case n.Op == "Unsqueeze" && len(n.Outputs) == 1 && slices.Contains(m.outputs, n.Outputs[0]):
		return nil // how the outputs lie in memory is the same
	case !slices.Contains(plain, n.Op):
		return fmt.Errorf("the node %q (%s) may depend on the shape", n.Name, n.Op)
	}
	for _, in := range n.Inputs {
		w, held := m.weights[in]
		for _, dim := range w.dims {
			held = held && dim == 1
		}
		if maker := m.maker[in]; !held && maker == nil && in != m.inputs[0] {
			return fmt.Errorf("the node %q (%s) uses weights that depend on the shape", n.Name, n.Op)
		}
	}
	return nil
}

// widenNode puts the dimension before the one that a convolution's attributes are
// for.
func widenNode(node []byte) (out []byte, err error) {
	for f, err := range wire.Fields(node) {
		if err != nil {
			return nil, err
		}
		name, _ := nameOf(f.Payload, 1)
		if f.Number != 5 {
			out = append(out, f.Raw...)
			continue
		}
		var ints []int64
		for a, err := range wire.Fields(f.Payload) {
			if err != nil {
				return nil, err
			}
			if a.Number == 8 {
				ints = wire.Numbers(ints, a)
			}
		}
		switch {
		case len(ints) == 1 && (name == "kernel_shape" || name == "dilations" || name == "strides"):
			ints = []int64{1, ints[0]}
		case len(ints) == 1 && name == "output_padding":
			ints = []int64{0, ints[0]}
		case len(ints) == 2 && name == "pads":
			ints = []int64{0, ints[0], 0, ints[1]}
		default:
			out = append(out, f.Raw...)
			continue
		}
		attribute := wire.Append(nil, 1, name)
		for _, v := range ints {
			attribute = wire.AppendVarint(attribute, 8, uint64(v))
		}
		out = wire.Append(out, 5, wire.AppendVarint(attribute, 20, 7)) // they are INTS
	}
	return out, nil
}

func widenWeight(tensor []byte, dims []int64) (out []byte, err error) {
	for _, dim := range []int64{dims[0], dims[1], 1, dims[2]} {
		out = wire.AppendVarint(out, 1, uint64(dim))
	}
	for f, err := range wire.Fields(tensor) {
		if err != nil {
			return nil, err
		}
		if f.Number != 1 {
			out = append(out, f.Raw...)
		}
	}
	return out, nil
}
