package main

import (
	"fmt"
	"os"
	"strings"
)

const reportIntroduction = `# Benchmarks

Each figure stands beside the bar it must reach and beside a reference that was
measured in the same run on the same machine, so that the ratio means something
elsewhere too. This page is written by

    make bench BENCH='-write docs/benchmarks.md'

How each row is measured (repetitions, which statistic is judged, what the
reference is) is said at the head of its file in bench/proof.
`

// writeReport writes the table, the machine and the raw output.
func writeReport(file string, l *lab, t table) error {
	var b strings.Builder
	b.WriteString(reportIntroduction)
	if l.quick {
		b.WriteString("\n**This was a run with -quick: smaller counts, rough verdicts.**\n")
	}
	fmt.Fprintf(&b, "\n## The machine\n\n%s", machine(l))
	fmt.Fprintf(&b, "\n## The table\n\n%s", t.markdown())
	raw := strings.ReplaceAll(l.rawOutput(), l.dir, "TMP")
	fmt.Fprintf(&b, "\n## Raw output\n\n```text\n%s```\n", raw)
	return os.WriteFile(file, []byte(b.String()), 0o644)
}
