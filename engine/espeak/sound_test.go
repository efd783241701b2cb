// SPDX-License-Identifier: GPL-3.0-or-later

package espeak_test

import (
	"context"
	"slices"
	"testing"

	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/speech"
)

func say(t testing.TB, u speech.Utterance) *enginetest.Recorder {
	t.Helper()
	var heard enginetest.Recorder
	if err := open(t).Speak(context.Background(), u, &heard); err != nil {
		t.Fatalf("Speak(%q): %v", u.Text, err)
	}
	return &heard
}

// TestEventsPointIntoTheText: the library counts characters, speaks several
// words for a number, and one for some pairs of words.
func TestEventsPointIntoTheText(t *testing.T) {
	for _, c := range []struct {
		voice, text string
		want        []string
	}{
		{"gmw/en-US", "Room 123 is free.", []string{"Room", "123", "is", "free"}},
		{"gmw/en-US", "It came from the hill, out of the blue", []string{"It", "came", "from", "the", "hill", "out", "of", "the", "blue"}},
		{"gmw/de", "Größe und Straße über Äcker", []string{"Größe", "und", "Straße", "über", "Äcker"}},
		{"roa/fr", "Où est l’été 😀 déjà", []string{"Où", "est", "l", "été", "déjà"}},
		{"gmw/en-US", "bad \xff byte", []string{"bad", "byte"}},
	} {
		heard := say(t, speech.Utterance{Text: c.text, Voice: c.voice})
		enginetest.CheckEvents(t, c.text, heard)
		var got []string
		for _, e := range heard.Events {
			got = append(got, c.text[e.Token.Start:e.Token.End])
		}
		// Emoji are read by name or left out, as the dictionaries have it.
		got = slices.DeleteFunc(got, func(s string) bool { return s == "😀" })
		if !slices.Equal(got, c.want) {
			t.Errorf("%q: events on %q, want %q", c.text, got, c.want)
		}
	}
}

func TestMarkupIsText(t *testing.T) {
	for _, text := range []string{"<break/>", "[[h@loU]]", "<b>"} {
		heard := say(t, speech.Utterance{Text: text, Voice: "gmw/en-US"})
		if len(heard.Frames) < 22050/3 || enginetest.Peak(heard.Frames) < 500 {
			t.Errorf("%q gave %d frames", text, len(heard.Frames))
		}
	}
	short := say(t, speech.Utterance{Text: `hello <break time="20s"/> there`, Voice: "gmw/en-US"})
	if len(short.Frames) > 15*22050 {
		t.Error("a break was taken for markup")
	}
	normal := say(t, speech.Utterance{Text: "one two three", Voice: "gmw/en-US"})
	command := say(t, speech.Utterance{Text: "\x01400s one two three", Voice: "gmw/en-US"})
	if len(command.Frames) < len(normal.Frames) {
		t.Error("an embedded command was obeyed")
	}
}

// TestTextOpensNoBracket: where a pronunciation makes brackets mean phonemes, the
// text's own still mean nothing.
func TestTextOpensNoBracket(t *testing.T) {
	one := []speech.Pronunciation{{Token: speech.Token{End: 3}, IPA: "ˈwʌn"}}
	speak := func(text string) []int16 {
		return say(t, speech.Utterance{Text: text, Voice: "gmw/en-US", Pronunciations: one}).Frames
	}
	if !slices.Equal(speak("one [[h@loU]] two"), speak("one ((h@loU]] two")) {
		t.Error("the text's own brackets were heeded")
	}
}

func TestFemaleVariantIsHigher(t *testing.T) {
	for _, voice := range []string{"gmw/en-US", "gmw/de", "roa/fr", "sit/cmn-Latn-pinyin"} {
		const text = "mama mama mama mama mama"
		male := enginetest.MedianPitch(say(t, speech.Utterance{Text: text, Voice: voice}).Frames, 22050)
		female := enginetest.MedianPitch(say(t, speech.Utterance{Text: text, Voice: voice + "+f3"}).Frames, 22050)
		t.Logf("%s: %.0f Hz and %.0f Hz", voice, male, female)
		if female < 1.2*male {
			t.Errorf("%s speaks at %.0f Hz, and as a woman at %.0f Hz", voice, male, female)
		}
	}
}

// TestMandarinReadsCharacters: 你好 is as long as other words of two syllables.
// Where espeak-ng reads the letters of "ni3 hao3" instead, it is twice that.
func TestMandarinReadsCharacters(t *testing.T) {
	for _, v := range open(t).Info().Voices {
		if v.Languages[0] != "cmn-CN" {
			continue
		}
		frames := func(text string) int { return len(say(t, speech.Utterance{Text: text, Voice: v.EngineName}).Frames) }
		hello, other := frames("你好。"), frames("中是。")
		if hello > other*3/2 {
			t.Errorf("%s: 你好 has %d frames, 中是 %d", v.Name, hello, other)
		}
	}
}
