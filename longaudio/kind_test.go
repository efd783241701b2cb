package longaudio

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
)

// twoShards is an operation of two shards, as lro hands it to its kind.
type twoShards struct {
	stand *stand
	kind  *Kind
	work  lro.Work
	tasks []lro.Task
	want  []byte // the object's bytes
}

func newTwoShards(t *testing.T) *twoShards {
	t.Helper()
	s := newStand(t)
	plan := func(text string) *synth.Plan {
		p, err := s.synth.Plan(t.Context(), synth.Request{Text: text, Voice: voices.Wish{Language: "en-US"}, Encoding: "LINEAR16"})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	whole, _, err := s.synth.File(t.Context(), engine.Batch, plan("Abc. Defg."), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	o := &twoShards{stand: s, kind: s.kind(), want: whole,
		work: lro.Work{ID: "two", Request: []byte(`{"object":{"Bucket":"books","Name":"two.wav"},"settings":{"encoding":"LINEAR16","sampleRate":16000}}`)}}
	for _, text := range []string{"Abc.", "Defg."} {
		tasks, err := tasksOf(plan(text))
		if err != nil {
			t.Fatal(err)
		}
		o.tasks = append(o.tasks, tasks...)
	}
	return o
}

func (o *twoShards) run(t *testing.T, index, attempt int) []byte {
	t.Helper()
	result, err := o.kind.Run(t.Context(), lro.Shard{Work: o.work, Index: index, Count: 2, Payload: o.tasks[index].Payload, Epoch: int64(attempt), Beat: func() {}, Progress: func(float64) {}})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// restart forgets what only memory knew.
func (o *twoShards) restart() { o.kind = o.stand.kind() }

// mustCommit finishes and commits, and fails unless the object is the whole one.
func (o *twoShards) mustCommit(t *testing.T, results ...[]byte) {
	t.Helper()
	c, err := o.kind.Finish(t.Context(), lro.Finishing{Work: o.work, Results: results, Epoch: 9, Progress: func(float64) {}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, done, err := o.kind.Committed(t.Context(), o.work, c.Receipt()); !done || err != nil {
		t.Errorf("not committed after the commit: %v, %v", done, err)
	}
	got, err := os.ReadFile(o.stand.directory.Path("books/two.wav"))
	if err != nil || !bytes.Equal(got, o.want) {
		t.Errorf("the object has %d bytes, want %d; %v", len(got), len(o.want), err)
	}
	if err := o.kind.Discard(t.Context(), o.work); err != nil {
		t.Error(err)
	}
	o.stand.mustHoldNothing(t)
}

func TestShardsInAnyOrder(t *testing.T) {
	o := newTwoShards(t)
	second := o.run(t, 1, 1)
	first := o.run(t, 0, 1)
	staged, err := filepath.Glob(filepath.Join(o.stand.dir, "staging", "two.*"))
	if err != nil || len(staged) != 1 {
		t.Fatalf("the head start is %v, %v", staged, err)
	}
	if st, err := os.Stat(staged[0]); err != nil || st.Size() != int64(len(o.want)) {
		t.Errorf("the head start holds %v of %d bytes, %v", st, len(o.want), err)
	}
	o.mustCommit(t, first, second)
}

func TestFinishAfterARestart(t *testing.T) {
	o := newTwoShards(t)
	first := o.run(t, 0, 1)
	o.restart()
	second := o.run(t, 1, 1)
	o.mustCommit(t, first, second)
}

// An outcome that is said not to show never does.
func TestNotCommittedIsFinal(t *testing.T) {
	o := newTwoShards(t)
	first, second := o.run(t, 0, 1), o.run(t, 1, 1)
	c, err := o.kind.Finish(t.Context(), lro.Finishing{Work: o.work, Results: [][]byte{first, second}, Progress: func(float64) {}})
	if err != nil {
		t.Fatal(err)
	}
	if _, done, err := o.kind.Committed(t.Context(), o.work, c.Receipt()); done || err != nil {
		t.Errorf("committed before the commit: %v, %v", done, err)
	}
	if _, err := c.Commit(t.Context()); err == nil {
		t.Error("committed after it was said not to be")
	}
	if _, err := os.Stat(o.stand.directory.Path("books/two.wav")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the object shows; %v", err)
	}
	o.mustCommit(t, first, second)
}

func TestFinishTwice(t *testing.T) {
	o := newTwoShards(t)
	first, second := o.run(t, 0, 1), o.run(t, 1, 1)
	if _, err := o.kind.Finish(t.Context(), lro.Finishing{Work: o.work, Results: [][]byte{first, second}, Progress: func(float64) {}}); err != nil {
		t.Fatal(err)
	}
	o.mustCommit(t, first, second)
}

// What was joined is not what was committed: the first attempt's commit was
// lost, and another attempt's counts.
func TestAWrongHeadStartIsDropped(t *testing.T) {
	o := newTwoShards(t)
	o.run(t, 0, 1)
	if err := o.stand.scratch().Remove(t.Context(), "two", "0-1"); err != nil {
		t.Fatal(err)
	}
	first, second := o.run(t, 0, 2), o.run(t, 1, 1)
	o.mustCommit(t, first, second)
}

func TestDiscardDropsTheHeadStart(t *testing.T) {
	o := newTwoShards(t)
	o.run(t, 0, 1)
	for range 2 {
		if err := o.kind.Discard(t.Context(), o.work); err != nil {
			t.Fatal(err)
		}
	}
	o.stand.mustHoldNothing(t)
}

// mustRedo fails unless Finish asks for one shard again.
func mustRedo(t *testing.T, kind lro.Kind, f lro.Finishing, shard int) {
	t.Helper()
	_, err := kind.Finish(t.Context(), f)
	if shards, ok := lro.AsRedo(err); !ok || !slices.Equal(shards, []int{shard}) {
		t.Errorf("Finish says %v, and asks for %v", err, shards)
	}
}

// Scratch that a power cut has damaged or taken is asked for again, and never
// becomes an object.
func TestDamagedScratchIsMadeAgain(t *testing.T) {
	for name, damage := range map[string]func(path string) error{
		"a bit":   func(path string) error { return flip(path, 100) },
		"its end": func(path string) error { return os.Truncate(path, 10) },
		"all":     os.Remove,
	} {
		t.Run(name, func(t *testing.T) {
			o := newTwoShards(t)
			first, second := o.run(t, 0, 1), o.run(t, 1, 1)
			if err := damage(filepath.Join(o.stand.dir, "scratch", "two", "1-1")); err != nil {
				t.Fatal(err)
			}
			o.restart()
			mustRedo(t, o.kind, lro.Finishing{Work: o.work, Results: [][]byte{first, second}, Progress: func(float64) {}}, 1)
			o.mustCommit(t, first, o.run(t, 1, 2))
		})
	}
}

// Captions whose scratch is lost are asked for again, too.
func TestDamagedCuesAreMadeAgain(t *testing.T) {
	o := newTwoShards(t)
	o.work.Request = []byte(strings.Replace(string(o.work.Request), `{"object"`, `{"sidecars":["srt"],"object"`, 1))
	first, second := o.run(t, 0, 1), o.run(t, 1, 1)
	if err := flip(filepath.Join(o.stand.dir, "scratch", "two", "0-1.cues"), 1); err != nil {
		t.Fatal(err)
	}
	mustRedo(t, o.kind, lro.Finishing{Work: o.work, Results: [][]byte{first, second}, Progress: func(float64) {}}, 0)
	o.mustCommit(t, o.run(t, 0, 2), second)
}

// flip turns a bit of a file.
func flip(path string, at int) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	b[at] ^= 1
	return os.WriteFile(path, b, 0o600)
}
