package quota

import "testing"

func TestCharacters(t *testing.T) {
	for document, want := range map[string]int64{
		"":                                  0,
		"<speak>Hi</speak>":                 17,
		"<speak>H\u00fc\n </speak>":         19,
		`<speak>a<mark name="x"/>b</speak>`: 17,
		`<speak>a<mark name='x' />b<mark name="y"></mark></speak>`: 17,
		`<speak>a<marked/></speak>`:                                25,
	} {
		if got := OfSSML(document); got != want {
			t.Errorf("%s: %d characters, want %d", document, got, want)
		}
	}
	if got := OfText("Gr\u00fc\u00df <mark/>"); got != 12 {
		t.Errorf("a text has %d characters", got)
	}
}
