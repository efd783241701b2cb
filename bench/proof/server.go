package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A server that is not there after startPatience, or does not leave within
// stopPatience of SIGTERM, is broken.
const (
	startPatience = 20 * time.Second
	stopPatience  = 20 * time.Second
)

// server is one life of `lectern serve`.
type server struct {
	*client             // to it
	data      string    // its data directory
	born      time.Time // just before it was started
	cmd       *exec.Cmd
	exited    chan struct{}
	logged    string // the file of its stdout and stderr
	logOffset int64  // where this life's part begins
}

// launch starts a server on data and does not wait for it. The same address
// can be used life after life; an empty one picks a free port. It has no neural
// voices.
func (l *lab) launch(data, address string) (*server, error) {
	return l.launchWith(data, address, l.none)
}

// launchWith is launch with a directory of voices and further flags.
func (l *lab) launchWith(data, address, voices string, flags ...string) (*server, error) {
	if address == "" {
		var err error
		if address, err = freeAddress(); err != nil {
			return nil, err
		}
	}
	s := &server{data: data, exited: make(chan struct{}), logged: data + address[strings.LastIndexByte(address, ':'):] + ".log"}
	log, err := os.OpenFile(s.logged, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	if st, err := log.Stat(); err == nil {
		s.logOffset = st.Size()
	}
	s.cmd = exec.Command(l.binary("lectern"), append([]string{"serve", "--listen", address, "--data", data, "--voices", voices}, flags...)...)
	s.cmd.Env = append(plainEnvironment(), l.environment...)
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if s.client, err = dial(address); err != nil {
		return nil, err
	}
	s.born = time.Now()
	if err := s.cmd.Start(); err != nil {
		s.client.close()
		return nil, err
	}
	go func() {
		s.cmd.Wait()
		close(s.exited)
	}()
	return s, nil
}

// serve launches a server and waits until it answers.
func (l *lab) serve(ctx context.Context, data, address string) (*server, error) {
	s, err := l.launch(data, address)
	if err != nil {
		return nil, err
	}
	return s.ready(ctx)
}

// ready waits until the server answers, and ends it if it does not.
func (s *server) ready(ctx context.Context) (*server, error) {
	if err := s.answers(ctx); err != nil {
		s.kill()
		return nil, err
	}
	return s, nil
}

// fresh is serve on a data directory of its own, which discard removes.
func (l *lab) fresh(ctx context.Context, name string) (*server, error) {
	return l.freshWith(ctx, name, l.none)
}

// freshWith is fresh with a directory of voices and further flags.
func (l *lab) freshWith(ctx context.Context, name, voices string, flags ...string) (*server, error) {
	data, err := l.folder(name)
	if err != nil {
		return nil, err
	}
	s, err := l.launchWith(data, "", voices, flags...)
	if err == nil {
		s, err = s.ready(ctx)
	}
	if err != nil {
		os.RemoveAll(data)
	}
	return s, err
}

// discard ends the server, if it still runs, and removes its data directory.
func (s *server) discard() {
	s.kill()
	os.RemoveAll(s.data)
}

// answers waits for the port and then for the answer to ListVoices.
func (s *server) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	for {
		conn, err := net.Dial("tcp", s.address)
		if err == nil {
			conn.Close()
			break
		}
		select {
		case <-s.exited:
			return fmt.Errorf("the server ended at once (%v): %s", s.cmd.ProcessState, s.lastWords())
		case <-ctx.Done():
			return fmt.Errorf("nothing listens: %w: %s", ctx.Err(), s.lastWords())
		case <-time.After(500 * time.Microsecond):
		}
	}
	if _, err := s.voices(ctx); err != nil {
		return fmt.Errorf("the first request: %w: %s", err, s.lastWords())
	}
	return nil
}

func (s *server) pid() int { return s.cmd.Process.Pid }

// used is the server's CPU time so far, without its workers.
func (s *server) used() time.Duration {
	used, _ := cpuTime(s.pid())
	return used
}

// kill ends the server by SIGKILL and returns when it is gone.
func (s *server) kill() {
	s.client.close()
	s.cmd.Process.Kill()
	<-s.exited
}

// stop ends the server as an operator does. It is an error when it does not
// leave in time and in order.
func (s *server) stop() error {
	s.client.close()
	s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.exited:
	case <-time.After(stopPatience):
		s.cmd.Process.Kill()
		<-s.exited
		return errors.New("the server did not stop within " + stopPatience.String() + " of SIGTERM: " + s.lastWords())
	}
	if !s.cmd.ProcessState.Success() {
		return fmt.Errorf("the server ended with %v: %s", s.cmd.ProcessState, s.lastWords())
	}
	return nil
}

// lastWords is the end of what this life has logged.
func (s *server) lastWords() string {
	raw, err := os.ReadFile(s.logged)
	if err != nil {
		return err.Error()
	}
	raw = raw[min(s.logOffset, int64(len(raw))):]
	const most = 2000
	return strings.TrimSpace(string(raw[max(0, len(raw)-most):]))
}

// object is the file of gs://BUCKET/NAME.
func (s *server) object(uri string) string {
	return filepath.Join(s.data, "buckets", filepath.FromSlash(strings.TrimPrefix(uri, "gs://")))
}

// freeAddress is an address on loopback that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// plainEnvironment is the environment without what configures a server.
func plainEnvironment() []string {
	var plain []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "LECTERN_") {
			plain = append(plain, v)
		}
	}
	return plain
}
