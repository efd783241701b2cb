package neural

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern/lectern/speech"
)

// Transcribed reads what another engine has told (driver.Abilities.TranscribedBy).
// convert puts its phonemes into the model's alphabet; nil leaves them. The marks
// between words are phonemes too, as far as a model knows them.
func Transcribed(convert func(phonemes string) string) Reader {
	if convert == nil {
		convert = func(phonemes string) string { return phonemes }
	}
	return transcribed{convert}
}

type transcribed struct{ convert func(string) string }

func (r transcribed) Read(u speech.Utterance) ([]Word, error) {
	var words []Word
	end := 0
	between := func(to int) {
		gap := u.Text[end:to]
		if signs := signsIn(gap); signs != "" {
			start := end + strings.IndexFunc(gap, isSign)
			words = append(words, Word{Token: speech.Token{Start: start, End: to}, Phonemes: signs, Space: true})
		} else if len(words) > 0 {
			// To whom the words were told, they are apart, even where the
			// text has a hyphen.
			words[len(words)-1].Space = true
		}
	}
	for _, t := range u.Transcribed {
		if t.Start < end || t.End < t.Start || t.End > len(u.Text) {
			continue // checked where it came in; no word is spoken twice
		}
		between(t.Start)
		if phonemes := r.convert(t.Phonemes); pronounced(u, t.Token) {
			words = append(words, Word{Token: t.Token, Phonemes: phonemes}) // one word, as it was given
		} else {
			words = append(words, apart(u.Text, t.Token, phonemes)...)
		}
		end = t.End
	}
	between(len(u.Text))
	return words, nil
}

// pronounced reports whether the caller said how a word or some of it sounds.
func pronounced(u speech.Utterance, word speech.Token) bool {
	return slices.ContainsFunc(u.Pronunciations, func(p speech.Pronunciation) bool {
		return p.Start < word.End && word.Start < p.End
	})
}

// apart makes several words of a group that was read as one, such as "from the",
// for each to be heard somewhere: phonemes are shared among them by their letters
// where no spaces part them. They sound as before.
func apart(text string, group speech.Token, phonemes string) []Word {
	whole := []Word{{Token: group, Phonemes: phonemes}}
	var tokens []speech.Token
	letters := 0
	for at := group.Start; at < group.End; {
		field := text[at:group.End]
		field = field[:len(field)-len(strings.TrimLeftFunc(field, func(r rune) bool { return !unicode.IsSpace(r) }))]
		if field == "" {
			_, size := utf8.DecodeRuneInString(text[at:])
			at += size
			continue
		}
		tokens = append(tokens, speech.Token{Start: at, End: at + len(field)})
		letters += len(field)
		at += len(field)
	}
	parts := strings.Fields(phonemes)
	if len(tokens) < 2 {
		return whole
	}
	var words []Word
	if len(parts) == len(tokens) {
		for i, t := range tokens {
			words = append(words, Word{Token: t, Phonemes: parts[i], Space: i+1 < len(tokens)})
		}
		return words
	}
	runes := []rune(phonemes)
	passed, from := 0, 0
	for i, t := range tokens {
		passed += t.End - t.Start
		to := max(from+1, len(runes)*passed/letters)
		for to < len(runes) && unicode.IsMark(runes[to]) {
			to++ // it belongs to what is before it
		}
		if i+1 == len(tokens) {
			to = len(runes)
		}
		if to > len(runes) || from == to {
			return whole // fewer sounds than words
		}
		words = append(words, Word{Token: t, Phonemes: string(runes[from:to]), Given: true})
		from = to
	}
	return words
}

// signs are the marks that say how a clause is spoken, and what others become.
var signs = map[rune]string{
	',': ",", '.': ".", '?': "?", '!': "!", ';': ";", ':': ":", '…': "…", '—': "—", '–': "—",
	'،': ",", '؛': ";", '؟': "?", '。': ".", '、': ",", '，': ",", '！': "!", '？': "?", '；': ";", '：': ":", '।': ".", '¿': "", '¡': "",
}

func isSign(r rune) bool { return signs[r] != "" }

// signsIn are the marks in what stands between two words.
func signsIn(gap string) string {
	var b strings.Builder
	for _, r := range gap {
		b.WriteString(signs[r])
	}
	return b.String()
}

// Letters reads text as its letters, in lower case and normal form D, for models
// that were taught so.
func Letters() Reader { return letters{} }

type letters struct{}

func (letters) Read(u speech.Utterance) ([]Word, error) {
	var words []Word
	for start := 0; start < len(u.Text); {
		rest := u.Text[start:]
		if skip := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsSpace(r) }); skip < 0 {
			break
		} else {
			start += skip
		}
		rest = u.Text[start:]
		n := strings.IndexFunc(rest, unicode.IsSpace)
		if n < 0 {
			n = len(rest)
		}
		words = append(words, Word{
			Token:    speech.Token{Start: start, End: start + n},
			Phonemes: norm.NFD.String(strings.ToLower(rest[:n])), Space: true,
		})
		start += n
	}
	return words, nil
}
