package synth

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// DefaultIdle is how long a [Talk] waits for more text before it speaks what
// may not be a sentence yet.
const DefaultIdle = 300 * time.Millisecond

// TalkRequest is what is known of a talk before its text.
type TalkRequest struct {
	Voice          voices.Wish
	Pronunciations []Pronunciation
	Lexicons       []string
	Prosody        speech.Prosody
	// Encoding is that of [Talk.Encoder]; empty for who takes the sound only.
	Encoding string
	// SampleRate is as that of a Request.
	SampleRate audio.SampleRate
	// Idle is how long no text may come before what is there is spoken, three
	// times that where it ends within a word; 0 means DefaultIdle, less than 0
	// that only the end is waited for.
	Idle time.Duration
	// Strict speaks a sentence only when it is certain where it ends: its end is
	// not guessed from how fragments are cut, and it is never spoken in clauses.
	// With a negative Idle the sound is that of the whole text, bit for bit.
	Strict bool
	// Begin, when not nil, is called by the goroutine that reads, once, when there is
	// something to speak and before any of it is: it may wait, until ctx ends. Its
	// error ends the talk.
	Begin func(ctx context.Context) error
	// Waits, when not nil, is called by the goroutine that reads: with true when
	// it has read the sound of all that could be spoken and is about to wait for
	// text, so that it may pass on what it holds back; with false before
	// something is spoken. It is called with either as often as may be.
	Waits func(waits bool)
}

// Talk is text becoming sound while it is written. Make one with [Synth.Talk],
// give it the text with [Talk.Say], in fragments cut anywhere, and [Talk.End],
// and read the sound meanwhile: it is an audio.Stream. Close it in any case.
//
// One goroutine writes (Say, SayMarkup, Turn, End) and one reads; Close may be called by
// any. Nothing is spoken ahead of the reader but what an engine's buffer holds,
// and a writer that is far ahead waits.
//
// A sentence is spoken when the word behind it shows that it has ended, and
// sooner if a fragment holds whole sentences; when its first clause is long and
// nothing was spoken yet; when no text comes for a while; and at the end.
// Figures, abbreviations and pronunciations across the borders of fragments are
// read as in the whole text.
type Talk struct {
	synth *Synth
	ctx   context.Context
	stop  context.CancelCauseFunc
	set   Settings
	idle  time.Duration
	waits func(bool)
	begin func(context.Context) error // nil once it was called

	reading sync.Mutex // held by Read
	render  *rendering
	sound   *sequence
	until   time.Time // when all that was read will have been heard

	changed chan struct{} // holds one when the reader should look again
	room    chan struct{} // holds one when the writer should

	mu     sync.Mutex
	layout *layout
	draft  draft
	queue  []Segment
	queued int64         // their weight
	owed   time.Duration // a pause before what is spoken next
	heard  bool          // something is, or was, in the queue
	last   time.Time     // when text came
	ended  bool
}

var _ audio.Stream = (*Talk)(nil)

// mostQueued is how much text, in bytes, waits to be spoken before the writer does.
const mostQueued = 4 << 10

var (
	errTalkClosed = errors.New("synth: the talk was closed")
	errTalkEnded  = errors.New("synth: the talk has ended")
)

// Talk begins a talk. It checks all of r; errors are those of Plan. The engine
// stops as soon as ctx ends; then Read and Say return its cause.
func (s *Synth) Talk(ctx context.Context, r TalkRequest) (*Talk, error) {
	voice, err := s.engines.Catalogue().Match(r.Voice)
	if err != nil {
		return nil, err
	}
	rate := r.SampleRate
	switch {
	case r.Encoding != "":
		if rate, err = s.outputRate(Request{Encoding: r.Encoding, SampleRate: r.SampleRate}, voice); err != nil {
			return nil, err
		}
	case rate == 0:
		rate = audio.SampleRate(voice.NaturalSampleRateHertz)
	case rate < encode.MinSampleRate || rate > encode.MaxSampleRate:
		return nil, fault.Invalid(encode.FieldSampleRate, "%d is out of range: %d to %d Hz.", int(rate), int(encode.MinSampleRate), int(encode.MaxSampleRate))
	}
	if r.Idle == 0 {
		r.Idle = DefaultIdle
	}
	if r.Waits == nil {
		r.Waits = func(bool) {}
	}
	if err := s.checkLexicons(r.Lexicons); err != nil {
		return nil, err
	}
	t := &Talk{
		synth: s, idle: r.Idle, waits: r.Waits, begin: r.Begin,
		changed: make(chan struct{}, 1), room: make(chan struct{}, 1),
	}
	t.ctx, t.stop = context.WithCancelCause(ctx)
	t.layout = &layout{
		synth: s, ctx: t.ctx, phrases: newPhrases(r.Pronunciations), named: r.Lexicons,
		base: s.speaker(voice, r.Voice.Language), fetched: map[string]bool{},
	}
	t.draft = draft{strict: r.Strict, divides: t.layout.divides}
	t.set = Settings{Voice: t.layout.base.voice.Name, Prosody: r.Prosody, Encoding: r.Encoding, SampleRate: rate}
	t.render = &rendering{synth: s, ctx: t.ctx, class: engine.Interactive, settings: t.set}
	t.sound = &sequence{rate: rate, next: t.next}
	return t, nil
}

// Voice is the name of the voice that speaks.
func (t *Talk) Voice() string { return t.set.Voice }

// SampleRate implements audio.Stream.
func (t *Talk) SampleRate() audio.SampleRate { return t.set.SampleRate }

// Encoder encodes the sound onto w in the talk's encoding, without a header
// where the format can do without, as one file where it cannot.
func (t *Talk) Encoder(w io.Writer) (*encode.Encoder, error) {
	format, err := t.synth.formats.Lookup(t.set.Encoding)
	if err != nil {
		return nil, err
	}
	if format.Joins() {
		return format.Parts().NewEncoder(w, t.set.SampleRate)
	}
	return format.NewEncoder(w, t.set.SampleRate, -1)
}

// Say adds text, of any length and cut anywhere, even within a character. It
// waits while much of what was said before is not spoken yet. It fails when the
// talk has ended, with the reason if something ended it early.
func (t *Talk) Say(fragment string) error { return t.say(fragment, false) }

// SayMarkup is Say of text with pause tags, as Request.Markup, which may be cut
// too. Between it and Say one text ends and another begins.
func (t *Talk) SayMarkup(fragment string) error { return t.say(fragment, true) }

func (t *Talk) say(fragment string, markup bool) error {
	if err := t.open(); err != nil {
		return err
	}
	for first := true; first || fragment != ""; first = false {
		if err := t.await(); err != nil {
			return err
		}
		block := fragment[:min(len(fragment), mostQueued)]
		fragment = fragment[len(block):]
		t.mu.Lock()
		if t.draft.markup != markup {
			t.take(t.draft.end())
			t.draft.markup = markup
		}
		t.take(t.draft.add(block, fragment == ""))
		t.mu.Unlock()
	}
	return nil
}

// Turn adds what one of several speakers says, whole, after a short pause. What
// was said before is complete then. Errors are those of Say and, when there is no
// such voice, of Plan.
func (t *Talk) Turn(turn Turn) error {
	if err := t.open(); err != nil {
		return err
	}
	voice, err := t.synth.engines.Catalogue().Match(turn.Voice)
	if err != nil {
		return err
	}
	if err := t.await(); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.take(t.draft.end())
	t.owe(turnPause)
	t.layout.run(run{text: turn.Text, speaker: t.synth.speaker(voice, turn.Voice.Language)})
	t.takeSegments()
	return nil
}

// End says that no more text comes: what is there is spoken, and then Read
// returns io.EOF. Ending again does nothing.
func (t *Talk) End() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.ended {
		t.take(t.draft.end())
		t.ended = true
		wake(t.changed)
	}
}

// Read implements audio.Stream. It waits for text when it has to.
func (t *Talk) Read(p []float32) (int, error) {
	t.reading.Lock()
	defer t.reading.Unlock()
	n, err := t.sound.Read(p)
	if n > 0 {
		if now := time.Now(); t.until.Before(now) {
			t.until = now
		}
		t.until = t.until.Add(t.set.SampleRate.Duration(audio.Frames(n)))
	}
	if err != nil && err != io.EOF {
		t.stop(err) // the writer learns of it
	}
	return n, err
}

// Close ends the talk at once and returns when no engine works for it.
func (t *Talk) Close() error {
	t.stop(errTalkClosed)
	t.reading.Lock()
	defer t.reading.Unlock()
	t.sound.Close()
	return nil
}

// open returns why nothing can be said any more.
func (t *Talk) open() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ended {
		return errTalkEnded
	}
	return context.Cause(t.ctx)
}

// await waits until the reader is not far behind.
func (t *Talk) await() error {
	for {
		t.mu.Lock()
		full := t.queued >= mostQueued
		t.mu.Unlock()
		if !full {
			return context.Cause(t.ctx)
		}
		select {
		case <-t.room:
		case <-t.ctx.Done():
			return context.Cause(t.ctx)
		}
	}
}

// take lays out what the draft lets go.
func (t *Talk) take(pieces []piece) {
	t.last = time.Now()
	for _, p := range pieces {
		switch {
		case p.pause > 0:
			t.layout.addPause(p.pause)
		case p.paragraph:
			t.owe(paragraphPause)
		default:
			t.layout.sentence(run{text: p.text, speaker: t.layout.base}, spanOf(p.text), nil, p.continues)
		}
		t.takeSegments()
	}
	wake(t.changed)
}

// owe has a pause made before what is spoken next, if anything was before.
func (t *Talk) owe(d time.Duration) {
	if t.heard {
		t.owed += d
	}
}

// takeSegments queues what was laid out.
func (t *Talk) takeSegments() {
	made := t.layout.segments
	t.layout.segments = nil
	if len(made) == 0 {
		return
	}
	if t.owed > 0 {
		made = append([]Segment{{Pause: t.owed}}, made...)
		t.owed = 0
	}
	t.queue, t.heard = append(t.queue, made...), true
	t.queued += weightOf(made)
	wake(t.changed)
}

// next is the sound of the next segment; it waits for one.
func (t *Talk) next() (*sound, error) {
	for {
		if err := context.Cause(t.ctx); err != nil {
			return nil, err
		}
		segments, patience, ended := t.following()
		switch {
		case len(segments) > 0:
			t.waits(false)
			return t.speak(segments)
		case ended:
			return nil, io.EOF
		case patience == 0:
			continue
		}
		t.waits(true)
		if err := t.doze(patience); err != nil {
			return nil, err
		}
		if t.until.Before(time.Now()) {
			t.until = time.Time{} // who was silent begins anew
		}
	}
}

// speak is the sound of the first of segments; the others are to follow.
func (t *Talk) speak(segments []Segment) (*sound, error) {
	if begin := t.begin; begin != nil {
		t.begin = nil
		if err := begin(t.ctx); err != nil {
			return nil, err
		}
	}
	t.render.rest = segments
	t.render.ctx = engine.Due(t.ctx, t.due())
	return t.render.next()
}

// due is when the sound of the next segment is needed.
func (t *Talk) due() time.Time {
	if t.until.IsZero() {
		return time.Now().Add(lateness)
	}
	return t.until.Add(-ahead)
}

// forever is a patience that does not end.
const forever = time.Duration(1<<63 - 1)

// following takes the next segment. When there is none it says how long to wait for
// text: 0 when the text that was there is spoken now.
func (t *Talk) following() (next []Segment, patience time.Duration, ended bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.queue) > 0 {
		next, t.queue = t.queue[:1:1], t.queue[1:]
		t.queued -= weightOf(next)
		wake(t.room)
		return next, 0, false
	}
	if t.ended || t.idle < 0 || !t.draft.pending() {
		return nil, forever, t.ended
	}
	patience = t.idle
	if t.draft.withinWord() {
		patience *= 3
	}
	if patience -= time.Since(t.last); patience > 0 {
		return nil, patience, false
	}
	t.take(t.draft.flush())
	return nil, 0, false
}

// doze waits for text, or until patience is over.
func (t *Talk) doze(patience time.Duration) error {
	var over <-chan time.Time
	if patience != forever {
		timer := time.NewTimer(patience)
		defer timer.Stop()
		over = timer.C
	}
	select {
	case <-t.changed:
	case <-over:
	case <-t.ctx.Done():
		return context.Cause(t.ctx)
	}
	return nil
}

// wake has whoever waits at c look again, now or when it comes to wait.
func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
