package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
)

// players are programs that play a WAV file from their standard input, the
// preferred first.
var players = [][]string{
	{"aplay", "-q", "-"},
	{"paplay"},
	{"play", "-q", "-t", "wav", "-"},
	{"ffplay", "-loglevel", "error", "-nodisp", "-autoexit", "-i", "-"},
}

// newPlayer starts the first player that is installed. Its output ends with
// the sound; when ctx ends it is killed.
func newPlayer(ctx context.Context, env *environment) (output, error) {
	var names []string
	for _, player := range players {
		names = append(names, player[0])
		path, ok := find(env, player[0])
		if !ok {
			continue
		}
		cmd := exec.CommandContext(ctx, path, player[1:]...)
		cmd.Stderr = env.stderr
		pipe, err := cmd.StdinPipe()
		if err != nil {
			return nil, err
		}
		if err := cmd.Start(); err != nil {
			return nil, fmt.Errorf("%s cannot be started: %w; use -o FILE", path, err)
		}
		return &stream{to: playerInput{pipe, player[0]}, live: true, close: func() error {
			err := errors.Join(pipe.Close(), cmd.Wait())
			if err != nil {
				err = fmt.Errorf("%s could not play the sound: %w; use -o FILE", path, err)
			}
			return err
		}}, nil
	}
	return nil, usagef("none of %s is installed to play the sound; use -o FILE", strings.Join(names, ", "))
}

// playerInput says who it is that does not take the sound.
type playerInput struct {
	io.Writer
	name string
}

func (p playerInput) Write(b []byte) (int, error) {
	n, err := p.Writer.Write(b)
	if err != nil {
		err = fmt.Errorf("%s stopped taking the sound: %w; use -o FILE", p.name, reason(err))
	}
	return n, err
}

// find looks a program up in the PATH of env.
func find(env *environment, program string) (path string, ok bool) {
	for _, dir := range filepath.SplitList(env.getenv("PATH")) {
		if !filepath.IsAbs(dir) {
			continue
		}
		if path, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			return path, true
		}
	}
	return "", false
}
