package oidc

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// told is what an issuer's discovery document tells of its tokens.
type told struct {
	keys   oidc.KeySet
	config *oidc.Config
}

// ask reads the discovery document. An issuer that does not say with what it signs has
// RS256, as OpenID Connect has it.
func (i *Issuer) ask() (*told, error) {
	ctx := oidc.ClientContext(context.Background(), i.client)
	provider, err := oidc.NewProvider(ctx, i.config.Issuer)
	var document struct {
		Keys       string                    `json:"jwks_uri"`
		Algorithms []jose.SignatureAlgorithm `json:"id_token_signing_alg_values_supported"`
	}
	if err == nil {
		err = provider.Claims(&document)
	}
	if err != nil {
		return nil, fmt.Errorf("the issuer %s cannot be asked for its keys: %w", i.config.Issuer, err)
	}
	config := &oidc.Config{ClientID: i.config.Audience, Now: i.config.Now}
	for _, one := range document.Algorithms {
		if slices.Contains(algorithms, one) {
			config.SupportedSigningAlgs = append(config.SupportedSigningAlgs, string(one))
		}
	}
	return &told{oidc.NewRemoteKeySet(ctx, document.Keys), config}, nil
}

// signature is that of one token, and why it could not be looked at: the verifier
// hides that among the reasons for which a token does not hold.
type signature struct {
	keys    oidc.KeySet
	failure error
	// told reports whether the issuer's keys, when they came last, had the token's.
	told func(token string) bool
}

// VerifySignature implements oidc.KeySet.
func (s *signature) VerifySignature(ctx context.Context, token string) (payload []byte, err error) {
	payload, s.failure = s.keys.VerifySignature(ctx, token)
	if errors.Is(s.failure, errSeldom) && !s.told(token) {
		s.failure = fmt.Errorf("%w, and the token's key was not there: %w", errSeldom, errNoAnswer)
	}
	return payload, s.failure
}

// unknowable reports whether the keys were needed and could not be had.
func (s *signature) unknowable() bool {
	return errors.Is(s.failure, errNoAnswer) || errors.Is(s.failure, context.DeadlineExceeded)
}

// seldom asks for the same document every few seconds at most.
type seldom struct {
	now   func() time.Time
	mu    sync.Mutex
	asked map[string]asked
	names map[string]bool // of the keys that came last
}

// asked is when a document was asked for, and why it did not come.
type asked struct {
	at      time.Time
	failure error
}

var (
	// errSeldom: the document has come a moment ago, and is not asked for again.
	errSeldom = errors.New("the issuer was asked a moment ago")
	// errNoAnswer: the document has not come, or not since the question arose.
	errNoAnswer = errors.New("the issuer has not answered")
)

// maxDocumentBytes is the longest document that is read.
const maxDocumentBytes = 1 << 20

// RoundTrip implements http.RoundTripper. A response holds a whole document; all else is
// errNoAnswer, or errSeldom.
func (s *seldom) RoundTrip(r *http.Request) (*http.Response, error) {
	now, document := s.now(), r.URL.String()
	s.mu.Lock()
	last, before := s.asked[document]
	if before && now.Sub(last.at) < askAgain {
		s.mu.Unlock()
		if last.failure != nil {
			return nil, last.failure
		}
		return nil, errSeldom
	}
	s.asked[document] = asked{at: now}
	s.mu.Unlock()
	response, names, err := get(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		err = fmt.Errorf("%w: %w", errNoAnswer, err)
		s.asked[document] = asked{now, err}
	} else if len(names) > 0 {
		s.names = names
	}
	return response, err
}

// told implements signature.told. A token that names no key is tried with all.
func (s *seldom) told(token string) bool {
	signed, err := jose.ParseSignedCompact(token, algorithms)
	if err != nil || len(signed.Signatures) != 1 {
		return true // and does not hold with any key
	}
	name := signed.Signatures[0].Header.KeyID
	s.mu.Lock()
	defer s.mu.Unlock()
	return name == "" || s.names[name]
}

// get reads a document whole, and the names of the keys in it: one that is cut, or none
// at all, tells nothing of which keys there are.
func get(r *http.Request) (_ *http.Response, names map[string]bool, _ error) {
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxDocumentBytes))
	if err != nil {
		return nil, nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, nil, errors.New(response.Status)
	}
	var document struct {
		Issuer string `json:"issuer"` // of the discovery document
		Keys   []struct {
			Name string `json:"kid"`
		} `json:"keys"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, nil, fmt.Errorf("no document of OpenID Connect: %w", err)
	}
	if document.Issuer == "" && len(document.Keys) == 0 {
		return nil, nil, errors.New("no document of OpenID Connect: neither an issuer nor keys are in it")
	}
	names = map[string]bool{}
	for _, key := range document.Keys {
		names[key.Name] = true
	}
	response.Body = io.NopCloser(bytes.NewReader(text))
	return response, names, nil
}
