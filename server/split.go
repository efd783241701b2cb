package server

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"sync"
)

// split shares the connections of one listener between two servers, by what
// sniff finds at their beginning, beneath TLS if there is any. Closing it, or its http side, closes the
// listener and the connections that are not yet handed over.
type split struct {
	listener net.Listener
	tls      *tls.Config // nil for plain text
	http     *handover
	native   *handover
	log      *slog.Logger
	closed   context.Context
	close    context.CancelFunc
	running  sync.WaitGroup
}

// newSplit starts to accept from l, which it closes.
func newSplit(l net.Listener, tls *tls.Config, log *slog.Logger) *split {
	s := &split{listener: l, tls: tls, log: log}
	s.closed, s.close = context.WithCancel(context.Background())
	s.http, s.native = newHandover(l.Addr(), s.Close), newHandover(l.Addr(), func() {})
	s.running.Go(s.accept)
	return s
}

// Close stops accepting. It may be called more than once.
func (s *split) Close() {
	s.close()
	_ = s.listener.Close()
	s.native.end()
	s.http.end()
}

// wait returns when every connection is handed over or closed, after Close.
func (s *split) wait() { s.running.Wait() }

// accept hands the listener's errors to the HTTP server, which knows which of
// them pass.
func (s *split) accept() {
	for s.closed.Err() == nil {
		conn, err := s.listener.Accept()
		if err != nil {
			s.http.give(nil, err)
			continue
		}
		s.running.Go(func() { s.sort(conn) })
	}
}

func (s *split) sort(conn net.Conn) {
	release := context.AfterFunc(s.closed, func() { _ = conn.Close() })
	replay, native, err := s.begin(conn)
	if !release() || err != nil {
		_ = conn.Close()
		return
	}
	if native {
		s.native.give(watch(replay, true), nil)
	} else {
		s.http.give(watch(replay, false), nil)
	}
}

// begin is sniff, after the handshake.
func (s *split) begin(conn net.Conn) (replay *replayed, native bool, err error) {
	opened, err := secure(conn, s.tls)
	if err != nil {
		if s.closed.Err() == nil {
			s.log.Info("a TLS handshake failed", "peer", conn.RemoteAddr().String(), "cause", err)
		}
		return nil, false, err
	}
	return sniff(opened)
}

// handover is a listener of connections that were accepted elsewhere.
type handover struct {
	addr     net.Addr
	accepted chan accepted
	ended    chan struct{}
	end      func()
	closing  func()
}

type accepted struct {
	conn net.Conn
	err  error
}

func newHandover(addr net.Addr, closing func()) *handover {
	h := &handover{addr: addr, accepted: make(chan accepted), ended: make(chan struct{}), closing: closing}
	h.end = sync.OnceFunc(func() { close(h.ended) })
	return h
}

// give waits until conn, or the reason why there is none, is accepted, or closes
// conn because nobody accepts any more.
func (h *handover) give(conn net.Conn, err error) {
	select {
	case h.accepted <- accepted{conn, err}:
	case <-h.ended:
		if conn != nil {
			_ = conn.Close()
		}
	}
}

// Accept implements net.Listener.
func (h *handover) Accept() (net.Conn, error) {
	select {
	case a := <-h.accepted:
		return a.conn, a.err
	case <-h.ended:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (h *handover) Close() error {
	h.end()
	h.closing()
	return nil
}

// Addr implements net.Listener.
func (h *handover) Addr() net.Addr { return h.addr }
