package textnorm_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/textnorm"
)

// references are the languages that are held to num2words and Babel: their tag,
// the marks of numbers, the ending of an ordinal.
var references = []struct{ name, tag, group, decimal, ordinal string }{
	{"en", "en-US", ",", ".", ""},
	{"de", "de-DE", ".", ",", ""},
	{"es", "es-ES", ".", ",", ".º"},
	{"fr", "fr-FR", " ", ",", "e"},
	{"it", "it-IT", ".", ",", "º"},
	{"pt", "pt-BR", ".", ",", "º"},
}

// TestReadsAsTheReferences makes random numbers, dates and amounts, in the forms in
// which they are written, and holds their readings to num2words and Babel: at
// least 99.5 % of each kind and language are the same but for spaces, hyphens and
// the English "and".
func TestReadsAsTheReferences(t *testing.T) {
	python := needs.Python(t, "num2words, babel")
	each := 500
	if os.Getenv("LECTERN_PROOF") == "yes" {
		each = 25_000 // of four kinds
	}
	random := rand.New(rand.NewPCG(17, 4))
	type one struct{ kind, tag, written string }
	var all []one
	var asked strings.Builder
	for _, l := range references {
		ask := func(kind, written, values string) {
			all = append(all, one{l.name + " " + kind, l.tag, written})
			fmt.Fprintf(&asked, "%s %s %s\n", kind, l.name, values)
		}
		for range each {
			n := random.Uint64N(pow10(1 + random.IntN(9)))
			written := fmt.Sprint(n)
			if random.IntN(2) == 0 && n > 9999 {
				written = grouped(n, l.group)
			}
			if n < 1100 || n > 2099 || l.name != "en" && l.name != "de" { // else it is a year
				ask("cardinal", written, fmt.Sprint(n))
			}
			if o := 1 + random.Uint64N(999); l.ordinal != "" || l.name == "en" {
				ending := l.ordinal
				if l.name == "en" {
					ending = englishEnding(o)
				}
				if l.name == "fr" && o == 1 {
					ending = "er"
				}
				ask("ordinal", fmt.Sprint(o)+ending, fmt.Sprint(o))
			}
			cents := random.Uint64N(pow10(2 + random.IntN(6)))
			whole := grouped(cents/100, l.group)
			if cents/100 < 10000 {
				whole = fmt.Sprint(cents / 100)
			}
			if cents/100%1_000_000 != 0 || cents < 100 {
				ask("amount", fmt.Sprintf("%s%s%02d €", whole, l.decimal, cents%100), fmt.Sprint(cents))
			}
			y, m, d := 1100+random.IntN(1000), 1+random.IntN(12), 1+random.IntN(28)
			written = fmt.Sprintf("%d/%d/%d", d, m, y)
			switch {
			case random.IntN(3) == 0:
				written = fmt.Sprintf("%d-%02d-%02d", y, m, d)
			case l.name == "en":
				written = fmt.Sprintf("%d/%d/%d", m, d, y)
			case l.name == "de":
				written = fmt.Sprintf("%d.%d.%d", d, m, y)
			}
			ask("date", written, fmt.Sprintf("%d %d %d", y, m, d))
		}
	}
	run := exec.Command(python, "testdata/reference.py")
	run.Stdin = strings.NewReader(asked.String())
	run.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
	run.Stderr = os.Stderr
	answer, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	wanted := strings.Split(strings.TrimSpace(string(answer)), "\n")
	if len(wanted) != len(all) {
		t.Fatalf("%d were asked, %d answered", len(all), len(wanted))
	}
	good, of := map[string]int{}, map[string]int{}
	for i, o := range all {
		got := textnorm.ForLanguage(o.tag).Sentence(o.written, nil).Text
		of[o.kind]++
		if joined(got) == joined(wanted[i]) {
			good[o.kind]++
		} else if of[o.kind]-good[o.kind] <= 5 {
			t.Logf("%s: %q is read as %q, the reference says %q", o.kind, o.written, got, wanted[i])
		}
	}
	for kind, n := range of {
		if share := 100 * float64(good[kind]) / float64(n); share < 99.5 {
			t.Errorf("%s: %d of %d are as the reference says, %.2f %%", kind, good[kind], n, share)
		}
	}
}

// joined is a reading without what the references write in other ways.
func joined(text string) string {
	text = strings.ToLower(norm.NFC.String(text))
	words := strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == '-' || c == ',' })
	var b strings.Builder
	for _, w := range words {
		if w != "and" && w != "e" { // between groups Italian and Portuguese may write it or not
			b.WriteString(w)
		}
	}
	return both.Replace(b.String())
}

// both are Italian forms of which either is right.
var both = strings.NewReplacer("tré", "tre", "unomila", "unmila", "unomilioni", "unmilioni", "unoeuro", "uneuro", "unocentesimi", "uncentesimi")

func pow10(n int) uint64 {
	value := uint64(1)
	for range n {
		value *= 10
	}
	return value
}

// grouped is a number with a mark between groups of three digits.
func grouped(n uint64, mark string) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + mark + text[i:]
	}
	return text
}

func englishEnding(n uint64) string {
	switch {
	case n/10%10 == 1:
		return "th"
	case n%10 == 1:
		return "st"
	case n%10 == 2:
		return "nd"
	case n%10 == 3:
		return "rd"
	}
	return "th"
}
