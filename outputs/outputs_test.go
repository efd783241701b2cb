package outputs_test

import (
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"slices"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/sqlite"
	"github.com/lectern/lectern/outputs"
)

const parent = "projects/p/locations/l"

func TestPage(t *testing.T) {
	silent := slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(t.Context(), t.TempDir(), silent)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	m, err := lro.Open(t.Context(), lro.Config{Store: store, Kinds: []lro.Kind{lrotest.NewToy()}, Log: silent})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, label := range []string{"gs://books/a.wav", "", "gs://elsewhere/b.wav"} {
		op, err := m.Start(t.Context(), lro.NewOperation{
			Kind: lrotest.ToyKind, Parent: parent, Label: label, Tasks: []lro.Task{{Payload: []byte("say a"), Weight: 1}},
		})
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, op.GetName())
	}
	page := outputs.Page{Operations: m, Path: func(uri string) (string, bool) { return "/srv/a.wav", uri == "gs://books/a.wav" }}
	ask := func(path, remote string, role auth.Role, to any, headers ...string) error {
		t.Helper()
		r := httptest.NewRequest("GET", "/lectern/v1/"+path, nil)
		r = r.WithContext(auth.With(r.Context(), auth.Principal{Name: "x", Role: role}))
		r.RemoteAddr = remote
		for _, h := range headers {
			r.Header.Set(h, "192.0.2.1")
		}
		w := httptest.NewRecorder()
		if err := page.Serve(w, r); err != nil {
			return err
		}
		if err := json.Unmarshal(w.Body.Bytes(), to); err != nil {
			t.Errorf("%s: %v", w.Body, err)
		}
		return nil
	}
	const here, there = "127.0.0.1:1234", "192.0.2.1:1234"
	for _, tt := range []struct {
		remote  string
		role    auth.Role
		headers []string
		path    string
	}{
		{here, auth.Operator, nil, "/srv/a.wav"},
		{"[::1]:1", auth.Admin, nil, "/srv/a.wav"},
		{there, auth.Admin, nil, ""},
		{here, auth.Speaker, nil, ""},
		{here, auth.Admin, []string{"X-Forwarded-For"}, ""},
		{here, auth.Admin, []string{"Forwarded"}, ""},
	} {
		var got outputs.Output
		if err := ask(names[0], tt.remote, tt.role, &got, tt.headers...); err != nil || got != (outputs.Output{Name: names[0], Output: "gs://books/a.wav", Path: tt.path}) {
			t.Errorf("%+v: %+v, %v", tt, got, err)
		}
	}
	var short outputs.Output
	if err := ask(names[2][len(parent)+1:], here, auth.Admin, &short); err != nil || short.Output != "gs://elsewhere/b.wav" || short.Path != "" {
		t.Errorf("by its id: %+v, %v", short, err)
	}
	for _, collection := range []string{"operations", parent + "/operations"} {
		var first, second outputs.List
		if err := ask(collection+"?pageSize=2", there, auth.Viewer, &first); err != nil {
			t.Fatal(err)
		}
		if err := ask(collection+"?pageSize=2&pageToken="+first.NextPageToken, there, auth.Viewer, &second); err != nil {
			t.Fatal(err)
		}
		all := slices.Concat(first.Operations, second.Operations)
		google, err := m.ListOperations(t.Context(), &longrunningpb.ListOperationsRequest{Name: collection})
		if err != nil || len(first.Operations) != 2 || len(all) != 3 || second.NextPageToken != "" {
			t.Fatalf("%s: %+v, %+v, %v", collection, first, second, err)
		}
		for i, op := range google.GetOperations() {
			if all[i].Name != op.GetName() {
				t.Errorf("%s: %d is %s, and in Google's list %s", collection, i, all[i].Name, op.GetName())
			}
		}
		var none outputs.List
		if err := ask(collection+"?filter=done%3Dtrue", there, auth.Viewer, &none); err != nil || none.Operations == nil || len(none.Operations) > 0 {
			t.Errorf("%+v, %v", none, err)
		}
	}
	for path, code := range map[string]fault.Code{
		"operations/nosuch": fault.NotFound, "projects/other/locations/l/operations/" + names[0][len(parent+"/operations/"):]: fault.NotFound,
		"voices": fault.NotFound, "operations?pageSize=x": fault.InvalidArgument, "operations?filter=x": fault.InvalidArgument, "operations?pageToken=x": fault.InvalidArgument,
	} {
		if err := ask(path, here, auth.Admin, nil); !fault.Is(err, code) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if err := ask(names[0], here, auth.None, nil); !fault.Is(err, fault.PermissionDenied) {
		t.Errorf("somebody without a role: %v", err)
	}
}
