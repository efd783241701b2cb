package peers_test

import (
	"errors"
	"io"
	"os/exec"
	"testing"

	"cloud.google.com/go/storage"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/option"

	"github.com/lectern/lectern/internal/needs"
)

// Google's Storage clients with a service account of a server that asks for
// credentials. Those for Python and Java ask for scopes of Cloud Storage alone.

func TestPythonStorageClientWithCredentials(t *testing.T) {
	python := needs.Python(t, "google.cloud.storage")
	g := serveGuarded(t)
	cmd := exec.CommandContext(t.Context(), python, "testdata/storage_credentials.py", g.address)
	cmd.Env = append(cmd.Environ(), "GOOGLE_APPLICATION_CREDENTIALS="+g.account(t, "p1", "operator"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestNodeStorageClientWithCredentials(t *testing.T) {
	client := needs.Clients(t, "node-storage")
	node := needs.Program(t, "node")
	g := serveGuarded(t)
	cmd := exec.CommandContext(t.Context(), node, "testdata/storage_credentials.js", client, g.address, g.account(t, "p1", "operator"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestJavaStorageClientWithCredentials(t *testing.T) {
	client := needs.Clients(t, "java-storage")
	java := needs.Program(t, "java")
	g := serveGuarded(t)
	cmd := exec.CommandContext(t.Context(), java, "-cp", client+"/*", "testdata/StorageCredentials.java", g.address, g.account(t, "p1", "operator"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// By its default, and with the scope that it has for readers.
func TestGoStorageClientWithCredentials(t *testing.T) {
	g := serveGuarded(t)
	account := option.WithAuthCredentialsFile(option.ServiceAccount, g.account(t, "p1", "operator"))
	objectOf := func(options ...option.ClientOption) *storage.ObjectHandle {
		t.Helper()
		options = append(options, option.WithEndpoint("http://"+g.address+"/storage/v1/"), storage.WithJSONReads())
		c, err := storage.NewClient(t.Context(), options...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c.Bucket("books").Object("a.wav")
	}
	for name, scopes := range map[string][]option.ClientOption{"default": nil, "read-write": {option.WithScopes(storage.ScopeReadWrite)}} {
		if _, err := write(t.Context(), objectOf(append(scopes, account)...), []byte(name), 0); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	reader := objectOf(account, option.WithScopes(storage.ScopeReadOnly))
	r, err := reader.NewReader(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || len(got) == 0 {
		t.Errorf("%q, %v", got, err)
	}
	var refused *googleapi.Error
	if err := reader.Delete(t.Context()); !errors.As(err, &refused) || refused.Code != 403 {
		t.Errorf("with a scope for reading it was removed: %v", err)
	}
	if _, err := objectOf(option.WithoutAuthentication()).Attrs(t.Context()); !errors.As(err, &refused) || refused.Code != 401 {
		t.Errorf("without credentials: %v", err)
	}
}
