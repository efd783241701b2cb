package flite

import (
	"strings"
	"sync"

	"github.com/lectern/lectern/phoneme"
)

// phones are the sounds of flite's American English in IPA. Those that it lacks
// but that an American says in a way of their own have several phones. The
// glottal stop is left out.
const phones = `
p p|b b|t t|d d|k k|g ɡ|ch tʃ|jh dʒ|m m|n n|ng ŋ|f f|v v|th θ|dh ð|s s|z z|sh ʃ|zh ʒ|hh h|l l|r ɹ|y j|w w
d ɾ|n y ɲ|l y ʎ| ʔ
iy iː|iy i|ih ɪ|ih ᵻ|ih ɨ|ey eɪ|ey e|eh ɛ|ae æ|aa ɑː|aa ɑ|aa ɒ|aa a|ao ɔː|ao ɔ|ow oʊ|ow əʊ|ow o
uh ʊ|uh ᵿ|uw uː|uw u|uw ʉ|uw y|ah ʌ|ah ɐ|ax ə|er ɝ|er ɜː|er ɜ|er ɚ|er ɜ˞|er ə˞|er ø|er œ
ay aɪ|ay ɑɪ|ay ai|aw aʊ|aw ɑʊ|aw au|oy ɔɪ|oy oɪ|oy ɔi|oy oi|ey ei|ow ou
aa n ɑ̃|ow n ɔ̃|ow n õ|ae n ɛ̃|ah n œ̃`

var inventory = sync.OnceValue(func() *phoneme.Inventory {
	var v phoneme.Inventory
	for entry := range strings.FieldsFuncSeq(phones, func(r rune) bool { return r == '|' || r == '\n' }) {
		at := strings.LastIndexByte(entry, ' ')
		if err := v.Add(entry[:at], entry[at+1:]); err != nil {
			panic(err) // the table above is wrong
		}
	}
	return &v
})

// mostPhones is how many phones a word of flite's may have here: its memory
// grows with what it says at once.
const mostPhones = 100

// spell writes sounds in flite's phones, a string for each word. A vowel has its
// stress behind it; flite knows only with and without.
func spell(sounds phoneme.Transcription) []string {
	var words []string
	var b strings.Builder
	n := 0
	end := func() {
		if b.Len() > 0 {
			words = append(words, b.String())
		}
		b.Reset()
		n = 0
	}
	for _, s := range inventory().Spell(sounds) {
		if s.Begins == phoneme.Word || n >= mostPhones {
			end()
		}
		for i, name := range strings.Fields(s.Name) {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(name)
			if i == 0 && s.Vowel {
				b.WriteByte("01"[min(s.Stress, 1)])
			}
			n++
		}
	}
	end()
	return words
}
