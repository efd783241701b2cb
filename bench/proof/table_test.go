package main

import (
	"strings"
	"testing"
)

func TestExitCodeTellsTheWorstVerdict(t *testing.T) {
	for _, test := range []struct {
		verdicts []verdict
		code     int
	}{
		{nil, exitFailed}, // a pattern that matches nothing proves nothing
		{[]verdict{pass, note}, 0},
		{[]verdict{pass, miss, pass}, exitMissed},
		{[]verdict{failed, miss}, exitFailed},
		{[]verdict{miss, failed, pass}, exitFailed},
	} {
		var t1 table
		for _, v := range test.verdicts {
			t1 = append(t1, row{verdict: v})
		}
		if code := t1.exitCode(); code != test.code {
			t.Errorf("%v: exit code %d, want %d", test.verdicts, code, test.code)
		}
	}
}

func TestMarkdownKeepsOneLineForEachRow(t *testing.T) {
	text := table{{name: "a|b", bar: "<= 1", measured: "2", verdict: miss}}.markdown()
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != 3 || lines[2] != `| a\|b | <= 1 | 2 | - | - | miss |` {
		t.Errorf("the table is\n%s", text)
	}
}
