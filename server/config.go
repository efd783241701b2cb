package server

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net/http"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/auth"
)

// Config is what a Server is made of. Zero values of limits mean their
// defaults; Register is required.
type Config struct {
	// Log takes the access lines and the causes of errors. Default: discard.
	Log *slog.Logger

	// Register adds the gRPC services. It is called once for each way in: gRPC,
	// gRPC through net/http, and REST.
	Register func(grpc.ServiceRegistrar)
	// Gateway adds the REST routes to mux; their handlers call conn. It is
	// called more than once, for one mux per form of JSON. Nil: no REST.
	Gateway func(ctx context.Context, mux *runtime.ServeMux, conn grpc.ClientConnInterface) error
	// Forward are the headers of REST requests, in lower case, that the services read
	// in a call's metadata. The API key and the request id are forwarded without.
	Forward []string
	// Unary and Stream are interceptors around the handlers, first is outermost,
	// inside the server's own. They may return a fault.Error.
	Unary  []grpc.UnaryServerInterceptor
	Stream []grpc.StreamServerInterceptor
	// Pages are further handlers by http.ServeMux pattern, such as "GET /metrics";
	// whatever they do not match goes to the gateway.
	Pages map[string]http.Handler

	// Observe is told of every call when it has ended, but for those of pages: the
	// method of gRPC, package.Service/Method, or the pattern of the API that it
	// reached, empty if none, and the code's name. Nil: nobody is told.
	Observe func(method, code string, took time.Duration)

	// Authenticate says whose a call is by what it brings, as an auth.Authenticator
	// does. It is asked before anything but the headers of a call is read. Nil:
	// nobody is asked, and everybody is auth.Anonymous.
	Authenticate func(context.Context, auth.Credentials) (auth.Principal, error)
	// Roles are the least that callers need: by method of gRPC,
	// package.Service/Method, by path of HTTP, or by the pattern that leads to an API
	// or a page; auth.None where nobody is asked. Pages tell of all projects, and are
	// for who acts for all. With Authenticate each method and pattern must have one.
	Roles map[string]auth.Role
	// Record is told of every call when it has ended, also of those that were turned
	// away; not of those that got to look at operations or voices, or of health and of
	// pages that are open. It must be quick.
	// Nil: nobody is told.
	Record func(Record)

	// APIs are further APIs of HTTP, which come before the gateway.
	APIs []API

	// Hosts are the only names, in small letters and without ports, by which REST
	// clients may call the server; one that begins with *. stands for all names
	// below it. None: any name.
	Hosts []string
	// Origins are those of the web pages of other sites that may use the server, as
	// browsers write them in small letters: https://app.example. None: no page may.
	Origins []string

	// Ready says why the server should get no traffic, or nil. It backs
	// /readyz and the gRPC health service and must be quick. Nil: always ready.
	Ready func(context.Context) error

	// ReadyInterval is how often Ready is asked for those who watch. Default 2 s.
	ReadyInterval time.Duration

	// TLS, with a certificate, makes Serve speak TLS instead of plaintext. What was
	// verified of a client's certificate is where handlers expect it: the peer's
	// AuthInfo, the request's TLS.
	TLS *tls.Config

	// MaxMessageBytes bounds one received gRPC message, after decompression.
	// Default 4 MiB.
	MaxMessageBytes int
	// MaxBodyBytes bounds a REST body, before and after decompression.
	// Default 4 MiB.
	MaxBodyBytes int64
	// VerbBytes are lower bounds for the bodies of some methods, by the verb that ends
	// their path, such as synthesize.
	VerbBytes map[string]int64
	// BodyMemory bounds the memory of all REST bodies under way together, in
	// bytes; beyond it calls are refused. It bounds that of all messages of native
	// gRPC too; beyond it the connection with the most is closed. Default 64 MiB.
	BodyMemory int64
	// MaxConnections bounds the open connections; the longest idle one is closed
	// for a new one. Default 1024.
	MaxConnections int
	// BodyTimeout bounds how long a REST body, or the first message of a gRPC
	// call, may take to arrive. Default 1 min.
	BodyTimeout time.Duration
	// BodyRate is how many bytes of a REST body must arrive in a second, on
	// average, after BodyGrace. Defaults 1 KiB and 5 s.
	BodyRate  int64
	BodyGrace time.Duration
	// AnswerMemory bounds the memory of all large answers together, from when they
	// are reserved or made until the clients have taken them, in bytes. Beyond it
	// calls wait for AnswerPatience and are then refused. It must hold the largest
	// answer. Defaults 128 MiB and 10 s.
	AnswerMemory   int64
	AnswerPatience time.Duration
	// AnswerTimeout is how long a client may take nothing of an answer that is
	// there. Default 30 s.
	AnswerTimeout time.Duration
	// UnaryTimeout and StreamTimeout are the deadlines of calls that come
	// without one. Defaults 5 min and 30 min; negative: none.
	UnaryTimeout, StreamTimeout time.Duration
	// ShutdownTimeout is how long running calls may take to end. Default 10 s.
	ShutdownTimeout time.Duration
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Observe == nil {
		c.Observe = func(string, string, time.Duration) {}
	}
	if c.Record == nil {
		c.Record = func(Record) {}
	}
	if c.Ready == nil {
		c.Ready = func(context.Context) error { return nil }
	}
	orDefault(&c.ReadyInterval, 2*time.Second)
	orDefault(&c.MaxMessageBytes, 4<<20)
	orDefault(&c.MaxBodyBytes, 4<<20)
	orDefault(&c.BodyMemory, 64<<20)
	orDefault(&c.AnswerMemory, 128<<20)
	orDefault(&c.AnswerPatience, 10*time.Second)
	orDefault(&c.AnswerTimeout, 30*time.Second)
	orDefault(&c.MaxConnections, 1024)
	orDefault(&c.BodyTimeout, time.Minute)
	orDefault(&c.BodyRate, 1<<10)
	orDefault(&c.BodyGrace, 5*time.Second)
	orDefault(&c.UnaryTimeout, 5*time.Minute)
	orDefault(&c.StreamTimeout, 30*time.Minute)
	orDefault(&c.ShutdownTimeout, 10*time.Second)
	return c
}

func orDefault[T comparable](value *T, fallback T) {
	var zero T
	if *value == zero {
		*value = fallback
	}
}
