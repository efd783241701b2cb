package server

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"google.golang.org/grpc"

	// A client may compress its gRPC messages; linking a compressor is the
	// library's only way to offer it.
	_ "google.golang.org/grpc/encoding/gzip"
)

// Server serves gRPC and REST on the listeners given to Serve. Its methods may
// be called from several goroutines. It is made by New and not used again after
// Close.
type Server struct {
	cfg    Config
	native *grpc.Server // of connections that bring gRPC only
	grpc   *grpc.Server // of calls that come through http
	http   *http.Server
	names  http.Handler // see methodOf

	conns   *connections
	answers *budget
	bodies  *budget
	codec   *codec
	streams map[string]bool // methods that are not unary, by "/package.Service/Method"

	draining chan struct{} // closed when Close begins
	stopOnce sync.Once
	stopped  chan struct{}
	stopErr  error
}

// New makes a server that is not yet listening. It fails when the gateway's
// routes do not fit together, or nothing says who may call what is served.
func New(cfg Config) (*Server, error) {
	s := &Server{cfg: cfg.withDefaults(), draining: make(chan struct{}), stopped: make(chan struct{})}
	if cfg.Register == nil {
		return nil, errors.New("server: Config.Register is nil")
	}
	s.answers = &budget{what: "The answers that other clients have not taken yet", limit: s.cfg.AnswerMemory, patience: s.cfg.AnswerPatience}
	s.bodies = &budget{what: "The bodies of other requests", limit: s.cfg.BodyMemory}
	s.conns = &connections{limit: s.cfg.MaxConnections, uploads: s.cfg.BodyMemory, largest: int64(s.cfg.MaxMessageBytes), log: s.cfg.Log, now: time.Now, open: map[*conn]bool{}}
	s.codec = newCodec(s.cfg.AnswerTimeout)
	// Two, because only connections of its own can be drained by a gRPC server.
	s.native, s.grpc = s.newServices(true, s.nativeOptions()...), s.newServices(false)

	s.streams = map[string]bool{}
	for name, service := range s.grpc.GetServiceInfo() {
		for _, m := range service.Methods {
			if m.IsClientStream || m.IsServerStream {
				s.streams["/"+name+"/"+m.Name] = true
			}
		}
	}

	if err := s.checkRoles(); err != nil {
		s.discard()
		return nil, err
	}
	direct := newDirect(s.cfg)
	s.cfg.Register(direct)
	rest, err := s.newREST(direct)
	if err == nil {
		s.names, err = newNames(s.cfg)
	}
	if err != nil {
		s.discard()
		return nil, err
	}
	s.http = &http.Server{
		Handler:           s.newPort(rest),
		Protocols:         new(http.Protocols),
		ConnContext:       withTLS,
		ConnState:         s.conns.state,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.cfg.Log.Handler(), slog.LevelWarn),
		// A peer that has vanished is noticed, so that nobody works for it.
		HTTP2: &http.HTTP2Config{SendPingTimeout: pingInterval, PingTimeout: pingTimeout},
	}
	s.http.Protocols.SetHTTP1(true)
	s.http.Protocols.SetUnencryptedHTTP2(true) // and beneath TLS, which is not net/http's
	return s, nil
}

// discard ends what New has begun.
func (s *Server) discard() {
	s.native.Stop()
	s.grpc.Stop()
}

// Serve accepts connections on l, which it closes, until ctx ends or Close is
// called, which is the same. It returns once running calls have ended; nil after an
// orderly end. It may be called for several listeners, which end together.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	release := context.AfterFunc(ctx, func() { _ = s.Close() })
	defer release()
	err := s.serve(counted{l, s.conns})
	if !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	<-s.stopped
	return s.stopErr
}

// Close stops accepting, lets running calls end, and cuts off those that have not
// ended when ShutdownTimeout is over; then it returns the reason. Every call
// returns after the first one's work is done.
func (s *Server) Close() error {
	s.stopOnce.Do(func() {
		close(s.draining)
		s.stopErr = s.shutdown()
		close(s.stopped)
	})
	<-s.stopped
	return s.stopErr
}

func (s *Server) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.ShutdownTimeout)
	defer cancel()
	native := make(chan error, 1)
	go func() { native <- s.drainNative(ctx) }()
	err := s.http.Shutdown(ctx)
	if err != nil {
		_ = s.http.Close() // what is left is cut off; its error says no more
	}
	if nativeErr := <-native; err == nil {
		err = nativeErr
	}
	// Not GracefulStop: calls that came through ServeHTTP cannot be drained by
	// the gRPC server, and the HTTP server has waited for them already.
	s.grpc.Stop()
	return err
}
