package worker

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// child is a running executable with three pipes.
type child struct {
	pid    int
	stdin  *os.File
	stdout *os.File
	exited chan struct{} // closed when it is gone and all its output was read

	cmd    *exec.Cmd
	mu     sync.Mutex
	reaped bool // then pid may be somebody else's
	tail   []string
}

// tailLines is how many lines of stderr are kept for the error of a crash that
// comes before the first utterance; maxLine is where a line is cut, in bytes.
const (
	tailLines = 5
	maxLine   = 4 << 10
)

// startChild starts command and hands each line of its stderr to line.
func startChild(command Command, options Options, line func(string)) (*child, error) {
	c := &child{exited: make(chan struct{})}
	path, err := filepath.Abs(command.Path) // it starts in another directory
	if err != nil {
		return nil, err
	}
	c.cmd = exec.Command(path, command.Args...)
	c.cmd.Dir = "/"
	c.cmd.Env = command.Env
	if c.cmd.Env == nil {
		c.cmd.Env = environment()
	}
	c.cmd.SysProcAttr = attributes()
	var readable []string
	if options.Reads != nil {
		readable = readableBy(path, options.Reads, c.cmd.Env)
	}

	var ends pipes
	var stderr *os.File
	c.cmd.Stdin, c.stdin = ends.toChild()
	c.stdout, c.cmd.Stdout = ends.fromChild()
	stderr, c.cmd.Stderr = ends.fromChild()
	if ends.err != nil {
		ends.closeAll()
		return nil, ends.err
	}
	widen(c.stdin)
	widen(c.stdout)

	// The kernel's "kill it when its parent dies" is tied to the thread that
	// started the child. So one goroutine keeps that thread for the child's
	// whole life; it would wait in a system call anyway. The thread gives
	// up its privileges, and ends with the child.
	started := make(chan error)
	logged := make(chan struct{})
	onOwnThread(func() {
		err := confine(readable)
		if err == nil {
			err = c.cmd.Start()
		}
		ends.closeChildEnds()
		if err == nil {
			c.pid = c.cmd.Process.Pid
			err = c.limit(options)
		}
		started <- err
		if c.cmd.Process != nil {
			c.reap()
			// A child of its own that left its group may hold the log open.
			late := time.AfterFunc(lastWords, func() { stderr.Close() })
			defer late.Stop()
		}
		<-logged
		close(c.exited)
	})
	err = <-started
	if c.cmd.Process == nil {
		close(logged)
		c.stdin.Close()
		c.stdout.Close()
		stderr.Close()
		return nil, err
	}
	go func() {
		defer close(logged)
		defer stderr.Close()
		c.readLog(stderr, line)
	}()
	if err != nil {
		c.kill()
		<-c.exited
		c.stdin.Close()
		c.stdout.Close()
		return nil, err
	}
	return c, nil
}

// lastWords is how long the log of a child that is gone is waited for.
const lastWords = time.Second

// onOwnThread runs f on a thread that nothing else runs on, and that ends with f.
// It is not the process's first, which cannot end and stands for the process in
// the eyes of the system.
func onOwnThread(f func()) {
	go func() {
		runtime.LockOSThread() // never unlocked, which ends the thread
		if !isFirstThread() {
			f()
			return
		}
		elsewhere := make(chan struct{})
		go func() {
			runtime.LockOSThread()
			close(elsewhere)
			f()
		}()
		<-elsewhere
		runtime.UnlockOSThread()
	}()
}

// limit sets what can only be set on a running process.
func (c *child) limit(options Options) error {
	if options.Nice > 0 {
		if err := nice(c.pid, options.Nice); err != nil {
			return fmt.Errorf("setting its priority: %w", err)
		}
	}
	if options.Memory > 0 {
		if err := limitMemory(c.pid, options.Memory); err != nil {
			return fmt.Errorf("setting its memory limit: %w", err)
		}
	}
	if err := restrain(c.pid); err != nil {
		return fmt.Errorf("setting its limits: %w", err)
	}
	return nil
}

// nice adds to the nice value of the child and of everything it started.
func (c *child) nice(by int) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.reaped {
		return nil
	}
	return nice(c.pid, by)
}

// kill ends the child and everything it started, at once.
func (c *child) kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.reaped {
		killGroup(c.pid)
	}
}

// reap waits for the child's end, ends what it left behind, and frees its pid.
func (c *child) reap() {
	awaitExit(c.cmd)
	c.mu.Lock()
	killGroup(c.pid)
	c.reaped = true
	c.mu.Unlock()
	c.cmd.Wait()
}

// state says how the child ended; call it after exited.
func (c *child) state() string {
	if c.cmd.ProcessState == nil {
		return "unknown state"
	}
	return c.cmd.ProcessState.String()
}

// readLog hands out stderr by lines and keeps the last ones.
func (c *child) readLog(stderr io.Reader, line func(string)) {
	in := bufio.NewReaderSize(stderr, maxLine)
	for {
		text, err := in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) && len(text) == 0 {
			return
		}
		said := strings.ToValidUTF8(strings.TrimRight(string(text), "\r\n"), "?")
		if said == "" {
			continue
		}
		line(said)
		c.mu.Lock()
		c.tail = append(c.tail, said)
		c.tail = c.tail[max(0, len(c.tail)-tailLines):]
		c.mu.Unlock()
	}
}

// lastWords is the end of stderr, fit to be appended to an error.
func (c *child) lastWords() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.tail) == 0 {
		return ""
	}
	return "; its last words: " + strings.Join(c.tail, " | ")
}

// pipes makes pipes and remembers the first error and what to close.
type pipes struct {
	ours, theirs []*os.File
	err          error
}

func (p *pipes) make() (read, write *os.File) {
	read, write, err := os.Pipe()
	if err != nil && p.err == nil {
		p.err = err
	}
	return read, write
}

func (p *pipes) toChild() (theirs, ours *os.File) {
	theirs, ours = p.make()
	p.theirs, p.ours = append(p.theirs, theirs), append(p.ours, ours)
	return theirs, ours
}

func (p *pipes) fromChild() (ours, theirs *os.File) {
	ours, theirs = p.make()
	p.theirs, p.ours = append(p.theirs, theirs), append(p.ours, ours)
	return ours, theirs
}

func (p *pipes) closeChildEnds() {
	for _, f := range p.theirs {
		f.Close()
	}
}

func (p *pipes) closeAll() {
	p.closeChildEnds()
	for _, f := range p.ours {
		f.Close()
	}
}
