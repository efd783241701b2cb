package worker_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/speech"
)

// roleVariable makes this test binary a worker of the kind it names.
const roleVariable = "LECTERN_WORKER_ROLE"

func TestMain(m *testing.M) {
	if role := os.Getenv(roleVariable); role != "" {
		os.Exit(play(role))
	}
	os.Exit(m.Run())
}

// play is the main of the worker of a role.
func play(role string) int {
	engine := tone.New(tone.Options{})
	switch role {
	case "tone":
		if err := worker.Serve(context.Background(), engine, os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	case "deaf": // never stops by itself, whatever it is told
		engine = tone.New(tone.Options{Hook: func(_ context.Context, _ speech.Utterance, word int) error {
			if word == 1 {
				select {}
			}
			return nil
		}})
		worker.Serve(context.Background(), deaf{engine}, os.Stdin, os.Stdout)
		return 0
	case "parent":
		self, _ := os.Executable()
		p, err := worker.Start(context.Background(), worker.Command{Path: self, Env: []string{roleVariable + "=undying"}}, worker.Options{})
		if err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Println(p.PID())
		wait()
		runtime.KeepAlive(p)
		return 0
	case "heir": // leaves somebody behind who has its standard error
		self, _ := os.Executable()
		left := exec.Command(self)
		left.Env, left.Stderr, left.SysProcAttr = []string{roleVariable + "=left"}, os.Stderr, &syscall.SysProcAttr{Setsid: true}
		if err := left.Start(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Fprintf(os.Stderr, "left %d behind\n", left.Process.Pid)
		worker.Serve(context.Background(), engine, os.Stdin, os.Stdout)
		return 0
	case "left":
		wait()
		return 0
	case "steady":
		worker.Serve(context.Background(), steady{engine}, os.Stdin, os.Stdout)
		return 0
	case "greedy":
		engine = tone.New(tone.Options{Hook: func(context.Context, speech.Utterance, int) error {
			var hoard [][]byte
			for {
				hoard = append(hoard, bytes.Repeat([]byte{1}, 1<<20))
				fmt.Fprintln(os.Stderr, len(hoard), "MiB")
			}
		}})
		worker.Serve(context.Background(), engine, os.Stdin, os.Stdout)
		return 0
	case "absent":
		worker.ServeFailure(errors.New("the voices are not installed"), os.Stdout)
		return 1
	case "mute":
		io.Copy(io.Discard, os.Stdin)
		return 0
	case "dead":
		fmt.Fprintln(os.Stderr, "cannot find the voices")
		return 3
	}
	// The rest is ready in order and answers its first order with nonsense.
	ready, err := json.Marshal(engine.Info())
	if err != nil {
		return 3
	}
	os.Stdout.Write(frame('R', ready))
	if role == "undying" {
		wait()
	}
	os.Stdin.Read(make([]byte, 4096))
	os.Stdout.Write(append(nonsense[role], misread[role]...))
	if role != "eof" && role != "cut" && role != "silence" {
		io.Copy(io.Discard, os.Stdin)
	}
	return 0
}

// deaf is an engine that does not hear of the end of its context.
type deaf struct{ *tone.Engine }

func (d deaf) Speak(ctx context.Context, u speech.Utterance, sink driver.Sink) error {
	return d.Engine.Speak(context.WithoutCancel(ctx), u, sink)
}

func frame(t byte, payload []byte) []byte {
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(payload))), t), payload...)
}

// nonsense is what the misbehaving workers say, by role.
var nonsense = map[string][]byte{
	"garbage":  []byte("Segmentation fault (core dumped)\n"),
	"oversize": append(binary.BigEndian.AppendUint32(nil, worker.MaxPayload+1), 'A'),
	"unknown":  frame('Z', nil),
	"ready":    frame('R', []byte("{}")),
	"odd":      frame('A', []byte{1, 2, 3}),
	"event":    frame('W', []byte(`{"token":{"start":0,"end":5000},"startFrame":0,"endFrame":1}`)),
	"json":     frame('W', []byte(`{"token":`)),
	"end":      frame('E', []byte("bye")),
	"eof":      nil,
	"cut":      frame('A', make([]byte, 400))[:100],
}

// misread is what workers say that transcribe as badly, by role.
var misread = map[string][]byte{
	"sings":     frame('A', make([]byte, 400)),
	"outside":   frame('P', []byte(`[{"start":0,"end":12,"phonemes":"a"}]`)),
	"nowhere":   frame('P', []byte(`[{"start":3,"end":3,"phonemes":"a"}]`)),
	"before":    frame('P', []byte(`[{"start":-1,"end":3,"phonemes":"a"}]`)),
	"backwards": frame('P', []byte(`[{"start":6,"end":11,"phonemes":"a"},{"start":0,"end":5,"phonemes":"a"}]`)),
	"overlaps":  append(frame('P', []byte(`[{"start":0,"end":6,"phonemes":"a"}]`)), frame('P', []byte(`[{"start":5,"end":11,"phonemes":"a"}]`))...),
	"no list":   frame('P', []byte(`{"start":0}`)),
	"silence":   nil,
}

func TestMisreadingIsACrash(t *testing.T) {
	says := map[string]string{
		"sings": "unknown type 'A'", "outside": "0 to 12", "nowhere": "3 to 3", "before": "-1 to 3", "backwards": "0 to 5, after 11",
		"overlaps": "5 to 11, after 6", "no list": "cannot be read", "silence": "broke off",
	}
	for role := range misread {
		t.Run(role, func(t *testing.T) {
			p := opened(t, role)
			words, err := p.Transcribe(context.Background(), hello())
			if !errors.Is(err, driver.ErrCrashed) || !strings.Contains(fmt.Sprint(err), says[role]) || words != nil {
				t.Errorf("Transcribe: %v and %v, want ErrCrashed that says %q", words, err, says[role])
			}
			if _, again := p.Transcribe(context.Background(), hello()); again != err {
				t.Errorf("the next Transcribe: %v, want the same error", again)
			}
		})
	}
}

// TestManyPhonemes come in several frames.
func TestManyPhonemes(t *testing.T) {
	p := opened(t, "tone")
	u := speech.Utterance{Text: strings.Repeat("a ", 30_000), Voice: "low"}
	words, err := p.Transcribe(context.Background(), u)
	if err != nil || len(words) != 30_000 || words[len(words)-1].End != len(u.Text)-1 {
		t.Errorf("%d words and %v", len(words), err)
	}
}

func TestServeRefusesToTranscribe(t *testing.T) {
	var out bytes.Buffer
	type speaker struct{ driver.Engine } // hides what else the engine can
	in, parent := io.Pipe()
	served := make(chan error)
	go func() {
		served <- worker.Serve(context.Background(), speaker{tone.New(tone.Options{})}, in, answered{&out, parent})
	}()
	parent.Write(frame('T', []byte(`{"text":"a","voice":"low"}`)))
	if err := <-served; err != nil || frameTypes(t, out.Bytes()) != "RX" {
		t.Errorf("frames %q and %v", frameTypes(t, out.Bytes()), err)
	}
}

// answered hangs up after the second write.
type answered struct {
	to     *bytes.Buffer
	parent io.Closer
}

func (a answered) Write(b []byte) (int, error) {
	if a.to.Len() > 0 {
		defer a.parent.Close()
	}
	return a.to.Write(b)
}

func command(t testing.TB, role string) worker.Command {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return worker.Command{Path: self, Env: []string{roleVariable + "=" + role}}
}

func start(t testing.TB, role string) *worker.Process {
	t.Helper()
	p, err := worker.Start(context.Background(), command(t, role), worker.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("Start: %v", err)
	}
	return p
}

func opened(t testing.TB, role string) *worker.Process {
	p := start(t, role)
	t.Cleanup(func() { p.Close() })
	return p
}

func hello() speech.Utterance { return speech.Utterance{Text: "hello there", Voice: "low"} }

func TestConformance(t *testing.T) {
	enginetest.Run(t, enginetest.Harness{
		New:      func(t testing.TB) driver.Engine { return start(t, "tone") },
		Hostile:  true,
		Children: true,
		Kill:     func(t testing.TB, e driver.Engine) { enginetest.KillProcess(t, e.(*worker.Process).PID()) },
	})
}

func TestSameSoundAsWithoutWorker(t *testing.T) {
	p := opened(t, "tone")
	u := speech.Utterance{Text: strings.Repeat("all the same, through a pipe or not. ", 50), Voice: "high"}
	var direct, piped enginetest.Recorder
	if err := tone.New(tone.Options{}).Speak(context.Background(), u, &direct); err != nil {
		t.Fatal(err)
	}
	if err := p.Speak(context.Background(), u, &piped); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(direct.Frames) != fmt.Sprint(piped.Frames) || fmt.Sprint(direct.Events) != fmt.Sprint(piped.Events) {
		t.Error("sound or events differ")
	}
}

func TestFirstFrameIsShortAndLaterOnesLong(t *testing.T) {
	p := opened(t, "tone")
	var lengths []int
	heard := enginetest.Recorder{OnAudio: func(f []int16) error { lengths = append(lengths, len(f)); return nil }}
	u := speech.Utterance{Text: strings.Repeat("word ", 2000), Voice: "low"} // 300 s
	if err := p.Speak(context.Background(), u, &heard); err != nil {
		t.Fatal(err)
	}
	if lengths[0] > 16000/10 {
		t.Errorf("the first frame holds %d samples at 16 kHz", lengths[0])
	}
	if len(lengths) > 600 { // were they not to grow there would be 5000
		t.Errorf("300 seconds came in %d frames", len(lengths))
	}
}

func TestNonsenseIsACrash(t *testing.T) {
	says := map[string]string{
		"garbage": "announces", "oversize": "announces 1048577 bytes", "unknown": `unknown type 'Z'`, "ready": `unknown type 'R'`,
		"odd": "3 bytes", "event": "0 to 5000", "json": "cannot be read", "end": "payload of 3 bytes", "eof": "broke off", "cut": "unexpected EOF",
	}
	for role := range nonsense {
		t.Run(role, func(t *testing.T) {
			p := opened(t, role)
			err := p.Speak(context.Background(), hello(), &enginetest.Recorder{})
			if !errors.Is(err, driver.ErrCrashed) || !strings.Contains(fmt.Sprint(err), says[role]) {
				t.Errorf("Speak: %v, want ErrCrashed that says %q", err, says[role])
			}
			if syscall.Kill(p.PID(), 0) != syscall.ESRCH {
				t.Error("the process is still there")
			}
			if again := p.Speak(context.Background(), hello(), &enginetest.Recorder{}); again != err {
				t.Errorf("the next Speak: %v, want the same error", again)
			}
		})
	}
}

func TestDeafWorkerIsKilledAfterCancel(t *testing.T) {
	p := opened(t, "deaf")
	cause := errors.New("no longer wanted")
	ctx, cancel := context.WithCancelCause(context.Background())
	heard := enginetest.Recorder{OnAudio: func([]int16) error { cancel(cause); return nil }}
	u := speech.Utterance{Text: "hello there", Voice: "low"}
	err := p.Speak(ctx, u, &heard)
	if !errors.Is(err, cause) || !errors.Is(err, driver.ErrCrashed) {
		t.Errorf("Speak: %v, want the cause and ErrCrashed", err)
	}
	if syscall.Kill(p.PID(), 0) != syscall.ESRCH {
		t.Error("the process is still there")
	}
}

func TestDeafWorkerIsKilledByClose(t *testing.T) {
	p := start(t, "undying")
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if syscall.Kill(p.PID(), 0) != syscall.ESRCH {
		t.Error("the process is still there")
	}
}

func TestMemoryLimit(t *testing.T) {
	p := opened(t, "greedy")
	if err := p.Speak(context.Background(), hello(), &enginetest.Recorder{}); !errors.Is(err, driver.ErrCrashed) {
		t.Errorf("Speak of an engine that takes all memory: %v, want ErrCrashed", err)
	}
}

func TestStartFails(t *testing.T) {
	quiet := worker.Options{Log: slog.New(slog.DiscardHandler)}
	for role, says := range map[string]string{
		"absent": "the voices are not installed",
		"dead":   "cannot find the voices",
	} {
		if _, err := worker.Start(context.Background(), command(t, role), quiet); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("Start of %s: %v, want an error that says %q", role, err, says)
		}
	}
	missing := worker.Command{Path: filepath.Join(t.TempDir(), "missing")}
	if _, err := worker.Start(context.Background(), missing, quiet); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Start of a missing file: %v", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := worker.Start(ctx, command(t, "mute"), quiet); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Start of a worker that is never ready: %v", err)
	}
}

func TestOversizeUtteranceIsRefused(t *testing.T) {
	p := opened(t, "tone")
	u := hello()
	u.Text = strings.Repeat("a", worker.MaxPayload)
	if err := p.Speak(context.Background(), u, &enginetest.Meter{}); !errors.Is(err, driver.ErrFailed) {
		t.Errorf("Speak: %v, want ErrFailed", err)
	}
	if err := p.Speak(context.Background(), hello(), &enginetest.Meter{}); err != nil {
		t.Errorf("the next Speak: %v", err)
	}
}

// wait never returns. An empty select might be taken for a deadlock.
func wait() {
	never := make(chan os.Signal, 1)
	signal.Notify(never, syscall.SIGUSR1)
	<-never
}
