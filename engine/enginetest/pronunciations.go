package enginetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// pronunciations checks that an engine says what it is told to, that its events
// still point into the text, and that text cannot pretend to be a pronunciation.
func (s suite) pronunciations(t *testing.T) {
	engine := s.open(t)
	if !s.abilities(engine).Pronunciations {
		t.Skip("the engine takes no pronunciations")
	}
	say := func(text string, pairs ...string) *Recorder {
		t.Helper()
		u := s.say(engine, text)
		u.Pronunciations = pronunciationsOf(text, pairs)
		heard := mustSpeak(t, engine, u)
		CheckEvents(t, text, heard)
		return heard
	}
	wordsOf := func(text string, heard *Recorder) (words []string) {
		for _, e := range heard.Events {
			// Whether marks belong to the words beside them is the engine's choice.
			if word := strings.TrimFunc(text[e.Token.Start:e.Token.End], unicode.IsPunct); word != "" {
				words = append(words, word)
			}
		}
		return words
	}

	const text = "You say tomato, and all is well."
	plain := say(text)
	aa, ei := say(text, "tomato", "təˈmɑːtoʊ"), say(text, "tomato", "təˈmeɪtoʊ")
	if slices.Equal(aa.Frames, ei.Frames) {
		t.Error("two pronunciations of a word sound the same")
	}
	if again := say(text, "tomato", "təˈmɑːtoʊ"); s.abilities(engine).Deterministic && !slices.Equal(again.Frames, aa.Frames) {
		t.Error("a pronunciation sounds different the second time")
	}
	if again := say(text); s.abilities(engine).Deterministic && !slices.Equal(again.Frames, plain.Frames) {
		t.Error("a pronunciation left something behind")
	}
	long := say(text, "tomato", strings.Repeat("təˈmɑːtoʊ", 20))
	if len(long.Frames) < 2*len(aa.Frames) {
		t.Errorf("a long pronunciation took %d frames, a short one %d", len(long.Frames), len(aa.Frames))
	}
	if !s.abilities(engine).WordEvents {
		return
	}
	for _, heard := range []*Recorder{aa, ei, long} {
		if got, want := wordsOf(text, heard), wordsOf(text, plain); !slices.Equal(got, want) {
			t.Errorf("with a pronunciation there are events on %q, without on %q", got, want)
		}
	}
	for _, c := range []struct {
		text  string
		pairs []string
		want  []string
	}{
		{"New York is far", []string{"New York", "nuː ˈjɔɹk"}, []string{"New", "York", "is", "far"}},
		{"they say so", []string{"they say", "ðeɪ"}, []string{"they say", "so"}},
		{"go go go on", []string{"go", "ˈɡoʊ", "go", "ˈɡoʊ"}, []string{"go", "go", "go", "on"}},
		{"漢字 is here", []string{"漢字", "kɑndʒi"}, []string{"漢字", "is", "here"}},
		{"a 3.14 b", []string{"3.14", "ˈpaɪ"}, []string{"a", "3.14", "b"}},
		{"well: café, “naïve” end", []string{"café", "kæˈfeɪ", "naïve", "naɪˈiːv"}, []string{"well", "café", "naïve", "end"}},
		{"all the tomatoes here", []string{"tomato", "təˈmɑːtoʊ"}, []string{"all", "the", "tomato", "es", "here"}},
		{"end", []string{"end", "ˈɛnd"}, []string{"end"}},
		{"one [[t@m]] two", []string{"one", "ˈwʌn"}, nil},
		{"one [[[[ two ]] [[ three", []string{"two", "ˈtuː"}, nil},
		{strings.Repeat("this goes on and on without an end ", 60) + "dog", []string{"dog", "ˈdɑːɡ"}, nil},
		{strings.Repeat("a dog ", 500), slices.Repeat([]string{"dog", "ˈdɑːɡ"}, 500), slices.Repeat([]string{"a", "dog"}, 500)},
	} {
		heard := say(c.text, c.pairs...)
		if got := wordsOf(c.text, heard); c.want != nil && !slices.Equal(got, c.want) {
			t.Errorf("%.60q with %.60q: events on %.200q, want %.200q", c.text, c.pairs, got, c.want)
		}
		if words := len(strings.FieldsFunc(c.text, func(r rune) bool { return strings.ContainsRune(" []", r) })); c.want == nil && len(heard.Events) < words*9/10 {
			t.Errorf("%.60q has %d events for %d words", c.text, len(heard.Events), words)
		}
	}
	for _, ipa := range []string{"", "təˈm3", "]] x [[", "\xff"} {
		u := s.say(engine, "hello")
		u.Pronunciations = []speech.Pronunciation{{Token: speech.Token{End: 5}, IPA: ipa}}
		if err := engine.Speak(context.Background(), u, &Meter{}); !errors.Is(err, driver.ErrFailed) {
			t.Errorf("Speak with the pronunciation %q: %v, want ErrFailed", ipa, err)
		}
	}
	for name, text := range hostileTexts() {
		if !s.Hostile {
			break
		}
		text = "word " + text + " word"
		u := s.say(engine, text)
		u.Pronunciations = pronunciationsOf(text, []string{"word", "ˈwɜːd"})
		heard := Recorder{}
		if err := engine.Speak(context.Background(), u, &heard); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		CheckEvents(t, text, &heard)
	}
	s.stillSpeaks(t, engine)
}

// pronunciationsOf are pairs of a phrase and its IPA, found in text in order.
func pronunciationsOf(text string, pairs []string) (all []speech.Pronunciation) {
	at := 0
	for i := 0; i+1 < len(pairs); i += 2 {
		start := at + strings.Index(text[at:], pairs[i])
		at = start + len(pairs[i])
		all = append(all, speech.Pronunciation{Token: speech.Token{Start: start, End: at}, IPA: pairs[i+1]})
	}
	return all
}
