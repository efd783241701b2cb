// Package proxy is a forward proxy that answers for some hosts itself: it ends
// their TLS with certificates of its own and hands what comes out to whoever is to
// answer. All other connections pass through untouched, still encrypted between
// the program and the host that it meant.
//
// It speaks HTTP's CONNECT, which is what programs use for https:// when
// HTTPS_PROXY is set.
package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Config is what a Proxy is made of. All fields are required but Log.
type Config struct {
	// Answer connects, in plain text, to who answers for host; protocol is
	// "h2" or "http/1.1", as the program and the certificate's side agreed. ok is
	// false for hosts that are not answered for, which it says without waiting.
	Answer func(host string) (connect Connect, ok bool)
	// Certificate is that for a host that is answered for.
	Certificate func(host string) (*tls.Certificate, error)
	// Dial connects to the other hosts, HOST:PORT.
	Dial func(ctx context.Context, address string) (net.Conn, error)
	// Log is told of connections that fail. Default: discard.
	Log *slog.Logger
}

// Connect makes a connection for a protocol of ALPN, "h2" or "http/1.1".
type Connect func(ctx context.Context, protocol string) (net.Conn, error)

// patience is how long a program may take to say where it wants to go, and a
// connection to be made.
const patience = 30 * time.Second

// Proxy is made by New and keeps nothing: Serve has all that lives.
type Proxy struct{ cfg Config }

// New makes a proxy that is not yet listening.
func New(cfg Config) *Proxy {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Proxy{cfg}
}

// Serve accepts connections on l, which it closes, until ctx ends, which cuts them
// off; then it returns nil, when all of them have ended.
func (p *Proxy) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	var running sync.WaitGroup
	defer running.Wait()
	for {
		conn, err := l.Accept()
		switch {
		case ctx.Err() != nil:
			if conn != nil {
				_ = conn.Close()
			}
			return nil
		case err != nil:
			return err
		}
		running.Go(func() {
			stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
			defer stop()
			defer conn.Close()
			if err := p.serve(ctx, conn); err != nil && ctx.Err() == nil {
				p.cfg.Log.Warn("a connection through the proxy failed", "cause", err)
			}
		})
	}
}

func (p *Proxy) serve(ctx context.Context, conn net.Conn) error {
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	in := bufio.NewReader(conn)
	request, err := http.ReadRequest(in)
	if err != nil {
		return nil // a port scan, or a program that has changed its mind
	}
	if request.Method != http.MethodConnect {
		refuse(conn, http.StatusMethodNotAllowed, "This proxy takes CONNECT only: it is for https://.")
		return fmt.Errorf("%s %s: this proxy takes CONNECT only", request.Method, request.Host)
	}
	program := &buffered{conn, in}
	host, port, err := net.SplitHostPort(request.Host)
	if err != nil {
		refuse(conn, http.StatusBadRequest, "CONNECT must name HOST:PORT.")
		return err
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if connect, ok := p.cfg.Answer(host); ok && port == "443" {
		return p.answer(ctx, program, host, connect)
	}
	return p.pass(ctx, program, request.Host)
}

// pass makes a connection to the host that the program means, and lets all pass.
func (p *Proxy) pass(ctx context.Context, program net.Conn, address string) error {
	soon, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	other, err := p.cfg.Dial(soon, address)
	if err != nil {
		refuse(program, http.StatusBadGateway, err.Error())
		return err
	}
	defer other.Close()
	if err := established(program); err != nil {
		return err
	}
	join(ctx, program, other)
	return nil
}

// answer ends the program's TLS and lets what it says pass to who answers.
func (p *Proxy) answer(ctx context.Context, program net.Conn, host string, connect Connect) error {
	certificate, err := p.cfg.Certificate(host)
	if err != nil {
		refuse(program, http.StatusBadGateway, err.Error())
		return err
	}
	if err := established(program); err != nil {
		return err
	}
	if err := program.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	opened := tls.Server(program, &tls.Config{
		Certificates: []tls.Certificate{*certificate},
		NextProtos:   []string{"h2", "http/1.1"},
		MinVersion:   tls.VersionTLS12,
	})
	soon, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := opened.HandshakeContext(soon); err != nil {
		return fmt.Errorf("the program does not trust the certificate for %s: %w", host, err)
	}
	if err := program.SetDeadline(time.Time{}); err != nil {
		return err
	}
	server, err := connect(soon, opened.ConnectionState().NegotiatedProtocol)
	if err != nil {
		return fmt.Errorf("who answers for %s cannot be reached: %w", host, err)
	}
	defer server.Close()
	join(ctx, opened, server)
	return nil
}

// established tells the program that it may speak.
func established(program net.Conn) error {
	if _, err := io.WriteString(program, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return err
	}
	return program.SetDeadline(time.Time{})
}

func refuse(program net.Conn, code int, why string) {
	_, _ = fmt.Fprintf(program, "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n",
		code, http.StatusText(code), len(why)+1, why)
}

// join passes what each side says to the other until both have ended, or one of
// them can be spoken to no longer.
func join(ctx context.Context, a, b net.Conn) {
	stop := context.AfterFunc(ctx, func() { _, _ = a.Close(), b.Close() })
	defer stop()
	var both sync.WaitGroup
	both.Go(func() { forward(a, b) })
	both.Go(func() { forward(b, a) })
	both.Wait()
}

// forward copies until from ends, which to is told.
func forward(to, from net.Conn) {
	_, err := io.Copy(to, from)
	half, ok := to.(interface{ CloseWrite() error })
	if !ok || err != nil && !errors.Is(err, io.EOF) || half.CloseWrite() != nil {
		_, _ = to.Close(), from.Close()
	}
}

// buffered is a connection of which some was read ahead.
type buffered struct {
	net.Conn
	in *bufio.Reader
}

func (c *buffered) Read(p []byte) (int, error) { return c.in.Read(p) }

// CloseWrite lets the other direction go on.
func (c *buffered) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return errors.ErrUnsupported
}
