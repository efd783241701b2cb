package lectern

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/internal/installed"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/server"
)

// Server is a server. [New] makes one that answers; it works on long operations, and
// listens, while [Server.Run] runs. Its methods may be called by many goroutines at
// once.
type Server struct {
	config     Config
	engines    *engine.Engine
	operations *lro.Manager
	port       *server.Server
	home       *homeAssistant
	used       *quota.Quota
	listeners  []net.Listener
	data       string

	keepReserve func()

	opened []opened // in their order

	life    context.Context // which Close ends
	end     context.CancelCauseFunc
	mu      sync.Mutex
	ran     bool
	running sync.WaitGroup // of Run
}

// opened is a part that is to be closed.
type opened struct {
	what  string
	close func() error
}

// ErrClosed is the reason for which a Server ends that Close has ended.
var ErrClosed = errors.New("lectern: the server is closed")

func (s *Server) closing(what string, closer func() error) {
	s.opened = append(s.opened, opened{what, closer})
}

// Addr is the address of the first listener, nil when there is none.
func (s *Server) Addr() net.Addr {
	if len(s.listeners) == 0 {
		return nil
	}
	return s.listeners[0].Addr()
}

// WyomingAddr is where Home Assistant's protocol is served, nil when it is not.
func (s *Server) WyomingAddr() net.Addr {
	if s.home == nil {
		return nil
	}
	return s.home.listener.Addr()
}

// Data is the directory of the operations, the given or the temporary one.
func (s *Server) Data() string { return s.data }

// Voices are those that can be asked for now.
func (s *Server) Voices() *voices.Catalogue { return s.engines.Catalogue() }

// Handler serves what a listener of the server's own would, for an HTTP server of the
// program's: REST, pages, and gRPC if that server takes HTTP/2. Limits of connections
// are that server's.
func (s *Server) Handler() http.Handler { return s.port.Handler() }

// Register adds the services to a gRPC server of the program's, before that serves.
// Calls pass the guards of this one; limits of connections and messages are those of
// that server.
func (s *Server) Register(g grpc.ServiceRegistrar) { s.port.Register(g) }

// Run serves the listeners and works on long operations until ctx ends or Close is
// called, and lets calls under way end then; work is handed back and goes on in
// another life. It returns nil then, and otherwise why it cannot go on. It is called
// once.
func (s *Server) Run(ctx context.Context) error {
	s.mu.Lock()
	switch {
	case s.life.Err() != nil:
		s.mu.Unlock()
		return ErrClosed
	case s.ran:
		s.mu.Unlock()
		return errors.New("lectern: Run was called before")
	}
	s.ran = true
	s.running.Add(1)
	s.mu.Unlock()
	defer s.running.Done()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	log := s.config.Log
	log.Info("serving", "addresses", s.addresses(), "data", s.data, "slots", s.config.Slots, "voices", len(s.Voices().List("")))
	err := together(ctx, log, s.serve, s.operations.Run, append([]func(context.Context) error{s.followVoices, s.home.serve, s.used.Run, s.reserveRoom}, s.config.Parts...)...)
	if err == nil {
		log.Info("stopped")
	}
	return err
}

// Close ends Run, waits for it and so for calls of the server's own listeners, and
// closes what New has opened. Calls by Handler and Register must have ended before:
// they are the program's servers', which know them. Further calls of Close do nothing.
func (s *Server) Close() error {
	s.mu.Lock()
	ended := s.life.Err() != nil
	s.end(ErrClosed)
	s.mu.Unlock()
	s.running.Wait()
	if ended {
		return nil
	}
	var problems []error
	if s.port != nil && !s.ran { // else Run has told how calls have ended
		problems = append(problems, s.port.Close())
	}
	for _, l := range s.listeners {
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			problems = append(problems, err)
		}
	}
	if err := s.home.close(); err != nil && !errors.Is(err, net.ErrClosed) {
		problems = append(problems, err)
	}
	for _, part := range slices.Backward(s.opened) {
		if err := part.close(); err != nil {
			problems = append(problems, fmt.Errorf("closing the %s: %w", part.what, err))
		}
	}
	return errors.Join(problems...)
}

// listen opens what the configuration says.
func (s *Server) listen() error {
	s.listeners = slices.Clone(s.config.Listeners)
	if s.config.Listen == "" {
		return nil
	}
	l, err := net.Listen("tcp", s.config.Listen)
	if err != nil {
		return fmt.Errorf("cannot listen on %s: %w; another program may use the port: choose another", s.config.Listen, err)
	}
	s.listeners = slices.Insert(s.listeners, 0, l)
	return nil
}

func (s *Server) addresses() []string {
	all := []string{}
	for _, l := range s.listeners {
		all = append(all, l.Addr().String())
	}
	return all
}

// serve serves the listeners until ctx ends or one of them fails, and lets calls end.
func (s *Server) serve(ctx context.Context) error {
	all, ctx := errgroup.WithContext(ctx)
	for _, l := range s.listeners {
		all.Go(func() error { return s.port.Serve(ctx, l) })
	}
	all.Go(func() error { // also where there is no listener
		<-ctx.Done()
		return s.port.Close()
	})
	return all.Wait()
}

// reserveRoom writes the reserve, for which no first answer waits.
func (s *Server) reserveRoom(context.Context) error {
	s.keepReserve()
	return nil
}

// followVoices finds what is installed meanwhile, if the engines are those of the
// machine.
func (s *Server) followVoices(ctx context.Context) error {
	if s.config.Engines != nil {
		return nil
	}
	return installed.NewFollower(s.config.places(), s.engines).Run(ctx)
}
