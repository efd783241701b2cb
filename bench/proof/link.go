package main

import (
	"context"
	"io"
	"net"
	"sync"
	"time"
)

// link carries connections to an address on loopback, until it is cut.
type link struct {
	to       string
	listener net.Listener
	copying  sync.WaitGroup

	mu   sync.Mutex
	down bool
	open map[net.Conn]bool
}

func newLink(to string) (*link, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	l := &link{to: to, listener: listener, open: map[net.Conn]bool{}}
	l.copying.Go(l.accept)
	return l, nil
}

// address is where the link is reached.
func (l *link) address() string { return l.listener.Addr().String() }

func (l *link) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", l.to)
		if err != nil || !l.hold(near, far) {
			near.Close()
			if far != nil {
				far.Close()
			}
			continue
		}
		l.copying.Go(func() { l.carry(near, far) })
		l.copying.Go(func() { l.carry(far, near) })
	}
}

// hold remembers a pair of connections; false while the link is cut.
func (l *link) hold(pair ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range pair {
		if !l.down {
			l.open[c] = true
		}
	}
	return !l.down
}

func (l *link) carry(to, from net.Conn) {
	_, _ = io.Copy(to, from)
	to.Close()
	from.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, from)
}

// cut ends all connections and lets none through for a while. What was on its way is
// lost: the other side may have done it.
func (l *link) cut(ctx context.Context, d time.Duration) {
	l.set(true)
	pause(ctx, d)
	l.set(false)
}

func (l *link) set(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = down
	if down {
		for c := range l.open {
			c.Close()
		}
	}
}

func (l *link) close() error {
	err := l.listener.Close()
	l.set(true)
	l.copying.Wait()
	return err
}
