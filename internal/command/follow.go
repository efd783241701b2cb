package command

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/lectern/lectern/ttsapi/client"
)

// refresh is how often a bar is drawn by what the server tells; without one it is
// asked as often as a line is due.
const refresh = 2 * time.Second

// redrawnBetween is how often the bar is drawn anew meanwhile.
const redrawnBetween = 500 * time.Millisecond

// follow shows the progress of an operation until it is done, timeout is over
// (0: never) or it is interrupted. The operation is as it was last seen, with a
// nil error only if it succeeded.
func follow(ctx context.Context, env *environment, c *client.Client, name string, timeout time.Duration) (client.Operation, error) {
	if timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout)
		defer cancel()
	}
	if isTerminal(env.stdin) && isTerminal(env.stderr) {
		return followAttended(ctx, env, c, name)
	}
	ctx, stop := untilSignal(ctx)
	defer stop()
	shown := newProgress(env)
	every := quiet
	if shown.terminal {
		every = refresh
	}
	op, err := c.Follow(ctx, name, every, shown.show)
	shown.clear()
	return op, ending(ctx, op, err)
}

// ending is what the end of following means for the command.
func ending(ctx context.Context, op client.Operation, err error) error {
	switch {
	case err == nil:
		return unsuccessful(op)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return outcome{exitStillRuns, fmt.Sprintf("operation %s still runs (%s); wait again, or cancel it with `lectern operations cancel %[1]s`", idOf(op.Name), percent(op.Progress))}
	case ctx.Err() != nil:
		return leftRunning(op)
	}
	return err
}

func leftRunning(op client.Operation) error {
	return outcome{exitInterrupted, fmt.Sprintf("interrupted; the operation is left running; cancel it with `lectern operations cancel %s`", idOf(op.Name))}
}

const question = "Cancel the operation? [y/N] (Ctrl-C again leaves it running) "

// followAttended follows with somebody at the keyboard: the first Ctrl-C asks
// whether to cancel, a second one leaves the operation running.
func followAttended(ctx context.Context, env *environment, c *client.Client, name string) (client.Operation, error) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)

	watching, stop := context.WithCancel(ctx)
	defer stop()
	seen := make(chan client.Operation)
	type end struct {
		op  client.Operation
		err error
	}
	ended := make(chan end, 1)
	go func() {
		op, err := c.Follow(watching, name, refresh, func(op client.Operation) {
			select {
			case seen <- op:
			case <-watching.Done():
			}
		})
		ended <- end{op, err}
	}()

	shown := newProgress(env)
	last := client.Operation{Name: name, State: client.Running}
	keyboard := bufio.NewReader(env.stdin)
	answers := make(chan bool, 1)
	asking, cancelling := false, false
	redraw := time.NewTicker(redrawnBetween)
	defer redraw.Stop()
	for {
		select {
		case last = <-seen:
			if !asking {
				shown.show(last)
			}
		case <-redraw.C:
			if shown.drawn {
				shown.show(last)
			}
		case e := <-ended:
			if asking {
				fmt.Fprintln(env.stderr)
			}
			shown.clear()
			if cancelling && e.op.State == client.Cancelled {
				return e.op, outcome{exitInterrupted, fmt.Sprintf("operation %s was cancelled; nothing is written", idOf(e.op.Name))}
			}
			return e.op, ending(ctx, e.op, e.err)
		case s := <-signals:
			shown.clear()
			if asking || cancelling || s != os.Interrupt {
				fmt.Fprintln(env.stderr)
				return last, leftRunning(last)
			}
			asking = true
			fmt.Fprint(env.stderr, question)
			go func() { answers <- readYes(keyboard) }()
		case yes := <-answers:
			asking = false
			if !yes {
				shown.show(last)
				continue
			}
			if err := c.Cancel(ctx, name); err != nil {
				return last, err
			}
			cancelling = true
		}
	}
}

// readYes reads one line; only y and yes mean yes.
func readYes(from *bufio.Reader) bool {
	line, _ := from.ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return true
	}
	return false
}
