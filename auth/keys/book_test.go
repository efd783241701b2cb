package keys_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/authtest"
	"github.com/lectern/lectern/auth/keys"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func speakerOf(project string) keys.Wish { return keys.Wish{Project: project, Role: auth.Speaker} }

// What is kept recognises the holder, and is worth nothing to a thief.
func TestNothingSecretIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), keys.FileName)
	store := keys.OpenFile(path)
	account, k, err := keys.NewServiceAccount(speakerOf("p"), noon)
	if err != nil {
		t.Fatal(err)
	}
	apiKey, a, err := keys.NewAPIKey(speakerOf("p"), noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []keys.Key{k, a} {
		if err := keys.Add(t.Context(), store, k); err != nil {
			t.Fatal(err)
		}
	}
	document, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if st, _ := os.Stat(path); st.Mode().Perm() != 0o600 {
		t.Errorf("others may %v", st.Mode())
	}
	secret := strings.SplitN(apiKey, "-", 3)[2] // which may hold further ones
	if strings.Contains(string(document), secret) || strings.Contains(string(document), "PRIVATE") {
		t.Errorf("secrets are kept:\n%s", document)
	}
	listed, err := keys.List(t.Context(), store)
	if err != nil || len(listed) != 2 || listed[0].ID != account.PrivateKeyID || listed[1].ID != a.ID {
		t.Fatalf("%v, %v", listed, err)
	}

	// The halves of a service account's key belong together.
	public := decode(t, listed[0].PublicKey, x509.ParsePKIXPublicKey).(*rsa.PublicKey)
	private := decode(t, account.PrivateKey, x509.ParsePKCS8PrivateKey).(*rsa.PrivateKey)
	sum := sha256.Sum256([]byte("text"))
	signature, err := rsa.SignPKCS1v15(rand.Reader, private, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], signature); err != nil {
		t.Error(err)
	}
}

func decode(t testing.TB, text string, parse func([]byte) (any, error)) any {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		t.Fatalf("no PEM: %q", text)
	}
	key, err := parse(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Every field that a library of Google's looks at.
func TestAccountFile(t *testing.T) {
	account, k, err := keys.NewServiceAccount(keys.Wish{Project: "books", Role: auth.Operator, URL: "https://tts.example:8443/"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if account.Type != "service_account" || account.ProjectID != "books" || account.Universe != "googleapis.com" ||
		account.TokenURI != "https://tts.example:8443/token" || account.PrivateKeyID != k.ID || len(k.ID) != 40 ||
		!strings.HasSuffix(account.ClientEmail, "@books.iam.gserviceaccount.com") || account.ClientEmail != k.Account || len(account.ClientID) != 21 {
		t.Errorf("%+v\n%+v", account, k)
	}
	if p := k.Principal(); p.Name != account.ClientEmail || !p.In("books") || p.In("other") || p.Role != auth.Operator {
		t.Errorf("%+v", p)
	}
	_, admin, err := keys.NewServiceAccount(keys.Wish{Project: "books", Role: auth.Admin}, noon)
	if err != nil || !admin.Principal().In("other") {
		t.Errorf("an admin is %+v, %v", admin.Principal(), err)
	}
}

func TestWishesThatCannotBe(t *testing.T) {
	for _, w := range []keys.Wish{
		{Project: "p"},
		{Project: "p", Role: 17},
		{Project: "a/b", Role: auth.Viewer},
		{Project: "p\n", Role: auth.Viewer},
		{Project: "p", Account: "a b", Role: auth.Viewer},
		{Project: "p", URL: "tts.example", Role: auth.Viewer},
		{Project: "p", URL: "https://tts.example/path", Role: auth.Viewer},
		{Project: "p", URL: "ftp://tts.example", Role: auth.Viewer},
	} {
		if _, _, err := keys.NewServiceAccount(w, noon); err == nil {
			t.Errorf("%+v was made", w)
		}
		if _, _, err := keys.NewAPIKey(w, noon); err == nil {
			t.Errorf("%+v was made", w)
		}
	}
}

func TestRevokeAndReplace(t *testing.T) {
	store := keys.OpenFile(filepath.Join(t.TempDir(), keys.FileName))
	var made []keys.Key
	for range 3 {
		_, k, err := keys.NewAPIKey(speakerOf("p"), noon)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, k)
	}
	for _, k := range made[:2] {
		if err := keys.Add(t.Context(), store, k); err != nil {
			t.Fatal(err)
		}
	}
	if gone, err := keys.Revoke(t.Context(), store, made[0].ID); err != nil || gone.ID != made[0].ID {
		t.Errorf("%v, %v", gone, err)
	}
	if _, err := keys.Revoke(t.Context(), store, made[0].ID); err == nil {
		t.Error("it was revoked twice")
	}
	if err := keys.Replace(t.Context(), store, made[1].ID, made[2], noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	listed, err := keys.List(t.Context(), store)
	if err != nil || len(listed) != 2 || !listed[0].Expires.Equal(noon.Add(time.Hour)) || !listed[1].Expires.IsZero() {
		t.Errorf("%+v, %v", listed, err)
	}
}

// No change of one process undoes another's.
func TestChangesAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), keys.FileName)
	const many = 32
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			k := keys.Key{ID: fmt.Sprint(i), Kind: keys.APIKey, Role: auth.Viewer}
			if err := keys.Add(t.Context(), keys.OpenFile(path), k); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if listed, err := keys.List(t.Context(), keys.OpenFile(path)); err != nil || len(listed) != many {
		t.Errorf("%d keys, %v", len(listed), err)
	}
}

func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), keys.FileName)
	authtest.RunStore(t, func(*testing.T) keys.Store { return keys.OpenFile(path) })
}
