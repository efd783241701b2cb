package lectern_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lectern/lectern"
	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/internal/webhook"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/postgres"
)

func TestMain(m *testing.M) {
	code := m.Run()
	needs.Tidy()
	os.Exit(code)
}

const secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

// jobs is a receiver of what has ended.
type jobs struct {
	*httptest.Server
	refuses atomic.Bool
	asked   chan string // paths, each time
}

func newJobs(t *testing.T) *jobs {
	j := &jobs{asked: make(chan string, 100)}
	j.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if j.refuses.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		j.asked <- r.URL.Path
	}))
	t.Cleanup(j.Close)
	return j
}

// telling is a configuration whose requests may name receivers on this machine.
func telling(t *testing.T, data string) lectern.Config {
	t.Helper()
	requests, err := webhook.NewRequests([]string{"127.0.0.1"}, secret)
	if err != nil {
		t.Fatal(err)
	}
	c := tones()
	c.Listen, c.Data, c.Webhooks = "127.0.0.1:0", data, requests
	return c
}

// begin starts a long operation over REST, with the header, and returns the answer.
func begin(t *testing.T, s *lectern.Server, object, webhook string) (code int, answer string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.Addr().String()+"/v1/projects/p/locations/l:synthesizeLongAudio",
		strings.NewReader(`{"input":{"text":"Hello."},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"LINEAR16"},"outputGcsUri":"gs://books/`+object+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Lectern-Webhook", webhook)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return got.StatusCode, string(body)
}

// TestWebhooksOfRequests: a request's receiver is told instead of the server's own, and
// the wish to tell it survives the server.
func TestWebhooksOfRequests(t *testing.T) {
	theirs, ours, data := newJobs(t), newJobs(t), t.TempDir()
	configuration := func() lectern.Config {
		c := telling(t, data)
		hook, err := webhook.New(ours.URL+"/ours", secret)
		if err != nil {
			t.Fatal(err)
		}
		c.Notify = hook.Tell
		return c
	}
	first, err := lectern.New(t.Context(), configuration())
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan error, 1)
	go func() { ran <- first.Run(context.Background()) }()
	theirs.refuses.Store(true)
	if code, answer := begin(t, first, "a.wav", theirs.URL+"/theirs"); code != http.StatusOK {
		t.Fatalf("%d %s", code, answer)
	}
	<-theirs.asked // and refused
	if err := errors.Join(first.Close(), <-ran); err != nil && !errors.Is(err, lectern.ErrClosed) {
		t.Fatal(err)
	}
	theirs.refuses.Store(false)
	second := running(t, configuration())
	if path := <-theirs.asked; path != "/theirs" {
		t.Errorf("%s was told", path)
	}
	if code, answer := begin(t, second, "b.wav", ""); code == http.StatusOK {
		t.Errorf("an empty address: %s", answer)
	}
	for webhook, says := range map[string]string{
		"http://10.0.0.1/": "10.0.0.1 (--webhook-hosts)",
		"jobs":             "https://HOST/PATH",
	} {
		if code, answer := begin(t, second, "b.wav", webhook); code != http.StatusBadRequest || !strings.Contains(answer, says) {
			t.Errorf("%s: %d %s", webhook, code, answer)
		}
	}
	if len(ours.asked) > 0 {
		t.Errorf("the server's own receiver was told of %s", <-ours.asked)
	}
	plain := running(t, func() lectern.Config { c := tones(); c.Listen = "127.0.0.1:0"; return c }())
	if code, answer := begin(t, plain, "b.wav", theirs.URL); code != http.StatusBadRequest || !strings.Contains(answer, "tells no webhooks") {
		t.Errorf("where none is allowed: %d %s", code, answer)
	}
}

// TestWebhooksOfRequestsElsewhere: one node takes the request, another one tells.
func TestWebhooksOfRequestsElsewhere(t *testing.T) {
	url, data, theirs := needs.Postgres(t).URL("postgres"), t.TempDir(), newJobs(t)
	node := func(role lectern.Role) *lectern.Server {
		c := telling(t, data)
		c.Role = role
		c.OpenStore = func(ctx context.Context) (driver.Store, error) {
			return postgres.Open(ctx, url, slog.New(slog.DiscardHandler))
		}
		return running(t, c)
	}
	front := node(lectern.RoleAPI)
	if code, answer := begin(t, front, "a.wav", theirs.URL+"/theirs"); code != http.StatusOK {
		t.Fatalf("%d %s", code, answer)
	}
	node(lectern.RoleWorker)
	if path := <-theirs.asked; path != "/theirs" {
		t.Errorf("%s was told", path)
	}
}
