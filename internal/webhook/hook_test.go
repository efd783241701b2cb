package webhook

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
)

const secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

var cancelled = &longrunningpb.Operation{
	Name: "projects/p/locations/l/operations/123", Done: true,
	Result: &longrunningpb.Operation_Error{Error: &statuspb.Status{Code: 1, Message: "Operation was cancelled."}},
}

// receiver answers with status and keeps what came.
func receiver(t *testing.T, status *int) (address string, got chan received) {
	got = make(chan received, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- received{r.Header, body}
		if *status/100 == 3 {
			w.Header().Set("Location", "/elsewhere")
		}
		w.WriteHeader(*status)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/ended", got
}

type received struct {
	header http.Header
	body   []byte
}

// The event is what the specifications say, signed, and the same each time.
func TestTell(t *testing.T) {
	status := http.StatusNoContent
	address, got := receiver(t, &status)
	h, err := New(address, secret)
	if err != nil {
		t.Fatal(err)
	}
	ended := time.Date(2026, 3, 1, 12, 0, 0, 5000, time.FixedZone("", 3600))
	var bodies []string
	for range 2 {
		if err := h.Tell(t.Context(), cancelled, ended); err != nil {
			t.Fatal(err)
		}
		r := <-got
		verifier, err := standardwebhooks.NewWebhook(secret)
		if err != nil {
			t.Fatal(err)
		}
		if err := verifier.Verify(r.body, r.header); err != nil {
			t.Errorf("the signature: %v", err)
		}
		if err := verifier.Verify(append(r.body, ' '), r.header); err == nil {
			t.Error("another body has the same signature")
		}
		if kind := r.header.Get("Content-Type"); !strings.HasPrefix(kind, "application/cloudevents+json") {
			t.Errorf("the content type is %q", kind)
		}
		if id := r.header.Get("webhook-id"); id != "123" {
			t.Errorf("the id is %q", id)
		}
		bodies = append(bodies, string(r.body))
	}
	if bodies[0] != bodies[1] {
		t.Errorf("first\n%s, then\n%s", bodies[0], bodies[1])
	}
	var e map[string]any
	if err := json.Unmarshal([]byte(bodies[0]), &e); err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{
		"specversion": "1.0", "type": "lectern.operation.ended", "source": "/projects/p/locations/l", "id": "123",
		"subject": cancelled.Name, "time": "2026-03-01T11:00:00.000005Z", "datacontenttype": "application/json",
	} {
		if e[field] != want {
			t.Errorf("%s is %v, not %s", field, e[field], want)
		}
	}
	data, _ := e["data"].(map[string]any)
	failure, _ := data["error"].(map[string]any)
	if data["name"] != cancelled.Name || data["done"] != true || failure["code"] != 1.0 {
		t.Errorf("data is %v", e["data"])
	}
}

// Who fails is left alone, longer each time; who takes events again is told at once.
func TestRests(t *testing.T) {
	status := http.StatusInternalServerError
	address, got := receiver(t, &status)
	h, err := New(address, secret)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	h.sender.now = func() time.Time { return now }
	tell := func(want string, asked bool) {
		t.Helper()
		err := h.Tell(t.Context(), cancelled, now)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %q", err, want)
		}
		if (len(got) == 1) != asked {
			t.Errorf("the receiver was asked %d times", len(got))
		}
		for len(got) > 0 {
			<-got
		}
	}
	tell("500", true)
	tell("left alone", false)
	now = now.Add(firstRest)
	tell("500", true)
	now = now.Add(firstRest)
	tell("left alone", false)
	now = now.Add(firstRest)
	status = http.StatusMovedPermanently // nobody is told elsewhere
	tell("301", true)
	for range 10 {
		now = now.Add(longestRest)
		tell("301", true)
	}
	now = now.Add(longestRest)
	status = http.StatusOK
	tell("", true)
	tell("", true)
	status = http.StatusGone
	tell("", true)
}

func TestRefuses(t *testing.T) {
	for _, address := range []string{"", "receiver.example", "ftp://receiver.example/", "https://"} {
		if _, err := New(address, secret); err == nil {
			t.Errorf("%q is taken", address)
		}
	}
	for _, bad := range []string{"", "whsec_", "whsec_c2hvcnQ=", "no base64!", strings.Repeat("a", 100)} {
		if _, err := New("https://receiver.example/", bad); err == nil {
			t.Errorf("the secret %q is taken", bad)
		}
	}
}

func TestReadSecret(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret")
	made, err := ReadSecret(file)
	if err != nil || checkSecret(made) != nil {
		t.Fatalf("%q, %v", made, err)
	}
	if again, err := ReadSecret(file); err != nil || again != made {
		t.Errorf("then %q, %v", again, err)
	}
	if st, err := os.Stat(file); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
	if err := os.WriteFile(file, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSecret(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a bad secret: %v", err)
	}
}
