package server

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rs/cors"
)

// preflightAge is for how long a browser may keep what it has asked before a request.
const preflightAge = 10 * time.Minute

// exposed are the headers of answers that pages may read, beside those that they always
// may.
var exposed = []string{
	requestIDHeader, ownPrefix + "voice", ownPrefix + "ignored", ownPrefix + "seconds", ownPrefix + "unread",
	"Content-Length", "Content-Range", "Etag", "Location", "Range", "Retry-After", "Www-Authenticate",
	"X-Goog-Generation", "X-Goog-Hash", "X-Goog-Metageneration", "X-Goog-Storage-Class",
	"X-Goog-Stored-Content-Encoding", "X-Goog-Stored-Content-Length",
	"X-Guploader-Uploadid", "X-Http-Status-Code-Override",
}

// crossOrigin lets pages of the configured origins read answers, and answers browsers
// that ask before they send what a page of another origin wants. It stands before all
// that asks for credentials: browsers send none with their question.
func crossOrigin(cfg Config, next http.Handler) http.Handler {
	if len(cfg.Origins) == 0 {
		return next
	}
	pages := cors.New(cors.Options{
		AllowOriginFunc: func(origin string) bool { return isOne(cfg.Origins, origin) },
		AllowedMethods:  []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
		// Clients send many of their own; who is trusted may send any.
		AllowedHeaders: []string{"*"},
		ExposedHeaders: exposed,
		MaxAge:         int(preflightAge.Seconds()),
		// The server mostly is in one.
		AllowPrivateNetwork: true,
	}).Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isGRPC(r) { // which no page speaks
			next.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// isOne reports whether origin is one of origins, which are as browsers write them.
func isOne(origins []string, origin string) bool {
	return slices.Contains(origins, strings.ToLower(origin))
}
