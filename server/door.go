package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/fault"
)

// Whose a call is, is known from its headers alone, before its message or body is
// read; what its principal may do is looked at where its method is known.

// checkRoles reports whether everything that the server serves has a row in
// Config.Roles: what nobody has thought of is not served.
func (s *Server) checkRoles() error {
	if s.cfg.Authenticate == nil {
		return nil
	}
	var names []string
	for name, service := range s.grpc.GetServiceInfo() {
		for _, m := range service.Methods {
			names = append(names, name+"/"+m.Name)
		}
	}
	for _, a := range s.cfg.APIs {
		names = append(names, a.Patterns...)
	}
	for pattern := range s.cfg.Pages {
		names = append(names, pattern)
	}
	for _, name := range names {
		if _, ok := s.cfg.Roles[name]; !ok {
			return fmt.Errorf("server: Config.Roles does not say who may call %s", name)
		}
	}
	return nil
}

// identify is the principal of a call with these credentials.
func (c Config) identify(ctx context.Context, brought auth.Credentials) (auth.Principal, error) {
	p, err := c.Authenticate(ctx, brought)
	if err != nil {
		return auth.Principal{}, fault.From(err)
	}
	return p, nil
}

// open reports whether nobody is asked who calls a method.
func (c Config) open(method string) bool {
	role, known := c.Roles[method]
	return c.Authenticate == nil || known && role == auth.None
}

// permit is nil if the call's principal may call its method.
func (c Config) permit(ctx context.Context, seen *call) error {
	if c.open(seen.method) {
		return nil
	}
	if !seen.identified { // by a way in that does not ask: there is none
		return auth.Missing()
	}
	return c.allow(auth.From(ctx), seen.method, c.Roles[seen.method])
}

// allow is nil if p has a role. A method without a row is an admin's.
func (c Config) allow(p auth.Principal, method string, role auth.Role) error {
	if role == auth.None {
		role = auth.Admin
	}
	if p.Role >= role {
		return nil
	}
	return fault.New(fault.PermissionDenied, "The caller does not have permission: %s needs the role %s, and %s has the role %s.", method, role, p.Name, p.Role).For("IAM_PERMISSION_DENIED")
}

// identifies is the check that the principal of a request is known and has a role, that
// of Config.Roles for its path if there is one. Pages tell of everybody's calls, so that
// they are for who acts for all projects. scopes are those of an API. No check, where
// nobody is asked.
func (s *Server) identifies(role auth.Role, page bool, scopes func(*http.Request) []string) []check {
	cfg := s.cfg
	if cfg.Authenticate == nil || role == auth.None {
		return nil
	}
	return []check{func(c *call, w http.ResponseWriter, r *http.Request) (*http.Request, error) {
		brought := broughtHTTP(r)
		if scopes != nil {
			brought.Scopes = scopes(r)
		}
		p, err := cfg.identify(c, brought)
		if err == nil {
			c.identified, c.principal = true, p
			need := role
			if own, ok := cfg.Roles[r.URL.Path]; ok {
				need = own
			}
			err = cfg.allow(p, r.URL.Path, need)
			if page && err == nil && !p.In(auth.AllProjects) {
				err = fault.New(fault.PermissionDenied, "The caller does not have permission: %s tells of all projects, and %s acts for some.", r.URL.Path, p.Name).For("IAM_PERMISSION_DENIED")
			}
		}
		if err != nil {
			s.logRefusal(c, r.URL.Path, c.id, err)
			if r.ContentLength != 0 {
				// Nobody reads the body, nor takes it for the next request.
				w.Header().Set("Connection", "close")
			}
			return r, errorStatusOf(err, s.methodOf(r)).Err()
		}
		return r.WithContext(auth.With(c, p)), nil
	}}
}

// identifiedGRPC is identifies for gRPC through net/http, behind messageInTime.
func (s *Server) identifiedGRPC(next http.Handler) http.Handler {
	if s.cfg.Authenticate == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if s.cfg.open(strings.TrimPrefix(r.URL.Path, "/")) {
			next.ServeHTTP(w, r)
			return
		}
		arriving := callOf(ctx)
		p, err := s.cfg.identify(ctx, broughtHTTP(r))
		if err != nil {
			arriving.timer.Stop()
			writeTrailersOnly(w, s.turnAway(ctx, r.URL.Path, r.RemoteAddr, r.Header.Get(requestIDHeader), err))
			return
		}
		arriving.identified, arriving.principal = true, p
		next.ServeHTTP(w, r.WithContext(auth.With(ctx, p)))
	})
}

// identifyNative is identifies for gRPC's own transport. An error is the answer.
func (s *Server) identifyNative(ctx context.Context, path string, headers metadata.MD) (context.Context, *auth.Principal, error) {
	if s.cfg.open(strings.TrimPrefix(path, "/")) {
		return ctx, nil, nil
	}
	brought := auth.Credentials{Bearer: bearerOf(headers.Get("authorization")), APIKey: first(headers.Get(apiKeyHeader))}
	remote := ""
	if from, ok := peer.FromContext(ctx); ok {
		remote = from.Addr.String()
		if t, ok := from.AuthInfo.(credentials.TLSInfo); ok {
			brought.Certificate = verified(&t.State)
		}
	}
	p, err := s.cfg.identify(ctx, brought)
	if err != nil {
		return ctx, nil, s.turnAway(ctx, path, remote, first(headers.Get(requestIDHeader)), err).Err()
	}
	return auth.With(ctx, p), &p, nil
}

const apiKeyHeader = "x-goog-api-key"

// broughtHTTP is what a request brings. Tokens are taken from headers only: URLs
// are written down in too many places. API keys are where Google's clients put them.
func broughtHTTP(r *http.Request) auth.Credentials {
	c := auth.Credentials{Bearer: bearerOf(r.Header.Values("Authorization")), APIKey: first(r.Header.Values(apiKeyHeader)), Certificate: verified(r.TLS)}
	if c.APIKey == "" && r.URL.RawQuery != "" {
		// A ';' is data here, see plainQuery.
		query, _ := url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B"))
		if c.APIKey = query.Get("key"); c.APIKey == "" {
			c.APIKey = query.Get("$key")
		}
	}
	return c
}

// bearerOf is the token of authorization headers. Another scheme, or two headers,
// stay what they are: a token that nobody has issued.
func bearerOf(authorization []string) string {
	if len(authorization) != 1 {
		return strings.Join(authorization, ", ")
	}
	scheme, token, ok := strings.Cut(authorization[0], " ")
	if ok && strings.EqualFold(scheme, "bearer") {
		return strings.TrimSpace(token)
	}
	return authorization[0]
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// verified is the client's certificate, if TLS has verified it.
func verified(state *tls.ConnectionState) *x509.Certificate {
	if state == nil || len(state.VerifiedChains) == 0 {
		return nil
	}
	return state.VerifiedChains[0][0]
}

// turnAway tells all who want to know of a gRPC call whose principal is not known,
// and returns its answer.
func (s *Server) turnAway(ctx context.Context, path, remote, offered string, err error) *status.Status {
	method := strings.TrimPrefix(path, "/")
	if _, known := s.cfg.Roles[method]; !known {
		method = "" // whatever a stranger writes makes no name of a metric
	}
	st, id := errorStatusOf(err, method), requestID(offered)
	code := fault.Code(st.Code()).String()
	s.logRefusal(ctx, path, id, err)
	s.cfg.Log.LogAttrs(ctx, slog.LevelInfo, "grpc", slog.String("method", shortened(path)), slog.String("code", code), slog.String("request_id", id))
	s.cfg.Observe(method, code, 0)
	s.cfg.Record(Record{Time: time.Now(), Method: shortened(strings.TrimPrefix(path, "/")), Code: code, RequestID: id, Remote: remote})
	return st
}

// logRefusal logs why somebody is refused, which the answer does not say.
func (s *Server) logRefusal(ctx context.Context, path, id string, err error) {
	if cause := fault.From(err).Unwrap(); cause != nil {
		s.cfg.Log.LogAttrs(ctx, slog.LevelWarn, "credentials refused", slog.String("path", shortened(path)),
			slog.String("request_id", id), slog.String("cause", cause.Error()))
	}
}

// writeTrailersOnly answers a gRPC call with st and no message.
func writeTrailersOnly(w http.ResponseWriter, st *status.Status) {
	h := w.Header()
	h.Set("Content-Type", "application/grpc")
	h.Set("Grpc-Status", strconv.Itoa(int(st.Code())))
	h.Set("Grpc-Message", url.PathEscape(st.Message()))
	if len(st.Proto().GetDetails()) > 0 {
		if b, err := proto.Marshal(st.Proto()); err == nil {
			h.Set("Grpc-Status-Details-Bin", base64.RawStdEncoding.EncodeToString(b))
		}
	}
	w.WriteHeader(http.StatusOK)
}

// challenge is WWW-Authenticate for an answer with st; empty for none.
func challenge(st *status.Status) string {
	const realm = `Bearer realm="lectern"`
	switch reason := reasonOf(st); {
	case st.Code() == codes.Unauthenticated && reason == "CREDENTIALS_MISSING":
		return realm
	case st.Code() == codes.Unauthenticated:
		return realm + `, error="invalid_token"`
	case reason == "ACCESS_TOKEN_SCOPE_INSUFFICIENT":
		return realm + `, error="insufficient_scope", scope="https://www.googleapis.com/auth/cloud-platform"`
	}
	return ""
}

// shortened bounds what a stranger wrote for a log.
func shortened(s string) string {
	const most = 256
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
