// Package neural is the engine whose voices are neural networks. It stands between
// the contract of engines (package driver) and the models (package acoustic):
// a [Reader] puts an utterance's words into phonemes, [Engine.Speak] cuts them
// into what a model takes at once, and words' times come from the durations that
// the model itself decides on.
//
// Its subpackages are the models (hibari, kokoro, piper), what they are made of
// (vocoder, onnx, graph), and acoustic, which is all that this package knows of
// them. It links no model by itself: whoever makes an [Engine] says how a voice
// is opened.
package neural
