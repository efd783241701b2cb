package server

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/lectern/lectern/fault"
)

// firstBody is the room that a body gets before any of it has come, at most:
// what a client announces costs it nothing.
const firstBody = 64 << 10

// wholeBody is the check of a body that is read before the call, within the configured
// size and time, decompressed. Reading to the end is also what lets net/http notice a
// client that goes away, and end the request's context. The body counts towards the
// memory of all bodies until the call is over.
func (s *Server) wholeBody(c *call, w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return r, nil
	}
	control := http.NewResponseController(w)
	body, err := readBody(r, newPace(s.cfg, r.Body, control.SetReadDeadline), s.cfg.bodyBytes(r.URL.Path), &c.body)
	if err != nil {
		w.Header().Set("Connection", "close")
		return r, err
	}
	_ = control.SetReadDeadline(time.Time{})
	r.Body, r.ContentLength = &received{*bytes.NewReader(body), body}, int64(len(body))
	return r, nil
}

// bodyBytes bounds the body of a request for a path.
func (c Config) bodyBytes(path string) int64 {
	if bound, ok := c.VerbBytes[path[strings.LastIndexByte(path, ':')+1:]]; ok {
		return min(bound, c.MaxBodyBytes)
	}
	return c.MaxBodyBytes
}

// pacedBody is the check of a body that its call reads as it comes, of any size,
// decompressed. A sender that does not keep up ends it.
func (s *Server) pacedBody(c *call, w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return r, nil
	}
	control := http.NewResponseController(w)
	paced := newPace(s.cfg, r.Body, control.SetReadDeadline)
	paced.latest = time.Now().AddDate(1, 0, 0)
	c.whenOver(func() { _ = control.SetReadDeadline(time.Time{}) })
	switch encoding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding"))); encoding {
	case "", "identity":
		r.Body = &arriving{Reader: paced, Closer: r.Body}
	case "gzip", "x-gzip":
		r.Body, r.ContentLength = &arriving{Reader: &unzipped{from: paced}, Closer: r.Body}, -1
	default:
		w.Header().Set("Connection", "close")
		return r, fault.New(fault.InvalidArgument, "The body has Content-Encoding %q; send it plain or as gzip.", encoding)
	}
	return r, nil
}

// arriving is a body that is read while it comes. Its errors are faults.
type arriving struct {
	io.Reader
	io.Closer
}

func (a *arriving) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = unreadable(err)
	}
	return n, err
}

// unzipped is what a body of gzip holds, empty if it has no byte.
type unzipped struct {
	from io.Reader
	zip  *gzip.Reader
}

func (u *unzipped) Read(p []byte) (n int, err error) {
	if u.zip == nil {
		if u.zip, err = gzip.NewReader(u.from); err != nil {
			return 0, err
		}
	}
	return u.zip.Read(p)
}

// received is a body that has arrived.
type received struct {
	bytes.Reader
	whole []byte
}

func (*received) Close() error { return nil }

// Whole spares a decoder another copy.
func (r *received) Whole() []byte { return r.whole }

func readBody(r *http.Request, from io.Reader, limit int64, held *share) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	// One byte beyond the limit tells "too large" from "just fits".
	raw := &io.LimitedReader{R: from, N: limit + 1}
	var src io.Reader = raw
	length := r.ContentLength
	encoding := strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding")))
	switch encoding {
	case "", "identity":
	case "gzip", "x-gzip":
		// A client that names gzip and sends nothing means an empty body.
		if r.ContentLength == 0 {
			return nil, nil
		}
		unzipped, err := gzip.NewReader(raw)
		if err != nil {
			return nil, unreadable(err)
		}
		src, length = &io.LimitedReader{R: unzipped, N: limit + 1}, -1
	default:
		return nil, fault.New(fault.InvalidArgument, "The body has Content-Encoding %q; send it plain or as gzip.", encoding)
	}
	body, err := gather(src, length, held)
	var refused *fault.Error
	switch {
	case int64(len(body)) > limit || raw.N <= 0:
		return nil, tooLarge(limit)
	case errors.As(err, &refused):
		return nil, err
	case err != nil:
		return nil, unreadable(err)
	}
	return body, nil
}

// gather reads src to its end into memory that grows with what comes, and is
// counted as held. length is what was announced, -1 for nothing.
func gather(src io.Reader, length int64, held *share) ([]byte, error) {
	if length < 0 {
		length = int64(^uint64(0)>>1) - 1
	}
	// One byte more than is announced, to see the end without growing.
	room := min(firstBody, length+1)
	var body []byte
	for {
		if err := held.resize(room); err != nil {
			return body, err
		}
		grown := make([]byte, len(body), room)
		copy(grown, body)
		for body = grown; len(body) < cap(body); {
			n, err := src.Read(body[len(body):cap(body)])
			body = body[:len(body)+n]
			if err == io.EOF {
				return body, nil
			}
			if err != nil {
				return body, err
			}
		}
		room = max(min(2*room, length+1), room+bytes.MinRead)
	}
}

func tooLarge(limit int64) error {
	return fault.New(fault.InvalidArgument, "Request payload size exceeds the limit: %d bytes.", limit)
}

func unreadable(cause error) error {
	if errors.Is(cause, os.ErrDeadlineExceeded) {
		return fault.New(fault.DeadlineExceeded, "The body of the request did not arrive in time.").Because(cause)
	}
	return fault.New(fault.InvalidArgument, "The body of the request could not be read; check its length and Content-Encoding.").Because(cause)
}
