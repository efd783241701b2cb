package kokoro

import "strings"

// fromEspeak are sounds that Kokoro has one sign for, longest first, and what
// espeak-ng writes for them. Kokoro was taught languages other than English by
// these (misaki's table for espeak-ng).
var fromEspeak = strings.NewReplacer(
	"aɪ", "I", "aʊ", "W", "eɪ", "A", "oʊ", "O", "əʊ", "Q", "ɔɪ", "Y",
	"dʒ", "ʤ", "tʃ", "ʧ", "dz", "ʣ", "ts", "ʦ",
	// Mandarin's tones by their numbers.
	"1", "→", "2", "↗", "3", "↓", "4", "↘", "5", "",
	"-", "", "c\u0327", "ç",
)

// FromEspeak puts espeak-ng's phonemes into Kokoro's.
func FromEspeak(phonemes string) string { return fromEspeak.Replace(phonemes) }
