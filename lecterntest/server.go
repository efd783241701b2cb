package lecterntest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/lectern/lectern"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/sqlite"
)

// Server is a running server. Its methods may be called by many goroutines at once.
type Server struct {
	tb        testing.TB // nil outside of a test
	server    *lectern.Server
	conn      *grpc.ClientConn
	store     *sqlite.Store
	dir       string
	retention time.Duration
	faults    faults

	stop context.CancelFunc
	ran  chan error
}

// NewServer runs a server until the test and its cleanups so far have ended. What goes
// wrong fails the test, at the end too.
func NewServer(tb testing.TB, options ...Option) *Server {
	tb.Helper()
	s, err := Start(tb.Context(), options...)
	if err != nil {
		tb.Fatalf("lecterntest: %v", err)
	}
	s.tb = tb
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Errorf("lecterntest: %v", err)
		}
	})
	return s
}

// Start is NewServer for a program that is no test, such as an example: it closes the
// server itself. ctx is for the start alone.
func Start(ctx context.Context, options ...Option) (*Server, error) {
	made := settings{clock: time.Now}
	for _, o := range options {
		o(&made)
	}
	dir, err := os.MkdirTemp("", "lecterntest-")
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, ran: make(chan error, 1)}
	if err := s.start(ctx, &made); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, made *settings) (err error) {
	c := lectern.Config{
		Listen: "127.0.0.1:0",
		OpenStore: func(ctx context.Context) (driver.Store, error) {
			store, err := sqlite.OpenTemporary(ctx, s.dir, made.clock, slog.New(slog.DiscardHandler))
			if err != nil {
				return nil, err
			}
			s.store = store
			return store, nil
		},
		OpenBuckets: func(context.Context) (*bucket.Store, error) {
			all, err := file.OpenOn(s.dir, func(files file.Files) file.Files { return hastyFiles{files} })
			if err != nil {
				return nil, err
			}
			return bucket.New(bucket.Config{All: all, Scratch: all.Scratch()}), nil
		},
	}
	if err := made.apply(&c); err != nil {
		return err
	}
	s.retention = c.Retention
	c.Engines = s.faults.among(c.Engines)
	c.Server.Unary = append(c.Server.Unary, s.faults.unary)
	c.Server.Stream = append(c.Server.Stream, s.faults.stream)
	if s.server, err = lectern.New(ctx, c); err != nil {
		return err
	}
	s.conn, err = grpc.NewClient(s.Addr(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return errors.Join(err, s.server.Close())
	}
	running, stop := context.WithCancel(context.Background())
	s.stop = stop
	go func() { s.ran <- s.server.Run(running) }()
	return nil
}

// Close ends the server, with all that is under way, and removes what it has kept. It
// is called once; NewServer's test does.
func (s *Server) Close() error {
	s.faults.end()
	err := s.conn.Close()
	s.stop()
	return errors.Join(err, <-s.ran, s.server.Close(), os.RemoveAll(s.dir))
}

// Addr is the server's address, HOST:PORT, for gRPC without TLS.
func (s *Server) Addr() string { return s.server.Addr().String() }

// URL is the server's address for REST, http://HOST:PORT.
func (s *Server) URL() string { return "http://" + s.Addr() }

// Conn is a connection to the server, for clients of gRPC and for Google's with
// option.WithGRPCConn. It is the server's, which closes it.
func (s *Server) Conn() *grpc.ClientConn { return s.conn }

// Object is what gs://BUCKET/OBJECT holds, nil when there is no such object: a long
// operation's shows whole, or not at all.
func (s *Server) Object(uri string) []byte {
	object, err := bucket.ParseURI(uri)
	if err != nil {
		s.fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(s.dir, "buckets", object.Bucket, filepath.FromSlash(object.Name)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.fatal(err)
	}
	return content
}

// Expire removes the operations whose time is over by the server's clock, as a server
// does each minute.
func (s *Server) Expire(ctx context.Context) error {
	for {
		if n, err := s.store.Expire(ctx, s.retention, expireBatch); err != nil || n == 0 {
			return err
		}
	}
}

// expireBatch is how many operations are removed in one transaction.
const expireBatch = 1000

// fatal ends the test for what only a mistake in it can bring about.
func (s *Server) fatal(err error) {
	if s.tb == nil {
		panic(fmt.Sprintf("lecterntest: %v", err))
	}
	s.tb.Helper()
	s.tb.Fatalf("lecterntest: %v", err)
}
