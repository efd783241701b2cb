package enginetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// transcriber is engine as one, or the end of a test of an engine that is none.
func transcriber(t *testing.T, engine driver.Engine) driver.Transcriber {
	t.Helper()
	able, ok := engine.(driver.Transcriber)
	if engine.Info().Abilities.Transcribes {
		if !ok {
			t.Fatal("the engine says that it transcribes and is no driver.Transcriber")
		}
		return able
	}
	if ok { // a worker's process always is one
		if _, err := able.Transcribe(context.Background(), speech.Utterance{Text: "a"}); !errors.Is(err, driver.ErrFailed) {
			t.Errorf("Transcribe of an engine that does not: %v, want ErrFailed", err)
		}
	}
	t.Skip("the engine does not transcribe")
	return nil
}

func mustTranscribe(t testing.TB, engine driver.Transcriber, u speech.Utterance) []speech.Transcribed {
	t.Helper()
	words, err := engine.Transcribe(context.Background(), u)
	if err != nil {
		t.Fatalf("Transcribe(%.60q): %v", u.Text, err)
	}
	CheckTranscribed(t, u.Text, words)
	return words
}

// CheckTranscribed checks what is true of the phonemes of any text.
func CheckTranscribed(t testing.TB, text string, words []speech.Transcribed) {
	t.Helper()
	last := 0
	for _, w := range words {
		if w.Start < last || w.End <= w.Start || w.End > len(text) || !utf8.RuneStart(text[w.Start]) || w.End < len(text) && !utf8.RuneStart(text[w.End]) {
			t.Fatalf("%.60q: phonemes for the bytes %d to %d of %d, after %d", text, w.Start, w.End, len(text), last)
		}
		last = w.End
		word := text[w.Start:w.End]
		switch {
		case w.Phonemes != strings.Join(strings.Fields(w.Phonemes), " ") || w.Phonemes == "":
			t.Errorf("%.60q has the phonemes %q", word, w.Phonemes)
		case !utf8.ValidString(w.Phonemes) || !norm.NFD.IsNormalString(w.Phonemes):
			t.Errorf("%.60q has the phonemes %q, which are not in normal form D", word, w.Phonemes)
		case strings.ContainsAny(w.Phonemes, "\u0361\u035c"):
			t.Errorf("%.60q has the phonemes %q, with a tie", word, w.Phonemes)
		}
	}
}

// transcription checks that every word has phonemes, that they are the same
// always, and that pronunciations are heeded.
func (s suite) transcription(t *testing.T) {
	engine := s.open(t)
	able := transcriber(t, engine)
	say := func(text string, pairs ...string) []speech.Transcribed {
		t.Helper()
		u := s.say(engine, text)
		u.Pronunciations = pronunciationsOf(text, pairs)
		return mustTranscribe(t, able, u)
	}
	for _, text := range []string{
		sentence,
		"He said: “Good morning”, and went (at last) to the end of it.",
		"One; two — three! Four? Five.",
		"an e-mail, a well-known one, for 3.14 or 2,000 of the U.S. at 10:30, Dr. No",
		"café, nai\u0308ve",
		strings.Repeat("this goes on and on without an end ", 60) + "dog",
	} {
		words := say(text)
		at := 0
		for _, w := range append(words, speech.Transcribed{Token: speech.Token{Start: len(text), End: len(text)}}) {
			if strings.ContainsFunc(text[at:w.Start], speakable) {
				t.Errorf("%.60q: %q has no phonemes", text, text[at:w.Start])
			}
			at = w.End
		}
		if fields := len(strings.Fields(text)); len(words) < fields/2 {
			t.Errorf("%.60q: %d words have %d transcriptions", text, fields, len(words))
		}
	}
	plain := say(sentence)
	for _, text := range []string{"", " ", "  \u00a0 "} {
		if words := say(text); len(words) > 0 {
			t.Errorf("%q has the phonemes %v", text, words)
		}
	}
	say("... — !? …")
	if s.Hostile {
		for _, text := range hostileTexts() {
			say(text)
			say("word "+text+" word", "word", "ˈwɜːd")
		}
	}
	say(strings.Repeat(sentence+". ", 1+s.LongText/len(sentence)))
	if again := say(sentence); s.abilities(engine).Deterministic && !slices.Equal(again, plain) {
		t.Errorf("the same text was %v and is %v", plain, again)
	}
	before := mustSpeak(t, engine, s.say(engine, sentence))
	say(sentence)
	after := mustSpeak(t, engine, s.say(engine, sentence))
	if s.abilities(engine).Deterministic && !slices.Equal(before.Frames, after.Frames) {
		t.Error("speech sounds different after a transcription")
	}
	u := s.say(engine, "hello")
	u.Voice = "no such voice"
	if _, err := able.Transcribe(context.Background(), u); !errors.Is(err, driver.ErrVoice) {
		t.Errorf("Transcribe with an unknown voice: %v, want ErrVoice", err)
	}
	if s.abilities(engine).Pronunciations {
		s.transcribedPronunciations(t, engine, say)
	}
	s.stillSpeaks(t, engine)
}

func (s suite) transcribedPronunciations(t *testing.T, engine driver.Engine, say func(string, ...string) []speech.Transcribed) {
	t.Helper()
	const text = "You say tomato, and all is well."
	of := func(words []speech.Transcribed) string {
		for _, w := range words {
			if text[w.Start:w.End] == "tomato" {
				return w.Phonemes
			}
		}
		t.Errorf("%q: %v has no phonemes for the word that is pronounced", text, words)
		return ""
	}
	aa, ei := say(text, "tomato", "təˈmɑːtoʊ"), say(text, "tomato", "təˈmeɪtoʊ")
	if of(aa) == of(ei) {
		t.Errorf("two pronunciations of a word are both %q", of(aa))
	}
	if !strings.Contains(of(ei), "eɪ") {
		t.Errorf("the pronunciation təˈmeɪtoʊ became %q", of(ei))
	}
	if len(aa) != len(say(text)) {
		t.Errorf("with a pronunciation there are the phonemes %v, without %v", aa, say(text))
	}
	u := s.say(engine, "hello")
	u.Pronunciations = []speech.Pronunciation{{Token: speech.Token{End: 5}, IPA: "x3"}}
	if _, err := engine.(driver.Transcriber).Transcribe(context.Background(), u); !errors.Is(err, driver.ErrFailed) {
		t.Errorf("Transcribe with the pronunciation x3: %v, want ErrFailed", err)
	}
}

// cancelTranscription cancels before, and at many moments of, a transcription.
func (s suite) cancelTranscription(t *testing.T) {
	engine := s.open(t)
	able := transcriber(t, engine)
	plain := mustTranscribe(t, able, s.say(engine, sentence))
	ended, cancel := context.WithCancelCause(context.Background())
	cancel(errCause)
	if words, err := able.Transcribe(ended, s.say(engine, sentence)); !errors.Is(err, errCause) || len(words) > 0 {
		t.Errorf("Transcribe with a context that had ended: %d words and %v, want its cause", len(words), err)
	}
	long := s.say(engine, strings.Repeat(sentence+". ", 1+s.LongText/len(sentence)))
	canceled := 0
	for after := time.Duration(0); after < 40*time.Millisecond; after += 2 * time.Millisecond {
		ctx, cancel := context.WithCancelCause(context.Background())
		timer := time.AfterFunc(after, func() { cancel(errCause) })
		began := time.Now()
		_, err := able.Transcribe(ctx, long)
		timer.Stop()
		cancel(nil)
		if err != nil && !errors.Is(err, errCause) {
			t.Errorf("Transcribe canceled after %v: %v, want the cause", after, err)
		}
		if err != nil {
			canceled++
		}
		if took := time.Since(began); took > patience {
			t.Errorf("Transcribe returned %v after it began, canceled after %v", took, after)
		}
		if errors.Is(err, driver.ErrCrashed) { // it had to be killed, as the contract allows
			t.Errorf("Transcribe canceled after %v: %v", after, err)
			return
		}
		if again := mustTranscribe(t, able, s.say(engine, sentence)); s.abilities(engine).Deterministic && !slices.Equal(again, plain) {
			t.Errorf("after a cancel the same text is %v, was %v", again, plain)
		}
	}
	if canceled == 0 {
		t.Error("none of the transcriptions was canceled in time")
	}
	s.stillSpeaks(t, engine)
}

func speakable(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
