// Command apigen writes the generated Go of Lectern's wire: the v1beta1
// messages and services, which nobody publishes for Go, and the REST gateway of
// all services. It needs no protoc: it starts from the descriptors that the
// published v1 stubs register, and speaks the plugin protocol with the
// generators itself.
//
// Run it with go generate, here; what it writes is committed, and a test
// compares.
package main

//go:generate go run . -root ../..

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	root := flag.String("root", ".", "the directory of the module; files are written below it")
	flag.Parse()
	files, err := generate(context.Background())
	if err == nil {
		err = write(*root, files)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "apigen:", err)
		os.Exit(1)
	}
}

// generate returns every generated file by its slash-separated path below the
// module's root.
func generate(ctx context.Context) (map[string][]byte, error) {
	published, err := publishedFiles()
	if err != nil {
		return nil, err
	}
	beta, err := betaFiles(published)
	if err != nil {
		return nil, fmt.Errorf("deriving v1beta1: %w", err)
	}
	files := map[string][]byte{}
	for _, gen := range []func(context.Context, *fileSet, map[string][]byte) error{generateStubs, generateGateways} {
		if err := gen(ctx, beta, files); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func write(root string, files map[string][]byte) error {
	for name, content := range files {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}
