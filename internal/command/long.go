package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/ttsapi/client"
)

type longOptions struct {
	speech            speechFlags
	server            serverFlag
	project, location string
	key               string
	captions          []string
	lexicons          []string // names of the server's
	wait, asJSON      bool
}

func newLongCommand(env *environment) *cobra.Command {
	var o longOptions
	cmd := &cobra.Command{
		Use:   "long FILE|- gs://BUCKET/OBJECT",
		Short: "Start a long operation: speak a whole file into a bucket",
		Long: `Start a long operation: the server speaks a whole file and writes the sound to a
bucket. It goes on when this program ends, and over restarts of the server. The
object's name says its encoding, as a file's does for lectern say.

The operation's name is printed on the standard output, and on stderr what can
be done with it. With --wait the command ends when the operation does; Ctrl-C on
a terminal then asks whether to cancel it, and a second Ctrl-C leaves it
running. Elsewhere Ctrl-C leaves it running.`,
		Example: `  lectern long book.txt gs://books/book.wav
  lectern long book.txt gs://books/book.wav --voice en-US-Flite-Slt --wait
  lectern long book.txt gs://books/book.mp3 --captions srt
  lectern long --ssml - gs://books/poem.wav <poem.ssml`,
		Args: takes("FILE", "gs://BUCKET/OBJECT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return long(cmd.Context(), env, o, args[0], args[1])
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.wait, "wait", false, "wait until the operation is done, and show how far it is")
	f.StringVar(&o.project, "project", "local", "`PROJECT` that the operation belongs to")
	f.StringVar(&o.location, "location", "global", "`LOCATION` that the operation belongs to")
	f.StringVar(&o.key, "idempotency-key", "", "a `KEY`, so that giving the same command again starts nothing new")
	f.StringSliceVar(&o.captions, "captions", nil, "`FORMATS` of captions to write beside the object: json, srt, vtt")
	f.StringArrayVar(&o.lexicons, "lexicon", nil, "`NAME` of a dictionary that the server has beside its own; may be repeated")
	o.speech.register(cmd)
	o.server.register(cmd, "127.0.0.1:8085")
	registerJSON(cmd, &o.asJSON)
	offerSpeech(cmd, &o.speech, voicesOfServer(env, &o.server))
	offer(cmd, "captions", fixed(captionFormats()...))
	return cmd
}

func long(ctx context.Context, env *environment, o longOptions, source, uri string) error {
	parent, err := parentOf(o.project, o.location)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(uri, "gs://") {
		return usagef("%q does not begin with gs://; the file comes first, then gs://BUCKET/OBJECT", uri)
	}
	if err := checkURI(uri); err != nil {
		return err
	}
	for _, name := range o.captions {
		if _, ok := captions.ParseFormat(name); !ok {
			return usagef("--captions %q is none of %s", name, captions.Names())
		}
	}
	if o.speech.encoding, err = encodingFor(uri, o.speech.encoding); err != nil {
		return err
	}
	text, err := readSource(env, source)
	if err != nil {
		return err
	}
	request, err := o.speech.request(text)
	if err != nil {
		return err
	}
	request.Lexicons = o.lexicons
	c, err := o.server.dial(ctx, env)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := settleLanguage(&request, func() ([]speech.Voice, error) { return c.Voices(ctx, "") }); err != nil {
		return err
	}
	op, err := c.StartLong(ctx, client.LongRequest{Request: request, Parent: parent, URI: uri, IdempotencyKey: o.key, Captions: o.captions})
	if err != nil {
		return err
	}
	if !o.wait {
		return started(env, o, op)
	}
	if !o.asJSON {
		fmt.Fprintln(env.stdout, op.Name)
	}
	op, err = follow(ctx, env, c, op.Name, 0)
	var output client.Output
	if o.asJSON || err == nil {
		output = outputOf(ctx, c, op.Name)
	}
	if o.asJSON {
		if err := printJSON(env.stdout, viewJSON(op).withOutput(output)); err != nil {
			return err
		}
	}
	if err == nil {
		where := ""
		if file := fileOf(output); file != "" {
			where = " (" + file + ")"
		}
		fmt.Fprintf(env.stderr, "lectern: %s is written%s\n", uri, where)
	}
	return err
}

// outputOf is what the server tells of an operation's output; nothing if it does not
// answer, since that changes nothing of the operation's outcome.
func outputOf(ctx context.Context, c *client.Client, name string) client.Output {
	ctx, cancel := context.WithTimeout(ctx, outputTime)
	defer cancel()
	output, _ := c.Output(ctx, name)
	return output
}

// outputTime is how long an answer about a file is waited for when all else is known.
const outputTime = 10 * time.Second

// started tells about an operation that is left to itself.
func started(env *environment, o longOptions, op client.Operation) error {
	if o.asJSON {
		return printJSON(env.stdout, viewJSON(op))
	}
	fmt.Fprintln(env.stdout, op.Name)
	id, server := idOf(op.Name), ""
	if o.server.address != "" {
		server = " --server " + o.server.address
	}
	_, err := fmt.Fprintf(env.stderr, "wait for it:  lectern operations wait %[1]s%[2]s\ncancel it:    lectern operations cancel %[1]s%[2]s\n", id, server)
	return err
}
