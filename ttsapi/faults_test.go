package ttsapi

import (
	"context"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/metadata"
	"pgregory.net/rapid"

	"github.com/lectern/lectern/bucket"
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
	Sidecars string
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

// calls is how many calls of the file system a history may meddle with.
const calls = 150

var histories = rapid.Custom(func(t *rapid.T) history {
	call := rapid.IntRange(1, calls)
	return history{
		Operations: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) deed {
			return deed{
				Name:     rapid.SampledFrom([]string{"a.wav", "a.wav", "a.wav", "a.ogg", "a.srt", "b", "b/c", "b/d.wav"}).Draw(t, "name"),
				Text:     rapid.IntRange(0, len(faultTexts)-1).Draw(t, "text"),
				Sidecars: rapid.SampledFrom([]string{"", "", "srt", "srt,json"}).Draw(t, "sidecars"),
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

// badFiles is a file system of misfortunes.
type badFiles struct {
	bucket.Files
	*fate
}

// fate counts the calls of all of a history's file systems.
type fate struct {
	mu     sync.Mutex
	calls  map[string]int // by method, and "" all
	faults map[at]misfortune
	events map[int][]func()
	shown  map[string]bool // by id, or id and extension
}

// at is a place in a history.
type at struct {
	method string
	call   int
}

// call does one call, or not.
func (f *fate) call(method string, do func() error) error {
	f.mu.Lock()
	f.calls[""]++
	f.calls[method]++
	bad, fails := f.faults[at{"", f.calls[""]}]
	if !fails {
		bad, fails = f.faults[at{method, f.calls[method]}]
	}
	for _, event := range f.events[f.calls[""]] {
		event()
	}
	f.mu.Unlock()
	if fails && !bad.Lies {
		return &fs.PathError{Op: "call", Path: "somewhere", Err: bad.Error}
	}
	if err := do(); err != nil || !fails {
		return err
	}
	return &fs.PathError{Op: "call", Path: "somewhere", Err: bad.Error}
}

func (b badFiles) Lstat(name string) (st fs.FileInfo, err error) {
	err = b.call("Lstat", func() error { st, err = b.Files.Lstat(name); return err })
	return st, err
}

func (b badFiles) Stat(name string) (st fs.FileInfo, err error) {
	err = b.call("Stat", func() error { st, err = b.Files.Stat(name); return err })
	return st, err
}

func (b badFiles) OpenFile(name string, flag int, perm fs.FileMode) (bucket.File, error) {
	var file bucket.File
	err := b.call("OpenFile", func() (err error) { file, err = b.Files.OpenFile(name, flag, perm); return err })
	if err != nil {
		if file != nil {
			file.Close()
		}
		return nil, err
	}
	return badFile{file, b.fate}, nil
}

func (b badFiles) ReadDir(name string) (all []fs.DirEntry, err error) {
	err = b.call("ReadDir", func() error { all, err = b.Files.ReadDir(name); return err })
	return all, err
}

func (b badFiles) Mkdir(name string, perm fs.FileMode) error {
	return b.call("Mkdir", func() error { return b.Files.Mkdir(name, perm) })
}

func (b badFiles) MkdirAll(name string, perm fs.FileMode) error {
	return b.call("MkdirAll", func() error { return b.Files.MkdirAll(name, perm) })
}

func (b badFiles) Rename(from, to string) error {
	return b.call("Rename", func() error {
		err := b.Files.Rename(from, to)
		if id, ok := strings.CutPrefix(from, "staging/"); ok && err == nil {
			b.mu.Lock()
			b.shown[id] = true
			b.mu.Unlock()
		}
		return err
	})
}

func (b badFiles) Remove(name string) error {
	return b.call("Remove", func() error { return b.Files.Remove(name) })
}

func (b badFiles) RemoveAll(name string) error {
	return b.call("RemoveAll", func() error { return b.Files.RemoveAll(name) })
}

func (b badFiles) SyncDir(name string) error {
	return b.call("SyncDir", func() error { return b.Files.SyncDir(name) })
}

// badFile is a file of misfortunes. A write that fails may have written half.
type badFile struct {
	bucket.File
	*fate
}

func (f badFile) Read(p []byte) (n int, err error) {
	if bad := f.call("Read", func() error { n, err = f.File.Read(p); return nil }); bad != nil {
		return 0, bad
	}
	return n, err
}

func (f badFile) ReadAt(p []byte, at int64) (n int, err error) {
	if bad := f.call("ReadAt", func() error { n, err = f.File.ReadAt(p, at); return nil }); bad != nil {
		return 0, bad
	}
	return n, err
}

func (f badFile) Write(p []byte) (n int, err error) {
	n, err = f.File.Write(p[:len(p)/2])
	if err != nil {
		return n, err
	}
	err = f.call("Write", func() error {
		m, err := f.File.Write(p[len(p)/2:])
		n += m
		return err
	})
	return n, err
}

func (f badFile) WriteAt(p []byte, at int64) (n int, err error) {
	err = f.call("WriteAt", func() error { n, err = f.File.WriteAt(p, at); return err })
	return n, err
}

func (f badFile) Stat() (st fs.FileInfo, err error) {
	err = f.call("Stat", func() error { st, err = f.File.Stat(); return err })
	return st, err
}

func (f badFile) Sync() error { return f.call("Sync", f.File.Sync) }

// Close always closes, as the system does.
func (f badFile) Close() error {
	err := f.File.Close()
	if bad := f.call("Close", func() error { return nil }); bad != nil {
		return bad
	}
	return err
}

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
	*Service
	operations *lro.Manager
	stop       func() error
}

func (l *faultLab) begin(ctx context.Context, dir string, f *fate) (*life, error) {
	log := slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(ctx, dir, log)
	if err != nil {
		return nil, err
	}
	buckets, err := bucket.OpenOn(dir, func(files bucket.Files) bucket.Files { return badFiles{files, f} })
	if err != nil {
		return nil, err
	}
	s := New(Config{Synth: l.synth, Buckets: buckets, Log: log})
	operations, err := lro.Open(ctx, lro.Config{Store: store, Kinds: s.LongAudioKinds(), Slots: 2, Log: log})
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
		r := longRequest()
		r.OutputGcsUri, r.Input = "gs://books/"+d.Name, text(faultTexts[d.Text])
		ctx := metadata.NewIncomingContext(t.Context(), metadata.Pairs(SidecarHeader, d.Sidecars))
		if d.Sidecars == "" {
			ctx = t.Context()
		}
		if op, err := now.synthesizeLongAudio(ctx, v1, now.operations, r); err == nil {
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
func (l *faultLab) await(t *testing.T, now **life, names []string, happens <-chan func() error) (ends []*Operation, err error) {
	ends = make([]*Operation, len(names))
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

// audit compares what is visible, and what ever was, with how the operations
// ended.
func (l *faultLab) audit(dir string, h history, ends []*Operation, shown, put map[string]bool) error {
	ofName := map[string]int{}
	for _, d := range h.Operations {
		ofName[d.Name]++
	}
	may := map[string][]string{} // what each object may be
	must := map[string]bool{}
	captions := map[string]bool{}
	for i, d := range h.Operations {
		if ends[i] == nil {
			continue
		}
		code := fault.Code(ends[i].GetError().GetCode())
		l.mu.Lock()
		l.ended[code]++
		l.mu.Unlock()
		was := shown[ends[i].Name[strings.LastIndex(ends[i].Name, "/")+1:]]
		switch {
		case code == 0 && !was:
			return fmt.Errorf("operation %d has succeeded and its outcome was never shown", i)
		case code != 0 && code != fault.Unknown && was && ofName[d.Name] == 1:
			return fmt.Errorf("operation %d ended as %v and its outcome was shown", i, ends[i])
		}
		switch code {
		case 0:
			must[d.Name] = true
			fallthrough
		case fault.Unknown:
			may[d.Name] = append(may[d.Name], l.whole[faultTexts[d.Text]])
			o := bucket.Object{Bucket: "books", Name: d.Name}
			for _, extension := range []string{".srt", ".json"} {
				captions[o.Beside(extension).Name] = true
			}
		case fault.Canceled, fault.Internal, fault.ResourceExhausted, fault.FailedPrecondition:
		default:
			return fmt.Errorf("%s ended as %v", d.Name, ends[i])
		}
	}
	root := filepath.Join(dir, "buckets", "books")
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			if path == root && len(must) == 0 {
				return nil
			}
			return err
		}
		name := strings.TrimPrefix(path, root+"/")
		content, err := os.ReadFile(path)
		succeeded := must[name]
		delete(must, name)
		switch {
		case err != nil:
			return err
		case slices.Contains(may[name], string(content)):
		case put[name] && string(content) == "a stranger's":
			if succeeded {
				return fmt.Errorf("%s has succeeded and a stranger's file stands there", name)
			}
		case captions[name] && (strings.HasPrefix(string(content), "1\n") || strings.HasPrefix(string(content), "{")):
		default:
			return fmt.Errorf("%s has %d bytes that nobody can have shown: %.40q", name, len(content), content)
		}
		return nil
	})
	if err == nil && len(must) > 0 {
		err = fmt.Errorf("nothing stands at %v, though that has succeeded", must)
	}
	return err
}
