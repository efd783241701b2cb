package synth_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
)

// voiced is who says what of a plan.
func voiced(p *synth.Plan) (said []string) {
	for _, s := range p.Segments {
		if s.Text != "" {
			said = append(said, strings.TrimPrefix(s.Voice+": ", ": ")+s.Text)
		}
	}
	return said
}

func TestTextThatNoVoiceReads(t *testing.T) {
	s := newSynth(t, tone.Options{})
	_, err := s.Plan(context.Background(), request("你好，世界。Привет!"))
	f := fault.From(err)
	if f == nil || f.Code != fault.InvalidArgument || f.Field != "input.text" || !strings.Contains(f.Error(), "Han, Cyrillic") {
		t.Errorf("nothing can be read: %v", err)
	}
	p, err := s.Plan(context.Background(), request("They say 你好 here. And go."))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := voiced(p), []string{"They say", "here.", "And go."}; !slices.Equal(got, want) || !slices.Equal(p.Unread, []string{"Han"}) {
		t.Errorf("%q, unread %q", got, p.Unread)
	}
	if !p.Segments[0].Continues || p.Segments[1].Continues {
		t.Errorf("the sentence is parted: %+v", p.Segments)
	}
}
