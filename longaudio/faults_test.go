package longaudio

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"pgregory.net/rapid"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/sqlite"
	"github.com/lectern/lectern/synth"
)

// A history is some operations on a file system that fails now and then, with
// cancels, restarts of the server and strangers' files in between. Whatever
// happens, in the end each operation is over, its object is whole or absent, and
// nothing is staged or in scratch.
type history struct {
	Operations []deed
	Faults     []misfortune
	Cancels    []cancel
	Restarts   []int // at which calls of the file system
	Strangers  []stranger
}

type deed struct {
	Name     string
	Text     int // which of faultTexts
	Captions []captions.Format
}

// misfortune is what becomes of one call of the file system.
type misfortune struct {
	Method string // of all calls, or of a method's
	Call   int
	Error  syscall.Errno
	// Lies says that the call does its work and reports the error all the same.
	Lies bool
}

type cancel struct{ Call, Operation int }

type stranger struct {
	Call int
	Name string
}

// faultKind is the name of the kind of all operations.
const faultKind = "long-audio.faults"

// calls is how many calls of the file system a history may meddle with.
const calls = 150

var histories = rapid.Custom(func(t *rapid.T) history {
	call := rapid.IntRange(1, calls)
	return history{
		Operations: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) deed {
			return deed{
				Name:     rapid.SampledFrom([]string{"a.wav", "a.wav", "a.wav", "a.ogg", "a.srt", "b", "b/c", "b/d.wav"}).Draw(t, "name"),
				Text:     rapid.IntRange(0, len(faultTexts)-1).Draw(t, "text"),
				Captions: rapid.SampledFrom([][]captions.Format{nil, nil, {captions.SubRip}, {captions.SubRip, captions.JSON}}).Draw(t, "captions"),
			}
		}), 1, 4).Draw(t, "operations"),
		Faults: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) misfortune {
			method, at := "", call
			if rapid.Bool().Draw(t, "at the end") { // where few calls decide
				method, at = rapid.SampledFrom([]string{"Rename", "MkdirAll", "SyncDir", "Sync"}).Draw(t, "method"), rapid.IntRange(1, 6)
			}
			return misfortune{
				Method: method,
				Call:   at.Draw(t, "call"),
				Error:  rapid.SampledFrom([]syscall.Errno{syscall.EIO, syscall.EIO, syscall.ENOSPC, syscall.EACCES, syscall.EMFILE}).Draw(t, "error"),
				Lies:   rapid.Bool().Draw(t, "lies"),
			}
		}), 0, 8).Draw(t, "faults"),
		Cancels: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) cancel {
			return cancel{call.Draw(t, "call"), rapid.IntRange(0, 3).Draw(t, "operation")}
		}), 0, 2).Draw(t, "cancels"),
		Restarts: rapid.SliceOfN(call, 0, 2).Draw(t, "restarts"),
		Strangers: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) stranger {
			return stranger{call.Draw(t, "call"), rapid.SampledFrom([]string{"a.srt", "a.json", "b/d.srt", "b", "b/d.wav/x"}).Draw(t, "name")}
		}), 0, 1).Draw(t, "strangers"),
	}
})

var faultTexts = []string{"Abc.", "Defg hi.", strings.Repeat("Jk lm. ", 1400)} // the last one is several shards

// faultLab is what all histories share.
type faultLab struct {
	synth *synth.Synth
	whole map[string]string // what becomes of each text

	mu    sync.Mutex
	ended map[fault.Code]int
}

func newFaultLab(t *testing.T) *faultLab {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	engines, err := engine.Open(t.Context(), engine.Config{Slots: 4, Log: log, Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{}), nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engines.Close() })
	lab := &faultLab{synth: synth.New(synth.Config{Engines: engines, Formats: encode.NewCatalogue(wav.Linear16()), Log: log}), whole: map[string]string{}, ended: map[fault.Code]int{}}
	for _, text := range faultTexts {
		plan, err := lab.synth.Plan(t.Context(), synth.Request{Text: text, Voice: voices.Wish{Language: "en-US"}, Encoding: "LINEAR16"})
		if err != nil {
			t.Fatal(err)
		}
		b, _, err := lab.synth.File(t.Context(), engine.Batch, plan, 1<<30)
		if err != nil {
			t.Fatal(err)
		}
		lab.whole[text] = string(b)
	}
	return lab
}

// life is a server on the history's directory, from a start to a stop.
type life struct {
	*Studio
	operations *lro.Manager
	stop       func() error
}

func (l *faultLab) begin(ctx context.Context, dir string, f *fate) (*life, error) {
	log := slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(ctx, dir, log)
	if err != nil {
		return nil, err
	}
	directory, err := file.OpenOn(dir, func(files file.Files) file.Files { return badFiles{files, f} })
	if err != nil {
		return nil, err
	}
	buckets := bucket.New(bucket.Config{All: directory, Scratch: directory.Scratch()})
	s := New(Config{Synth: l.synth, Buckets: buckets, Log: log})
	operations, err := lro.Open(ctx, lro.Config{Store: store, Kinds: []lro.Kind{s.Kind(faultKind, answers{})}, Slots: 2, Log: log})
	if err != nil {
		return nil, err
	}
	run, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- operations.Run(run) }()
	return &life{s, operations, func() error {
		cancel()
		err := <-ended
		buckets.Close()
		store.Close()
		return err
	}}, nil
}

// start does what a service does for a request.
func (l *life) start(ctx context.Context, d deed) (*longrunningpb.Operation, error) {
	object := bucket.Object{Bucket: "books", Name: d.Name}
	if err := l.Check(ctx, object, d.Captions); err != nil {
		return nil, err
	}
	plan, err := l.synth.Plan(ctx, synth.Request{Text: faultTexts[d.Text], Voice: voices.Wish{Language: "en-US"}, Encoding: "LINEAR16", Captions: len(d.Captions) > 0})
	if err != nil {
		return nil, err
	}
	order, err := l.Order(faultKind, plan, Spec{Object: object, Captions: d.Captions})
	if err != nil {
		return nil, err
	}
	order.Parent = "projects/p/locations/l"
	return l.operations.Start(ctx, order)
}

// TestFaultsOfTheFileSystem plays histories: some in the suite, and 2,000 with
// LECTERN_PROOF, as make proof has it.
func TestFaultsOfTheFileSystem(t *testing.T) {
	n := 100
	if testing.Short() {
		n = 30
	}
	if os.Getenv("LECTERN_PROOF") != "" {
		n = 2000
	}
	lab := newFaultLab(t)
	var next atomic.Int64
	var players sync.WaitGroup
	for range 4 * runtime.GOMAXPROCS(0) { // they mostly wait for what is tried again
		players.Go(func() {
			for i := int(next.Add(1)); i <= n && !t.Failed(); i = int(next.Add(1)) {
				h := histories.Example(i)
				if err := lab.play(t, h); err != nil {
					t.Errorf("history %d: %v\n%+v", i, err, h)
				}
			}
		})
	}
	players.Wait()
	t.Logf("%d histories; operations by their ends: %v", n, lab.ended)
}

// play plays one history and returns what is wrong in the end.
func (l *faultLab) play(t *testing.T, h history) error {
	dir, err := os.MkdirTemp(t.TempDir(), "history")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	f := &fate{calls: map[string]int{}, faults: map[at]misfortune{}, events: map[int][]func(){}, shown: map[string]bool{}}
	for _, m := range h.Faults {
		f.faults[at{m.Method, m.Call}] = m
	}
	now, err := l.begin(t.Context(), dir, f)
	if err != nil {
		return err
	}
	names := make([]string, len(h.Operations))
	happens := make(chan func() error, 16) // beside what the file system is called for
	f.mu.Lock()
	for _, c := range h.Cancels {
		f.events[c.Call] = append(f.events[c.Call], func() {
			happens <- func() error {
				if c.Operation >= len(names) || names[c.Operation] == "" {
					return nil
				}
				_, err := now.operations.CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: names[c.Operation]})
				return err
			}
		})
	}
	for _, call := range h.Restarts {
		f.events[call] = append(f.events[call], func() {
			happens <- func() error {
				if err := now.stop(); err != nil {
					return err
				}
				now, err = l.begin(t.Context(), dir, f)
				return err
			}
		})
	}
	put := map[string]bool{}
	for _, s := range h.Strangers {
		f.events[s.Call] = append(f.events[s.Call], func() {
			path := filepath.Join(dir, "buckets", "books", s.Name)
			if _, err := os.Lstat(path); err != nil && os.MkdirAll(filepath.Dir(path), 0o755) == nil && os.WriteFile(path, []byte("a stranger's"), 0o644) == nil {
				put[s.Name] = true
			}
		})
	}
	f.mu.Unlock()
	for i, d := range h.Operations {
		if op, err := now.start(t.Context(), d); err == nil {
			names[i] = op.Name
		}
	}
	ends, err := l.await(t, &now, names, happens)
	if err == nil {
		err = nothingLeft(dir, happens)
	}
	if stop := now.stop(); err == nil {
		err = stop
	}
	if err != nil {
		return err
	}
	return l.audit(dir, h, ends, f.shown, put)
}

// await waits for the end of all that was accepted, while things happen.
func (l *faultLab) await(t *testing.T, now **life, names []string, happens <-chan func() error) (ends []*longrunningpb.Operation, err error) {
	ends = make([]*longrunningpb.Operation, len(names))
	deadline := time.NewTimer(2 * time.Minute)
	defer deadline.Stop()
	for i, name := range names {
		for name != "" && !ends[i].GetDone() {
			ctx, leave := context.WithCancel(t.Context())
			waited := make(chan error, 1)
			go func(operations *lro.Manager) {
				op, err := operations.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: name})
				ends[i] = op
				waited <- err
			}((*now).operations)
			select {
			case err = <-waited:
			case happen := <-happens:
				leave()
				<-waited
				ends[i], err = nil, happen()
			case <-deadline.C:
				leave()
				<-waited
				op, _ := (*now).operations.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: name})
				return nil, fmt.Errorf("%s has no end: %v", name, op)
			}
			leave()
			if err != nil {
				return nil, err
			}
		}
	}
	return ends, nil
}

// nothingLeft waits until all was discarded.
func nothingLeft(dir string, happens <-chan func() error) error {
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		var left []string
		for _, sub := range []string{"staging/*", "scratch/*"} {
			names, err := filepath.Glob(filepath.Join(dir, sub))
			if err != nil {
				return err
			}
			left = append(left, names...)
		}
		if len(left) == 0 {
			return nil
		}
		select {
		case <-tick.C:
		case happen := <-happens:
			if err := happen(); err != nil {
				return err
			}
		case <-deadline.C:
			return fmt.Errorf("left over: %v", left)
		}
	}
}
