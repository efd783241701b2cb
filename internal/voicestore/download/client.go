package download

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"github.com/lectern/lectern/fault"
)

const (
	maxRedirects   = 10
	connectTimeout = 10 * time.Second
	headerTimeout  = 30 * time.Second
	stallTimeout   = time.Minute

	// An attempt that brought no byte is followed by a pause, twice as long
	// each time; after so many of them in a row it is given up.
	firstPause  = 500 * time.Millisecond
	longest     = 30 * time.Second
	barren      = 5
	strangers   = 3 // ... from a server that has not answered yet
	maxAttempts = 1000
)

// Client gets files. Safe for concurrent use; its zero value is ready. Its
// fields are not changed while it is in use.
type Client struct {
	// HTTP is what requests are made with; nil means one with timeouts. Its
	// CheckRedirect is not used.
	HTTP *http.Client
	// Pause waits between two attempts, until ctx ends at most; nil means by
	// the clock.
	Pause func(ctx context.Context, d time.Duration) error
}

var transport = &http.Transport{
	Proxy:                 http.ProxyFromEnvironment,
	DialContext:           (&net.Dialer{Timeout: connectTimeout}).DialContext,
	TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
	TLSHandshakeTimeout:   connectTimeout,
	ResponseHeaderTimeout: headerTimeout,
	DisableCompression:    true, // sizes and ranges are those of the file
	ForceAttemptHTTP2:     true,
	IdleConnTimeout:       30 * time.Second,
}

func (c *Client) do(request *http.Request) (*http.Response, error) {
	client := http.Client{Transport: transport}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = redirect
	request.Header.Set("User-Agent", "Lectern")
	return client.Do(request)
}

// never is an error that a further attempt would not change.
type never struct{ error }

func (n never) Unwrap() error { return n.error }

func redirect(next *http.Request, via []*http.Request) error {
	next.Header.Del("Referer")
	switch {
	case len(via) > maxRedirects:
		return never{fault.New(fault.Unavailable, "%s redirects more than %d times.", via[0].URL.Host, maxRedirects)}
	case via[len(via)-1].URL.Scheme == "https" && next.URL.Scheme != "https":
		return never{fault.New(fault.Unavailable, "%s redirects from https: to %s:.", via[0].URL.Host, next.URL.Scheme)}
	}
	return nil
}

// CheckBase says what is wrong with the address of a server that files are got
// from: https:, or http: where plain is allowed or the host is this machine.
func CheckBase(base string, plain bool) error {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Host == "":
		return fault.New(fault.InvalidArgument, "%q is no address such as https://voices.example.com/lectern.", base).Because(err)
	case u.Scheme == "https", u.Scheme == "http" && (plain || loopback(u.Hostname())):
		return nil
	}
	return fault.New(fault.InvalidArgument, "%q must begin with https:.", base)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Bytes gets a short file, of at most most bytes.
func (c *Client) Bytes(ctx context.Context, address string, most int64) ([]byte, error) {
	var body []byte
	err := c.persist(ctx, address, func(ctx context.Context) (int64, error) {
		response, err := c.ask(ctx, address, nil)
		if err != nil {
			return 0, err
		}
		defer response.Body.Close()
		body, err = io.ReadAll(io.LimitReader(response.Body, most+1))
		if err == nil && int64(len(body)) > most {
			err = never{fault.New(fault.DataLoss, "%s is longer than the %d bytes that were expected.", short(address), most)}
		}
		return 0, err
	})
	return body, err
}

// persist makes attempts until one succeeds. An attempt says how many bytes it
// brought.
func (c *Client) persist(ctx context.Context, address string, attempt func(context.Context) (int64, error)) error {
	pause, answered, wasted := firstPause, false, 0
	for n := 1; ; n++ {
		got, err := attempt(ctx)
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		var status *status
		if errors.As(err, &status) || got > 0 {
			answered = true
		}
		wasted++
		if got > 0 {
			wasted, pause = 0, firstPause
		}
		switch {
		case hopeless(err), n >= maxAttempts, wasted >= barren, wasted >= strangers && !answered:
			return describe(address, err)
		case wasted == 0:
			continue // it was sending: ask for the rest at once
		}
		wait := pause + rand.N(pause/2)
		if status != nil && status.after > 0 {
			wait = status.after
		}
		if err := c.pause(ctx, min(wait, longest)); err != nil {
			return err
		}
		pause *= 2
	}
}

func (c *Client) pause(ctx context.Context, d time.Duration) error {
	if c.Pause != nil {
		return c.Pause(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// status is an answer other than the file.
type status struct {
	code  int
	after time.Duration
}

func (s *status) Error() string { return fmt.Sprintf("status %d", s.code) }

// ask makes one request, whose answer has the file or a part of it, or says that
// there is no such part.
func (c *Client) ask(ctx context.Context, address string, header http.Header) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, never{err}
	}
	for name := range header {
		request.Header.Set(name, header.Get(name))
	}
	response, err := c.do(request)
	if err != nil {
		return nil, err
	}
	switch response.StatusCode {
	case http.StatusOK, http.StatusPartialContent, http.StatusRequestedRangeNotSatisfiable:
		return response, nil
	}
	response.Body.Close()
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	return nil, &status{response.StatusCode, time.Duration(seconds) * time.Second}
}

// hopeless reports whether another attempt would end in the same way.
func hopeless(err error) bool {
	var (
		no     never
		answer *status
		dns    *net.DNSError
		cert   *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &no), errors.As(err, &cert), isFull(err):
		return true
	case errors.As(err, &dns):
		return dns.IsNotFound
	case errors.As(err, &answer):
		return answer.code < 500 && answer.code != http.StatusRequestTimeout && answer.code != http.StatusTooManyRequests
	}
	return false
}

func isFull(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }

// describe says why there is no file.
func describe(address string, err error) error {
	var (
		said   *fault.Error
		answer *status
		dns    *net.DNSError
		cert   *tls.CertificateVerificationError
		host   = hostOf(address)
	)
	switch {
	case errors.As(err, &said):
		return said
	case isFull(err):
		return Full(err)
	case errors.As(err, &answer) && (answer.code == http.StatusNotFound || answer.code == http.StatusGone):
		return fault.New(fault.NotFound, "%s is not there (status %d).", short(address), answer.code)
	case errors.As(err, &answer):
		return fault.New(fault.Unavailable, "%s did not send %s (status %d).", host, short(address), answer.code)
	case errors.As(err, &dns):
		return fault.New(fault.Unavailable, "The host %s was not found.", host).Because(err)
	case errors.As(err, &cert):
		return fault.New(fault.Unavailable, "The certificate of %s is not trusted.", host).Because(err)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fault.New(fault.Unavailable, "%s accepts no connection.", host).Because(err)
	}
	return fault.New(fault.Unavailable, "%s did not send all of %s.", host, short(address)).Because(err)
}

// Full is the error for a disk without room.
func Full(cause error) error {
	return fault.New(fault.ResourceExhausted, "There is no room left on the disk of the voices; make room, or choose another directory (--voices).").Because(cause)
}

func hostOf(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Host
	}
	return "the server"
}

// short is an address without what may be secret in it.
func short(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "the file"
	}
	return u.Scheme + "://" + u.Host + u.Path
}

// Explain is err, or [Full] if it says that a disk has no room.
func Explain(err error) error {
	if isFull(err) && !fault.Is(err, fault.ResourceExhausted) {
		return Full(err)
	}
	return err
}
