package clip

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/hosts"
)

const (
	// userAgent begins with the name that servers of clips know from Google's
	// fetcher (docs/contract.md 4.5).
	userAgent = "Google-Speech-Actions (compatible; Lectern)"

	maxRedirects   = 5
	connectTimeout = 5 * time.Second
	headerTimeout  = 10 * time.Second
	maxHeaderBytes = 64 << 10
)

// fetcher gets https: clips. Safe for concurrent use.
type fetcher struct {
	allowed  hosts.List
	manners  *manners
	client   http.Client
	resolver *net.Resolver
	most     int64
	timeout  time.Duration
}

func newFetcher(c Config, allowed hosts.List, most int64) *fetcher {
	f := &fetcher{allowed: allowed, manners: newManners(), resolver: c.Resolver, most: most, timeout: c.Timeout}
	f.client = http.Client{
		Transport: &http.Transport{
			Proxy:                  nil, // a proxy would dial for us, unchecked
			DialContext:            f.dial,
			TLSClientConfig:        &tls.Config{RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout:    connectTimeout,
			ResponseHeaderTimeout:  headerTimeout,
			MaxResponseHeaderBytes: maxHeaderBytes,
			DisableCompression:     true, // sound is compressed, and bombs are gzip
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           16,
			IdleConnTimeout:        30 * time.Second,
		},
		CheckRedirect: f.redirect,
	}
	return f
}

func (f *fetcher) close() { f.client.CloseIdleConnections() }

// fetch gets the whole body that src answers with.
func (f *fetcher) fetch(ctx context.Context, src string) ([]byte, error) {
	u, err := url.Parse(src)
	if err != nil {
		return nil, fault.New(fault.InvalidArgument, "The clip's https: address is malformed.").Because(err)
	}
	if err := f.check(u); err != nil {
		return nil, err
	}
	visit := &visit{manners: f.manners}
	defer visit.leave()
	if err := visit.to(ctx, u.Hostname()); err != nil {
		return nil, f.failure(ctx, u, err)
	}
	// Waiting for one's turn is no fault of the host.
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, visitKey{}, visit), f.timeout)
	defer cancel()
	body, err := f.request(ctx, u)
	if timedOut(ctx, err) {
		visit.tookTooLong()
	}
	return body, err
}

type visitKey struct{}

// timedOut reports whether a fetch has ended because of its time.
func timedOut(ctx context.Context, err error) bool {
	var wait net.Error
	return err != nil && (ctx.Err() == context.DeadlineExceeded || errors.As(err, &wait) && wait.Timeout())
}

// request asks for u, and where that leads.
func (f *fetcher) request(ctx context.Context, u *url.URL) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fault.New(fault.InvalidArgument, "The clip's https: address is malformed.").Because(err)
	}
	request.Header.Set("User-Agent", userAgent)
	response, err := f.client.Do(request)
	if err != nil {
		return nil, f.failure(ctx, u, err)
	}
	defer response.Body.Close()
	switch status := response.StatusCode; {
	case status == http.StatusNotFound || status == http.StatusGone:
		return nil, fault.New(fault.NotFound, "%s has no such clip (status %d).", u.Hostname(), status)
	case status != http.StatusOK:
		return nil, fault.New(fault.Unavailable, "%s did not send the clip (status %d).", u.Hostname(), status)
	case response.ContentLength > f.most:
		return nil, tooLarge(f.most)
	}
	body, err := readAll(response.Body, f.most)
	if err == nil {
		err = ctx.Err() // a server may end its answer well when it sees us leave
	}
	if err != nil {
		return nil, f.failure(ctx, u, err)
	}
	return body, nil
}

// check refuses what no request shall be made for.
func (f *fetcher) check(u *url.URL) error {
	switch {
	case u.Scheme != "https":
		return fault.New(fault.PermissionDenied, "The clip's host redirects to %s:; clips are fetched over https: only.", u.Scheme)
	case u.Hostname() == "":
		return fault.New(fault.InvalidArgument, "The clip's https: address names no host.")
	case u.User != nil:
		return fault.New(fault.PermissionDenied, "The clip's https: address has a user name or a password; clips are fetched without.")
	case !f.allowed.MayAsk(u.Hostname()):
		return fault.New(fault.PermissionDenied, "Clips are not fetched from %s.", u.Hostname())
	}
	return nil
}

func (f *fetcher) redirect(next *http.Request, via []*http.Request) error {
	if len(via) > maxRedirects {
		return fault.New(fault.Unavailable, "The clip's address redirects more than %d times.", maxRedirects)
	}
	next.Header.Del("Referer") // an address may be a secret
	if err := f.check(next.URL); err != nil {
		return err
	}
	return next.Context().Value(visitKey{}).(*visit).to(next.Context(), next.URL.Hostname())
}

// dial checks the very address that is connected to: what the DNS has said
// before, or will say to somebody else, does not matter.
func (f *fetcher) dial(ctx context.Context, network, address string) (net.Conn, error) {
	return f.allowed.Dial(ctx, net.Dialer{Timeout: connectTimeout, Resolver: f.resolver}, network, address)
}

// failure says for the client why there is no clip.
func (f *fetcher) failure(ctx context.Context, u *url.URL, err error) error {
	var (
		said *fault.Error
		no   hosts.Refused
		port hosts.RefusedPort
		dns  *net.DNSError
		cert *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &said):
		return said
	case errors.As(err, &no):
		return fault.New(fault.PermissionDenied, "The clip's host has an address that clips are not fetched from.").
			Because(fmt.Errorf("--clip-hosts does not allow it: %w", no))
	case errors.As(err, &port):
		return fault.New(fault.PermissionDenied, "Clips are fetched from the ports 443, 8443 and 80 only, unless --clip-hosts names the host.")
	case ctx.Err() == context.Canceled:
		// Not the caller's end, who would not have waited for this.
		return fault.New(fault.Unavailable, "The server is stopping.").Because(err)
	case timedOut(ctx, err):
		return fault.New(fault.Unavailable, "%s took too long to send the clip.", u.Hostname()).Because(err)
	case errors.As(err, &dns):
		return fault.New(fault.Unavailable, "The clip's host %s was not found.", u.Hostname()).Because(err)
	case errors.As(err, &cert):
		return fault.New(fault.Unavailable, "The certificate of %s is not trusted.", u.Hostname()).Because(err)
	}
	return fault.New(fault.Unavailable, "The clip could not be fetched from %s.", u.Hostname()).Because(err)
}
