package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

// sayOptions are the flags of `say`.
type sayOptions struct {
	speech speechFlags
	server serverFlag
	local  localFlags
	output string
	// captions is a file's name; its extension is its format.
	captions string
}

func newSayCommand(env *environment) *cobra.Command {
	var o sayOptions
	cmd := &cobra.Command{
		Use:   "say [TEXT...|-]",
		Short: "Speak a text to a file, a pipe or the loudspeaker",
		Long: `Speak a text: the arguments, or the standard input when there are none or "-"
is given. No server is needed: the engines are started for the occasion. With
--server, or LECTERN_SERVER in the environment, a server speaks.

The sound goes to the file of -o, which appears only when it is whole; else to
the standard output when that is a file or a pipe; else it is played with the
first of aplay, paplay, play and ffplay that is found.

Without --server a text may have any length, and its sound flows while it is
spoken.`,
		Example: `  lectern say "Hello, world."
  lectern say --voice en-US-Flite-Rms --rate 1.2 -o hello.wav Hello, world.
  lectern say --language de-DE -o brief.wav - <brief.txt
  lectern say --ssml '<speak>Wait <break time="1s"/> for it.</speak>' >wait.wav
  lectern say --captions hello.srt -o hello.mp3 "Hello, world."
  lectern say --server 127.0.0.1:8085 "Hello from the server." | aplay`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return say(cmd.Context(), env, o, args)
		},
	}
	cmd.Flags().StringVarP(&o.output, "output", "o", "", "`FILE` to write; - for the standard output, even if it is a terminal")
	cmd.Flags().StringVar(&o.captions, "captions", "", "`FILE` for the times of the words: .json, .srt or .vtt (not with --server)")
	o.speech.register(cmd)
	o.server.register(cmd, "none: speak here")
	o.local.register(cmd)
	return cmd
}

func say(ctx context.Context, env *environment, o sayOptions, args []string) error {
	text, err := readWords(env, args)
	if err != nil {
		return err
	}
	if _, ok := captions.ParseFormat(filepath.Ext(o.captions)); o.captions != "" && !ok {
		return usagef("--captions %s must end in .json, .srt or .vtt", o.captions)
	}
	if o.captions != "" && o.server.given(env) != "" {
		return usagef("--captions cannot be had of a server here: use `lectern long --captions`, or leave --server out")
	}
	if o.speech.encoding == "" {
		o.speech.encoding = encodingOf(o.output)
	}
	req, err := o.speech.request(text)
	if err != nil {
		return err
	}
	req.Captions = o.captions != ""
	ctx, stop := untilSignal(ctx)
	defer stop()
	if server := o.server.given(env); server != "" {
		err = sayRemotely(ctx, env, o, req)
	} else {
		err = sayLocally(ctx, env, o, req)
	}
	if err != nil && errors.Is(ctx.Err(), context.Canceled) {
		return outcome{exitInterrupted, "interrupted; nothing whole was written"}
	}
	return err
}

func sayRemotely(ctx context.Context, env *environment, o sayOptions, req synth.Request) error {
	server, err := o.server.dial(ctx, env)
	if err != nil {
		return err
	}
	defer server.Close()
	if err := settleLanguage(&req, func() ([]speech.Voice, error) { return server.Voices(ctx, "") }); err != nil {
		return err
	}
	file, err := server.Speak(ctx, req)
	if err != nil {
		return err
	}
	out, err := openOutput(ctx, env, o.output)
	if err != nil {
		return err
	}
	defer out.Discard()
	if _, err := out.Write(file); err != nil {
		return err
	}
	return out.Close()
}

// encodingOf guesses what a file of that name should hold; empty for the default.
func encodingOf(name string) string {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".mp3":
		return "MP3"
	case ".ogg", ".opus":
		return "OGG_OPUS"
	case ".m4a", ".mp4":
		return "M4A"
	case ".pcm", ".raw":
		return "PCM"
	}
	return ""
}
