// Package g2p turns English text into phonemes of the alphabet that the voice
// hibari and Kokoro were trained on (misaki's): "Hello there." becomes
// "həlˈO ðˈɛɹ.". It knows no engine and no neural network.
//
// [Open] loads the tables, which come with the voice, from a directory;
// [English.Words] reads a sentence. [FromIPA] writes a pronunciation that came
// from elsewhere in the same alphabet.
//
// # How a text is read
//
// It is cut into tokens at white space, punctuation and contractions
// (tokenize.go); every token gets a part of speech (tagger.go), which tells the
// two readings of "read" apart; tokens are cut into pieces at changes of case and
// at digits, and pieces without a space between them are one word (pieces.go).
// Words are read from the last to the first, as "the" and "to" depend on the
// sound that follows (reader.go): by special cases, the dictionaries, the endings
// -s, -ed and -ing, spelling, and the rules of figures (lexicon.go and what is
// beside it). A word that nobody knows goes to [Unknown].
//
// All of it follows the Python package hibari-tts (a port of misaki, both
// Apache-2.0) sign by sign, without its separate normalisation of text: a caller
// that wants dates, units and symbols spoken puts them into words first. What is
// read all the same are figures, ordinals, years, amounts of $, £ and €, and a
// few signs. The differential test holds the two together. On purpose it differs
// in one thing: the package drops what an unknown word has beyond 24 letters, and
// here they are spoken.
//
// # Sharing
//
// An [English] never changes once it is open: any number of goroutines may use
// one, and do if Unknown allows it.
package g2p
