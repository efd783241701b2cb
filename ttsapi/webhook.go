package ttsapi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/lro"
)

// webhookHeader names the metadata (and HTTP header) by which a client of
// SynthesizeLongAudio names a URL that is told when the operation has ended.
const webhookHeader = "x-lectern-webhook"

// Webhooks tell receivers that requests name. Methods may be called by many goroutines
// at once.
type Webhooks interface {
	// Check says to the client, by a fault of INVALID_ARGUMENT, why an address cannot
	// be that of a receiver.
	Check(address string) error
	// Tell tells the receiver at an address, as [lro.Tell] has it.
	Tell(ctx context.Context, address string, op *Operation, ended time.Time) error
}

// webhookOf is the receiver that the caller names; empty if it names none.
func (s *Service) webhookOf(ctx context.Context) (string, error) {
	named := metadata.ValueFromIncomingContext(ctx, webhookHeader)
	switch {
	case len(named) == 0:
		return "", nil
	case len(named) > 1:
		return "", fault.New(fault.InvalidArgument, "The header %s must be given once.", webhookHeader)
	case s.webhooks == nil:
		return "", fault.New(fault.InvalidArgument, "The header %s cannot be followed: this server tells no webhooks of requests (--webhook-hosts).", webhookHeader)
	}
	if err := s.webhooks.Check(named[0]); err != nil {
		return "", fmt.Errorf("the header %s: %w", webhookHeader, err)
	}
	return named[0], nil
}

// errNoWebhooks is told to the operator of a node that differs from the one that took
// the request.
var errNoWebhooks = errors.New("the request names a webhook, and this server tells none (--webhook-hosts)")

// Notify says who is told of an operation's end, for lro.Config: the receiver that its
// request names, else otherwise, which may be nil.
func (s *Service) Notify(otherwise lro.Tell) func(lro.Work) lro.Tell {
	return func(w lro.Work) lro.Tell {
		address := longaudio.WebhookOf(w.Request)
		if address == "" {
			return otherwise
		}
		return func(ctx context.Context, op *Operation, ended time.Time) error {
			if s.webhooks == nil {
				return errNoWebhooks
			}
			return s.webhooks.Tell(ctx, address, op, ended)
		}
	}
}
