package server

import (
	"context"
	"net"
	"sync"

	"google.golang.org/grpc/peer"
)

// connections are those that are open, so that one can be ended that a call
// came by.
type connections struct {
	mu   sync.Mutex
	open map[string]*conn // by both of its addresses
}

// conn is an accepted connection.
type conn struct {
	net.Conn
	of  *connections
	key string
	end sync.Once

	mu      sync.Mutex
	leaving map[*departure]bool // answers; nil when it is closed
}

func addresses(local, remote net.Addr) string { return local.String() + " " + remote.String() }

// admit counts c as open until it is closed.
func (cs *connections) admit(c net.Conn) *conn {
	counted := &conn{Conn: c, of: cs, key: addresses(c.LocalAddr(), c.RemoteAddr()), leaving: map[*departure]bool{}}
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.open[counted.key] = counted
	return counted
}

func (cs *connections) forget(c *conn) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.open[c.key] == c {
		delete(cs.open, c.key)
	}
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

// ofCall is the connection that a call of gRPC's own transport came by, nil for
// an unknown one.
func (cs *connections) ofCall(ctx context.Context) *conn {
	from, ok := peer.FromContext(ctx)
	if !ok || from.LocalAddr == nil || from.Addr == nil {
		return nil
	}
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return cs.open[addresses(from.LocalAddr, from.Addr)]
}

// counted is a listener whose connections are counted.
type counted struct {
	net.Listener
	conns *connections
}

// Accept implements net.Listener.
func (l counted) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return l.conns.admit(c), nil
}
