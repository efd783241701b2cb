// Package webhook tells another program of operations that have ended, by HTTP: each
// end as a CloudEvent (version 1.0, structured, in JSON), signed as Standard Webhooks
// say. It tells once; who calls it tries again. docs/webhooks.md is what receivers
// read.
package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const (
	// patience is how long the receiver may take for one event.
	patience = 10 * time.Second
	// A receiver that failed is left alone for a while, longer each time, so that
	// one that hangs holds up nothing else.
	firstRest   = time.Second
	longestRest = time.Minute
	// mostOfAnswer is how much of an answer is read, for its connection to be used
	// again.
	mostOfAnswer = 4 << 10
)

// errResting says that the receiver failed a moment ago and was not asked.
var errResting = errors.New("the receiver has failed a moment ago, and is left alone for a while")

// Hook is one receiver. Its methods may be called by many goroutines at once.
type Hook struct {
	url    string
	signer *standardwebhooks.Webhook
	client *http.Client
	now    func() time.Time

	mu    sync.Mutex
	rest  time.Duration // after the last failure; 0 after a success
	until time.Time     // the end of the rest
}

// New makes a hook to the receiver at address, http:// or https://, whose events are
// signed with secret: base64, with or without whsec_ before it, of 24 to 64 bytes.
func New(address, secret string) (*Hook, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the webhook %q is no URL of the form https://HOST/PATH", address)
	}
	if err := checkSecret(secret); err != nil {
		return nil, err
	}
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return nil, err
	}
	return &Hook{
		url: address, signer: signer, now: time.Now,
		client: &http.Client{
			Timeout:       patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}, nil
}

// Tell sends the end of op to the receiver. A nil error means that it was taken, by a
// status of 2xx, or refused for ever, by 410.
func (h *Hook) Tell(ctx context.Context, op *longrunningpb.Operation, ended time.Time) error {
	if h.resting() {
		return errResting
	}
	err := h.send(ctx, op, ended)
	if ctx.Err() == nil { // else it says nothing of the receiver
		h.learn(err)
	}
	return err
}

func (h *Hook) resting() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now().Before(h.until)
}

func (h *Hook) learn(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err == nil {
		h.rest, h.until = 0, time.Time{}
		return
	}
	h.rest = min(max(2*h.rest, firstRest), longestRest)
	h.until = h.now().Add(h.rest)
}

func (h *Hook) send(ctx context.Context, op *longrunningpb.Operation, ended time.Time) error {
	id, body, err := encode(op, ended)
	if err != nil {
		return err
	}
	at := h.now()
	signature, err := h.signer.Sign(id, at, body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/cloudevents+json; charset=utf-8")
	r.Header.Set(standardwebhooks.HeaderWebhookID, id)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	answer, err := h.client.Do(r)
	if err != nil {
		return fmt.Errorf("the webhook's receiver cannot be reached: %w", err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, mostOfAnswer)
	if answer.StatusCode/100 != 2 && answer.StatusCode != http.StatusGone {
		return fmt.Errorf("the webhook's receiver answers %s", answer.Status)
	}
	return nil
}
