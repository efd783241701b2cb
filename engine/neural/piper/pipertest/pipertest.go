// Package pipertest makes a network that is built as a Piper voice is, and makes
// noises of two channels.
package pipertest

import "github.com/lectern/lectern/engine/neural/graph/graphtest"

// Frame is how many samples are made of a frame, and Channels how many numbers a
// frame of latents is.
const Frame, hiddenChannels = 4, 2

// Config is its description, for one speaker or three.
func Config(speakers int) string {
	if speakers > 1 {
		return config(`3, "speaker_id_map": {"ann": 0, "bob": 1, "cy": 2}`)
	}
	return config("1")
}

func config(speakers string) string {
	return `{"audio": {"sample_rate": 16000}, "espeak": {"voice": "de"}, "language": {"code": "de_DE"},
		"inference": {"noise_scale": 0.5, "length_scale": 1, "noise_w": 0.4}, "phoneme_type": "espeak", "num_symbols": 20,
		"phoneme_id_map": {"_": [0], "^": [1], "$": [2], "a": [9], "b": [4], "c": [5, 6], "aɪ": [7], "ɪ": [8]},
		"vowel_clusters": [["a", "ɪ"]], "num_speakers": ` + speakers + `}`
}

// Voice is the network.
func Voice(speakers int) *graphtest.Model {
	m := &graphtest.Model{}
	in := func(names ...string) []string { return names }
	attr := func(name string, v any) graphtest.Attr { return graphtest.Attr{Name: name, Value: v} }
	m.Input("input", graphtest.Int, 2)
	m.Input("input_lengths", graphtest.Int, 1)
	m.Input("scales", graphtest.Float, 1)
	if speakers > 1 {
		m.Input("sid", graphtest.Int, 1)
		m.Floats("emb", []int{speakers, 3}, 0.1, -0.2, 0.3, 0.7, -0.5, 0.2, 0.9)
		m.Node("Gather", in("emb", "sid"), in("g0"))
		m.Node("Unsqueeze", in("g0", "two"), in("g"))
	}
	for i, name := range []string{"zero", "one", "two"} {
		m.Ints(name, []int{1}, int64(i))
		m.Ints("at_"+name, nil, int64(i))
		m.Node("Gather", in("scales", "at_"+name), in("scale_"+name))
	}
	m.Floats("f0", nil, 0)
	m.Floats("f1", nil, 1)
	m.Floats("third", nil, 0.3)

	// The text part: durations, means and spreads. input_lengths only keeps its name.
	m.Node("Cast", in("input_lengths"), in("length"), attr("to", 1))
	m.Node("Cast", in("input"), in("x0"), attr("to", 1))
	m.Node("Mul", in("x0", "third"), in("x1"))
	m.Node("Unsqueeze", in("x1", "one"), in("x"))
	m.Node("Concat", in("x", "x"), in("pair"), attr("axis", 1))
	m.Node("RandomNormalLike", in("pair"), in("random_w"))
	m.Node("Gather", in("random_w", "one"), in("random_1"), attr("axis", 1))
	m.Node("Mul", in("random_1", "scale_two"), in("random_s"))
	m.Node("Add", in("x", "random_s"), in("w0"))
	m.Node("Relu", in("w0"), in("w1"))
	m.Node("Mul", in("w1", "scale_one"), in("w2"))
	m.Node("Min", in("w2", "length"), in("w"))
	m.Node("Ceil", in("w"), in("w_ceil"))
	m.Floats("mean.weight", []int{hiddenChannels, 1, 1}, 0.3, -0.2)
	m.Node("Conv", in("x", "mean.weight"), in("mean"), attr("kernel_shape", []int{1}))
	m.Floats("spread.weight", []int{hiddenChannels, 1, 1}, -0.4, -0.3)
	m.Node("Conv", in("x", "spread.weight"), in("spread"), attr("kernel_shape", []int{1}))
	for _, name := range []string{"mean", "spread"} {
		m.Node("Transpose", in(name), in(name+"_t"), attr("perm", []int{0, 2, 1}))
	}

	// The path that spreads phonemes over time, and the mask.
	m.Node("ReduceSum", in("w_ceil"), in("frames"), attr("keepdims", 0))
	m.Node("Range", in("f0", "frames", "f1"), in("range"))
	m.Node("Unsqueeze", in("range", "zero"), in("range_1"))
	m.Node("Unsqueeze", in("range_1", "two"), in("time"))
	m.Node("CumSum", in("w_ceil", "at_two"), in("ends"))
	m.Node("Sub", in("ends", "w_ceil"), in("begins"))
	m.Node("Less", in("time", "ends"), in("before_end"))
	m.Node("Less", in("time", "begins"), in("before_begin"))
	m.Node("Xor", in("before_end", "before_begin"), in("on_path"))
	m.Node("Cast", in("on_path"), in("path"), attr("to", 1))
	m.Node("Less", in("range_1", "frames"), in("is_frame"))
	m.Node("Unsqueeze", in("is_frame", "one"), in("is_frame_1"))
	m.Node("Cast", in("is_frame_1"), in("mask"), attr("to", 1))
	for _, name := range []string{"mean", "spread"} {
		m.Node("MatMul", in("path", name+"_t"), in(name+"_f"))
		m.Node("Transpose", in(name+"_f"), in(name+"_p"), attr("perm", []int{0, 2, 1}))
	}

	// Latents, flow and decoder.
	m.Node("RandomNormalLike", in("mean_p"), in("random"))
	m.Node("Exp", in("spread_p"), in("exp"))
	m.Node("Mul", in("random", "exp"), in("noise_1"))
	m.Node("Mul", in("noise_1", "scale_zero"), in("noise"))
	m.Node("Add", in("mean_p", "noise"), in("latent"))
	conv := func(from, to string, out, in, kernel, dilation int, values ...float32) {
		m.Floats(to+".weight", []int{out, in, kernel}, values...)
		pad := (kernel - 1) * dilation / 2
		m.Node("Conv", []string{from, to + ".weight"}, []string{to}, attr("kernel_shape", []int{kernel}), attr("dilations", []int{dilation}),
			attr("pads", []int{pad, pad}), attr("strides", []int{1}), attr("group", 1))
	}
	withSpeaker := func(from, to string, channels int) {
		if speakers > 1 {
			conv("g", to+"_cond", channels, 3, 1, 1, 0.5, -0.4, 0.3, 0.2)
			m.Node("Add", in(from, to+"_cond"), in(to))
		} else {
			m.Node("Identity", in(from), in(to))
		}
	}
	conv("latent", "flow0", hiddenChannels, hiddenChannels, 5, 1, 0.1, 0.3, -0.2, 0.4, 0.2, -0.1, 0.3)
	withSpeaker("flow0", "flow1", hiddenChannels)
	m.Node("Tanh", in("flow1"), in("flow2"))
	m.Node("Mul", in("flow2", "mask"), in("flow3"))
	m.Node("Add", in("latent", "flow3"), in("flow4"))
	m.Node("Mul", in("flow4", "mask"), in("z"))
	conv("z", "pre0", 4, hiddenChannels, 7, 1, 0.2, -0.3, 0.1, 0.25, 0.15, -0.2, 0.3, 0.05, -0.1)
	withSpeaker("pre0", "pre", 4)
	m.Node("LeakyRelu", in("pre"), in("pre1"), attr("alpha", 0.1))
	m.Floats("up.weight", []int{4, 3, 8}, 0.3, -0.1, 0.2, 0.4, -0.3, 0.1, 0.2)
	m.Node("ConvTranspose", in("pre1", "up.weight"), in("up"), attr("kernel_shape", []int{8}), attr("strides", []int{Frame}), attr("pads", []int{2, 2}))
	m.Node("LeakyRelu", in("up"), in("res0"), attr("alpha", 0.1))
	conv("res0", "res1", 3, 3, 3, 2, 0.2, -0.1, 0.3, 0.1)
	m.Node("Add", in("up", "res1"), in("res"))
	m.Node("Div", in("res", "third"), in("res2"))
	conv("res2", "post", 1, 3, 7, 1, 0.1, -0.2, 0.15, 0.05)
	m.Node("Tanh", in("post"), in("sound"))
	m.Node("Unsqueeze", in("sound", "one"), in("output"))
	m.Output("output", graphtest.Float, 4)
	return m
}
