package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// players are programs that play a file from their standard input, the preferred
// first. What some of them take for other sound than WAV is noise.
var players = []struct {
	name  string
	args  []string
	knows []string // encodings
}{
	{"aplay", []string{"-q", "-"}, wavEncodings},
	{"paplay", nil, wavEncodings},
	{"play", []string{"-q", "-t", "wav", "-"}, wavEncodings},
	{"ffplay", []string{"-loglevel", "error", "-nodisp", "-autoexit", "-i", "-"}, append([]string{"MP3", "MP3_64_KBPS", "OGG_OPUS", "M4A"}, wavEncodings...)},
}

// wavEncodings are those that stand in WAV files.
var wavEncodings = endings[".wav"]

// newPlayer starts the first player that is installed and knows an encoding. Its output
// ends with the sound; when ctx ends it is killed.
func newPlayer(ctx context.Context, env *environment, encoding string) (output, error) {
	var names []string
	for _, player := range players {
		if !slices.Contains(player.knows, encoding) {
			continue
		}
		names = append(names, player.name)
		path, ok := find(env, player.name)
		if !ok {
			continue
		}
		cmd := exec.CommandContext(ctx, path, player.args...)
		cmd.Stderr = env.stderr
		pipe, err := cmd.StdinPipe()
		if err != nil {
			return nil, err
		}
		if err := cmd.Start(); err != nil {
			return nil, fmt.Errorf("%s cannot be started: %w; use -o FILE", path, err)
		}
		return &stream{to: playerInput{pipe, player.name}, live: true, close: func() error {
			err := errors.Join(pipe.Close(), cmd.Wait())
			if err != nil {
				err = fmt.Errorf("%s could not play the sound: %w; use -o FILE", path, err)
			}
			return err
		}}, nil
	}
	switch len(names) {
	case 0:
		return nil, usagef("no player knows the encoding %s from a pipe; leave out --encoding, or use -o FILE", encoding)
	case 1:
		return nil, usagef("%s is not installed, which alone plays %s from a pipe; leave out --encoding, or use -o FILE", names[0], encoding)
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
