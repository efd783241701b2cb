package server

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// forPort is config with what the port needs of it, nil for nil: gRPC clients want
// HTTP/2 by ALPN, which allows neither older versions nor older ciphers.
func forPort(config *tls.Config) *tls.Config {
	if config == nil {
		return nil
	}
	c := config.Clone()
	c.MinVersion = max(c.MinVersion, tls.VersionTLS12)
	if c.CipherSuites == nil { // of TLS 1.2; those of 1.3 cannot be chosen
		c.CipherSuites = []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		}
	}
	for _, protocol := range []string{"http/1.1", "h2"} {
		if !slices.Contains(c.NextProtos, protocol) {
			c.NextProtos = slices.Insert(c.NextProtos, 0, protocol)
		}
	}
	return c
}

// secure is conn after its handshake of TLS, conn itself without TLS. A client
// that speaks HTTP in plain text is told so.
func secure(conn net.Conn, config *tls.Config) (net.Conn, error) {
	if config == nil {
		return conn, nil
	}
	if err := conn.SetDeadline(time.Now().Add(headerTimeout)); err != nil {
		return nil, err
	}
	secured := tls.Server(conn, config)
	err := secured.Handshake()
	var plain tls.RecordHeaderError
	if errors.As(err, &plain) && plain.Conn != nil && beginsHTTP(plain.RecordHeader[:]) {
		_, _ = io.WriteString(plain.Conn, "HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nThis port speaks TLS: the address begins with https://.\n")
	}
	return secured, err
}

// beginsHTTP reports whether these first bytes are those of a request.
func beginsHTTP(p []byte) bool {
	for _, method := range []string{"GET /", "HEAD ", "POST ", "PUT /", "DELET", "OPTIO", "PATCH"} {
		if strings.HasPrefix(string(p), method) {
			return true
		}
	}
	return false
}

// beneath is the connection that was accepted for c, nil if it was accepted
// elsewhere; over is its TLS, nil without.
func beneath(c net.Conn) (accepted *conn, over *tls.Conn) {
	for {
		switch outer := c.(type) {
		case *conn:
			return outer, over
		case *watched:
			c = outer.replayed
		case *replayed:
			c = outer.Conn
		case *tls.Conn:
			over, c = outer, outer.NetConn()
		default:
			return nil, over
		}
	}
}

// handshaken are the credentials of connections whose handshake is over before
// gRPC sees them, and of those that have none. The state of TLS, with the chain
// that the client's certificate was verified by, is the peer's AuthInfo.
type handshaken struct {
	credentials.TransportCredentials
}

func newHandshaken() handshaken { return handshaken{insecure.NewCredentials()} }

// ServerHandshake implements credentials.TransportCredentials.
func (h handshaken) ServerHandshake(c net.Conn) (net.Conn, credentials.AuthInfo, error) {
	_, over := beneath(c)
	if over == nil {
		return h.TransportCredentials.ServerHandshake(c)
	}
	return c, credentials.TLSInfo{
		State:          over.ConnectionState(),
		CommonAuthInfo: credentials.CommonAuthInfo{SecurityLevel: credentials.PrivacyAndIntegrity},
	}, nil
}

// Clone implements credentials.TransportCredentials.
func (h handshaken) Clone() credentials.TransportCredentials {
	return handshaken{h.TransportCredentials.Clone()}
}

type tlsStateKey struct{}

// withTLS remembers the state of TLS of a connection of net/http's, which knows
// only its own.
func withTLS(ctx context.Context, c net.Conn) context.Context {
	_, over := beneath(c)
	if over == nil {
		return ctx
	}
	state := over.ConnectionState()
	return context.WithValue(ctx, tlsStateKey{}, &state)
}

// tlsOf is what withTLS remembers, nil without.
func tlsOf(ctx context.Context) *tls.ConnectionState {
	state, _ := ctx.Value(tlsStateKey{}).(*tls.ConnectionState)
	return state
}
