package engine

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// house is a catalogue with voices of several languages and other names.
func house(t testing.TB, names Names) *Catalogue {
	t.Helper()
	voice := func(name string, gender speech.Gender) speech.Voice {
		return speech.Voice{Name: name, EngineName: strings.ToLower(name), Languages: []string{name[:5]}, Gender: gender, NaturalSampleRateHertz: 16000, GainDB: 2}
	}
	c := NewCatalogue([]driver.Info{{Name: "x", Voices: []speech.Voice{
		voice("en-US-X-1", speech.Female), voice("en-US-X-2", speech.Male), voice("en-US-X-3", speech.Male),
		voice("en-GB-X-1", speech.Male), voice("fr-FR-X-1", speech.Male),
	}}}, nil)
	if err := c.addNames(names); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestGoogleNamesAreServed(t *testing.T) {
	c := house(t, Names{Google: GoogleListed})
	for _, wanted := range []struct {
		name, language string
		gender         speech.Gender
		speaker        string // a prefix
	}{
		{"en-US-Standard-A", "en-US", speech.Male, "en-US-X-"},
		{"en-US-Studio-O", "en-US", speech.Female, "en-US-X-1"},
		{"en-us-chirp3-hd-charon", "en-us", speech.Male, "en-US-X-"},
		{"en-US-Chirp3-HD-Kore", "en-US", speech.Female, "en-US-X-1"},
		{"en-GB-Wavenet-A", "en-GB", speech.Female, "en-GB-X-1"}, // the region comes before the gender
		{"en-AU-Neural2-B", "en-AU", speech.Male, "en-"},
		{"fr-CA-Wavenet-B", "fr-CA", speech.Male, "fr-FR-X-1"},
		{"en-US-Wavenet-Z", "en-US", speech.GenderUnspecified, "en-US-X-"}, // not published, still served
	} {
		v, err := c.Match(Wish{Language: wanted.language, Name: wanted.name})
		if err != nil {
			t.Errorf("%s: %v", wanted.name, err)
			continue
		}
		speaker := c.Speaker(v)
		if !strings.EqualFold(v.Name, wanted.name) || v.NaturalSampleRateHertz != 24000 || !strings.HasPrefix(speaker.Name, wanted.speaker) {
			t.Errorf("%s is %+v, spoken by %s", wanted.name, v, speaker.Name)
		}
		if wanted.gender != speech.GenderUnspecified && v.Gender != wanted.gender {
			t.Errorf("%s is %v", wanted.name, v.Gender)
		}
		if v.EngineName != speaker.EngineName || v.GainDB != speaker.GainDB || speaker.NaturalSampleRateHertz != 16000 {
			t.Errorf("%s has not the sound of its speaker: %+v, %+v", wanted.name, v, speaker)
		}
	}
}

func TestGoogleNamesAreSpread(t *testing.T) {
	c := house(t, Names{Google: GoogleServed})
	speakers := map[string]bool{}
	for _, letter := range "ABDIJ" { // the men of Standard
		v, err := c.Match(Wish{Language: "en-US", Name: "en-US-Standard-" + string(letter)})
		if err != nil {
			t.Fatal(err)
		}
		speakers[c.Speaker(v).Name] = true
	}
	if len(speakers) < 2 {
		t.Errorf("all are spoken by %v", speakers)
	}
}

func TestWhatGoogleNamesAreNot(t *testing.T) {
	c := house(t, Names{Google: GoogleListed})
	for name, says := range map[string]string{
		"en-US-Standard": "does not exist", "en-US-Chirp3-HD-Nobody": "does not exist", "en-US-Wavenet-": "does not exist",
		"de-DE-Wavenet-A": "does not exist", // nobody speaks German here
		"Charon":          "requires a model name", "kore": "requires a model name",
	} {
		if _, err := c.Match(Wish{Language: "en-US", Name: name}); !fault.Is(err, fault.InvalidArgument) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := c.Match(Wish{Language: "en", Name: "en-US-Wavenet-A"}); fault.From(err) == nil || fault.From(err).Field != "voice.language_code" {
		t.Errorf("another language code: %v", err)
	}
	if _, err := house(t, Names{}).Match(Wish{Language: "en-US", Name: "en-US-Wavenet-A"}); err == nil {
		t.Error("served although refused")
	}
}

func TestListingOfGoogleNames(t *testing.T) {
	listed, served := house(t, Names{Google: GoogleListed}), house(t, Names{Google: GoogleServed})
	if n := len(served.List("")); n != 5 {
		t.Errorf("%d voices are listed, want the 5 of the house", n)
	}
	seen := map[string]bool{}
	for _, v := range listed.List("en-US") {
		if seen[v.Name] || !speaksExactly(v, "en-US") {
			t.Errorf("%s is listed twice or not American", v.Name)
		}
		seen[v.Name] = true
	}
	for _, name := range []string{"en-US-X-1", "en-US-Wavenet-D", "en-US-Chirp3-HD-Zephyr", "en-US-Polyglot-1"} {
		if !seen[name] {
			t.Errorf("%s is not listed", name)
		}
	}
	if len(listed.List("de-DE")) != 0 {
		t.Error("German voices that nobody speaks are listed")
	}
}

func TestAliases(t *testing.T) {
	c := house(t, Names{Google: GoogleListed, Map: map[string]string{"en-US-Studio-O": "en-US-X-3", "narrator": "en-us-wavenet-c"}})
	for name, want := range map[string]string{"en-us-studio-o": "en-US-X-3", "Narrator": "en-US-X-1"} {
		v, err := c.Match(Wish{Language: "en-US", Name: name})
		if err != nil || c.Speaker(v).Name != want {
			t.Errorf("%s is spoken by %s, want %s; %v", name, c.Speaker(v).Name, want, err)
		}
	}
	for name, target := range map[string]string{"x": "en-US-Nobody-1", "a\nb": "en-US-X-1", "": "en-US-X-1"} {
		if err := NewCatalogue(nil, nil).addNames(Names{Map: map[string]string{name: target}}); err == nil {
			t.Errorf("%q may be %q", name, target)
		}
	}
}

// A name has the same voice in any case, always.
func TestANameIsOneVoice(t *testing.T) {
	c := house(t, Names{Google: GoogleServed})
	rapid.Check(t, func(t *rapid.T) {
		name := "en-US-" + rapid.SampledFrom(types).Draw(t, "type") + "-" + rapid.StringMatching(`[A-Z0-9]`).Draw(t, "letter")
		first, ok := c.Lookup(name)
		if !ok {
			t.Fatalf("%s is not served", name)
		}
		for _, spelt := range []string{name, strings.ToLower(name), strings.ToUpper(name)} {
			v, ok := c.Lookup(spelt)
			if !ok || c.Speaker(v).Name != c.Speaker(first).Name {
				t.Errorf("%s is spoken by %s, %s by %s", name, c.Speaker(first).Name, spelt, c.Speaker(v).Name)
			}
		}
	})
}

func TestChoose(t *testing.T) {
	c := house(t, Names{Google: GoogleServed})
	base, _ := c.Lookup("en-US-X-2")
	for _, w := range []struct {
		choice Choice
		want   string
	}{
		{Choice{Name: "fr-fr-x-1"}, "fr-FR-X-1"},
		{Choice{Gender: speech.Female}, "en-US-X-1"},
		{Choice{Gender: speech.Male}, "en-US-X-2"}, // the one that speaks already
		{Choice{Gender: speech.Male, Variant: 2}, "en-US-X-3"},
		{Choice{Gender: speech.Male, Variant: 3}, "en-US-X-2"},
		{Choice{Language: "fr-FR", Gender: speech.Female}, "fr-FR-X-1"},
		{Choice{Language: "fr-CA"}, "fr-FR-X-1"},
		{Choice{Language: "fr-FR", Gender: speech.Female, Ordering: []string{"gender", "language"}}, "en-US-X-1"},
		{Choice{Language: "de-DE"}, "en-US-X-2"},
	} {
		w.choice.Base = base
		if got, err := c.Choose(w.choice); err != nil || got.Name != w.want {
			t.Errorf("%+v is %s, want %s; %v", w.choice, got.Name, w.want, err)
		}
	}
	for _, choice := range []Choice{
		{Name: "nobody"}, {Language: "fr-FR", Gender: speech.Female, Required: []string{"gender"}},
		{Language: "de-DE", Required: []string{"language"}}, {Gender: speech.Male, Variant: 9, Required: []string{"variant"}},
	} {
		choice.Base = base
		if got, err := c.Choose(choice); !fault.Is(err, fault.InvalidArgument) {
			t.Errorf("%+v is %s, %v", choice, got.Name, err)
		}
	}
}
