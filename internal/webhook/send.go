package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
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

// sender signs events and sends them.
type sender struct {
	signer *standardwebhooks.Webhook
	client *http.Client
	now    func() time.Time
}

func newSender(secret string, transport http.RoundTripper) (sender, error) {
	if err := checkSecret(secret); err != nil {
		return sender{}, err
	}
	signer, err := standardwebhooks.NewWebhook(secret)
	return sender{signer: signer, now: time.Now, client: &http.Client{
		Transport:     transport,
		Timeout:       patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, err
}

// tell sends the end of op to the receiver at address, unless that rests.
func (s *sender) tell(ctx context.Context, r *rest, address string, op *longrunningpb.Operation, ended time.Time) error {
	if r.resting(s.now()) {
		return errResting
	}
	err := s.send(ctx, address, op, ended)
	if ctx.Err() == nil { // else it says nothing of the receiver
		r.learn(err, s.now())
	}
	return err
}

func (s *sender) send(ctx context.Context, address string, op *longrunningpb.Operation, ended time.Time) error {
	id, body, err := encode(op, ended)
	if err != nil {
		return err
	}
	at := s.now()
	signature, err := s.signer.Sign(id, at, body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/cloudevents+json; charset=utf-8")
	r.Header.Set(standardwebhooks.HeaderWebhookID, id)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	answer, err := s.client.Do(r)
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

// rest is how long a receiver is left alone. Its methods may be called by many
// goroutines at once.
type rest struct {
	mu    sync.Mutex
	last  time.Duration // after the last failure; 0 after a success
	until time.Time
}

func (r *rest) resting(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.until)
}

func (r *rest) learn(err error, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		r.last, r.until = 0, time.Time{}
		return
	}
	r.last = min(max(2*r.last, firstRest), longestRest)
	r.until = now.Add(r.last)
}

// forgettable reports whether nothing that matters is lost with r.
func (r *rest) forgettable(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.After(r.until.Add(longestRest))
}
