// Package webhook tells another program of operations that have ended, by HTTP: each
// end as a CloudEvent (version 1.0, structured, in JSON), signed as Standard Webhooks
// say. It tells once; who calls it tries again. docs/webhooks.md is what receivers
// read.
package webhook

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
)

// Hook is the receiver that the server's settings name. Its methods may be called by
// many goroutines at once.
type Hook struct {
	url    string
	sender sender
	rest   rest
}

// New makes a hook to the receiver at address, http:// or https://, whose events are
// signed with secret: base64, with or without whsec_ before it, of 24 to 64 bytes.
func New(address, secret string) (*Hook, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the webhook %q is no URL of the form https://HOST/PATH", address)
	}
	to, err := newSender(secret, http.DefaultTransport)
	if err != nil {
		return nil, err
	}
	return &Hook{url: address, sender: to}, nil
}

// Tell sends the end of op to the receiver. A nil error means that it was taken, by a
// status of 2xx, or refused for ever, by 410.
func (h *Hook) Tell(ctx context.Context, op *longrunningpb.Operation, ended time.Time) error {
	return h.sender.tell(ctx, &h.rest, h.url, op, ended)
}
