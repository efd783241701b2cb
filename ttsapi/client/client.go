// Package client speaks to a Lectern server, or to any other of Google's
// Text-to-Speech API without credentials, and hides the messages: what goes in
// and comes out is Lectern's own nouns.
//
// [Dial] makes a [Client]. [Client.Voices] and [Client.Speak] answer at once;
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
	"google.golang.org/grpc/credentials/insecure"

	"github.com/lectern/lectern/fault"
)

// dialTimeout is how long a server has to take the connection.
const dialTimeout = 10 * time.Second

// reconnect makes a server that was restarted found again within seconds.
var reconnect = backoff.Config{BaseDelay: 250 * time.Millisecond, Multiplier: 1.5, Jitter: 0.2, MaxDelay: 2 * time.Second}

// Client is one connection to one server. Close it when done.
type Client struct {
	address    string
	conn       *grpc.ClientConn
	http       *http.Client
	speech     ttspb.TextToSpeechClient
	long       ttspb.TextToSpeechLongAudioSynthesizeClient
	operations longrunningpb.OperationsClient
}

// Dial connects to server, "HOST:PORT" or "http://HOST:PORT", in plain text,
// and returns once it has answered. ctx bounds that and nothing later; ten
// seconds are the most.
//
// Errors: INVALID_ARGUMENT if server is no such address; UNAVAILABLE if no
// server answers there.
func Dial(ctx context.Context, server string) (*Client, error) {
	address, err := parseAddress(server)
	if err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient("passthrough:///"+address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: reconnect, MinConnectTimeout: dialTimeout}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32), grpc.MaxCallSendMsgSize(math.MaxInt32)))
	if err != nil {
		return nil, fault.Invalid("", "%q is not the address of a server.", server).Because(err)
	}
	c := &Client{
		address:    address,
		conn:       conn,
		http:       &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()},
		speech:     ttspb.NewTextToSpeechClient(conn),
		long:       ttspb.NewTextToSpeechLongAudioSynthesizeClient(conn),
		operations: longrunningpb.NewOperationsClient(conn),
	}
	if err := c.connect(ctx); err != nil {
		conn.Close()
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
	if answers(c.address) {
		return fault.New(fault.Unavailable, "Another program than Lectern answers at %s; start a server at another address with `lectern serve --listen`, and name that.", c.address)
	}
	return fault.New(fault.Unavailable, "No server answers at %s; start one with `lectern serve`.", c.address)
}

func parseAddress(server string) (string, error) {
	address := server
	if strings.Contains(server, "://") {
		u, err := url.Parse(server)
		switch {
		case err != nil || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil:
			return "", badAddress(server)
		case u.Scheme == "https":
			return "", fault.New(fault.Unimplemented, "%s: TLS is not spoken by this release; use http://HOST:PORT.", server)
		case u.Scheme != "http":
			return "", badAddress(server)
		}
		address = u.Host
		if u.Port() == "" {
			address = net.JoinHostPort(u.Hostname(), "80")
		}
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil || host == "" || port == "" || strings.ContainsAny(address, "/ ") {
		return "", badAddress(server)
	}
	return address, nil
}

func badAddress(server string) error {
	return fault.New(fault.InvalidArgument, "%q is not the address of a server: HOST:PORT or http://HOST:PORT.", server)
}

// answers reports whether a program that speaks some HTTP or other is there.
func answers(address string) bool {
	const patience = time.Second
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: "+address+"\r\nConnection: close\r\n\r\n"); err != nil {
		return false
	}
	n, _ := conn.Read(make([]byte, 1))
	return n > 0
}
