package driver_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

func TestParseVoices(t *testing.T) {
	voices, err := driver.ParseVoices("# head\nen-US-X-1\ten-US,en-CA\tmale\tone\t16000\tMIT\t-3.5\n\nde-DE-X-2\tde-DE\tfemale\ttwo\t22050\tApache-2.0\t0\n")
	if err != nil || len(voices) != 2 {
		t.Fatalf("%v %v", voices, err)
	}
	v := voices[0]
	if v.Name != "en-US-X-1" || !slices.Equal(v.Languages, []string{"en-US", "en-CA"}) || v.Gender != speech.Male ||
		v.EngineName != "one" || v.GainDB != -3.5 || v.NaturalSampleRateHertz != 16000 || v.License != "MIT" {
		t.Errorf("%+v", v)
	}
	for _, wrong := range []string{
		"en-US-X-1\ten-US\tmale\tone\n", "en-US-X-1\ten-US\tneutral\tone\t16000\tMIT\t0\n", "en-US-X-1\ten-US\tmale\tone\t16000\tMIT\tloud\n",
		"en-US-X-1\ten-US\tmale\tone\t0\tMIT\t0\n", "en-US-X-1\ten-US\tmale\tone\t16000\t\t0\n",
		"X\ten-US\tmale\tone\t16000\tMIT\t0\n", "en-US-X-1\ten-US\tmale\tone\t16000\tMIT\t0\nen-US-X-1\ten-US\tmale\ttwo\t22050\tApache-2.0\t0\n",
	} {
		if _, err := driver.ParseVoices(wrong); err == nil || !strings.HasPrefix(err.Error(), "voices, line ") {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
