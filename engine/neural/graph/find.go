package graph

// Inputs are the names of the inputs, without weights.
func (m *Model) Inputs() []string { return m.inputs }

// Outputs are the names of the outputs.
func (m *Model) Outputs() []string { return m.outputs }

// Opset is the version of the standard operators that the model asks for; 0 if
// it does not say.
func (m *Model) Opset() int { return m.opset }

// External says that some of the weights stand in other files, which the model
// names. Such a file is worth nothing alone, and names what to open.
func (m *Model) External() bool { return m.external }

// Nodes are the operations in the order in which they run.
func (m *Model) Nodes() []*Node { return m.nodes }

// Weight is the tensor of that name that the file holds.
func (m *Model) Weight(name string) (w Weight, ok bool) {
	w, ok = m.weights[name]
	return w, ok
}

// Maker is the node that makes a value; nil for inputs and weights.
func (m *Model) Maker(value string) *Node { return m.maker[value] }

// Users are the nodes that use a value.
func (m *Model) Users(value string) []*Node { return m.users[value] }

// Made are the nodes of an operator.
func (m *Model) Made(operator string) (nodes []*Node) {
	for _, n := range m.nodes {
		if n.Op == operator && len(n.Outputs) > 0 {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// Produced are the first outputs of the nodes of an operator.
func (m *Model) Produced(operator string) (names []string) {
	for _, n := range m.Made(operator) {
		names = append(names, n.Outputs[0])
	}
	return names
}

// From is every value that depends on one, that one too.
func (m *Model) From(value string) map[string]bool {
	reached := map[string]bool{value: true}
	for todo := []string{value}; len(todo) > 0; {
		last := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, n := range m.users[last] {
			for _, out := range n.Outputs {
				if out != "" && !reached[out] {
					reached[out] = true
					todo = append(todo, out)
				}
			}
		}
	}
	return reached
}

// Toward is every value that one depends on, that one too, but none that only
// the values of until depend on.
func (m *Model) Toward(value string, until ...string) map[string]bool {
	return m.toward([]string{value}, until)
}

func (m *Model) toward(values, until []string) map[string]bool {
	stop := map[string]bool{}
	for _, name := range until {
		stop[name] = true
	}
	reached := map[string]bool{}
	for todo := append([]string(nil), values...); len(todo) > 0; {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if reached[name] || name == "" {
			continue
		}
		reached[name] = true
		if n := m.maker[name]; n != nil && !stop[name] {
			todo = append(todo, n.needs()...)
		}
	}
	return reached
}
