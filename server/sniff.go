package server

import (
	"bufio"
	"errors"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const (
	// headerTimeout is how long the beginning of a connection, and the headers
	// of a request, may take to arrive.
	headerTimeout = 10 * time.Second
	// idleTimeout is how long a connection may be without a request.
	idleTimeout = 2 * time.Minute
	// pingInterval is how long a peer may be silent before it is asked whether it
	// is still there, pingTimeout how long it may take to answer.
	pingInterval = 30 * time.Second
	pingTimeout  = 15 * time.Second
	// maxHeaderBytes bounds the headers of one request.
	maxHeaderBytes = 64 << 10
	// maxSniffed bounds what is read before a connection's server is known: the
	// headers, and as much again for a body, whose sender gets no further window.
	maxSniffed = 2 * maxHeaderBytes
)

// errSniffedEnough ends the reading of a beginning that is too long.
var errSniffedEnough = errors.New("server: the connection's beginning is too long")

// sniff reads the beginning of conn until it is known whose it is, and returns
// the connection with that beginning still to be read. Native is true for
// HTTP/2 whose first call is gRPC. Whatever cannot be told or is malformed is
// net/http's, to serve or to refuse; an error means that the client left or
// stalled, and that conn is of no more use.
func sniff(conn net.Conn) (replay *replayed, native bool, err error) {
	if err := conn.SetDeadline(time.Now().Add(headerTimeout)); err != nil {
		return nil, false, err
	}
	s := &sniffer{Conn: conn}
	isHTTP2, err := s.preface()
	if isHTTP2 {
		native, err = s.frames()
	}
	if err != nil {
		return nil, false, err
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return nil, false, err
	}
	return &replayed{conn, s.seen}, native, nil
}

// sniffer is a connection that keeps what is read from it.
type sniffer struct {
	net.Conn
	seen []byte
	read int   // bytes read, the forgotten ones too
	err  error // why the connection can be read no further
}

func (s *sniffer) Read(p []byte) (int, error) {
	if s.read >= maxSniffed {
		return 0, errSniffedEnough
	}
	n, err := s.Conn.Read(p[:min(len(p), maxSniffed-s.read)])
	s.read += n
	s.seen = append(s.seen, p[:n]...)
	s.err = err
	return n, err
}

// preface reports whether the connection begins as HTTP/2 does. It reads no
// further than it must to know.
func (s *sniffer) preface() (bool, error) {
	var p [len(http2.ClientPreface)]byte
	for n := 0; n < len(p); {
		m, err := s.Read(p[n:])
		n += m
		if string(p[:n]) != http2.ClientPreface[:n] {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// frames reads frames until the first request's headers and reports whether
// they are those of gRPC.
//
// A gRPC client says nothing before it has seen the server's SETTINGS, so it
// is sent some. Since its acknowledgement would surprise net/http, which has not
// sent them, it is awaited and taken out of what is replayed.
func (s *sniffer) frames() (native bool, err error) {
	idleUntil := time.Now().Add(idleTimeout)
	in := bufio.NewReader(s)
	framer := http2.NewFramer(s.Conn, in)
	framer.SetMaxReadFrameSize(16 << 10)
	framer.ReadMetaHeaders = hpack.NewDecoder(4<<10, nil)
	framer.MaxHeaderListSize = maxHeaderBytes

	var began, greeted, acknowledged, asked bool
	for !native && (!asked || greeted != acknowledged) {
		if began && in.Buffered() == 0 {
			if !greeted {
				greeted = true
				err = framer.WriteSettings(http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: 100})
			} else if acknowledged {
				err = s.awaitRequest(in, idleUntil)
			}
			if errors.Is(err, errSniffedEnough) || acknowledged && errors.Is(err, os.ErrDeadlineExceeded) {
				return false, nil
			}
			if err != nil {
				return false, err
			}
		}
		frame, err := framer.ReadFrame()
		if err != nil {
			return false, s.err // nil when only the frame is wrong
		}
		settings, isSettings := frame.(*http2.SettingsFrame)
		if !began && (!isSettings || settings.IsAck()) {
			return false, nil
		}
		began = true
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if frame.IsAck() && greeted && !acknowledged {
				acknowledged = true
				s.forget(in, frame.Header())
			}
		case *http2.PingFrame:
			// Clients that keep an idle connection alive want an answer.
			if greeted && !frame.IsAck() {
				s.forget(in, frame.Header())
				if err := framer.WritePing(true, frame.Data); err != nil {
					return false, err
				}
			}
		case *http2.MetaHeadersFrame:
			native = !asked && isNative(frame)
			asked = true
		}
	}
	return native, nil
}

// awaitRequest waits for a byte until the time given, and gives what it begins
// the time of headers.
func (s *sniffer) awaitRequest(in *bufio.Reader, until time.Time) error {
	if err := s.SetDeadline(until); err != nil {
		return err
	}
	if _, err := in.Peek(1); err != nil {
		return err
	}
	return s.SetDeadline(time.Now().Add(headerTimeout))
}

// forget drops the frame that was read from in last.
func (s *sniffer) forget(in *bufio.Reader, frame http2.FrameHeader) {
	const header = 9
	end := len(s.seen) - in.Buffered()
	s.seen = slices.Delete(s.seen, end-int(frame.Length)-header, end)
}

// isNative reports whether a connection with this first request will bring gRPC
// only. One from a proxy may bring REST for other clients later.
func isNative(first *http2.MetaHeadersFrame) bool {
	grpc := false
	for _, field := range first.RegularFields() {
		switch {
		case field.Name == "content-type":
			grpc = isGRPCType(field.Value)
		case field.Name == "via", field.Name == "forwarded", strings.HasPrefix(field.Name, "x-forwarded-"):
			return false
		}
	}
	return grpc && !first.Truncated
}

// replayed is a connection whose beginning is read again.
type replayed struct {
	net.Conn
	beginning []byte
}

func (c *replayed) Read(p []byte) (int, error) {
	if len(c.beginning) == 0 {
		return c.Conn.Read(p)
	}
	n := copy(p, c.beginning)
	c.beginning = c.beginning[n:]
	if len(c.beginning) == 0 {
		c.beginning = nil // a connection lives long
	}
	return n, nil
}

// CloseWrite lets net/http end a connection so that its last answer arrives.
func (c *replayed) CloseWrite() error {
	if conn, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return conn.CloseWrite()
	}
	return nil
}
