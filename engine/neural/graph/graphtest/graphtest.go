// Package graphtest writes small networks in the ONNX format for tests.
package graphtest

import (
	"encoding/binary"
	"math"

	"github.com/lectern/lectern/engine/neural/graph/internal/wire"
)

// Element types of tensors.
const (
	Float = 1
	Int   = 7
)

// Model is a network that is being written. Its zero value is ready, of opset 15.
type Model struct {
	Opset int
	graph []byte
}

// Attr is an attribute of a node: an int, a float64 or a list of ints.
type Attr struct {
	Name  string
	Value any
}

// Node adds an operation.
func (m *Model) Node(op string, inputs, outputs []string, attrs ...Attr) {
	var node []byte
	for _, name := range inputs {
		node = wire.Append(node, 1, name)
	}
	for _, name := range outputs {
		node = wire.Append(node, 2, name)
	}
	node = wire.Append(node, 3, "/"+outputs[0])
	node = wire.Append(node, 4, op)
	for _, a := range attrs {
		attribute := wire.Append(nil, 1, a.Name)
		switch v := a.Value.(type) {
		case int:
			attribute = wire.AppendVarint(wire.AppendVarint(attribute, 3, uint64(v)), 20, 2)
		case float64:
			attribute = append(attribute, 2<<3|5)
			attribute = binary.LittleEndian.AppendUint32(attribute, math.Float32bits(float32(v)))
			attribute = wire.AppendVarint(attribute, 20, 1)
		case []int:
			for _, i := range v {
				attribute = wire.AppendVarint(attribute, 8, uint64(i))
			}
			attribute = wire.AppendVarint(attribute, 20, 7)
		case []byte: // a graph
			attribute = wire.AppendVarint(wire.Append(attribute, 6, v), 20, 5)
		}
		node = wire.Append(node, 5, attribute)
	}
	m.graph = wire.Append(m.graph, 1, node)
}

// Floats adds a weight. Its numbers repeat as often as its shape asks for.
func (m *Model) Floats(name string, dims []int, values ...float32) {
	var raw []byte
	for i := range size(dims) {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(values[i%len(values)]))
	}
	m.weight(name, Float, dims, raw)
}

// Ints adds a weight of whole numbers.
func (m *Model) Ints(name string, dims []int, values ...int64) {
	var raw []byte
	for i := range size(dims) {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(values[i%len(values)]))
	}
	m.weight(name, Int, dims, raw)
}

func size(dims []int) int {
	n := 1
	for _, d := range dims {
		n *= d
	}
	return n
}

func (m *Model) weight(name string, kind int, dims []int, raw []byte) {
	var tensor []byte
	for _, d := range dims {
		tensor = wire.AppendVarint(tensor, 1, uint64(d))
	}
	tensor = wire.AppendVarint(tensor, 2, uint64(kind))
	tensor = wire.Append(tensor, 8, name)
	m.graph = wire.Append(m.graph, 5, wire.Append(tensor, 9, raw))
}

// Elsewhere adds a weight whose data stands in another file.
func (m *Model) Elsewhere(name, file string) {
	tensor := wire.AppendVarint(nil, 2, Float)
	tensor = wire.Append(tensor, 8, name)
	where := wire.Append(wire.Append(nil, 1, "location"), 2, file)
	tensor = wire.AppendVarint(wire.Append(tensor, 13, where), 14, 1)
	m.graph = wire.Append(m.graph, 5, tensor)
}

// Input adds an input of so many dimensions of any size.
func (m *Model) Input(name string, kind, dims int) { m.end(11, name, kind, dims) }

// Output adds an output.
func (m *Model) Output(name string, kind, dims int) { m.end(12, name, kind, dims) }

func (m *Model) end(field int, name string, kind, dims int) {
	var shape []byte
	for range dims {
		shape = wire.Append(shape, 1, []byte{})
	}
	tensor := wire.Append(wire.AppendVarint(nil, 1, uint64(kind)), 2, shape)
	value := wire.Append(wire.Append(nil, 1, name), 2, wire.Append(nil, 1, tensor))
	m.graph = wire.Append(m.graph, field, value)
}

// Graph is the graph alone, for an attribute of a node.
func (m *Model) Graph() []byte { return wire.Append(m.graph, 2, "inner") }

// Bytes is the file.
func (m *Model) Bytes() []byte {
	opset := m.Opset
	if opset == 0 {
		opset = 15
	}
	out := wire.AppendVarint(nil, 1, 8)
	out = wire.Append(out, 8, wire.AppendVarint(nil, 2, uint64(opset)))
	return wire.Append(out, 7, wire.Append(m.graph, 2, "test"))
}
