package g2p

import (
	"slices"
	"strings"
	"unicode"
)

// read speaks words from the last to the first, as the sound that follows decides
// how some are spoken.
func (e *English) read(groups []group) ([]Word, error) {
	words := make([]Word, len(groups))
	var before next
	for i := len(groups) - 1; i >= 0; i-- {
		g := groups[i]
		speak := e.several
		if len(g) == 1 {
			speak = e.one
		}
		phonemes, err := speak(g, &before)
		if err != nil {
			return nil, err
		}
		end := g[len(g)-1]
		words[i] = Word{Start: g[0].start, End: end.end, Phonemes: e.output(phonemes), Space: end.space}
	}
	return words, nil
}

// one speaks a word of one piece.
func (e *English) one(g group, before *next) (string, error) {
	p := &g[0]
	if !p.read {
		w := word{text: p.text, tag: p.tag, head: p.head, currency: p.currency}
		if p.alias != "" {
			w.text = p.alias
		}
		phonemes, ok := e.lexicon.read(w, *before)
		if !ok {
			var err error
			if phonemes, err = e.fallback(p.text); err != nil {
				return "", err
			}
		}
		p.phonemes = phonemes
	}
	before.update(p.phonemes, p.text, p.tag)
	return p.phonemes, nil
}

// update is what the word before sees of a word.
func (n *next) update(phonemes, text, tag string) {
	if at := strings.IndexAny(phonemes, vowels+pauses+consonants); at >= 0 {
		switch r := first(phonemes[at:]); {
		case strings.ContainsRune(vowels, r):
			n.sound = vowel
		case strings.ContainsRune(pauses, r):
			n.sound = pause
		default:
			n.sound = consonant
		}
	}
	n.to = text == "to" || text == "To" || text == "TO" && (tag == "TO" || tag == "IN")
}

// maxRun is more pieces than any word of the dictionaries has (13:
// what-you-see-is-what-you-get).
const maxRun = 24

// several speaks a word of several pieces: it looks for the longest run of them
// that ends at the right and is known, then goes on to the left of it. If a piece
// stays unread the whole word is unknown.
func (e *English) several(g group, before *next) (string, error) {
	whole, ends := g.joined()
	longest := max(e.lexicon.gold.table.longest, e.lexicon.silver.table.longest) + len("'s")
	for right := len(g); right > 0; {
		left := right - 1 // not further than what may be known, to keep the time linear
		for left > 0 && right-left < maxRun && ends[right]-ends[left-1] <= longest {
			left--
		}
		for ; left < right; left++ {
			w := g[left:right].merged(whole[ends[left]:ends[right]])
			if phonemes, ok := e.lexicon.read(w, *before); ok {
				g[left].phonemes = phonemes
				before.update(phonemes, w.text, w.tag)
				break
			}
		}
		if left < right {
			right = left
			continue
		}
		if right--; !every(g[right].text, isJunk) {
			return e.fallback(whole)
		}
	}
	g.settle(whole)
	return g.spoken(), nil
}

// isJunk says that r is not heard within a word.
func isJunk(r rune) bool { return isQuote(r) || strings.ContainsRune(",-._/", r) }

// joined is the text of all pieces, and where each begins in it, and the end.
func (g group) joined() (string, []int) {
	ends := make([]int, 1, len(g)+1)
	var b strings.Builder
	for _, p := range g {
		b.WriteString(p.text)
		ends = append(ends, b.Len())
	}
	return b.String(), ends
}

// merged is the pieces as one word, with the tag of the heaviest: letters that may
// be capitals count twice.
func (g group) merged(text string) word {
	w := word{text: text, head: g[0].head}
	most := -1
	for _, p := range g {
		weight := 0
		for _, r := range p.text {
			weight++
			if unicode.ToLower(r) != r {
				weight++
			}
		}
		if weight > most {
			most, w.tag = weight, p.tag
		}
		w.currency = max(w.currency, p.currency)
	}
	return w
}

// settle decides whether the pieces are spoken apart, and if not, which of them
// lose their stress.
func (g group) settle(text string) {
	apart := isMixed(text)
	var heard []int
	stressedOnes := 0
	for i := range g {
		g[i].gap = apart && i > 0
		if g[i].phonemes != "" {
			heard = append(heard, i)
			if strings.Contains(g[i].phonemes, primary) {
				stressedOnes++
			}
		}
	}
	switch {
	case apart:
		return
	case len(heard) == 2 && runeLen(g[heard[0]].text) == len(g[heard[0]].text): // "T-shirt"
		heard = heard[1:]
	case len(heard) < 2 || stressedOnes <= (len(heard)+1)/2:
		return
	default:
		heard = g.lightest(heard)
	}
	for _, i := range heard {
		g[i].phonemes = stressed(g[i].phonemes, less)
	}
}

// isMixed says that text is of more than one kind, of letters, digits and signs.
func isMixed(text string) bool {
	kinds := [3]bool{}
	for _, r := range text {
		switch {
		case r == ' ' || r == '/':
			return true
		case isJunk(r):
		case unicode.IsLetter(r):
			kinds[0] = true
		case isDigit(r):
			kinds[1] = true
		default:
			kinds[2] = true
		}
	}
	return kinds[0] && kinds[1] || kinds[0] && kinds[2] || kinds[1] && kinds[2]
}

// lightest is the half of pieces with the least stress and weight.
func (g group) lightest(pieces []int) []int {
	rank := func(i int) int {
		n := weight(g[i].phonemes)
		if strings.Contains(g[i].phonemes, primary) {
			n += 1 << 20
		}
		return n
	}
	slices.SortStableFunc(pieces, func(a, b int) int { return rank(a) - rank(b) })
	return pieces[:len(pieces)/2]
}

// spoken is the phonemes of all pieces.
func (g group) spoken() string {
	var b strings.Builder
	for _, p := range g {
		if p.gap && p.phonemes != "" && b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p.phonemes)
	}
	return b.String()
}
