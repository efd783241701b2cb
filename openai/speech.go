package openai

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/synth"
)

// Headers, which are those of Google's API here: of a request the names of the
// server's lexicons that hold for it, of an answer who spoke and what was not done.
const (
	lexiconHeader = "x-lectern-lexicon"
	voiceHeader   = "x-lectern-voice"
	ignoredHeader = "x-lectern-ignored"
)

// gathered is how much sound may wait for its page: one of Ogg costs 28 bytes, a
// tenth of what its sound takes.
const gathered = 100 * time.Millisecond

// speech serves /v1/audio/speech. Nothing is written before there is some sound, so
// that an engine that fails at once is an error and not a short sound.
func (a *API) speech(w http.ResponseWriter, r *http.Request) error {
	q, err := a.read(r)
	if err != nil {
		return err
	}
	turn, err := a.callers.Stream(callers.Of(r.Context(), r.RemoteAddr))
	if err != nil {
		return err
	}
	defer turn.Leave()
	account := a.quota.Of(r.Context(), "")
	finish, err := account.Stream()
	if err != nil {
		return err
	}
	defer finish()
	if err := account.Ask(quota.OfText(q.Text)); err != nil {
		return err
	}
	plan, err := a.synth.Plan(r.Context(), q.Request)
	if err != nil {
		return err
	}
	if err := turn.Begin(r.Context()); err != nil {
		return err
	}
	defer turn.Heard()
	h := w.Header()
	h.Set("Content-Type", q.format.contentType)
	if spoken := plan.Voices(); len(spoken) > 0 {
		h.Set(voiceHeader, strings.Join(spoken, ", "))
	}
	if q.instructions {
		h.Set(ignoredHeader, "instructions")
	}
	out := &leaving{to: plainly{w}, turn: turn, control: http.NewResponseController(w)}
	if q.events {
		h.Set("Content-Type", "text/event-stream")
		h.Set("Cache-Control", "no-cache")
		out.to = events{w}
	}
	spoken, err := a.synth.Stream(turn.Speaking(r.Context()), engine.Interactive, plan, out, gathered)
	account.Spoken(plan.SampleRate.Duration(spoken.Frames))
	if err == nil {
		err = out.leave()
	}
	if err != nil {
		h.Del(voiceHeader)
		h.Del(ignoredHeader)
		h.Del("Cache-Control")
		return err
	}
	return out.to.done(usageOf(q.Text, plan, spoken))
}

// delivery is a way to send sound.
type delivery interface {
	sound(p []byte) error
	// done ends it, after all sound.
	done(u usage) error
}

// leastSent is how much sound is worth a write, in bytes: an eighth of a second of
// MP3, a hundredth of PCM. It is more than the header of any format.
const leastSent = 512

// untakenFor is how long a client may take nothing, from when it has heard what was sent.
const untakenFor = 30 * time.Second

// leaving sends sound as it comes.
type leaving struct {
	to      delivery
	turn    *callers.Stream
	control *http.ResponseController
	pending []byte
	sounds  time.Duration // of all until pending
	sent    time.Duration
}

var _ synth.Listener = (*leaving)(nil)

// Sounds implements synth.Listener.
func (l *leaving) Sounds(length time.Duration) { l.sounds = length }

func (l *leaving) Write(p []byte) (int, error) {
	l.pending = append(l.pending, p...)
	if len(l.pending) < leastSent {
		return len(p), nil
	}
	return len(p), l.leave()
}

func (l *leaving) leave() error {
	if len(l.pending) == 0 {
		return nil
	}
	l.turn.Heard()
	// Where there are no deadlines nobody is sent away.
	_ = l.control.SetWriteDeadline(l.turn.HeardBy().Add(untakenFor))
	if err := l.to.sound(l.pending); err != nil {
		return err
	}
	l.pending = l.pending[:0]
	if err := l.control.Flush(); err != nil {
		return err
	}
	l.turn.Sent(l.sounds - l.sent)
	l.sent = l.sounds
	return nil
}

// plainly sends nothing but the sound.
type plainly struct{ w http.ResponseWriter }

func (p plainly) sound(b []byte) error {
	_, err := p.w.Write(b)
	return err
}

func (plainly) done(usage) error { return nil }

// events sends sound as server-sent events.
type events struct{ w http.ResponseWriter }

func (e events) sound(b []byte) error {
	return e.send(map[string]any{"type": "speech.audio.delta", "audio": base64.StdEncoding.EncodeToString(b)})
}

func (e events) done(u usage) error {
	return e.send(map[string]any{"type": "speech.audio.done", "usage": u})
}

func (e events) send(event map[string]any) error {
	data, err := json.Marshal(event)
	if err != nil {
		return err
	}
	_, err = e.w.Write([]byte("data: " + string(data) + "\n\n"))
	return err
}

// usage is what a request is counted as. There are no tokens here: it counts the
// input's characters, and the sound in OpenAI's twentieths of a second.
type usage struct {
	Input  int `json:"input_tokens"`
	Output int `json:"output_tokens"`
	Total  int `json:"total_tokens"`
}

func usageOf(text string, plan *synth.Plan, spoken synth.Spoken) usage {
	const perSecond = int64(time.Second / (50 * time.Millisecond))
	u := usage{Input: utf8.RuneCountInString(text), Output: int(spoken.Frames * perSecond / int64(plan.SampleRate))}
	u.Total = u.Input + u.Output
	return u
}
