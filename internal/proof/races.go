package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"time"
)

// raceTests are the tests of the lro shelf that hold the races.
const raceTests = "(?i)race|linear|control"

// races is the promise that an outcome is written exactly once.
//
// Method: the tests of lro/sqlite in which 10,000 operations are each completed
// by one, cancelled by two and read by others at the same time are run by
// `go test`, without a cached result; porcupine judges the histories. Their
// negative control, a store that reads before it writes, must be found not
// linearizable. Judged: each of these tests passed, at least one race and one
// control among them.
func races(ctx context.Context, l *lab) ([]row, error) {
	tests, took, output, err := goTest(ctx, "./lro/...", raceTests)
	r := row{
		name: "10,000 races of complete against cancel (two cancellers, readers)",
		bar:  "one terminal write each; porcupine: linearizable; its negative control fails",
	}
	for _, line := range output {
		if strings.Contains(line, ".go:") {
			l.logf("%s", strings.TrimSpace(line))
		}
	}
	passed, failures, control, race := 0, 0, false, false
	var names []string
	for name, result := range tests {
		switch result {
		case "pass":
			passed++
			control = control || regexp.MustCompile("(?i)control").MatchString(name)
			race = race || regexp.MustCompile("(?i)race").MatchString(name)
			names = append(names, name)
		case "fail":
			failures++
			names = append(names, name+" FAILED")
		}
	}
	if passed+failures == 0 {
		return nil, fmt.Errorf("no test of ./lro/... matches %q: %v", raceTests, err)
	}
	r.measured = fmt.Sprintf("%d tests passed, %d failed in %s (%s)", passed, failures, millis(took), strings.Join(names, ", "))
	r.reference = "the negative control"
	r.verdict = judge(err == nil, failures == 0, control, race)
	return []row{r}, nil
}

// goTest runs tests and returns the result of each by name, and all output.
func goTest(ctx context.Context, packages, run string) (results map[string]string, took time.Duration, output []string, err error) {
	begun := time.Now()
	out, err := exec.CommandContext(ctx, "go", "test", "-count=1", "-json", "-run", run, packages).Output()
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
