package command

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// output is where a file of sound goes.
type output interface {
	// Write appends.
	io.Writer
	// Replace puts head in place of the first bytes written, and reports
	// whether it could.
	Replace(head []byte) bool
	// Live reports whether somebody may hear what was written before the rest
	// is there.
	Live() bool
	// Close makes what was written final.
	Close() error
	// Discard drops what was written as far as that is possible. After Close
	// it does nothing.
	Discard()
}

// openOutput opens the file of -o, the standard output, or a player, for sound in an
// encoding.
func openOutput(ctx context.Context, env *environment, name, encoding string) (output, error) {
	switch {
	case name == "" && isTerminal(env.stdout):
		return newPlayer(ctx, env, encoding)
	case name == "" || name == "-":
		return &stream{to: env.stdout, live: isHeard(env, name)}, nil
	}
	return newFile(name)
}

// isHeard reports whether somebody listens to the output of that name while it is
// written: with a player, or behind the pipe of "-o -".
func isHeard(env *environment, name string) bool {
	return name == "" && isTerminal(env.stdout) || name == "-" && !isFile(env.stdout)
}

// isFile reports whether what is written to w waits on a disk.
func isFile(w io.Writer) bool {
	file, ok := w.(*os.File)
	if !ok {
		return false
	}
	st, err := file.Stat()
	return err == nil && st.Mode().IsRegular()
}

// newFile opens a file that appears under its name when it is whole. What is
// there and is no regular file, such as /dev/null or a named pipe, is written
// to and not replaced.
func newFile(name string) (output, error) {
	if target, err := filepath.EvalSymlinks(name); err == nil {
		name = target
	}
	mode := os.FileMode(0o666)
	if st, err := os.Stat(name); err == nil {
		if st.IsDir() {
			return nil, usagef("-o %s is a directory; name a file in it", name)
		}
		if !st.Mode().IsRegular() {
			special, err := os.OpenFile(name, os.O_WRONLY, 0)
			if err != nil {
				return nil, cannotWrite(name, err)
			}
			return &stream{to: special, close: special.Close}, nil
		}
		mode = st.Mode().Perm()
	}
	temp := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+"."+strings.ToLower(rand.Text()[:8]))
	file, err := os.OpenFile(temp, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, cannotWrite(name, err)
	}
	return &wholeFile{File: file, name: name}, nil
}

func cannotWrite(name string, err error) error {
	return fmt.Errorf("%s cannot be written: %w", name, reason(err))
}

// wholeFile is a file beside the one it becomes.
type wholeFile struct {
	*os.File
	name string
	done bool
}

func (f *wholeFile) Replace(head []byte) bool {
	_, err := f.WriteAt(head, 0)
	return err == nil
}

func (f *wholeFile) Live() bool { return false }

func (f *wholeFile) Close() error {
	err := errors.Join(f.Sync(), f.File.Close())
	if err == nil {
		err = os.Rename(f.File.Name(), f.name)
	}
	if err != nil {
		return cannotWrite(f.name, err) // Discard follows
	}
	f.done = true
	return nil
}

func (f *wholeFile) Discard() {
	if f.done {
		return
	}
	f.done = true
	f.File.Close()
	os.Remove(f.File.Name())
}

// heldBack is how much of a stream that nobody hears yet waits for its header to
// become exact, in bytes: 22 seconds of speech at 24 kHz. Longer sounds begin to
// flow then.
const heldBack = 1 << 20

// stream is an output that cannot be taken back.
type stream struct {
	to      io.Writer
	close   func() error // may be nil
	live    bool         // nothing is held back
	held    bytes.Buffer
	flowing bool
}

func (s *stream) Live() bool { return s.live }

func (s *stream) Write(p []byte) (int, error) {
	if s.live {
		s.flowing = true
	}
	if s.flowing {
		return s.to.Write(p)
	}
	s.held.Write(p)
	if s.held.Len() > heldBack {
		if err := s.flow(); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func (s *stream) flow() error {
	s.flowing = true
	_, err := s.held.WriteTo(s.to)
	s.held = bytes.Buffer{}
	return err
}

func (s *stream) Replace(head []byte) bool {
	return !s.flowing && copy(s.held.Bytes(), head) == len(head)
}

func (s *stream) Close() error {
	err := s.flow()
	if s.close != nil {
		err = errors.Join(err, s.close())
		s.close = nil
	}
	return err
}

func (s *stream) Discard() {
	if s.close != nil {
		_ = s.close()
		s.close = nil
	}
}
