package graph

import (
	"fmt"
	"math"
)

// mixes are operators whose outputs stand in the order of their inputs in time,
// each made of what stands at the same place.
var mixes = map[string]bool{
	"Add": true, "Sub": true, "Mul": true, "Div": true, "Neg": true, "Pow": true, "Sqrt": true, "Exp": true, "Log": true,
	"Tanh": true, "Sigmoid": true, "Relu": true, "LeakyRelu": true, "Clip": true, "Sin": true, "Cos": true, "Erf": true,
	"Identity": true, "Cast": true, "Concat": true, "Split": true, "Slice": true, "Squeeze": true, "Unsqueeze": true,
	"Where": true, "Softplus": true, "Elu": true,
}

// place is how a value's frames lie to those of where it began.
type place struct {
	radius float64 // frames of the beginning, on either side
	rate   int     // its frames to one of the beginning
}

// Reach is how far a network of convolutions in one dimension looks, and how much
// there is to do.
type Reach struct {
	// Radius is how many frames away, on either side, what a frame depends on is.
	Radius int
	// Rate is how many frames are made of one.
	Rate int
	// Work is how many products are summed for one frame.
	Work int
}

// Reach says how far the network looks from one value to each of others, in frames
// of the first. The others are waists of the way to the last, in order. A network
// that looks at all frames at once, or that it does not understand, is an error.
func (m *Model) Reach(from string, to ...string) ([]Reach, error) {
	toward := m.Toward(to[len(to)-1], from)
	places := map[string]place{from: {rate: 1}}
	reaches := make([]Reach, 0, len(to))
	all := 0
	for _, n := range m.nodes {
		var p place
		for _, in := range n.needs() {
			if q, ok := places[in]; ok {
				p = place{max(p.radius, q.radius), max(p.rate, q.rate)}
			}
		}
		if p.rate == 0 || !leadsTo(n, toward) || n.Op == "Shape" {
			continue // it does not lie between them
		}
		switch {
		case n.Op == "Conv" || n.Op == "ConvTranspose":
			var work int
			var err error
			if p, work, err = m.convolve(n, p); err != nil {
				return nil, err
			}
			all = min(all+work, maxWork)
		case !mixes[n.Op]:
			return nil, fmt.Errorf("the node %q (%s) may look at all of the sound at once", n.Name, n.Op)
		}
		for _, out := range n.Outputs {
			if out != from {
				places[out] = p
			}
			if len(reaches) < len(to) && out == to[len(reaches)] {
				reaches = append(reaches, Reach{int(math.Ceil(p.radius)), p.rate, all})
			}
		}
	}
	if len(reaches) < len(to) {
		return nil, fmt.Errorf("the value %q does not lead to %q", from, to[len(reaches)])
	}
	return reaches, nil
}

// Waists are the values, in order, that everything on the way from one value to
// another goes through: where the way may be cut. Both ends are among them.
func (m *Model) Waists(from, to string) []string {
	waists := []string{from}
	after, before := m.From(from), m.Toward(to, from)
	for _, n := range m.nodes {
		for _, value := range n.Outputs {
			if value != from && value != to && after[value] && before[value] && !m.Toward(to, value)[from] {
				waists = append(waists, value)
			}
		}
	}
	return append(waists, to)
}

func leadsTo(n *Node, toward map[string]bool) bool {
	for _, out := range n.Outputs {
		if toward[out] {
			return true
		}
	}
	return false
}

// Limits far above what any decoder does to a frame.
const maxRate, maxWork = 1 << 16, 1 << 40

// convolve is where the output of a convolution lies, and its work.
func (m *Model) convolve(n *Node, p place) (place, int, error) {
	if len(n.Inputs) < 2 {
		return p, 0, fmt.Errorf("the convolution %q has no weights", n.Name)
	}
	w, ok := m.weights[n.Inputs[1]]
	if !ok || len(w.dims) != 3 {
		return p, 0, fmt.Errorf("the convolution %q is not one in time with weights of its own", n.Name)
	}
	work := p.rate
	for _, dim := range w.dims {
		if dim < 1 || dim > maxRate {
			return p, 0, fmt.Errorf("the convolution %q has weights of %d", n.Name, w.dims)
		}
		work = min(work*int(dim), maxWork) // below 1<<56 before it is bounded
	}
	dilation, err := n.one("dilations")
	if err != nil {
		return p, 0, err
	}
	stride, err := n.one("strides")
	if err != nil {
		return p, 0, err
	}
	wide := float64((int(w.dims[2])-1)*dilation) / 2
	if n.Op == "Conv" {
		if stride != 1 {
			return p, 0, fmt.Errorf("the convolution %q leaves frames out", n.Name)
		}
		p.radius += wide / float64(p.rate)
		return p, work, nil
	}
	p.radius += math.Ceil(wide/float64(stride)) / float64(p.rate)
	if p.rate *= stride; p.rate > maxRate {
		return p, 0, fmt.Errorf("the convolution %q makes too much of a frame", n.Name)
	}
	return p, work, nil
}

// one is an attribute that has a number for each dimension, where there is one.
func (n *Node) one(attribute string) (int, error) {
	ints := n.Ints(attribute)
	if len(ints) == 0 {
		return 1, nil
	}
	if len(ints) > 1 || ints[0] < 1 || ints[0] > maxRate {
		return 0, fmt.Errorf("the convolution %q has %s %d", n.Name, attribute, ints)
	}
	return int(ints[0]), nil
}
