package command

import (
	"context"
	"errors"
	"io"

	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/ttsapi/client"
)

// sayRemotely has a server speak. Who listens hears it while it is spoken, if the
// request is one for a stream and the server takes it; else the sound comes whole.
func sayRemotely(ctx context.Context, env *environment, o sayOptions, req synth.Request) error {
	server, err := o.server.dial(ctx, env)
	if err != nil {
		return err
	}
	defer server.Close()
	if err := settleLanguage(&req, func() ([]speech.Voice, error) { return server.Voices(ctx, "") }); err != nil {
		return err
	}
	stop := showWaiting(env, "waiting for "+server.Address())
	defer stop()
	if isHeard(env, o.output) {
		sound, err := server.Stream(ctx, req)
		if err == nil {
			stop()
			defer sound.Close()
			return hear(ctx, env, o.output, req, sound)
		}
	}
	// Of what a stream was refused for, Speak tells in the words of the command line.
	said, err := server.Speak(ctx, req)
	stop()
	if err != nil {
		return err
	}
	out, err := openOutput(ctx, env, o.output, req.Encoding)
	if err != nil {
		return err
	}
	defer out.Discard()
	if _, err := out.Write(said.File); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	if said.Length > 0 {
		tellMade(env.stderr, o.output, said.Length, said.Voices)
	}
	return nil
}

// hear passes a sound on while it comes, behind a header that says "until the end".
func hear(ctx context.Context, env *environment, name string, req synth.Request, sound *client.Sound) error {
	format, err := newFormats().Lookup(req.Encoding)
	if err != nil {
		return err
	}
	header, err := format.Parts().Header(sound.SampleRate, -1)
	if err != nil {
		return err
	}
	out, err := openOutput(ctx, env, name, req.Encoding)
	if err != nil {
		return err
	}
	defer out.Discard()
	told := newSayProgress(env, name)
	defer told.clear()
	expected := expectedLength(int64(len(req.Text)+len(req.Markup)), req.Prosody.Speed())
	next := header
	for err == nil {
		if _, err := out.Write(next); err != nil {
			return err
		}
		told.see(sound.Length(), sound.Length().Seconds()/max(expected, 1).Seconds())
		next, err = sound.Next()
	}
	if !errors.Is(err, io.EOF) {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	told.done(sound.Length(), sound.Voice)
	return nil
}
