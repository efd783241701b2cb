package server_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/server"
)

// TestObserve: every call is told of once, whichever way it came.
func TestObserve(t *testing.T) {
	seen := make(chan string, 10)
	w := start(t, func(cfg *server.Config) {
		cfg.APIs = []server.API{{
			Patterns: []string{"/v1/other/"},
			Serve:    func(w http.ResponseWriter, _ *http.Request) error { return nil },
			Refuse:   func(http.ResponseWriter, error) {},
		}}
		cfg.Observe = func(method, code string, took time.Duration) {
			if took <= 0 {
				t.Errorf("%s took %v", method, took)
			}
			seen <- method + " " + code
		}
	})
	longrunningpb.NewOperationsClient(w.conn).GetOperation(context.Background(), &longrunningpb.GetOperationRequest{Name: "operations/none"})
	got := []string{<-seen}
	for _, path := range []string{"/v1/operations/none", "/v1/other/x", "/nowhere"} {
		w.send(t, request{method: "GET", path: path})
		got = append(got, <-seen)
	}
	select {
	case more := <-seen:
		t.Errorf("%s was told of again", more)
	default:
	}
	code := got[0][len("google.longrunning.Operations/GetOperation "):]
	want := []string{
		"google.longrunning.Operations/GetOperation " + code, "google.longrunning.Operations/GetOperation " + code,
		"/v1/other/ OK", " NOT_FOUND",
	}
	if code == "OK" || !slices.Equal(got, want) {
		t.Errorf("told of %q, not %q", got, want)
	}
}
