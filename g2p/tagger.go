package g2p

import (
	"encoding/binary"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tagger finds parts of speech (Penn Treebank) with an averaged perceptron: a word
// that nearly always is the same has its tag in a table, and for the others the
// weights of 15 features are added up. It works from left to right, as the tags
// before are features too.
type tagger struct {
	tags  []string
	fixed table // word -> number of its tag
	vocab table // words that the weights know; others are known by their shape
	// features has for each the first of its weights and their number.
	features table
	weights  []float64
	tagOf    []uint8 // of each weight
}

// maxTags is more than there are; what tells them apart is one byte.
const maxTags = 128

func (t *tagger) parse(data []byte) error {
	numbers := map[string]uint8{}
	number := func(tag []byte) uint8 {
		n, ok := numbers[string(tag)]
		if !ok {
			n = uint8(len(t.tags))
			numbers[string(tag)] = n
			t.tags = append(t.tags, string(tag))
		}
		return n
	}
	s := &scanner{data: data}
	s.object(func(key []byte) {
		if len(t.tags) > maxTags {
			s.fail("no more than 128 tags")
			return
		}
		switch string(key) {
		case "tags":
			s.array(func() { number(s.text()) })
		case "tagdict":
			b := newTableBuilder(200_000, 15_000)
			s.object(func(word []byte) { b.add(word, []byte{number(s.text())}) })
			t.fixed = b.table()
		case "vocab":
			b := newTableBuilder(250_000, 25_000)
			s.array(func() { b.add(s.text(), nil) })
			t.vocab = b.table()
		case "weights":
			t.parseWeights(s, number)
		default:
			s.skip()
		}
	})
	if s.err == nil && (len(t.tags) == 0 || t.fixed.slots == nil || t.vocab.slots == nil || t.features.slots == nil) {
		return errors.New("tags, tagdict, vocab or weights are missing")
	}
	return s.err
}

func (t *tagger) parseWeights(s *scanner, number func([]byte) uint8) {
	b := newTableBuilder(1_500_000, 90_000)
	t.weights, t.tagOf = make([]float64, 0, 300_000), make([]uint8, 0, 300_000)
	var value []byte
	s.object(func(feature []byte) {
		start := len(t.weights)
		s.object(func(tag []byte) {
			t.tagOf = append(t.tagOf, number(tag))
			t.weights = append(t.weights, s.float())
		})
		value = binary.AppendUvarint(value[:0], uint64(start))
		value = binary.AppendUvarint(value, uint64(len(t.weights)-start))
		b.add(feature, value)
	})
	t.features = b.table()
}

// tag sets the tags of tokens.
func (t *tagger) tag(tokens []token) {
	// context is the words as the weights know them, two more at either end.
	context := make([]string, len(tokens)+4)
	context[0], context[1] = "-START2-", "-START-"
	context[len(tokens)+2], context[len(tokens)+3] = "-END-", "-END2-"
	for i := range tokens {
		context[i+2] = t.known(tokens[i].text)
	}
	before, beforeThat := context[1], context[0]
	sum := adder{tagger: t}
	for i := range tokens {
		word := tokens[i].text
		tag, ok := "", false
		if n, fixed := get(&t.fixed, word); fixed {
			tag, ok = t.tags[n[0]], true
		}
		if !ok {
			tag = sum.best(word, context[i:i+5], i == 0, before, beforeThat)
		}
		tokens[i].tag = tag
		before, beforeThat = tag, before
	}
}

// adder adds up the weights of features, which are spelled in a buffer.
type adder struct {
	tagger *tagger
	buffer []byte
	scores [maxTags + 1]float64
	found  bool
}

// best is the tag of a word; around holds it in the middle. The sum is in the
// order of the features, so that it is the same to the last bit everywhere.
func (a *adder) best(word string, around []string, start bool, before, beforeThat string) string {
	clear(a.scores[:])
	a.found = false
	a.add("b")
	a.add("s3=", lastThree(word))
	a.add("p1=", word[:len(word)-len(word[runeLen(word):])])
	a.add("w=", around[2])
	a.add("sh=", shape(word))
	if start {
		a.add("i0")
	} else {
		a.add("i+")
	}
	a.add("t-1=", before)
	a.add("t-2=", beforeThat)
	a.add("t-12=", before, ",", beforeThat)
	a.add("w-1=", around[1])
	a.add("s3-1=", lastThree(around[1]))
	a.add("w-2=", around[0])
	a.add("w+1=", around[3])
	a.add("s3+1=", lastThree(around[3]))
	a.add("w+2=", around[4])
	if !a.found {
		return "NN"
	}
	best := 0
	for i, tag := range a.tagger.tags {
		if d := a.scores[i] - a.scores[best]; d > 0 || d == 0 && tag > a.tagger.tags[best] {
			best = i
		}
	}
	return a.tagger.tags[best]
}

func (a *adder) add(feature ...string) {
	a.buffer = a.buffer[:0]
	for _, part := range feature {
		a.buffer = append(a.buffer, part...)
	}
	value, ok := get(&a.tagger.features, a.buffer)
	if !ok {
		return
	}
	start, value := number(value)
	n, _ := number(value)
	for i := start; i < start+n; i++ {
		a.scores[a.tagger.tagOf[i]] += a.tagger.weights[i]
	}
	a.found = a.found || n > 0
}

// known is a word as the weights know it: in small letters, or its class, or its
// shape.
func (t *tagger) known(word string) string {
	r := first(word)
	normal := ""
	switch {
	case r != '-' && strings.Contains(word, "-"):
		normal = "!HYPHEN"
	case utf8.RuneCountInString(word) == 4 && every(word, isFigure):
		normal = "!YEAR"
	case isFigure(r):
		normal = "!DIGITS"
	default:
		normal = lower(word)
	}
	if _, ok := get(&t.vocab, normal); ok {
		return normal
	}
	return "<" + shape(word) + ">"
}

// shape is what a word looks like, such as "Xx" or "d-d".
func shape(word string) string {
	switch {
	case every(word, unicode.IsLetter):
		switch {
		case isLowerCase(word):
			return "x"
		case isUpperCase(word):
			if utf8.RuneCountInString(word) == 1 {
				return "X1"
			}
			return "XX"
		case unicode.IsUpper(first(word)) && isLowerCase(word[runeLen(word):]):
			return "Xx"
		}
		return "xX"
	case every(word, isFigure):
		return "d"
	}
	b := make([]byte, 0, 8)
	n := 0
	for _, r := range word {
		switch {
		case n == 4:
			return string(b)
		case isFigure(r):
			b = append(b, 'd')
		case unicode.IsLetter(r):
			b = append(b, 'x')
		default:
			b = utf8.AppendRune(b, r)
		}
		n++
	}
	return string(b)
}

// lastThree are the last three characters of s.
func lastThree(s string) string {
	end := len(s)
	for range 3 {
		_, size := utf8.DecodeLastRuneInString(s[:end])
		end -= size
	}
	return s[end:]
}

// runeLen is the length of the first character.
func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}
