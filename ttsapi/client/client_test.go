package client_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/ttsapi"
	"github.com/lectern/lectern/ttsapi/client"
)

func (h *house) startLong(c *client.Client, text, key string) client.Operation {
	h.t.Helper()
	op, err := c.StartLong(h.t.Context(), client.LongRequest{
		Request: request(text), Parent: "projects/p/locations/l", URI: "gs://shelf/book.wav", IdempotencyKey: key,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return op
}

func request(text string) synth.Request {
	return synth.Request{Text: text, Voice: voices.Wish{Language: "en-US"}, Encoding: "LINEAR16"}
}

func asFault(t *testing.T, err error) *fault.Error {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) {
		t.Fatalf("%v is no fault", err)
	}
	return f
}

func TestSpeech(t *testing.T) {
	c := newHouse(t).client()
	t.Run("voices", func(t *testing.T) { testVoices(t, c) })
	t.Run("speak", func(t *testing.T) { testSpeak(t, c) })
	t.Run("errors are the server's own", func(t *testing.T) { testErrors(t, c) })
}

func testVoices(t *testing.T, c *client.Client) {
	voices, err := c.Voices(t.Context(), "en-US")
	if err != nil {
		t.Fatal(err)
	}
	want := speech.Voice{Name: "en-US-Tone-1", Languages: []string{"en-US"}, Gender: speech.Male, NaturalSampleRateHertz: 16000}
	if len(voices) != 2 || voices[0].Name != want.Name || !slices.Equal(voices[0].Languages, want.Languages) ||
		voices[0].Gender != want.Gender || voices[0].NaturalSampleRateHertz != want.NaturalSampleRateHertz {
		t.Errorf("%+v, want two and first %+v", voices, want)
	}
	if all, err := c.Voices(t.Context(), ""); err != nil || len(all) != 3 {
		t.Errorf("all voices: %v, %v; want 3", all, err)
	}
}

func testSpeak(t *testing.T, c *client.Client) {
	req := request("Hello")
	req.Voice.Gender = speech.Female
	req.Prosody = speech.Prosody{Rate: 0.5, GainDB: -3}
	req.SampleRate = 8000
	said, err := c.Speak(t.Context(), req)
	// Five characters of 30 ms at half the rate.
	if err != nil || len(said.File) != 44+2*2400 || said.Length != 300*time.Millisecond || said.Voices != "en-US-Tone-2" {
		t.Errorf("%d bytes, %v by %q, %v; want a header and 2400 frames", len(said.File), said.Length, said.Voices, err)
	}
}

func testErrors(t *testing.T, c *client.Client) {
	badSSML := request("")
	badSSML.SSML = "<speak>\n Größe </p></speak>"
	unknown := request("Hello")
	unknown.Voice.Name = "nobody"
	noEncoding := request("Hello")
	noEncoding.Encoding = "FLAC"
	for name, tc := range map[string]struct {
		req          synth.Request
		field        string
		line, column int
		begins       string
	}{
		"voice":    {unknown, "voice.name", 0, 0, "Voice 'nobody' does not exist."},
		"ssml":     {badSSML, "input.ssml", 2, 8, ""},
		"encoding": {noEncoding, "audio_config.audio_encoding", 0, 0, `"FLAC" is not an encoding`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Speak(t.Context(), tc.req)
			f := asFault(t, err)
			if f.Code != fault.InvalidArgument || f.Field != tc.field || f.Line != tc.line || f.Column != tc.column {
				t.Errorf("%+v, want INVALID_ARGUMENT at %s %d:%d", f, tc.field, tc.line, tc.column)
			}
			if !strings.HasPrefix(f.Message, tc.begins) || strings.HasPrefix(f.Message, tc.field) {
				t.Errorf("message %q, want it to begin with %q", f.Message, tc.begins)
			}
		})
	}
}

func TestOperationsFromStartToEnd(t *testing.T) {
	h := newHouse(t)
	c := h.client()
	ctx := t.Context()
	op := h.startLong(c, "HOLD it.", "")
	if op.Done || op.State != client.Running || op.Start.IsZero() || op.Err() != nil {
		t.Errorf("started: %+v", op)
	}
	id := op.Name[strings.LastIndex(op.Name, "/")+1:]
	if same, err := c.Operation(ctx, "operations/"+id); err != nil || same.Name != op.Name {
		t.Errorf("by its id: %+v, %v", same, err)
	}
	if waited, err := c.Wait(ctx, op.Name, time.Millisecond); err != nil || waited.Done {
		t.Errorf("after an impatient wait: %+v, %v", waited, err)
	}
	if err := c.Cancel(ctx, op.Name); err != nil {
		t.Fatal(err)
	}
	cancelled, err := c.Operation(ctx, op.Name)
	if err != nil || !cancelled.Done || cancelled.State != client.Cancelled || !fault.Is(cancelled.Err(), fault.Canceled) {
		t.Errorf("after cancel: %+v, %v", cancelled, err)
	}
	if err := c.Delete(ctx, op.Name); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Operation(ctx, op.Name); !fault.Is(err, fault.NotFound) {
		t.Errorf("after delete: %v, want NOT_FOUND", err)
	}

	spoken := h.startLong(c, "Hello.", "monday")
	if again := h.startLong(c, "Hello.", "monday"); again.Name != spoken.Name {
		t.Errorf("the same key gave %s and %s", spoken.Name, again.Name)
	}
	var seen []client.Operation
	done, err := c.Follow(ctx, spoken.Name, time.Minute, func(op client.Operation) { seen = append(seen, op) })
	if err != nil || done.State != client.Succeeded || done.Progress != 100 || done.Err() != nil {
		t.Errorf("followed to %+v, %v", done, err)
	}
	if len(seen) == 0 || seen[len(seen)-1] != done {
		t.Errorf("seen %+v, want its last to be %+v", seen, done)
	}
}

func TestListPagesAndFilters(t *testing.T) {
	h := newHouse(t)
	c := h.client()
	ctx := t.Context()
	var names []string
	for range 3 {
		names = append(names, h.startLong(c, "HOLD it.", "").Name)
	}
	if err := c.Cancel(ctx, names[0]); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(names) // the newest first
	list := func(q client.Query) (found []string) {
		for {
			page, err := c.Operations(ctx, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range page.Operations {
				found = append(found, op.Name)
			}
			if q.PageToken = page.NextPageToken; q.PageToken == "" {
				return found
			}
		}
	}
	yes, no := true, false
	for name, tc := range map[string]struct {
		query client.Query
		want  []string
	}{
		"all":       {client.Query{}, names},
		"by twos":   {client.Query{PageSize: 2}, names},
		"of parent": {client.Query{Parent: "projects/p/locations/l"}, names},
		"of other":  {client.Query{Parent: "projects/p/locations/m"}, nil},
		"done":      {client.Query{Done: &yes}, names[2:]},
		"running":   {client.Query{Done: &no, PageSize: 1}, names[:2]},
	} {
		if got := list(tc.query); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

// TestFollowOverARestart: the server goes away and comes back, with a
// connection in between that is refused.
func TestFollowOverARestart(t *testing.T) {
	h := newHouse(t)
	c := h.client()
	op := h.startLong(c, "HOLD it.", "")
	seen := make(chan client.Operation, 1000)
	type end struct {
		op  client.Operation
		err error
	}
	ended := make(chan end, 1)
	go func() {
		op, err := c.Follow(t.Context(), op.Name, 250*time.Millisecond, func(op client.Operation) { seen <- op })
		ended <- end{op, err}
	}()
	<-seen
	h.stop()
	if _, err := c.Operation(t.Context(), op.Name); !fault.Is(err, fault.Unavailable) {
		t.Errorf("with the server away: %v, want UNAVAILABLE", err)
	}
	h.start()
	close(h.gate)
	if e := <-ended; e.err != nil || e.op.State != client.Succeeded || e.op.Name != op.Name {
		t.Errorf("followed to %+v, %v; want success", e.op, e.err)
	}
}

// TestFollowAsksLittle: one wait for all, and looks only for who wants to see them.
func TestFollowAsksLittle(t *testing.T) {
	h := newHouse(t)
	c := h.client()
	op := h.startLong(c, "HOLD it.", "")
	blind := make(chan error, 1)
	go func() {
		_, err := c.Follow(t.Context(), op.Name, 0, nil)
		blind <- err
	}()
	looks := 0
	if _, err := c.Follow(t.Context(), op.Name, time.Hour, func(client.Operation) {
		if looks++; looks == 1 {
			close(h.gate)
		}
	}); err != nil {
		t.Fatal(err)
	}
	if err := <-blind; err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if looks != 2 || h.calls["WaitOperation"] != 2 || h.calls["GetOperation"] != 1 {
		t.Errorf("%d looks of two followers were %v", looks, h.calls)
	}
}

func TestFollowEndsWithItsContext(t *testing.T) {
	h := newHouse(t)
	c := h.client()
	op := h.startLong(c, "HOLD it.", "")
	ctx, cancel := context.WithCancel(t.Context())
	last, err := c.Follow(ctx, op.Name, 10*time.Millisecond, func(client.Operation) { cancel() })
	if !fault.Is(err, fault.Canceled) || last.Name != op.Name || last.Done {
		t.Errorf("%+v, %v; want the running operation and CANCELLED", last, err)
	}
	if _, err := c.Follow(t.Context(), "operations/none", time.Second, nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("%v, want NOT_FOUND", err)
	}
}

func TestDialRefusesWhatIsNoAddress(t *testing.T) {
	for server, code := range map[string]fault.Code{
		"":                          fault.InvalidArgument,
		"8085":                      fault.InvalidArgument,
		"localhost":                 fault.InvalidArgument,
		"localhost:":                fault.InvalidArgument,
		":8085":                     fault.InvalidArgument,
		"local host:80":             fault.InvalidArgument,
		"ftp://localhost:80":        fault.InvalidArgument,
		"http://localhost:80/v1":    fault.InvalidArgument,
		"http://me@localhost:80":    fault.InvalidArgument,
		"http://":                   fault.InvalidArgument,
		"https://localhost:8085/v1": fault.InvalidArgument,
		"https://127.0.0.1:1":       fault.Unavailable,
		"127.0.0.1:1":               fault.Unavailable,
		"http://127.0.0.1:1/":       fault.Unavailable,
		"passthrough:///localhost:": fault.InvalidArgument,
	} {
		c, err := client.Dial(t.Context(), server)
		if err == nil {
			c.Close()
		}
		if !fault.Is(err, code) {
			t.Errorf("%q: %v, want %v", server, err, code)
		}
	}
}

func TestDialNamesTheServerThatIsAway(t *testing.T) {
	_, err := client.Dial(t.Context(), "http://127.0.0.1:1")
	if got, want := asFault(t, err).Public(), "No server answers at 127.0.0.1:1; start one with `lectern serve`."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestDialEndsWithItsContext: something listens and says nothing.
func TestDialEndsWithItsContext(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		if conn, err := listener.Accept(); err == nil {
			defer conn.Close()
			cancel()
			io.Copy(io.Discard, conn)
		}
	}()
	if _, err := client.Dial(ctx, listener.Addr().String()); !fault.Is(err, fault.Canceled) {
		t.Errorf("%v, want CANCELLED", err)
	}
}

func TestHeadersAreTheServers(t *testing.T) {
	for here, there := range map[string]string{
		client.IdempotencyKeyHeader: ttsapi.IdempotencyKeyHeader,
		client.CaptionsHeader:       ttsapi.CaptionsHeader,
	} {
		if here != there {
			t.Errorf("%q here, %q there", here, there)
		}
	}
}

func TestDialTellsAnotherProgram(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	_, err := client.Dial(t.Context(), other.URL)
	if got := asFault(t, err).Public(); !strings.HasPrefix(got, "Another program than Lectern answers at 127.0.0.1:") {
		t.Errorf("%q", got)
	}
}
