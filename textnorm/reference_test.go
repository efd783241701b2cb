package textnorm_test

import (
	"fmt"
	"math"
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

// TestReadsAsTheReferences makes random numbers, dates, amounts and times, in the forms in
// which they are written, and holds their readings to num2words and Babel: at
// least 99.5 % of each kind and language are the same but for spaces, hyphens and
// the English "and".
func TestReadsAsTheReferences(t *testing.T) {
	python := needs.Python(t, "num2words, babel")
	each := 500
	if os.Getenv("LECTERN_PROOF") == "yes" {
		each = 100_000 // of five kinds
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
			hour, minute := random.IntN(24), random.IntN(60)
			written = fmt.Sprintf("%d:%02d", hour, minute)
			switch {
			case l.name == "fr" && random.IntN(2) == 0:
				written = fmt.Sprintf("%dh%02d", hour, minute)
			case l.name == "de" && random.IntN(2) == 0:
				written = fmt.Sprintf("%d.%02d Uhr", hour, minute)
			case l.name == "es" && random.IntN(2) == 0:
				written = fmt.Sprintf("%d.%02d h", hour, minute)
			case random.IntN(2) == 0:
				written = fmt.Sprintf("%02d:%02d", hour, minute)
			}
			ask("time", written, fmt.Sprintf("%d %d", hour, minute))
		}
	}
	wanted := reference(t, python, asked.String())
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
		share := 100 * float64(good[kind]) / float64(n)
		t.Logf("%s: %d of %d are as the reference says, %.2f %%", kind, good[kind], n, share)
		if share < 99.5 {
			t.Errorf("%s: %.2f %% are as the reference says, the least is 99.5 %%", kind, share)
		}
	}
}

// reference asks testdata/reference.py for the words of lines.
func reference(t *testing.T, python, lines string) []string {
	run := exec.Command(python, "testdata/reference.py")
	run.Stdin = strings.NewReader(lines)
	run.Env = append(os.Environ(), "PYTHONIOENCODING=utf-8")
	run.Stderr = os.Stderr
	answer, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(answer)), "\n")
}

// TestReadsAsTheReferencesInLists holds cardinals to num2words, all of them, for two lists of numbers
// as Gorman and Sproat made them to teach and to test number names (Minimally
// supervised number normalization, 2016): all small numbers and those around each
// power of ten, and as many at random of three to eight digits.
func TestReadsAsTheReferencesInLists(t *testing.T) {
	python := needs.Python(t, "num2words, babel")
	var numbers []uint64
	for n := range uint64(1300) {
		numbers = append(numbers, n)
	}
	for power := uint64(1000); power <= 100_000_000_000; power *= 10 {
		for _, first := range []uint64{10, 12, 20, 21, 22, 30, 50, 90, 99} {
			for _, last := range []uint64{0, 1, 2, 10, 11, 12, 20, 21, 100, 101, 1000, 1001} {
				numbers = append(numbers, first*power/10+last)
			}
		}
	}
	random := rand.New(rand.NewPCG(2016, 4))
	atRandom := 1_000
	if os.Getenv("LECTERN_PROOF") == "yes" {
		atRandom = 10_000
	}
	for range atRandom {
		numbers = append(numbers, 100+uint64(math.Exp(9+1.5*random.NormFloat64()))%100_000_000)
	}
	for _, l := range references {
		var asked strings.Builder
		for _, n := range numbers {
			fmt.Fprintf(&asked, "cardinal %s %d\n", l.name, n)
		}
		missed := 0
		normalizer := textnorm.ForLanguage(l.tag)
		for i, want := range reference(t, python, asked.String()) {
			got, _ := normalizer.SayAs(fmt.Sprint(numbers[i]), textnorm.SayAs{InterpretAs: "cardinal"})
			if joined(got.Text) != joined(want) {
				if missed++; missed <= 5 {
					t.Errorf("%s: %d is read as %q, the reference says %q", l.name, numbers[i], got.Text, want)
				}
			}
		}
		t.Logf("%s: %d of %d cardinals are as the reference says", l.name, len(numbers)-missed, len(numbers))
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
var both = strings.NewReplacer("tré", "tre", "unomila", "unmila", "unomilioni", "unmilioni", "unomiliardi", "unmiliardi", "unoeuro", "uneuro", "unocentesimi", "uncentesimi")

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
