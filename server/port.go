package server

import (
	"net/http"
	"path"
	"strings"
)

// port is the one handler of HTTP: gRPC, then the server's own pages and other APIs,
// then REST.
type port struct {
	server *Server
	// admitted is route, behind what browsers ask before they send a page's request.
	admitted http.Handler
	streams  http.Handler // gRPC
	pages    *http.ServeMux
	takers   []taker
	rest     http.Handler
}

// taker is an API that takes requests to which no pattern leads.
type taker struct {
	takes   func(*http.Request) bool
	pattern string // the API's first, under which they count
	handler http.Handler
}

func (s *Server) newPort(rest http.Handler) *port {
	p := &port{server: s, pages: http.NewServeMux(), rest: rest}
	p.admitted = crossOrigin(s.cfg, http.HandlerFunc(p.route))
	p.streams = messageInTime(s.cfg, s.identifiedGRPC(s.grpc))
	p.pages.HandleFunc("GET /healthz", s.healthz)
	p.pages.HandleFunc("GET /readyz", s.readyz)
	for pattern, page := range s.cfg.Pages {
		p.pages.Handle(pattern, s.page(pattern, page))
	}
	for _, a := range s.cfg.APIs {
		entered := s.enteredBy(a)
		for pattern, handler := range entered {
			p.pages.Handle(pattern, handler)
		}
		if a.Takes != nil {
			p.takers = append(p.takers, taker{a.Takes, a.Patterns[0], entered[a.Patterns[0]]})
		}
	}
	return p
}

// ServeHTTP implements http.Handler. What a web page has no business to send goes no
// further.
func (p *port) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if state := tlsOf(r.Context()); state != nil {
		r.TLS = state // net/http knows only its own; the request is this handler's until others have it
	}
	if err := admit(r, p.server.cfg.Hosts, p.server.cfg.Origins); err != nil {
		p.server.turnAwayVisitor(w, r, err)
		return
	}
	p.admitted.ServeHTTP(w, r)
}

func (p *port) route(w http.ResponseWriter, r *http.Request) {
	if isGRPC(r) && p.server.streams[r.URL.Path] {
		p.streams.ServeHTTP(w, r)
		return
	}
	taken := patiently(p.server.cfg.AnswerTimeout, w)
	if isGRPC(r) {
		p.streams.ServeHTTP(taken, r)
		return
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	p.handler(r).ServeHTTP(taken, r)
}

// handler is who serves r, which is not gRPC.
func (p *port) handler(r *http.Request) http.Handler {
	if !isClean(r.URL.Path) {
		return p.rest
	}
	if page, pattern := p.pages.Handler(r); pattern != "" {
		r.Pattern = pattern
		return page
	}
	for _, t := range p.takers {
		if t.takes(r) {
			r.Pattern = t.pattern
			return t.handler
		}
	}
	return p.rest
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
