package oidc_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/authtest"
	"github.com/lectern/lectern/auth/oidc"
	"github.com/lectern/lectern/fault"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// issuer is an OpenID Connect issuer: it signs, and tells its public keys.
type issuer struct {
	*httptest.Server
	mu   sync.Mutex
	keys map[string]any // by kid
	down bool
	// broken is what it answers, with its status, when it is asked for its keys;
	// empty: the keys.
	broken string
	status int
	asked  int // for its keys
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{keys: map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		if i.down {
			http.Error(w, "down", http.StatusServiceUnavailable)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{
			"issuer": i.URL, "jwks_uri": i.URL + "/keys", "authorization_endpoint": i.URL + "/auth", "token_endpoint": i.URL + "/token",
			"id_token_signing_alg_values_supported": []string{"RS256", "ES256", "HS256", "none"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.asked++
		if i.broken != "" {
			w.WriteHeader(i.status)
			_, _ = io.WriteString(w, i.broken)
			return
		}
		var set jose.JSONWebKeySet
		for kid, key := range i.keys {
			signing := jose.JSONWebKey{Key: key, KeyID: kid, Use: "sig"}
			set.Keys = append(set.Keys, signing.Public())
		}
		_ = json.NewEncoder(w).Encode(set)
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	i.newKey(t, "first")
	return i
}

func (i *issuer) newKey(t *testing.T, kid string) {
	t.Helper()
	var key any
	var err error
	if kid == "ec" {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	} else {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.keys[kid] = key
}

type m = map[string]any

// token is one of the issuer's, with changes to its claims; nil leaves one out.
func (i *issuer) token(t *testing.T, kid string, changes ...m) string {
	t.Helper()
	i.mu.Lock()
	key := i.keys[kid]
	i.mu.Unlock()
	algorithm := jose.RS256
	if kid == "ec" {
		algorithm = jose.ES256
	}
	return signed(t, algorithm, key, kid, i.claims(changes...))
}

func (i *issuer) claims(changes ...m) m {
	c := m{"iss": i.URL, "sub": "eve", "aud": "lectern", "iat": noon.Unix(), "exp": noon.Add(time.Hour).Unix(), "project": "books", "role": "operator"}
	for _, change := range changes {
		maps.Copy(c, change)
	}
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

func signed(t *testing.T, algorithm jose.SignatureAlgorithm, key any, kid string, claims m) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", kid))
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func bearer(token string) auth.Credentials { return auth.Credentials{Bearer: token} }

func TestIssuer(t *testing.T) {
	i := newIssuer(t)
	i.newKey(t, "ec")
	other := newIssuer(t)
	public, err := json.Marshal((&jose.JSONWebKey{Key: i.keys["first"], KeyID: "first"}).Public())
	if err != nil {
		t.Fatal(err)
	}
	eve := auth.Principal{Name: "eve", Projects: []string{"books"}, Role: auth.Operator}
	authtest.Run(t, authtest.Subject{
		Authenticator: oidc.New(oidc.Config{Issuer: i.URL, Audience: "lectern", Now: func() time.Time { return noon }}),
		Holders: []authtest.Holder{
			{Credentials: bearer(i.token(t, "first")), Principal: eve},
			{Credentials: bearer(i.token(t, "ec")), Principal: eve},
			{Credentials: bearer(i.token(t, "first", m{"aud": []string{"other", "lectern"}})), Principal: eve},
			{Credentials: bearer(i.token(t, "first", m{"project": []string{"a", "b"}, "role": []string{"friend", "viewer", "speaker"}})),
				Principal: auth.Principal{Name: "eve", Projects: []string{"a", "b"}, Role: auth.Speaker}},
			{Credentials: bearer(i.token(t, "first", m{"role": "admin"})), Principal: auth.Principal{Name: "eve", Projects: []string{auth.AllProjects}, Role: auth.Admin}},
			{Credentials: bearer(i.token(t, "first", m{"project": nil})), Principal: auth.Principal{Name: "eve", Role: auth.Operator}},
		},
		Refused: map[string]auth.Credentials{
			"another audience":   bearer(i.token(t, "first", m{"aud": "storage"})),
			"no audience":        bearer(i.token(t, "first", m{"aud": nil})),
			"over":               bearer(i.token(t, "first", m{"exp": noon.Add(-time.Second).Unix()})),
			"no exp":             bearer(i.token(t, "first", m{"exp": nil})),
			"not yet":            bearer(i.token(t, "first", m{"nbf": noon.Add(6 * time.Minute).Unix()})),
			"no role":            bearer(i.token(t, "first", m{"role": nil})),
			"a role of others":   bearer(i.token(t, "first", m{"role": "Admin"})),
			"role none":          bearer(i.token(t, "first", m{"role": "none"})),
			"a number for role":  bearer(i.token(t, "first", m{"role": 4})),
			"no name":            bearer(i.token(t, "first", m{"sub": nil})),
			"another's key":      bearer(signed(t, jose.RS256, other.keys["first"], "first", i.claims())),
			"an unknown key":     bearer(signed(t, jose.RS256, other.keys["first"], "second", i.claims())),
			"another issuer":     bearer(other.token(t, "first")),
			"HS256 by the JWK":   bearer(signed(t, jose.HS256, public, "first", i.claims())),
			"the wrong kind":     bearer(signed(t, jose.RS256, other.keys["first"], "ec", i.claims())),
			"issuer with a dash": bearer(i.token(t, "first", m{"iss": i.URL + "/"})),
		},
		Codes: map[string]fault.Code{
			"an unknown key": fault.Unavailable, // the issuer has been asked at that moment
			"no role":        fault.PermissionDenied, "a role of others": fault.PermissionDenied, "role none": fault.PermissionDenied, "a number for role": fault.PermissionDenied,
		},
	})
}

func TestClaims(t *testing.T) {
	i := newIssuer(t)
	a := oidc.New(oidc.Config{
		Issuer: i.URL, Audience: "lectern", Now: func() time.Time { return noon },
		NameClaim: "email", ProjectClaim: "https://lectern.example/projects", RoleClaim: "resource_access.lectern.roles",
	})
	p, err := a.Authenticate(t.Context(), bearer(i.token(t, "first", m{
		"email": "eve@example", "https://lectern.example/projects": []string{"books"}, "role": "admin",
		"resource_access": m{"lectern": m{"roles": []string{"viewer"}}},
	})))
	if err != nil || p.Name != "eve@example" || !p.In("books") || p.Role != auth.Viewer {
		t.Errorf("%+v, %v", p, err)
	}
}

// A token that carries scopes is for what accepts one of them: by the claim of RFC 8693,
// or the one that other issuers have; as a text or as a list.
func TestScopes(t *testing.T) {
	i := newIssuer(t)
	const reading = "https://www.googleapis.com/auth/devstorage.read_only"
	config := oidc.Config{Issuer: i.URL, Audience: "lectern", Now: func() time.Time { return noon }}
	plain := oidc.New(config)
	config.Scope = "speech"
	named := oidc.New(config)
	for _, c := range []struct {
		claims                m
		plain, named, objects bool // objects: plain, where Cloud Storage's scopes are accepted
	}{
		{m{}, true, true, true},
		{m{"scope": "openid email"}, false, false, false},
		{m{"scope": "openid " + auth.CloudPlatform}, true, true, true},
		{m{"scope": auth.CloudPlatform + ".read-only"}, false, false, false},
		{m{"scope": "openid speech"}, false, true, false},
		{m{"scope": "openid speeches"}, false, false, false},
		{m{"scope": reading}, false, false, true},
		{m{"scope": ""}, false, false, false},
		{m{"scope": 7}, false, false, false},
		{m{"scope": []string{"openid", "speech"}}, false, true, false},
		{m{"scp": "speech"}, false, true, false},
		{m{"scp": []string{"email"}}, false, false, false},
		{m{"scp": []string{auth.CloudPlatform}}, true, true, true},
	} {
		token := i.token(t, "first", c.claims)
		for name, by := range map[string]struct {
			issuer   *oidc.Issuer
			accepted []string
			good     bool
		}{"plain": {plain, nil, c.plain}, "named": {named, nil, c.named}, "objects": {plain, []string{reading}, c.objects}} {
			p, err := by.issuer.Authenticate(t.Context(), auth.Credentials{Bearer: token, Scopes: by.accepted})
			if by.good && (err != nil || p.Name != "eve") || !by.good && (!fault.Is(err, fault.PermissionDenied) || fault.From(err).Reason != "ACCESS_TOKEN_SCOPE_INSUFFICIENT") {
				t.Errorf("%s, %v: %+v, %v", name, c.claims, p, err)
			}
		}
	}
}

// clock is a clock that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// New keys are asked for when a token names one; made-up ones do not make the
// server ask each time, nor have it refuse a new one that it has not asked for: that
// cannot be checked until it may ask again.
func TestKeysRotate(t *testing.T) {
	i, c := newIssuer(t), &clock{at: noon}
	a := oidc.New(oidc.Config{Issuer: i.URL, Audience: "lectern", Now: c.now})
	try := func(token string) error {
		_, err := a.Authenticate(context.Background(), bearer(token))
		return err
	}
	if err := try(i.token(t, "first")); err != nil {
		t.Fatal(err)
	}
	forger := newIssuer(t)
	forge := func(kid string) error { return try(signed(t, jose.RS256, forger.keys["first"], kid, i.claims())) }
	c.advance(5 * time.Second)
	for n := range 50 {
		want := fault.Unavailable
		if n == 0 { // for which the issuer is asked
			want = fault.Unauthenticated
		}
		if err := forge("made up"); !fault.Is(err, want) {
			t.Fatal(err)
		}
		if err := forge("first"); !fault.Is(err, fault.Unauthenticated) { // with a key that is known
			t.Fatal(err)
		}
	}
	if i.asked != 2 {
		t.Errorf("the issuer was asked %d times", i.asked)
	}
	i.newKey(t, "second")
	if err := try(i.token(t, "second")); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	c.advance(5 * time.Second)
	if err := try(i.token(t, "second")); err != nil {
		t.Error(err)
	}
	i.mu.Lock()
	delete(i.keys, "first")
	i.mu.Unlock()
	if err := try(i.token(t, "second", m{"exp": noon.Add(time.Minute).Unix()})); err != nil {
		t.Error(err)
	}
}

// An issuer that does not answer is UNAVAILABLE, and asked again later.
func TestIssuerThatIsDown(t *testing.T) {
	i, c := newIssuer(t), &clock{at: noon}
	i.down = true
	a := oidc.New(oidc.Config{Issuer: i.URL, Audience: "lectern", Now: c.now})
	for range 2 {
		if _, err := a.Authenticate(t.Context(), bearer(i.token(t, "first"))); !fault.Is(err, fault.Unavailable) {
			t.Errorf("%v", err)
		}
	}
	i.mu.Lock()
	i.down = false
	i.mu.Unlock()
	c.advance(5 * time.Second)
	if _, err := a.Authenticate(t.Context(), bearer(i.token(t, "first"))); err != nil {
		t.Error(err)
	}
}

// An issuer that cannot be asked for its keys is UNAVAILABLE too, until it has answered,
// for tokens of keys that it has not told before.
func TestIssuerWhoseKeysAreAway(t *testing.T) {
	for name, answer := range map[string]struct {
		status int
		text   string
	}{"down": {503, "down"}, "broken": {200, "<html>"}, "cut": {200, `{"keys": [`}, "wrong": {404, `{"keys": []}`}, "of another kind": {200, "[]"}, "without keys": {200, `{"keys": []}`}, "empty": {200, `{}`}} {
		t.Run(name, func(t *testing.T) {
			i, c := newIssuer(t), &clock{at: noon}
			say := func(status int, text string) {
				i.mu.Lock()
				defer i.mu.Unlock()
				i.status, i.broken = status, text
			}
			say(answer.status, answer.text)
			a := oidc.New(oidc.Config{Issuer: i.URL, Audience: "lectern", Now: c.now})
			expect := func(what, token string, want fault.Code) {
				t.Helper()
				_, err := a.Authenticate(t.Context(), bearer(token))
				if want == 0 && err != nil || want != 0 && !fault.Is(err, want) {
					t.Errorf("%s: %v", what, err)
				}
			}
			for range 3 { // asked, and then within the five seconds
				expect("a token that holds", i.token(t, "first"), fault.Unavailable)
			}
			if i.asked != 1 {
				t.Errorf("the issuer was asked %d times", i.asked)
			}
			say(0, "")
			c.advance(5 * time.Second)
			var err error
			for range 10_000 { // go-oidc gives its last result to who comes at the same moment
				if _, err = a.Authenticate(t.Context(), bearer(i.token(t, "first"))); err == nil {
					break
				}
				runtime.Gosched()
			}
			if err != nil {
				t.Errorf("a token that holds, later: %v", err)
			}
			expect("one that is over", i.token(t, "first", m{"exp": noon.Add(-time.Second).Unix()}), fault.Unauthenticated)
			expect("a made-up key", signed(t, jose.RS256, newIssuer(t).keys["first"], "made up", i.claims()), fault.Unavailable)

			// What it has told once is known.
			say(answer.status, answer.text)
			c.advance(5 * time.Second)
			i.newKey(t, "second")
			for range 2 {
				expect("a new key", i.token(t, "second"), fault.Unavailable)
				expect("a known key", i.token(t, "first"), 0)
			}
		})
	}
}

// An issuer may say which algorithms it signs with; another is nobody's.
func TestAlgorithms(t *testing.T) {
	i := newIssuer(t)
	a := oidc.New(oidc.Config{Issuer: i.URL, Audience: "lectern", Now: func() time.Time { return noon }})
	for algorithm, good := range map[jose.SignatureAlgorithm]bool{jose.RS256: true, jose.PS256: false, jose.RS512: false} {
		_, err := a.Authenticate(t.Context(), bearer(signed(t, algorithm, i.keys["first"], "first", i.claims())))
		if good && err != nil || !good && !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: %v", algorithm, err)
		}
	}
}

func TestConfigurations(t *testing.T) {
	for _, c := range []struct {
		oidc.Config
		wrong string
	}{
		{oidc.Config{Issuer: "https://id.example/realms/a", Audience: "x"}, ""},
		{oidc.Config{Issuer: "http://127.0.0.1:5556", Audience: "x"}, ""},
		{oidc.Config{Issuer: "http://id.example", Audience: "x"}, "https"},
		{oidc.Config{Issuer: "id.example", Audience: "x"}, "URL"},
		{oidc.Config{Issuer: "https://id.example"}, "audience"},
		{oidc.Config{Issuer: "https://id.example", Audience: "x", Scope: "speech"}, ""},
		{oidc.Config{Issuer: "https://id.example", Audience: "x", Scope: "speech email"}, "one scope"},
	} {
		if err := c.Check(); (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%+v: %v", c.Config, err)
		}
	}
}
