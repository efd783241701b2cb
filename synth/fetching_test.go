package synth_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
)

// hanging is a library whose sounds never come.
type hanging struct{ asked atomic.Int32 }

func (h *hanging) Open(ctx context.Context, _ string) (audio.Stream, error) {
	h.asked.Add(1)
	<-ctx.Done()
	return nil, context.Cause(ctx)
}

func hung(n int) string {
	var b strings.Builder
	b.WriteString("<speak>")
	for i := range n {
		fmt.Fprintf(&b, `<audio src="https://host-%d.example.com/a.mp3">ab</audio>`, i)
	}
	return b.String() + "</speak>"
}

// A document whose sounds do not come waits for all of them together, in all of
// its parts, and then speaks their fallbacks.
func TestADocumentWaitsOnceForItsSounds(t *testing.T) {
	h := &hanging{}
	waits := 0
	s := synth.New(synth.Config{
		Engines: newSynth(t, tone.Options{}).Engines(), Formats: formats, Clips: h, Log: slog.New(slog.DiscardHandler),
		Waiting: func(_ context.Context, wait func() error) error { waits++; return wait() },
	})
	s.SetFetchTime(time.Hour, time.Millisecond)
	p := plan(t, s, document(hung(50)))
	var frames audio.Frames
	parts := p.Parts()
	for _, part := range parts {
		spoken, err := s.Body(t.Context(), engine.Batch, part, new(holed))
		if err != nil {
			t.Fatal(err)
		}
		frames += spoken.Frames
	}
	if len(parts) < 2 || frames != 50*2*character {
		t.Errorf("%d parts have %d frames, want those of 50 fallbacks, %d", len(parts), frames, 50*2*character)
	}
	if asked := h.asked.Load(); asked != 1 || waits != 1 {
		t.Errorf("%d sounds were asked for, %d through Waiting, want the first only", asked, waits)
	}
	again := plan(t, s, document(hung(2)))
	if _, err := s.Body(t.Context(), engine.Batch, again, new(holed)); err != nil || h.asked.Load() != 2 {
		t.Errorf("another document asked %d times, %v", h.asked.Load()-1, err)
	}
}

func TestTooManySoundsAreRefused(t *testing.T) {
	s := newSynth(t, tone.Options{})
	if _, err := s.Plan(t.Context(), document(hung(100))); err != nil {
		t.Error(err)
	}
	_, err := s.Plan(t.Context(), document(hung(101)))
	if !fault.Is(err, fault.InvalidArgument) || fault.From(err).Column == 0 || fault.From(err).Field != synth.FieldSSML {
		t.Errorf("101 sounds: %v", err)
	}
	same := "<speak>" + strings.Repeat(`<audio src="https://example.com/second"/>`, 200) + "</speak>"
	if _, err := s.Plan(t.Context(), document(same)); err != nil {
		t.Errorf("one sound 200 times: %v", err)
	}
}
