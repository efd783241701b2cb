// Command lectern-stores is lectern with the clients of object stores in it, which
// lectern becomes when a setting asks for one.
package main

import (
	"context"

	"github.com/lectern/lectern/bucket/blob"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/internal/command"
)

// version is set by the linker.
var version = "unknown"

func main() { program().Main() }

func program() command.Program {
	return command.Program{Version: version, Objects: &command.Objects{Open: blob.Open, OpenScratch: openScratch}}
}

func openScratch(ctx context.Context, address, dir string) (driver.Scratch, error) {
	return blob.OpenScratch(ctx, address, dir)
}
