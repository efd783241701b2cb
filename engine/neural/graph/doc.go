// Package graph changes networks in the ONNX format without a protobuf library.
// [Parse] reads a network's nodes; a [Model] then finds values by the operations
// that make and use them, makes an inner value an output ([Model.Expose]), and
// keeps the part that leads from some values to others ([Model.Cut]).
//
// It works on the serialized bytes and copies none before it writes, so that
// reading takes little more memory than the file and cutting once that again. Do
// it once, when a voice is installed. Files come from strangers: whatever the
// bytes are, there is an error and no panic.
//
// Field numbers are those of onnx.proto, version 3.
package graph
