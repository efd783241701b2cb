package synth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

// recordings are clips by their address: constant sounds, whose level tells
// them apart.
var recordings = library{
	"https://example.com/second": {Rate: 24000, Samples: level(0.5, 24000)},
	"https://example.com/other":  {Rate: 12000, Samples: level(0.25, 6000)}, // half a second
}

type library map[string]audio.Buffer

func (l library) Open(_ context.Context, src string) (audio.Stream, error) {
	if sound, ok := l[src]; ok {
		return sound.Stream(), nil
	}
	return nil, fault.New(fault.NotFound, "There is no such recording.")
}

func level(x float32, n int) []float32 { return slices.Repeat([]float32{x}, n) }

func document(ssml string) synth.Request {
	r := request("")
	r.SSML = ssml
	return r
}

// speak speaks a request and returns its frames and cues.
func speak(t *testing.T, s *synth.Synth, r synth.Request) ([]int16, []synth.Cue) {
	t.Helper()
	b, spoken, err := s.File(t.Context(), engine.Interactive, plan(t, s, r), allowance)
	if err != nil {
		t.Fatal(err)
	}
	frames := make([]int16, len(b)/2)
	for i := range frames {
		frames[i] = int16(uint16(b[2*i]) | uint16(b[2*i+1])<<8)
	}
	if spoken.Frames != int64(len(frames)) {
		t.Errorf("%d frames are told, %d are there", spoken.Frames, len(frames))
	}
	return frames, spoken.Cues
}

func marks(cues []synth.Cue) map[string]audio.Frames {
	found := map[string]audio.Frames{}
	for _, c := range cues {
		if c.Mark != "" {
			found[c.Mark] = c.Frame
		}
	}
	return found
}

// Marks are where the word behind them begins, whatever happens to the sound,
// and none is missing.
func TestMarksAreExact(t *testing.T) {
	const text = `<speak><mark name="start"/>ab <mark name="middle"/>cd<mark name="end"/><break time="1s"/><mark name="late"/>ef. <s>gh<mark name="last"/></s></speak>`
	at := func(characters, pauses float64) float64 { return characters*0.030 + pauses }
	want := map[string]float64{"start": 0, "middle": at(3, 0), "end": at(5, 0), "late": at(5, 1), "last": at(10, 1)}
	for _, c := range []struct {
		name    string
		options tone.Options
		change  func(*synth.Request)
		speed   float64
	}{
		{"as it is", tone.Options{}, func(*synth.Request) {}, 1},
		{"another rate", tone.Options{}, func(r *synth.Request) { r.SampleRate = 44100 }, 1},
		{"louder", tone.Options{}, func(r *synth.Request) { r.Prosody.GainDB = 3 }, 1},
		{"faster by the engine", tone.Options{}, func(r *synth.Request) { r.Prosody.Rate = 2 }, 2},
		{"faster by the stages", tone.Options{NoProsody: true}, func(r *synth.Request) { r.Prosody.Rate = 2 }, 2},
		{"through a profile", tone.Options{}, func(r *synth.Request) { r.Effects = []string{"telephony-class-application"} }, 1},
	} {
		r := document(text)
		c.change(&r)
		s := newSynth(t, c.options)
		p := plan(t, s, r)
		_, spoken, err := s.File(t.Context(), engine.Interactive, p, allowance)
		if err != nil {
			t.Fatal(err)
		}
		got := marks(spoken.Cues)
		if len(got) != len(want) {
			t.Errorf("%s: marks %v", c.name, got)
		}
		for name, seconds := range want {
			speech, pause := seconds, 0.0
			if name == "late" || name == "last" {
				speech, pause = seconds-1, 1
			}
			seconds = speech/c.speed + pause
			if off := float64(got[name])/float64(p.SampleRate) - seconds; math.Abs(off) > 2.0/float64(p.SampleRate) {
				t.Errorf("%s: mark %s is at frame %d, %.6f s from where it belongs", c.name, name, got[name], off)
			}
		}
	}
}

// Words have the places of their sound, and the spelling of the input.
func TestCaptions(t *testing.T) {
	s := newSynth(t, tone.Options{})
	r := request("Well-known “abc” costs $5. Yes!")
	r.Captions = true
	frames, cues := speak(t, s, r)
	var written []string
	last := audio.Frames(0)
	for _, c := range cues {
		written = append(written, c.Word)
		if c.Frame < last || c.End <= c.Frame || c.End > int64(len(frames)) {
			t.Errorf("%q is from frame %d to %d after %d", c.Word, c.Frame, c.End, last)
		}
		last = c.Frame
	}
	if want := []string{"Well-known", "“abc”", "costs", "$5.", "Yes!"}; !slices.Equal(written, want) {
		t.Errorf("words %q, want %q", written, want)
	}
	for i, ends := range []bool{false, false, false, true, true} {
		if i < len(cues) && cues[i].Last != ends {
			t.Errorf("%q ends its sentence: %v", cues[i].Word, cues[i].Last)
		}
	}
}

// listening remembers what an engine was asked for.
func listening(asked *[]speech.Utterance) tone.Options {
	return tone.Options{Hook: func(_ context.Context, u speech.Utterance, word int) error {
		if word == 0 {
			*asked = append(*asked, u)
		}
		return nil
	}}
}

func TestPronunciationsReachTheEngine(t *testing.T) {
	var asked []speech.Utterance
	s := newSynth(t, listening(&asked))
	r := document(`<speak>Say <phoneme alphabet="ipa" ph="təˈmɑːtoʊ">tomato</phoneme> and cat, not cats.</speak>`)
	r.Pronunciations = []synth.Pronunciation{{Phrase: "cat", IPA: "kɑt"}, {Phrase: "tomato", IPA: "x"}}
	speak(t, s, r)
	if len(asked) != 1 || len(asked[0].Pronunciations) != 2 {
		t.Fatalf("asked for %+v", asked)
	}
	for i, want := range []struct{ word, ipa string }{{"tomato", "təˈmɑːtoʊ"}, {"cat", "kɑt"}} {
		p := asked[0].Pronunciations[i]
		if got := asked[0].Text[p.Start:p.End]; got != want.word || p.IPA != want.ipa {
			t.Errorf("%q is %q, want %q as %q", got, p.IPA, want.word, want.ipa)
		}
	}
}

func TestSayAsIsPutIntoWords(t *testing.T) {
	var asked []speech.Utterance
	s := newSynth(t, listening(&asked))
	speak(t, s, document(`<speak>It is <say-as interpret-as="characters">can</say-as>, the <say-as interpret-as="ordinal">10</say-as>.</speak>`))
	if len(asked) != 1 || asked[0].Text != "It is C A N, the tenth." {
		t.Errorf("asked for %+v", asked)
	}
}

func TestStylesGoToTheEngineOrTheStages(t *testing.T) {
	var asked []speech.Utterance
	for _, native := range []bool{true, false} {
		asked = nil
		options := listening(&asked)
		options.NoProsody = !native
		s := newSynth(t, options)
		frames, _ := speak(t, s, document(`<speak><prosody rate="200%" pitch="+3st">abcdefghij</prosody></speak>`))
		if len(asked) != 1 || (asked[0].Prosody != speech.Prosody{}) != native {
			t.Fatalf("asked for %+v", asked)
		}
		if want := 5 * character; len(frames) != want {
			t.Errorf("native %v: %d frames, want %d", native, len(frames), want)
		}
	}
}

// A sentence that is spoken in pieces has no pauses between them.
func TestPiecesOfASentenceAreJoined(t *testing.T) {
	s := newSynth(t, tone.Options{})
	frames, _ := speak(t, s, document(`<speak>ab     <emphasis>cd</emphasis>     ef</speak>`))
	if most := 6*character + 4*character; len(frames) > most {
		t.Errorf("%d frames, at most %d", len(frames), most)
	}
}

func TestVoicesTakeTurns(t *testing.T) {
	var asked []speech.Utterance
	s := newSynth(t, listening(&asked))
	frames, _ := speak(t, s, document(`<speak>ab <voice language="de-DE">cd</voice></speak>`))
	if len(asked) != 2 || asked[0].Voice != "high" || asked[1].Voice != "german" {
		t.Errorf("asked for %+v", asked)
	}
	if len(frames) < 4*character-100 {
		t.Errorf("%d frames", len(frames))
	}
	_, err := s.Plan(t.Context(), document(`<speak>ab <voice name="en-US-Nobody-1">cd</voice></speak>`))
	if f := fault.From(err); f == nil || f.Field != synth.FieldSSML || f.Line != 1 || f.Column < 8 {
		t.Errorf("%v", err)
	}
}

func TestTurns(t *testing.T) {
	var asked []speech.Utterance
	s := newSynth(t, listening(&asked))
	r := request("")
	r.Turns = []synth.Turn{
		{Voice: voices.Wish{Language: "en-US", Name: "en-US-Tone-1"}, Text: "Hello."},
		{Voice: voices.Wish{Language: "en-US", Name: "en-US-Tone-2"}, Text: "Hi."},
	}
	speak(t, s, r)
	if len(asked) != 2 || asked[0].Voice != "low" || asked[1].Voice != "high" {
		t.Errorf("asked for %+v", asked)
	}
}

func TestBleepCovers(t *testing.T) {
	var asked []speech.Utterance
	s := newSynth(t, listening(&asked))
	frames, _ := speak(t, s, document(`<speak>ab <say-as interpret-as="expletive">darn</say-as> cd</speak>`))
	for _, u := range asked {
		if strings.Contains(u.Text, "darn") {
			t.Errorf("spoken: %q", u.Text)
		}
	}
	if len(asked) != 2 || len(frames) < 4*character+7200 {
		t.Errorf("%d utterances, %d frames", len(asked), len(frames))
	}
}

func TestClips(t *testing.T) {
	s := newSynth(t, tone.Options{})
	for _, c := range []struct {
		name, audio string
		seconds     float64
	}{
		{"whole", `<audio src="https://example.com/second"/>`, 1},
		{"of another rate", `<audio src="https://example.com/other"/>`, 0.5},
		{"cut", `<audio src="https://example.com/second" clipBegin="0.25s" clipEnd="750ms"/>`, 0.5},
		{"beyond its end", `<audio src="https://example.com/second" clipBegin="5s"/>`, 0},
		{"backwards", `<audio src="https://example.com/second" clipBegin="0.5s" clipEnd="0.25s"/>`, 0},
		{"repeated", `<audio src="https://example.com/second" repeatCount="3"/>`, 3},
		{"repeated up to", `<audio src="https://example.com/second" repeatDur="2.5s"/>`, 2.5},
		{"faster", `<audio src="https://example.com/second" speed="200%"/>`, 0.5},
		{"not there", `<audio src="https://example.com/gone">abcdefghij</audio>`, 0.3},
		{"not there, nothing to say", `<audio src="https://example.com/gone"/>`, 0},
	} {
		frames, _ := speak(t, s, document("<speak>"+c.audio+"</speak>"))
		if got := float64(len(frames)) / 24000; math.Abs(got-c.seconds) > 0.001 {
			t.Errorf("%s: %.4f s, want %v", c.name, got, c.seconds)
		}
	}
	soft, _ := speak(t, s, document(`<speak><audio src="https://example.com/second" soundLevel="-6dB"/></speak>`))
	if got := float64(soft[12000]) / 32768; math.Abs(got-0.2506) > 0.005 {
		t.Errorf("6 dB less than 0.5 is %v", got)
	}
}

// A par plays its media where they say, a seq one after the other.
func TestContainers(t *testing.T) {
	s := newSynth(t, tone.Options{})
	const second, half = `<audio src="https://example.com/second"/>`, `<audio src="https://example.com/other"/>`
	for _, c := range []struct {
		name, container string
		seconds         float64
		loud            []float64 // moments with sound, in seconds
		silent          []float64
	}{
		{"par", `<par><media>` + second + `</media><media begin="2s">` + half + `</media></par>`, 2.5, []float64{0.5, 2.2}, []float64{1.5}},
		{"seq", `<seq><media begin="0.5s">` + second + `</media><media begin="1s">` + half + `</media></seq>`, 3, []float64{1, 2.7}, []float64{0.2, 2}},
		{"syncbase", `<par><media begin="b.end+0.5s">` + half + `</media><media xml:id="b">` + second + `</media></par>`, 2, []float64{0.5, 1.7}, []float64{1.2}},
		{"end", `<par><media end="0.25s">` + second + `</media></par>`, 0.25, []float64{0.1}, nil},
		{"repeats", `<par><media repeatCount="3">` + half + `</media></par>`, 1.5, []float64{1.4}, nil},
		{"repeatDur", `<par><media repeatDur="0.75s" repeatCount="5">` + half + `</media></par>`, 0.75, []float64{0.7}, nil},
		{"nested", `<seq><par><media>` + half + `</media><media begin="1s">` + half + `</media></par><media>` + second + `</media></seq>`, 2.5, []float64{0.2, 1.2, 2}, []float64{0.7}},
		{"speech", `<par><media><speak>ab<break time="1s"/>cd</speak></media></par>`, 1.12, []float64{0.02, 1.1}, []float64{0.5}},
		{"before the start", `<par><media begin="-3s">` + half + `</media></par>`, 0.5, []float64{0.2}, nil},
	} {
		frames, _ := speak(t, s, document("<speak>"+c.container+"</speak>"))
		if got := float64(len(frames)) / 24000; math.Abs(got-c.seconds) > 0.002 {
			t.Errorf("%s: %.4f s, want %v", c.name, got, c.seconds)
			continue
		}
		loudest := func(at float64) (peak int) {
			from := int(at * 24000)
			for _, x := range frames[max(0, from-100):min(len(frames), from+100)] {
				peak = max(peak, int(x), -int(x))
			}
			return peak
		}
		for _, at := range c.loud {
			if loudest(at) < 1000 {
				t.Errorf("%s: nothing is heard at %v s", c.name, at)
			}
		}
		for _, at := range c.silent {
			if loudest(at) > 10 {
				t.Errorf("%s: something is heard at %v s", c.name, at)
			}
		}
	}
}

func TestMarksInsideContainers(t *testing.T) {
	s := newSynth(t, tone.Options{})
	_, cues := speak(t, s, document(`<speak>ab<par><media begin="1s"><speak>cd <mark name="x"/>ef</speak></media></par></speak>`))
	if got, want := marks(cues)["x"], int64(2*character+24000+3*character); got < want-1 || got > want+1 {
		t.Errorf("the mark is at %d, want %d: %v", got, want, cues)
	}
}

// Fades and levels of media are heard.
func TestFades(t *testing.T) {
	s := newSynth(t, tone.Options{})
	frames, _ := speak(t, s, document(`<speak><par><media fadeInDur="0.5s" fadeOutDur="0.5s"><audio src="https://example.com/second"/></media></par></speak>`))
	if first, middle, last := frames[100], frames[12000], frames[len(frames)-100]; first > 1000 || last > 1000 || middle < 15000 {
		t.Errorf("%d at the start, %d in the middle, %d at the end", first, middle, last)
	}
}

// Plans with everything in them survive being stored, and their parts make the
// whole.
func TestRichPartsMakeTheWhole(t *testing.T) {
	s := newSynth(t, tone.Options{})
	body := `<p>One <mark name="m"/>two. <prosody volume="+3dB">Three</prosody> four.</p><audio src="https://example.com/other"/>` +
		`<par><media begin="0.1s" fadeInDur="0.1s"><speak>Five.</speak></media></par><break time="100ms"/><audio src="https://example.com/gone">Six</audio>`
	var doc bytes.Buffer
	doc.WriteString("<speak>")
	for range 40 {
		doc.WriteString(body)
	}
	doc.WriteString("</speak>")
	r := document(doc.String())
	r.Captions = true
	p := plan(t, s, r)
	whole, spoken, err := s.File(t.Context(), engine.Interactive, p, allowance)
	if err != nil {
		t.Fatal(err)
	}
	parts := p.Parts()
	if len(parts) < 2 {
		t.Fatalf("%d parts", len(parts))
	}
	var joined bytes.Buffer
	var cues []synth.Cue
	frames := int64(0)
	for _, part := range parts {
		stored, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		var again synth.Plan
		if err := json.Unmarshal(stored, &again); err != nil {
			t.Fatal(err)
		}
		made, err := s.Body(t.Context(), engine.Batch, &again, &joined)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range made.Cues {
			c.Frame, c.End = c.Frame+frames, c.End+frames
			cues = append(cues, c)
		}
		frames += made.Frames
	}
	if !bytes.Equal(whole, joined.Bytes()) {
		t.Errorf("parts give %d bytes, the whole %d", joined.Len(), len(whole))
	}
	if !slices.Equal(cues, spoken.Cues) || len(marks(cues)) != 1 {
		t.Errorf("parts give %d cues, the whole %d", len(cues), len(spoken.Cues))
	}
}

// A cancel reaches engines inside of mixes and fallbacks.
func TestCancelReachesIntoContainers(t *testing.T) {
	for _, body := range []string{`<par><media><speak>Wait</speak></media></par>`, `<audio src="https://example.com/gone">Wait</audio>`} {
		begun := make(chan struct{})
		s := newSynth(t, tone.Options{Hook: func(ctx context.Context, _ speech.Utterance, _ int) error {
			close(begun)
			<-ctx.Done()
			return context.Cause(ctx)
		}})
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Hour, nil)
		p := plan(t, s, document("<speak>"+body+"</speak>"))
		done := make(chan error, 1)
		go func() {
			_, _, err := s.File(ctx, engine.Batch, p, allowance)
			done <- err
		}()
		<-begun
		cancel()
		if err := <-done; !fault.Is(fault.From(err), fault.Canceled) {
			t.Errorf("%v", err)
		}
		if busy := s.Engines().Busy(); busy != 0 {
			t.Errorf("%d engines are busy after the end", busy)
		}
	}
}

// Small documents cannot ask for endless sound.
func TestEndlessSoundIsRefused(t *testing.T) {
	s := newSynth(t, tone.Options{})
	for _, body := range []string{
		strings.Repeat(`<break time="60s"/>`, 6001), strings.Repeat(`<audio src="https://example.com/second" repeatCount="99999"/>`, 101),
		strings.Repeat(`<par><media><speak>a</speak></media></par>`, 101),
	} {
		if _, err := s.Plan(t.Context(), document("<speak>"+body+"</speak>")); !fault.Is(err, fault.InvalidArgument) || fault.From(err).Field != synth.FieldSSML {
			t.Errorf("%.60s…: %v", body, err)
		}
	}
	r := document(`<speak><par><media repeatCount="999999"><audio src="https://example.com/second"/></media></par></speak>`)
	p := plan(t, s, r)
	if _, _, err := s.File(t.Context(), engine.Interactive, p, 1<<20); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("a limited file of an endless repeat: %v", err)
	}
}
