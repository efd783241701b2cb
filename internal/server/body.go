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

// boundedBody reads the whole body before the call, within the configured size
// and time, decompressed. Reading to the end is also what lets net/http notice
// a client that goes away, and end the request's context.
func boundedBody(cfg Config, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body == nil || r.Body == http.NoBody {
			next.ServeHTTP(w, r)
			return
		}
		control := http.NewResponseController(w)
		_ = control.SetReadDeadline(time.Now().Add(cfg.BodyTimeout))
		body, err := readBody(r, cfg.MaxBodyBytes)
		if err != nil {
			w.Header().Set("Connection", "close")
			writeError(r.Context(), w, errorStatus(err))
			return
		}
		_ = control.SetReadDeadline(time.Time{})
		r2 := *r
		r2.Body = io.NopCloser(bytes.NewReader(body))
		r2.ContentLength = int64(len(body))
		next.ServeHTTP(w, &r2)
	})
}

func readBody(r *http.Request, limit int64) ([]byte, error) {
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	// One byte beyond the limit tells "too large" from "just fits".
	raw := &io.LimitedReader{R: r.Body, N: limit + 1}
	var src io.Reader = raw
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
		src = &io.LimitedReader{R: unzipped, N: limit + 1}
	default:
		return nil, fault.New(fault.InvalidArgument, "The body has Content-Encoding %q; send it plain or as gzip.", encoding)
	}
	var body bytes.Buffer
	if r.ContentLength > 0 && src == io.Reader(raw) {
		body.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	n, err := body.ReadFrom(src)
	switch {
	case n > limit || raw.N <= 0:
		return nil, tooLarge(limit)
	case err != nil:
		return nil, unreadable(err)
	}
	return body.Bytes(), nil
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
