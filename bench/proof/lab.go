package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/lectern/lectern/internal/needs"
)

// binaries are what a lab needs to have been built; lectern-stores is taken if it is
// there.
var binaries = []string{"lectern", "lectern-espeak", "lectern-flite", "lectern-neural"}

// lab is where measurements are taken.
type lab struct {
	// bin holds the lab's own copies of the binaries: a rebuild during a run
	// changes nothing, and a process of the lab is known by its executable.
	bin   string
	dir   string // everything is below it; removed at the end
	quick bool
	seed  uint64

	voices string // the directory of neural voices
	none   string // one without any
	python string // the interpreter that has what they are measured beside
	before *lab   // of an earlier build; nil when there is none

	cluster     *needs.Cluster // see postgres
	databases   int
	environment []string // what servers get besides the lab's own

	mu     sync.Mutex
	copied [2]time.Duration // see copyCost
	shown  io.Writer
	opened time.Time
}

// newLab makes a lab with the binaries of bin. Close it.
func newLab(bin string, quick bool, seed uint64, shown io.Writer) (*lab, error) {
	dir, err := os.MkdirTemp("", "lectern-proof-")
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return nil, err
	}
	l := &lab{bin: filepath.Join(dir, "bin"), none: filepath.Join(dir, "no-voices"), dir: dir, quick: quick, seed: seed, shown: shown, opened: time.Now()}
	if err := l.copyBinaries(bin); err != nil {
		l.close()
		return nil, fmt.Errorf("%w (run `make build` first)", err)
	}
	return l, nil
}

func (l *lab) copyBinaries(from string) error {
	if err := errors.Join(os.Mkdir(l.bin, 0o755), os.Mkdir(l.none, 0o755)); err != nil {
		return err
	}
	for _, name := range append(slices.Clone(binaries), "lectern-stores") {
		program, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) && name == "lectern-stores" {
			continue
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(l.bin, name), program, 0o755); err != nil {
			return err
		}
	}
	return nil
}

func (l *lab) close() {
	if l.cluster != nil {
		l.cluster.End()
	}
	os.RemoveAll(l.dir)
}

// binary is the path of one of the binaries.
func (l *lab) binary(name string) string { return filepath.Join(l.bin, name) }

// absolute is a path that is good in any directory.
func absolute(path string) string {
	if whole, err := filepath.Abs(path); err == nil {
		return whole
	}
	return path
}

// folder makes an empty folder, such as a server's data directory.
func (l *lab) folder(name string) (string, error) {
	return os.MkdirTemp(l.dir, name+"-")
}

// count is how often to repeat something.
func (l *lab) count(full, quick int) int {
	if l.quick {
		return quick
	}
	return full
}

// random is the source of everything random in one measurement.
func (l *lab) random(salt uint64) *rand.Rand { return rand.New(rand.NewPCG(l.seed, salt)) }

// otherLoad is the share of all cores that other programs use, taken for a
// moment in which the lab does nothing: figures from a busy machine say little.
func otherLoad(ctx context.Context) float64 {
	busyBefore, allBefore := machineBusy()
	pause(ctx, 500*time.Millisecond)
	busy, all := machineBusy()
	if all <= allBefore {
		return 0
	}
	return (busy - busyBefore) / (all - allBefore)
}

// logf shows a line, with the time since the lab was opened.
func (l *lab) logf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.shown, "%7.1f s  "+format+"\n", append([]any{time.Since(l.opened).Seconds()}, args...)...)
}
