package voices

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// house is a catalogue with voices of several languages and other names.
func house(t testing.TB, names Names) *Catalogue {
	t.Helper()
	voice := func(name string, gender speech.Gender) speech.Voice {
		tag, _, _ := strings.Cut(name, "-X-")
		return speech.Voice{Name: name, EngineName: strings.ToLower(name), Languages: []string{tag}, Gender: gender, NaturalSampleRateHertz: 16000, GainDB: 2}
	}
	c, err := New([]speech.Voice{
		voice("en-US-X-1", speech.Female), voice("en-US-X-2", speech.Male), voice("en-US-X-3", speech.Male),
		voice("en-GB-X-1", speech.Male), voice("fr-FR-X-1", speech.Male), voice("cmn-CN-X-1", speech.Male),
	}, names, nil)
	if err != nil {
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
		{"en-GB-Wavenet-A", "en-GB", speech.Female, "en-US-X-1"}, // the gender comes before the region
		{"fr-FR-Wavenet-F", "fr-FR", speech.Male, "fr-FR-X-1"},   // and the language before the gender, which is told as it is heard
		{"fr-FR-Wavenet-B", "fr-FR", speech.Male, "fr-FR-X-1"},   // retired
		{"en-US-Journey-F", "en-US", speech.Female, "en-US-X-1"}, // retired
		{"en-ZA-Chirp3-HD-Leda", "en-ZA", speech.Female, "en-US-X-1"},
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
	if _, err := c.Match(Wish{Language: "en-US", Name: "en-US-Chirp3-HD-Charonn"}); err == nil || !strings.Contains(err.Error(), "The nearest are en-US-Chirp3-HD-Charon,") {
		t.Errorf("a misspelt star: %v", err)
	}
	if _, err := c.Match(Wish{Language: "en", Name: "en-US-Wavenet-A"}); fault.From(err) == nil || fault.From(err).Field != FieldLanguage {
		t.Errorf("another language code: %v", err)
	}
	if _, err := house(t, Names{}).Match(Wish{Language: "en-US", Name: "en-US-Wavenet-A"}); err == nil {
		t.Error("served although refused")
	}
}

func TestListingOfGoogleNames(t *testing.T) {
	listed, served := house(t, Names{Google: GoogleListed}), house(t, Names{Google: GoogleServed})
	if n := len(served.List("")); n != 6 {
		t.Errorf("%d voices are listed, want the 6 of the house", n)
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
	for _, name := range []string{"en-US-Journey-D", "en-US-Wavenet-Z"} {
		if _, ok := listed.Lookup(name); !ok || seen[name] {
			t.Errorf("%s is listed or not served", name)
		}
	}
	if len(listed.List("de-DE")) != 0 {
		t.Error("German voices that nobody speaks are listed")
	}
}

func TestAliases(t *testing.T) {
	c := house(t, Names{Google: GoogleListed, Map: map[string]string{
		"en-US-Studio-O": "en-US-X-3", "narrator": "en-us-wavenet-c", "Charon": "en-GB-X-1",
		"de-DE-Standard-B": "fr-FR-X-1", "de-DE-Neural2-Z": "fr-FR-X-1", // nobody else speaks German
		"en-US-X-1": "en-US-X-2", "teller": "en-US-X-1",
	}})
	for _, wanted := range []struct {
		name, language, speaker string
		rate                    int
		gender                  speech.Gender
	}{
		{"en-us-studio-o", "en-US", "en-US-X-3", 24000, speech.Male},
		{"Narrator", "en-US", "en-US-X-1", 24000, speech.Female},
		{"charon", "en-GB", "en-GB-X-1", 16000, speech.Male},
		{"de-DE-Standard-B", "de-DE", "fr-FR-X-1", 24000, speech.Male},
		{"de-de-neural2-z", "de-DE", "fr-FR-X-1", 24000, speech.Male},
		{"en-US-X-1", "en-US", "en-US-X-2", 16000, speech.Male},
		{"teller", "en-US", "en-US-X-1", 16000, speech.Female}, // what the map gives to X-1 does not matter
	} {
		v, err := c.Match(Wish{Language: wanted.language, Name: wanted.name})
		if err != nil || c.Speaker(v).Name != wanted.speaker || v.NaturalSampleRateHertz != wanted.rate || v.Gender != wanted.gender {
			t.Errorf("%s is %+v, spoken by %s, want %+v; %v", wanted.name, v, c.Speaker(v).Name, wanted, err)
		}
		if n := len(slices.DeleteFunc(c.List(""), func(v speech.Voice) bool { return !strings.EqualFold(v.Name, wanted.name) })); n != 1 {
			t.Errorf("%s is listed %d times", wanted.name, n)
		}
	}
	for _, names := range []map[string]string{
		{"x": "en-US-Nobody-1"}, {"a\nb": "en-US-X-1"}, {"": "en-US-X-1"},
		{"a": "en-US-X-1", "A": "en-US-X-2"}, {"a": "en-US-X-1", "b": "a"},
	} {
		if _, err := New([]speech.Voice{{Name: "en-US-X-1"}, {Name: "en-US-X-2"}}, Names{Map: names}, nil); err == nil {
			t.Errorf("the names may be %v", names)
		}
	}
}

// The catalogue of Google's voices is what ListVoices gave.
func TestPublishedVoices(t *testing.T) {
	listed, retired := publishedVoices()
	if len(listed) != 2036 {
		t.Errorf("%d voices are listed, want 2036", len(listed))
	}
	seen := map[string]bool{}
	for _, v := range slices.Concat(listed, retired) {
		if !IsGoogleName(v.Name) || !strings.HasPrefix(v.Name, v.Languages[0]+"-") || v.Gender == speech.GenderUnspecified {
			t.Errorf("%+v", v)
		}
		if seen[strings.ToLower(v.Name)] {
			t.Errorf("%s is there twice", v.Name)
		}
		seen[strings.ToLower(v.Name)] = true
	}
}

// Whoever speaks under a name of Google's has its language, and its gender if
// any voice of the language has it.
func TestStandIns(t *testing.T) {
	listed, retired := publishedVoices()
	google := slices.Concat(listed, retired)
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom(google).Draw(t, "google's")
		own := rapid.SliceOf(rapid.Custom(func(t *rapid.T) speech.Voice {
			return speech.Voice{
				Name:      rapid.StringMatching("[a-z]{8}").Draw(t, "name"),
				Languages: []string{rapid.SampledFrom([]string{v.Languages[0], baseOf(v.Languages[0]) + "-ZZ", "xx-XX"}).Draw(t, "language")},
				Gender:    rapid.SampledFrom([]speech.Gender{speech.Male, speech.Female}).Draw(t, "gender"),
			}
		})).Draw(t, "own")
		language := baseOf(v.Languages[0])
		speaker, ok := standIn(own, v)
		if spoken := slices.ContainsFunc(own, func(o speech.Voice) bool { return speaks(o, language) }); spoken != ok {
			t.Fatalf("served: %v", ok)
		}
		if !ok {
			return
		}
		fits := slices.ContainsFunc(own, func(o speech.Voice) bool { return speaks(o, language) && o.Gender == v.Gender })
		if !speaks(speaker, language) || fits && speaker.Gender != v.Gender {
			t.Errorf("%s is spoken by %+v", v.Name, speaker)
		}
		if again, _ := standIn(own, v); again.Name != speaker.Name {
			t.Errorf("%s is spoken by %s and by %s", v.Name, speaker.Name, again.Name)
		}
	})
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
		{Choice{Language: "fr-CA", Required: []string{"language"}}, "fr-FR-X-1"},
		{Choice{Language: "zh-CN", Required: []string{"language"}}, "cmn-CN-X-1"},
		{Choice{Language: "fr-FR", Gender: speech.Female, Ordering: []string{"gender", "language"}}, "en-US-X-1"},
		{Choice{Language: "de-DE"}, "en-US-X-2"},
	} {
		w.choice.Base = base
		if got, err := c.Choose(w.choice); err != nil || got.Name != w.want {
			t.Errorf("%+v is %s, want %s; %v", w.choice, got.Name, w.want, err)
		}
	}
	alias, _ := c.Lookup("en-US-Wavenet-Q")
	if got, err := c.Choose(Choice{Gender: c.Speaker(alias).Gender, Base: alias}); err != nil || got.Name != alias.Name {
		t.Errorf("a voice of another name that fits gives way to %s, %v", got.Name, err)
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

// A neural voice speaks under Google's names, whatever the gender, and the list
// says which gender that is.
func TestGoogleNamesPreferNeuralVoices(t *testing.T) {
	voice := func(name string, gender speech.Gender, neural bool) speech.Voice {
		return speech.Voice{Name: name, EngineName: name, Languages: []string{name[:5]}, Gender: gender, NaturalSampleRateHertz: 16000, Neural: neural}
	}
	all := []speech.Voice{
		voice("en-US-Net-1", speech.Female, true), voice("en-US-Other-1", speech.Female, true), voice("en-US-Other-2", speech.Male, true),
		voice("en-US-Old-1", speech.Male, false), voice("en-GB-Old-1", speech.Male, false), voice("fr-FR-Old-1", speech.Male, false),
	}
	for _, c := range []struct {
		name string
		own  []speech.Voice
		want string
	}{
		{"en-US-Chirp3-HD-Charon", all, "en-US-Other-2"},     // male
		{"en-US-Chirp3-HD-Kore", all, "en-US-Net-1"},         // female, of the preferred engine
		{"en-US-Standard-C", all, "en-US-Net-1"},             // female
		{"en-US-Chirp3-HD-Charon", all[:1], "en-US-Net-1"},   // there is no other
		{"en-GB-Neural2-B", all, "en-US-Other-2"},            // another region
		{"fr-FR-Neural2-B", all, "fr-FR-Old-1"},              // no neural one speaks French
		{"en-US-Wavenet-D", all[3:], "en-US-Old-1"},          // none is installed
		{"en-US-Chirp3-HD-Charon", all[:4], "en-US-Other-2"}, // always the same
	} {
		catalogue, err := New(c.own, Names{Google: GoogleListed}, nil)
		if err != nil {
			t.Fatal(err)
		}
		v, ok := catalogue.Lookup(c.name)
		speaker := catalogue.Speaker(v)
		if !ok || speaker.Name != c.want {
			t.Errorf("%s is spoken by %s, want %s", c.name, speaker.Name, c.want)
		}
		if v.Gender != speaker.Gender {
			t.Errorf("%s is listed as %v and spoken by one that is %v", c.name, v.Gender, speaker.Gender)
		}
	}
}

// The sample of Google's for several speakers is spoken by as many voices.
func TestEnsemble(t *testing.T) {
	c := house(t, Names{Google: GoogleListed})
	speakers, ok := Ensemble("en-us-studio-multispeaker")
	if !ok || len(speakers) != 4 {
		t.Fatalf("%v, %v", speakers, ok)
	}
	heard := map[string]string{}
	for _, letter := range []string{"R", "S", "T", "U"} {
		v, err := c.Match(Wish{Language: "en-US", Name: speakers[letter]})
		if err != nil {
			t.Fatal(err)
		}
		speaker := c.Speaker(v).Name
		if other, twice := heard[speaker]; twice {
			t.Errorf("%s and %s are spoken by %s", other, letter, speaker)
		}
		heard[speaker] = letter
	}
	if v, err := c.Match(Wish{Language: "en-US", Name: "en-US-Studio-MultiSpeaker"}); err != nil || c.Speaker(v).Gender != speech.Female {
		t.Errorf("%+v, %v", v, err)
	}
	for _, v := range c.List("en-US") {
		if strings.Contains(v.Name, "MultiSpeaker") {
			t.Errorf("%s is listed", v.Name)
		}
	}
	if _, err := house(t, Names{}).Match(Wish{Language: "en-US", Name: "en-US-Studio-MultiSpeaker"}); err == nil {
		t.Error("it is served where Google's names are not")
	}
	if cast := castOf(c.preferred, "fr-FR", 3); len(cast) != 3 || cast[2].Name != "fr-FR-X-1" {
		t.Errorf("a cast of one voice is %v", cast)
	}
	if cast := castOf(c.preferred, "xx-XX", 3); cast != nil {
		t.Errorf("a cast of none is %v", cast)
	}
}

func TestRelatedLanguages(t *testing.T) {
	voice := func(name, tag string) speech.Voice {
		return speech.Voice{Name: name, EngineName: name, Languages: []string{tag}, Gender: speech.Male, NaturalSampleRateHertz: 16000}
	}
	c, err := New([]speech.Voice{voice("id-ID-X-1", "id-ID"), voice("es-419-X-1", "es-419"), voice("es-ES-X-1", "es-ES")}, Names{Google: GoogleListed}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"fil-PH-Wavenet-A": "id-ID-X-1", "gl-ES-Standard-A": "es-ES-X-1", "gl-ES-Standard-B": "es-ES-X-1"} {
		language, _, _ := strings.Cut(name, "-Wavenet")
		language, _, _ = strings.Cut(language, "-Standard")
		v, err := c.Match(Wish{Language: language, Name: name})
		if err != nil || c.Speaker(v).Name != want {
			t.Errorf("%s is spoken by %s, %v", name, c.Speaker(v).Name, err)
		}
	}
	for _, code := range []string{"fil-PH", "tl-PH", "gl-ES"} {
		if _, err := c.Match(Wish{Language: code}); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// What a start, and each change of the installed voices, makes.
func BenchmarkNew(b *testing.B) {
	listed, _ := publishedVoices()
	var own []speech.Voice
	for i, v := range listed[:140] {
		v.Name = fmt.Sprintf("%s-Own-%d", v.Languages[0], i)
		own = append(own, v)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(own, Names{Google: GoogleServed}, nil); err != nil {
			b.Fatal(err)
		}
	}
}
