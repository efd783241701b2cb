package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/captions"
)

// sayOptions are the flags of `say`.
type sayOptions struct {
	speech speechFlags
	server serverFlag
	local  localFlags
	output string
	// file is where the text is; empty means the arguments.
	file string
	// captions is a file's name; its extension is its format.
	captions string
	// lexicons are files, or names of the server's.
	lexicons []string
}

func newSayCommand(env *environment) *cobra.Command {
	var o sayOptions
	cmd := &cobra.Command{
		Use:   "say [TEXT...|-|-f FILE]",
		Short: "Speak a text to a file, a pipe or the loudspeaker",
		Long: `Speak a text: the arguments, or the standard input when there are none or "-"
is given, or the file of -f. No server is needed: the engines are started for
the occasion. With --server, or LECTERN_SERVER in the environment, a server
speaks.

The sound goes to the file of -o, which appears only when it is whole; else to
the standard output when that is a file or a pipe; else it is played with the
first of aplay, paplay, play and ffplay that is found, of which ffplay alone
knows MP3, OGG_OPUS and M4A. The name of the file says its encoding: .wav, .mp3,
.ogg, .opus, .m4a, .mp4, .pcm, .raw.

A player, and the pipe of "-o -", get the sound while it is spoken, from the
first word on. A server gives it so where its streams have what is asked for:
with --ssml, --pitch, --gain, --effects and in MP3 it comes whole. A pipe
without -o gets up to 22 s of it at the end, with exact lengths in its header.
Without --server a text may have any length.

On a terminal stderr shows how far it is. In the end it tells how long the sound
is and who spoke it.`,
		Example: `  lectern say "Hello, world."
  lectern say --voice en-US-Flite-Rms --rate 1.2 -o hello.wav Hello, world.
  lectern say -l de-DE -o brief.wav -f brief.txt
  lectern say --ssml '<speak>Wait <break time="1s"/> for it.</speak>' >wait.wav
  lectern say --lexicon names.tsv "Nguyễn is in town."
  lectern say --captions hello.srt -o hello.mp3 "Hello, world."
  lectern say -o - -f book.txt | aplay
  lectern say --server 127.0.0.1:8085 "Hello from the server." | aplay`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return say(cmd.Context(), env, o, args)
		},
	}
	cmd.Flags().StringVarP(&o.output, "output", "o", "", "`FILE` to write; - for the standard output, even if it is a terminal")
	cmd.Flags().StringVarP(&o.file, "file", "f", "", "`FILE` of the text; - for the standard input")
	cmd.Flags().StringVar(&o.captions, "captions", "", "`FILE` for the times of the words: .json, .srt or .vtt (not with --server)")
	cmd.Flags().StringArrayVar(&o.lexicons, "lexicon", nil, "`FILE` of a dictionary as of `lectern normalize`, or with --server the name of one that the server has; may be repeated")
	o.speech.register(cmd)
	o.server.register(cmd, "none: speak here")
	o.local.register(cmd)
	offerSpeech(cmd, &o.speech, voicesOf(env, &o.server, &o.local))
	return cmd
}

func say(ctx context.Context, env *environment, o sayOptions, args []string) error {
	text, err := o.text(env, args)
	if err != nil {
		return err
	}
	if _, ok := captions.ParseFormat(filepath.Ext(o.captions)); o.captions != "" && !ok {
		return usagef("--captions %s must end in .json, .srt or .vtt", o.captions)
	}
	if o.captions != "" && o.server.given(env) != "" {
		return usagef("--captions cannot be had of a server here: use `lectern long --captions`, or leave --server out")
	}
	if o.speech.encoding, err = encodingFor(o.output, o.speech.encoding); err != nil {
		return err
	}
	req, err := o.speech.request(text)
	if err != nil {
		return err
	}
	req.Captions = o.captions != ""
	ctx, stop := untilSignal(ctx)
	defer stop()
	if server := o.server.given(env); server != "" {
		req.Lexicons = o.lexicons
		err = sayRemotely(ctx, env, o, req)
	} else {
		err = sayLocally(ctx, env, o, req)
	}
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return outcome{exitInterrupted, "interrupted; nothing whole was written"}
	}
	return err
}

// text is what is to be spoken.
func (o *sayOptions) text(env *environment, args []string) (string, error) {
	if o.file == "" {
		text, err := readWords(env, args)
		if err == nil {
			o.hint(env, args)
		}
		return text, err
	}
	if len(args) > 0 {
		return "", usagef("the text is in the file of -f or in the arguments, not in both")
	}
	text, err := readSource(env, o.file)
	if err == nil && strings.TrimSpace(text) == "" {
		err = usagef("%s is empty; there is nothing to say", o.file)
	}
	return text, err
}

// hint tells of arguments that are spoken as they are, and seldom meant so.
func (o *sayOptions) hint(env *environment, args []string) {
	if len(args) == 0 {
		return
	}
	if text := strings.TrimSpace(args[0]); strings.HasPrefix(text, "<speak") && !o.speech.ssml {
		fmt.Fprintln(env.stderr, "lectern: hint: this is spoken as it stands; --ssml reads it as an SSML document")
	}
	if name := args[0]; len(args) == 1 && isFileName(name) {
		fmt.Fprintf(env.stderr, "lectern: hint: this speaks the name; -f %s speaks what is in the file\n", name)
	}
}

// isFileName reports whether one word is the name of a file of text, there or not.
func isFileName(word string) bool {
	if strings.ContainsAny(word, " \t\n") {
		return false
	}
	switch strings.ToLower(filepath.Ext(word)) {
	case ".txt", ".md", ".ssml", ".xml", ".text":
		return true
	}
	st, err := os.Stat(word)
	return err == nil && st.Mode().IsRegular()
}
