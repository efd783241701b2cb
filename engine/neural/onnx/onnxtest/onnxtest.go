// Package onnxtest opens ONNX Runtime for tests, and runs whole networks to compare
// with.
package onnxtest

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/lectern/lectern/engine/neural/onnx"
	"github.com/lectern/lectern/internal/needs"
)

// Open opens the library that LECTERN_ONNXRUNTIME names, or the one that is
// installed among the tests' voices.
func Open(t testing.TB) {
	t.Helper()
	library := os.Getenv("LECTERN_ONNXRUNTIME")
	if library == "" {
		library = filepath.Join(needs.Voices(t, "onnxruntime"), "onnxruntime", "libonnxruntime.so")
	}
	if err := onnx.Open(library); err != nil {
		t.Fatal(err)
	}
}

// Run runs a network once and returns the floats of each output.
func Run(t testing.TB, network []byte, inputs, outputs []string, given ...onnx.Input) [][]float32 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "network.onnx")
	if err := os.WriteFile(path, network, 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := onnx.Load(path, inputs, outputs)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	made, err := s.Run(t.Context(), given...)
	if err != nil {
		t.Fatal(err)
	}
	defer made.Close()
	all := make([][]float32, len(outputs))
	for i := range all {
		data, _ := made.Floats(i)
		all[i] = slices.Clone(data)
	}
	return all
}
