package engine_test

import (
	"context"
	"testing"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/speech"
)

// quiet is an engine with voices and nothing to say.
type quiet struct{ driver.Engine }

func (quiet) Info() driver.Info {
	voice := func(name, language string, gender speech.Gender) speech.Voice {
		return speech.Voice{Name: name, EngineName: name, Languages: []string{language}, Gender: gender, NaturalSampleRateHertz: 8000}
	}
	return driver.Info{Name: "quiet", Voices: []speech.Voice{
		voice("en-US-Quiet-1", "en-US", speech.Female), voice("fr-CA-Quiet-1", "fr-CA", speech.Male),
		voice("fr-FR-Quiet-1", "fr-FR", speech.Male), voice("fr-FR-Quiet-2", "fr-FR", speech.Female),
		voice("cmn-CN-Quiet-1", "cmn-CN", speech.Male),
	}}
}
func (quiet) Close() error { return nil }

func TestInLanguage(t *testing.T) {
	e, err := engine.Open(t.Context(), engine.Config{Sources: []engine.Source{
		{Name: "quiet", Start: func(context.Context) (driver.Engine, error) { return quiet{}, nil }},
		{Name: tone.Name, Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{}), nil }},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, c := range []struct{ voice, language, want string }{
		{"en-US-Quiet-1", "fr-FR", "fr-FR-Quiet-2"},
		{"en-US-Quiet-1", "fr-CA", "fr-FR-Quiet-2"}, // the gender is more of a voice than the region
		{"en-US-Quiet-1", "fr", "fr-FR-Quiet-2"},
		{"en-US-Quiet-1", "en", "en-US-Quiet-1"},
		{"en-US-Quiet-1", "zh-CN", "cmn-CN-Quiet-1"},
		{"en-US-Quiet-1", "de-DE", "en-US-Quiet-1"}, // another engine's voice would be another voice
		{"en-US-Tone-2", "de-DE", "de-DE-Tone-1"},
	} {
		voice, ok := e.Catalogue().Lookup(c.voice)
		if !ok {
			t.Fatal(c.voice)
		}
		if got := e.InLanguage(voice, c.language); got.Name != c.want {
			t.Errorf("%s in %s is %s, want %s", c.voice, c.language, got.Name, c.want)
		}
	}
}
