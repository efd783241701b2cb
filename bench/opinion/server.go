package opinion

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
)

// Server is a `lectern serve` that is measured: it loads a network once, for all
// that is said.
type Server struct {
	// Address is HOST:PORT.
	Address string
	program string
	data    string
	process *exec.Cmd
}

var greeting = regexp.MustCompile(`serves http://(\S+) `)

// Serve starts a server: the programs are in bin, its neural voices in voices. It
// serves until Close.
func Serve(ctx context.Context, bin, voices string) (*Server, error) {
	data, err := os.MkdirTemp("", "lectern-opinion-")
	if err != nil {
		return nil, err
	}
	s := &Server{program: filepath.Join(bin, "lectern"), data: data}
	s.process = exec.CommandContext(ctx, s.program, "serve", "--listen", "127.0.0.1:0", "--data", data, "--voices", voices)
	stdout, err := s.process.StdoutPipe()
	if err == nil {
		err = s.process.Start()
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(data))
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if found := greeting.FindStringSubmatch(lines.Text()); found != nil {
			s.Address = found[1]
			return s, nil
		}
	}
	return nil, errors.Join(fmt.Errorf("%s does not serve", s.program), s.Close())
}

// Close stops the server.
func (s *Server) Close() error {
	s.process.Process.Signal(syscall.SIGTERM)
	err := s.process.Wait()
	return errors.Join(err, os.RemoveAll(s.data))
}

// Say has something said into a file, with flags of `lectern say`.
func (s *Server) Say(ctx context.Context, file string, flags ...string) error {
	args := append([]string{"say", "--server", s.Address, "-o", file}, flags...)
	if out, err := exec.CommandContext(ctx, s.program, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("lectern %q: %w: %s", args, err, out)
	}
	return nil
}
