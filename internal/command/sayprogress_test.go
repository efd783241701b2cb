package command

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/synth"
)

// TestSayProgress: the bar is that of the sound that is expected, but never behind the
// sentences that are over, nor ahead of those that have begun.
func TestSayProgress(t *testing.T) {
	var screen bytes.Buffer
	// Each sentence has 150 bytes, which take 10 s to read; a pause of 20 s comes behind.
	sentence := synth.Segment{Text: strings.Repeat("fifteen bytes. ", 10)}
	plan := &synth.Plan{
		Settings: synth.Settings{Voice: "en-US-Tone-1", SampleRate: 16000, Encoding: "MP3"},
		Segments: []synth.Segment{sentence, sentence, {Pause: 20 * time.Second}},
	}
	p := newPlanProgress(newSayProgress(&environment{stderr: &screen}, "hello.mp3"), plan)
	for _, c := range []struct {
		far  synth.Progress
		want string
	}{
		{synth.Progress{Over: 0, Begun: 150, Frames: 0}, "[----------------------------------------] 0 s spoken"},
		{synth.Progress{Over: 0, Begun: 150, Frames: 10 * 16000}, "[##########------------------------------] 10 s spoken"},
		{synth.Progress{Over: 0, Begun: 150, Frames: 30 * 16000}, "[####################--------------------] 30 s spoken"},
		{synth.Progress{Over: 150, Begun: 300, Frames: 31 * 16000}, "[###############################---------] 31 s spoken"},
		{synth.Progress{Over: 300, Begun: 300, Frames: 32 * 16000}, "[########################################] 32 s spoken"},
	} {
		p.tell(c.far)
		if got := p.line(60); got != c.want {
			t.Errorf("%+v: %q, want %q", c.far, got, c.want)
		}
	}
	p.whole(synth.Spoken{Frames: 51200})
	// Nothing is drawn where nobody looks.
	if got, want := screen.String(), "hello.mp3: 3.2 s, en-US-Tone-1\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	screen.Reset()
	newSayProgress(&environment{stderr: &screen}, "-").done(time.Second, "")
	if got, want := screen.String(), "1.0 s\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
