package main

import (
	"bufio"
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/synth"
)

// localFlags are for commands that can do without a server.
type localFlags struct{ workerDir string }

func (l *localFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&l.workerDir, "worker-dir", "", "`DIRECTORY` of the engines' workers (default: $LECTERN_WORKER_DIR, else beside this program)")
}

// open starts the engines. What they log is dropped: the errors of what is
// asked of them tell the same.
func (l *localFlags) open(ctx context.Context, env *environment) (*engine.Engine, error) {
	dir := l.workerDir
	if dir == "" {
		dir = env.getenv(variable("worker-dir"))
	}
	return openEngines(ctx, slog.New(slog.DiscardHandler), dir, config.Default(env.getenv).Slots)
}

// bodyBuffer is the size of writes of encoded sound, in bytes.
const bodyBuffer = 64 << 10

func sayLocally(ctx context.Context, env *environment, o sayOptions, req synth.Request) error {
	engines, err := o.local.open(ctx, env)
	if err != nil {
		return err
	}
	defer engines.Close()
	if err := settleLanguage(&req, func() (voices, error) { return engines.Catalogue().List(""), nil }); err != nil {
		return err
	}
	pipeline := synth.New(engines, newFormats())
	plan, err := pipeline.Plan(req)
	if err != nil {
		return err
	}
	out, err := openOutput(ctx, env, o.output)
	if err != nil {
		return err
	}
	defer out.Discard()
	if err := speakOnto(ctx, pipeline, plan, out); err != nil {
		return err
	}
	return out.Close()
}

// speakOnto writes a whole file. Its header holds lengths that are known only
// at the end: until then one stands there that says "until the end".
func speakOnto(ctx context.Context, pipeline *synth.Synth, plan *synth.Plan, out output) error {
	header, _, err := pipeline.Wrapping(plan.Settings, -1)
	if err != nil {
		return err
	}
	if _, err := out.Write(header); err != nil {
		return err
	}
	body := bufio.NewWriterSize(out, bodyBuffer)
	frames, err := pipeline.Body(ctx, engine.Interactive, plan, body)
	if err != nil {
		return err
	}
	if err := body.Flush(); err != nil {
		return err
	}
	exact, trailer, err := pipeline.Wrapping(plan.Settings, frames)
	if err != nil {
		return err
	}
	// A header of another length (RF64, beyond 4 GiB) cannot take the place of
	// the first, nor can one whose bytes are gone; the file is good without.
	if len(exact) != len(header) || !out.Replace(exact) {
		return nil
	}
	_, err = out.Write(trailer)
	return err
}
