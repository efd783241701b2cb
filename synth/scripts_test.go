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
	if f == nil || f.Code != fault.InvalidArgument || f.Field != synth.FieldText || !strings.Contains(f.Error(), "Han, Cyrillic") {
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

func TestLexicons(t *testing.T) {
	engines := newSynth(t, tone.Options{}).Engines()
	s := synth.New(synth.Config{Engines: engines, Formats: formats, Lexicons: synth.Lexicons{
		"":     {{Written: "Dr.", Language: "en", Spoken: "drive"}, {Written: "你好", Language: "*", Spoken: "knee how"}, {Written: "cat", Language: "de", Spoken: "Katze"}},
		"city": {{Written: "Dr.", Language: "en-US", Spoken: "doc"}},
	}})
	r := request("Dr. Lee said 你好 to my cat.")
	for _, c := range []struct {
		names []string
		own   []synth.Pronunciation
		want  string
	}{
		{nil, nil, "drive Lee said knee how to my cat."},
		{[]string{"city"}, nil, "doc Lee said knee how to my cat."},
		{[]string{"city"}, []synth.Pronunciation{{Phrase: "Dr.", Spoken: "doctor"}}, "doctor Lee said knee how to my cat."},
	} {
		r.Lexicons, r.Pronunciations = c.names, c.own
		p, err := s.Plan(context.Background(), r)
		if err != nil || !slices.Equal(voiced(p), []string{c.want}) {
			t.Errorf("%q: %q, %v", c.names, voiced(p), err)
		}
	}
	r.Lexicons = []string{"town"}
	if _, err := s.Plan(context.Background(), r); !fault.Is(err, fault.InvalidArgument) || !strings.Contains(err.Error(), `"town"`) {
		t.Errorf("a lexicon that is not there: %v", err)
	}
}
