package onnx

import (
	"debug/elf"
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
	if err := checkWhole(library); err != nil {
		return err
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

// checkWhole reports a library that ends before what it says it has: who loads such
// a one is killed when it touches what is missing, and can say nothing any more.
// Whatever else may be wrong, loading it finds.
func checkWhole(library string) error {
	file, err := os.Open(library)
	if err != nil {
		return fmt.Errorf("ONNX Runtime cannot be read: %w", err)
	}
	defer file.Close()
	st, err := file.Stat()
	if err != nil {
		return fmt.Errorf("ONNX Runtime cannot be read: %w", err)
	}
	cut := fmt.Errorf("%s is cut off: it has %d bytes, and more belong to it; `lectern voices install --again onnxruntime` gets it anew", library, st.Size())
	parsed, err := elf.NewFile(file)
	if _, other := errors.AsType[*elf.FormatError](err); other {
		return nil // no library of Linux, whole or not
	}
	if err != nil {
		return cut // within its tables
	}
	for _, segment := range parsed.Progs {
		if segment.Type == elf.PT_LOAD && segment.Off+segment.Filesz > uint64(st.Size()) {
			return cut
		}
	}
	return nil
}
