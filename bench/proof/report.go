package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

const reportIntroduction = `# Benchmarks

Each figure stands beside the bar it must reach and beside a reference that was
measured in the same run on the same machine, so that the ratio means something
elsewhere too. This page is written by

    make bench BENCH='-write docs/benchmarks.md'

and with -run NAME only the part of that name is. How each row is measured
(repetitions, which statistic is judged, what the reference is) is said at the
head of its file in bench/proof.
`

// report is a page with a part for each measurement that was ever taken for it. A part
// stays until its measurement is taken again, so each says when and on what it was.
type report struct {
	file  string
	parts map[string]string // by the measurement's name, its heading included
}

const partHeading = "\n## "

// openReport reads the page of a file, which may not be there yet.
func openReport(file string) (*report, error) {
	text, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	r := &report{file: file, parts: map[string]string{}}
	for _, part := range strings.Split(string(text), partHeading)[1:] {
		name, _, _ := strings.Cut(part, "\n")
		r.parts[name] = partHeading + part
	}
	return r, nil
}

// put writes the page with the rows of a measurement that was taken as circumstances say.
func (r *report) put(name, circumstances string, rows table) error {
	r.parts[name] = fmt.Sprintf("%s%s\n\n%s\n\n%s", partHeading, name, circumstances, rows.markdown())
	var b strings.Builder
	b.WriteString(reportIntroduction)
	for _, m := range measurements {
		b.WriteString(r.parts[m.name])
	}
	return os.WriteFile(r.file, []byte(b.String()), 0o644)
}
