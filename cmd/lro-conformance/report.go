package main

import (
	"fmt"
	"strings"
	"time"
)

// line is a finding for a person at a terminal.
func (f finding) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-6s %-20s %s\n", f.outcome, f.name, f.expects)
	switch f.outcome {
	case fails:
		fmt.Fprintf(&b, "       %-20s %s (%s; %s)\n", "", f.why, f.source, f.took.Round(time.Millisecond))
	case unsaid:
		fmt.Fprintf(&b, "       %-20s %s\n", "", f.why)
	}
	return b.String()
}

// markdown is a table for a page.
func markdown(found []finding) string {
	var b strings.Builder
	b.WriteString("| check | expectation | source | outcome |\n|---|---|---|---|\n")
	for _, f := range found {
		came := f.outcome.String()
		if f.why != "" {
			came += ": " + strings.ReplaceAll(strings.ReplaceAll(f.why, "|", "\\|"), "\n", " ")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", f.name, f.expects, f.source, came)
	}
	return b.String()
}

func count(found []finding, which outcome) (n int) {
	for _, f := range found {
		if f.outcome == which {
			n++
		}
	}
	return n
}

func summary(found []finding) string {
	return fmt.Sprintf("%d hold, %d fail, of %d nothing can be said", count(found, holds), count(found, fails), count(found, unsaid))
}
