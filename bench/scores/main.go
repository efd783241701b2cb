// Command scores holds Lectern to other people's cases, which stand outside of
// the repository: `make cases CASES=DIR`. It prints a table (class, good, of, %)
// and fails where a bar is missed. The totals of readings are given for the seen
// and the blind half too (internal/cases); no line of the blind half is printed.
//
// DIR holds any of these:
//
//	textnorm/LANGUAGE/CLASS.tsv   what is written and its readings, as internal/cases says
//	ssml/verdicts.tsv             document <TAB> valid|invalid <TAB> reason <TAB> source
//	ssml/documents/*.ssml         each is accepted, or refused with a place
//	mos/distillmos.onnx           scores how natural voices sound, of 5; bin has the
//	                              programs and .voices the voices
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/cases"
	"github.com/lectern/lectern/ssml"
	"github.com/lectern/lectern/textnorm"
)

// languages are those with rules, the tag that is scored and the least share of
// good cases, in percent: of all of them, and of each class of ten or more.
var languages = []struct {
	name, tag  string
	all, class float64
}{
	{"en", "en-US", 95, 85},
	{"de", "de-DE", 80, 0},
	{"es", "es-ES", 80, 0},
	{"fr", "fr-FR", 80, 0},
}

func main() {
	misses := flag.Bool("misses", false, "print every case that is missed, and the score of every sentence")
	var p programs
	flag.StringVar(&p.bin, "bin", "bin", "`directory` of the programs")
	flag.StringVar(&p.voices, "voices", ".voices", "`directory` of the neural voices")
	judge := flag.Bool("mos", false, "score how natural the voices sound too, if DIR holds mos/distillmos.onnx; minutes")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: make cases CASES=DIR [MOS=yes]  (or: go run ./bench/scores [-misses] DIR)")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() != 1 || flag.Arg(0) == "" {
		flag.Usage()
		os.Exit(2)
	}
	p.judge = *judge
	if err := p.run(os.Stdout, flag.Arg(0), *misses); err != nil {
		fmt.Fprintln(os.Stderr, "cases:", err)
		os.Exit(1)
	}
}

// run scores what dir holds and prints it to w. An error is a folder that holds
// no cases, or a bar that is missed.
func (p programs) run(w io.Writer, dir string, misses bool) error {
	if st, err := os.Stat(dir); err != nil {
		return fmt.Errorf("CASES=%s: there is no such folder", dir)
	} else if !st.IsDir() {
		return fmt.Errorf("CASES=%s is not a folder", dir)
	}
	t := &table{rows: tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight), misses: misses}
	fmt.Fprint(t.rows, "class\tgood\tof\t%\t\n")
	found := 0
	for _, part := range []func(*table, string) (bool, error){normalisation, verdicts, documents, p.naturalness} {
		there, err := part(t, dir)
		if err != nil {
			return err
		}
		if there {
			found++
		}
	}
	if found == 0 {
		return fmt.Errorf("CASES=%s holds neither textnorm/LANGUAGE/*.tsv, ssml/verdicts.tsv, ssml/documents/*.ssml nor mos/distillmos.onnx", dir)
	}
	if err := t.rows.Flush(); err != nil {
		return err
	}
	fmt.Fprint(w, t.notes.String())
	if len(t.missed) > 0 {
		return fmt.Errorf("%s", strings.Join(t.missed, "; "))
	}
	return nil
}

// table gathers rows, the misses below them, and bars that were not met.
type table struct {
	rows   *tabwriter.Writer
	misses bool
	notes  strings.Builder
	missed []string
}

func (t *table) row(class string, s cases.Tally, least float64) {
	fmt.Fprintf(t.rows, "%s\t%d\t%d\t%.1f\t\n", class, s.Good, s.Of, s.Percent())
	if s.Percent() < least {
		t.missed = append(t.missed, fmt.Sprintf("%s: %d of %d are good, the least is %.0f %%", class, s.Good, s.Of, least))
	}
}

func (t *table) note(format string, args ...any) {
	if t.misses {
		fmt.Fprintf(&t.notes, format+"\n", args...)
	}
}

func normalisation(t *table, dir string) (bool, error) {
	found := false
	for _, l := range languages {
		folder := filepath.Join(dir, "textnorm", l.name)
		if _, err := os.Stat(folder); err != nil {
			continue
		}
		found = true
		n := textnorm.ForLanguage(l.tag)
		scores, err := cases.Of(folder, l.name, func(written string) string { return n.Sentence(written, nil).Text })
		if err != nil {
			return found, err
		}
		for _, s := range scores {
			least := l.class
			if s.Of < 10 {
				least = 0
			}
			t.row(l.name+" "+s.Class, s.Tally, least)
			for _, m := range s.Misses {
				t.note("%s %s: %q is read as %q, they read %q", l.name, s.Class, m.Written, m.Got, m.Want)
			}
		}
		total := cases.Total(scores)
		t.row(l.name+" seen half", total.Seen(), 0)
		t.row(l.name+" blind half", total.Blind, 0)
		t.row(l.name+" all", total.Tally, l.all)
	}
	return found, nil
}

func verdicts(t *table, dir string) (bool, error) {
	text, err := os.ReadFile(filepath.Join(dir, "ssml", "verdicts.tsv"))
	if err != nil {
		return false, nil
	}
	score := cases.Tally{}
	for line := range strings.Lines(string(text)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(fields) < 2 {
			return true, fmt.Errorf("ssml/verdicts.tsv: %q has no verdict", fields[0])
		}
		_, err := ssml.Parse(fields[0], ssml.Limits{})
		score.Of++
		if (err == nil) == (fields[1] == "valid") {
			score.Good++
		} else {
			t.note("ssml verdicts: %s\n  they say %s, we %v", fields[0], fields[1], err)
		}
	}
	t.row("ssml verdicts", score, 100)
	return true, nil
}

// documents counts a document as good when it is accepted, or refused as bad
// input with its place.
func documents(t *table, dir string) (bool, error) {
	files, err := filepath.Glob(filepath.Join(dir, "ssml", "documents", "*.ssml"))
	if err != nil || len(files) == 0 {
		return false, err
	}
	score := cases.Tally{}
	accepted := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return true, err
		}
		_, err = ssml.Parse(string(text), ssml.Limits{})
		f := fault.From(err)
		score.Of++
		switch {
		case err == nil:
			accepted++
			score.Good++
		case f != nil && f.Code == fault.InvalidArgument && f.Line >= 1 && f.Column >= 1:
			score.Good++
			t.note("ssml documents: %s is refused: %v", filepath.Base(file), err)
		default:
			t.note("ssml documents: %s fails without a place: %v", filepath.Base(file), err)
		}
	}
	t.row("ssml documents", score, 100)
	t.row("ssml documents accepted", cases.Tally{Good: accepted, Of: len(files)}, 0)
	return true, nil
}
