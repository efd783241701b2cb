package command

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/models"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

// localFlags are for commands that can do without a server.
type localFlags struct{ workerDir, voices string }

func (l *localFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&l.workerDir, "worker-dir", "", "`DIRECTORY` of the engines' workers (default: $LECTERN_WORKER_DIR, else beside this program)")
	cmd.Flags().StringVar(&l.voices, "voices", "", "`DIRECTORY` of the neural voices (default: $LECTERN_VOICES, else ~/.local/share/lectern/voices)")
}

// open starts the engines. What they log is dropped: the errors of what is
// asked of them tell the same.
func (l *localFlags) open(ctx context.Context, env *environment) (*engine.Engine, error) {
	c := config.Default(env.getenv)
	c.Slots = 1 // one sentence after the other
	c.WorkerDir = cmp.Or(l.workerDir, env.getenv(variable("worker-dir")))
	c.Voices = cmp.Or(l.voices, env.getenv(variable("voices")), c.Voices)
	if _, err := models.Of(c.Voices); err != nil { // what a server would log
		for problem := range strings.SplitSeq(err.Error(), "\n") {
			fmt.Fprintln(env.stderr, "lectern: warning:", problem)
		}
	}
	return openEngines(ctx, slog.New(slog.DiscardHandler), c)
}

// liveGathered is how much sound a format may gather that is heard as it comes.
const liveGathered = 100 * time.Millisecond

// bodyBuffer is the size of writes of encoded sound, in bytes.
const bodyBuffer = 64 << 10

func sayLocally(ctx context.Context, env *environment, o sayOptions, req synth.Request) error {
	lexicons, err := ownLexicon(o.lexicons)
	if err != nil {
		return err
	}
	engines, err := o.local.open(ctx, env)
	if err != nil {
		return err
	}
	defer engines.Close()
	if err := settleLanguage(&req, func() ([]speech.Voice, error) { return engines.Catalogue().List(""), nil }); err != nil {
		return err
	}
	quiet := slog.New(slog.DiscardHandler)
	clips, err := openClips(quiet, config.Default(env.getenv))
	if err != nil {
		return err
	}
	defer clips.Close()
	formats := newFormats()
	if isHeard(env, o.output) {
		formats = newHeardFormats()
	}
	pipeline := synth.New(synth.Config{Engines: engines, Lexicons: lexicons, Formats: formats, Clips: clips, Log: quiet})
	plan, err := pipeline.Plan(ctx, req)
	if err != nil {
		return err
	}
	out, err := openOutput(ctx, env, o.output, plan.Encoding)
	if err != nil {
		return err
	}
	defer out.Discard()
	told := newPlanProgress(newSayProgress(env, o.output), plan)
	defer told.clear()
	spoken, err := speakOnto(ctx, pipeline, plan, out, told.tell)
	if err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	told.whole(spoken)
	if o.captions == "" {
		return nil
	}
	return writeCaptions(o.captions, plan.SampleRate, spoken.Cues)
}

// speakOnto writes a whole file. Its header holds lengths that are known only
// at the end: until then one stands there that says "until the end". tell is told how
// far it is.
func speakOnto(ctx context.Context, pipeline *synth.Synth, plan *synth.Plan, out output, tell func(synth.Progress)) (synth.Spoken, error) {
	_, pieces, err := pipeline.Pieces(plan.Settings)
	if err != nil {
		return synth.Spoken{}, err
	}
	body, flush, gathered := io.Writer(out), func() error { return nil }, liveGathered
	if !out.Live() {
		whole := bufio.NewWriterSize(out, bodyBuffer)
		body, flush, gathered = whole, whole.Flush, 0
	}
	if pieces {
		spoken, err := pipeline.StreamTelling(ctx, engine.Interactive, plan, body, gathered, tell)
		return spoken, errors.Join(err, flush())
	}
	header, _, err := pipeline.Wrapping(plan.Settings, -1)
	if err != nil {
		return synth.Spoken{}, err
	}
	if _, err := out.Write(header); err != nil {
		return synth.Spoken{}, err
	}
	spoken, err := pipeline.BodyTelling(ctx, engine.Interactive, plan, body, tell)
	if err != nil {
		return spoken, err
	}
	if err := flush(); err != nil {
		return spoken, err
	}
	exact, trailer, err := pipeline.Wrapping(plan.Settings, spoken.Frames)
	if err != nil {
		return spoken, err
	}
	// A header of another length (RF64, beyond 4 GiB) cannot take the place of
	// the first, nor can one whose bytes are gone; the file is good without.
	if len(exact) != len(header) || !out.Replace(exact) {
		return spoken, nil
	}
	_, err = out.Write(trailer)
	return spoken, err
}

// writeCaptions writes the times of words to a file of the format that its name
// ends with.
func writeCaptions(name string, rate audio.SampleRate, cues []synth.Cue) error {
	format, _ := captions.ParseFormat(filepath.Ext(name))
	out, err := newFile(name)
	if err != nil {
		return err
	}
	defer out.Discard()
	w, err := captions.NewWriter(out, format, rate)
	if err != nil {
		return err
	}
	for _, c := range cues {
		if c.Mark != "" {
			w.Mark(c.Mark, c.Frame)
			continue
		}
		w.Word(captions.Word{Text: c.Word, Start: c.Frame, End: c.End, EndsSentence: c.Last})
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.Close()
}
