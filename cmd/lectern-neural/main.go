// Command lectern-neural is the worker for neural voices: the frame protocol of
// engine/worker on stdin and stdout, for one of the models in a directory of
// voices. It loads ONNX Runtime from there.
package main

import (
	"cmp"
	"errors"
	"os"
	"runtime/debug"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/neural"
	"github.com/lectern/lectern/engine/neural/onnx"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/internal/models"
)

func main() {
	// A sentence leaves some megabytes behind; collecting them more often costs
	// less than holding them in each of many workers.
	debug.SetGCPercent(50)
	os.Exit(worker.Main(func() (driver.Engine, error) {
		if len(os.Args) != 3 {
			return nil, errors.New("usage: lectern-neural DIRECTORY MODEL (a server starts it)")
		}
		return open(os.Args[1], os.Args[2])
	}))
}

// open makes the engine of a model, with its first voice warm.
func open(dir, name string) (driver.Engine, error) {
	model, err := models.Find(dir, name)
	if err != nil {
		return nil, err
	}
	engine, err := load(model)
	if err != nil {
		// What lies on the disk may not be what was installed: that is worth
		// reading all of it, once nothing works anyway.
		return nil, cmp.Or(model.Verify(), err)
	}
	return engine, nil
}

func load(model models.Model) (driver.Engine, error) {
	if err := onnx.Open(model.Runtime()); err != nil {
		return nil, err
	}
	o := &opener{model: model}
	engine := neural.New(model.Info, o.open)
	if err := engine.Warm(model.Info.Voices[0].EngineName); err != nil {
		return nil, errors.Join(err, engine.Close())
	}
	return engine, nil
}
