package enginetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/engine/driver"
)

func (s suite) sixteen(t *testing.T) {
	if s.Single {
		t.Skip("one process can hold only one such engine")
	}
	alone := mustSpeak(t, s.open(t), s.say(s.open(t), sentence))
	var speaking sync.WaitGroup
	for range 16 {
		engine := s.open(t)
		speaking.Go(func() {
			for range 2 {
				var heard Recorder
				if err := engine.Speak(context.Background(), s.say(engine, sentence), &heard); err != nil {
					t.Errorf("one of sixteen: %v", err)
				} else if engine.Info().Abilities.Deterministic && !slices.Equal(heard.Frames, alone.Frames) {
					t.Error("one of sixteen sounds different from one alone")
				}
			}
		})
	}
	speaking.Wait()
}

func (s suite) longText(t *testing.T) {
	engine := s.open(t)
	text := strings.Repeat(sentence+". ", 1+s.LongText/len(sentence))[:s.LongText]
	var heard Meter
	if err := engine.Speak(context.Background(), s.say(engine, text), &heard); err != nil {
		t.Fatalf("Speak of %d bytes: %v", len(text), err)
	}
	rate := int64(16000)
	if seconds := heard.Frames / rate; seconds < int64(len(text)/50) {
		t.Errorf("%d bytes gave only %d s of sound", len(text), seconds)
	}
	if words := len(strings.Fields(text)); engine.Info().Abilities.WordEvents && heard.Events < int64(words*9/10) {
		t.Errorf("%d words gave only %d events", words, heard.Events)
	}
	s.stillSpeaks(t, engine)
}

func (s suite) cancelLongText(t *testing.T) {
	engine := s.open(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	frames := 0
	heard := Recorder{OnAudio: func(f []int16) error {
		if frames += len(f); frames > 100_000 {
			cancel(errCause)
		}
		return nil
	}}
	text := strings.Repeat("all on one breath ", 5000)
	if err := engine.Speak(ctx, s.say(engine, text), &heard); !errors.Is(err, errCause) {
		t.Errorf("Speak of %d bytes, canceled: %v, want the cause", len(text), err)
	}
	s.stillSpeaks(t, engine)
}

// hostileText gives the engine what no keyboard types. It may fail to speak
// some of it, but must say so in order and go on.
func (s suite) hostileText(t *testing.T) {
	if !s.Hostile {
		t.Skip("the engine's own crash would end the tests; its worker proves this")
	}
	engine := s.open(t)
	for name, text := range hostileTexts() {
		heard := Recorder{}
		err := engine.Speak(context.Background(), s.say(engine, text), &heard)
		if err != nil && !errors.Is(err, driver.ErrFailed) {
			t.Errorf("%s: %v", name, err)
			if errors.Is(err, driver.ErrCrashed) {
				engine = s.open(t)
			}
			continue
		}
		CheckEvents(t, text, &heard)
	}
	s.stillSpeaks(t, engine)
}

// hostileTexts are texts that engines have stumbled over, by name.
func hostileTexts() map[string]string {
	var controls strings.Builder
	for r := range rune(0x20) {
		fmt.Fprintf(&controls, "a%cb ", r)
	}
	texts := map[string]string{
		"NUL":               "before \x00 after",
		"control":           controls.String() + "\x7f \u0080 \u009f",
		"invalid UTF-8":     "caf\xe9 \xff\xfe \xc0\x80 end",
		"cut rune":          "end \xf0\x9f\x98",
		"lone surrogate":    "lone \xed\xa0\x80 and \xed\xbf\xbf end",
		"noncharacters":     "\ufffe \uffff \U0010ffff end",
		"markup":            "a <b>bold</b> <break time='9s'/> &amp; [[h@l'oU]] {x} end",
		"commands":          "\x01150s fast \x1b[31m red",
		"quotes":            `he said "no" and 'yes' and ` + "`maybe`",
		"one long word":     strings.Repeat("a", 5000),
		"no spaces":         strings.Repeat("漢字", 500),
		"many digits":       strings.Repeat("1234567890", 60),
		"only punctuation":  strings.Repeat("!?.,;:-_()[]{}", 50),
		"combining":         "e" + strings.Repeat("\u0301", 300) + " end",
		"right to left":     "\u202eabc\u202c שלום العربية end",
		"emoji":             "👩‍👩‍👧‍👦 🏳️‍🌈 ☃️ 🇩🇪 end",
		"zero width":        "a\u200bb\u200dc\ufeffd end",
		"lines":             "one\ntwo\r\nthree\u2028four",
		"numbers":           "1e309 -0 0x1F 1,000,000.00 ½ Ⅷ ٣ 3/4 $5 £1.50 #1 @home 50% C++ R&D",
		"abbreviated":       "Dr. Mr. St. No. 5 a.m. U.S.A. www.example.com foo@example.com",
		"capitals and dots": "U.S.A. NASA iOS e.g. i.e. ... .5 5. 'tis",
	}
	for plane := range rune(17) {
		var b strings.Builder
		for i := range rune(64) {
			if r := plane<<16 + i*997 + 0x21; utf8.ValidRune(r) && (plane == 0 || !unicode.IsControl(r)) {
				b.WriteRune(r)
				b.WriteByte(' ')
			}
		}
		texts[fmt.Sprintf("plane %d", plane)] = b.String()
	}
	return texts
}
