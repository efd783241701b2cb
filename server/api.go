package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"google.golang.org/grpc/codes"

	"github.com/lectern/lectern/fault"
)

// API is an API of HTTP beside Google's. Its requests are guarded as those of REST
// are: request id, access line, panics, a whole and bounded body, a client that
// takes nothing; its deadline is that of streams.
type API struct {
	// Patterns are those of http.ServeMux that lead to it.
	Patterns []string
	// Takes, when not nil, tells of further requests that are the API's: of those that
	// lead to no page and no pattern, before the gateway. Their paths are clean. They
	// count as those of the first pattern, and need the same role.
	Takes func(r *http.Request) bool
	// Named, when not nil, is what a request asks for, and of what, for Config.Record: known
	// from its line, so also of who is refused. nil: its path.
	Named func(r *http.Request) (method, resource string)
	// Streams says that bodies are of any size, and come while Serve reads them, at
	// the pace that all bodies must have; and that a call may take as long as its
	// client goes on.
	Streams bool
	// Scopes, when not nil, are those that a token which carries scopes may have for a
	// request, beside auth.CloudPlatform.
	Scopes func(r *http.Request) []string
	// Serve answers a request. It returns errors instead of writing them: before the
	// answer's first byte they are refused, after it the connection is cut, so
	// that nobody takes a part for the whole. r's context ends with the client.
	Serve func(w http.ResponseWriter, r *http.Request) error
	// Refuse answers with an error, one of Serve's or a *fault.Error of the
	// server's, in the API's own form.
	Refuse func(w http.ResponseWriter, err error)
}

// enteredBy are the handlers of an API by the patterns that lead to it.
func (s *Server) enteredBy(a API) map[string]http.Handler {
	body, timeout := s.wholeBody, s.cfg.StreamTimeout
	if a.Streams {
		body, timeout = s.pacedBody, -1
	}
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := withDeadline(r.Context(), timeout)
		defer cancel()
		answer := &begun{ResponseWriter: w}
		if err := a.Serve(answer, r.WithContext(ctx)); err != nil {
			s.fail(ctx, a, answer, r.URL.Path, err)
		}
	})
	entered := map[string]http.Handler{}
	for _, pattern := range a.Patterns {
		known := func(c *call, _ http.ResponseWriter, r *http.Request) (*http.Request, error) {
			c.refuse, c.method = a.Refuse, pattern
			if a.Named != nil {
				c.does, c.resource = a.Named(r)
			}
			return r, nil
		}
		checks := append([]check{known}, s.identifies(s.cfg.Roles[pattern], false, a.Scopes)...)
		entered[pattern] = s.entered(entry{append(checks, body), func(*call, *http.Request) http.Handler { return serve }})
	}
	return entered
}

// page is the handler of a page, with who may see it.
func (s *Server) page(pattern string, handler http.Handler) http.Handler {
	checks := s.identifies(s.cfg.Roles[pattern], true, nil)
	if len(checks) == 0 {
		return handler
	}
	return s.entered(entry{checks, func(*call, *http.Request) http.Handler { return handler }})
}

// fail tells an error of a call to the client and, what it must not see, the log.
func (s *Server) fail(ctx context.Context, a API, answer *begun, path string, err error) {
	code := errorStatus(err).Code()
	noteCode(ctx, code)
	cause := err
	if f, ok := errors.AsType[*fault.Error](err); ok {
		cause = f.Unwrap()
	}
	if serversFault(code) || cause != nil && ctx.Err() == nil && code != codes.Canceled {
		s.cfg.Log.LogAttrs(ctx, slog.LevelError, "call failed", slog.String("path", path),
			slog.String("code", fault.Code(code).String()), slog.String("request_id", idOf(ctx)), slog.Any("cause", cause))
	}
	if answer.has {
		panic(http.ErrAbortHandler)
	}
	a.Refuse(answer, err)
}

// begun is an answer that knows whether anything of it has been written.
type begun struct {
	http.ResponseWriter
	has bool
}

func (b *begun) WriteHeader(code int) {
	b.has = true
	b.ResponseWriter.WriteHeader(code)
}

func (b *begun) Write(p []byte) (int, error) {
	b.has = true
	return b.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (b *begun) Unwrap() http.ResponseWriter { return b.ResponseWriter }
