package keys_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/authtest"
	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/fault"
)

// clock is a clock that a test sets.
type clock struct{ time.Time }

func (c *clock) now() time.Time { return c.Time }

// desk is an issuer with a service account and an API key.
type desk struct {
	*keys.Issuer
	clock   *clock
	store   keys.Store
	account keys.Account
	apiKey  string
}

func newDesk(t *testing.T) desk {
	t.Helper()
	d := desk{clock: &clock{noon}, store: keys.OpenFile(filepath.Join(t.TempDir(), keys.FileName))}
	d.Issuer = keys.New(keys.Config{
		Store: d.store, Hosts: []string{"tts.example", "127.0.0.1", "::1"}, Port: "8085", Now: d.clock.now,
		Services: []string{"google.cloud.texttospeech.v1.TextToSpeech", "google.longrunning.Operations"},
	})
	d.account = d.newAccount(t, keys.Wish{Project: "books", Role: auth.Operator})
	apiKey, k, err := keys.NewAPIKey(keys.Wish{Project: "shop", Account: "till", Role: auth.Speaker}, noon)
	if err != nil {
		t.Fatal(err)
	}
	d.apiKey = apiKey
	d.add(t, k)
	return d
}

func (d desk) newAccount(t *testing.T, w keys.Wish) keys.Account {
	t.Helper()
	account, k, err := keys.NewServiceAccount(w, noon)
	if err != nil {
		t.Fatal(err)
	}
	d.add(t, k)
	return account
}

func (d desk) add(t *testing.T, k keys.Key) {
	t.Helper()
	if err := keys.Add(t.Context(), d.store, k); err != nil {
		t.Fatal(err)
	}
}

// as is the result of a bearer token.
func (d desk) as(token string) (auth.Principal, error) {
	return d.Authenticate(context.Background(), auth.Credentials{Bearer: token})
}

type m = map[string]any

// claimsOf are those of a library's self-signed token, with changes; nil leaves a
// claim out.
func claimsOf(a keys.Account, changes ...m) m {
	c := m{"iss": a.ClientEmail, "sub": a.ClientEmail, "iat": noon.Unix(), "exp": noon.Add(time.Hour).Unix(), "aud": "https://texttospeech.googleapis.com/"}
	for _, change := range changes {
		maps.Copy(c, change)
	}
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

func private(t testing.TB, a keys.Account) *rsa.PrivateKey {
	t.Helper()
	return decode(t, a.PrivateKey, x509.ParsePKCS8PrivateKey).(*rsa.PrivateKey)
}

// sign makes a token as a library does.
func sign(t testing.TB, a keys.Account, claims m) string {
	t.Helper()
	return signWith(t, jose.RS256, private(t, a), a.PrivateKeyID, claims)
}

func signWith(t testing.TB, algorithm jose.SignatureAlgorithm, key any, kid string, claims m) string {
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

// raw is a token of these parts.
func raw(t *testing.T, header, claims m, signature string) string {
	t.Helper()
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	return part(header) + "." + part(claims) + "." + signature
}

func TestIssuer(t *testing.T) {
	d := newDesk(t)
	other := d.newAccount(t, keys.Wish{Project: "other", Role: auth.Viewer})
	stranger, _, err := keys.NewServiceAccount(keys.Wish{Project: "books", Role: auth.Admin}, noon)
	if err != nil {
		t.Fatal(err)
	}
	access, err := d.Exchange(t.Context(), keys.GrantType, sign(t, d.account, claimsOf(d.account, m{"aud": "https://oauth2.googleapis.com/token", "scope": auth.CloudPlatform})))
	if err != nil {
		t.Fatal(err)
	}
	token := sign(t, d.account, claimsOf(d.account))
	books := auth.Principal{Name: d.account.ClientEmail, Projects: []string{"books"}, Role: auth.Operator}
	till := auth.Principal{Name: "till", Projects: []string{"shop"}, Role: auth.Speaker}
	kid := d.account.PrivateKeyID
	header := func(changes m) m {
		h := m{"alg": "RS256", "typ": "JWT", "kid": kid}
		maps.Copy(h, changes)
		return h
	}
	signature := token[strings.LastIndexByte(token, '.')+1:]
	listed, err := keys.List(t.Context(), d.store)
	if err != nil {
		t.Fatal(err)
	}
	public := []byte(listed[0].PublicKey)
	block, _ := pem.Decode(public)
	own, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	bearer := func(token string) auth.Credentials { return auth.Credentials{Bearer: token} }
	authtest.Run(t, authtest.Subject{
		Authenticator: d,
		Holders: []authtest.Holder{
			{Credentials: bearer(token), Principal: books},
			{Credentials: bearer(access.AccessToken), Principal: books},
			{Credentials: auth.Credentials{APIKey: d.apiKey}, Principal: till},
			{Credentials: bearer(d.apiKey), Principal: till},
		},
		Refused: map[string]auth.Credentials{
			"none":                       bearer(raw(t, header(m{"alg": "none"}), claimsOf(d.account), "")),
			"none, spelt otherwise":      bearer(raw(t, header(m{"alg": "NoNe"}), claimsOf(d.account), signature)),
			"no signature":               bearer(raw(t, header(nil), claimsOf(d.account), "")),
			"HS256 by the public PEM":    bearer(signWith(t, jose.HS256, public, kid, claimsOf(d.account))),
			"HS256 by the public DER":    bearer(signWith(t, jose.HS256, block.Bytes, kid, claimsOf(d.account))),
			"access by the public PEM":   bearer(signWith(t, jose.HS256, public, "access", claimsOf(d.account, m{"key": kid}))),
			"access by RS256":            bearer(signWith(t, jose.RS256, private(t, d.account), "access", claimsOf(d.account, m{"key": kid}))),
			"access by 32 zeros":         bearer(signWith(t, jose.HS256, make([]byte, 32), "access", claimsOf(d.account, m{"key": kid}))),
			"RS512":                      bearer(signWith(t, jose.RS512, private(t, d.account), kid, claimsOf(d.account))),
			"PS256":                      bearer(signWith(t, jose.PS256, private(t, d.account), kid, claimsOf(d.account))),
			"kid of another account":     bearer(signWith(t, jose.RS256, private(t, d.account), other.PrivateKeyID, claimsOf(d.account))),
			"kid unknown":                bearer(sign(t, stranger, claimsOf(stranger))),
			"kid is a path":              bearer(signWith(t, jose.RS256, own, "../../../../dev/null", claimsOf(d.account))),
			"kid is SQL":                 bearer(signWith(t, jose.RS256, own, "x' UNION SELECT 'key' --", claimsOf(d.account))),
			"kid of an API key":          bearer(signWith(t, jose.RS256, own, listed[1].ID, claimsOf(d.account))),
			"kid is missing":             bearer(signWith(t, jose.RS256, private(t, d.account), "", claimsOf(d.account))),
			"kid is a number":            bearer(raw(t, header(m{"kid": 1}), claimsOf(d.account), signature)),
			"key in the header":          bearer(embedded(t, own, kid, claimsOf(d.account))),
			"jku":                        bearer(raw(t, header(m{"jku": "http://127.0.0.1:1/keys"}), claimsOf(d.account), signature)),
			"crit":                       bearer(raw(t, header(m{"crit": []string{"exp"}}), claimsOf(d.account), signature)),
			"signature of another token": bearer(raw(t, header(nil), claimsOf(d.account, m{"aud": nil}), signature)),
			"iss of another account":     bearer(sign(t, d.account, claimsOf(d.account, m{"iss": other.ClientEmail}))),
			"sub of another account":     bearer(sign(t, d.account, claimsOf(d.account, m{"sub": other.ClientEmail}))),
			"no sub":                     bearer(sign(t, d.account, claimsOf(d.account, m{"sub": nil}))),
			"no iss":                     bearer(sign(t, d.account, claimsOf(d.account, m{"iss": nil}))),
			"another server":             bearer(sign(t, d.account, claimsOf(d.account, m{"aud": "https://storage.googleapis.com/"}))),
			"two servers":                bearer(sign(t, d.account, claimsOf(d.account, m{"aud": []string{"", "https://storage.googleapis.com/"}}))),
			"for the exchange":           bearer(sign(t, d.account, claimsOf(d.account, m{"aud": "https://oauth2.googleapis.com/token"}))),
			"aud is a number":            bearer(sign(t, d.account, claimsOf(d.account, m{"aud": 7}))),
			"over":                       bearer(sign(t, d.account, claimsOf(d.account, m{"iat": noon.Add(-time.Hour - 6*time.Minute).Unix(), "exp": noon.Add(-6 * time.Minute).Unix()}))),
			"not yet":                    bearer(sign(t, d.account, claimsOf(d.account, m{"iat": noon.Add(6 * time.Minute).Unix(), "exp": noon.Add(time.Hour).Unix()}))),
			"nbf":                        bearer(sign(t, d.account, claimsOf(d.account, m{"nbf": noon.Add(6 * time.Minute).Unix()}))),
			"for more than an hour":      bearer(sign(t, d.account, claimsOf(d.account, m{"exp": noon.Add(time.Hour + time.Second).Unix()}))),
			"for ever":                   bearer(sign(t, d.account, claimsOf(d.account, m{"exp": int64(1) << 62}))),
			"beyond numbers":             bearer(sign(t, d.account, claimsOf(d.account, m{"exp": 1e300}))),
			"backwards":                  bearer(sign(t, d.account, claimsOf(d.account, m{"exp": noon.Add(-time.Minute).Unix()}))),
			"no exp":                     bearer(sign(t, d.account, claimsOf(d.account, m{"exp": nil}))),
			"no iat":                     bearer(sign(t, d.account, claimsOf(d.account, m{"iat": nil}))),
			"exp is text":                bearer(sign(t, d.account, claimsOf(d.account, m{"exp": "tomorrow"}))),
			"huge":                       bearer(sign(t, d.account, claimsOf(d.account, m{"more": strings.Repeat("x", 16<<10)}))),
			"scope of something else":    bearer(sign(t, d.account, claimsOf(d.account, m{"aud": nil, "scope": "https://www.googleapis.com/auth/devstorage.read_only"}))),
			"scope is empty":             bearer(sign(t, d.account, claimsOf(d.account, m{"aud": nil, "scope": ""}))),
			"scope begins alike":         bearer(sign(t, d.account, claimsOf(d.account, m{"aud": nil, "scope": auth.CloudPlatform + ".read-only"}))),
			"API key with another end":   {APIKey: d.apiKey[:len(d.apiKey)-43] + strings.Repeat("A", 43)},
			"an account's id as API key": {APIKey: "lectern-" + kid[:16] + "-" + strings.Repeat("A", 43)},
		},
		Codes: map[string]fault.Code{
			"scope of something else": fault.PermissionDenied, "scope is empty": fault.PermissionDenied, "scope begins alike": fault.PermissionDenied,
			"API key with another end": fault.InvalidArgument, "an account's id as API key": fault.InvalidArgument,
		},
	})
}

// embedded is a token that brings the key by which it is to be verified.
func embedded(t *testing.T, key *rsa.PrivateKey, kid string, claims m) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key},
		(&jose.SignerOptions{EmbedJWK: true}).WithType("JWT").WithHeader("kid", kid))
	if err != nil {
		t.Fatal(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// What the libraries sign for, each as one of them sends it.
func TestAudiences(t *testing.T) {
	d := newDesk(t)
	other := d.newAccount(t, keys.Wish{Project: "books", Role: auth.Operator, URL: "https://speech.example:9443"})
	accepted := []any{
		nil, "", []string{""}, "https://texttospeech.googleapis.com/", "https://longrunning.googleapis.com/",
		"https://tts.example:8085/google.cloud.texttospeech.v1.TextToSpeech", "https://tts.example/google.longrunning.Operations",
		"https://tts.example/", "https://tts.example", "http://tts.example/", "https://TTS.example:8085", "https://tts.example:443/",
		"http://127.0.0.1:8085/", "https://127.0.0.1/", "https://[::1]:8085/", []string{"https://elsewhere.example/", "https://tts.example/"},
	}
	refused := []any{
		"tts.example", "https://tts.example:9/", "https://tts.example.evil/", "https://eviltts.example/", "https://user@tts.example/",
		"https://tts.example/google.storage.v2.Storage", "https://tts.example/?x", "ftp://tts.example/", "https://texttospeech.googleapis.com.evil/",
		"https://storage.googleapis.com/", "//tts.example/", "https://", "https://speech.example:9443/",
	}
	for _, aud := range accepted {
		if _, err := d.as(sign(t, d.account, claimsOf(d.account, m{"aud": aud}))); err != nil {
			t.Errorf("%v: %v", aud, err)
		}
	}
	for _, aud := range refused {
		if _, err := d.as(sign(t, d.account, claimsOf(d.account, m{"aud": aud}))); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%v: %v", aud, err)
		}
	}
	// Whoever was told to call another name may.
	if _, err := d.as(sign(t, other, claimsOf(other, m{"aud": "https://speech.example:9443/google.longrunning.Operations"}))); err != nil {
		t.Error(err)
	}
}

// A scope among others, no aud; and both.
func TestScopes(t *testing.T) {
	d := newDesk(t)
	for _, change := range []m{
		{"aud": nil, "scope": auth.CloudPlatform},
		{"aud": "", "scope": "openid " + auth.CloudPlatform},
		{"scope": auth.CloudPlatform},
	} {
		if _, err := d.as(sign(t, d.account, claimsOf(d.account, change))); err != nil {
			t.Errorf("%v: %v", change, err)
		}
	}
}

// A token that holds is for what accepts one of its scopes, and for nothing else,
// whatever it was first shown for.
func TestScopesOfWhatIsCalled(t *testing.T) {
	d := newDesk(t)
	const reading, writing = "https://www.googleapis.com/auth/devstorage.read_only", "https://www.googleapis.com/auth/devstorage.read_write"
	long := strings.Repeat("x", 2000) + " " + reading
	assertion := sign(t, d.account, claimsOf(d.account, m{"aud": d.account.TokenURI, "scope": "openid " + reading}))
	access, err := d.Exchange(t.Context(), keys.GrantType, assertion)
	if err != nil {
		t.Fatal(err)
	}
	for name, token := range map[string]string{
		"self-signed": sign(t, d.account, claimsOf(d.account, m{"aud": nil, "scope": reading})),
		"exchanged":   access.AccessToken,
		"long":        sign(t, d.account, claimsOf(d.account, m{"aud": nil, "scope": long})),
	} {
		for _, c := range []struct {
			accepted []string
			good     bool
		}{
			{[]string{reading, writing}, true}, {[]string{writing}, false}, {nil, false}, {[]string{reading}, true}, {[]string{""}, false},
		} {
			_, err := d.Authenticate(t.Context(), auth.Credentials{Bearer: token, Scopes: c.accepted})
			if c.good && err != nil || !c.good && !fault.Is(err, fault.PermissionDenied) {
				t.Errorf("%s where %q are accepted: %v", name, c.accepted, err)
			}
		}
	}
	whole := sign(t, d.account, claimsOf(d.account))
	if _, err := d.Authenticate(t.Context(), auth.Credentials{Bearer: whole, Scopes: []string{reading}}); err != nil {
		t.Errorf("without scopes: %v", err)
	}
}

// Clocks may be five minutes apart; a token that was seen before is not accepted
// longer than one that was not.
func TestSkewAndReplay(t *testing.T) {
	d := newDesk(t)
	token := sign(t, d.account, claimsOf(d.account))
	for _, c := range []struct {
		at   time.Duration
		good bool
	}{
		{-5*time.Minute - time.Second, false}, {-5 * time.Minute, true}, {0, true}, {time.Hour, true},
		{time.Hour + 4*time.Minute, true}, {time.Hour + 5*time.Minute + time.Second, false}, {48 * time.Hour, false},
	} {
		d.clock.Time = noon.Add(c.at)
		if _, err := d.as(token); (err == nil) != c.good {
			t.Errorf("%v after it was signed: %v", c.at, err)
		}
	}
}

// What a command of another process has revoked is refused within a second, tokens
// that were seen and access tokens as well.
func TestRevocation(t *testing.T) {
	d := newDesk(t)
	token := sign(t, d.account, claimsOf(d.account))
	access, err := d.Exchange(t.Context(), keys.GrantType, sign(t, d.account, claimsOf(d.account, m{"aud": d.account.TokenURI, "scope": auth.CloudPlatform})))
	if err != nil {
		t.Fatal(err)
	}
	all := []auth.Credentials{{Bearer: token}, {Bearer: access.AccessToken}, {APIKey: d.apiKey}, {Bearer: d.apiKey}}
	for _, c := range all {
		if _, err := d.Authenticate(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	listed, err := keys.List(t.Context(), d.store)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range listed {
		if _, err := keys.Revoke(t.Context(), d.store, k.ID); err != nil {
			t.Fatal(err)
		}
	}
	d.clock.Time = noon.Add(time.Second)
	for i, c := range all {
		if _, err := d.Authenticate(t.Context(), c); err == nil {
			t.Errorf("%d is let in", i)
		}
	}
	if _, err := d.Exchange(t.Context(), keys.GrantType, sign(t, d.account, claimsOf(d.account, m{"aud": d.account.TokenURI, "scope": auth.CloudPlatform}))); err == nil {
		t.Error("a key that is revoked has an access token")
	}
}

// A key that another has replaced holds until then and not longer.
func TestExpiry(t *testing.T) {
	d := newDesk(t)
	listed, err := keys.List(t.Context(), d.store)
	if err != nil {
		t.Fatal(err)
	}
	next, k, err := keys.NewAPIKey(keys.Wish{Project: "shop", Account: "till", Role: auth.Speaker}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.Replace(t.Context(), d.store, listed[1].ID, k, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Duration{0, time.Hour - time.Second, time.Hour} {
		d.clock.Time = noon.Add(at)
		old, err := d.Authenticate(t.Context(), auth.Credentials{APIKey: d.apiKey})
		if (err == nil) != (at < time.Hour) {
			t.Errorf("after %v the old key is %+v, %v", at, old, err)
		}
		if p, err := d.Authenticate(t.Context(), auth.Credentials{APIKey: next}); err != nil || p.Name != "till" {
			t.Errorf("after %v the new key is %+v, %v", at, p, err)
		}
	}
}

// unreadable is a store that fails from some time on.
type unreadable struct {
	keys.Store
	failing bool
}

func (u *unreadable) Load(ctx context.Context, mark string) ([]byte, string, error) {
	if u.failing {
		return nil, "", context.DeadlineExceeded
	}
	return u.Store.Load(ctx, mark)
}

// A store that does not answer closes the door, and opens it again when it does.
func TestStoreThatFails(t *testing.T) {
	d := newDesk(t)
	u := &unreadable{Store: d.store}
	d.Issuer = keys.New(keys.Config{Store: u, Now: d.clock.now})
	c := auth.Credentials{APIKey: d.apiKey}
	if _, err := d.Authenticate(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		failing bool
		code    fault.Code
	}{{true, fault.Unavailable}, {true, fault.Unavailable}, {false, 0}} {
		u.failing = step.failing
		d.clock.Time = d.clock.Add(time.Second)
		_, err := d.Authenticate(t.Context(), c)
		if step.code == 0 && err != nil || step.code != 0 && !fault.Is(err, step.code) {
			t.Errorf("failing %v: %v", step.failing, err)
		}
	}
}

// Before the first key nobody is let in, least of all by an empty secret.
// hanging is a store that at times does not answer.
type hanging struct {
	keys.Store
	hangs atomic.Bool
}

func (h *hanging) Load(ctx context.Context, mark string) ([]byte, string, error) {
	if h.hangs.Load() {
		<-ctx.Done()
		return nil, "", ctx.Err()
	}
	return h.Store.Load(ctx, mark)
}

// TestStoreThatHangs closes the door without holding up the calls that come one after
// the other by one connection, and opens it when it answers again.
func TestStoreThatHangs(t *testing.T) {
	file := keys.OpenFile(filepath.Join(t.TempDir(), keys.FileName))
	key, k, err := keys.NewAPIKey(speakerOf("p"), time.Now())
	if err == nil {
		err = keys.Add(t.Context(), file, k)
	}
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		store := &hanging{Store: file}
		issuer := keys.New(keys.Config{Store: store})
		call := func() error {
			_, err := issuer.Authenticate(t.Context(), auth.Credentials{APIKey: key})
			return err
		}
		if err := call(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second) // what it holds is stale
		store.hangs.Store(true)
		began := time.Now()
		for range 1000 {
			if err := call(); !fault.Is(err, fault.Unavailable) {
				t.Fatalf("while the store hangs: %v", err)
			}
			time.Sleep(time.Millisecond) // the connection has others
		}
		// The first waits a second; of each look after it some wait 50 ms.
		if held := time.Since(began) - time.Second; held > 1200*time.Millisecond {
			t.Errorf("1,000 calls were held up for %v", held)
		}
		store.hangs.Store(false)
		time.Sleep(3 * time.Second) // the look that hung is over
		if err := call(); err != nil {
			t.Errorf("when the store answers again: %v", err)
		}
	})
}

func TestNoKeys(t *testing.T) {
	empty := keys.New(keys.Config{Store: keys.OpenFile(filepath.Join(t.TempDir(), keys.FileName)), Now: func() time.Time { return noon }})
	d := newDesk(t)
	for _, token := range []string{
		sign(t, d.account, claimsOf(d.account)),
		raw(t, m{"alg": "HS256", "kid": "access"}, claimsOf(d.account, m{"key": ""}), "AAAA"),
	} {
		if p, err := empty.Authenticate(t.Context(), auth.Credentials{Bearer: token}); err == nil {
			t.Errorf("%+v", p)
		}
	}
}

func TestExchange(t *testing.T) {
	d := newDesk(t)
	stranger, _, err := keys.NewServiceAccount(keys.Wish{Project: "books", Role: auth.Admin}, noon)
	if err != nil {
		t.Fatal(err)
	}
	good := m{"aud": "https://oauth2.googleapis.com/token", "scope": auth.CloudPlatform}
	for _, aud := range []string{"https://oauth2.googleapis.com/token", d.account.TokenURI, "https://tts.example:8085/token", "http://tts.example/token"} {
		for _, sub := range []any{nil, d.account.ClientEmail} {
			token, err := d.Exchange(t.Context(), keys.GrantType, sign(t, d.account, claimsOf(d.account, good, m{"aud": aud, "sub": sub})))
			if err != nil || token.ExpiresIn != 3599 || token.TokenType != "Bearer" {
				t.Errorf("%s, %v: %+v, %v", aud, sub, token, err)
				continue
			}
			if p, err := d.as(token.AccessToken); err != nil || p.Name != d.account.ClientEmail {
				t.Errorf("%+v, %v", p, err)
			}
		}
	}
	assert := func(changes ...m) string {
		return sign(t, d.account, claimsOf(d.account, slices.Insert(changes, 0, good)...))
	}
	for name, c := range map[string]struct{ grant, assertion, code, description string }{
		"grant":           {"password", assert(), "unsupported_grant_type", "Invalid grant_type: password"},
		"broken":          {keys.GrantType, "x.y", "invalid_request", "Bad Request"},
		"huge":            {keys.GrantType, strings.Repeat("A", 1<<20), "invalid_request", "Bad Request"},
		"none":            {keys.GrantType, raw(t, m{"alg": "none"}, claimsOf(d.account, good), ""), "invalid_grant", "Invalid JWT Signature."},
		"HS256":           {keys.GrantType, signWith(t, jose.HS256, []byte("secretsecretsecretsecretsecretse"), d.account.PrivateKeyID, claimsOf(d.account, good)), "invalid_grant", "Invalid JWT Signature."},
		"another's key":   {keys.GrantType, signWith(t, jose.RS256, private(t, stranger), d.account.PrivateKeyID, claimsOf(d.account, good)), "invalid_grant", "Invalid JWT Signature."},
		"unknown key":     {keys.GrantType, signWith(t, jose.RS256, private(t, stranger), stranger.PrivateKeyID, claimsOf(d.account, good)), "invalid_grant", "Invalid JWT Signature."},
		"unknown account": {keys.GrantType, sign(t, stranger, claimsOf(stranger, good)), "invalid_grant", "Invalid grant: account not found"},
		"another account": {keys.GrantType, assert(m{"iss": stranger.ClientEmail}), "invalid_grant", "Invalid grant: account not found"},
		"another sub":     {keys.GrantType, assert(m{"sub": stranger.ClientEmail}), "invalid_grant", "Invalid grant: account not found"},
		"too long":        {keys.GrantType, assert(m{"exp": noon.Add(2 * time.Hour).Unix()}), "invalid_grant", "Invalid JWT: Token must be"},
		"over":            {keys.GrantType, assert(m{"iat": noon.Add(-2 * time.Hour).Unix(), "exp": noon.Add(-time.Hour).Unix()}), "invalid_grant", "Invalid JWT: Token must be"},
		"no scope":        {keys.GrantType, assert(m{"scope": nil}), "invalid_scope", "Invalid OAuth scope"},
		"an empty scope":  {keys.GrantType, assert(m{"scope": ""}), "invalid_scope", "Invalid OAuth scope"},
		"another server":  {keys.GrantType, assert(m{"aud": "https://texttospeech.googleapis.com/"}), "invalid_grant", "Invalid JWT: Failed audience check."},
		"no server":       {keys.GrantType, assert(m{"aud": nil}), "invalid_grant", "Invalid JWT: Failed audience check."},
	} {
		token, err := d.Exchange(t.Context(), c.grant, c.assertion)
		refused, ok := err.(keys.OAuthError)
		if !ok || refused.Code != c.code || !strings.HasPrefix(refused.Description, c.description) || token.AccessToken != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// An access token is worth no more than its assertion.
	narrow, err := d.Exchange(t.Context(), keys.GrantType, assert(m{"scope": "openid"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.as(narrow.AccessToken); !fault.Is(err, fault.PermissionDenied) {
		t.Errorf("a narrow scope is %v", err)
	}
	// Nor does one live for ever, or stand in for an assertion.
	whole, err := d.Exchange(t.Context(), keys.GrantType, assert())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Exchange(t.Context(), keys.GrantType, whole.AccessToken); err == nil {
		t.Error("an access token was exchanged")
	}
	d.clock.Time = noon.Add(time.Hour + 6*time.Minute)
	if _, err := d.as(whole.AccessToken); !fault.Is(err, fault.Unauthenticated) {
		t.Errorf("after its hour it is %v", err)
	}
}

// A key that was made a moment ago lets its holder in at once.
func TestNewKeys(t *testing.T) {
	d := newDesk(t)
	if _, err := d.as(sign(t, d.account, claimsOf(d.account))); err != nil {
		t.Fatal(err)
	}
	d.clock.Time = noon.Add(20 * time.Millisecond)
	next := d.newAccount(t, keys.Wish{Project: "books", Role: auth.Viewer})
	if _, err := d.as(sign(t, next, claimsOf(next))); err != nil {
		t.Error(err)
	}
}
