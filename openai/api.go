package openai

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/quota"
	"github.com/lectern/lectern/synth"
)

// Config is what an API is made of.
type Config struct {
	// Synth speaks. Its catalogue has the encodings of [Formats].
	Synth *synth.Synth
	// InputBytes is the longest input; OpenAI's own has 4,096 characters.
	InputBytes int
	// Strict refuses instructions, which no voice follows.
	Strict bool
	// Callers counts streams, which every answer of sound is; nil: one of its own.
	Callers *callers.Callers
	// Quota counts what is used, and refuses what is beyond limits; nil: nothing.
	Quota *quota.Quota
}

// API serves. It is safe for concurrent use.
type API struct {
	synth      *synth.Synth
	inputBytes int
	strict     bool
	callers    *callers.Callers
	quota      *quota.Quota
}

// New makes an API.
func New(c Config) *API {
	if c.Callers == nil {
		c.Callers = callers.New(callers.Limits{})
	}
	return &API{synth: c.Synth, inputBytes: c.InputBytes, strict: c.Strict, callers: c.Callers, quota: c.Quota}
}

// Patterns are those of http.ServeMux that belong to the API, whole paths and all
// below, so that what it lacks is refused in its own form.
func Patterns() []string {
	return []string{"/v1/audio", "/v1/audio/", "/v1/models", "/v1/models/"}
}

// Serve answers r, whose body must be bounded. It stops speaking when r's context
// ends. An error after the first byte is one that the answer cannot tell.
func (a *API) Serve(w http.ResponseWriter, r *http.Request) error {
	method := http.MethodGet
	var serve func(http.ResponseWriter, *http.Request) error
	switch path := r.URL.Path; path {
	case "/v1/audio/speech":
		method, serve = http.MethodPost, a.speech
	case "/v1/audio/voices":
		serve = a.voices
	case "/v1/audio/models":
		serve = a.speechModels
	case "/v1/models":
		serve = a.models
	default:
		id, ok := strings.CutPrefix(path, "/v1/models/")
		if !ok {
			return missing(r)
		}
		serve = func(w http.ResponseWriter, _ *http.Request) error { return a.model(w, id) }
	}
	if r.Method != method {
		w.Header().Set("Allow", method)
		return refusal{fault.New(fault.InvalidArgument, "%s is served to %s, not to %s.", r.URL.EscapedPath(), method, r.Method), "method_not_allowed", http.StatusMethodNotAllowed}
	}
	return serve(w, r)
}

func missing(r *http.Request) error {
	return refusal{fault.New(fault.NotFound, "Nothing is served at %s %s. Of OpenAI's API there are /v1/audio/speech and the lists /v1/models and /v1/audio/voices.", r.Method, r.URL.EscapedPath()), "unknown_url", http.StatusNotFound}
}

func writeJSON(w http.ResponseWriter, status int, answer any) error {
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n'))
	return err
}
