package command

import (
	"bytes"
	"testing"
	"time"

	"github.com/lectern/lectern/synth"
)

func TestSayProgress(t *testing.T) {
	var screen, file bytes.Buffer
	now := time.Unix(0, 0)
	plan := &synth.Plan{Settings: synth.Settings{Voice: "en-US-Tone-1", SampleRate: 16000, Encoding: "LINEAR16"},
		Segments: []synth.Segment{{Text: "a hundred and fifty bytes"}}}
	p := newSayProgress(&environment{stderr: &screen}, "hello.wav", plan, &stream{to: &file, flowing: true})
	if screen.Len() > 0 {
		t.Errorf("%q where nobody looks", &screen)
	}
	p.terminal, p.width, p.now, p.expected = true, func() int { return 40 }, func() time.Time { return now }, 10*time.Second
	write(t, p, string(make([]byte, 5*32000)))
	if got, want := screen.String(), eraseLine+"[#############-------------] 5 s spoken"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	write(t, p, "ab") // at once
	now = now.Add(redrawn)
	write(t, p, string(make([]byte, 15*32000))) // longer than it was thought to be
	p.done(plan, synth.Spoken{Frames: 51200})
	if got, want := screen.String(), eraseLine+"[#############-------------] 5 s spoken"+eraseLine+"[#########################] 20 s spoken"+eraseLine+"hello.wav: 3.2 s, en-US-Tone-1\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if file.Len() != 20*32000+2 {
		t.Errorf("%d bytes have passed", file.Len())
	}
}
