package neural

import "unicode"

// joined makes one word of what a reader takes apart and people do not: the
// parts of "don't", and signs along with the word that they follow. What comes
// before any word goes with the next. A part that was given stays apart from
// other parts that are heard.
func joined(read []Word) []Word {
	var all []Word
	open := false // whether the last word goes on
	for _, r := range read {
		sounds := sounding(r.Phonemes)
		switch n := len(all) - 1; {
		case open && (!sounds || !endsInSign(all[n].Phonemes) && !(sounding(all[n].Phonemes) && (r.Given || all[n].Given))):
			if sounds && !sounding(all[n].Phonemes) {
				all[n].Token = r.Token
			} else if sounds {
				all[n].End = r.End
			}
			all[n].Phonemes += r.Phonemes
			all[n].Space = r.Space
			all[n].Given = all[n].Given || r.Given
		default:
			all = append(all, r)
		}
		open = !r.Space
	}
	return all
}

// heard are the bounds of what is more than punctuation and spaces; both are 0
// when there is nothing.
func heard(phonemes []rune) (from, to int) {
	for i, r := range phonemes {
		if isSound(r) {
			if to == 0 {
				from = i
			}
			to = i + 1
		}
	}
	return from, to
}

func isSound(r rune) bool { return unicode.IsLetter(r) || unicode.IsMark(r) }

func sounding(phonemes string) bool {
	_, to := heard([]rune(phonemes))
	return to > 0
}

// endsInSign reports whether a word was spoken and a sign has followed it.
func endsInSign(phonemes string) bool {
	if !sounding(phonemes) {
		return false
	}
	runes := []rune(phonemes)
	return !isSound(runes[len(runes)-1])
}
