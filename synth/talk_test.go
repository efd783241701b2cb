package synth_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

// overheard is a tone engine that remembers what it was given.
type overheard struct {
	mu   sync.Mutex
	said []string
}

func (o *overheard) options() tone.Options {
	return tone.Options{Hook: func(_ context.Context, u speech.Utterance, word int) error {
		if word == 0 {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.said = append(o.said, u.Text)
		}
		return nil
	}}
}

// take is what was said since it was last asked.
func (o *overheard) take() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	said := o.said
	o.said = nil
	return said
}

// words are what was said, without what only divides it.
func words(said []string) []string {
	return strings.FieldsFunc(strings.Join(said, " "), func(c rune) bool { return strings.ContainsRune(" .,;:!?…”“\"()[]'-", c) })
}

func talkRequest() synth.TalkRequest {
	r := request("")
	return synth.TalkRequest{Voice: r.Voice, Encoding: "PCM"}
}

// talked says fragments and returns the sound as PCM.
func talked(t rapid.TB, s *synth.Synth, r synth.TalkRequest, markup bool, fragments []string) []byte {
	t.Helper()
	talk, err := s.Talk(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	defer talk.Close()
	said := make(chan error, 1)
	go func() {
		var err error
		for _, f := range fragments {
			say := talk.Say
			if markup {
				say = talk.SayMarkup
			}
			err = errors.Join(err, say(f))
		}
		talk.End()
		said <- err
	}()
	var sound bytes.Buffer
	encoder, err := talk.Encoder(&sound)
	if err == nil {
		err = encoder.Copy(talk)
	}
	if err == nil {
		err = encoder.Close()
	}
	if err = errors.Join(err, <-said); err != nil {
		t.Fatal(err)
	}
	return sound.Bytes()
}

// cut cuts a text anywhere, within characters too.
func cut(t *rapid.T, text string) []string {
	var fragments []string
	for text != "" {
		n := rapid.SampledFrom([]int{1, 2, 3, 5, 8, 20, 100}).Draw(t, "length")
		n = min(n, len(text))
		fragments = append(fragments, text[:n])
		text = text[n:]
	}
	return fragments
}

var phrases = rapid.SampledFrom([]string{"The man", "met Dr. Smith", "at 5 p.m.", "and paid $1,000.50", "on Jan. 5,", "for the long road;", "who came, saw and left",
	"He left.", "Really?", "No!", "“Stop it,” she said.", "Well...", "(They did not.)", "The U.S. Army", "3.14", "1. First", "* * *", "Ñu。", "é", "it was e.g. good",
	"\n\n", "\n", "a sentence that is a good deal longer than others are, and has clauses, which go on; and on, until it stops.", "naïve Café"})

// However a text is cut, the words that are spoken are those of the whole text;
// and who waits for certain ends hears the whole text's own sound.
func TestATalkIsItsWholeText(t *testing.T) {
	var ears overheard
	s := newSynth(t, ears.options())
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(phrases, 0, 30).Draw(t, "phrases"), " ")
		pronunciations := []synth.Pronunciation{{Phrase: "Café", IPA: "kafe"}, {Phrase: "saw and left", IPA: "sɔ"}, {Phrase: "Smith at", IPA: "a"}}
		r := talkRequest()
		r.Pronunciations, r.Idle = pronunciations, -1
		r.Strict = rapid.Bool().Draw(t, "strict")
		markup := rapid.IntRange(0, 3).Draw(t, "markup") == 0
		wholly := request(text)
		if markup {
			text = strings.ReplaceAll(text, "Well...", "Well [pause] then [pause long]")
			wholly.Text, wholly.Markup = "", text+" "
			text += " "
		}
		wholly.Pronunciations = pronunciations
		p, err := s.Plan(context.Background(), wholly)
		if err != nil {
			t.Fatal(err)
		}
		whole, _, err := s.File(context.Background(), 0, p, allowance)
		if err != nil {
			t.Fatal(err)
		}
		wanted := ears.take()
		fragments := cut(t, text)
		sound := talked(t, s, r, markup, fragments)
		said := ears.take()
		if got, want := words(said), words(wanted); !slices.Equal(got, want) {
			t.Fatalf("%q says %q, the whole %q", fragments, said, wanted)
		}
		if r.Strict && !bytes.Equal(sound, whole) {
			t.Fatalf("%q is %d bytes and says %q, the whole %d and %q", fragments, len(sound), said, len(whole), wanted)
		}
	})
}

// What is spoken when, of fragments between which nobody waits: a bar ends an
// utterance, and what is behind the arrow is spoken only because the text ends.
func TestWhatATalkHoldsBack(t *testing.T) {
	for _, c := range []struct {
		fragments []string
		at, after string
	}{
		{[]string{"Hello there."}, "Hello there.", ""},
		{[]string{"Hello", " there."}, "", "Hello there."},
		{[]string{"Hello", " there.", " How", " are"}, "Hello there.", "How are"},
		{[]string{"I met Dr."}, "", "I met Doctor."},
		{[]string{"One two three", " four. Five six", " seven"}, "One two three four.", "Five six seven"},
		{[]string{"Are you there? I am here."}, "Are you there?|I am here.", ""},
		{[]string{"When he had come to the house,"}, "", "When he had come to the house,"},
		{[]string{"When he had come to the house, he opened the door"}, "When he had come to the house,", "he opened the door"},
		{[]string{"On the fifth of January, 2020 or so it was cold"}, "", "On the fifth of January, twenty twenty or so it was cold"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var ears overheard
			s := newSynth(t, ears.options())
			r := talkRequest()
			r.Idle = -1
			talk := begin(t, s, r)
			for _, f := range c.fragments {
				if err := talk.Say(f); err != nil {
					t.Fatal(err)
				}
			}
			synctest.Wait()
			if got := strings.Join(ears.take(), "|"); got != c.at {
				t.Errorf("%q: %q is spoken at once, want %q", c.fragments, got, c.at)
			}
			talk.End()
			synctest.Wait()
			if got := strings.Join(ears.take(), "|"); got != c.after {
				t.Errorf("%q: %q is spoken at the end, want %q", c.fragments, got, c.after)
			}
			talk.Close()
			s.Engines().Close()
		})
	}
}

// TestTextWithoutLettersIsSpoken: where nothing shows for long that a sentence ends, it is
// not held back to the end, and what is spoken is the whole text's.
func TestTextWithoutLettersIsSpoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var numbers strings.Builder
		for n := range 3000 {
			fmt.Fprint(&numbers, 100_000+n, " ")
		}
		text := numbers.String()
		var ears overheard
		s := newSynth(t, ears.options())
		fast := speech.Prosody{Rate: 4}
		wholly := request(text)
		wholly.Prosody = fast
		file(t, s, plan(t, s, wholly))
		whole := words(ears.take())
		r := talkRequest()
		r.Idle, r.Prosody = -1, fast
		talk := begin(t, s, r)
		for fragment := range slices.Chunk([]byte(text), 50) {
			if err := talk.Say(string(fragment)); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		early := words(ears.take())
		if len(early) < len(whole)/2 {
			t.Errorf("%d words of %d are spoken before the end", len(early), len(whole))
		}
		talk.End()
		synctest.Wait()
		if said := slices.Concat(early, words(ears.take())); !slices.Equal(said, whole) {
			t.Errorf("%d words are spoken, the whole text has %d", len(said), len(whole))
		}
		talk.Close()
		s.Engines().Close()
	})
}

// begin begins a talk that is read as it comes.
func begin(t *testing.T, s *synth.Synth, r synth.TalkRequest) *synth.Talk {
	t.Helper()
	talk, err := s.Talk(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = audio.ReadAll(talk)
	}()
	return talk
}

func TestAnIdleTalkSpeaksWhatIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ears overheard
		s := newSynth(t, ears.options())
		talk := begin(t, s, talkRequest())
		say := func(text string) {
			if err := talk.Say(text); err != nil {
				t.Fatal(err)
			}
		}
		passes := func(d time.Duration, want ...string) {
			t.Helper()
			time.Sleep(d) // of the test's own clock
			synctest.Wait()
			if got := ears.take(); !slices.Equal(got, want) {
				t.Errorf("%q is spoken, want %q", got, want)
			}
		}
		say("I met Dr. ")
		passes(synth.DefaultIdle - time.Millisecond)
		passes(2*time.Millisecond, "I met Doctor.")
		say("Smi")
		passes(synth.DefaultIdle + time.Millisecond)
		say("th yesterday")
		passes(3*synth.DefaultIdle - time.Millisecond)
		passes(2*time.Millisecond, "Smith yesterday")
		say(" and")
		say(" left. And")
		passes(0)
		say(" then")
		passes(0, "and left.")
		passes(time.Minute, "And then")
		talk.Close()
		s.Engines().Close()
	})
}

func TestCloseStopsATalk(t *testing.T) {
	begun := make(chan struct{})
	ended := make(chan error, 1)
	s := newSynth(t, tone.Options{Hook: func(ctx context.Context, _ speech.Utterance, _ int) error {
		close(begun)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return context.Cause(ctx)
	}})
	talk := begin(t, s, talkRequest())
	if err := talk.Say("This is it."); err != nil {
		t.Fatal(err)
	}
	<-begun
	talk.Close()
	<-ended
	if busy := s.Engines().Busy(); busy != 0 {
		t.Errorf("%d engines are busy after Close", busy)
	}
	if err := talk.Say("More."); err == nil {
		t.Error("text is taken after Close")
	}
	if _, err := talk.Read(make([]float32, 1)); err == nil || err == io.EOF {
		t.Errorf("Read after Close: %v", err)
	}
}

func TestAnEnginesErrorReachesTheWriter(t *testing.T) {
	s := newSynth(t, tone.Options{Hook: func(context.Context, speech.Utterance, int) error { return errors.New("broken") }})
	talk, err := s.Talk(t.Context(), talkRequest())
	if err != nil {
		t.Fatal(err)
	}
	defer talk.Close()
	if err := talk.Say("This is it."); err != nil {
		t.Fatal(err)
	}
	_, heard := audio.ReadAll(talk)
	if said := talk.Say("More."); !fault.Is(heard, fault.Internal) || said != heard {
		t.Errorf("the reader hears %v, the writer %v", heard, said)
	}
}

// Who writes faster than anybody listens waits, however much it is.
func TestTheWriterWaitsForTheReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ears overheard
		s := newSynth(t, ears.options())
		talk, err := s.Talk(t.Context(), talkRequest())
		if err != nil {
			t.Fatal(err)
		}
		said := make(chan error, 1)
		go func() { said <- talk.Say(strings.Repeat("Abc def ghi jkl. ", 4000)) }()
		synctest.Wait()
		if len(said) > 0 || len(ears.take()) > 0 {
			t.Error("nobody listens, and text is taken or spoken")
		}
		sound := make(chan error, 1)
		go func() {
			_, err := audio.ReadAll(talk)
			sound <- err
		}()
		if err := <-said; err != nil {
			t.Error(err)
		}
		talk.End()
		if err := <-sound; err != nil {
			t.Error(err)
		}
		if n := len(ears.take()); n != 4000 {
			t.Errorf("%d of 4000 sentences are spoken", n)
		}
		talk.Close()
		s.Engines().Close()
	})
}

func TestTurnsAreThoseOfAWholeText(t *testing.T) {
	s := newSynth(t, tone.Options{})
	turns := []synth.Turn{
		{Voice: voices.Wish{Language: "en-US", Name: "en-US-Tone-2"}, Text: "Hello there. How are you?"},
		{Voice: voices.Wish{Language: "en-US", Name: "en-US-Tone-1"}, Text: "Well"},
		{Voice: voices.Wish{Language: "en-US", Name: "en-US-Tone-2"}, Text: "Good."},
	}
	r := request("")
	r.Turns = turns
	want := file(t, s, plan(t, s, r))
	talk, err := s.Talk(t.Context(), talkRequest())
	if err != nil {
		t.Fatal(err)
	}
	defer talk.Close()
	for _, turn := range turns {
		if err := talk.Turn(turn); err != nil {
			t.Fatal(err)
		}
	}
	if err := talk.Turn(synth.Turn{Voice: voices.Wish{Name: "nobody"}, Text: "a"}); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("an unknown voice: %v", err)
	}
	talk.End()
	var got bytes.Buffer
	encoder, err := talk.Encoder(&got)
	if err == nil {
		err = encoder.Copy(talk)
	}
	if err != nil || !bytes.Equal(got.Bytes(), want) {
		t.Errorf("%v: %d bytes, the whole has %d", err, got.Len(), len(want))
	}
}

func TestTalkRefuses(t *testing.T) {
	s := newSynth(t, tone.Options{})
	for field, change := range map[string]func(*synth.TalkRequest){
		voices.FieldName:       func(r *synth.TalkRequest) { r.Voice.Name = "en-US-Nobody-1" },
		encode.FieldEncoding:   func(r *synth.TalkRequest) { r.Encoding = "FLAC" },
		encode.FieldSampleRate: func(r *synth.TalkRequest) { r.Encoding, r.SampleRate = "", 96000 },
	} {
		r := talkRequest()
		change(&r)
		_, err := s.Talk(t.Context(), r)
		if f := fault.From(err); f.Code != fault.InvalidArgument || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// A text comes in words, as a model writes it.
func BenchmarkSay(b *testing.B) {
	prose, err := os.ReadFile("../textnorm/testdata/prose.txt")
	if err != nil {
		b.Fatal(err)
	}
	s := newSynth(b, tone.Options{})
	b.SetBytes(int64(len(prose)))
	for b.Loop() {
		talk, err := s.Talk(b.Context(), talkRequest())
		if err != nil {
			b.Fatal(err)
		}
		go func() {
			for word := range strings.SplitAfterSeq(string(prose), " ") {
				_ = talk.Say(word)
			}
			talk.End()
		}()
		if _, err := audio.ReadAll(talk); err != nil {
			b.Fatal(err)
		}
		talk.Close()
	}
}
