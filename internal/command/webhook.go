package command

import (
	"cmp"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"

	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/hosts"
	"github.com/lectern/lectern/internal/webhook"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/ttsapi"
)

// openWebhooks are what tells of operations that have ended: the server's receiver, and
// those that requests name. Both are nil if nobody wants to know.
func openWebhooks(c config.Config, log *slog.Logger) (lro.Tell, ttsapi.Webhooks, error) {
	named := len(c.WebhookHosts) > 0 && !slices.Equal(c.WebhookHosts, []string{hosts.None})
	if c.Webhook == "" && !named {
		return nil, nil, nil
	}
	file := cmp.Or(c.WebhookSecret, filepath.Join(c.Data, "webhook.secret"))
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, nil, fmt.Errorf("the directory of the webhook's secret cannot be made: %w", err)
	}
	secret, err := webhook.ReadSecret(file)
	if err != nil {
		return nil, nil, err
	}
	var tell lro.Tell
	if c.Webhook != "" {
		hook, err := webhook.New(c.Webhook, secret)
		if err != nil {
			return nil, nil, err
		}
		tell = hook.Tell
		log.Info("a webhook is told of operations that have ended", "url", c.Webhook, "secret", file)
	}
	if !named {
		return tell, nil, nil
	}
	requests, err := webhook.NewRequests(c.WebhookHosts, secret)
	if err != nil {
		return nil, nil, err
	}
	log.Info("requests may name webhooks", "hosts", c.WebhookHosts, "secret", file)
	return tell, requests, nil
}
