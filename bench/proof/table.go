package main

import (
	"context"
	"fmt"
	"strings"
)

// measurement is one group of rows of the table; -run chooses by its name.
type measurement struct {
	name string
	take func(context.Context, *lab) ([]row, error)
}

// row is one line of the table.
type row struct {
	name      string // what was measured
	bar       string // what it must reach
	measured  string
	reference string // what it is compared with, measured in the same run
	ratio     string // measured / reference
	verdict   verdict
}

type verdict string

const (
	pass   verdict = "pass"
	miss   verdict = "miss"
	failed verdict = "FAILED" // not measured
	note   verdict = "-"      // a figure without a bar
	// skipped is what could not be measured here for want of something that
	// nobody must have.
	skipped verdict = "skipped"
)

// judge is pass when everything holds.
func judge(holds ...bool) verdict {
	for _, ok := range holds {
		if !ok {
			return miss
		}
	}
	return pass
}

type table []row

// markdown is the table with one line for each row.
func (t table) markdown() string {
	var b strings.Builder
	b.WriteString("| what | bar | measured | reference (same run) | ratio | verdict |\n|---|---|---|---|---|---|\n")
	for _, r := range t {
		cells := []string{r.name, r.bar, r.measured, r.reference, r.ratio, string(r.verdict)}
		for i, c := range cells {
			if c == "" {
				c = "-"
			}
			cells[i] = strings.ReplaceAll(c, "|", `\|`)
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	return b.String()
}

func (t table) exitCode() int {
	code := 0
	for _, r := range t {
		switch r.verdict {
		case failed:
			code = exitFailed
		case miss:
			code = max(code, exitMissed)
		}
	}
	if len(t) == 0 {
		return exitFailed
	}
	return code
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
