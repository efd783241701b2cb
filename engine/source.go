package engine

import (
	"context"

	"github.com/lectern/lectern/engine/driver"
)

// Source is where the workers of one engine come from, or those of one voice of
// an engine whose voices are models of their own.
type Source struct {
	// Name is the source's own, such as "flite" or "hibari/heart".
	Name string
	// Version tells a source from an earlier one of the same name, for
	// [Engine.Replace].
	Version string
	// Start makes one worker. It is called as often as workers are needed,
	// by several goroutines at once; ctx bounds the start alone.
	Start func(ctx context.Context) (driver.Engine, error)
	// Install tells an operator what to do when the engine is missing, such
	// as "apt-get install espeak-ng-data". It may be shown to clients.
	Install string

	// Info is what the engine is, where that is known without a worker: then
	// none starts before it is needed. nil: the first worker tells, and must
	// bear the source's name.
	Info *driver.Info
	// Warm starts as many workers as there are slots at once, in the background.
	Warm bool
	// Memory is about how many bytes a worker takes, for Config.Memory; 0 is
	// not counted.
	Memory int64
	// Patience is how many times Config.Deadline its workers may take, for engines
	// that speak little faster than they are heard; 0 is 1.
	Patience float64
}
