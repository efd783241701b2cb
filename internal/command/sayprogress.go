package command

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/lectern/lectern/synth"
)

// sayProgress tells whoever waits for a file how much of it has been spoken, and
// in the end how long it is and who spoke it. It is an output whose bytes it counts.
type sayProgress struct {
	output
	name     string
	to       io.Writer
	terminal bool
	width    func() int
	now      func() time.Time

	perSecond int64 // bytes of sound; 0 for encodings that write late
	expected  time.Duration
	written   int64
	shown     time.Time
	drawn     bool
}

// redrawn is how often the line is drawn at most.
const redrawn = 100 * time.Millisecond

// readAloud is about how much text is spoken in a second, in bytes.
const readAloud = 15

func newSayProgress(env *environment, name string, plan *synth.Plan, out output) *sayProgress {
	p := &sayProgress{
		output: out, name: name, to: env.stderr, now: time.Now,
		terminal: isTerminal(env.stderr), width: func() int { return terminalWidth(env.stderr) },
	}
	seconds := float64(plan.Weight()) / readAloud / plan.Prosody.Speed()
	p.expected = time.Duration(seconds*float64(time.Second)) + time.Duration(plan.Least())*time.Second/time.Duration(plan.SampleRate)
	switch plan.Encoding {
	case "LINEAR16", "PCM":
		p.perSecond = 2 * int64(plan.SampleRate)
	case "MULAW", "ALAW":
		p.perSecond = int64(plan.SampleRate)
	}
	p.draw()
	return p
}

// Write implements io.Writer.
func (p *sayProgress) Write(b []byte) (int, error) {
	n, err := p.output.Write(b)
	p.written += int64(n)
	if p.perSecond > 0 {
		p.draw()
	}
	return n, err
}

func (p *sayProgress) draw() {
	now := p.now()
	if !p.terminal || now.Sub(p.shown) < redrawn {
		return
	}
	p.shown, p.drawn = now, true
	if p.perSecond == 0 {
		line := p.name + ": speaking"
		fmt.Fprint(p.to, eraseLine+line[:min(len(line), max(p.width()-1, 0))])
		return
	}
	spoken := time.Duration(float64(p.written) / float64(p.perSecond) * float64(time.Second))
	fmt.Fprint(p.to, eraseLine+drawBar(p.width(), float64(spoken)/float64(max(p.expected, 1)), fmt.Sprintf("%.0f s spoken", spoken.Seconds())))
}

// clear takes the drawn line away.
func (p *sayProgress) clear() {
	if p.drawn {
		fmt.Fprint(p.to, eraseLine)
		p.drawn = false
	}
}

// done tells what was made.
func (p *sayProgress) done(plan *synth.Plan, spoken synth.Spoken) {
	p.clear()
	tellMade(p.to, p.name, plan.SampleRate.Duration(spoken.Frames), strings.Join(plan.Voices(), ", "))
}

// tellMade tells what a file holds.
func tellMade(to io.Writer, name string, length time.Duration, voices string) {
	line := fmt.Sprintf("%s: %.1f s", name, length.Seconds())
	if voices != "" {
		line += ", " + voices
	}
	fmt.Fprintln(to, line)
}
