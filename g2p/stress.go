package g2p

import "strings"

const (
	primary   = "ˈ"
	secondary = "ˌ"
	stresses  = primary + secondary

	vowels     = "AIOQWYaiuæɑɒɔəɛɜɪʊʌᵻ"
	consonants = "bdfhjklmnpstvwzðŋɡɹɾʃʒʤʧθ"
	// heavy are the sounds that weigh twice.
	heavy = "AIOQWYʤʧ"
)

// wish is how much stress is wanted for a word.
type wish int8

const (
	asIs   wish = iota // what the dictionary says
	none               // no stress at all
	less               // primary becomes secondary
	plain              // as less; and secondary where there was none
	some               // the same, for words with a capital
	strong             // primary, even where there was none
)

// stressed is phonemes with the stress that is wished for.
func stressed(phonemes string, w wish) string {
	hasPrimary := strings.Contains(phonemes, primary)
	hasSecondary := strings.Contains(phonemes, secondary)
	switch {
	case w == none:
		return demoted.Replace(strings.ReplaceAll(phonemes, primary, secondary))
	case (w == less || w == plain) && hasPrimary:
		return strings.ReplaceAll(demoted.Replace(phonemes), primary, secondary)
	case (w == plain || w == some) && !hasPrimary && !hasSecondary:
		return beforeVowel(secondary, phonemes)
	case w == strong && !hasPrimary && hasSecondary:
		return strings.ReplaceAll(phonemes, secondary, primary)
	case w == strong && !hasPrimary:
		return beforeVowel(primary, phonemes)
	}
	return phonemes
}

var demoted = strings.NewReplacer(secondary, "")

// beforeVowel puts a mark before the first vowel; without one there is no stress.
func beforeVowel(mark, phonemes string) string {
	at := strings.IndexAny(phonemes, vowels)
	if at < 0 {
		return phonemes
	}
	return phonemes[:at] + mark + phonemes[at:]
}

// weight is how long a word sounds, about.
func weight(phonemes string) int {
	n := 0
	for _, r := range phonemes {
		n++
		if strings.ContainsRune(heavy, r) {
			n++
		}
	}
	return n
}
