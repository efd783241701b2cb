// Package cases holds text normalisation to written cases: what is written, and
// how it is to be read aloud. Tests score our own with it, `make cases` those of
// others.
//
// A file holds the cases of one class, one a line, with tabs between a written
// form and the readings of which any is right:
//
//	written <TAB> spoken [<TAB> another accepted reading ...]
//
// Every list is two halves. Whoever writes rules looks at what is missed of the
// seen half; of the blind half there is a score and nothing else. Rules that fit
// the language score the same on both.
package cases

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Score is how many cases of a class are read well.
type Score struct {
	Class string
	Tally
	Blind  Tally  // of all, the blind half
	Misses []Miss // of the seen half
}

// Tally counts cases.
type Tally struct{ Good, Of int }

// isBlind reports whether a case belongs to the blind half, which its written
// form decides.
func isBlind(written string) bool {
	sum := sha256.Sum256([]byte(written))
	return sum[len(sum)-1]%2 == 1
}

// Seen is the tally without its blind half.
func (s Score) Seen() Tally { return Tally{s.Good - s.Blind.Good, s.Of - s.Blind.Of} }

// Miss is a case that was read as none of its readings.
type Miss struct {
	Written, Got string
	Want         []string
}

// Percent is the share of good cases; that of none is 0.
func (t Tally) Percent() float64 {
	if t.Of == 0 {
		return 0
	}
	return 100 * float64(t.Good) / float64(t.Of)
}

// Of scores every class of a folder's *.tsv, in the order of their names. say
// puts what is written into words; language is a primary language subtag.
func Of(folder, language string, say func(written string) string) ([]Score, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.tsv"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("there are no cases (*.tsv) in %s", folder)
	}
	var scores []Score
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		score := Score{Class: strings.TrimSuffix(filepath.Base(file), ".tsv")}
		for line := range strings.Lines(string(text)) {
			fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
			if len(fields) < 2 {
				return nil, fmt.Errorf("%s: %q has no reading", file, fields[0])
			}
			got := say(fields[0])
			good := slices.ContainsFunc(fields[1:], func(want string) bool { return fold(got, language) == fold(want, language) })
			score.count(good)
			if isBlind(fields[0]) {
				score.Blind.count(good)
			} else if !good {
				score.Misses = append(score.Misses, Miss{fields[0], got, fields[1:]})
			}
		}
		scores = append(scores, score)
	}
	return scores, nil
}

func (t *Tally) count(good bool) {
	t.Of++
	if good {
		t.Good++
	}
}

// Total is the score of all classes together.
func Total(scores []Score) Score {
	total := Score{Class: "all"}
	for _, s := range scores {
		total.Tally.add(s.Tally)
		total.Blind.add(s.Blind)
	}
	return total
}

func (t *Tally) add(other Tally) {
	t.Good += other.Good
	t.Of += other.Of
}

// mustBeWords are signs that a reading puts into words, or is wrong.
const mustBeWords = "&%#@*$£€¥₩+=§°"

var and = regexp.MustCompile(`\band\b`)

// fold makes two readings equal that differ in nothing that is scored: case,
// full stops, other punctuation but an apostrophe within a word, spaces, and in
// English the word "and".
func fold(text, language string) string {
	text = strings.ToLower(norm.NFC.String(text))
	text = strings.NewReplacer("’", "'", "‘", "'", ".", "").Replace(text)
	runes := []rune(text)
	spoken := func(i int) bool {
		return i >= 0 && i < len(runes) && (unicode.IsLetter(runes[i]) || unicode.IsDigit(runes[i]))
	}
	var b strings.Builder
	for i, c := range runes {
		switch {
		case unicode.IsLetter(c), unicode.IsMark(c), unicode.IsDigit(c), strings.ContainsRune(mustBeWords, c),
			c == '\'' && spoken(i-1) && spoken(i+1):
			b.WriteRune(c)
		default:
			b.WriteByte(' ')
		}
	}
	text = b.String()
	if language == "en" {
		text = and.ReplaceAllString(text, " ")
	}
	return strings.Join(strings.Fields(text), " ")
}
