package voices_test

import (
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

func named(gender speech.Gender, name string, languages ...string) speech.Voice {
	return speech.Voice{Name: name, Languages: languages, Gender: gender, NaturalSampleRateHertz: 16000, EngineName: name}
}

var catalogue = must(voices.New([]speech.Voice{
	named(speech.Female, "en-US-Flite-Slt", "en-US"),
	named(speech.Male, "en-US-Flite-Rms", "en-US"),
	named(speech.Male, "en-US-Espeak-1", "en-US"),
	named(speech.Male, "en-GB-Espeak-1", "en-GB"),
	named(speech.Female, "en-GB-Espeak-2", "en-GB"),
	named(speech.Male, "es-419-Espeak-1", "es-419", "es-MX"),
	named(speech.Male, "es-ES-Espeak-1", "es-ES"),
	named(speech.Male, "nb-NO-Espeak-1", "nb-NO", "no-NO"),
	named(speech.Male, "cmn-CN-Espeak-1", "cmn-CN"),
	named(speech.Male, "id-ID-Espeak-1", "id-ID"),
}, voices.Names{}, nil))

func must(c *voices.Catalogue, err error) *voices.Catalogue {
	if err != nil {
		panic(err)
	}
	return c
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		language, name string
		gender         speech.Gender
		want           string
	}{
		{"en-US", "", 0, "en-US-Flite-Slt"},
		{"EN-us", "", 0, "en-US-Flite-Slt"},
		{"en-US", "", speech.Male, "en-US-Flite-Rms"},
		{"en-US", "", speech.Neutral, "en-US-Flite-Slt"},
		{"en-GB", "", 0, "en-GB-Espeak-1"},
		{"en-GB", "", speech.Female, "en-GB-Espeak-2"},
		{"en-ZA", "", 0, "en-US-Flite-Slt"},
		{"en-ZA", "", speech.Male, "en-US-Flite-Rms"},
		{"en", "", 0, "en-US-Flite-Slt"},
		{"es", "", 0, "es-419-Espeak-1"},
		{"es-MX", "", speech.Female, "es-419-Espeak-1"},
		{"es-ES", "", 0, "es-ES-Espeak-1"},
		{"no", "", 0, "nb-NO-Espeak-1"},
		{"no-NO", "", 0, "nb-NO-Espeak-1"},
		{"nb", "", 0, "nb-NO-Espeak-1"},
		{"nn-NO", "", 0, "nb-NO-Espeak-1"},
		{"zh-TW", "", 0, "cmn-CN-Espeak-1"},
		{"in", "", 0, "id-ID-Espeak-1"},
		{"en-US", "en-US-Flite-Rms", speech.Female, "en-US-Flite-Rms"},
		{"en-us", "EN-us-fLITE-rMS", 0, "en-US-Flite-Rms"},
		{"es-mx", "es-419-Espeak-1", 0, "es-419-Espeak-1"},
		{"no-NO", "nb-NO-Espeak-1", 0, "nb-NO-Espeak-1"},
	} {
		got, err := catalogue.Match(voices.Wish{Language: c.language, Name: c.name, Gender: c.gender})
		if err != nil || got.Name != c.want {
			t.Errorf("Match(%q, %q, %v) is %q, %v; want %q", c.language, c.name, c.gender, got.Name, err, c.want)
		}
	}
}

func TestMatchRefuses(t *testing.T) {
	for _, c := range []struct{ language, name, field, says string }{
		{"", "", voices.FieldLanguage, "required"},
		{"", "en-US-Flite-Slt", voices.FieldLanguage, "required"},
		{"xx-XX", "", voices.FieldLanguage, "no voice for the language 'xx-XX'"},
		{"cmn-Hant-CN", "", voices.FieldLanguage, "Use 'cmn-CN'"},
		{"cmn-hans", "", voices.FieldLanguage, "Use 'cmn'"},
		{"en_US", "", voices.FieldLanguage, "'en-US'"},
		{"english", "", voices.FieldLanguage, "not a BCP-47"},
		{"en-", "", voices.FieldLanguage, "not a BCP-47"},
		{"../..", "", voices.FieldLanguage, "not a BCP-47"},
		{strings.Repeat("x", 1000), "", voices.FieldLanguage, "…"},
		{"ko", "en-US-Flite-Slt", voices.FieldLanguage, "Requested language code 'ko' doesn't match the voice 'en-US-Flite-Slt''s language code 'en-us'. " +
			"Either pick a different voice, or change the requested language code to en-us."},
		{"en", "en-US-Flite-Slt", voices.FieldLanguage, "doesn't match"},
		{"en-US", "en-US-Flit-Slt", voices.FieldName, "Voice 'en-US-Flit-Slt' does not exist. Is it misspelled? The nearest are en-US-Flite-Slt"},
		{"en-US", "en-US-Wavenet-D", voices.FieldName, "en-US-Flite-Slt"},
		{"fr-FR", "nothing like it", voices.FieldName, "ListVoices"},
		{"fr-FR", strings.Repeat("y", 5000), voices.FieldName, "…"},
	} {
		_, err := catalogue.Match(voices.Wish{Language: c.language, Name: c.name})
		f := fault.From(err)
		if f == nil || f.Code != fault.InvalidArgument || f.Field != c.field || !strings.Contains(f.Message, c.says) {
			t.Errorf("Match(%.20q, %.20q): %v; want %s that says %q", c.language, c.name, err, c.field, c.says)
		}
		if f != nil && len(f.Message) > 400 {
			t.Errorf("Match(%.20q, %.20q) says %d bytes", c.language, c.name, len(f.Message))
		}
	}
}

func TestList(t *testing.T) {
	for code, want := range map[string]string{
		"":      "cmn-CN-Espeak-1 en-GB-Espeak-1 en-GB-Espeak-2 en-US-Espeak-1 en-US-Flite-Rms en-US-Flite-Slt es-419-Espeak-1 es-ES-Espeak-1 id-ID-Espeak-1 nb-NO-Espeak-1",
		"en":    "en-GB-Espeak-1 en-GB-Espeak-2 en-US-Espeak-1 en-US-Flite-Rms en-US-Flite-Slt",
		"en-gb": "en-GB-Espeak-1 en-GB-Espeak-2",
		"en-NZ": "",
		"no":    "nb-NO-Espeak-1",
		"no-NO": "nb-NO-Espeak-1",
		"es-MX": "es-419-Espeak-1",
		"e":     "",
		"xx":    "",
	} {
		var names []string
		for _, v := range catalogue.List(code) {
			names = append(names, v.Name)
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("List(%q) is %q, want %q", code, got, want)
		}
	}
}

func TestListIsTheCallersOwn(t *testing.T) {
	all := catalogue.List("")
	all[0] = speech.Voice{}
	if catalogue.List("")[0].Name == "" {
		t.Error("changing the list changed the catalogue")
	}
}

func TestLookup(t *testing.T) {
	if v, ok := catalogue.Lookup("EN-GB-espeak-2"); !ok || v.Name != "en-GB-Espeak-2" {
		t.Errorf("Lookup: %q, %v", v.Name, ok)
	}
	if _, ok := catalogue.Lookup(""); ok {
		t.Error("Lookup found a voice without a name")
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("en-US", "en-US-Flite-Slt")
	f.Add("cmn-Hant-CN", "")
	f.Add("no", "nb-no")
	f.Add("en_US", "\xff-")
	f.Fuzz(func(t *testing.T, language, name string) {
		v, err := catalogue.Match(voices.Wish{Language: language, Name: name})
		if (err == nil) == (v.Name == "") {
			t.Errorf("Match(%q, %q) is %q, %v", language, name, v.Name, err)
		}
		if err == nil && name != "" && !strings.EqualFold(v.Name, name) {
			t.Errorf("Match(%q, %q) is another voice: %q", language, name, v.Name)
		}
	})
}
