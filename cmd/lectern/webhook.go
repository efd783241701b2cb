package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/webhook"
)

// openWebhook is what tells of operations that have ended; nil if nobody wants to
// know.
func openWebhook(c config.Config, log *slog.Logger) (func(context.Context, *longrunningpb.Operation, time.Time) error, error) {
	if c.Webhook == "" {
		return nil, nil
	}
	file := cmp.Or(c.WebhookSecret, filepath.Join(c.Data, "webhook.secret"))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("the directory of the webhook's secret cannot be made: %w", err)
	}
	secret, err := webhook.ReadSecret(file)
	if err != nil {
		return nil, err
	}
	hook, err := webhook.New(c.Webhook, secret)
	if err != nil {
		return nil, err
	}
	log.Info("a webhook is told of operations that have ended", "url", c.Webhook, "secret", file)
	return hook.Tell, nil
}
