package longaudio

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
)

// What a release from before this package has stored of an operation under way:
// its request, its two shards, and the results of both. They are copies of what
// it wrote and never change.
const storedRequest = `{"object":{"Bucket":"books","Name":"two.wav"},"settings":{"voice":"en-US-Tone-1","encoding":"LINEAR16","sampleRate":16000,"captions":true},"sidecars":["srt"]}`

var (
	storedShards = []string{
		`{"voice":"en-US-Tone-1","encoding":"LINEAR16","sampleRate":16000,"captions":true,"segments":[{"t":"Abc.","w":[{"start":0,"end":3,"w":"Abc.","l":true}]}]}`,
		`{"voice":"en-US-Tone-1","encoding":"LINEAR16","sampleRate":16000,"captions":true,"segments":[{"t":"Defg.","w":[{"start":0,"end":4,"w":"Defg.","l":true}]}]}`,
	}
	storedResults = []string{
		`{"scratch":"0-1","frames":1920,"bytes":3840,"crc32c":2320647449,"cuesCrc32c":3783150469}`,
		`{"scratch":"1-1","frames":2400,"bytes":4800,"crc32c":2528708480,"cuesCrc32c":1238151354}`,
	}
)

// TestOperationsOfAnOlderRelease goes on with such an operation, whether its
// shards are still to be spoken or only to be joined.
func TestOperationsOfAnOlderRelease(t *testing.T) {
	s := newStand(t)
	plan, err := s.synth.Plan(t.Context(), synth.Request{Text: "Abc. Defg.", Voice: voices.Wish{Language: "en-US"}, Encoding: "LINEAR16"})
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := s.synth.File(t.Context(), engine.Batch, plan, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	work := lro.Work{ID: "two", Request: []byte(storedRequest)}
	results := make([][]byte, len(storedShards))
	for i, payload := range storedShards {
		results[i], err = s.kind().Run(t.Context(), lro.Shard{Work: work, Index: i, Count: 2, Payload: []byte(payload), Epoch: 1, Beat: func() {}, Progress: func(float64) {}})
		if err != nil {
			t.Fatal(err)
		}
		if string(results[i]) != storedResults[i] {
			t.Errorf("the result of shard %d is %s now, and was %s", i, results[i], storedResults[i])
		}
		results[i] = []byte(storedResults[i])
	}
	c, err := s.kind().Finish(t.Context(), lro.Finishing{Work: work, Results: results, Epoch: 2, Progress: func(float64) {}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	book := bucket.Object{Bucket: "books", Name: "two.wav"}
	if got, err := os.ReadFile(s.directory.Path("books/" + book.Name)); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the object has %d bytes, want %d; %v", len(got), len(want), err)
	}
	if got, err := os.ReadFile(s.directory.Path("books/" + book.Beside(".srt").Name)); err != nil || !strings.Contains(string(got), "120\nAbc.\n\n2\n") {
		t.Errorf("the captions are %q; %v", got, err)
	}
}
