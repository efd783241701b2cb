package phoneme

// sound is what is known of a base symbol: how and where it is made.
type sound struct {
	kind kind
	// Of a vowel: its height, from 0 (close) to 6 (open), and how far back it
	// is, from 0 to 4. Of a consonant: the place, from lips to throat.
	height, place float64
	rounded       bool // of a vowel
	voiced        bool // of a consonant
	rhotic        bool // colored by an r, or a kind of r
}

// kind is a vowel or a consonant's manner.
type kind uint8

const (
	none kind = iota
	vowel
	plosive
	implosive
	click
	nasal
	trill
	tap
	fricative
	lateralFricative
	approximant
	lateral
)

// The places, on a line.
const (
	bilabial        = 0
	labiodental     = 1
	dental          = 3
	alveolar        = 3.5
	postalveolar    = 4.5
	retroflex       = 5
	alveolopalatal  = 5.5
	palatal         = 6.5
	velar           = 8
	uvular          = 9
	pharyngeal      = 10.5
	glottal         = 11.5
	labialPalatal   = 6.2
	labialVelar     = 7.5
	postalveolarVel = 6
)

// sounds are the base symbols of the IPA.
var sounds = map[rune]sound{
	'i': vowelAt(0, 0), 'y': roundAt(0, 0), 'ɨ': vowelAt(0, 2), 'ʉ': roundAt(0, 2), 'ɯ': vowelAt(0, 4), 'u': roundAt(0, 4),
	'ɪ': vowelAt(1, 0.7), 'ʏ': roundAt(1, 0.7), 'ᵻ': vowelAt(1, 1.8), 'ᵿ': roundAt(1, 2.5), 'ʊ': roundAt(1, 3.4),
	'e': vowelAt(2, 0), 'ø': roundAt(2, 0), 'ɘ': vowelAt(2, 2), 'ɵ': roundAt(2, 2), 'ɤ': vowelAt(2, 4), 'o': roundAt(2, 4),
	'ə': vowelAt(3, 2), 'ɚ': rhotic(vowelAt(3, 2)),
	'ɛ': vowelAt(4, 0), 'œ': roundAt(4, 0), 'ɜ': vowelAt(4, 2), 'ɝ': rhotic(vowelAt(4, 2)), 'ɞ': roundAt(4, 2), 'ʌ': vowelAt(4, 3), 'ɔ': roundAt(4, 4),
	'æ': vowelAt(5, 0), 'ɐ': vowelAt(4.8, 2.3),
	'a': vowelAt(6, 1), 'ɶ': roundAt(6, 0), 'ɑ': vowelAt(6, 4), 'ɒ': roundAt(6, 4),

	'p': voiceless(plosive, bilabial), 'b': voiced(plosive, bilabial),
	't': voiceless(plosive, alveolar), 'd': voiced(plosive, alveolar),
	'ʈ': voiceless(plosive, retroflex), 'ɖ': voiced(plosive, retroflex),
	'c': voiceless(plosive, palatal), 'ɟ': voiced(plosive, palatal),
	'k': voiceless(plosive, velar), 'ɡ': voiced(plosive, velar),
	'q': voiceless(plosive, uvular), 'ɢ': voiced(plosive, uvular),
	'ʡ': voiceless(plosive, pharyngeal), 'ʔ': voiceless(plosive, glottal),

	'm': voiced(nasal, bilabial), 'ɱ': voiced(nasal, labiodental), 'n': voiced(nasal, alveolar), 'ɳ': voiced(nasal, retroflex),
	'ɲ': voiced(nasal, palatal), 'ŋ': voiced(nasal, velar), 'ɴ': voiced(nasal, uvular),

	'ʙ': voiced(trill, bilabial), 'r': rhotic(voiced(trill, alveolar)), 'ʀ': rhotic(voiced(trill, uvular)),
	'ʜ': voiceless(trill, pharyngeal), 'ʢ': voiced(trill, pharyngeal),
	'ⱱ': voiced(tap, labiodental), 'ɾ': voiced(tap, alveolar), 'ɽ': rhotic(voiced(tap, retroflex)), 'ɺ': voiced(tap, alveolar),

	'ɸ': voiceless(fricative, bilabial), 'β': voiced(fricative, bilabial),
	'f': voiceless(fricative, labiodental), 'v': voiced(fricative, labiodental),
	'θ': voiceless(fricative, dental), 'ð': voiced(fricative, dental),
	's': voiceless(fricative, alveolar), 'z': voiced(fricative, alveolar),
	'ʃ': voiceless(fricative, postalveolar), 'ʒ': voiced(fricative, postalveolar),
	'ʂ': voiceless(fricative, retroflex), 'ʐ': voiced(fricative, retroflex),
	'ɕ': voiceless(fricative, alveolopalatal), 'ʑ': voiced(fricative, alveolopalatal),
	'ç': voiceless(fricative, palatal), 'ʝ': voiced(fricative, palatal), 'ɧ': voiceless(fricative, postalveolarVel),
	'x': voiceless(fricative, velar), 'ɣ': voiced(fricative, velar),
	'χ': voiceless(fricative, uvular), 'ʁ': rhotic(voiced(fricative, uvular)),
	'ħ': voiceless(fricative, pharyngeal), 'ʕ': voiced(fricative, pharyngeal),
	'h': voiceless(fricative, glottal), 'ɦ': voiced(fricative, glottal),
	'ɬ': voiceless(lateralFricative, alveolar), 'ɮ': voiced(lateralFricative, alveolar),

	'ʋ': voiced(approximant, labiodental), 'ɹ': rhotic(voiced(approximant, alveolar)), 'ɻ': rhotic(voiced(approximant, retroflex)),
	'j': voiced(approximant, palatal), 'ɥ': voiced(approximant, labialPalatal), 'ɰ': voiced(approximant, velar),
	'w': voiced(approximant, labialVelar), 'ʍ': voiceless(approximant, labialVelar),
	'l': voiced(lateral, alveolar), 'ɫ': voiced(lateral, dental), 'ɭ': voiced(lateral, retroflex), 'ʎ': voiced(lateral, palatal), 'ʟ': voiced(lateral, velar),

	'ɓ': voiced(implosive, bilabial), 'ɗ': voiced(implosive, alveolar), 'ᶑ': voiced(implosive, retroflex),
	'ʄ': voiced(implosive, palatal), 'ɠ': voiced(implosive, velar), 'ʛ': voiced(implosive, uvular),
	'ʘ': voiceless(click, bilabial), 'ǀ': voiceless(click, dental), 'ǃ': voiceless(click, alveolar),
	'ǂ': voiceless(click, palatal), 'ǁ': voiceless(click, postalveolar),
}

func vowelAt(height, back float64) sound    { return sound{kind: vowel, height: height, place: back} }
func roundAt(height, back float64) sound    { return sound{vowel, height, back, true, false, false} }
func voiced(k kind, place float64) sound    { return sound{kind: k, place: place, voiced: true} }
func voiceless(k kind, place float64) sound { return sound{kind: k, place: place} }

func rhotic(s sound) sound {
	s.rhotic = true
	return s
}

// keyboard are other ways to write a symbol.
var keyboard = map[rune]rune{
	'g': 'ɡ', '\'': 'ˈ', ':': 'ː', 'ᵊ': 'ə', 'ɩ': 'ɪ', 'ɷ': 'ʊ', '’': 'ˈ', 'ε': 'ɛ', '∫': 'ʃ', 'ɿ': 'ɨ', 'ʅ': 'ɨ',
}

// ligatures are affricates that were once written as one.
var ligatures = map[rune][]rune{
	'ʦ': {'t', 's'}, 'ʣ': {'d', 'z'}, 'ʧ': {'t', 'ʃ'}, 'ʤ': {'d', 'ʒ'}, 'ʨ': {'t', 'ɕ'}, 'ʥ': {'d', 'ʑ'},
}

// marks are the diacritics. The cedilla is here for a ç in two parts.
var marks = setOf("\u0300\u0301\u0302\u0303\u0304\u0306\u0308\u030a\u030b\u030c\u030f\u0318\u0319\u031a\u031c\u031d\u031e\u031f" +
	"\u0320\u0324\u0325\u0327\u0329\u032a\u032c\u032f\u0330\u0334\u0339\u033a\u033b\u033c\u033d\u1dc4\u1dc5\u1dc8" +
	"ʰʱʲʷˠˤⁿᵐᵑˡʼ˞ˣᶿᵝ")

func setOf(runes string) map[rune]bool {
	set := map[rune]bool{}
	for _, r := range runes {
		set[r] = true
	}
	return set
}
