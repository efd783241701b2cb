package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// neuralInstall is what a fresh machine waits for the default voice.
//
// Method: `lectern voices install heart` into an empty directory, from where it is
// published, and `lectern say` with it; wall time of both, once: it is mostly the
// network's.
func neuralInstall(ctx context.Context, l *lab) ([]row, error) {
	dir, err := l.folder("install")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	voices, sound := filepath.Join(dir, "voices"), filepath.Join(dir, "sound.wav")
	lectern := func(args ...string) (time.Duration, error) {
		cmd := exec.CommandContext(ctx, l.binary("lectern"), args...)
		cmd.Env = plainEnvironment()
		begun := time.Now()
		if said, err := cmd.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("lectern %s: %w: %s", args[0], err, lastLine(string(said)))
		}
		return time.Since(begun), nil
	}
	installed, err := lectern("voices", "install", "--voices", voices, heart.item)
	if err != nil {
		return nil, err
	}
	said, err := lectern("say", "--voices", voices, "--voice", "en-US-"+heart.name, "-o", sound, "Is there anybody in?")
	if err != nil {
		return nil, err
	}
	if _, _, err := checkWAV(sound); err != nil {
		return nil, err
	}
	const bar = 90 * time.Second
	return []row{{
		name:     "fresh machine: `lectern voices install heart`, then first words by `lectern say`",
		bar:      "<= " + millis(bar),
		measured: fmt.Sprintf("%s and %s", millis(installed), millis(said)),
		verdict:  judge(installed+said <= bar),
	}}, nil
}
