package lecterntest

import (
	"context"
	"os"
	"time"

	"github.com/lectern/lectern"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/installed"
)

// Option changes the server that NewServer makes.
type Option func(*settings)

type settings struct {
	clock     func() time.Time
	workers   *string // of the engines of the machine
	configure []func(*lectern.Config)
}

// Configure changes the configuration that the server is made of: limits, encodings,
// names of voices, a log. Data, OpenStore and OpenBuckets are the server's own.
func Configure(change func(*lectern.Config)) Option {
	return func(s *settings) { s.configure = append(s.configure, change) }
}

// Engines lets these engines speak instead of the tones.
func Engines(sources ...engine.Source) Option {
	return Configure(func(c *lectern.Config) { c.Engines = sources })
}

// Installed lets the engines speak that this machine has installed, whose workers are
// in a directory; empty means where lectern has them.
func Installed(workers string) Option {
	return func(s *settings) { s.workers = &workers }
}

// Clock gives operations the times of another clock. Nothing waits by it: deadlines and
// pauses are the machine's.
func Clock(now func() time.Time) Option {
	return func(s *settings) { s.clock = now }
}

// retention is how long a server keeps operations, unless it is configured.
const retention = 30 * 24 * time.Hour

// apply changes a server's configuration.
func (s *settings) apply(c *lectern.Config) error {
	c.Names = voices.Names{Google: voices.GoogleServed}
	c.Retention = retention
	c.Engines = []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{}), nil },
	}}
	data, store, buckets := c.Data, c.OpenStore, c.OpenBuckets
	for _, change := range s.configure {
		change(c)
	}
	c.Data, c.OpenStore, c.OpenBuckets = data, store, buckets
	if s.workers != nil {
		sources, err := installed.Sources(installed.Places{Workers: *s.workers, Voices: config.Default(os.Getenv).Voices, Log: c.Log})
		if err != nil {
			return err
		}
		c.Engines = sources
	}
	return nil
}
