package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine/driver"
)

// Command is how a worker is started, in the directory /.
type Command struct {
	Path string   // the executable
	Args []string // without the name of the executable
	// Env is the whole environment; nil means what is harmless of the parent's:
	// PATH, the language, where data is, and LECTERN_WORKER_…
	Env []string
}

// Options are the limits of a worker. The zero value is good.
type Options struct {
	// Nice is added to the worker's nice value, so that the server stays
	// responsive while all cores synthesize; 0 means 5, less than 0 none.
	Nice int
	// Memory limits the worker's writable memory in bytes (RLIMIT_DATA);
	// 0 means 512 MiB, less than 0 no limit. Linux only.
	Memory int64
	// Reads are the files and folders that the worker may read, besides the system's,
	// its program's folder, and those that its environment names; not nil, or it may
	// read all that this process may. Linux with Landlock only.
	Reads []string
	// Grace is how long the worker has to stop after a cancel before it is
	// killed; 0 means 100 milliseconds.
	Grace time.Duration
	// Log takes the lines of the worker's stderr: until the first utterance
	// as warnings, later at debug level since they may hold a user's text.
	// nil means slog.Default().
	Log *slog.Logger
}

const (
	defaultNice   = 5
	yieldingNice  = 7 // that is added by Yield
	defaultMemory = 512 << 20
	pipeBytes     = 1 << 20
	// pieceBytes is how much of a worker's sound is read at once and passed on: its
	// frames may be twenty times as long, and are not gathered.
	pieceBytes = 32 << 10
)

// Process is an engine in a child process. It keeps the contract of
// driver.Engine, and adds that a worker that had to be killed to make it stop
// returns an error that is both context.Cause(ctx) and driver.ErrCrashed.
type Process struct {
	child *child
	log   *slog.Logger
	info  driver.Info
	grace time.Duration

	in     *bufio.Reader
	header [headerBytes]byte
	piece  [pieceBytes / 2]int16 // of the current audio frame
	text   []byte                // the payload of any other

	writing sync.Mutex  // guards child.stdin
	spoken  atomic.Bool // whether an utterance was ever sent
	broken  error       // why it is unusable
	yields  bool
}

var (
	_ driver.Engine      = (*Process)(nil)
	_ driver.Transcriber = (*Process)(nil)
	_ driver.Yielder     = (*Process)(nil)
)

// Start starts a worker and waits until it is ready, which ctx bounds. The
// worker then lives until Close, its own end, or this process's end.
func Start(ctx context.Context, command Command, options Options) (*Process, error) {
	if options.Log == nil {
		options.Log = slog.Default()
	}
	switch {
	case options.Nice == 0:
		options.Nice = defaultNice
	case options.Nice < 0:
		options.Nice = 0
	}
	switch {
	case options.Memory == 0:
		options.Memory = defaultMemory
	case options.Memory < 0:
		options.Memory = 0
	}
	if options.Grace <= 0 {
		options.Grace = grace
	}
	p := &Process{log: options.Log, grace: options.Grace}
	child, err := startChild(command, options, p.logLine)
	if err != nil {
		return nil, fmt.Errorf("worker %s: %w", command.Path, err)
	}
	p.child = child
	p.in = bufio.NewReaderSize(child.stdout, pieceBytes)

	stop := context.AfterFunc(ctx, child.kill)
	defer stop()
	if err := p.awaitReady(); err != nil {
		child.kill()
		_ = p.Close()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		if told := new(refusal); errors.As(err, &told) {
			return nil, fmt.Errorf("worker %s: %w", command.Path, err)
		}
		return nil, fmt.Errorf("worker %s: %w%s", command.Path, err, child.lastWords())
	}
	return p, nil
}

func (p *Process) awaitReady() error {
	t, n, err := p.readHeader()
	if err != nil {
		return fmt.Errorf("it ended before it was ready: %w", err)
	}
	payload, err := p.payload(n)
	if err != nil {
		return err
	}
	switch t {
	case readyFrame:
		if err := json.Unmarshal(payload, &p.info); err != nil {
			return fmt.Errorf("its ready frame cannot be read: %w", err)
		}
		return checkInfo(p.info)
	case errorFrame:
		var f failure
		if err := json.Unmarshal(payload, &f); err != nil {
			return fmt.Errorf("its error frame cannot be read: %w", err)
		}
		return &refusal{f.Message}
	}
	return fmt.Errorf("it sent a frame of type %q before it was ready", t)
}

// refusal is what a worker says that has no engine; its stderr says the same.
type refusal struct{ message string }

func (r *refusal) Error() string { return r.message }

// checkInfo refuses what the server could not work with.
func checkInfo(info driver.Info) error {
	if info.Name == "" {
		return errors.New("its ready frame has no name")
	}
	if len(info.Voices) == 0 {
		return errors.New("its ready frame has no voices")
	}
	for _, v := range info.Voices {
		if v.Name == "" || v.EngineName == "" || len(v.Languages) == 0 {
			return fmt.Errorf("its voice %q lacks a name, an engineName or languages", v.Name)
		}
		if v.NaturalSampleRateHertz < 1000 || v.NaturalSampleRateHertz > 384000 {
			return fmt.Errorf("its voice %q has a sample rate of %d Hz", v.Name, v.NaturalSampleRateHertz)
		}
	}
	return nil
}

// Info tells what the worker said when it was ready.
func (p *Process) Info() driver.Info { return p.info }

// PID is the worker's process id, which is also its process group.
func (p *Process) PID() int { return p.child.pid }

// Yield implements driver.Yielder: the worker is niced once more.
func (p *Process) Yield() {
	if p.yields {
		return
	}
	p.yields = true
	if err := p.child.nice(yieldingNice); err != nil {
		p.log.Debug("engine worker keeps its priority", "cause", err)
	}
}

// Close asks the worker to end, kills it when it does not do so in time, and
// returns when it is gone.
func (p *Process) Close() error {
	p.child.stdin.Close()
	select {
	case <-p.child.exited:
	case <-time.After(grace):
		p.child.kill()
		<-p.child.exited
	}
	return p.child.stdout.Close()
}

// crash makes the process unusable and returns why.
func (p *Process) crash(why error) error {
	p.child.kill()
	<-p.child.exited
	p.broken = fmt.Errorf("%w: %w (%s)", driver.ErrCrashed, why, p.child.state())
	return p.broken
}

func (p *Process) send(frame []byte) error {
	p.writing.Lock()
	defer p.writing.Unlock()
	_, err := p.child.stdin.Write(frame)
	return err
}

// readHeader reads the header of the worker's next frame. An end of the stream
// is always unexpected here.
func (p *Process) readHeader() (frameType, int, error) {
	t, n, err := readHeader(p.in, &p.header)
	return t, n, unexpected(err)
}

func unexpected(err error) error {
	if err == io.EOF || errors.Is(err, os.ErrClosed) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// payload reads a payload of n bytes; it is good until the next call.
func (p *Process) payload(n int) ([]byte, error) {
	if cap(p.text) < n {
		p.text = make([]byte, n)
	}
	_, err := io.ReadFull(p.in, p.text[:n])
	return p.text[:n], unexpected(err)
}

// sound reads up to n frames of an audio payload; they are good until the next call.
func (p *Process) sound(n int) ([]int16, error) {
	frames := p.piece[:min(n, len(p.piece))]
	return frames, unexpected(audio.ReadPCM(p.in, frames))
}

func (p *Process) logLine(line string) {
	level := slog.LevelWarn
	if p.spoken.Load() {
		level = slog.LevelDebug
	}
	p.log.Log(context.Background(), level, "engine worker says", "line", line)
}
