package lectern_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode"
	encodings "github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/speech"
)

// mostSteps is how many functions of Lectern's own stand one within the other, in all,
// on the way of SynthesizeSpeech over REST: from the port to the engine, from its sound
// to the encoder, from the answer to the connection. WIRE-39 in docs/decisions says
// which have gone; one more must be worth it.
const mostSteps = 21

// TestWay counts the steps of a request's way, as whoever follows it through the files
// counts them: by what is on the stack where the way ends, with an engine of this
// process. What is called and returns before is part of its caller, and so is a
// function without a name. Generated code is not counted.
func TestWay(t *testing.T) {
	w := &way{}
	c := tones()
	c.Engines = []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return steppedEngine{tone.New(tone.Options{}), w}, nil },
	}}
	c.Encodings = encode.NewCatalogue(steppedFormat{wav.Linear16(), w})
	s := running(t, c)
	port := httptest.NewServer(http.HandlerFunc(func(to http.ResponseWriter, r *http.Request) {
		s.Handler().ServeHTTP(steppedWriter{to, w}, r)
	}))
	defer port.Close()
	body := strings.Replace(hello, "Hello, world.", strings.Repeat("Hello, world. ", 20), 1)
	answer, err := http.Post(port.URL+"/v1/text:synthesize", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if n, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK || n < 128<<10 {
		t.Fatalf("%s, %d bytes, %v", answer.Status, n, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	t.Logf("%d steps:\n%s", len(w.steps), strings.Join(w.steps, "\n"))
	if len(w.steps) > mostSteps {
		t.Errorf("the way has %d steps, and %d are said to be enough", len(w.steps), mostSteps)
	}
	for _, step := range []string{"ttsapi.(*Service).synthesizeSpeech", "synth.(*Synth).File", "engine.(*Speech).speak", "encode.(*Encoder).CopyFrames"} {
		if !slices.Contains(w.steps, step) {
			t.Errorf("%s is not among the steps: what is counted is not the way", step)
		}
	}
}

// way is the steps that were seen.
type way struct {
	mu    sync.Mutex
	steps []string
}

var (
	house     = "github.com/lectern/lectern/"
	generated = regexp.MustCompile(`^ttsapi/(v1beta1pb|restgw/[a-z0-9]+gw)\.`)
	nameless  = regexp.MustCompile(`(\.func[0-9.]+|-range[0-9]+|-fm|\.gowrap[0-9]+|\[\.\.\.\])+`)
)

// here notes what is on the stack of its caller, of the files that are no tests.
func (w *way) here() {
	pcs := make([]uintptr, 256)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	w.mu.Lock()
	defer w.mu.Unlock()
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		name, own := strings.CutPrefix(frame.Function, house)
		if !own {
			if name, own = strings.CutPrefix(frame.Function, strings.TrimSuffix(house, "/")+"."); own {
				name = "lectern." + name
			}
		}
		name = nameless.ReplaceAllString(name, "")
		if own && !generated.MatchString(name) && !strings.HasSuffix(frame.File, "_test.go") && !slices.Contains(w.steps, name) {
			w.steps = append(w.steps, name)
		}
	}
}

type steppedEngine struct {
	driver.Engine
	way *way
}

func (e steppedEngine) Speak(ctx context.Context, u speech.Utterance, sink driver.Sink) error {
	e.way.here()
	return e.Engine.Speak(ctx, u, sink)
}

type steppedFormat struct {
	encodings.Joiner
	way *way
}

func (f steppedFormat) NewEncoder(w io.Writer, rate audio.SampleRate, frames audio.Frames) (encodings.Encoder, error) {
	inner, err := f.Joiner.NewEncoder(w, rate, frames)
	if err != nil {
		return nil, err
	}
	return steppedEncoder{inner.(encodings.FrameEncoder), f.way}, nil
}

type steppedEncoder struct {
	encodings.FrameEncoder
	way *way
}

func (e steppedEncoder) EncodeFrames(samples []int16) error {
	e.way.here()
	return e.FrameEncoder.EncodeFrames(samples)
}

type steppedWriter struct {
	http.ResponseWriter
	way *way
}

func (w steppedWriter) Write(p []byte) (int, error) {
	w.way.here()
	return w.ResponseWriter.Write(p)
}

func (w steppedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
