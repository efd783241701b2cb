package voices

import (
	_ "embed"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"

	"github.com/lectern/lectern/speech"
)

// googleTSV is Google's voices (docs/contract.md 9): those that their ListVoices
// tells, and those that it told once.
//
//go:embed google.tsv
var googleTSV string

// googleRateHertz is the natural rate of Google's voices, nearly all of them.
const googleRateHertz = 24000

// stars are the names of Chirp 3 HD.
var stars = map[speech.Gender][]string{
	speech.Female: strings.Fields("Achernar Aoede Autonoe Callirrhoe Despina Erinome Gacrux Kore Laomedeia Leda Pulcherrima Sulafat Vindemiatrix Zephyr"),
	speech.Male:   strings.Fields("Achird Algenib Algieba Alnilam Charon Enceladus Fenrir Iapetus Orus Puck Rasalgethi Sadachbia Sadaltager Schedar Umbriel Zubenelgenubi"),
}

// isStar reports whether name is that of a star alone, in any case.
func isStar(name string) bool { return genderOfStar(name) != speech.GenderUnspecified }

// genderOfStar is the gender of a star's voices, unspecified if there is no such star.
func genderOfStar(name string) speech.Gender {
	for gender, names := range stars {
		if slices.ContainsFunc(names, func(star string) bool { return strings.EqualFold(star, name) }) {
			return gender
		}
	}
	return speech.GenderUnspecified
}

// googleName is the pattern of Google's names: language, region, type, letter.
var googleName = regexp.MustCompile(`(?i)^([a-z]{2,3})-([a-z]{2}|[0-9]{3})-(Standard|Wavenet|Neural2|Studio|News|Polyglot|Casual|Journey|Chirp-HD|Chirp3-HD)-([a-z0-9]|[a-z]{3,})$`)

// types are those of googleName as Google spells them.
var types = []string{"Standard", "Wavenet", "Neural2", "Studio", "News", "Polyglot", "Casual", "Journey", "Chirp-HD", "Chirp3-HD"}

// IsGoogleName reports whether name has the form of a name of Google's, such as
// en-US-Wavenet-D, in any case.
func IsGoogleName(name string) bool { return googleName.MatchString(name) }

// publishedVoices are Google's voices without anybody who speaks for them. The
// retired ones are served as well, and listed no more.
func publishedVoices() (listed, retired []speech.Voice) {
	for line := range strings.Lines(googleTSV) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if strings.HasPrefix(line, "#") || len(fields) < 4 {
			continue
		}
		voices := &listed
		if len(fields) > 4 {
			voices = &retired
		}
		for i, gender := range []speech.Gender{speech.Female, speech.Male} {
			letters := strings.Split(fields[2+i], ",")
			switch fields[2+i] {
			case "-":
				letters = nil
			case "stars":
				letters = stars[gender]
			}
			for _, letter := range letters {
				*voices = append(*voices, googleVoice(fields[0], fields[1], letter, gender))
			}
		}
	}
	return listed, retired
}

func googleVoice(language, kind, letter string, gender speech.Gender) speech.Voice {
	return speech.Voice{
		Name: language + "-" + kind + "-" + letter, Languages: []string{language},
		Gender: gender, NaturalSampleRateHertz: googleRateHertz,
	}
}

// unpublishedVoice is the voice of a name that has the form of Google's and is
// none of theirs: such names are served as well. Its gender is left open unless
// a star tells it; a type and a letter are spelt as Google does.
func unpublishedVoice(name string) (voice speech.Voice, ok bool) {
	parts := googleName.FindStringSubmatch(name)
	if parts == nil || len(parts[4]) > 1 && !isStar(parts[4]) {
		return voice, false
	}
	kind := types[slices.IndexFunc(types, func(t string) bool { return strings.EqualFold(t, parts[3]) })]
	letter := strings.ToUpper(parts[4][:1]) + strings.ToLower(parts[4][1:])
	return googleVoice(strings.ToLower(parts[1])+"-"+strings.ToUpper(parts[2]), kind, letter, genderOfStar(letter)), true
}

// standIn is the own voice that speaks under a name of Google's: a neural one of
// the language if there is any, else any of the language; among those of the
// name's gender, if there is one, in the nearest region, and of the preferred
// engine. Several that fit share the names among them, by what follows the
// language, so that a name has the same voice wherever the same voices are
// installed.
func standIn(own []speech.Voice, google speech.Voice) (voice speech.Voice, ok bool) {
	return among(standIns(own, google.Languages[0], google.Gender), google)
}

// standIns are the voices that share a language's names for a gender among them.
func standIns(own []speech.Voice, code string, gender speech.Gender) []speech.Voice {
	fit := ofLanguage(slices.DeleteFunc(slices.Clone(own), func(v speech.Voice) bool { return !v.Neural }), code, gender)
	if len(fit) == 0 {
		return ofLanguage(own, code, gender)
	}
	engine := engineOf(fit[0])
	return slices.DeleteFunc(fit, func(v speech.Voice) bool { return engineOf(v) != engine })
}

// among is the one of the voices that fit which has a name of Google's.
func among(fit []speech.Voice, google speech.Voice) (voice speech.Voice, ok bool) {
	if len(fit) == 0 {
		return voice, false
	}
	hash := fnv.New32a()
	hash.Write([]byte(strings.ToLower(google.Name[len(google.Languages[0]):])))
	return fit[int(hash.Sum32()%uint32(len(fit)))], true
}

// engineOf is what stands before the last part of a voice's name.
func engineOf(v speech.Voice) string {
	parts := strings.Split(v.Name, "-")
	if len(parts) < 3 {
		return ""
	}
	return parts[len(parts)-2]
}
