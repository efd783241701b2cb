package phoneme

import (
	"unicode"
	"unicode/utf8"
)

// ParseXSAMPA reads a transcription in X-SAMPA, the IPA in ASCII. An underscore
// before a sound whose letter is no diacritic is a tie, as in t_S. Intonation,
// links and groups are left out, as by [ParseIPA]; so is the separator "-".
//
// An error is an [*Error]. The time is linear in the text's length.
func ParseXSAMPA(s string) (Transcription, error) {
	var b builder
	for at := 0; at < len(s); {
		ipa, size := matchXSAMPA(s[at:])
		why := ""
		switch {
		case size == 0:
			_, size = utf8.DecodeRuneInString(s[at:])
			why = unknownXSAMPA
		case ipa == '_':
			if why = b.join(); why == "" {
				if next, n := matchXSAMPA(s[at+size:]); n == 0 || sounds[next].kind == none {
					why = "is no diacritic of X-SAMPA, and no sound to tie follows it"
				}
			}
		case ipa == '˞' && (b.last() == nil || !b.last().Vowel()):
			why = "can only follow a vowel here"
		default:
			why = readIPA(&b, ipa)
		}
		if why != "" {
			return nil, &Error{Offset: at, Symbol: s[at : at+size], Reason: why}
		}
		at += size
	}
	done, why := b.end()
	if why != "" {
		return nil, &Error{Offset: len(s), Reason: why}
	}
	return done, nil
}

// longestXSAMPA is the length of the longest symbol, in bytes.
const longestXSAMPA = 4

// matchXSAMPA is the longest symbol that s begins with, in IPA, and its length,
// which is 0 when there is none.
func matchXSAMPA(s string) (rune, int) {
	for n := min(longestXSAMPA, len(s)); n > 0; n-- {
		if ipa, ok := xsampa[s[:n]]; ok {
			return ipa, n
		}
	}
	if r, size := utf8.DecodeRuneInString(s); size > 0 && unicode.IsSpace(r) {
		return ' ', size
	}
	return 0, 0
}

// xsampa is the whole table (J. C. Wells, "Computer-coding the IPA"), by symbol.
// '‿' stands for what has no meaning of its own.
var xsampa = map[string]rune{
	"a": 'a', "b": 'b', "b_<": 'ɓ', "c": 'c', "d": 'd', "d`": 'ɖ', "d_<": 'ɗ', "e": 'e', "f": 'f',
	"g": 'ɡ', "g_<": 'ɠ', "h": 'h', `h\`: 'ɦ', "i": 'i', "j": 'j', `j\`: 'ʝ', "k": 'k',
	"l": 'l', "l`": 'ɭ', `l\`: 'ɺ', "m": 'm', "n": 'n', "n`": 'ɳ', "o": 'o', "p": 'p', `p\`: 'ɸ',
	"q": 'q', "r": 'r', "r`": 'ɽ', `r\`: 'ɹ', "r\\`": 'ɻ', "s": 's', "s`": 'ʂ', `s\`: 'ɕ',
	"t": 't', "t`": 'ʈ', "u": 'u', "v": 'v', `v\`: 'ʋ', "w": 'w', "x": 'x', `x\`: 'ɧ', "y": 'y',
	"z": 'z', "z`": 'ʐ', `z\`: 'ʑ',
	"A": 'ɑ', "B": 'β', `B\`: 'ʙ', "C": 'ç', "D": 'ð', "E": 'ɛ', "F": 'ɱ', "G": 'ɣ', `G\`: 'ɢ', `G\_<`: 'ʛ',
	"H": 'ɥ', `H\`: 'ʜ', "I": 'ɪ', `I\`: 'ᵻ', "J": 'ɲ', `J\`: 'ɟ', `J\_<`: 'ʄ', "K": 'ɬ', `K\`: 'ɮ',
	"L": 'ʎ', `L\`: 'ʟ', "M": 'ɯ', `M\`: 'ɰ', "N": 'ŋ', `N\`: 'ɴ', "O": 'ɔ', `O\`: 'ʘ', "P": 'ʋ', "Q": 'ɒ',
	"R": 'ʁ', `R\`: 'ʀ', "S": 'ʃ', "T": 'θ', "U": 'ʊ', `U\`: 'ᵿ', "V": 'ʌ', "W": 'ʍ', "X": 'χ', `X\`: 'ħ',
	"Y": 'ʏ', "Z": 'ʒ',
	"@": 'ə', `@\`: 'ɘ', "@`": 'ɚ', "{": 'æ', "}": 'ʉ', "1": 'ɨ', "2": 'ø', "3": 'ɜ', `3\`: 'ɞ', "3`": 'ɝ',
	"4": 'ɾ', "5": 'ɫ', "6": 'ɐ', "7": 'ɤ', "8": 'ɵ', "9": 'œ', "&": 'ɶ',
	"?": 'ʔ', `?\`: 'ʕ', `<\`: 'ʢ', `>\`: 'ʡ', `!\`: 'ǃ', `|\`: 'ǀ', `|\|\`: 'ǁ', `=\`: 'ǂ',

	`"`: 'ˈ', "%": 'ˌ', ".": '.', ":": 'ː', `:\`: 'ˑ', "|": '|', "||": '‖',
	"-": '‿', `-\`: '‿', "^": 'ꜛ', "!": 'ꜜ', "<R>": '↗', "<F>": '↘', "_": '_',

	`_"`: '\u0308', "_+": '\u031f', "_-": '\u0320', "_/": '\u030c', "_0": '\u0325', "=": '\u0329', "_=": '\u0329',
	"_>": 'ʼ', `_?\`: 'ˤ', `_\`: '\u0302', "_^": '\u032f', "_}": '\u031a', "`": '˞', "~": '\u0303', "_~": '\u0303',
	"_A": '\u0318', "_a": '\u033a', "_B": '\u030f', "_B_L": '\u1dc5', "_c": '\u031c', "_d": '\u032a', "_e": '\u0334',
	"_F": '\u0302', "_G": 'ˠ', "_H": '\u0301', "_H_T": '\u1dc4', "_h": 'ʰ', "_j": 'ʲ', "'": 'ʲ', "_k": '\u0330',
	"_L": '\u0300', "_l": 'ˡ', "_M": '\u0304', "_m": '\u033b', "_N": '\u033c', "_n": 'ⁿ', "_O": '\u0339',
	"_o": '\u031e', "_q": '\u0319', "_R": '\u030c', "_R_F": '\u1dc8', "_r": '\u031d', "_T": '\u030b', "_t": '\u0324',
	"_v": '\u032c', "_w": 'ʷ', "_X": '\u0306', "_x": '\u033d',
}
