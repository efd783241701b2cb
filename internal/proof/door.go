package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
)

// door is what it costs to be asked who one is.
//
// Method: as gets, but for the reference: the same calls of a server that asks
// nobody, which runs beside the one that does, in turn, five times (three with
// -quick). Callers bring a token that a service account has signed itself, in a
// header, and over REST an API key, in the URL, as Google's Go client does. It is the
// cheapest call there is, so that no other is slowed down by more.
func door(ctx context.Context, l *lab) ([]row, error) {
	open, err := l.fresh(ctx, "open")
	if err != nil {
		return nil, err
	}
	defer open.discard()
	asks, token, apiKey, err := l.guarded(ctx)
	if err != nil {
		return nil, err
	}
	defer asks.discard()
	as := func(ctx context.Context) context.Context {
		return metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
	}
	free, err := endedOperations(ctx, open, 200)
	if err != nil {
		return nil, err
	}
	own, err := endedOperations(as(ctx), asks, 200)
	if err != nil {
		return nil, err
	}
	span := 3 * time.Second
	if l.quick {
		span = time.Second
	}
	var rows []row
	for _, transport := range []struct {
		name           string
		without, known func(ctx context.Context, c *client, n int) error
	}{
		{"gRPC, service account", getGRPC(free), func(ctx context.Context, c *client, n int) error { return getGRPC(own)(as(ctx), c, n) }},
		{"REST, API key", getREST(free), func(ctx context.Context, c *client, n int) error {
			_, err := c.rest(ctx, "GET", "/v1/"+own[n%len(own)]+"?key="+apiKey, "")
			return err
		}},
	} {
		var without, known counted
		for range l.count(5, 3) {
			if err := without.count(ctx, open, span, transport.without); err != nil {
				return rows, fmt.Errorf("%s without credentials: %w", transport.name, err)
			}
			if err := known.count(ctx, asks, span, transport.known); err != nil {
				return rows, fmt.Errorf("%s: %w", transport.name, err)
			}
		}
		const bar = 0.85
		x := middle(known.calls) / middle(without.calls)
		rows = append(rows, row{
			name:      fmt.Sprintf("GetOperation at %d callers with credentials, %s", getCallers, transport.name),
			bar:       fmt.Sprintf(">= %.2f x without", bar),
			measured:  known.String(),
			reference: "without: " + without.String(),
			ratio:     fmt.Sprintf("%.2f", x),
			verdict:   judge(x >= bar),
		})
	}
	return rows, errors.Join(open.stop(), asks.stop())
}

// counted is how many calls a server answers each second, and its CPU time for each.
type counted struct{ calls, cost []float64 }

func (c *counted) count(ctx context.Context, s *server, span time.Duration, call func(context.Context, *client, int) error) error {
	used, begun := s.used(), time.Now()
	n, err := callsPerSecond(ctx, s.address, 1, getCallers, span, call)
	c.calls = append(c.calls, n)
	c.cost = append(c.cost, (s.used()-used).Seconds()/(n*time.Since(begun).Seconds()))
	return err
}

func (c *counted) String() string {
	return fmt.Sprintf("%.0f/s of %.0f (about %.0f µs of the server's CPU time each)", middle(c.calls), c.calls, 1e6*middle(c.cost))
}

// guarded is a server that asks for credentials, and two that it has given out.
func (l *lab) guarded(ctx context.Context) (s *server, token, apiKey string, err error) {
	data, err := l.folder("guarded")
	if err != nil {
		return nil, "", "", err
	}
	wish := keys.Wish{Project: "proof", Role: auth.Operator}
	account, k, err := keys.NewServiceAccount(wish, time.Now())
	if err != nil {
		return nil, "", "", err
	}
	apiKey, a, err := keys.NewAPIKey(wish, time.Now())
	if err != nil {
		return nil, "", "", err
	}
	store := keys.OpenFile(filepath.Join(data, keys.FileName))
	if err := errors.Join(keys.Add(ctx, store, k), keys.Add(ctx, store, a)); err != nil {
		return nil, "", "", err
	}
	if token, err = signedBy(account); err != nil {
		return nil, "", "", err
	}
	if s, err = l.launchWith(data, "", l.none, "--credentials", "required"); err != nil {
		return nil, "", "", err
	}
	s, err = s.ready(metadata.AppendToOutgoingContext(ctx, "x-goog-api-key", apiKey))
	return s, token, apiKey, err
}

// signedBy is a token as a library signs it with a service account's file.
func signedBy(account keys.Account) (string, error) {
	block, _ := pem.Decode([]byte(account.PrivateKey))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", account.PrivateKeyID))
	if err != nil {
		return "", err
	}
	now := time.Now()
	return jwt.Signed(signer).Claims(map[string]any{
		"iss": account.ClientEmail, "sub": account.ClientEmail, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "aud": "https://texttospeech.googleapis.com/",
	}).Serialize()
}
