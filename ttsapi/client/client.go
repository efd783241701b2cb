// Package client speaks to a Lectern server, or to any other of Google's
// Text-to-Speech API without credentials or by an API key, and hides the messages:
// what goes in and comes out is Lectern's own nouns.
//
// [Dial] makes a [Client]. [Client.Voices] and [Client.Speak] answer at once, [Client.Stream] while it is spoken;
// [Client.StartLong] starts an operation, for which the other methods ask.
//
// Errors are *fault.Error with the code, sentence, field and place that the
// server told. A server that cannot be reached is UNAVAILABLE, with a sentence
// that says what to do. When ctx ends, methods return CANCELLED or
// DEADLINE_EXCEEDED; ctx.Err tells whether it was the caller's own doing.
//
// A Client is safe for concurrent use.
package client

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/lectern/lectern/fault"
)

// dialTimeout is how long a server has to take the connection.
const dialTimeout = 10 * time.Second

// reconnect makes a server that was restarted found again within seconds.
var reconnect = backoff.Config{BaseDelay: 250 * time.Millisecond, Multiplier: 1.5, Jitter: 0.2, MaxDelay: 2 * time.Second}

// key is an API key as credentials of calls.
type key string

const keyHeader = "x-goog-api-key"

// GetRequestMetadata implements credentials.PerRPCCredentials.
func (k key) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{keyHeader: string(k)}, nil
}

// RequireTransportSecurity implements credentials.PerRPCCredentials. Clients speak
// plain text to servers of this machine; beyond it a server has TLS.
func (key) RequireTransportSecurity() bool { return false }

// Client is one connection to one server. Close it when done.
type Client struct {
	address    string
	secure     bool        // the connection has TLS
	tls        *tls.Config // nil for what the system trusts
	key        key
	conn       *grpc.ClientConn
	http       *http.Client
	speech     ttspb.TextToSpeechClient
	long       ttspb.TextToSpeechLongAudioSynthesizeClient
	operations longrunningpb.OperationsClient
}

// Option is how a server is spoken to.
type Option func(*grpcOptions)

type grpcOptions struct {
	tls *tls.Config
	key key
}

// WithTLS has servers of https:// be trusted as config says, instead of as the
// system does.
func WithTLS(config *tls.Config) Option { return func(o *grpcOptions) { o.tls = config } }

// WithKey has an API key go with every call, none if it is empty: for servers that ask
// for credentials.
func WithKey(apiKey string) Option { return func(o *grpcOptions) { o.key = key(apiKey) } }

// Dial connects to server, in plain text to "HOST:PORT" or "http://HOST:PORT", with
// TLS to "https://HOST:PORT", and returns once it has answered. ctx bounds that and
// nothing later; ten seconds are the most.
//
// Errors: INVALID_ARGUMENT if server is no such address; UNAVAILABLE if no
// server answers there.
func Dial(ctx context.Context, server string, options ...Option) (*Client, error) {
	address, secure, err := parseAddress(server)
	if err != nil {
		return nil, err
	}
	var o grpcOptions
	for _, option := range options {
		option(&o)
	}
	transport := insecure.NewCredentials()
	if secure {
		transport = credentials.NewTLS(o.tls)
	}
	dial := []grpc.DialOption{grpc.WithTransportCredentials(transport)}
	if o.key != "" {
		dial = append(dial, grpc.WithPerRPCCredentials(o.key))
	}
	conn, err := grpc.NewClient("passthrough:///"+address, append(dial,
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: dialTimeout}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32), grpc.MaxCallSendMsgSize(math.MaxInt32)))...)
	if err != nil {
		return nil, fault.Invalid("", "%q is not the address of a server.", server).Because(err)
	}
	pages := http.DefaultTransport.(*http.Transport).Clone()
	pages.TLSClientConfig = o.tls.Clone()
	c := &Client{
		address:    address,
		tls:        o.tls,
		secure:     secure,
		conn:       conn,
		key:        o.key,
		http:       &http.Client{Transport: pages},
		speech:     ttspb.NewTextToSpeechClient(conn),
		long:       ttspb.NewTextToSpeechLongAudioSynthesizeClient(conn),
		operations: longrunningpb.NewOperationsClient(conn),
	}
	if err := c.connect(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return c, nil
}

// connect waits until the server took the connection, so that one that is not
// there is told apart from one that answers UNAVAILABLE.
func (c *Client) connect(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	c.conn.Connect()
	for state := c.conn.GetState(); state != connectivity.Ready; state = c.conn.GetState() {
		if state == connectivity.TransientFailure || !c.conn.WaitForStateChange(limited, state) {
			if err := ctx.Err(); err != nil {
				return fault.From(err)
			}
			return c.noServer()
		}
	}
	return nil
}

// Address is HOST:PORT of the server.
func (c *Client) Address() string { return c.address }

// Close ends the connection; calls under way fail.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return c.conn.Close()
}

func (c *Client) noServer() *fault.Error {
	switch {
	case c.secure:
		err := handshake(c.address, c.tls)
		if errors.Is(err, errCertificateWanted) {
			return fault.New(fault.Unavailable, "The server at %s lets in clients with certificates only, one of which LECTERN_CLIENT_CERT names; none or another's was shown.", c.address)
		}
		if err != nil && answers(c.address) {
			return fault.New(fault.Unavailable, "The server at %s cannot be trusted, or speaks no TLS: %v; `lectern trust` says how to trust one.", c.address, err)
		}
	case handshake(c.address, &tls.Config{InsecureSkipVerify: true}) == nil: // nothing is said to it
		return fault.New(fault.Unavailable, "The server at %s speaks TLS; call it https://%s.", c.address, c.address)
	case answers(c.address):
		return fault.New(fault.Unavailable, "Another program than Lectern answers at %s; start a server at another address with `lectern serve --listen`, and name that.", c.address)
	}
	return fault.New(fault.Unavailable, "No server answers at %s; start one with `lectern serve`.", c.address)
}

// parseAddress is HOST:PORT of a server, and whether it speaks TLS.
func parseAddress(server string) (address string, secure bool, err error) {
	address = server
	if strings.Contains(server, "://") {
		u, err := url.Parse(server)
		switch {
		case err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil:
			return "", false, badAddress(server)
		case u.Scheme != "http" && u.Scheme != "https":
			return "", false, badAddress(server)
		}
		address, secure = u.Host, u.Scheme == "https"
		if u.Port() == "" {
			address = net.JoinHostPort(u.Hostname(), map[string]string{"http": "80", "https": "443"}[u.Scheme])
		}
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" || strings.ContainsAny(address, "/ ") {
		return "", false, badAddress(server)
	}
	return address, secure, nil
}

func badAddress(server string) error {
	return fault.New(fault.InvalidArgument, "%q is not the address of a server: HOST:PORT, http://HOST:PORT or https://HOST:PORT.", server)
}

// patience is how long another program may take to show what it is.
const patience = time.Second

// handshake says why there is no TLS to be had at address as config wants it.
func handshake(address string, config *tls.Config) error {
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: patience}, "tcp", address, config)
	if err != nil {
		return err
	}
	defer conn.Close()
	if WantsCertificate(conn) {
		return errCertificateWanted
	}
	return nil
}

var errCertificateWanted = errors.New("the server wants a certificate of its clients")

// WantsCertificate reports whether a server refuses a client for having no certificate, or
// one that it does not know. With TLS 1.3 that is said after the handshake, to who asks for something: conn is of
// no further use.
func WantsCertificate(conn *tls.Conn) bool {
	_ = conn.SetDeadline(time.Now().Add(patience)) // a connection that is closed says so below
	_, err := conn.Write([]byte("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
	if err == nil {
		_, err = conn.Read(make([]byte, 1))
	}
	refusal, ok := errors.AsType[*net.OpError](err)
	return ok && refusal.Op == "remote error" && strings.Contains(refusal.Error(), "certificate")
}

// answers reports whether a program that speaks some HTTP or other is there.
func answers(address string) bool {
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: "+address+"\r\nConnection: close\r\n\r\n"); err != nil {
		return false
	}
	n, _ := conn.Read(make([]byte, 1))
	return n > 0
}
