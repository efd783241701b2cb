package wyoming

import (
	"bufio"
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
)

// A client may be ahead of what is done by mostAhead bytes of events, of which each
// counts as leastEvent at least, about what one takes: 4,096 words of a model, more than
// it writes at once, since a client that leaves is seen only when all that it sent before
// was read. What is left unread, the client's machine keeps behind a closed window, and
// the end of the connection with it.
const (
	mostAhead  = 1 << 20
	leastEvent = 256
)

// linger is how long a client may still send after it was told of an error: closed
// at once, the connection would be reset and the error lost.
const linger = time.Second

// connection is one client. A goroutine reads its events ahead, to see it leave.
type connection struct {
	server *Server
	conn   net.Conn
	in     *bufio.Reader
	events chan *event
	room   *semaphore.Weighted // for events, in bytes

	writing sync.Mutex
	taken   *patient
	out     *bufio.Writer

	mu      sync.Mutex
	busy    bool // something is spoken that the client only listens to
	retired bool
	end     func() // closes the connection
	readErr error  // why there are no more events; set before events is closed
	stream  *stream
}

func newConnection(s *Server, conn net.Conn) *connection {
	taken := &patient{Conn: conn, limit: s.Patience}
	return &connection{
		server: s, conn: conn, in: bufio.NewReader(conn), taken: taken, out: bufio.NewWriter(taken), end: func() {},
		events: make(chan *event, mostAhead/leastEvent), room: semaphore.NewWeighted(mostAhead),
	}
}

// patient is a connection whose peer must take what is written in time, from when it
// has heard what was written before.
type patient struct {
	net.Conn
	limit   time.Duration
	heardBy time.Time
}

func (p *patient) Write(b []byte) (int, error) {
	from := time.Now()
	if p.heardBy.After(from) {
		from = p.heardBy
	}
	if err := p.SetWriteDeadline(from.Add(p.limit)); err != nil {
		return 0, err
	}
	return p.Conn.Write(b)
}

// serve answers events until the client leaves, an error, or ctx ends.
func (c *connection) serve(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c.mu.Lock()
	c.end = cancel
	if c.retired {
		cancel()
	}
	c.mu.Unlock()
	closing := context.AfterFunc(ctx, func() { c.conn.Close() })
	defer closing()
	defer c.conn.Close()
	go c.read(ctx, cancel)

	err := c.answer(ctx)
	if err == nil && ctx.Err() == nil {
		err = c.readErr
	}
	if c.stream != nil {
		c.stream.close()
	} else if errors.Is(err, errSilent) {
		err = nil // it waits for nothing
	}
	var f *fault.Error
	if errors.As(err, &f) && ctx.Err() == nil {
		c.fail(f)
		if half, ok := c.conn.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
		due := time.AfterFunc(linger, cancel)
		defer due.Stop()
	} else {
		cancel()
	}
	for e := range c.events { // the reader ends with the connection
		c.room.Release(e.room())
	}
}

func (c *connection) answer(ctx context.Context) error {
	for {
		var failed <-chan error // that of a stream says nothing else before its stop
		if c.stream != nil {
			failed = c.stream.spoken
		}
		var err error
		select {
		case e, more := <-c.events:
			if !more {
				return nil
			}
			err = c.handle(ctx, e)
			c.room.Release(e.room())
		case err = <-failed:
			c.stream.spoken <- err
		}
		if err == nil {
			continue
		}
		f := inOwnWords(fault.From(fault.Named(err, fields)))
		if f.Unwrap() != nil && ctx.Err() == nil {
			c.server.Log.Warn("call failed", "protocol", "wyoming", "code", f.Code.String(), "cause", f.Unwrap())
		}
		return f
	}
}

// inOwnWords is a fault that names no call of another protocol.
func inOwnWords(f *fault.Error) *fault.Error {
	f = f.In(f.Field) // a copy
	f.Message = strings.ReplaceAll(f.Message, voices.AskForVoices, "The answer to describe lists the voices.")
	return f
}

// fields are what those of the pipeline's faults are called here.
var fields = map[string]string{
	synth.FieldText: "text", synth.FieldSSML: "text",
	voices.FieldName: "voice.name", voices.FieldLanguage: "voice.language",
}

var (
	errSilent     = fault.New(fault.Aborted, "No text came for a long time. Send synthesize-stop when it is complete.")
	errIncomplete = fault.New(fault.DeadlineExceeded, "The event did not come to its end in time. What follows its line must be as long as its data_length and payload_length say.")
)

// read reads events ahead. When the client has closed its side, or is not to be
// understood, left ends what it is served.
func (c *connection) read(ctx context.Context, left func()) {
	defer close(c.events)
	for {
		err := c.await()
		var e *event
		if err == nil {
			if e, err = read(c.in); errors.Is(err, os.ErrDeadlineExceeded) {
				err = errIncomplete
			}
		}
		if err == nil {
			err = c.room.Acquire(ctx, e.room())
		}
		if err != nil {
			c.readErr = err
			// A client that lies is told so, once what it asked before is done.
			if f := new(fault.Error); !errors.As(err, &f) {
				left()
			}
			return
		}
		c.events <- e
	}
}

// await waits for the first byte of an event.
func (c *connection) await() error {
	for {
		if err := c.conn.SetReadDeadline(time.Now().Add(c.server.Idle)); err != nil {
			return err
		}
		_, err := c.in.Peek(1)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			if c.room.TryAcquire(mostAhead) { // nothing that came is still to be done
				return errSilent
			}
			continue
		}
		if err != nil {
			return err
		}
		return c.conn.SetReadDeadline(time.Now().Add(c.server.Patience))
	}
}

// send writes one event at once.
func (c *connection) send(kind string, data any) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	return write(c.out, kind, data, nil)
}

// sendSound is send of sound, behind what will have been heard by a time.
func (c *connection) sendSound(form map[string]any, sound []byte, heardBy time.Time) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.taken.heardBy = heardBy
	return write(c.out, "audio-chunk", form, sound)
}

// fail tells an error. Whether it can be told does not matter any more.
func (c *connection) fail(f *fault.Error) {
	_ = c.send("error", map[string]any{"text": f.Public(), "code": f.Code.String()})
}

// speaking says whether the connection must not be retired yet.
func (c *connection) speaking(busy bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy = busy; !busy && c.retired {
		c.end()
	}
}

func (c *connection) retire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.retired = true; !c.busy {
		c.end()
	}
}
