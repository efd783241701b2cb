package g2p

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// guesser knows what the numbers of a network for unknown words mean.
type guesser struct {
	run     Unknown
	letters map[rune]int64
	sounds  []string // the first has the number 1
	most    int      // letters at a time
}

func (g *guesser) parse(data []byte) error {
	var file struct {
		In, Out []string
		MaxLen  int
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return err
	}
	if len(file.In) == 0 || len(file.Out) == 0 || file.MaxLen < 1 {
		return errors.New("in, out or maxlen are missing")
	}
	g.sounds, g.most = file.Out, file.MaxLen
	g.letters = make(map[rune]int64, len(file.In))
	for i, letter := range file.In {
		g.letters[first(letter)] = int64(i + 1)
	}
	return nil
}

// guess asks the network. Letters that it does not know are left out; a word of
// more than it takes at a time is asked for in parts alike, for none of it to be
// lost.
func (g *guesser) guess(word string) (string, error) {
	var letters []int64
	for _, r := range word {
		if n, ok := g.letters[r]; ok {
			letters = append(letters, n)
		}
	}
	var b strings.Builder
	for parts := (len(letters) + g.most - 1) / g.most; parts > 0; parts-- {
		n := (len(letters) + parts - 1) / parts
		sounds, err := g.run(letters[:n])
		if err != nil {
			return "", err
		}
		g.spell(&b, sounds)
		letters = letters[n:]
	}
	return b.String(), nil
}

// spell writes what the network says; of a number several times in a row one counts.
func (g *guesser) spell(b *strings.Builder, sounds []int64) {
	before := int64(0)
	for _, n := range sounds {
		if n != before && n > 0 && n <= int64(len(g.sounds)) {
			b.WriteString(g.sounds[n-1])
		}
		before = n
	}
}

// signNames are the signs that are spoken within an unknown word.
var signNames = map[rune]string{
	'/': "slˈæʃ", '=': "ˈikwᵊlz", '+': "plˈʌs", '&': "ænd", '@': "æt", '%': "pəɹsˈɛnt", '#': "hˈæʃ",
	'*': "ˈæstəɹˌɪsk", '~': "tˈɪldə", '^': "kˈɛɹət", '<': "lˈɛs ðən", '>': "ɡɹˈATəɹ ðən", '—': "—",
}

// fallback reads what the dictionaries do not have: letters are guessed or spelled,
// figures are read as within a word, a few signs have names.
func (e *English) fallback(text string) (string, error) {
	var said []string
	for text != "" {
		r := first(text)
		n := runeLen(text)
		phonemes, err := "", error(nil)
		switch {
		case isLetter(r):
			n = span(text, isLetter)
			for n < len(text) && (text[n] == '\'' || strings.HasPrefix(text[n:], "’")) {
				after := n + runeLen(text[n:])
				more := span(text[after:], isLetter)
				if more == 0 {
					break
				}
				n = after + more
			}
			if unicode.IsLetter(r) {
				phonemes, err = e.unknown(text[:n])
			}
		case unicode.IsDigit(r):
			n = span(text, unicode.IsDigit)
			for n < len(text) && (text[n] == '.' || text[n] == ',') {
				more := span(text[n+1:], unicode.IsDigit)
				if more == 0 {
					break
				}
				n += 1 + more
			}
			phonemes, _ = e.lexicon.number(plainText(text[:n]), "", false)
		case !isSpace(r) && r != '_':
			n = span(text, func(r rune) bool { return !isAlnum(r) && !isSpace(r) && r != '_' })
			for _, r := range text[:n] {
				phonemes += signNames[r]
			}
		}
		if err != nil {
			return "", err
		}
		if phonemes != "" {
			said = append(said, phonemes)
		}
		text = text[n:]
	}
	return strings.Join(said, " "), nil
}

// unknown is how letters are spoken that are no known word.
func (e *English) unknown(word string) (string, error) {
	if e.guess != nil {
		return e.guess.guess(word)
	}
	letters := strings.Map(func(r rune) rune {
		if r < 'A' || !isASCIILetter(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(word))
	phonemes, _ := e.lexicon.spell(letters)
	return phonemes, nil
}
