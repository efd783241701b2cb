package server

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/lectern/lectern/fault"
)

// check is something that must hold of a request before it is served. It returns the
// request as those behind it shall see it, or why it is refused: a fault or a status.
// What it takes it gives back when the call is over ([call.whenOver]).
type check func(c *call, w http.ResponseWriter, r *http.Request) (*http.Request, error)

// entry is a way into the server over HTTP: Google's REST, another API, a page.
type entry struct {
	checks []check // in their order
	// serve is who serves a request that has passed the checks.
	serve func(c *call, r *http.Request) http.Handler
}

// entered is the handler of an entry. It gives a request its id, its access line, and
// an answer even when something panics on the way.
func (s *Server) entered(e entry) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := s.begin(w, r)
		defer s.over(c, w, r)
		r = r.WithContext(c)
		for _, holds := range e.checks {
			var err error
			if r, err = holds(c, w, r); err != nil {
				writeError(c, w, errorStatus(err))
				return
			}
		}
		e.serve(c, r).ServeHTTP(&streamingWriter{w, c}, r)
	})
}

// begin makes the call of a request.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) *call {
	c := &call{
		Context: r.Context(), began: time.Now(), id: requestID(r.Header.Get(requestIDHeader)),
		answer: share{of: s.answers}, body: share{of: s.bodies}, rest: true, remote: r.RemoteAddr,
	}
	r.Header.Set(requestIDHeader, c.id) // the gateway forwards it
	// Nor are there trailers over REST, whatever a client would accept.
	r.Header.Del("TE")
	w.Header().Set(requestIDHeader, c.id)
	return c
}

// over ends a call. It is deferred: a panic ends here, unless it cuts the connection.
// The access line holds the path but not the query, which may hold a key.
func (s *Server) over(c *call, w http.ResponseWriter, r *http.Request) {
	for _, end := range c.ends {
		end()
	}
	c.body.release()
	yield(&c.answer)
	p := recover()
	cut := p == any(http.ErrAbortHandler)
	if p != nil && !cut {
		s.cfg.Log.LogAttrs(c, slog.LevelError, "panic", slog.String("path", r.URL.Path),
			slog.String("request_id", c.id), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
		writeError(c, w, errorStatus(fmt.Errorf("panic: %v", p)))
	}
	code, took := fault.Code(c.code).String(), time.Since(c.began)
	level := accessLevel(c.method, code)
	attrs := []slog.Attr{slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.String("code", code),
		slog.Duration("duration", took), slog.String("request_id", c.id)}
	s.cfg.Log.LogAttrs(c, level, "rest", append(attrs, ownAttrs(w.Header())...)...)
	s.cfg.Observe(c.method, code, took)
	s.cfg.record(c, cmp.Or(c.does, recorded(c.method, r.URL.Path)), c.remote, code, c.began)
	if cut {
		panic(p) // net/http closes the connection
	}
}
