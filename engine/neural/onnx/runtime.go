package onnx

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// oldest is the first version of ONNX Runtime that has what the binding asks for
// (version 24 of the C interface).
const oldest = "1.24"

var (
	opening sync.Mutex
	opened  string // the library's path
)

// Open loads ONNX Runtime from a file. A process has one: opening the same file
// again does nothing, opening another is an error. The error says what a person
// can do.
func Open(library string) error {
	opening.Lock()
	defer opening.Unlock()
	switch opened {
	case library:
		return nil
	case "":
	default:
		return fmt.Errorf("ONNX Runtime is loaded from %s already", opened)
	}
	if _, err := os.Stat(library); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("ONNX Runtime is missing (%s does not exist); `lectern voices install onnxruntime` gets it", library)
	} else if err != nil {
		return fmt.Errorf("ONNX Runtime cannot be read: %w", err)
	}
	ort.SetSharedLibraryPath(library)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return fmt.Errorf("%s is not ONNX Runtime %s or later (%w); `lectern voices install onnxruntime` gets one that is", library, oldest, err)
	}
	if err := ort.DisableTelemetry(); err != nil {
		return err
	}
	opened = library
	return nil
}
