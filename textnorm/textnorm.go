// Package textnorm prepares written text for a voice: it finds the sentences,
// and puts what is written in them, figures, signs and abbreviations, into
// spoken words, keeping the way back to the source.
//
// Split a text with [Sentences], pass over what is not [Speakable], and give
// each sentence through the [Normalizer.Sentence] of its language to an engine;
// or through [Clean], which changes no words. Nothing here has a state, and all
// takes time proportional to the length of the text, whatever it holds.
//
// # How a sentence is read
//
// It is cleaned and parted into tokens: words, runs of digits, single signs. At
// each token the rules for its kind and its first byte are tried in order; the
// first that applies says its words and goes on behind what it has read. A token
// that no rule reads is kept as written. What a language knows is in a language:
// its numerals, its tables, and which rules it tries. Most rules are shared by
// languages.
//
// What is spelled in letters is given to engines as D.N.A, without a full stop
// at the end: engines read that as letters and make no pause behind it.
package textnorm

import (
	"unicode"
	"unicode/utf8"
)

// Speakable reports whether text has anything to speak: a letter, a digit or a
// symbol that is read by its name, such as "%" or an emoji. White space,
// punctuation and ornaments such as "* * *" or "=====" alone have nothing.
func Speakable(text string) bool {
	for i, c := range text {
		switch {
		case c < utf8.RuneSelf:
			// A symbol that repeats itself is a line drawn with it.
			repeats := i > 0 && text[i-1] == text[i] || i+1 < len(text) && text[i+1] == text[i]
			if class := ascii[c]; class == word || class == named && !repeats {
				return true
			}
		case unicode.In(c, unicode.L, unicode.N, unicode.S):
			if c != unicode.ReplacementChar {
				return true
			}
		}
	}
	return false
}

// class is what a character is here.
type class uint8

const (
	_     class = iota
	word        // a letter or a digit
	named       // a symbol that is read by its name
)

// ascii are the classes of the ASCII characters.
var ascii = func() (table [utf8.RuneSelf]class) {
	for c := range rune(utf8.RuneSelf) {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			table[c] = word
		}
	}
	for _, c := range "#$%&+=@" {
		table[c] = named
	}
	return table
}()
