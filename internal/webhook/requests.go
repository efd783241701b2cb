package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/hosts"
)

const (
	connectTimeout = 5 * time.Second
	// maxAddress is how long an address may be, in bytes.
	maxAddress = 2000
	// tidyFrom is how many receivers are remembered without a look at who may be
	// forgotten.
	tidyFrom = 1000
)

// Requests are receivers that requests name, at hosts that the server's settings allow.
// Its methods may be called by many goroutines at once.
type Requests struct {
	allowed hosts.List
	sender  sender

	mu    sync.Mutex
	rests map[string]*rest // by host
}

// NewRequests makes them of the hosts that may be told, as [hosts.Parse] reads them, and
// the secret of the events, as [New] has it.
func NewRequests(allowed []string, secret string) (*Requests, error) {
	list, err := hosts.Parse(allowed)
	if err != nil {
		return nil, err
	}
	to, err := newSender(secret, &http.Transport{
		Proxy: nil, // a proxy would dial for us, unchecked
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return list.Dial(ctx, net.Dialer{Timeout: connectTimeout}, network, address)
		},
		TLSHandshakeTimeout: connectTimeout,
		ForceAttemptHTTP2:   true,
		MaxIdleConns:        16,
		IdleConnTimeout:     30 * time.Second,
	})
	if err != nil {
		return nil, err
	}
	return &Requests{allowed: list, sender: to, rests: map[string]*rest{}}, nil
}

// Check says to a client, by a fault of INVALID_ARGUMENT, why its address cannot be that
// of a receiver. What its name leads to is seen when it is told.
func (r *Requests) Check(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" || len(address) > maxAddress:
		return fault.New(fault.InvalidArgument, "A webhook is a URL of the form https://HOST/PATH, of at most %d bytes.", maxAddress)
	case u.User != nil:
		return fault.New(fault.InvalidArgument, "A webhook's URL has no user name and no password; events are signed.")
	case !r.mayBe(u.Hostname()):
		return fault.New(fault.InvalidArgument, "This server tells nothing to %s (--webhook-hosts).", u.Hostname())
	case u.Scheme == "http" && !r.allowed.Names(u.Hostname()):
		return fault.New(fault.InvalidArgument, "A webhook at %s is told over https: only.", u.Hostname())
	}
	return nil
}

// mayBe reports whether a host may be allowed: of a name that is not known before it is
// connected to, of an address it is.
func (r *Requests) mayBe(host string) bool {
	address, err := netip.ParseAddr(host)
	return r.allowed.MayAsk(host) && (err != nil || r.allowed.MayDial(host, address))
}

// Tell sends the end of op to the receiver at address, as [Hook.Tell] does. Errors do not
// repeat the address, which may be a secret.
func (r *Requests) Tell(ctx context.Context, address string, op *longrunningpb.Operation, ended time.Time) error {
	if err := r.Check(address); err != nil { // the settings may be others now
		return err
	}
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	err = r.sender.tell(ctx, r.restOf(u.Hostname()), address, op, ended)
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		err = failed.Err
	}
	if err != nil {
		return fmt.Errorf("a webhook of a request at %s: %w", u.Hostname(), err)
	}
	return nil
}

// restOf is how long a host is left alone.
func (r *Requests) restOf(host string) *rest {
	host = strings.ToLower(host)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rests[host] == nil {
		if now := r.sender.now(); len(r.rests) >= tidyFrom {
			for name, one := range r.rests {
				if one.forgettable(now) {
					delete(r.rests, name)
				}
			}
		}
		r.rests[host] = &rest{}
	}
	return r.rests[host]
}
