package command

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/lectern/lectern/synth"
)

// sayProgress tells whoever waits, or listens, how much has been spoken, and in the
// end how long that is and who spoke it.
type sayProgress struct {
	env    *environment
	output string // as that of -o
	clear  func() // takes the line away, if there is one

	mu     sync.Mutex
	spoken time.Duration
	share  float64
}

// redrawn is how often a line is drawn at most.
const redrawn = 100 * time.Millisecond

// readAloud is about how much text is spoken in a second, in bytes.
const readAloud = 15

// newSayProgress is that of what goes to an output. Its end is done or clear.
func newSayProgress(env *environment, output string) *sayProgress {
	p := &sayProgress{env: env, output: output, clear: func() {}}
	if output != "-" || !isTerminal(env.stdout) { // there the sound itself is shown
		p.clear = keepDrawn(env, redrawn, func(time.Time) string { return p.line(terminalWidth(env.stderr)) })
	}
	return p
}

// see takes how long the sound is so far, and which share of it that is.
func (p *sayProgress) see(spoken time.Duration, share float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spoken, p.share = spoken, share
}

func (p *sayProgress) line(width int) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return drawBar(width, p.share, fmt.Sprintf("%.0f s spoken", p.spoken.Seconds()))
}

// done tells what was made.
func (p *sayProgress) done(length time.Duration, voices string) {
	p.clear()
	tellMade(p.env.stderr, p.output, length, voices)
}

// tellMade tells what an output was given: how long it is, and who speaks, as far as
// that is known.
func tellMade(to io.Writer, output string, length time.Duration, voices string) {
	line := fmt.Sprintf("%.1f s", length.Seconds())
	if output != "" && output != "-" {
		line = output + ": " + line
	}
	if voices != "" {
		line += ", " + voices
	}
	fmt.Fprintln(to, line)
}

// expectedLength is about how long a text will be, when it is read at speed times a
// voice's own.
func expectedLength(bytes int64, speed float64) time.Duration {
	return time.Duration(float64(bytes) / readAloud / speed * float64(time.Second))
}

// planProgress tells how far the speaking of a plan is.
type planProgress struct {
	*sayProgress
	plan     *synth.Plan
	weight   float64
	expected time.Duration
}

func newPlanProgress(p *sayProgress, plan *synth.Plan) *planProgress {
	return &planProgress{
		sayProgress: p, plan: plan, weight: float64(plan.Weight()),
		expected: expectedLength(plan.Weight(), plan.Prosody.Speed()) + plan.SampleRate.Duration(plan.Least()),
	}
}

// tell is told by whoever speaks. The share is that of the sound that is expected, held
// between what is surely over and what has begun: within a sentence nobody knows better.
func (p *planProgress) tell(far synth.Progress) {
	spoken := p.plan.SampleRate.Duration(far.Frames)
	share := spoken.Seconds() / max(p.expected, 1).Seconds()
	p.see(spoken, min(max(share, float64(far.Over)/p.weight), float64(far.Begun)/p.weight))
}

// whole tells what was made of the plan.
func (p *planProgress) whole(spoken synth.Spoken) {
	p.done(p.plan.SampleRate.Duration(spoken.Frames), strings.Join(p.plan.Voices(), ", "))
}
