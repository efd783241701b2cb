// Command waiting is a worker whose engine waits instead of computing: what many
// nodes do together can then be measured on few cores. It stands in for flite's.
package main

import (
	"context"
	"os"
	"time"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/speech"
)

// wait is how long the engine waits for each utterance.
const wait = 50 * time.Millisecond

func main() {
	os.Exit(worker.Main(func() (driver.Engine, error) {
		return engine{tone.New(tone.Options{Hook: waiting})}, nil
	}))
}

func waiting(ctx context.Context, _ speech.Utterance, word int) error {
	if word > 0 {
		return nil
	}
	select {
	case <-time.After(wait):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

type engine struct{ *tone.Engine }

// Info implements driver.Engine.
func (e engine) Info() driver.Info {
	info := e.Engine.Info()
	info.Name = "flite"
	return info
}
