package synth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/synth"
)

// lasting are documents of every kind of sound there is, each for seconds.
var lasting = map[string]string{
	"pauses":              strings.Repeat(`<break time="3s"/>`, 3),
	"a bleep":             strings.Repeat(`<say-as interpret-as="expletive">aaaaaaaaaaaaaaaaaaaaaaaaa</say-as> `, 4),
	"speech":              strings.Repeat(`<s>Abcdefgh ijkl.</s>`, 20),
	"speech, changed":     `<prosody rate="70%" pitch="+2st" volume="+4dB">` + strings.Repeat(`<s>Abcdefgh ijkl.</s>`, 10) + `</prosody>`,
	"a clip":              `<audio src="https://example.com/long"/>`,
	"a clip, changed":     `<prosody volume="+3dB"><audio src="https://example.com/long" clipBegin="1s" speed="80%" repeatCount="3" soundLevel="+6dB"/></prosody>`,
	"a fallback":          `<audio src="https://example.com/gone"><break time="3s"/><audio src="https://example.com/long"/></audio>`,
	"a mix":               `<par><media><audio src="https://example.com/long"/></media><media soundLevel="-3dB"><speak>Abc<break time="3s"/>def</speak></media></par>`,
	"fades":               `<par><media fadeInDur="2s" fadeOutDur="2s"><audio src="https://example.com/long"/></media></par>`,
	"repeats":             `<par><media repeatCount="999" repeatDur="5s"><audio src="https://example.com/long" clipEnd="1s"/></media></par>`,
	"late media":          `<seq>` + strings.Repeat(`<media begin="3s"><speak>Abc</speak></media>`, 2) + `</seq>`,
	"a mix within":        `<par><media><speak><par><seq><media><audio src="https://example.com/long"/></media></seq></par></speak></media></par>`,
	"clips one by one":    `<audio src="https://example.com/long"/><audio src="https://example.com/long"/>`,
	"pauses within a mix": `<par><media><speak><break time="8s"/></speak></media></par>`,
}

// watched is a context that counts how often somebody looks at it, and that
// ends at one of these looks.
type watched struct {
	context.Context
	cancel context.CancelCauseFunc
	endAt  int64
	looks  atomic.Int64
	ended  time.Time
	// since is how many bytes were made since the last look, most the most of
	// them; after is how many were once it had ended.
	since, most, after atomic.Int64
}

var errEnough = errors.New("enough")

func watch(t testing.TB, endAt int64) *watched {
	w := &watched{endAt: endAt}
	w.Context, w.cancel = context.WithCancelCause(t.Context())
	return w
}

func (w *watched) Err() error {
	w.since.Store(0)
	if w.looks.Add(1) == w.endAt {
		w.ended = time.Now()
		w.cancel(errEnough)
	}
	return w.Context.Err()
}

func (w *watched) made(bytes int) {
	if since := w.since.Add(int64(bytes)); since > w.most.Load() {
		w.most.Store(since)
	}
	if w.Context.Err() != nil {
		w.after.Add(int64(bytes))
	}
}

// Write is where encoders write.
func (w *watched) Write(p []byte) (int, error) {
	w.made(len(p))
	return len(p), nil
}

// watchedLibrary has one long clip, and tells the watched context that opens it
// of what is read.
type watchedLibrary struct{}

func (watchedLibrary) Open(ctx context.Context, src string) (audio.Stream, error) {
	if src != "https://example.com/long" {
		return nil, errors.New("there is no such clip")
	}
	w := ctx.Value(watchedKey{}).(*watched)
	return &watchedClip{audio.Buffer{Rate: 16000, Samples: level(0.3, 2*16000)}.Stream(), w}, nil
}

type watchedClip struct {
	audio.Stream
	w *watched
}

func (c *watchedClip) Read(p []float32) (int, error) {
	n, err := c.Stream.Read(p)
	c.w.made(4 * n)
	return n, err
}

type watchedKey struct{}

func (w *watched) Value(key any) any {
	if key == (watchedKey{}) {
		return w
	}
	return w.Context.Value(key)
}

// A cancel reaches every source of sound and every encoder wherever they are:
// between two looks at the context at most 64 KiB are made, and after the look
// that finds it ended nothing is.
func TestCancelReachesEverySource(t *testing.T) {
	s := synth.New(synth.Config{
		Engines: newSynth(t, tone.Options{NoProsody: true}).Engines(), Formats: formats,
		Clips: watchedLibrary{}, Log: slog.New(slog.DiscardHandler),
	})
	body := func(w *watched, p *synth.Plan) error {
		_, err := s.Body(w, engine.Batch, p, w)
		return err
	}
	stream := func(w *watched, p *synth.Plan) error {
		_, err := s.Stream(w, engine.Batch, p, w, 0)
		return err
	}
	file := func(w *watched, p *synth.Plan) error {
		_, _, err := s.File(w, engine.Batch, p, allowance)
		return err
	}
	for name, document := range lasting {
		for _, encoding := range []string{"PCM", "MULAW", "MP3", "OGG_OPUS", "M4A"} {
			if encoding != "PCM" && name != "pauses" && name != "a mix" {
				continue // all that differs is the encoder
			}
			for _, effects := range [][]string{nil, {"telephony-class-application"}} {
				if effects != nil && (encoding != "PCM" || name != "a mix") {
					continue
				}
				p := planOf(t, s, document, encoding, effects)
				for way, speak := range map[string]func(*watched, *synth.Plan) error{"body": body, "stream": stream, "file": file} {
					if way != "body" && name != "pauses" && name != "a mix" {
						continue
					}
					t.Run(fmt.Sprintf("%s/%s/%s/%d effects", name, encoding, way, len(effects)), func(t *testing.T) {
						cancelEverywhere(t, s, func(w *watched) error { return speak(w, p) })
					})
				}
			}
		}
	}
}

func planOf(t testing.TB, s *synth.Synth, ssml, encoding string, effects []string) *synth.Plan {
	t.Helper()
	r := document("<speak>" + ssml + "</speak>")
	r.Encoding, r.Effects = encoding, effects
	p, err := s.Plan(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// cancelEverywhere lets run end in several places, one after the other.
func cancelEverywhere(t *testing.T, s *synth.Synth, run func(*watched) error) {
	const mostLooks = 16 // of those who tidy up, each at most once or twice
	whole := watch(t, -1)
	if err := run(whole); err != nil {
		t.Fatal(err)
	}
	if most := whole.most.Load(); most > 64<<10 {
		t.Errorf("%d bytes are made between two looks", most)
	}
	slowest := time.Duration(0)
	for _, part := range []float64{0, 0.5, 0.9} {
		w, err := cancelWithin(t, whole.looks.Load(), part, run)
		slowest = max(slowest, time.Since(w.ended))
		if !errors.Is(err, errEnough) {
			t.Errorf("cancelled after %.0f %%: %v", 100*part, err)
		}
		if after := w.after.Load(); after > 0 {
			t.Errorf("cancelled after %.0f %%: %d bytes are made afterwards", 100*part, after)
		}
		if looks := w.looks.Load() - w.endAt; looks > mostLooks {
			t.Errorf("cancelled after %.0f %%: %d looks more", 100*part, looks)
		}
		if busy := s.Engines().Busy(); busy != 0 {
			t.Errorf("cancelled after %.0f %%: %d engines are busy", 100*part, busy)
		}
	}
	t.Logf("%d looks, idle within %v", whole.looks.Load(), slowest)
}

// cancelWithin lets run end after a part, less than 1, of its looks, and returns
// what watched it and how it ended. How often somebody looks is a little
// different each time, since there is more than one at work: a run that was done
// before its look came is had again, with what it looked.
func cancelWithin(t testing.TB, looks int64, part float64, run func(*watched) error) (*watched, error) {
	for {
		w := watch(t, 1+int64(part*float64(looks-1)))
		err := run(w)
		if !w.ended.IsZero() {
			return w, err
		}
		if looks = w.looks.Load(); err != nil || looks == 0 {
			t.Fatalf("done after %d looks: %v", looks, err)
		}
	}
}

// BenchmarkCancel is how long it takes until nothing is done any more, for each
// kind of source, in the middle of it.
func BenchmarkCancel(b *testing.B) {
	s := synth.New(synth.Config{
		Engines: newSynth(b, tone.Options{NoProsody: true}).Engines(), Formats: formats,
		Clips: watchedLibrary{}, Log: slog.New(slog.DiscardHandler),
	})
	for name, document := range lasting {
		b.Run(name, func(b *testing.B) {
			p := planOf(b, s, document, "PCM", nil)
			whole := watch(b, -1)
			if _, err := s.Body(whole, engine.Batch, p, io.Discard); err != nil {
				b.Fatal(err)
			}
			slowest := time.Duration(0)
			for b.Loop() {
				w, err := cancelWithin(b, whole.looks.Load(), 0.5, func(w *watched) error {
					_, err := s.Body(w, engine.Batch, p, io.Discard)
					return err
				})
				slowest = max(slowest, time.Since(w.ended))
				if !errors.Is(err, errEnough) {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(slowest)/float64(time.Millisecond), "ms-to-idle-max")
		})
	}
}
