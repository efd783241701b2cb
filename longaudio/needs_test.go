package longaudio

import (
	"slices"
	"testing"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/synth"
)

// An operation needs the voices that speak in it and its encoding, each once; who
// has both is able to do it.
func TestNeeds(t *testing.T) {
	s := newStand(t)
	all := s.synth.Engines().Catalogue().Speakers()
	if len(all) < 2 {
		t.Fatalf("the engine of sines has the voices %q", all)
	}
	plan, err := s.synth.Plan(t.Context(), synth.Request{
		SSML:     `<speak>One. <voice name="` + all[1] + `">Two.</voice> Three. <voice name="` + all[1] + `">Four.</voice></speak>`,
		Voice:    voices.Wish{Name: all[0], Language: "en-US"},
		Encoding: "MP3", SampleRate: 24000,
	})
	if err != nil {
		t.Fatal(err)
	}
	order, err := s.Order("long-audio.test", plan, Spec{Object: bucket.Object{Bucket: "books", Name: "o.mp3"}})
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"encoding:MP3", "voice:" + all[0], "voice:" + all[1]}; !slices.Equal(order.Needs, want) {
		t.Errorf("it needs %q, not %q", order.Needs, want)
	}
	if order.Label != "gs://books/o.mp3" {
		t.Errorf("its label is %q", order.Label)
	}
	able := s.Abilities()
	for _, need := range order.Needs {
		if !slices.Contains(able, need) {
			t.Errorf("%q is not among the abilities %q", need, able)
		}
	}
	if slices.Contains(able, "encoding:FLAC") {
		t.Error("it is able to do what it was not built with")
	}
}
