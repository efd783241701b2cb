// Package voicefile knows the files of a Piper voice: its description
// ([ReadConfig]), its network, and the three parts that [Prepare] cuts the network
// into. It needs no ONNX Runtime, so that what installs voices does not either.
package voicefile
