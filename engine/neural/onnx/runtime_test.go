package onnx

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

// TestNoRuntime: what is no ONNX Runtime is said to be none, and what to do; a
// library that was cut off kills who loads it.
func TestNoRuntime(t *testing.T) {
	library, err := os.ReadFile(filepath.Join(needs.Voices(t, "onnxruntime"), "onnxruntime", "libonnxruntime.so"))
	if err != nil {
		t.Fatal(err)
	}
	for want, content := range map[string][]byte{
		"is not ONNX Runtime": []byte(strings.Repeat("no library ", 10)),
		"is cut off":          library[:len(library)/2],
	} {
		path := filepath.Join(t.TempDir(), "libonnxruntime.so")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Open(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "lectern voices install") {
			t.Errorf("%v, want: %s", err, want)
		}
	}
	if err := Open(filepath.Join(t.TempDir(), "nothing.so")); err == nil || !strings.Contains(err.Error(), "is missing") {
		t.Errorf("without a file: %v", err)
	}
	if err := checkWhole(filepath.Join(needs.Voices(t, "onnxruntime"), "onnxruntime", "libonnxruntime.so")); err != nil {
		t.Errorf("the one that is installed: %v", err)
	}
}
