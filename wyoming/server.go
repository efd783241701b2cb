package wyoming

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/synth"
)

// Config is what a Server is made of. Synth is needed; its catalogue has PCM.
type Config struct {
	Synth *synth.Synth
	// Version is that of the program, for the answer to describe.
	Version string
	// TextBytes is the longest text of a synthesize event. Default 1,000,000.
	TextBytes int
	// Connections bounds the open ones; further ones are told so. Default 64.
	Connections int
	// Callers counts streams, which all speech is here; nil: one of its own.
	Callers *callers.Callers
	// Quota counts what is used, and refuses what is beyond limits; nil: nothing.
	Quota *quota.Quota
	// TextIdle is how long a stream waits for more text before it speaks what may not
	// be a sentence yet; 0 means synth.DefaultIdle.
	TextIdle time.Duration
	// Idle is how long a client may say nothing while nothing is spoken, Patience
	// how long it may take nothing of what is, or may take over one event.
	// Defaults 2 min and 30 s.
	Idle, Patience time.Duration
	// Drain is how long a server that stops lets speech end. Default 10 s.
	Drain time.Duration
	Log   *slog.Logger
}

// Server serves the protocol. It is safe for concurrent use.
type Server struct {
	Config
	mu   sync.Mutex
	open map[*connection]bool
}

// New makes a server that is not yet listening.
func New(c Config) *Server {
	if c.TextBytes == 0 {
		c.TextBytes = 1_000_000
	}
	if c.Connections == 0 {
		c.Connections = 64
	}
	for _, d := range []struct {
		value    *time.Duration
		fallback time.Duration
	}{{&c.Idle, 2 * time.Minute}, {&c.Patience, 30 * time.Second}, {&c.Drain, 10 * time.Second}} {
		if *d.value == 0 {
			*d.value = d.fallback
		}
	}
	if c.Callers == nil {
		c.Callers = callers.New(callers.Limits{})
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{Config: c, open: map[*connection]bool{}}
}

// Serve accepts connections on l, which it closes, until ctx ends. Then what is
// being spoken may end within Drain, and it returns nil. Another error is l's.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	working, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	stopping := context.AfterFunc(ctx, func() {
		_ = l.Close()
		s.retire()
	})
	defer stopping()
	defer l.Close()
	var running sync.WaitGroup
	defer running.Wait()
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			if err == nil {
				conn.Close()
			}
			due := time.AfterFunc(s.Drain, cut)
			running.Wait()
			due.Stop()
			return nil
		}
		var passing interface{ Temporary() bool }
		if errors.As(err, &passing) && passing.Temporary() { // too many files: those that end make room
			s.Log.Warn("a connection cannot be accepted", "cause", err)
			select {
			case <-time.After(50 * time.Millisecond):
			case <-ctx.Done():
			}
			continue
		}
		if err != nil {
			cut()
			return err
		}
		c := newConnection(s, conn)
		if !s.enter(c) {
			running.Go(func() {
				c.fail(fault.New(fault.ResourceExhausted, "The server has %d connections, and no more are allowed.", s.Connections))
				conn.Close()
			})
			continue
		}
		running.Go(func() {
			defer s.leave(c)
			c.serve(working)
		})
		if ctx.Err() != nil {
			s.retire()
		}
	}
}

func (s *Server) enter(c *connection) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.open) >= s.Connections {
		return false
	}
	s.open[c] = true
	return true
}

func (s *Server) leave(c *connection) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
}

// retire has every connection end as soon as it speaks no more.
func (s *Server) retire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		c.retire()
	}
}
