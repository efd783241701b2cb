// Package onnx runs networks in the ONNX format by ONNX Runtime, a shared library
// that is loaded when the program runs: nothing of it is needed to build.
//
// Call [Open] once with the library's path, then [Load] for each network and
// [Session.Run] for each inference. Everything is safe for use by many
// goroutines at once; a Session may run several inferences at a time.
//
// Inferences run on one thread, the caller's: on two, sums are taken in another
// order and the same input gives other bytes, and a server has as many workers
// as cores anyway.
package onnx
