package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
)

// The exit codes; exitCodesHelp tells the world.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 2
	exitNotFound    = 3
	exitUnavailable = 4
	exitStillRuns   = 5
	exitInterrupted = 130
)

const exitCodesHelp = `Every command ends with one of these exit codes:

    0  done
    1  failed: the request was refused, the SSML is not valid, the operation
       failed or was cancelled
    2  the command line is wrong
    3  not found: no such operation, file, or voice for a language
    4  no server answers, or it is too busy; the same command may work later
    5  the operation still runs (operations wait --timeout)
  130  interrupted by Ctrl-C

What went wrong is one line on stderr, beginning with "lectern: ".`

func newExitCodesTopic() *cobra.Command {
	return &cobra.Command{Use: "exit-codes", Short: "What the exit codes mean", Long: exitCodesHelp}
}

// usageError is a mistake in the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// outcome is an end with an exit code of its own. An empty message says that
// everything has been told already.
type outcome struct {
	code    int
	message string
}

func (o outcome) Error() string { return o.message }

// exitCode is the exit code for an error of a command.
func exitCode(err error) int {
	var usage usageError
	var end outcome
	var f *fault.Error
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &end):
		return end.code
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, fs.ErrNotExist):
		return exitNotFound
	case !errors.As(err, &f):
		return exitFailed
	}
	switch f.Code {
	case fault.NotFound:
		return exitNotFound
	case fault.Unavailable, fault.ResourceExhausted, fault.DeadlineExceeded:
		return exitUnavailable
	}
	return exitFailed
}

// flagOf tells which part of the command line a field of the API came from.
var flagOf = map[string]string{
	"voice.name":                     "--voice",
	"voice.language_code":            "--language",
	"voice.ssml_gender":              "--gender",
	"audio_config.speaking_rate":     "--rate",
	"audio_config.pitch":             "--pitch",
	"audio_config.volume_gain_db":    "--gain",
	"audio_config.audio_encoding":    "--encoding",
	"audio_config.sample_rate_hertz": "--sample-rate",
	"input":                          "text",
	"input.text":                     "text",
	"input.ssml":                     "SSML",
	"input.markup":                   "text",
	"output_gcs_uri":                 "gs://BUCKET/OBJECT",
	"parent":                         "--project and --location",
	"page_size":                      "--limit",
	"name":                           "NAME",
	// What this program speaks by itself is not the API's.
	voices.FieldName:       "--voice",
	voices.FieldLanguage:   "--language",
	encode.FieldEncoding:   "--encoding",
	encode.FieldSampleRate: "--sample-rate",
	synth.FieldSound:       "text",
}

// sentence is what a person reads about an error, without "lectern: " in
// front; empty when there is nothing to add.
func sentence(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return oneLine(withoutCalls(err.Error(), err))
	}
	flag, known := flagOf[f.Field]
	if !known {
		flag = f.Field
	}
	f = f.In(flag) // a copy
	f.Message = atTerminal(f.Message)
	text := f.Public()
	// The server's log has its causes; for what fails in this program, such as an
	// engine that does not start, this line is the log.
	cause := f.Unwrap()
	if cause != nil && (f.Code == fault.Internal || f.Code == fault.Unavailable) && !errors.Is(cause, context.Canceled) {
		text = strings.TrimSuffix(strings.TrimSuffix(text, " The server's log has the cause."), ".") + ": " + cause.Error()
	}
	return oneLine(withoutCalls(text, f))
}

// oneLine is a text of several lines as one.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
