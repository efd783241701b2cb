package server

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/lectern/lectern/fault"
)

// exchange is what becomes known of a REST request on its way.
type exchange struct {
	code     codes.Code
	streamed *streamed // the answer's sound, until it is written
	// refuse writes errors in the form of another API than Google's; nil for that.
	refuse func(http.ResponseWriter, error)
}

type exchangeKey struct{}

func noteCode(ctx context.Context, code codes.Code) {
	if e, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		e.code = code
	}
}

// traced gives a REST request its id, its access line, and an answer even when
// something panics on the way. The line holds the path but not the query, which
// may hold a key. The answer has its share of the memory of answers until all of
// it is written.
func traced(cfg Config, answers *budget, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := requestID(r.Header.Get(requestIDHeader))
		seen := &exchange{}
		answer := &share{of: answers}
		ctx := withAnswer(context.WithValue(withRequestID(r.Context(), id), exchangeKey{}, seen), answer)
		r = r.WithContext(ctx)
		r.Header.Set(requestIDHeader, id) // the gateway forwards it
		// Nor are there trailers over REST, whatever a client would accept.
		r.Header.Del("TE")
		w.Header().Set(requestIDHeader, id)
		defer func() {
			yield(answer)
			p := recover()
			cut := p == http.ErrAbortHandler
			if p != nil && !cut {
				cfg.Log.LogAttrs(ctx, slog.LevelError, "panic", slog.String("path", r.URL.Path),
					slog.String("request_id", id), slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
				writeError(ctx, w, errorStatus(fmt.Errorf("panic: %v", p)))
			}
			attrs := []slog.Attr{slog.String("method", r.Method), slog.String("path", r.URL.Path),
				slog.String("code", fault.Code(seen.code).String()),
				slog.Duration("duration", time.Since(start)), slog.String("request_id", id)}
			cfg.Log.LogAttrs(ctx, slog.LevelInfo, "rest", append(attrs, ownAttrs(w.Header())...)...)
			if cut {
				panic(p) // net/http closes the connection
			}
		}()
		next.ServeHTTP(&streamingWriter{w, seen}, r)
	})
}
