package lrotest

import (
	"io"
	"net"
	"sync"
	"testing"
)

// link is one node's way to the store's server, which a test can disturb.
type link struct {
	listener net.Listener
	server   string
	ends     sync.WaitGroup

	mu     sync.Mutex
	open   map[net.Conn]bool
	cut    bool          // nobody gets through
	frozen chan struct{} // closed when bytes may pass again; nil if they may
}

// newLink makes a link to server, HOST:PORT, that ends with the test.
func newLink(t testing.TB, server string) *link {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &link{listener: listener, server: server, open: make(map[net.Conn]bool)}
	l.ends.Go(l.accept)
	t.Cleanup(func() {
		l.thaw()
		_ = listener.Close()
		l.disconnect(true)
		l.ends.Wait()
	})
	return l
}

// address is where the node finds its server.
func (l *link) address() string { return l.listener.Addr().String() }

func (l *link) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.ends.Go(func() { l.carry(near) })
	}
}

// carry takes bytes both ways until either end is closed.
func (l *link) carry(near net.Conn) {
	far, err := net.Dial("tcp", l.server)
	if err != nil {
		_ = near.Close()
		return
	}
	if !l.enter(near, far) {
		return
	}
	var both sync.WaitGroup
	for to, from := range map[net.Conn]net.Conn{near: far, far: near} {
		both.Go(func() {
			_, _ = io.Copy(to, &thawing{from, l})
			_, _ = near.Close(), far.Close()
		})
	}
	both.Wait()
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.open, near)
	delete(l.open, far)
}

// enter notes a connection, or closes it if the link is cut.
func (l *link) enter(ends ...net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range ends {
		if l.cut {
			_ = c.Close()
		} else {
			l.open[c] = true
		}
	}
	return !l.cut
}

// disconnect ends all connections; with stay, no others are made.
func (l *link) disconnect(stay bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = stay
	for c := range l.open {
		_ = c.Close()
	}
}

// mend lets connections be made again.
func (l *link) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut = false
}

// freeze keeps all bytes back: nobody is told, and nothing comes.
func (l *link) freeze() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frozen = make(chan struct{})
}

// thaw lets them pass again, those that were kept back first.
func (l *link) thaw() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.frozen != nil {
		close(l.frozen)
		l.frozen = nil
	}
}

// thawing reads what a link lets pass.
type thawing struct {
	from net.Conn
	l    *link
}

func (r *thawing) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.l.mu.Lock()
	frozen := r.l.frozen
	r.l.mu.Unlock()
	if frozen != nil {
		<-frozen
	}
	return n, err
}
