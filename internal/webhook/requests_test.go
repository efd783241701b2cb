package webhook

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/hosts"
)

func requests(t *testing.T, allowed ...string) *Requests {
	t.Helper()
	r, err := NewRequests(allowed, secret)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRequestsAreChecked(t *testing.T) {
	for _, tt := range []struct {
		allowed, address, says string
	}{
		{"public", "https://jobs.example/ended", ""},
		{"public", "https://jobs.example:8443/ended?job=1", ""},
		{"jobs.example", "http://jobs.example/ended", ""},
		{"10.0.0.0/8", "http://10.1.2.3:9000/", ""},
		{"public", "http://jobs.example/ended", "https: only"},
		{"10.0.0.0/8", "http://jobs.example/ended", "https: only"},
		{"jobs.example", "https://other.example/", "nothing to other.example"},
		{"public", "https://169.254.169.254/latest", "nothing to 169.254.169.254"},
		{"public", "https://[::1]/", "nothing to ::1"},
		{"10.0.0.0/8", "https://127.0.0.1/", "nothing to 127.0.0.1"},
		{"none", "https://jobs.example/", "nothing to jobs.example"},
		{"public", "https://user:secret@jobs.example/", "no password"},
		{"public", "ftp://jobs.example/", "https://HOST/PATH"},
		{"public", "jobs.example", "https://HOST/PATH"},
		{"public", "https://", "https://HOST/PATH"},
		{"public", "", "https://HOST/PATH"},
		{"public", "https://a b/", "https://HOST/PATH"},
		{"public", "https://jobs.example/" + strings.Repeat("a", maxAddress), "2000 bytes"},
	} {
		err := requests(t, tt.allowed).Check(tt.address)
		if (err == nil) != (tt.says == "") || err != nil && (!fault.Is(err, fault.InvalidArgument) || !strings.Contains(err.Error(), tt.says)) {
			t.Errorf("%s where %s is allowed: %v", tt.address, tt.allowed, err)
		}
	}
}

// The receiver that a request names gets what the server's own would, and the address
// that counts is the one that is connected to.
func TestRequestsAreTold(t *testing.T) {
	status := http.StatusNoContent
	address, got := receiver(t, &status)
	r := requests(t, "127.0.0.0/8")
	if err := r.Tell(t.Context(), address, cancelled, time.Now()); err != nil {
		t.Fatal(err)
	}
	told := <-got
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := verifier.Verify(told.body, told.header); err != nil {
		t.Errorf("the signature: %v", err)
	}
	// A public name that leads to this machine.
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	inside := "https://localhost:" + u.Port() + "/secret"
	if err := requests(t, "public").Tell(t.Context(), inside, cancelled, time.Now()); !errors.As(err, new(hosts.Refused)) || strings.Contains(err.Error(), "secret") {
		t.Errorf("told inside: %v", err)
	}
	if err := requests(t, "none").Tell(t.Context(), address, cancelled, time.Now()); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("told whom the settings do not allow any more: %v", err)
	}
	if len(got) > 0 {
		t.Error("somebody was told")
	}
}

// Who fails is left alone, and nobody else is.
func TestRequestsRest(t *testing.T) {
	bad, good := http.StatusInternalServerError, http.StatusOK
	failing, _ := receiver(t, &bad)
	other, _ := receiver(t, &good)
	other = strings.Replace(other, "127.0.0.1", "localhost", 1)
	r := requests(t, "127.0.0.0/8", "localhost")
	now := time.Now()
	r.sender.now = func() time.Time { return now }
	if err := r.Tell(t.Context(), failing, cancelled, now); err == nil || strings.Contains(err.Error(), "left alone") {
		t.Errorf("the first time: %v", err)
	}
	if err := r.Tell(t.Context(), failing, cancelled, now); !errors.Is(err, errResting) {
		t.Errorf("at once: %v", err)
	}
	if err := r.Tell(t.Context(), other, cancelled, now); err != nil {
		t.Errorf("another one: %v", err)
	}
}
