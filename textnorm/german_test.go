package textnorm_test

import (
	"testing"

	"github.com/lectern/lectern/textnorm"
)

// readings holds what is written against how it is read.
func readings(t *testing.T, tag string, rows [][2]string) {
	t.Helper()
	n := textnorm.ForLanguage(tag)
	for _, row := range rows {
		s := n.Sentence(row[0], nil)
		if s.Text != row[1] {
			t.Errorf("%s: %q\nis  %q\nnot %q", tag, row[0], s.Text, row[1])
		}
		checkSpoken(t, row[0], s)
	}
}

func TestGermanCases(t *testing.T) { testCases(t, "de", 95, 85) }

func TestGerman(t *testing.T) {
	readings(t, "de-DE", [][2]string{
		{"Am 14. Januar 1985 um 8:05 Uhr.", "Am vierzehnten Januar neunzehn hundert fünf und achtzig um acht uhr fünf."},
		{"Der 2. Versuch kostete 3,50 €.", "Der zweite Versuch kostete drei euro fünfzig cent."},
		{"1.234.567 Menschen", "eine million zwei hundert vier und dreißig tausend fünf hundert sieben und sechzig Menschen"},
		{"Es waren -5 °C bei 20 km/h Wind.", "Es waren minus fünf grad celsius bei zwanzig kilometer pro stunde Wind."},
		{"Dr. Müller wohnt z. B. hier.", "Doktor Müller wohnt zum beispiel hier."},
		{"3/4 der Leute, 50 %", "drei viertel der Leute, fünfzig prozent"},
		{"1 kg, 21 m", "ein kilogramm, ein und zwanzig meter"},
		{"vom 24.12. bis 31.12.2020", "vom vier und zwanzigsten Dezember bis ein und dreißigsten Dezember zwei tausend zwanzig"},
		{"Ludwig XIV. war König.", "Ludwig der vierzehnte war König."},
	})
}
