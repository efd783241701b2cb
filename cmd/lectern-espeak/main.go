// SPDX-License-Identifier: GPL-3.0-or-later

// Command lectern-espeak is the worker of the espeak-ng engine. lectern starts
// it; it speaks the protocol of docs/worker-protocol.md on stdin and stdout.
//
// It links libespeak-ng and is GPL-3.0-or-later, unlike lectern itself, from
// which it is a separate program.
package main

import (
	"os"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/espeak"
	"github.com/lectern/lectern/engine/worker"
)

func main() {
	os.Exit(worker.Main(func() (driver.Engine, error) {
		engine, err := espeak.Open()
		if err != nil {
			return nil, err
		}
		return engine, nil
	}))
}
