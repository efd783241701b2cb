// Package tone is an engine of sine waves. It is the fake on which other tests
// are built, and a real engine nevertheless: it keeps the whole contract of
// package driver, and what it says can be verified from its sound.
//
// [New] makes one. Every character sounds for [Character] at its own
// [Frequency]; white space and control characters are as long and silent. A
// word is a run of characters between white space. A pronunciation sounds its
// symbols, one for each phone, in place of the characters.
package tone

import (
	"context"
	"fmt"
	"math"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/phoneme"
	"github.com/lectern/lectern/speech"
)

// Name is the engine's name.
const Name = "tone"

// Character is how long one character sounds at rate 1.
const Character = 30 * time.Millisecond

// Amplitude is the peak of every sine, as a part of full scale.
const Amplitude = 0.25

// fade is how long a character takes to rise and to fall, so that it does not click.
const fade = 2 * time.Millisecond

// Frequency is the pitch of a character in hertz, between 250 and 3425. ASCII
// characters all differ, by 25 Hz at least.
func Frequency(r rune) float64 { return 250 + 25*float64(r&127) }

// Options change how the engine behaves. The zero value is good.
type Options struct {
	// NoProsody takes away the engine's native rate and pitch.
	NoProsody bool
	// Hook, when not nil, is called before each word, and with word 0 before
	// anything of the utterance. It may wait, to make the engine slow or hang
	// it, and what it returns ends the utterance. For the sake of the
	// contract it should return context.Cause(ctx) when ctx ends.
	Hook func(ctx context.Context, u speech.Utterance, word int) error
}

// Engine is the tone engine; it implements driver.Engine. Several may be used
// at once.
type Engine struct {
	options Options
	voices  map[string]speech.Voice
}

var (
	_ driver.Engine      = (*Engine)(nil)
	_ driver.Transcriber = (*Engine)(nil)
)

// New makes an engine.
func New(options Options) *Engine {
	e := &Engine{options: options, voices: map[string]speech.Voice{}}
	for _, v := range e.Info().Voices {
		e.voices[v.EngineName] = v
	}
	return e
}

// Info tells what the engine is: two American voices, male at 16 kHz and
// female at 24 kHz, and a German one.
func (e *Engine) Info() driver.Info {
	info := driver.Info{
		Name: Name, Version: "1", License: "Apache-2.0",
		Voices: []speech.Voice{
			{Name: "en-US-Tone-1", Languages: []string{"en-US"}, Gender: speech.Male, NaturalSampleRateHertz: 16000, EngineName: "low"},
			{Name: "en-US-Tone-2", Languages: []string{"en-US"}, Gender: speech.Female, NaturalSampleRateHertz: 24000, EngineName: "high"},
			{Name: "de-DE-Tone-1", Languages: []string{"de-DE"}, Gender: speech.Female, NaturalSampleRateHertz: 22050, EngineName: "german"},
		},
		Abilities: driver.Abilities{
			Rate:           driver.Range{Min: 0.25, Max: 4},
			PitchSemitones: driver.Range{Min: -12, Max: 12},
			Deterministic:  true,
			WordEvents:     true,
			Pronunciations: true,
			Transcribes:    true,
		},
	}
	if e.options.NoProsody {
		info.Abilities.Rate, info.Abilities.PitchSemitones = driver.Range{}, driver.Range{}
	}
	return info
}

// CharacterFrames is how many frames one character has at a sample rate and a
// speed; a text's length in frames is that times its number of characters.
func CharacterFrames(sampleRateHertz int, speed float64) int {
	return int(math.Round(Character.Seconds() * float64(sampleRateHertz) / speed))
}

// Speak sings u.
func (e *Engine) Speak(ctx context.Context, u speech.Utterance, sink driver.Sink) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	voice, ok := e.voices[u.Voice]
	if !ok {
		return fmt.Errorf("%w: %q", driver.ErrVoice, u.Voice)
	}
	if err := e.Info().Abilities.Check(u.Prosody); err != nil {
		return err
	}
	s := song{
		rate:  float64(voice.NaturalSampleRateHertz),
		raise: math.Exp2(u.Prosody.PitchSemitones / 12),
		sink:  sink,
	}
	s.block = make([]int16, CharacterFrames(voice.NaturalSampleRateHertz, u.Prosody.Speed()))
	return e.sing(ctx, u, &s)
}

func (e *Engine) sing(ctx context.Context, u speech.Utterance, s *song) error {
	hook := e.options.Hook
	if hook == nil {
		hook = func(ctx context.Context, _ speech.Utterance, _ int) error { return nil }
	}
	pronounced, err := driver.PronouncedOf(u)
	if err != nil {
		return err
	}
	if err := hook(ctx, u, 0); err != nil {
		return err
	}
	words, within := 0, false
	for at := 0; at < len(u.Text); {
		r, size := utf8.DecodeRuneInString(u.Text[at:])
		sounds, next := []rune{r}, at+size
		silent := unicode.IsSpace(r) || unicode.IsControl(r)
		begins := !silent && !within
		token := speech.Token{Start: at, End: at}
		if len(pronounced) > 0 && pronounced[0].Start == at {
			token = pronounced[0].Token
			sounds, next = symbols(pronounced[0].Sounds), token.End
			pronounced = pronounced[1:]
			silent, begins, within = false, true, false
		} else {
			within = !silent
		}
		if begins {
			if words > 0 {
				if err := hook(ctx, u, words); err != nil {
					return err
				}
			}
			words++
			length := len(sounds)
			if token.End == at {
				limit := len(u.Text)
				if len(pronounced) > 0 {
					limit = pronounced[0].Start
				}
				token, length = word(u.Text[:limit], at)
			}
			if err := s.announce(token, length); err != nil {
				return err
			}
		}
		for _, sound := range sounds {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := s.character(sound, silent); err != nil {
				return err
			}
		}
		at = next
	}
	return nil
}

// symbols are the base symbols of phones.
func symbols(phones phoneme.Transcription) []rune {
	all := make([]rune, len(phones))
	for i, p := range phones {
		all[i], _ = utf8.DecodeRuneInString(p.Symbol)
	}
	return all
}

// Close does nothing: there is nothing to free.
func (e *Engine) Close() error { return nil }

// song is one utterance under way.
type song struct {
	rate, raise float64
	sink        driver.Sink
	block       []int16
	sung        int64
}

// word is the word that begins at a byte of text, and how many characters it has.
func word(text string, start int) (token speech.Token, characters int) {
	end := start
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			break
		}
		end += size
		characters++
	}
	return speech.Token{Start: start, End: end}, characters
}

// announce gives the event of a word that begins now.
func (s *song) announce(token speech.Token, characters int) error {
	return s.sink.Event(driver.Event{
		Token:      token,
		StartFrame: s.sung,
		EndFrame:   s.sung + int64(characters*len(s.block)),
	})
}

// character sounds one character.
func (s *song) character(r rune, silent bool) error {
	clear(s.block)
	if !silent {
		s.fill(2 * math.Pi * Frequency(r) * s.raise / s.rate)
	}
	s.sung += int64(len(s.block))
	return s.sink.Audio(s.block)
}

// fill writes a sine of step radians a frame, by the recurrence
// sin(n+1) = 2·cos(step)·sin(n) - sin(n-1).
func (s *song) fill(step float64) {
	edge := min(int(fade.Seconds()*s.rate), len(s.block)/2)
	twice := 2 * math.Cos(step)
	before, now := -math.Sin(step), 0.0
	for i := range s.block {
		gain := Amplitude * math.MaxInt16
		if near := min(i, len(s.block)-1-i); near < edge {
			gain *= float64(near) / float64(edge)
		}
		s.block[i] = int16(math.Round(gain * now))
		before, now = now, twice*now-before
	}
}
