package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed python/reference.py
var referenceProgram string

// reference is a Python program that others speak, or score, with.
type reference struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr strings.Builder
}

// refer starts a reference and waits until it is ready. Without the interpreter it
// is errMissing.
func (l *lab) refer(ctx context.Context, kind string, args ...string) (*reference, error) {
	if _, err := os.Stat(l.python); err != nil {
		return nil, fmt.Errorf("%w: %s (scripts/install bench)", errMissing, filepath.Base(l.python))
	}
	r := &reference{cmd: exec.CommandContext(ctx, l.python, append([]string{"-c", referenceProgram, kind}, args...)...)}
	r.cmd.Stderr = &r.stderr
	stdout, err := r.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if r.stdin, err = r.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	r.stdout = bufio.NewReader(stdout)
	if err := r.cmd.Start(); err != nil {
		return nil, err
	}
	if line, _ := r.stdout.ReadString('\n'); line != "ready\n" {
		r.close()
		if said := r.stderr.String(); strings.Contains(said, "ModuleNotFoundError") {
			return nil, fmt.Errorf("%w: %s (scripts/install bench)", errMissing, lastLine(said))
		}
		return nil, errors.New(kind + ": " + lastLine(r.stderr.String()))
	}
	return r, nil
}

func (r *reference) close() {
	r.stdin.Close()
	r.cmd.Wait()
}

// ask has a question answered.
func (r *reference) ask(question, answer any) error {
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	if _, err := r.stdin.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("%w: %s", err, lastLine(r.stderr.String()))
	}
	line, err := r.stdout.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%w: %s", err, lastLine(r.stderr.String()))
	}
	return json.Unmarshal(line, answer)
}

// say is the CPU time that a text takes, and the length of its sound.
func (r *reference) say(text string) (used time.Duration, sound float64, err error) {
	var answer struct{ CPU, Sound float64 }
	err = r.ask(map[string]string{"text": text}, &answer)
	return time.Duration(answer.CPU * float64(time.Second)), answer.Sound, err
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
