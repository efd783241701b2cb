package wyoming

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/synth"
)

// defaultLanguage is spoken when neither a voice nor a language is asked for.
const defaultLanguage = "en-US"

// handle follows one event. An error ends the connection.
func (c *connection) handle(ctx context.Context, e *event) error {
	switch e.kind {
	case "describe":
		return c.send("info", info(c.server.Synth.Engines().Catalogue(), c.server.Version))
	case "ping":
		text, err := textOf("text", e.data.Text)
		if err != nil {
			return err
		}
		return c.send("pong", map[string]any{"text": text})
	case "synthesize":
		if c.stream != nil {
			return nil // the whole text once more, for servers that do not stream
		}
		return c.synthesize(ctx, e)
	case "synthesize-start":
		return c.start(ctx, e)
	case "synthesize-chunk":
		text, err := textOf("text", e.data.Text)
		if err != nil || c.stream == nil {
			return err
		}
		return c.stream.say(text)
	case "synthesize-stop":
		if c.stream == nil {
			return nil
		}
		return c.stop(ctx)
	}
	return nil // a later version's
}

// wish is what an event asks for beside its text.
type wish struct {
	voice    voices.Wish
	lexicons []string // of the server, by name
	ssml     bool
}

// wish is the voice that an event asks for, with lexicons behind its name, and
// whether its text is SSML: en-US-Flite-Slt@towns,people.
func (c *connection) wish(e *event) (w wish, err error) {
	format, err := textOf("text_format", e.data.TextFormat)
	if err != nil {
		return w, err
	}
	if format != "" && format != "text" && format != "ssml" {
		return w, fault.Invalid("text_format", "It must be text or ssml.")
	}
	var asked struct{ Name, Language string }
	if e.data.Voice != nil && json.Unmarshal(e.data.Voice, &asked) != nil {
		return w, fault.Invalid("voice", "It must be an object with a name or a language.")
	}
	w.ssml = format == "ssml"
	name, lexicons, _ := strings.Cut(asked.Name, "@")
	if lexicons != "" {
		w.lexicons = strings.Split(lexicons, ",")
	}
	if name == "" {
		w.voice.Language = cmp.Or(asked.Language, defaultLanguage)
		return w, nil
	}
	v, ok := c.server.Synth.Engines().Catalogue().Lookup(name)
	if !ok {
		return w, fault.Invalid("voice.name", "There is no voice of that name; the answer to describe lists them.")
	}
	w.voice = voices.Wish{Language: v.Languages[0], Name: v.Name}
	return w, nil
}

// synthesize speaks the whole text of an event.
func (c *connection) synthesize(ctx context.Context, e *event) error {
	text, err := textOf("text", e.data.Text)
	if err != nil {
		return err
	}
	return c.whole(ctx, e, text)
}

// whole speaks a whole text in the way that an event asks for.
func (c *connection) whole(ctx context.Context, e *event, text string) error {
	if strings.TrimSpace(text) == "" {
		return fault.Invalid("text", "The text is empty: there is nothing to speak.")
	}
	if len(text) > c.server.TextBytes {
		return fault.Invalid("text", "The text has %d bytes, and %d are allowed.", len(text), c.server.TextBytes)
	}
	wish, err := c.wish(e)
	if err != nil {
		return err
	}
	account, turn, leave, err := c.count(ctx)
	if err != nil {
		return err
	}
	defer leave()
	characters := quota.OfText(text)
	if wish.ssml {
		characters = quota.OfSSML(text)
	}
	if err := account.Ask(characters); err != nil {
		return err
	}
	c.speaking(true)
	defer c.speaking(false)
	request := synth.Request{Voice: wish.voice, Lexicons: wish.lexicons, Encoding: pcm.Name, Text: text}
	if wish.ssml {
		request.SSML, request.Text = text, ""
	}
	plan, err := c.server.Synth.Plan(ctx, request)
	if err != nil {
		return err
	}
	if err := turn.Begin(ctx); err != nil {
		return err
	}
	defer turn.Heard()
	out := &sound{c: c, rate: plan.SampleRate, turn: turn}
	spoken, err := c.server.Synth.Stream(turn.Speaking(ctx), engine.Interactive, plan, out, 0)
	account.Spoken(plan.SampleRate.Duration(spoken.Frames))
	if err != nil {
		return err
	}
	return out.stop()
}

// count counts speech as a stream of the client's, and of whom it is counted for,
// until leave is called.
func (c *connection) count(ctx context.Context) (account *quota.Account, turn *callers.Stream, leave func(), err error) {
	account = c.server.Quota.Of(ctx, "")
	finish, err := account.Stream()
	if err != nil {
		return nil, nil, nil, err
	}
	turn, err = c.server.Callers.Stream(callers.Of(ctx, c.conn.RemoteAddr().String()))
	if err != nil {
		finish()
		return nil, nil, nil, err
	}
	return account, turn, func() { turn.Leave(); finish() }, nil
}

// sound sends PCM as events: audio-start before the first, so that an error that
// comes before any sound comes alone.
type sound struct {
	c     *connection
	rate  audio.SampleRate
	turn  *callers.Stream
	begun bool
}

// mostChunk is the most sound of one event, in bytes.
const mostChunk = 8 << 10

func (s *sound) form() map[string]any {
	return map[string]any{"rate": int(s.rate), "width": 2, "channels": 1}
}

func (s *sound) begin() error {
	if s.begun {
		return nil
	}
	s.begun = true
	s.turn.Heard()
	return s.c.send("audio-start", s.form())
}

// Write implements io.Writer.
func (s *sound) Write(p []byte) (int, error) {
	if err := s.begin(); err != nil {
		return 0, err
	}
	for rest := p; len(rest) > 0; {
		n := min(len(rest), mostChunk)
		if err := s.c.sendSound(s.form(), rest[:n], s.turn.HeardBy()); err != nil {
			return len(p) - len(rest), err
		}
		s.turn.Sent(s.rate.Duration(audio.Frames(n / 2)))
		rest = rest[n:]
	}
	return len(p), nil
}

func (s *sound) stop() error {
	if err := s.begin(); err != nil {
		return err
	}
	return s.c.send("audio-stop", nil)
}
