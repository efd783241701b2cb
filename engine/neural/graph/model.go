package graph

import (
	"errors"
	"fmt"
	"slices"

	"github.com/lectern/lectern/engine/neural/graph/internal/wire"
)

// ErrNotONNX says that bytes are no network in the ONNX format. It reads on from
// "FILE is".
var ErrNotONNX = errors.New("not an ONNX model")

// Model is a network that was read. It refers to the bytes that it was read from.
type Model struct {
	rest    [][]byte     // fields of the model other than the graph
	parts   []wire.Field // fields of the graph
	nodes   []*Node
	maker   map[string]*Node
	users   map[string][]*Node
	weights map[string]Weight

	inputs, outputs []string
	opset           int
	external        bool
}

// Node is an operation of a network.
type Node struct {
	Op, Name        string
	Inputs, Outputs []string // an input that is left out is ""

	// captured are values that graphs inside the node use by name.
	captured   []string
	attributes map[string][]byte
	raw        []byte
}

// Weight is a tensor that the file holds.
type Weight struct {
	dims []int64
	// Type is its data type's number: 1 float, 3 int8, 7 int64 and so on.
	Type int
}

// Limits on what a file can make Parse do: no network known comes near them.
const (
	maxDepth = 8   // graphs within nodes within graphs
	maxNodes = 1e6 // of a graph
)

// Parse reads a model. Its errors are ErrNotONNX with the reason.
func Parse(model []byte) (*Model, error) {
	m := &Model{maker: map[string]*Node{}, users: map[string][]*Node{}, weights: map[string]Weight{}}
	if err := m.parse(model); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotONNX, err)
	}
	return m, nil
}

func (m *Model) parse(model []byte) error {
	var version uint64
	for f, err := range wire.Fields(model) {
		switch {
		case err != nil:
			return err
		case f.Number == 7 && f.Payload != nil:
			// A message that occurs again is merged with the first.
			for part, err := range wire.Fields(f.Payload) {
				if err != nil {
					return err
				}
				m.parts = append(m.parts, part)
			}
			continue
		case f.Number == 1:
			version = f.Varint
		case f.Number == 8:
			if err := m.readOpset(f.Payload); err != nil {
				return err
			}
		}
		m.rest = append(m.rest, f.Raw)
	}
	if version == 0 || len(m.parts) == 0 {
		return errors.New("it has no graph")
	}
	return m.readGraph()
}

func (m *Model) readOpset(payload []byte) error {
	var domain string
	var version uint64
	for f, err := range wire.Fields(payload) {
		switch {
		case err != nil:
			return err
		case f.Number == 1:
			domain = string(f.Payload)
		case f.Number == 2:
			version = f.Varint
		}
	}
	if domain == "" || domain == "ai.onnx" {
		m.opset = int(min(version, 1<<31-1))
	}
	return nil
}

func (m *Model) readGraph() error {
	for _, f := range m.parts {
		if f.Payload == nil {
			continue
		}
		var err error
		var name string
		switch f.Number {
		case 1:
			var n *Node
			n, err = m.readNode(f, 0)
			m.nodes = append(m.nodes, n)
		case 5:
			var w Weight
			name, w, err = m.readTensor(f.Payload)
			m.weights[name] = w
		case 11:
			name, err = nameOf(f.Payload, 1)
			m.inputs = append(m.inputs, name)
		case 12:
			name, err = nameOf(f.Payload, 1)
			m.outputs = append(m.outputs, name)
		}
		if err != nil {
			return err
		}
		if len(m.nodes) > maxNodes {
			return errors.New("it has more than a million nodes")
		}
	}
	for _, n := range m.nodes {
		for _, name := range n.Outputs {
			if name == "" {
				continue
			}
			if m.maker[name] != nil {
				return fmt.Errorf("two nodes make the value %q", name)
			}
			m.maker[name] = n
		}
		for _, name := range n.needs() {
			m.users[name] = append(m.users[name], n)
		}
	}
	// Before version 4 of the format, weights were inputs too.
	m.inputs = slices.DeleteFunc(m.inputs, func(name string) bool {
		_, is := m.weights[name]
		return is
	})
	return nil
}

func nameOf(message []byte, number int) (name string, err error) {
	for f, err := range wire.Fields(message) {
		if err != nil {
			return "", err
		}
		if f.Number == number {
			name = string(f.Payload)
		}
	}
	return name, nil
}

func (m *Model) readTensor(message []byte) (name string, w Weight, err error) {
	for f, err := range wire.Fields(message) {
		if err != nil {
			return "", w, err
		}
		switch f.Number {
		case 1:
			w.dims = wire.Numbers(w.dims, f)
		case 2:
			w.Type = int(f.Varint & 0xffff)
		case 8:
			name = string(f.Payload)
		case 13: // where in another file the data is
			m.external = true
		case 14:
			m.external = m.external || f.Varint == 1
		}
	}
	return name, w, nil
}

func (m *Model) readNode(node wire.Field, depth int) (*Node, error) {
	n := &Node{raw: node.Raw, attributes: map[string][]byte{}}
	for f, err := range wire.Fields(node.Payload) {
		if err != nil {
			return nil, err
		}
		switch f.Number {
		case 1:
			n.Inputs = append(n.Inputs, string(f.Payload))
		case 2:
			n.Outputs = append(n.Outputs, string(f.Payload))
		case 3:
			n.Name = string(f.Payload)
		case 4:
			n.Op = string(f.Payload)
		case 5:
			name, err := nameOf(f.Payload, 1)
			if err != nil {
				return nil, err
			}
			n.attributes[name] = f.Payload
			if err := m.readAttribute(n, f.Payload, depth); err != nil {
				return nil, err
			}
		}
	}
	return n, nil
}

// readAttribute looks for what matters beyond the node itself: tensors of other
// files, and graphs that use outer values.
func (m *Model) readAttribute(n *Node, attribute []byte, depth int) error {
	for f, err := range wire.Fields(attribute) {
		if err != nil {
			return err
		}
		switch f.Number {
		case 5, 10:
			if _, _, err := m.readTensor(f.Payload); err != nil {
				return err
			}
		case 6, 11:
			if depth == maxDepth {
				return errors.New("its graphs are nested too deeply")
			}
			for inner, err := range wire.Fields(f.Payload) {
				if err != nil {
					return err
				}
				switch inner.Number {
				case 1:
					node, err := m.readNode(inner, depth+1)
					if err != nil {
						return err
					}
					n.captured = append(n.captured, node.needs()...)
				case 5:
					if _, _, err := m.readTensor(inner.Payload); err != nil {
						return err
					}
				case 12: // may be an outer value as it is
					name, err := nameOf(inner.Payload, 1)
					if err != nil {
						return err
					}
					n.captured = append(n.captured, name)
				}
			}
		}
	}
	return nil
}

// needs are the values that a node uses, those of graphs inside it among them.
func (n *Node) needs() []string {
	return append(slices.Clone(n.Inputs), n.captured...)
}

// Ints is an attribute that is a number or a list of numbers; nil if it has no
// such attribute.
func (n *Node) Ints(attribute string) (ints []int64) {
	for f, err := range wire.Fields(n.attributes[attribute]) {
		if err != nil {
			return nil
		}
		if f.Number == 3 || f.Number == 8 {
			ints = wire.Numbers(ints, f)
		}
	}
	return ints
}
