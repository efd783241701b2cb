package server

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"google.golang.org/grpc/peer"
)

// connections are those that are open. Beyond limit a new one takes the place of
// the one that has been without a call for longest; where all have calls, the new
// one is closed.
type connections struct {
	limit   int
	uploads int64 // of messages that come natively, in bytes
	largest int64 // of those, in bytes
	log     *slog.Logger
	now     func() time.Time

	mu       sync.Mutex
	open     map[*conn]bool
	uploaded int64
}

// conn is an accepted connection.
type conn struct {
	net.Conn
	of     *connections
	remote *remote
	end    sync.Once

	uploaded int64 // guarded by of.mu

	mu      sync.Mutex
	calls   int
	idle    time.Time           // since when there are none
	leaving map[*departure]bool // answers; nil when it is closed
}

// remote is an address that knows its connection: gRPC tells the calls of a
// connection its address, and no more.
type remote struct {
	net.Addr
	conn *conn
}

// counted is a listener whose connections are counted.
type counted struct {
	net.Listener
	conns *connections
}

// Accept implements net.Listener.
func (l counted) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if admitted := l.conns.admit(c); admitted != nil {
			return admitted, nil
		}
		_ = c.Close()
	}
}

// admit counts c as open until it is closed, nil when there is no room for it.
func (cs *connections) admit(c net.Conn) *conn {
	admitted := &conn{Conn: c, of: cs, idle: cs.now(), leaving: map[*departure]bool{}}
	admitted.remote = &remote{c.RemoteAddr(), admitted}
	cs.mu.Lock()
	full := len(cs.open) >= cs.limit
	var displaced *conn
	if full {
		displaced = cs.longestIdle()
	}
	if !full || displaced != nil {
		cs.remove(displaced)
		cs.open[admitted] = true
	}
	cs.mu.Unlock()
	switch {
	case displaced != nil:
		_ = displaced.Close()
	case full:
		cs.log.Warn("a connection is refused: all have calls under way", "connections", cs.limit)
		return nil
	}
	return admitted
}

// longestIdle is the connection that has been without a call for longest, nil
// when all have some.
func (cs *connections) longestIdle() *conn {
	var longest *conn
	var since time.Time
	for c := range cs.open {
		c.mu.Lock()
		if c.calls == 0 && (longest == nil || c.idle.Before(since)) {
			longest, since = c, c.idle
		}
		c.mu.Unlock()
	}
	return longest
}

func (cs *connections) forget(c *conn) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.remove(c)
}

// remove is forget for those who have locked.
func (cs *connections) remove(c *conn) {
	if cs.open[c] {
		delete(cs.open, c)
		cs.uploaded -= c.uploaded
	}
}

// ofCall is the connection that a call of gRPC's own transport came by.
func ofCall(ctx context.Context) *conn {
	from, ok := peer.FromContext(ctx)
	if !ok {
		return nil
	}
	known, ok := from.Addr.(*remote)
	if !ok {
		return nil
	}
	return known.conn
}

// state follows the connections of net/http.
func (cs *connections) state(c net.Conn, state http.ConnState) {
	known, _ := beneath(c)
	if known == nil {
		return
	}
	switch state {
	case http.StateActive:
		known.begin()
	case http.StateIdle:
		known.done()
	}
}

// begin counts a call.
func (c *conn) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
}

// done ends a call.
func (c *conn) done() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = max(0, c.calls-1)
	c.idle = c.of.now()
}

// RemoteAddr implements net.Conn.
func (c *conn) RemoteAddr() net.Addr { return c.remote }

// Close implements net.Conn.
func (c *conn) Close() error {
	c.end.Do(func() {
		c.of.forget(c)
		c.mu.Lock()
		leaving := c.leaving
		c.leaving = nil
		c.mu.Unlock()
		for d := range leaving {
			d.end()
		}
	})
	return c.Conn.Close()
}

// CloseWrite lets net/http end a connection so that its last answer arrives.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// departs has d end with the connection.
func (c *conn) departs(d *departure) {
	c.mu.Lock()
	open := c.leaving != nil
	if open {
		c.leaving[d] = true
	}
	c.mu.Unlock()
	if !open {
		d.end()
	}
}

func (c *conn) departed(d *departure) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.leaving, d)
}
