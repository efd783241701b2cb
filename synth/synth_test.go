package synth_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/m4a"
	"github.com/lectern/lectern/encode/mp3"
	"github.com/lectern/lectern/encode/oggopus"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

const (
	character  = 720 // frames of one character of en-US-Tone-2 at 24,000 Hz
	allowance  = 100 << 20
	paragraphs = 8400 // frames of the pause between paragraphs at 24,000 Hz
)

var formats = encode.NewCatalogue(wav.Linear16(), pcm.Format(), wav.MuLaw(), wav.ALaw(), mp3.MP3(), oggopus.Format(), m4a.Format())

func newSynth(t testing.TB, options tone.Options) *synth.Synth {
	t.Helper()
	return newSlots(t, 2, options)
}

// newSlots is newSynth with so many utterances at once.
func newSlots(t testing.TB, slots int, options tone.Options) *synth.Synth {
	t.Helper()
	engines, err := engine.Open(t.Context(), engine.Config{Slots: slots, Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(options), nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engines.Close() })
	return synth.New(synth.Config{
		Engines: engines, Formats: formats,
		Clips: recordings, Log: slog.New(slog.DiscardHandler),
	})
}

func request(text string) synth.Request {
	return synth.Request{Text: text, Voice: voices.Wish{Language: "en-US", Name: "en-US-Tone-2"}, Encoding: "PCM"}
}

func plan(t *testing.T, s *synth.Synth, r synth.Request) *synth.Plan {
	t.Helper()
	p, err := s.Plan(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func file(t *testing.T, s *synth.Synth, p *synth.Plan) []byte {
	t.Helper()
	b, _, err := s.File(t.Context(), engine.Interactive, p, allowance)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestLengthIsThatOfTheText(t *testing.T) {
	s := newSynth(t, tone.Options{})
	for _, c := range []struct {
		name   string
		change func(*synth.Request)
		frames int
	}{
		{"as it is", func(*synth.Request) {}, 6 * character},
		{"twice as fast", func(r *synth.Request) { r.Prosody.Rate = 2 }, 3 * character},
		{"another rate", func(r *synth.Request) { r.SampleRate = 48000 }, 12 * character},
		{"louder", func(r *synth.Request) { r.Prosody.GainDB = 6 }, 6 * character},
		{"two paragraphs", func(r *synth.Request) { r.Text = "abc.\n\nde." }, 7*character + paragraphs},
		{"SSML", func(r *synth.Request) { r.Text, r.SSML = "", "<speak>ab<break time='500ms'/>cd</speak>" }, 4*character + 12000},
		{"alias", func(r *synth.Request) { r.Text, r.SSML = "", "<speak><sub alias='abcde'>x</sub></speak>" }, 5 * character},
		{"SSML paragraphs", func(r *synth.Request) { r.Text, r.SSML = "", "<speak><p>ab</p><p>cd</p></speak>" }, 4*character + paragraphs},
		{"only a pause", func(r *synth.Request) { r.Text, r.SSML = "", "<speak><break time='1s'/></speak>" }, 24000},
		{"nothing", func(r *synth.Request) { r.Text, r.SSML = "", "<speak/>" }, 0},
	} {
		r := request("abcdef")
		c.change(&r)
		if got := len(file(t, s, plan(t, s, r))) / 2; got != c.frames {
			t.Errorf("%s: %d frames, want %d", c.name, got, c.frames)
		}
	}
}

func TestGainIsDecibels(t *testing.T) {
	s := newSynth(t, tone.Options{})
	peak := func(gain float64) float64 {
		r := request("a")
		r.Prosody.GainDB = gain
		top := 0.0
		for b := file(t, s, plan(t, s, r)); len(b) > 0; b = b[2:] {
			top = max(top, float64(int16(binary.LittleEndian.Uint16(b))))
		}
		return top
	}
	if ratio := peak(6) / peak(0); ratio < 1.99 || ratio > 2.0 {
		t.Errorf("6 dB made the peak %v times as high, want 1.995", ratio)
	}
	if got := peak(-96); got > 1 {
		t.Errorf("-96 dB leaves a peak of %v", got)
	}
}

func TestHeaderTellsTheLength(t *testing.T) {
	s := newSynth(t, tone.Options{})
	r := request("abc")
	r.Encoding = "LINEAR16"
	b := file(t, s, plan(t, s, r))
	if want := 44 + 3*character*2; len(b) != want || binary.LittleEndian.Uint32(b[40:]) != 3*character*2 {
		t.Errorf("%d bytes with data size %d, want %d", len(b), binary.LittleEndian.Uint32(b[40:]), want)
	}
}

// The parts of a plan, stored and read back, give the bytes of the whole.
func TestPartsMakeTheWhole(t *testing.T) {
	s := newSynth(t, tone.Options{})
	text := strings.Repeat("One two three. Four five six seven!\n\n", 300)
	p := plan(t, s, request(text))
	parts := p.Parts()
	if len(parts) < 2 || len(parts) > 132 {
		t.Fatalf("%d parts", len(parts))
	}
	var joined bytes.Buffer
	var weight int64
	for _, part := range parts {
		stored, err := json.Marshal(part)
		if err != nil {
			t.Fatal(err)
		}
		var again synth.Plan
		if err := json.Unmarshal(stored, &again); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Body(t.Context(), engine.Batch, &again, &joined); err != nil {
			t.Fatal(err)
		}
		weight += again.Weight()
	}
	if weight != p.Weight() {
		t.Errorf("parts weigh %d, the whole %d", weight, p.Weight())
	}
	if whole := file(t, s, p); !bytes.Equal(whole, joined.Bytes()) {
		t.Errorf("parts give %d bytes, the whole %d", joined.Len(), len(whole))
	}
}

// TestPartsOfABookAreManyAndEven, but for the first ones: what they take tells how
// long the others will.
func TestPartsOfABookAreManyAndEven(t *testing.T) {
	s := newSynth(t, tone.Options{})
	parts := plan(t, s, request(strings.Repeat("It was the best of times, it was the worst of times. ", 18800))).Parts()
	if len(parts) < 64 || len(parts) > 132 {
		t.Errorf("a book of 1 MB has %d parts, want 64 to 132", len(parts))
	}
	for i, least := range []int64{512, 1024, 2048, 4096} {
		if w := parts[i].Weight(); w < least || w > least+100 {
			t.Errorf("part %d weighs %d bytes", i, w)
		}
	}
	for i, part := range parts[4 : len(parts)-1] {
		if w := part.Weight(); w < 7000 || w > 9000 {
			t.Errorf("part %d weighs %d bytes", i, w)
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	s := newSynth(t, tone.Options{})
	for field, change := range map[string]func(*synth.Request){
		voices.FieldName:       func(r *synth.Request) { r.Voice.Name = "en-US-Nobody-1" },
		voices.FieldLanguage:   func(r *synth.Request) { r.Voice = voices.Wish{Language: "tlh"} },
		encode.FieldEncoding:   func(r *synth.Request) { r.Encoding = "FLAC" },
		encode.FieldSampleRate: func(r *synth.Request) { r.SampleRate = 96000 },
		synth.FieldSSML:        func(r *synth.Request) { r.Text, r.SSML = "", "<speak>" },
	} {
		r := request("abc")
		change(&r)
		_, err := s.Plan(t.Context(), r)
		var f *fault.Error
		if !errors.As(err, &f) || f.Code != fault.InvalidArgument || f.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestPlanTellsWhereTheSSMLIsWrong(t *testing.T) {
	s := newSynth(t, tone.Options{})
	r := request("")
	r.SSML = "<speak>\n  one <blink>two</blink></speak>"
	if p := plan(t, s, r); !slices.Equal(p.Ignored, []string{"<blink>"}) {
		t.Errorf("%q is told", p.Ignored)
	}
	r.StrictSSML = true
	_, err := s.Plan(t.Context(), r)
	var f *fault.Error
	if !errors.As(err, &f) || f.Line != 2 || f.Column != 7 || !strings.Contains(f.Message, "blink") {
		t.Errorf("%v", err)
	}
}

func TestFileIsLimited(t *testing.T) {
	s := newSynth(t, tone.Options{})
	p := plan(t, s, request("abc"))
	size := int64(3 * character * 2)
	if _, _, err := s.File(t.Context(), engine.Interactive, p, size); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
	if _, _, err := s.File(t.Context(), engine.Interactive, p, size-1); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("one byte more than the limit: %v", err)
	}
}

func TestCancelReachesTheEngine(t *testing.T) {
	begun := make(chan struct{})
	ended := make(chan error, 1)
	s := newSynth(t, tone.Options{Hook: func(ctx context.Context, u speech.Utterance, word int) error {
		if u.Text != "Wait." {
			return nil
		}
		close(begun)
		<-ctx.Done()
		ended <- context.Cause(ctx)
		return context.Cause(ctx)
	}})
	ctx, cancel := context.WithCancelCause(t.Context())
	p := plan(t, s, request("Abc. Wait."))
	done := make(chan error, 1)
	go func() {
		_, err := s.Body(ctx, engine.Batch, p, io.Discard)
		done <- err
	}()
	<-begun
	why := errors.New("enough")
	cancel(why)
	if err := <-ended; !errors.Is(err, why) {
		t.Errorf("the engine saw %v", err)
	}
	if err := <-done; !errors.Is(err, why) {
		t.Errorf("Body returned %v", err)
	}
	if busy := s.Engines().Busy(); busy != 0 {
		t.Errorf("%d engines are busy after the end", busy)
	}
}

func TestAVanishedVoiceIsTold(t *testing.T) {
	s := newSynth(t, tone.Options{})
	p := plan(t, s, request("abc"))
	p.Voice = "en-US-Gone-1"
	if _, err := s.Body(t.Context(), engine.Batch, p, io.Discard); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("%v", err)
	}
}

func TestPausesAddUp(t *testing.T) {
	s := newSynth(t, tone.Options{})
	r := request("")
	r.SSML = "<speak>a<break time='1s'/><break time='250ms'/>b</speak>"
	p := plan(t, s, r)
	if len(p.Segments) != 3 || p.Segments[1].Pause != 1250*time.Millisecond {
		t.Errorf("%+v", p.Segments)
	}
}

// Sound that needs no change passes as the engine made it; through the stages
// it comes out the same.
func TestUnchangedSoundIsTheEnginesOwn(t *testing.T) {
	s := newSynth(t, tone.Options{})
	r := request("Abc def. Ghi.\n\nJkl.")
	straight := file(t, s, plan(t, s, r))
	r.Prosody.GainDB = 1e-12
	if staged := file(t, s, plan(t, s, r)); !bytes.Equal(straight, staged) {
		t.Errorf("%d bytes straight, %d through the stages, or other ones", len(straight), len(staged))
	}
}

// TestLongTextsWaitForAPlanner: and short ones do not.
func TestLongTextsWaitForAPlanner(t *testing.T) {
	s := newSynth(t, tone.Options{})
	release := s.KeepPlanners()
	plan(t, s, request("Hello there."))
	long := request(strings.Repeat("It was the best of times. ", 3000))
	ctx, cancel := context.WithCancelCause(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := s.Plan(ctx, long)
		ended <- err
	}()
	gone := errors.New("the client left")
	cancel(gone)
	if err := <-ended; !errors.Is(err, gone) {
		t.Errorf("a long text is planned though all planners are busy: %v", err)
	}
	release()
	plan(t, s, long)
}

// TestSpeakingTells: whatever the encoding, of each sentence, of the sound within one,
// and of all at the end.
func TestSpeakingTells(t *testing.T) {
	s := newSynth(t, tone.Options{})
	for _, c := range []struct {
		encoding string
		effects  []string
		speak    func(ctx context.Context, p *synth.Plan, tell func(synth.Progress)) (synth.Spoken, error)
	}{
		{"LINEAR16", nil, func(ctx context.Context, p *synth.Plan, tell func(synth.Progress)) (synth.Spoken, error) {
			return s.BodyTelling(ctx, engine.Batch, p, io.Discard, tell)
		}},
		{"LINEAR16", []string{"telephony-class-application"}, func(ctx context.Context, p *synth.Plan, tell func(synth.Progress)) (synth.Spoken, error) {
			return s.BodyTelling(ctx, engine.Batch, p, io.Discard, tell)
		}},
		{"OGG_OPUS", nil, func(ctx context.Context, p *synth.Plan, tell func(synth.Progress)) (synth.Spoken, error) {
			return s.StreamTelling(ctx, engine.Interactive, p, io.Discard, 0, tell)
		}},
		{"MP3", nil, func(ctx context.Context, p *synth.Plan, tell func(synth.Progress)) (synth.Spoken, error) {
			return s.StreamTelling(ctx, engine.Interactive, p, io.Discard, 0, tell)
		}},
	} {
		r := request(strings.Repeat("This is one sentence that lasts for more than a second. ", 20))
		r.Encoding, r.Effects = c.encoding, c.effects
		p := plan(t, s, r)
		var last synth.Progress
		within, over := 0, map[int64]bool{}
		spoken, err := c.speak(t.Context(), p, func(far synth.Progress) {
			if far.Over < last.Over || far.Begun < last.Begun || far.Frames < last.Frames || far.Over > far.Begun || far.Begun > p.Weight() {
				t.Errorf("%s: %+v behind %+v, of %d", c.encoding, far, last, p.Weight())
			}
			if far.Over < far.Begun && far.Over == last.Over && far.Frames > last.Frames {
				within++
			}
			over[far.Over] = true
			last = far
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := (synth.Progress{p.Weight(), p.Weight(), spoken.Frames}); last != want {
			t.Errorf("%s: at the end %+v, want %+v", c.encoding, last, want)
		}
		if len(over) != len(p.Segments)+1 || within < len(p.Segments) {
			t.Errorf("%s: of %d sentences is told %d times that they are over, and %d times within them", c.encoding, len(p.Segments), len(over), within)
		}
	}
}
