package proxy

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http/httpproxy"
)

// Upstream dials as a program with the environment of getenv would: through the
// proxy that HTTPS_PROXY names, for the hosts that NO_PROXY does not, else
// directly.
func Upstream(getenv func(string) string) func(ctx context.Context, address string) (net.Conn, error) {
	first := func(names ...string) string {
		for _, name := range names {
			if value := getenv(name); value != "" {
				return value
			}
		}
		return ""
	}
	proxyOf := (&httpproxy.Config{
		HTTPSProxy: first("HTTPS_PROXY", "https_proxy"),
		NoProxy:    first("NO_PROXY", "no_proxy"),
	}).ProxyFunc()
	return func(ctx context.Context, address string) (net.Conn, error) {
		upstream, err := proxyOf(&url.URL{Scheme: "https", Host: address})
		switch {
		case err != nil:
			return nil, fmt.Errorf("HTTPS_PROXY: %w", err)
		case upstream == nil:
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		}
		return through(ctx, upstream, address)
	}
}

// through connects to address by the proxy at upstream, http:// or https://.
func through(ctx context.Context, upstream *url.URL, address string) (_ net.Conn, err error) {
	port := map[string]string{"http": "80", "https": "443"}[upstream.Scheme]
	if port == "" {
		return nil, fmt.Errorf("HTTPS_PROXY %s: only proxies of http:// and https:// can be gone through", upstream.Redacted())
	}
	if upstream.Port() != "" {
		port = upstream.Port()
	}
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", net.JoinHostPort(upstream.Hostname(), port))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = conn.Close()
		}
	}()
	if upstream.Scheme == "https" {
		conn = tls.Client(conn, &tls.Config{ServerName: upstream.Hostname()})
	}
	if deadline, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, err
		}
	}
	ask := "CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n"
	if user := upstream.User; user != nil {
		password, _ := user.Password()
		ask += "Proxy-Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)) + "\r\n"
	}
	if _, err := conn.Write([]byte(ask + "\r\n")); err != nil {
		return nil, err
	}
	in := bufio.NewReader(conn)
	answer, err := http.ReadResponse(in, &http.Request{Method: http.MethodConnect}) //nolint:bodyclose // CONNECT is answered without one
	if err != nil {
		return nil, fmt.Errorf("the proxy %s: %w", upstream.Redacted(), err)
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the proxy %s refuses %s: %s", upstream.Redacted(), address, answer.Status)
	}
	return &buffered{conn, in}, conn.SetDeadline(time.Time{})
}
