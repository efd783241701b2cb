package openai_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/grpc"

	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/flac"
	"github.com/lectern/lectern/encode/m4a"
	"github.com/lectern/lectern/encode/mp3"
	"github.com/lectern/lectern/encode/oggopus"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/lexicon"
	"github.com/lectern/lectern/openai"
	"github.com/lectern/lectern/server"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

// start serves the API on a real port, with the engine of sines, and returns its
// address.
func start(t *testing.T, options tone.Options, change func(*openai.Config)) string {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	engines, err := engine.Open(t.Context(), engine.Config{Slots: 2, Log: log, Names: voices.Names{Google: voices.GoogleListed}, Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(options), nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engines.Close() })
	formats := encode.NewCatalogue(wav.Linear16(), pcm.Format(), mp3.Spoken(), oggopus.Format(), m4a.ADTS(), flac.Format())
	config := openai.Config{Synth: synth.New(synth.Config{Engines: engines, Formats: formats, Log: log}), InputBytes: 20_000}
	change(&config)
	srv, err := server.New(server.Config{
		Register: func(grpc.ServiceRegistrar) {},
		APIs:     []server.API{{Patterns: openai.Patterns(), Serve: openai.New(config).Serve, Refuse: openai.Refuse}},
		Log:      log, MaxBodyBytes: 100_000,
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(context.Background(), l) }()
	t.Cleanup(func() {
		srv.Close()
		<-ended
	})
	return "http://" + l.Addr().String()
}

func asIs(*openai.Config) {}

// post sends a body to /v1/audio/speech.
func post(t *testing.T, url, body string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "POST", url+"/v1/audio/speech", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer anything")
	return answered(t, req)
}

func answered(t *testing.T, req *http.Request) (*http.Response, []byte) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, body
}

func get(t *testing.T, url string) (*http.Response, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return answered(t, req)
}

// seconds is how long ffmpeg finds a sound.
func seconds(t *testing.T, name string, sound []byte) float64 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sound."+name)
	if err := os.WriteFile(path, sound, 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-v", "error", "-nostdin"}
	if name == "pcm" {
		args = append(args, "-f", "s16le", "-ar", "24000", "-ac", "1")
	}
	args = append(args, "-i", path, "-f", "s16le", "-ar", "24000", "-ac", "1", "-")
	raw, err := exec.CommandContext(t.Context(), needs.Program(t, "ffmpeg"), args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return float64(len(raw)) / 2 / 24000
}

func TestEveryFormatIsTheWholeSound(t *testing.T) {
	url := start(t, tone.Options{}, asIs)
	text := strings.Repeat("abcd ", 19) + "abcde" // 100 characters of 30 ms
	for name, typ := range map[string]string{
		"": "audio/mpeg", "mp3": "audio/mpeg", "opus": "audio/ogg", "aac": "audio/aac",
		"flac": "audio/flac", "wav": "audio/wav", "pcm": "audio/pcm",
	} {
		for _, speed := range []float64{1, 4} {
			body := map[string]any{"model": "tts-1", "input": text, "voice": "en-US-Tone-2", "speed": speed}
			if name != "" {
				body["response_format"] = name
			}
			asked, _ := json.Marshal(body)
			resp, sound := post(t, url, string(asked))
			if resp.StatusCode != 200 || resp.Header.Get("Content-Type") != typ || resp.Header.Get("x-lectern-voice") != "en-US-Tone-2" {
				t.Errorf("%s: %d %v %.200s", name, resp.StatusCode, resp.Header, sound)
				continue
			}
			// Codecs that cannot tell their delay and padding have up to 200 ms more.
			if got, want := seconds(t, cmp.Or(name, "mp3"), sound), 3/speed; got < want-0.02 || got > want+0.2 {
				t.Errorf("%s at speed %v lasts %.3f s, want %.3f", name, speed, got, want)
			}
		}
	}
}

func TestEventsCarryTheSound(t *testing.T) {
	url := start(t, tone.Options{}, asIs)
	_, plain := post(t, url, `{"model":"m","input":"Hello there.","voice":"onyx","response_format":"pcm"}`)
	resp, stream := post(t, url, `{"model":"m","input":"Hello there.","voice":"onyx","response_format":"pcm","stream_format":"sse"}`)
	if typ := resp.Header.Get("Content-Type"); typ != "text/event-stream" {
		t.Errorf("content type %q", typ)
	}
	var sound []byte
	var last map[string]any
	for event := range strings.SplitSeq(strings.TrimSuffix(string(stream), "\n\n"), "\n\n") {
		data, ok := strings.CutPrefix(event, "data: ")
		last = nil
		if err := json.Unmarshal([]byte(data), &last); err != nil || !ok {
			t.Fatalf("%q: %v", event, err)
		}
		if last["type"] == "speech.audio.delta" {
			part, err := base64.StdEncoding.DecodeString(last["audio"].(string))
			if err != nil {
				t.Fatal(err)
			}
			sound = append(sound, part...)
		}
	}
	if !bytes.Equal(sound, plain) || len(sound) == 0 {
		t.Errorf("%d bytes in events, %d without", len(sound), len(plain))
	}
	usage, _ := last["usage"].(map[string]any)
	if last["type"] != "speech.audio.done" || usage["input_tokens"] != 12.0 || usage["total_tokens"].(float64) <= 12 {
		t.Errorf("the last event is %v", last)
	}
}

// TestSoundLeavesAsItIsSpoken: the first sentence is heard while the engine has not
// begun the second, which the client's leaving stops.
func TestSoundLeavesAsItIsSpoken(t *testing.T) {
	for _, name := range []string{"mp3", "opus", "aac", "flac", "wav", "pcm"} {
		t.Run(name, func(t *testing.T) {
			reached, stopped := make(chan struct{}), make(chan error, 1)
			url := start(t, tone.Options{Hook: func(ctx context.Context, u speech.Utterance, _ int) error {
				if !strings.Contains(u.Text, "second") {
					return nil
				}
				close(reached)
				<-ctx.Done()
				stopped <- context.Cause(ctx)
				return context.Cause(ctx)
			}}, asIs)
			first := strings.Repeat("first ", 20)
			body := `{"model":"m","voice":"alloy","response_format":"` + name + `","input":"` + first + `. Then the second."}`
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			req, err := http.NewRequestWithContext(ctx, "POST", url+"/v1/audio/speech", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			if _, err := io.ReadFull(resp.Body, make([]byte, 4000)); err != nil {
				t.Fatal(err)
			}
			<-reached
			leave()
			if err := <-stopped; !errors.Is(err, context.Canceled) {
				t.Errorf("the engine was stopped by %v", err)
			}
		})
	}
}

// TestBrokenSoundIsNotTakenForWhole: an engine that fails before any sound is an
// error in OpenAI's form; one that fails later cuts the connection.
func TestBrokenSoundIsNotTakenForWhole(t *testing.T) {
	url := start(t, tone.Options{Hook: func(_ context.Context, u speech.Utterance, _ int) error {
		if strings.Contains(u.Text, "broken") {
			return errors.New("secret path /x")
		}
		return nil
	}}, asIs)
	resp, body := post(t, url, `{"model":"m","voice":"alloy","input":"broken"}`)
	if got := failure(t, body); resp.StatusCode != 500 || got.Type != "server_error" || strings.Contains(got.Message, "secret") || resp.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	req, err := http.NewRequestWithContext(t.Context(), "POST", url+"/v1/audio/speech", strings.NewReader(`{"model":"m","voice":"alloy","response_format":"pcm","input":"This is good. This is broken."}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err = http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(bufio.NewReader(resp.Body)); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the client read it to its end: %v", err)
	}
}

type told struct {
	Message, Type string
	Param, Code   *string
}

func failure(t *testing.T, body []byte) told {
	t.Helper()
	var e struct{ Error told }
	if err := json.Unmarshal(body, &e); err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return e.Error
}

func TestRefusals(t *testing.T) {
	url := start(t, tone.Options{}, asIs)
	for _, c := range []struct{ body, param, code, says string }{
		{`{"input":"a","voice":"alloy"}`, "model", "missing_required_parameter", "'model'"},
		{`{"model":"m","voice":"alloy"}`, "input", "missing_required_parameter", "'input'"},
		{`{"model":"m","input":"a"}`, "voice", "missing_required_parameter", "'voice'"},
		{`{"model":"m","input":null,"voice":"alloy"}`, "input", "missing_required_parameter", "'input'"},
		{`{"model":1,"input":"a","voice":"alloy"}`, "model", "invalid_type", "a string"},
		{`{"model":"m","input":["a"],"voice":"alloy"}`, "input", "invalid_type", "a string"},
		{`{"model":"m","input":" \n","voice":"alloy"}`, "input", "empty_string", "nothing to speak"},
		{`{"model":"m","input":"a\u0000","voice":"alloy"}`, "input", "invalid_value", "NUL"},
		{`{"model":"m","input":"` + strings.Repeat("a", 20_001) + `","voice":"alloy"}`, "input", "string_above_max_length", "20000"},
		{`{"model":"m","input":"a","voice":"nobody"}`, "voice", "voice_not_found", "alloy"},
		{`{"model":"m","input":"a","voice":{"name":"alloy"}}`, "voice", "invalid_type", `{"id": "alloy"}`},
		{`{"model":"m","input":"a","voice":"alloy","response_format":"ogg"}`, "response_format", "invalid_value", "'opus'"},
		{`{"model":"m","input":"a","voice":"alloy","stream_format":"ws"}`, "stream_format", "invalid_value", "'sse'"},
		{`{"model":"m","input":"a","voice":"alloy","speed":4.1}`, "speed", "decimal_out_of_range", "0.25 to 4"},
		{`{"model":"m","input":"a","voice":"alloy","speed":"1"}`, "speed", "invalid_type", "a number"},
		{`{"model":"m","input":"a","voice":"alloy","respnse_format":"wav"}`, "respnse_format", "unknown_parameter", "'respnse_format'"},
		{`{"model":"m","input":"a","voice":"alloy","instructions":3}`, "instructions", "invalid_type", "a string"},
		{`[]`, "", "invalid_json", "JSON object"},
		{`null`, "", "invalid_json", "JSON object"},
		{``, "", "invalid_json", "JSON object"},
		{"{\"model\":\"m\",\"input\":\"\xff\",\"voice\":\"alloy\"}", "", "invalid_json", "UTF-8"},
		{`{"model":"m","input":"a","voice":"alloy"} x`, "", "invalid_json", "JSON object"},
		{`{"model":"m","input":"a","voice":"alloy","input":"b"}`, "input", "invalid_json", "twice"},
		{`{"model":"m","input":null,"voice":"alloy","inp\u0075t":"b"}`, "input", "invalid_json", "twice"},
		{`{"model":"m","input":"cut \ud83d","voice":"alloy"}`, "input", "invalid_json", "surrogate"},
		{`{"model":"m","input":"\ude00 cut","voice":"alloy"}`, "input", "invalid_json", "surrogate"},
		{`{"model":"m","input":"\ud83d\ud83d\ude00","voice":"alloy"}`, "input", "invalid_json", "surrogate"},
		{`{"model":"m","input":"a","voice":{"id":"\uD83D\n"}}`, "voice", "invalid_json", "surrogate"},
	} {
		resp, body := post(t, url, c.body)
		got := failure(t, body)
		if resp.StatusCode != 400 || got.Type != "invalid_request_error" || got.Code == nil || *got.Code != c.code || !strings.Contains(got.Message, c.says) ||
			(got.Param == nil) != (c.param == "") || got.Param != nil && *got.Param != c.param {
			t.Errorf("%.100s: %d %s", c.body, resp.StatusCode, body)
		}
	}
	// The server's own refusals have the form too.
	if resp, body := post(t, url, strings.Repeat(" ", 100_001)); resp.StatusCode != 400 || !strings.Contains(failure(t, body).Message, "100000") {
		t.Errorf("a body too large: %d %s", resp.StatusCode, body)
	}
	for path, status := range map[string]int{"/v1/audio/speech": 405, "/v1/audio": 404, "/v1/audio/transcriptions": 404, "/v1/models/whisper-1": 404} {
		if resp, body := get(t, url+path); resp.StatusCode != status || failure(t, body).Message == "" {
			t.Errorf("%s: %d %s", path, resp.StatusCode, body)
		}
	}
}

func TestInstructions(t *testing.T) {
	const body = `{"model":"gpt-4o-mini-tts","input":"Hello.","voice":{"id":"cedar"},"instructions":"Whisper."}`
	if resp, sound := post(t, start(t, tone.Options{}, asIs), body); resp.StatusCode != 200 || resp.Header.Get("x-lectern-ignored") != "instructions" || len(sound) == 0 {
		t.Errorf("%d %v", resp.StatusCode, resp.Header)
	}
	resp, answer := post(t, start(t, tone.Options{}, func(c *openai.Config) { c.Strict = true }), body)
	if got := failure(t, answer); resp.StatusCode != 400 || got.Param == nil || *got.Param != "instructions" {
		t.Errorf("strict: %d %s", resp.StatusCode, answer)
	}
}

// Escapes of whole characters are as good as the characters, backslashes before them too.
func TestEscapes(t *testing.T) {
	url := start(t, tone.Options{}, asIs)
	for _, input := range []string{`a \ud83d\ude00 b`, `a \\ud83d b`, `\u0061 \"b\"`} {
		if resp, sound := post(t, url, ` {"model":"m","input":"`+input+`","voice":"alloy"}`); resp.StatusCode != 200 || len(sound) == 0 {
			t.Errorf("%s: %d %.200s", input, resp.StatusCode, sound)
		}
	}
}

// A lexicon of the server holds for requests that name it: ab is said as abcd.
func TestLexiconByHeader(t *testing.T) {
	url := start(t, tone.Options{}, func(c *openai.Config) {
		c.Synth = synth.New(synth.Config{
			Engines: c.Synth.Engines(), Formats: encode.NewCatalogue(wav.Linear16(), pcm.Format()), Log: slog.New(slog.DiscardHandler),
			Lexicons: synth.Lexicons{"short": []lexicon.Entry{{Written: "ab", Language: "*", Spoken: "abcd"}}},
		})
	})
	said := func(name string) (int, int) {
		r, err := http.NewRequest("POST", url+"/v1/audio/speech", strings.NewReader(`{"model":"m","input":"ab","voice":"en-US-Tone-1","response_format":"pcm"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("x-lectern-lexicon", name)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, len(body)
	}
	_, without := said("")
	if status, with := said("short"); status != 200 || with != 2*without {
		t.Errorf("%d: %d bytes with a lexicon, %d without", status, with, without)
	}
	if status, _ := said("nobodys"); status != 400 {
		t.Errorf("a lexicon that is not there: %d", status)
	}
}

// Six of OpenAI's voices are women's and seven are men's.
func TestStandInsHaveTheirGender(t *testing.T) {
	url := start(t, tone.Options{}, asIs)
	women := []string{"alloy", "coral", "nova", "sage", "shimmer", "marin"}
	for _, name := range []string{"alloy", "ash", "ballad", "coral", "echo", "fable", "onyx", "nova", "sage", "shimmer", "verse", "marin", "cedar"} {
		want := "en-US-Tone-1"
		if slices.Contains(women, name) {
			want = "en-US-Tone-2"
		}
		resp, _ := post(t, url, `{"model":"tts-1","input":"Hello.","voice":"`+name+`"}`)
		if got := resp.Header.Get("x-lectern-voice"); got != want {
			t.Errorf("%s is spoken by %q", name, got)
		}
	}
}

func TestLists(t *testing.T) {
	url := start(t, tone.Options{}, asIs)
	var models struct {
		Object string
		Data   []struct{ ID, Object string }
	}
	_, body := get(t, url+"/v1/models")
	if err := json.Unmarshal(body, &models); err != nil || models.Object != "list" || len(models.Data) != 3 || models.Data[0].ID != "tts-1" || models.Data[0].Object != "model" {
		t.Errorf("models: %s", body)
	}
	if resp, body := get(t, url+"/v1/models/tts-1-hd"); resp.StatusCode != 200 || !strings.Contains(string(body), `"id":"tts-1-hd"`) {
		t.Errorf("a model: %s", body)
	}
	var lists struct{ Models, Voices []struct{ ID, Name string } }
	_, body = get(t, url+"/v1/audio/models")
	if err := json.Unmarshal(body, &lists); err != nil || len(lists.Models) != 3 {
		t.Errorf("speech models: %s", body)
	}
	_, body = get(t, url+"/v1/audio/voices")
	if err := json.Unmarshal(body, &lists); err != nil || len(lists.Voices) != 16 || lists.Voices[0].ID != "alloy" || lists.Voices[15].Name != "en-US-Tone-2" {
		t.Errorf("voices: %s", body)
	}
}

func TestPCMHasTheRateThatIsExpected(t *testing.T) {
	url := start(t, tone.Options{}, asIs)
	_, sound := post(t, url, `{"model":"m","input":"abcdefghij","voice":"en-US-Tone-1","response_format":"pcm"}`)
	if got := float64(len(sound)) / 2 / 24000; math.Abs(got-0.3) > 0.01 {
		t.Errorf("ten characters of a voice of 16 kHz last %v s", got)
	}
}
