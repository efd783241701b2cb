package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/lectern/lectern/textnorm"
)

// solidUnits are what texts without white space are made of.
var solidUnits = []string{
	"1", "1,", "(1)", "1.", "1.1,", "1+", "1-", "1/", "1:", "1x", "1%", "§1", "€1", "12345,",
	".", "(", ".,", "().[,", "V", "I.", "I,", "\u0301", "a\u0301", "1\u0301",
}

// solid is how long texts without white space are read, beside prose.
//
// Method: a text of 1 MB of one unit, and the book, are parted into sentences
// and normalised in turn, three times (once with -quick) for 0.2 s of time each;
// of each the quickest run counts, by CPU time. A text passes if it takes at
// most twice prose's time for each of its bytes, or, where it is said in many
// more words than it is written with, no more than prose for each byte that is
// spoken.
func (l *lab) solid(normalizer *textnorm.Normalizer) ([]row, error) {
	const span = 200 * time.Millisecond
	read := func(text string) (rate, spoken float64, err error) {
		said := 0
		rates, err := l.bytesPerSecondTimes(1, span, func() (int, error) {
			said = 0
			for s := range textnorm.Sentences(text, 0) {
				said += len(normalizer.Sentence(s.Of(text), nil).Text)
			}
			return len(text), nil
		})
		if err != nil {
			return 0, 0, err
		}
		return rates[0], float64(said) / float64(len(text)), nil
	}
	var rows []row
	for _, unit := range solidUnits {
		text := strings.Repeat(unit, 1<<20/len(unit))
		var best, prose, spoken, proseSpoken float64
		for range l.count(3, 1) {
			rate, more, err := read(text)
			if err != nil {
				return nil, err
			}
			best, spoken = max(best, rate), more
			if rate, more, err = read(alice); err != nil {
				return nil, err
			}
			prose, proseSpoken = max(prose, rate), more
		}
		written := prose / best
		bySpoken := written * proseSpoken / max(spoken, 1e-6)
		rows = append(rows, row{
			name:     fmt.Sprintf("1 MB of %+q without white space", unit),
			bar:      "<= 2 x prose for each byte, or <= 1 x for each byte spoken",
			measured: fmt.Sprintf("%.2f x for each byte, of which %.1f are spoken; %.2f x for each of those", written, spoken, bySpoken),
			verdict:  judge(written <= 2 || bySpoken <= 1),
		})
	}
	return rows, nil
}
