package catalogue

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern/lectern/speech"
)

// PublicName is LANGUAGE-Engine-Name: the words of name begin with capitals and
// are joined; what is neither a letter nor a digit divides words. It is ASCII,
// without the accents of letters.
func PublicName(language, engine, name string) string {
	return language + "-" + capitals(engine) + "-" + capitals(name)
}

func capitals(s string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(ascii(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		r := []rune(word)
		b.WriteString(string(unicode.ToUpper(r[0])) + string(r[1:]))
	}
	return b.String()
}

// ascii is s without accents and without what is not ASCII even then.
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII {
			return -1
		}
		return r
	}, norm.NFD.String(s))
}

// Language is the tag of a locale as Piper writes it, such as en_US: that of the
// API, in which Mandarin is cmn and Norwegian is nb.
func Language(code string) string {
	family, region, _ := strings.Cut(strings.ReplaceAll(code, "-", "_"), "_")
	family = strings.ToLower(family)
	switch family {
	case "zh":
		family = "cmn"
	case "no":
		family = "nb"
	}
	if region == "" {
		return family
	}
	return family + "-" + strings.ToUpper(region)
}

// genders of Piper's voices, by name, where that is known. Its catalogue does not
// tell.
var genders = map[string]speech.Gender{
	"alan": speech.Male, "bryce": speech.Male, "danny": speech.Male, "davefx": speech.Male, "dmitri": speech.Male,
	"denis": speech.Male, "gilles": speech.Male, "hfc_male": speech.Male, "joe": speech.Male, "john": speech.Male,
	"karlsson": speech.Male, "kusal": speech.Male, "lessac": speech.Female, "mihai": speech.Male, "norman": speech.Male,
	"northern_english_male": speech.Male, "pavoque": speech.Male, "riccardo": speech.Male, "ruslan": speech.Male,
	"ryan": speech.Male, "thorsten": speech.Male, "thorsten_emotional": speech.Male, "tom": speech.Male,
	"amy": speech.Female, "cori": speech.Female, "eva_k": speech.Female, "hfc_female": speech.Female,
	"irina": speech.Female, "jenny_dioco": speech.Female, "kathleen": speech.Female, "kerstin": speech.Female,
	"kristin": speech.Female, "ljspeech": speech.Female, "paola": speech.Female, "ramona": speech.Female,
	"siwis": speech.Female, "southern_english_female": speech.Female, "alba": speech.Female,
}
