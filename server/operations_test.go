package server_test

import (
	"strings"
	"testing"
)

const longAudio = parent + ":synthesizeLongAudio"

// begin starts an operation over REST and returns its name.
func begin(t *testing.T, w *wire, version string) string {
	t.Helper()
	got := w.send(t, request{method: "POST", path: "/" + version + "/" + longAudio, body: `{"parent":"projects/other/locations/other","input":{"text":"a"}}`})
	name, _ := got.decode(t)["name"].(string)
	if got.code != 200 || !strings.HasPrefix(name, parent+"/operations/") {
		t.Fatalf("got %d %s; the parent of the path must win", got.code, got.body)
	}
	return name
}

// TestCancelForms covers every path, body and content type with which a client
// cancels (docs/contract.md 1.3, 6.2).
func TestCancelForms(t *testing.T) {
	w := start(t)
	for _, version := range []string{"v1", "v1beta1"} {
		for _, short := range []bool{false, true} {
			for name, tt := range map[string]struct {
				body   string // NAME stands for the name in the path
				header map[string]string
			}{
				"no body":           {},
				"Java":              {"", map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Content-Length": "0"}},
				"Python":            {"", map[string]string{"Content-Type": "application/json"}},
				"white space":       {" \r\n", nil},
				"Node":              {"{}", map[string]string{"Content-Type": "application/json"}},
				"Go":                {`{"name":"NAME"}`, map[string]string{"Content-Type": "application/json"}},
				"curl -d":           {"{}", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}},
				"another body name": {`{"name":"operations/another"}`, nil},
			} {
				path := begin(t, w, "v1")
				full := path
				if short {
					path = path[strings.Index(path, "operations/"):]
				}
				got := w.send(t, request{"POST", "/" + version + "/" + path + ":cancel", strings.ReplaceAll(tt.body, "NAME", path), tt.header})
				if got.code != 200 || string(got.body) != "{}\n" || got.header.Get("Content-Type") != "application/json; charset=UTF-8" {
					t.Errorf("%s %s: got %d %q", path, name, got.code, got.body)
				}
				after := w.send(t, request{method: "GET", path: "/" + version + "/" + full}).decode(t)
				if e, _ := after["error"].(map[string]any); after["done"] != true || e["code"] != 1.0 {
					t.Errorf("%s %s: after the cancel %v", path, name, after)
				}
			}
		}
	}
}

func TestCancelRefusals(t *testing.T) {
	w := start(t)
	name := begin(t, w, "v1")
	for _, tt := range []struct {
		request
		code int
	}{
		{request{"POST", "/v1/operations/none:cancel", "", nil}, 404},
		{request{"POST", "/v1/operations:cancel", "", nil}, 404},
		{request{"GET", "/v1/" + name + ":cancel", "", nil}, 404},
		{request{"POST", "/v1/" + name, "", nil}, 404},
		{request{"POST", "/v1/" + name + ":cancel", `{"reason":"none"}`, nil}, 400},
		{request{"POST", "/v1/" + name + ":cancel?name=x", "", nil}, 400},
		// An encoded colon belongs to the name; it is no verb, nor makes the POST a GET.
		{request{"POST", "/v1/" + name + "%3Acancel", "", nil}, 404},
		{request{"POST", "/v1/" + name + "%3Acancel", "", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}, 404},
	} {
		if got := w.send(t, tt.request); got.code != tt.code || got.failure(t).Message == "" {
			t.Errorf("%s %s: got %d %s, want %d", tt.method, tt.path, got.code, got.body, tt.code)
		}
	}
	if after := w.send(t, request{method: "GET", path: "/v1/" + name}).decode(t); after["done"] != nil {
		t.Errorf("one of them cancelled: %v", after)
	}
}

// TestOperationTypesFollowThePath: whichever version started it, an operation
// is shown with the types of the version that asks, in every answer that holds
// one (design: clients, 5 and 6).
func TestOperationTypesFollowThePath(t *testing.T) {
	w := start(t)
	w.swapTypes = true
	for _, version := range []string{"v1", "v1beta1"} {
		want := "type.googleapis.com/google.cloud.texttospeech." + version + ".SynthesizeLongAudioMetadata"
		check := func(what string, op any) {
			t.Helper()
			o, _ := op.(map[string]any)
			meta, _ := o["metadata"].(map[string]any)
			if meta["@type"] != want || meta["progressPercentage"] != 10.0 {
				t.Errorf("%s %s: got %v, want %s", version, what, op, want)
			}
		}
		started := w.send(t, request{method: "POST", path: "/" + version + "/" + longAudio}).decode(t)
		check("start", started)
		name := started["name"].(string)
		check("get", w.send(t, request{method: "GET", path: "/" + version + "/" + name}).decode(t))
		check("short get", w.send(t, request{method: "GET", path: "/" + version + "/" + name[strings.Index(name, "operations/"):]}).decode(t))
		check("wait", w.send(t, request{method: "POST", path: "/" + version + "/" + name + ":wait", body: `{"timeout":"0.001s"}`}).decode(t))
		for _, collection := range []string{parent + "/operations", "operations"} {
			listed := w.send(t, request{method: "GET", path: "/" + version + "/" + collection}).decode(t)["operations"].([]any)
			for _, op := range listed {
				check("list of "+collection, op)
			}
			if len(listed) == 0 {
				t.Errorf("%s: nothing in %s", version, collection)
			}
		}
		w.operations.finish(name, false)
		done := w.send(t, request{method: "GET", path: "/" + version + "/" + name}).decode(t)
		response, _ := done["response"].(map[string]any)
		if response["@type"] != strings.Replace(want, "Metadata", "Response", 1) {
			t.Errorf("%s: response %v", version, response)
		}
	}
}

// TestOperationErrorHasNoDetails: over REST, where the Java client cannot read
// them (design: clients, 4).
func TestOperationErrorHasNoDetails(t *testing.T) {
	w := start(t)
	name := begin(t, w, "v1")
	w.operations.finish(name, true)
	got := w.send(t, request{method: "GET", path: "/v1/" + name}).decode(t)
	listed := w.send(t, request{method: "GET", path: "/v1/" + parent + "/operations"}).decode(t)["operations"].([]any)
	for _, op := range []map[string]any{got, listed[0].(map[string]any)} {
		e, _ := op["error"].(map[string]any)
		if len(e) != 2 || e["code"] != 8.0 || e["message"] != "No paper." {
			t.Errorf("got %v, want code and message only", e)
		}
		for key := range op {
			if key != "name" && key != "metadata" && key != "done" && key != "error" {
				t.Errorf("an operation has no field %q; Python refuses it", key)
			}
		}
	}
}

// TestAnswersThatJSONCannotHold: a payload of a type that nobody here knows is
// an INTERNAL error whose cause is in the log.
func TestAnswersThatJSONCannotHold(t *testing.T) {
	w := start(t)
	name := begin(t, w, "v1")
	w.operations.byID["op1"].Metadata.TypeUrl = "type.googleapis.com/other.Unknown"
	got := w.send(t, request{method: "GET", path: "/v1/" + name})
	if f := got.failure(t); got.code != 500 || f.Status != "INTERNAL" || strings.Contains(f.Message, "other.Unknown") {
		t.Errorf("got %d %v", got.code, f)
	}
	if failed := w.log.lines(t, "call failed"); len(failed) != 1 || !strings.Contains(failed[0]["cause"].(string), "other.Unknown") {
		t.Errorf("log: %v", failed)
	}
}

func TestListPages(t *testing.T) {
	w := start(t)
	for range 3 {
		begin(t, w, "v1")
	}
	path := "/v1/" + parent + "/operations?filter=done%3Dfalse&pageSize=2&pageToken"
	got := w.send(t, request{method: "GET", path: path}).decode(t)
	if ops, _ := got["operations"].([]any); len(ops) != 2 || got["nextPageToken"] != "more" {
		t.Errorf("got %v", got)
	}
}

func TestDelete(t *testing.T) {
	w := start(t)
	for _, version := range []string{"v1", "v1beta1"} {
		for _, short := range []bool{false, true} {
			name := begin(t, w, "v1")
			path := name
			if short {
				path = name[strings.Index(name, "operations/"):]
			}
			if got := w.send(t, request{method: "DELETE", path: "/" + version + "/" + path}); got.code != 200 || string(got.body) != "{}\n" {
				t.Errorf("%s: got %d %q, want {}", path, got.code, got.body)
			}
			if got := w.send(t, request{method: "GET", path: "/v1/" + name}); got.code != 404 || got.failure(t).Status != "NOT_FOUND" {
				t.Errorf("%s: still there: %s", name, got.body)
			}
		}
	}
}

// TestListOfACollection: Java's list with the whole path as parent is a JSON
// 404, not a complaint about its query (design: clients, 13).
func TestListOfACollection(t *testing.T) {
	w := start(t)
	for _, version := range []string{"v1", "v1beta1"} {
		for _, path := range []string{"/operations/operations", "/" + parent + "/operations/operations", "/operations/operations?filter=&pageSize=5"} {
			if got := w.send(t, request{method: "GET", path: "/" + version + path}); got.code != 404 || got.failure(t).Status != "NOT_FOUND" {
				t.Errorf("%s: got %d %s", path, got.code, got.body)
			}
		}
	}
}
