// Package installed finds the engines that this machine has: the workers beside a
// program, or where `make install` puts them, and the models of the neural voices
// that are installed. It links none of them.
package installed

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/worker"
)

// Known is an engine that Lectern knows.
type Known struct {
	Name    string
	binary  string // of its worker
	Install string // what to do when it is missing
}

// Engines are those of Lectern whose voices need no installing, the preferred
// first.
func Engines() []Known {
	return []Known{
		{"flite", "lectern-flite", "Build it with `make build` and keep lectern-flite beside lectern (or give --worker-dir)."},
		{"espeak", "lectern-espeak", "Run `apt-get install espeak-ng-data`, build with `make build`, and keep lectern-espeak beside lectern (or give --worker-dir)."},
	}
}

// grace is how long a worker has to stop after a cancel. It is short because a
// worker is cheaper to start (4 to 12 ms) than to wait for: flite is deaf until
// its first sound, which takes up to half a second.
const grace = 15 * time.Millisecond

// workerNice keeps workers behind the server, whose answers are short; those of long
// work stand further back (driver.Yielder).
const workerNice = 8

// Places are where the engines of a machine are.
type Places struct {
	// Workers is the directory of the engines' workers; empty means beside this
	// program, or where `make install` puts them.
	Workers string
	// Voices is the directory of the neural voices.
	Voices string
	// Warm starts the workers of the first neural voice at once.
	Warm bool
	// Log hears of voices that cannot be used. Default: nobody does.
	Log *slog.Logger
}

func (p Places) withLog() Places {
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	return p
}

// Open starts the engines that are installed, with the rest of c as it is. It
// fails only when there is none at all.
func Open(ctx context.Context, p Places, c engine.Config) (*engine.Engine, error) {
	var err error
	if c.Sources, err = Sources(p); err != nil {
		return nil, err
	}
	engines, err := engine.Open(ctx, c)
	if err != nil {
		return nil, err
	}
	if len(engines.Infos()) == 0 {
		_ = engines.Close()
		dir, _ := Workers(p.Workers) // as Sources has found it
		return nil, fmt.Errorf("no engine could be started from %s; %s", dir, Engines()[0].Install)
	}
	return engines, nil
}

// Sources are all engines there are: neural voices before the others. The error is
// that this program does not know where it is.
func Sources(p Places) ([]engine.Source, error) {
	dir, err := Workers(p.Workers)
	if err != nil {
		return nil, err
	}
	p = p.withLog()
	all := neuralSources(p, dir)
	for _, known := range Engines() {
		all = append(all, engine.Source{
			Name:    known.Name,
			Install: known.Install,
			Start:   worker.Starter(worker.Command{Path: filepath.Join(dir, known.binary)}, worker.Options{Log: p.Log, Grace: grace, Nice: workerNice, Reads: []string{}}),
		})
	}
	return all, nil
}

// libexec is where an installation has the workers, seen from the program's folder.
const libexec = "../libexec/lectern"

// Workers is the directory of the workers: dir, unless it is empty; else where this
// program has them, or, for a program that embeds the server, the lectern on the path.
func Workers(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return "", err
	}
	if found, ok := workersOf(self); ok {
		return found, nil
	}
	if program, err := exec.LookPath("lectern"); err == nil {
		if program, err = filepath.EvalSymlinks(program); err == nil {
			if found, ok := workersOf(program); ok {
				return found, nil
			}
		}
	}
	return filepath.Dir(self), nil
}

// workersOf is where a program has them, beside it or as `make install` puts them.
func workersOf(program string) (dir string, ok bool) {
	beside := filepath.Dir(program)
	if _, err := os.Stat(filepath.Join(beside, Engines()[0].binary)); err == nil {
		return beside, true
	}
	elsewhere := filepath.Join(beside, libexec)
	return elsewhere, isDirectory(elsewhere)
}

func isDirectory(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}
