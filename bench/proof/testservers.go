package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// testServers is how long a program's test waits for a server of its own.
//
// Method: the benchmark of package lecterntest, from NewServer until the answer to
// SynthesizeSpeech of one word by gRPC, is run by `go test`: five times 40 servers,
// one after the other (twice 10 with -quick), in one process, whose first server is
// among them. Judged: the median of the means. The package's tests run 100 servers
// at once, of which they find nothing left.
func testServers(ctx context.Context, l *lab) ([]row, error) {
	out, err := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkFirstAnswer$",
		"-benchtime", fmt.Sprintf("%dx", l.count(40, 10)), "-count", strconv.Itoa(l.count(5, 2)), "./lecterntest").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("go test: %w: %s", err, out)
	}
	var took durations
	for _, found := range perServer.FindAllSubmatch(out, -1) {
		nanoseconds, err := strconv.ParseFloat(string(found[1]), 64)
		if err != nil {
			return nil, err
		}
		took = append(took, time.Duration(nanoseconds))
	}
	if len(took) == 0 {
		return nil, fmt.Errorf("there is no figure in %s", out)
	}
	const soon = 50 * time.Millisecond
	return []row{{
		name:     "lecterntest: from NewServer to the first answer",
		bar:      "p50 <= " + millis(soon),
		measured: took.String(),
		verdict:  judge(took.median() <= soon),
	}}, nil
}

// perServer is a line of the benchmark.
var perServer = regexp.MustCompile(`BenchmarkFirstAnswer\S*\s+\d+\s+([0-9.]+) ns/op`)
