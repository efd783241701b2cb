// Command lro-conformance tells how a server of google.longrunning.Operations
// keeps that API: it starts operations by a method of the server, gets, lists,
// waits for, cancels and deletes them, and prints what held and what did not,
// each expectation with its source.
//
// It knows nothing of Lectern: any server that answers by gRPC can be its target.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// The codes with which the program exits.
const (
	exitHolds   = 0
	exitFails   = 1 // an expectation does not hold
	exitNothing = 2 // nothing could be said: wrong flags, no server
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	code := exitNothing
	cmd := newCommand(func(o options) error {
		var err error
		code, err = examine(ctx, o, stdout)
		return err
	})
	cmd.SetArgs(args)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	if err := cmd.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(stderr, "lro-conformance: %v\n", err)
		return exitNothing
	}
	if code == exitNothing { // it was --help
		code = exitHolds
	}
	return code
}

type options struct {
	target   string
	tls      bool
	preset   string
	requests requests
	only     string
	patience time.Duration
	keeps    time.Duration
	markdown bool
}

func newCommand(examine func(options) error) *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use:   "lro-conformance --target HOST:PORT",
		Short: "How a server of google.longrunning.Operations keeps that API",
		Long: `Starts operations on a server, gets, lists, waits for, cancels and deletes them, and
prints which expectations of google.longrunning held, each with its source.

How operations are started differs from server to server: by --preset, or by
--start and requests in JSON. In them {n} becomes a number that is never the same
twice, and {n.text} a text of about 300 kB. The method's messages are learned by
the server's reflection.`,
		Example: `  lro-conformance --target 127.0.0.1:8085
  lro-conformance --target 127.0.0.1:7469 --preset showcase
  lro-conformance --target 127.0.0.1:9000 --parent projects/p/locations/l \
    --start example.v1.Jobs/CreateJob --long '{"seconds": 60}' --short '{}'`,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(*cobra.Command, []string) error { return examine(o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.target, "target", "", "address of the server, `HOST:PORT`")
	f.BoolVar(&o.tls, "tls", false, "the server speaks TLS, with a certificate that this machine trusts")
	f.StringVar(&o.preset, "preset", "texttospeech", "how operations are started: `texttospeech` or showcase")
	f.StringVar(&o.requests.Method, "start", "", "the `method` that starts one, package.Service/Method, instead of the preset's")
	f.StringVar(&o.requests.Parent, "parent", "", "the `name` that ListOperations is asked with")
	f.StringVar(&o.requests.Long, "long", "", "`JSON` of a request whose operation lasts for some seconds")
	f.StringVar(&o.requests.Short, "short", "", "`JSON` of one whose operation soon succeeds")
	f.StringVar(&o.requests.Failing, "failing", "", "`JSON` of one whose operation soon fails")
	f.StringVar(&o.only, "run", "", "only the checks whose names match this `regexp`")
	f.DurationVar(&o.patience, "patience", 30*time.Second, "how long a short operation, or a cancel, may take")
	f.DurationVar(&o.keeps, "keeps", 0, "how long the server keeps what has ended, if that is short enough to be tried")
	f.BoolVar(&o.markdown, "markdown", false, "print a table for a page")
	return cmd
}

// examine runs the checks against the target and prints what they found.
func examine(ctx context.Context, o options, out io.Writer) (int, error) {
	if o.target == "" {
		return exitNothing, errors.New("--target is missing: the address of the server, HOST:PORT")
	}
	only, err := regexp.Compile(o.only)
	if err != nil {
		return exitNothing, fmt.Errorf("--run: %w", err)
	}
	requests, err := o.requests.over(o.preset)
	if err != nil {
		return exitNothing, err
	}
	t, err := dial(ctx, o.target, o.tls, requests, o.patience)
	if err != nil {
		return exitNothing, err
	}
	defer t.close()
	t.keeps = o.keeps
	var found []finding
	for _, c := range checks() {
		if !only.MatchString(c.name) {
			continue
		}
		found = append(found, t.examine(ctx, c))
		if ctx.Err() != nil {
			return exitNothing, errors.New("interrupted")
		}
		last := found[len(found)-1]
		if !o.markdown {
			fmt.Fprint(out, last.line())
		}
		if last.gone {
			return exitNothing, fmt.Errorf("the server does not answer any more, after the check %s", last.name)
		}
	}
	if len(found) == 0 {
		return exitNothing, fmt.Errorf("no check has a name that matches %q", o.only)
	}
	if o.markdown {
		fmt.Fprint(out, markdown(found))
	}
	fmt.Fprintln(out, strings.TrimSpace(summary(found)))
	if count(found, fails) > 0 {
		return exitFails, nil
	}
	return exitHolds, nil
}
