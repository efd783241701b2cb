package g2p

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// lexicon knows words, by what dictionaries, rules of special words and of endings
// say.
type lexicon struct {
	gold, silver dictionary
	british      bool
}

// next is what is known of the sound after a word.
type next struct {
	sound sound
	to    bool // the next word is "to"
}

type sound uint8

const (
	pause sound = iota // or the end
	vowel
	consonant
)

// dictionary has readings of words. A word in small letters answers for its
// capitalised form too, and the other way round, unless that has its own entry.
type dictionary struct{ table table }

// reading is how a word is spoken: its phonemes, or a list of them by part of
// speech, each written as mark, tag, mark, phonemes. Empty phonemes mean that the
// letters are spelled.
type reading string

const mark = "\x00"

func (d *dictionary) parse(data []byte) error {
	s := &scanner{data: data}
	b := newTableBuilder(len(data), len(data)/25)
	var list []byte
	s.object(func(word []byte) {
		if s.peek() != '{' {
			b.add(word, s.text())
			return
		}
		list = list[:0]
		s.object(func(tag []byte) {
			list = append(append(append(list, mark...), tag...), mark...)
			if !s.null() {
				list = append(list, s.text()...)
			}
		})
		b.add(word, list)
	})
	if s.err == nil && len(b.starts) == 0 {
		return errors.New("no words")
	}
	d.table = b.table()
	return s.err
}

func (d *dictionary) get(word string) (reading, bool) {
	if r, ok := get(&d.table, word); ok || len(word) < 2 || len(word) > d.table.longest+utf8.UTFMax {
		return reading(r), ok
	}
	initial, size := utf8.DecodeRuneInString(word)
	other := unicode.ToTitle(initial)
	if other == initial {
		other = unicode.ToLower(initial)
	}
	if other == initial || !sameLower(word[size:]) {
		return "", false
	}
	var buffer [64]byte // enough for most, so that nothing is allocated
	r, ok := get(&d.table, append(utf8.AppendRune(buffer[:0], other), word[size:]...))
	return reading(r), ok
}

func (d *dictionary) has(word string) bool {
	_, ok := d.get(word)
	return ok
}

// as is the reading for a part of speech, or DEFAULT. It is not ok if the word is
// to be spelled.
func (r reading) as(tag string, before next) (phonemes string, ok bool) {
	if !strings.HasPrefix(string(r), mark) {
		return string(r), r != ""
	}
	standard := ""
	byTag, found := "", false
	byParent, foundParent := "", false
	above := parent(tag)
	parts := strings.Split(string(r[1:]), mark)
	for i := 0; i+1 < len(parts); i += 2 {
		switch phonemes := parts[i+1]; parts[i] {
		case "None":
			if before.sound == pause {
				return phonemes, phonemes != ""
			}
		case "DEFAULT":
			standard = phonemes
		case tag:
			byTag, found = phonemes, true
		case above:
			byParent, foundParent = phonemes, true
		}
	}
	switch {
	case found:
		standard = byTag
	case foundParent:
		standard = byParent
	}
	return standard, standard != ""
}

// parent is the family of a tag.
func parent(tag string) string {
	switch {
	case strings.HasPrefix(tag, "VB"):
		return "VERB"
	case strings.HasPrefix(tag, "NN"):
		return "NOUN"
	case strings.HasPrefix(tag, "ADV"), strings.HasPrefix(tag, "RB"):
		return "ADV"
	case strings.HasPrefix(tag, "ADJ"), strings.HasPrefix(tag, "JJ"):
		return "ADJ"
	}
	return tag
}

// word is a piece of text, or several joined, that is looked up.
type word struct {
	text, tag string
	head      bool
	currency  string
}

// read is how a word is spoken, if it is known.
func (l *lexicon) read(w word, before next) (phonemes string, ok bool) {
	text := plainText(w.text)
	wanted := asIs
	if !sameLower(text) {
		wanted = some
		if sameUpper(text) {
			wanted = strong
		}
	}
	if phonemes, ok := l.word(text, w.tag, wanted, before); ok {
		if unit, ok := moneyUnits[w.currency]; ok {
			plural, _ := l.withS(unit.whole+"s", "", asIs, midSpeech)
			phonemes += " " + plural
		}
		return phonemes, true
	}
	if isNumber(text, w.head) {
		return l.number(text, w.currency, w.head)
	}
	return "", false
}

// plainText has the usual apostrophes, and figures of the usual ten.
func plainText(s string) string {
	if isASCII(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case isQuote(r):
			return '\''
		case unicode.IsDigit(r) && r >= utf8.RuneSelf:
			return '0' + digit(r)
		}
		return r
	}, norm.NFKC.String(s))
	return s
}

// digit is the value of a decimal digit of any script: they lie in tens.
func digit(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}

// known says that lookup has an answer.
func (l *lexicon) known(word string) bool {
	switch {
	case l.gold.has(word), signWords[word] != "", l.silver.has(word):
		return true
	case !every(word, isASCIILetter):
		return false
	case len(word) == 1:
		return true
	case sameUpper(word) && l.gold.has(lower(word)):
		return true
	}
	return sameUpper(word[1:])
}

// lookup is the reading of a word in the dictionaries. Capitals that are no word
// there are spelled.
func (l *lexicon) lookup(word, tag string, wanted wish, before next) (string, bool) {
	name := false
	found, ok := l.gold.get(word)
	if !ok && sameUpper(word) {
		word = lower(word)
		name = tag == "NNP"
		found, ok = l.gold.get(word)
	}
	if !ok && !name {
		found, ok = l.silver.get(word)
	}
	phonemes := ""
	if ok {
		phonemes, ok = found.as(tag, before)
	}
	if !ok || name && !strings.Contains(phonemes, primary) {
		return l.spell(word)
	}
	return stressed(phonemes, wanted), true
}

// spell reads the letters of a word one by one, the last one stressed.
func (l *lexicon) spell(word string) (string, bool) {
	var b strings.Builder
	for _, r := range word {
		if !unicode.IsLetter(r) {
			continue
		}
		letter, ok := l.gold.get(string(unicode.ToUpper(r)))
		if !ok {
			return "", false
		}
		b.WriteString(string(letter))
	}
	phonemes := stressed(b.String(), plain)
	if at := strings.LastIndex(phonemes, secondary); at >= 0 {
		phonemes = phonemes[:at] + primary + phonemes[at+len(secondary):]
	}
	return phonemes, true
}
