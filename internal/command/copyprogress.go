package command

import (
	"fmt"
	"io"
	"time"

	"github.com/dustin/go-humanize"
)

// copyProgress is written what is copied, and shows on a terminal how much that is.
type copyProgress struct {
	name     string
	to       io.Writer
	terminal bool
	width    func() int
	now      func() time.Time
	size     int64 // of all; -1 if it is not known
	copied   int64
	shown    time.Time
	drawn    bool
}

func newCopyProgress(env *environment, name string, size int64) *copyProgress {
	return &copyProgress{
		name: name, to: env.stderr, now: time.Now, size: size,
		terminal: isTerminal(env.stderr), width: func() int { return terminalWidth(env.stderr) },
	}
}

// Write implements io.Writer.
func (p *copyProgress) Write(b []byte) (int, error) {
	p.copied += int64(len(b))
	if now := p.now(); p.terminal && now.Sub(p.shown) >= redrawn {
		p.shown, p.drawn = now, true
		fmt.Fprint(p.to, eraseLine+p.line())
	}
	return len(b), nil
}

func (p *copyProgress) line() string {
	copied := humanize.Bytes(uint64(p.copied))
	if p.size <= 0 {
		line := p.name + ": " + copied
		return line[:min(len(line), max(p.width()-1, 0))]
	}
	return drawBar(p.width(), float64(p.copied)/float64(p.size), copied+" of "+humanize.Bytes(uint64(p.size)))
}

// clear takes the drawn line away.
func (p *copyProgress) clear() {
	if p.drawn {
		fmt.Fprint(p.to, eraseLine)
		p.drawn = false
	}
}

// done tells what was written.
func (p *copyProgress) done(what string) {
	p.clear()
	fmt.Fprintf(p.to, "%s: %s\n", what, humanize.Bytes(uint64(p.copied)))
}
