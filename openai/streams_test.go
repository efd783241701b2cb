package openai_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/openai"
	"github.com/lectern/lectern/speech"
)

// TestOpusLeavesBeforeItsPagesAreFull: an Ogg page holds a second; half of one is
// heard while the engine hesitates.
func TestOpusLeavesBeforeItsPagesAreFull(t *testing.T) {
	resume := make(chan struct{})
	url := start(t, tone.Options{Hook: func(ctx context.Context, _ speech.Utterance, word int) error {
		if word == 5 { // the fifth begins after 600 ms
			<-resume
		}
		return nil
	}}, asIs)
	body := `{"model":"m","voice":"alloy","response_format":"opus","input":"abcd abcd abcd abcd abcd"}`
	req, err := http.NewRequestWithContext(t.Context(), "POST", url+"/v1/audio/speech", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	begin := make([]byte, 1000) // 110 of them are headers
	if _, err := io.ReadFull(resp.Body, begin); err != nil {
		t.Fatal(err)
	}
	close(resume)
	rest, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	file := slices.Concat(begin, rest)
	if pages := bytes.Count(file, []byte("OggS")); pages > 13 { // two headers, 750 ms, the end
		t.Errorf("%d bytes are %d pages", len(file), pages)
	}
}

// TestStreamsOfOneClientAreCounted: who has as many as allowed is refused in
// OpenAI's form, and not before.
func TestStreamsOfOneClientAreCounted(t *testing.T) {
	reached, resume := make(chan struct{}), make(chan struct{})
	url := start(t, tone.Options{Hook: func(_ context.Context, u speech.Utterance, word int) error {
		if word == 0 && strings.Contains(u.Text, "long") {
			close(reached)
			<-resume
		}
		return nil
	}}, func(c *openai.Config) { c.Callers = callers.New(callers.Limits{Streams: 1}) })
	const body = `{"model":"m","voice":"alloy","response_format":"pcm","input":"%s"}`
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		resp, err := http.Post(url+"/v1/audio/speech", "application/json", strings.NewReader(fmt.Sprintf(body, "A long one.")))
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		// Its end comes when the server has done with it.
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Error(err)
		}
	}()
	<-reached
	resp, answer := post(t, url, fmt.Sprintf(body, "Another."))
	if resp.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(answer), `"rate_limit_error"`) || resp.Header.Get("Retry-After") == "" {
		t.Errorf("a second stream: %d %s", resp.StatusCode, answer)
	}
	close(resume)
	<-ended
	if resp, answer := post(t, url, fmt.Sprintf(body, "Another.")); resp.StatusCode != http.StatusOK {
		t.Errorf("when the first has ended: %d %s", resp.StatusCode, answer)
	}
}

// TestAStreamThatCannotBeginIsRefused: while nobody may wait for a voice, and the
// voice is another's.
func TestAStreamThatCannotBeginIsRefused(t *testing.T) {
	all := callers.New(callers.Limits{Slots: 1, Waiting: -1})
	url := start(t, tone.Options{}, func(c *openai.Config) { c.Callers = all })
	_, leave, err := all.Turn(t.Context(), callers.At("192.0.2.1:1"), 1)
	if err != nil {
		t.Fatal(err)
	}
	const body = `{"model":"m","voice":"alloy","input":"Hello there."}`
	resp, answer := post(t, url, body)
	if resp.StatusCode != http.StatusTooManyRequests || !strings.Contains(string(answer), `"rate_limit_error"`) || resp.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s", resp.StatusCode, answer)
	}
	leave()
	for range 2 { // the first has given its turn back
		if resp, answer := post(t, url, body); resp.StatusCode != http.StatusOK {
			t.Errorf("when there is a voice again: %d %s", resp.StatusCode, answer)
		}
	}
}
