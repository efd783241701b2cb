package longaudio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/lectern/lectern/encode/mp3"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
)

// newPauses is an operation of one shard of SSML.
func newPauses(t *testing.T, encoding, ssml string) (*pieced, *synth.Plan) {
	t.Helper()
	if !mp3.MP3().CanCarry(24000) {
		t.Skip("SKIPPED: this build has no codecs")
	}
	s := newStand(t)
	plan, err := s.synth.Plan(t.Context(), synth.Request{SSML: "<speak>" + ssml + "</speak>", Voice: voices.Wish{Language: "en-US"}, Encoding: encoding})
	if err != nil {
		t.Fatal(err)
	}
	o := &pieced{stand: s, work: lro.Work{ID: "pauses",
		Request: fmt.Appendf(nil, `{"object":{"Bucket":"books","Name":"p"},"settings":{"encoding":"%s","sampleRate":%d}}`, encoding, plan.Settings.SampleRate)}}
	o.restart()
	if o.tasks, err = tasksOf(plan); err != nil {
		t.Fatal(err)
	}
	return o, plan
}

// Pauses between speech, and at both ends, give the bytes of a file that is encoded in
// one go: nothing of what surrounds them is harmed, and no frame is lost.
func TestPausesArePieces(t *testing.T) {
	const pause = `<break time="60s"/>`
	ssml := strings.Repeat(pause, 4) + "Abc def. " + strings.Repeat(pause, 5) + "Ghi." + strings.Repeat(pause, 3)
	for _, encoding := range []string{"MP3", "OGG_OPUS", "M4A"} {
		t.Run(encoding, func(t *testing.T) {
			o, plan := newPauses(t, encoding, ssml)
			var err error
			if o.want, _, err = o.stand.synth.File(t.Context(), engine.Batch, plan, 100<<20); err != nil {
				t.Fatal(err)
			}
			results := o.runAll(t, ordered(o.tasks)...)
			if o.restart(); len(o.tasks) > 1 {
				t.Logf("%d shards", len(o.tasks))
			}
			silent := countSilent(t, o, results)
			if silent < 6 && holesHere(t, o, results) {
				t.Errorf("%d pieces are known to be silent, of 8 or so", silent)
			}
			o.mustCommit(t, results)
		})
	}
}

func ordered(tasks []lro.Task) (order []int) {
	for i := range tasks {
		order = append(order, i)
	}
	return order
}

// countSilent is how many pieces are known to be silent.
func countSilent(t *testing.T, o *pieced, results [][]byte) (n int) {
	sound, work := soundOf(t, o, results)
	silent := silentPieces{work: work}
	for i := range work.pieces.Count(work.rate, sound.frames()) {
		if silent.is(t.Context(), o.kind, sound, i) {
			n++
		}
	}
	return n
}

func soundOf(t *testing.T, o *pieced, results [][]byte) (spokenSound, piecework) {
	t.Helper()
	read, _, err := readResults(results)
	if err != nil {
		t.Fatal(err)
	}
	var sound spokenSound
	for _, r := range read {
		sound.add(r)
	}
	var spec Spec
	if err := json.Unmarshal(o.work.Request, &spec); err != nil {
		t.Fatal(err)
	}
	work, ok, err := o.kind.piecework(o.work.ID, spec)
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	return sound, work
}

// holesHere reports whether the disk knows holes.
func holesHere(t *testing.T, o *pieced, results [][]byte) bool {
	read, _, err := readResults(results)
	if err != nil {
		t.Fatal(err)
	}
	return o.kind.silent(t.Context(), o.work.ID, read[0], 4096, 8192)
}

// What a power cut has taken looks like silence, and is not taken for it.
func TestLostSoundIsNoSilence(t *testing.T) {
	o := newPieced(t, "MP3")
	results := o.runAll(t, 0, 1, 2)
	for _, name := range append(o.pieces(t), o.scratch("1-1")) { // all that is known of the second shard
		st, err := os.Stat(name)
		if err == nil {
			err = errors.Join(os.Truncate(name, 0), os.Truncate(name, st.Size()))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	o.restart()
	if _, err := o.kind.Finish(t.Context(), lro.Finishing{Work: o.work, Results: results}); err == nil {
		t.Error("Finish took sound for silence that was lost")
	}
	o.mustDiscard(t)
}

// A cancel ends the writing of pauses too.
func TestCancelWhileWritingPauses(t *testing.T) {
	o, _ := newPauses(t, "MP3", strings.Repeat(`<break time="60s"/>`, 600)+"Abc.")
	results := o.runAll(t, ordered(o.tasks)...)
	sound, work := soundOf(t, o, results)
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	silent := silentPieces{work: work}
	open, err := silent.open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := open.Read(make([]byte, 100)); n != 100 || err != nil {
		t.Fatal(n, err)
	}
	cancel(enough)
	if n, err := open.Read(make([]byte, 100)); n != 0 || err != enough {
		t.Errorf("after the cancel %d bytes more, %v", n, err)
	}
	if silent.is(ctx, o.kind, sound, 5) {
		t.Error("after the cancel it is still looked for silence")
	}
	if _, err := o.kind.Finish(ctx, lro.Finishing{Work: o.work, Results: results}); !errors.Is(err, enough) {
		t.Errorf("Finish returned %v, want the cause of its context", err)
	}
	o.mustDiscard(t)
}
