package driver_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

func TestPronouncedOf(t *testing.T) {
	u := speech.Utterance{Text: "In New  York, they say café", Pronunciations: []speech.Pronunciation{
		{Token: speech.Token{Start: 3, End: 12}, IPA: "nuː ˈjɔɹk"},
		{Token: speech.Token{Start: 14, End: 22}, IPA: "ðeɪ"},
		{Token: speech.Token{Start: 23, End: 28}, IPA: "kəˈfeɪ"},
	}}
	got, err := driver.PronouncedOf(u)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, p := range got {
		said = append(said, u.Text[p.Start:p.End]+" "+p.Sounds.String())
	}
	if want := []string{"New nuː", "York ˈjɔɹk", "they say ðeɪ", "café kəˈfeɪ"}; !slices.Equal(said, want) {
		t.Errorf("%q, want %q", said, want)
	}
	for _, bad := range [][]speech.Pronunciation{
		{{Token: speech.Token{Start: 0, End: 2}, IPA: "x3"}},
		{{Token: speech.Token{Start: 0, End: 2}, IPA: ""}},
		{{Token: speech.Token{Start: -1, End: 2}, IPA: "a"}},
		{{Token: speech.Token{Start: 2, End: 2}, IPA: "a"}},
		{{Token: speech.Token{Start: 23, End: 29}, IPA: "a"}},
		{{Token: speech.Token{Start: 23, End: 27}, IPA: "a"}}, // within é
		{{Token: speech.Token{Start: 3, End: 6}, IPA: "a"}, {Token: speech.Token{Start: 5, End: 8}, IPA: "a"}},
	} {
		u.Pronunciations = bad
		if _, err := driver.PronouncedOf(u); !errors.Is(err, driver.ErrFailed) {
			t.Errorf("%+v: %v, want ErrFailed", bad, err)
		}
	}
}
