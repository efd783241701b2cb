package command

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lectern/lectern/ttsapi/client"
)

const (
	// quiet is the longest silence of a progress that is told in lines.
	quiet = 30 * time.Second
	// eraseLine is the ANSI sequence for: back to the start, and clear.
	eraseLine = "\r\x1b[K"
)

// progress shows how far an operation is: one line that is drawn again and
// again on a terminal, a line every ten percent elsewhere.
type progress struct {
	to       io.Writer
	terminal bool
	width    func() int
	now      func() time.Time

	end        estimate
	step       float64   // the largest so far, in percent
	told       time.Time // the last line
	toldDecade int
	drawn      bool
}

func newProgress(env *environment) *progress {
	return &progress{
		to:       env.stderr,
		terminal: isTerminal(env.stderr),
		width:    func() int { return terminalWidth(env.stderr) },
		now:      time.Now,
	}
}

// show tells of op as it stands now.
func (p *progress) show(op client.Operation) {
	now := p.now()
	if p.end.begun.IsZero() {
		p.toldDecade = -1
	} else {
		p.step = max(p.step, op.Progress-p.end.at)
	}
	p.end.see(now, op.Progress)
	if p.terminal {
		fmt.Fprint(p.to, eraseLine+p.bar(op, now))
		p.drawn = true
		return
	}
	decade := int(op.Progress) / 10
	if op.Done || decade <= p.toldDecade && now.Sub(p.told) < quiet {
		return
	}
	p.told, p.toldDecade = now, decade
	fmt.Fprintln(p.to, percent(op.Progress)+" after "+p.times(op, now))
}

// clear takes the drawn line away, so that something else can be printed.
func (p *progress) clear() {
	if p.drawn {
		fmt.Fprint(p.to, eraseLine)
		p.drawn = false
	}
}

// bar is the line for a terminal.
func (p *progress) bar(op client.Operation, now time.Time) string {
	steady := p.steady(op, now)
	shown := percent(steady)
	if steady > 0 && steady < 10 && !op.Done { // of a book a percent may take minutes
		shown = fmt.Sprintf("%.1f%%", steady)
	}
	return drawBar(p.width(), steady/100, fmt.Sprintf("%4s  %s", shown, p.times(op, now)))
}

// steady is how far the operation should be by the speed seen so far: what the
// server tells comes in steps. It goes no further than one of them.
func (p *progress) steady(op client.Operation, now time.Time) float64 {
	if op.Done || p.end.steps == 0 {
		return op.Progress
	}
	more := p.end.speed(now) * now.Sub(p.end.last).Seconds()
	return max(op.Progress, min(op.Progress+min(more, p.step), 99))
}

// drawBar is a bar with text behind it; it never fills the last column, where a
// terminal would go to the next line.
func drawBar(width int, share float64, text string) string {
	const least, most = 10, 40
	room := min(width-len(text)-4, most)
	if room < least {
		return text[:min(len(text), max(width-1, 0))]
	}
	full := int(float64(room) * min(share, 1))
	return "[" + strings.Repeat("#", full) + strings.Repeat("-", room-full) + "] " + text
}

// times are how long the operation has run and may still run.
func (p *progress) times(op client.Operation, now time.Time) string {
	since := p.end.begun
	if !op.Start.IsZero() && op.Start.Before(since) {
		since = op.Start
	}
	text := now.Sub(since).Round(time.Second).String()
	if left, ok := p.end.left(now); ok && !op.Done {
		text += ", about " + roughly(left) + " left"
	}
	return text
}
