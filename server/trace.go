package server

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/lectern/lectern/fault"
)

// traced gives a REST request its id, its access line, and an answer even when
// something panics on the way. The line holds the path but not the query, which
// may hold a key. The answer has its share of the memory of answers until all of
// it is written.
func traced(cfg Config, answers *budget, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := requestID(r.Header.Get(requestIDHeader))
		ctx := &call{Context: r.Context(), id: id, answer: share{of: answers}, rest: true, remote: r.RemoteAddr}
		r = r.WithContext(ctx)
		r.Header.Set(requestIDHeader, id) // the gateway forwards it
		// Nor are there trailers over REST, whatever a client would accept.
		r.Header.Del("TE")
		w.Header().Set(requestIDHeader, id)
		defer func() {
			yield(&ctx.answer)
			p := recover()
			cut := p == any(http.ErrAbortHandler)
			if p != nil && !cut {
				cfg.Log.LogAttrs(ctx, slog.LevelError, "panic", slog.String("path", r.URL.Path),
					slog.String("request_id", id), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
				writeError(ctx, w, errorStatus(fmt.Errorf("panic: %v", p)))
			}
			attrs := []slog.Attr{slog.String("method", r.Method), slog.String("path", r.URL.Path),
				slog.String("code", fault.Code(ctx.code).String()),
				slog.Duration("duration", time.Since(start)), slog.String("request_id", id)}
			cfg.Log.LogAttrs(ctx, slog.LevelInfo, "rest", append(attrs, ownAttrs(w.Header())...)...)
			cfg.Observe(ctx.method, fault.Code(ctx.code).String(), time.Since(start))
			cfg.record(ctx, recorded(ctx.method, r.URL.Path), ctx.remote, fault.Code(ctx.code).String(), start)
			if cut {
				panic(p) // net/http closes the connection
			}
		}()
		next.ServeHTTP(&streamingWriter{w, ctx}, r)
	})
}
