package longaudio

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/encode/mp3"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
)

// pieced is an operation of three shards of more than a minute each, in an encoding
// whose shards do not join, as lro hands it to its kind.
type pieced struct {
	stand *stand
	kind  *Kind
	work  lro.Work
	tasks []lro.Task
	want  []byte // the object's bytes
}

func newPieced(t *testing.T, encoding string) *pieced {
	t.Helper()
	if !mp3.MP3().CanCarry(24000) {
		t.Skip("SKIPPED: this build has no codecs")
	}
	s := newStand(t)
	plan := func(text string) *synth.Plan {
		p, err := s.synth.Plan(t.Context(), synth.Request{Text: text, Voice: voices.Wish{Language: "en-US"}, Encoding: encoding})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	texts := []string{strings.Repeat("Abc de. ", 350), strings.Repeat("Fghi jklm. ", 300), strings.Repeat("No. Pq rst! ", 280)}
	whole, _, err := s.synth.File(t.Context(), engine.Batch, plan(strings.Join(texts, "")), 100<<20)
	if err != nil {
		t.Fatal(err)
	}
	o := &pieced{stand: s, want: whole, work: lro.Work{ID: "pieced",
		Request: []byte(`{"object":{"Bucket":"books","Name":"p"},"settings":{"encoding":"` + encoding + `","sampleRate":16000}}`)}}
	o.restart()
	for _, text := range texts {
		tasks, err := tasksOf(plan(text))
		if err != nil || len(tasks) != 1 {
			t.Fatalf("%d tasks, %v", len(tasks), err)
		}
		o.tasks = append(o.tasks, tasks...)
	}
	return o
}

// restart forgets what only memory knew.
func (o *pieced) restart() { o.kind = o.stand.kind() }

func (o *pieced) run(t *testing.T, index, attempt int) []byte {
	t.Helper()
	result, err := o.kind.Run(t.Context(), lro.Shard{Work: o.work, Index: index, Count: len(o.tasks), Payload: o.tasks[index].Payload, Epoch: int64(attempt), Beat: func() {}, Progress: func(float64) {}})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// runAll runs the shards in the order given.
func (o *pieced) runAll(t *testing.T, order ...int) [][]byte {
	t.Helper()
	results := make([][]byte, len(o.tasks))
	for _, i := range order {
		results[i] = o.run(t, i, 1)
	}
	return results
}

func (o *pieced) mustCommit(t *testing.T, results [][]byte) {
	t.Helper()
	c, err := o.kind.Finish(t.Context(), lro.Finishing{Work: o.work, Results: results, Epoch: 9, Progress: func(float64) {}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(o.stand.directory.Path("books/p"))
	if err != nil || !bytes.Equal(got, o.want) {
		t.Errorf("the object has %d bytes that are not the %d of a file encoded in one go; %v", len(got), len(o.want), err)
	}
	o.mustDiscard(t)
}

func (o *pieced) mustDiscard(t *testing.T) {
	t.Helper()
	if err := o.kind.Discard(t.Context(), o.work); err != nil {
		t.Error(err)
	}
	o.stand.mustHoldNothing(t)
}

func (o *pieced) scratch(name string) string {
	return filepath.Join(o.stand.dir, "scratch", o.work.ID, name)
}

// pieces are the scratch files of pieces.
func (o *pieced) pieces(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob(o.scratch("piece-*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestPiecesMakeTheFile(t *testing.T) {
	for _, encoding := range []string{"MP3", "OGG_OPUS", "M4A"} {
		t.Run(encoding, func(t *testing.T) {
			o := newPieced(t, encoding)
			o.mustCommit(t, o.runAll(t, 0, 1, 2))
		})
	}
}

func TestPiecesInAnyOrder(t *testing.T) {
	for _, order := range [][]int{{0, 2, 1}, {2, 1, 0}, {1, 2, 0}} {
		o := newPieced(t, "MP3")
		o.mustCommit(t, o.runAll(t, order...))
	}
}

func TestPiecesAreEncodedAhead(t *testing.T) {
	o := newPieced(t, "MP3")
	results := o.runAll(t, 0, 1)
	if len(o.pieces(t)) == 0 {
		t.Error("after two shards of three nothing is encoded")
	}
	results = append(results[:2], o.run(t, 2, 1))
	o.mustCommit(t, results)
}

// After a crash pieces that are whole are used, and one that was being written
// is written again.
func TestPiecesAfterACrash(t *testing.T) {
	o := newPieced(t, "MP3")
	results := o.runAll(t, 0, 1)
	ahead := o.pieces(t)
	if len(ahead) < 2 {
		t.Fatalf("%d pieces ahead, the test needs two", len(ahead))
	}
	st, err := os.Stat(ahead[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(ahead[1], st.Size()/2); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(ahead[0])
	if err != nil {
		t.Fatal(err)
	}
	o.restart()
	results = append(results[:2], o.run(t, 2, 1))
	if _, err := o.kind.Finish(t.Context(), lro.Finishing{Work: o.work, Results: results, Progress: func(float64) {}}); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(ahead[0]); err != nil || !os.SameFile(before, after) {
		t.Errorf("a whole piece was written again; %v", err)
	}
	if after, err := os.Stat(ahead[1]); err != nil || after.Size() != st.Size() {
		t.Errorf("half a piece was not written again; %v", err)
	}
	o.restart()
	o.mustCommit(t, results)
}

// Another attempt's sound counts, not the one that pieces were made of.
func TestPiecesOfALostAttempt(t *testing.T) {
	o := newPieced(t, "MP3")
	o.runAll(t, 0, 1)
	if err := o.stand.scratch().Remove(t.Context(), o.work.ID, "0-1"); err != nil {
		t.Fatal(err)
	}
	results := [][]byte{o.run(t, 0, 2), o.run(t, 1, 2), o.run(t, 2, 1)}
	o.mustCommit(t, results)
}

// Sound that a power cut has damaged is found before it is encoded.
func TestDamagedSoundIsFound(t *testing.T) {
	o := newPieced(t, "MP3")
	results := o.runAll(t, 0, 1, 2)
	b, err := os.ReadFile(o.scratch("2-1"))
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)-100] ^= 1
	if err := os.WriteFile(o.scratch("2-1"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	o.restart()
	if _, err := o.kind.Finish(t.Context(), lro.Finishing{Work: o.work, Results: results, Progress: func(float64) {}}); err == nil {
		t.Error("Finish took damaged sound")
	}
	o.mustDiscard(t)
}

// A cancel stops the encoding at once, wherever it is.
func TestCancelWhileEncoding(t *testing.T) {
	o := newPieced(t, "OGG_OPUS")
	results := o.runAll(t, 2, 1, 0)
	cancelled := errors.New("cancelled")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(20*time.Millisecond, func() { cancel(cancelled) }) // encoding takes more than a second
	_, err := o.kind.Finish(ctx, lro.Finishing{Work: o.work, Results: results, Progress: func(float64) {}})
	if !errors.Is(err, cancelled) {
		t.Errorf("Finish returned %v, want the cause of its context", err)
	}
	o.mustDiscard(t)
}

func TestAudioLimitHoldsForEveryEncoding(t *testing.T) {
	o := newPieced(t, "MP3")
	p, err := o.stand.synth.Plan(t.Context(), synth.Request{Text: "Abcdefgh.", Voice: voices.Wish{Language: "en-US"}, Encoding: "MP3"})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.stand.synth.File(t.Context(), engine.Batch, p, 1000); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("more sound than allowed: %v, want INVALID_ARGUMENT", err)
	}
}

// A shard of which pieces must still be made is asked for again when it is lost.
func TestLostShardOfPiecesIsMadeAgain(t *testing.T) {
	o := newPieced(t, "MP3")
	results := o.runAll(t, 0, 1, 2)
	pieces, err := filepath.Glob(o.scratch("piece-*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(pieces, o.scratch("1-1")) {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	o.restart()
	mustRedo(t, o.kind, lro.Finishing{Work: o.work, Results: results, Epoch: 9, Progress: func(float64) {}}, 1)
	results[1] = o.run(t, 1, 2)
	o.mustCommit(t, results)
}
