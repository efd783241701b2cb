package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"time"
)

// The tests of lro/sqlite, from the suite of lro/lrotest, that hold the races.
const (
	raceTest    = "TestStore/Races"
	controlTest = "TestStore/NegativeControl"
)

// races is the promise that an outcome is written exactly once.
//
// Method: the test of lro/sqlite in which 10,000 operations are each completed
// by one, cancelled by two and read by five at the same time is run by `go
// test`, without a cached result; it fails unless each operation has one
// winner and porcupine finds the history linearizable. Its negative control
// lets the same callers loose on a store that reads before it writes, and fails
// unless that is found out. Judged: both tests pass.
func races(ctx context.Context, l *lab) ([]row, error) {
	tests, took, output, err := goTest(ctx, "./lro/sqlite", "^TestStore$/^(Races|NegativeControl)$")
	for _, line := range output {
		if strings.Contains(line, ".go:") {
			l.logf("%s", strings.TrimSpace(line))
		}
	}
	if tests[raceTest] == "" || tests[controlTest] == "" {
		return nil, fmt.Errorf("%s and %s did not both run: %w", raceTest, controlTest, err)
	}
	return []row{{
		name:      "10,000 races of complete against cancel (two cancellers, readers)",
		bar:       "one terminal write each; porcupine: linearizable; its negative control fails",
		measured:  fmt.Sprintf("%s: %s, in %s", raceTest, tests[raceTest], millis(took)),
		reference: fmt.Sprintf("%s: %s", controlTest, tests[controlTest]),
		verdict:   judge(err == nil, tests[raceTest] == "pass", tests[controlTest] == "pass"),
	}}, nil
}

// goTest runs tests, with flags of their own, and returns the result of each by name,
// and all output.
func goTest(ctx context.Context, packages, run string, flags ...string) (results map[string]string, took time.Duration, output []string, err error) {
	begun := time.Now()
	out, err := exec.CommandContext(ctx, "go", append([]string{"test", "-count=1", "-json", "-run", run, packages}, flags...)...).Output()
	results = map[string]string{}
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var event struct{ Action, Test, Output string }
		if json.Unmarshal(lines.Bytes(), &event) != nil {
			continue
		}
		switch event.Action {
		case "pass", "fail", "skip":
			if event.Test != "" {
				results[event.Test] = event.Action
			}
		case "output":
			output = append(output, event.Output)
		}
	}
	return results, time.Since(begun), output, err
}
