package server

import (
	"net/http"
	"path"
	"strings"
)

// route is the port's one handler: gRPC, then the server's own pages and other
// APIs, then REST.
func (s *Server) route(rest http.Handler) http.Handler {
	pages := http.NewServeMux()
	pages.HandleFunc("GET /healthz", s.healthz)
	pages.HandleFunc("GET /readyz", s.readyz)
	for pattern, page := range s.cfg.Pages {
		pages.Handle(pattern, s.page(pattern, page))
	}
	for _, a := range s.cfg.APIs {
		handler := s.guarded(a)
		for _, pattern := range a.Patterns {
			pages.Handle(pattern, handler)
		}
	}
	streams := messageInTime(s.cfg, s.identifiedGRPC(s.grpc))
	unary := patient(s.cfg.AnswerTimeout, streams)
	others := patient(s.cfg.AnswerTimeout, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if isClean(r.URL.Path) {
			if page, pattern := pages.Handler(r); pattern != "" {
				r.Pattern = pattern
				page.ServeHTTP(w, r)
				return
			}
		}
		rest.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !isGRPC(r):
			others.ServeHTTP(w, r)
		case s.streams[r.URL.Path]:
			streams.ServeHTTP(w, r)
		default:
			unary.ServeHTTP(w, r)
		}
	})
}

// isGRPC reports whether r is a native gRPC call.
func isGRPC(r *http.Request) bool {
	return r.ProtoMajor == 2 && isGRPCType(r.Header.Get("Content-Type"))
}

// isGRPCType reports whether contentType is gRPC's; gRPC-Web's is another.
func isGRPCType(contentType string) bool {
	subtype, ok := strings.CutPrefix(contentType, "application/grpc")
	return ok && (subtype == "" || subtype[0] == '+' || subtype[0] == ';')
}

// isClean reports whether http.ServeMux would take p as it is. It answers other
// paths with a redirect, in HTML, which no client of an API expects.
func isClean(p string) bool {
	clean := path.Clean(p)
	return p == clean || p == clean+"/"
}
