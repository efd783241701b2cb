package main

import (
	"context"
	"fmt"
)

// cuttingTest is the property test of synth that holds the cuttings.
const cuttingTest = "TestATalkIsItsWholeText"

// streamCuttings is that a text is the same however it is cut into fragments.
//
// Method: the property test of synth is run by `go test`, without a cached result, with
// 50,000 texts (1,000 with -quick) that are drawn of what is read otherwise when it is
// torn apart, each cut at random, within words and characters too. It fails unless the
// words that the engine is given are those of the whole text, in their order, and the
// bytes too where a talk waits only at ends of sentences. Judged: it passes.
func streamCuttings(ctx context.Context, l *lab) ([]row, error) {
	checks := l.count(50_000, 1_000)
	tests, took, output, err := goTest(ctx, "./synth", "^"+cuttingTest+"$", fmt.Sprintf("-rapid.checks=%d", checks))
	if tests[cuttingTest] == "" {
		return nil, fmt.Errorf("%s did not run: %w", cuttingTest, err)
	}
	if err != nil {
		l.logf("%s", output)
	}
	return []row{{
		name:     fmt.Sprintf("%d texts cut at random into fragments", checks),
		bar:      "the words of the whole text, 0 lost or doubled; its bytes for who waits at ends of sentences only",
		measured: fmt.Sprintf("%s: %s, in %s", cuttingTest, tests[cuttingTest], millis(took)),
		verdict:  judge(err == nil, tests[cuttingTest] == "pass"),
	}}, nil
}
