// Package kokorotest makes a network with the ends of Kokoro, and a ramp for sound.
package kokorotest

import "github.com/lectern/lectern/engine/neural/graph/graphtest"

// frameLength is how many samples are made of a frame. A token lasts as many frames as
// its number, divided by the speed, but at least one.
const frameLength = 6

// Network is the network; tokens is what its first input is called.
func Network(tokens string) *graphtest.Model {
	m := &graphtest.Model{}
	in := func(names ...string) []string { return names }
	m.Input(tokens, graphtest.Int, 2)
	m.Input("style", graphtest.Float, 2)
	m.Input("speed", graphtest.Float, 1)
	m.Floats("one", nil, 1)
	m.Floats("zero", nil, 0)
	m.Floats("frame", nil, frameLength)
	m.Node("Cast", in(tokens), in("numbers"), graphtest.Attr{Name: "to", Value: 1})
	m.Node("Div", in("numbers", "speed"), in("long"))
	m.Node("Round", in("long"), in("rounded"))
	m.Node("Clip", in("rounded", "one"), in("clipped"))
	m.Node("ReduceSum", in("clipped"), in("frames"), graphtest.Attr{Name: "keepdims", Value: 0})
	m.Node("Mul", in("frames", "frame"), in("samples"))
	m.Node("Range", in("zero", "samples", "one"), in("ramp"))
	m.Node("ReduceSum", in("style"), in("height"), graphtest.Attr{Name: "keepdims", Value: 0})
	m.Node("Mul", in("ramp", "height"), in("audio"))
	m.Output("audio", graphtest.Float, 1)
	return m
}
