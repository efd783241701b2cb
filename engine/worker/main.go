package worker

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/lectern/lectern/engine/driver"
)

// Main is the main of a worker binary, on stdin and stdout: it opens the engine
// and serves it, or tells the parent why there is none. The program must exit
// with the code that it returns.
func Main(open func() (driver.Engine, error)) int {
	return run(open, os.Stdin, os.Stdout, os.Stderr)
}

func run(open func() (driver.Engine, error), stdin io.Reader, stdout, stderr io.Writer) int {
	engine, err := open()
	if err != nil {
		fmt.Fprintln(stderr, err)
		_ = serveFailure(err, stdout) // when nobody listens, stderr has said it
		return 1
	}
	if err := Serve(context.Background(), engine, stdin, stdout); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

// Starter starts workers of one command, for engine.Source.
func Starter(command Command, options Options) func(context.Context) (driver.Engine, error) {
	return func(ctx context.Context) (driver.Engine, error) {
		p, err := Start(ctx, command, options)
		if err != nil {
			return nil, err // not a nil *Process in an interface
		}
		return p, nil
	}
}
