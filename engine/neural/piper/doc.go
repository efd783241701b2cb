// Package piper speaks with Piper voices, VITS networks, cut in three by
// [github.com/lectern/lectern/engine/neural/piper/voicefile]: the text part runs
// once, the flow and the decoder in pieces, so that the first sound comes early,
// that memory does not grow with the text, and that a speech ends soon when it is
// told to.
package piper
