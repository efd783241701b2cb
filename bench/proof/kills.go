package main

import (
	"context"
	"fmt"
	"strings"
)

// kills is the promise that a crash loses and invents nothing.
//
// Method: 60 times (8 with -quick) the server is killed by SIGKILL at a random
// instant and started again on the same data, while clients create operations,
// cancel and read. A third of the kills wait until an outcome is being
// assembled, some come while the server is still starting. Afterwards a last
// server finishes everything, and the books are checked: see ordeal and audit.
// The reference for the sound is what the same texts give without a kill.
func kills(ctx context.Context, l *lab) ([]row, error) {
	n := l.count(60, 8)
	report, err := ordeal(ctx, l, n, l.seed)
	if err != nil {
		return nil, err
	}
	for _, c := range report.complaints {
		l.logf("complaint: %s", c)
	}
	l.logf("%s", report)
	return []row{{
		name: fmt.Sprintf("%d random `kill -9` of the server under creates and cancels", n),
		bar: "every accepted operation terminal; no object for a cancelled one; the whole object, of the right length, " +
			"for a succeeded one; no orphan worker; integrity_check ok",
		measured:  report.String(),
		reference: fmt.Sprintf("sound of %d texts without a kill", report.texts),
		ratio:     report.shortfall(),
		verdict:   judge(len(report.complaints) == 0, report.kills == n),
	}}, nil
}

// ordealReport is what the kill test found.
type ordealReport struct {
	kills, texts                            int
	accepted, succeeded, cancelled, crashed int
	whileStarting, whileAssembling          int       // kills
	orphans                                 durations // how long a dead server's workers were seen
	settled                                 string    // how long the last server needed
	integrity                               string
	history                                 *history
	calls                                   int // in it, what pages told of each operation included
	complaints                              []string
}

func (r *ordealReport) complain(format string, args ...any) {
	const most = 50
	if len(r.complaints) < most {
		r.complaints = append(r.complaints, fmt.Sprintf(format, args...))
	}
}

func (r *ordealReport) String() string {
	s := fmt.Sprintf("%d kills (%d while starting, %d while assembling); %d operations accepted: %d succeeded, %d cancelled, %d given up after repeated crashes; "+
		"workers gone after %s; all terminal %s after the last restart; integrity_check %s; %d answers about operations are linearizable or complained of",
		r.kills, r.whileStarting, r.whileAssembling, r.accepted, r.succeeded, r.cancelled, r.crashed,
		millis(r.orphans.worst()), r.settled, r.integrity, r.calls)
	if len(r.complaints) > 0 {
		s += fmt.Sprintf("; **%d complaints**: %s", len(r.complaints), strings.Join(r.complaints[:min(3, len(r.complaints))], "; "))
	}
	return s
}

// shortfall is how many of the accepted operations came to their right end.
func (r *ordealReport) shortfall() string {
	return fmt.Sprintf("%d complaints", len(r.complaints))
}
