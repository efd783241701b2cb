package keys

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/lectern/lectern/auth"
)

// Wish is what a new key shall be.
type Wish struct {
	// Project is what its holder acts for; empty or AllProjects for every one. An
	// admin acts for every project whatever this says, which then only names the
	// project that the holder's programs take for theirs.
	Project string
	Role    auth.Role
	// Account is the name of whose key it is; empty for a new one. Keys of one
	// account are one principal.
	Account string
	// URL is where the holder reaches the server, such as https://tts.example:8443;
	// empty for DefaultURL. Tokens for it are accepted from this key.
	URL string
}

// DefaultURL is that of a server which was started without flags.
const DefaultURL = "http://127.0.0.1:8085"

// TokenPath is where tokens are had, a path of the server's URL.
const TokenPath = "/token"

// universeDomain is what Google's libraries compare with their own.
const universeDomain = "googleapis.com"

// Account is a service account's file, as Google's libraries read it.
type Account struct {
	Type          string `json:"type"`
	ProjectID     string `json:"project_id"`
	PrivateKeyID  string `json:"private_key_id"`
	PrivateKey    string `json:"private_key"`
	ClientEmail   string `json:"client_email"`
	ClientID      string `json:"client_id"`
	AuthURI       string `json:"auth_uri"`
	TokenURI      string `json:"token_uri"`
	CertsURL      string `json:"auth_provider_x509_cert_url"`
	ClientCertURL string `json:"client_x509_cert_url"`
	Universe      string `json:"universe_domain"`
}

// bits is the length of the keys of service accounts, which is also Google's.
const bits = 2048

// namePattern is that of projects and accounts: they stand in e-mail addresses,
// resource names and logs.
var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:@-]{0,254}$`)

// maxProjectBytes is the longest name of a project in a resource name.
const maxProjectBytes = 128

// check completes w and says what is wrong with it.
func (w Wish) check() (Wish, error) {
	w.Project = cmp.Or(w.Project, auth.AllProjects)
	w.URL = strings.TrimSuffix(cmp.Or(w.URL, DefaultURL), "/")
	at, err := url.Parse(w.URL)
	switch {
	case w.Project != auth.AllProjects && (!namePattern.MatchString(w.Project) || len(w.Project) > maxProjectBytes):
		return w, fmt.Errorf("%q cannot be a project: letters, digits and . _ : @ - make one", w.Project)
	case w.Account != "" && !namePattern.MatchString(w.Account):
		return w, fmt.Errorf("%q cannot be an account: letters, digits and . _ : @ - make one", w.Account)
	case w.Role <= auth.None || w.Role > auth.Admin:
		return w, fmt.Errorf("a key needs a role")
	case err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" || at.Path != "" || at.RawQuery != "" || at.User != nil:
		return w, fmt.Errorf("%q is not the URL of a server, such as https://tts.example:8443", w.URL)
	}
	return w, nil
}

// NewServiceAccount makes the file of a service account, which is kept by its
// holder alone, and the key by which the server recognises it.
func NewServiceAccount(w Wish, now time.Time) (Account, Key, error) {
	w, err := w.check()
	if err != nil {
		return Account{}, Key{}, err
	}
	private, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		return Account{}, Key{}, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return Account{}, Key{}, err
	}
	public, err := x509.MarshalPKIXPublicKey(private.Public())
	if err != nil {
		return Account{}, Key{}, err
	}
	id := make([]byte, 20)
	_, _ = rand.Read(id) // it cannot fail
	project := w.Project
	if project == auth.AllProjects {
		project = "lectern"
	}
	email := cmp.Or(w.Account, "lectern-"+newName())
	if !strings.Contains(email, "@") {
		email += "@" + strings.ReplaceAll(project, ":", ".") + ".iam.gserviceaccount.com"
	}
	number, err := rand.Int(rand.Reader, new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil))
	if err != nil {
		return Account{}, Key{}, err
	}
	k := Key{
		ID: hex.EncodeToString(id), Kind: ServiceAccount, Account: email, Project: w.Project, Role: w.Role, Created: now.UTC().Truncate(time.Second),
		PublicKey: string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})), TokenURI: w.URL + TokenPath,
	}
	return Account{
		Type: "service_account", ProjectID: project, PrivateKeyID: k.ID,
		PrivateKey:  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})),
		ClientEmail: email, ClientID: fmt.Sprintf("1%020d", number),
		// Nobody is asked there: the libraries want the fields.
		AuthURI: w.URL + "/auth", CertsURL: w.URL + "/certs", ClientCertURL: w.URL + "/certs/" + url.PathEscape(email),
		TokenURI: k.TokenURI, Universe: universeDomain,
	}, k, nil
}

// apiKeyPrefix begins all API keys, so that they are known for what they are where
// they should not be.
const apiKeyPrefix = "lectern"

// NewAPIKey makes an API key, which is kept by its holder alone, and the key by
// which the server recognises it.
func NewAPIKey(w Wish, now time.Time) (string, Key, error) {
	w, err := w.check()
	if err != nil {
		return "", Key{}, err
	}
	random := make([]byte, sha256.Size)
	_, _ = rand.Read(random) // it cannot fail
	secret := base64.RawURLEncoding.EncodeToString(random)
	hash := sha256.Sum256([]byte(secret))
	id := newName() + newName()
	k := Key{
		ID: id, Kind: APIKey, Account: cmp.Or(w.Account, "api-key-"+id), Project: w.Project, Role: w.Role, Created: now.UTC().Truncate(time.Second),
		Hash: hash[:],
	}
	return apiKeyPrefix + "-" + id + "-" + secret, k, nil
}

// newName is eight characters of [a-z2-7].
func newName() string { return strings.ToLower(rand.Text()[:8]) }

// splitAPIKey takes an API key apart; ok is false for what cannot be one.
func splitAPIKey(key string) (id, secret string, ok bool) {
	prefix, rest, _ := strings.Cut(key, "-")
	id, secret, ok = strings.Cut(rest, "-")
	return id, secret, ok && prefix == apiKeyPrefix && len(id) == 16 && len(secret) == 43
}
