package server_test

import (
	"strings"
	"testing"
)

// TestRESTRefusals is what clients read when a request does not fit.
func TestRESTRefusals(t *testing.T) {
	w := start(t)
	const synthesize, long = "/v1/text:synthesize", "/v1/" + parent + ":synthesizeLongAudio"
	for _, tt := range []struct {
		name string
		request
		code    int
		status  string
		message string // a part of it
	}{
		{"unknown path", request{"GET", "/v1/nothing", "", nil}, 404, "NOT_FOUND", "GET /v1/nothing"},
		{"root", request{"GET", "/", "", nil}, 404, "NOT_FOUND", "GET /"},
		{"path that a mux would redirect", request{"GET", "/v1//voices", "", nil}, 404, "NOT_FOUND", "/v1//voices"},
		{"dots", request{"GET", "/v1/../v1/voices", "", nil}, 404, "NOT_FOUND", ""},
		{"trailing slash", request{"GET", "/v1/voices/", "", nil}, 404, "NOT_FOUND", ""},
		{"wrong method", request{"GET", synthesize, "", nil}, 404, "NOT_FOUND", "GET"},
		{"wrong method on voices", request{"POST", "/v1/voices", "{}", nil}, 404, "NOT_FOUND", "POST"},
		{"unknown method", request{"PATCH", "/v1/voices", "", nil}, 404, "NOT_FOUND", "PATCH"},
		{"form POST is no GET", request{"POST", "/v1/voices", "a=b", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}, 404, "NOT_FOUND", ""},
		{"method override is not honoured", request{"POST", "/v1/voices", "a=b", map[string]string{"Content-Type": "application/x-www-form-urlencoded", "X-HTTP-Method-Override": "GET"}}, 404, "NOT_FOUND", ""},
		{"streaming is gRPC only", request{"POST", "/v1/text:streamingSynthesize", "{}", nil}, 404, "NOT_FOUND", ""},
		{"a client that wants HTML", request{"GET", "/nothing", "", map[string]string{"Accept": "text/html"}}, 404, "NOT_FOUND", ""},
		{"path is not UTF-8", request{"GET", "/v1/operations/%ff", "", nil}, 400, "INVALID_ARGUMENT", "UTF-8"},
		{"unknown query parameter", request{"GET", "/v1/voices?x=1", "", nil}, 400, "INVALID_ARGUMENT",
			`Invalid JSON payload received. Unknown name "x": Cannot bind query parameter. Field 'x' could not be found in request message.`},
		{"query where all is in the path", request{"GET", "/v1/operations/x?y=1", "", nil}, 400, "INVALID_ARGUMENT", `Unknown name "y": Cannot bind query parameter.`},
		{"query on delete", request{"DELETE", "/v1/operations/x?y=1", "", nil}, 400, "INVALID_ARGUMENT", `Unknown name "y": Cannot bind query parameter.`},
		{"query beside a body", request{"POST", synthesize + "?input.text=a", "{}", nil}, 400, "INVALID_ARGUMENT", `Unknown name "input.text": Cannot bind query parameter.`},
		{"query that cannot be read", request{"GET", "/v1/voices?languageCode=%zz", "", nil}, 400, "INVALID_ARGUMENT", "query string"},
		{"reserved query parameter", request{"GET", "/v1/voices?password=x", "", nil}, 400, "INVALID_ARGUMENT", `"password"`},
		{"form that is not JSON", request{"GET", "/v1/voices?alt=media", "", nil}, 400, "INVALID_ARGUMENT", `Only json is served, not "media".`},
		{"unknown field", request{"POST", synthesize, `{"input":{"txt":"a"}}`, nil}, 400, "INVALID_ARGUMENT",
			`Invalid JSON payload received. Unknown name "txt" at 'input': Cannot find field.`},
		{"bad enum, v1's name", request{"POST", synthesize, `{"audioConfig":{"audioEncoding":"FOO"}}`, nil}, 400, "INVALID_ARGUMENT",
			`Invalid value at 'audio_config.audio_encoding' (type.googleapis.com/google.cloud.texttospeech.v1.AudioEncoding), "FOO"`},
		{"v1beta1's field in v1", request{"POST", synthesize, `{"enableTimePointing":[1]}`, nil}, 400, "INVALID_ARGUMENT", `"enableTimePointing"`},
		{"two of a oneof", request{"POST", long, `{"input":{"text":"a","ssml":"b"}}`, nil}, 400, "INVALID_ARGUMENT",
			`Invalid value at 'input' (oneof), oneof field 'input_source' is already set. Cannot set 'ssml'`},
		{"broken JSON", request{"POST", synthesize, `{"input":`, nil}, 400, "INVALID_ARGUMENT", "Invalid JSON payload received."},
		{"broken gzip", request{"POST", synthesize, `{}`, map[string]string{"Content-Encoding": "gzip"}}, 400, "INVALID_ARGUMENT", "Content-Encoding"},
		{"unknown content encoding", request{"POST", synthesize, `{}`, map[string]string{"Content-Encoding": "br"}}, 400, "INVALID_ARGUMENT", `"br"`},
		{"bad deadline", request{"GET", "/v1/voices", "", map[string]string{"Grpc-Timeout": "soon"}}, 400, "INVALID_ARGUMENT", "timeout"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := w.send(t, tt.request)
			f := got.failure(t)
			if got.code != tt.code || f.Status != tt.status || !strings.Contains(f.Message, tt.message) {
				t.Errorf("got %d %s %q, want %d %s …%q…", got.code, f.Status, f.Message, tt.code, tt.status, tt.message)
			}
		})
	}
}

func TestRESTRefusalsNameTheFields(t *testing.T) {
	w := start(t)
	for _, r := range []request{
		{method: "POST", path: "/v1beta1/text:synthesize", body: `{"voice":{"a":1,"b":2}}`},
		{method: "GET", path: "/v1/voices?voice.a=1&voice.b=2"},
	} {
		bad := w.send(t, r).failure(t).detail("BadRequest")
		violations, _ := bad["fieldViolations"].([]any)
		if len(violations) != 2 {
			t.Fatalf("%s: got %v, want two violations", r.path, bad)
		}
		if v := violations[1].(map[string]any); v["field"] != "voice.b" || !strings.Contains(v["description"].(string), `Unknown name`) {
			t.Errorf("%s: got %v", r.path, v)
		}
	}
}

func TestRESTAccepts(t *testing.T) {
	w := start(t)
	const synthesize = "/v1/text:synthesize"
	for _, tt := range []struct {
		name string
		request
		audio string // in base64; empty when nothing was said
	}{
		{"camel case", request{"POST", synthesize, `{"input":{"text":"hello"},"audioConfig":{"audioEncoding":"MP3"}}`, nil}, "aGVsbG8="},
		{"snake case and numbers", request{"POST", synthesize, `{"input":{"text":"hello"},"audio_config":{"audio_encoding":2}}`, nil}, "aGVsbG8="},
		{"v1beta1", request{"POST", "/v1beta1/text:synthesize", `{"input":{"text":"hello"},"enableTimePointing":["SSML_MARK"]}`, nil}, "aGVsbG8="},
		{"any content type", request{"POST", synthesize, `{"input":{"text":"hello"}}`, map[string]string{"Content-Type": "text/plain"}}, "aGVsbG8="},
		{"form content type", request{"POST", synthesize, `{"input":{"text":"hello"}}`, map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}, "aGVsbG8="},
		{"system parameters", request{"POST", synthesize + "?key=secret&$prettyPrint=0&alt=json&$.xgafv=2&fields=audioContent&access_token=t", `{"input":{"text":"hello"}}`, nil}, "aGVsbG8="},
		{"no body", request{"POST", synthesize, "", nil}, ""},
		{"no body, called gzip", request{"POST", synthesize, "", map[string]string{"Content-Encoding": "gzip"}}, ""},
		{"white space", request{"POST", synthesize, " \n", nil}, ""},
		{"a client that wants HTML", request{"POST", synthesize, `{"input":{"text":"hello"}}`, map[string]string{"Accept": "text/html, image/gif"}}, "aGVsbG8="},
		{"a client that takes trailers", request{"POST", synthesize, `{"input":{"text":"hello"}}`, map[string]string{"TE": "trailers"}}, "aGVsbG8="},
		{"routing parameters are not believed", request{"POST", synthesize, `{"input":{"text":"hello"}}`, map[string]string{"X-Goog-Request-Params": "parent=%%%"}}, "aGVsbG8="},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := w.send(t, tt.request)
			answer := got.decode(t)
			audio, _ := answer["audioContent"].(string)
			if got.header.Get("Content-Length") == "" || got.header.Get("Trailer") != "" {
				t.Errorf("header %v, want a length and no trailers", got.header)
			}
			if got.code != 200 || audio != tt.audio {
				t.Errorf("got %d %v, want audio %q", got.code, answer, tt.audio)
			}
		})
	}
}

// TestEnumForms covers the ways in which clients write $alt (design: clients,
// 3). By default enums are names.
func TestEnumForms(t *testing.T) {
	w := start(t)
	for query, want := range map[string]any{
		"":                                   "FEMALE",
		"?$alt=json":                         "FEMALE",
		"?alt=json":                          "FEMALE",
		"?$alt=json;enum-encoding=int":       2.0,
		"?alt=json;enum-encoding=int":        2.0,
		"?%24alt=json%3Benum-encoding%3Dint": 2.0, // Go
		"?languageCode=en-US&$alt=json%3Benum-encoding=int": 2.0, // Node
		"?$alt=json;enum-encoding%3Dint&languageCode=en-US": 2.0, // Java
	} {
		got := w.send(t, request{method: "GET", path: "/v1/voices" + query})
		voices, _ := got.decode(t)["voices"].([]any)
		if got.code != 200 || len(voices) != 1 || voices[0].(map[string]any)["ssmlGender"] != want {
			t.Errorf("%q: got %d %s, want %v", query, got.code, got.body, want)
		}
	}
}

func TestPrettyPrint(t *testing.T) {
	w := start(t)
	for query, lines := range map[string]bool{
		"": true, "?prettyPrint=true": true, "?prettyPrint=false": false, "?$prettyPrint=0": false,
		"?$prettyPrint=false&$alt=json;enum-encoding=int": false,
	} {
		got := w.send(t, request{method: "GET", path: "/v1/voices" + query})
		if has := strings.Contains(string(got.body), "\n  "); got.code != 200 || has != lines {
			t.Errorf("%q: got %d %q", query, got.code, got.body)
		}
	}
}

func TestDefaultValuesAreLeftOut(t *testing.T) {
	w := start(t)
	if got := w.send(t, request{method: "GET", path: "/v1/voices?languageCode=xx"}); string(got.body) != "{}\n" {
		t.Errorf("got %q, want {}", got.body)
	}
}

func TestRawSemicolonsAreNotLogged(t *testing.T) {
	w := start(t)
	// net/http would log after its answer, but before it reads what the same
	// connection brings next.
	for range 2 {
		w.send(t, request{method: "GET", path: "/v1/voices?$alt=json;enum-encoding=int"})
	}
	if strings.Contains(w.log.String(), "semicolon") {
		t.Errorf("log: %s", w.log)
	}
}

// What a service tells of an answer in headers of Lectern's own is told over REST
// as well, and nothing else is.
func TestRESTOwnHeaders(t *testing.T) {
	w := start(t)
	got := w.send(t, request{method: "POST", path: "/v1/text:synthesize", body: `{"input":{"text":"a"}}`})
	if voice := got.header.Get("x-lectern-voice"); got.code != 200 || voice != "en-US-Tone-1" {
		t.Errorf("%d, x-lectern-voice is %q", got.code, voice)
	}
	for name := range got.header {
		if strings.Contains(strings.ToLower(name), "secret") {
			t.Errorf("the header %s got out", name)
		}
	}
}
