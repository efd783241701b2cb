// Command lectern-flite is the worker of the flite engine. lectern starts it;
// it speaks the protocol of docs/worker-protocol.md on stdin and stdout.
package main

import (
	"os"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/flite"
	"github.com/lectern/lectern/engine/worker"
)

func main() {
	os.Exit(worker.Main(func() (driver.Engine, error) { return flite.New(), nil }))
}
