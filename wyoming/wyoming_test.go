package wyoming

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/lexicon"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

// start serves the engine of sines on a real port until the test ends, which fails
// if anything is left running then.
func start(t *testing.T, options tone.Options, change func(*Config)) (address string, stop func()) {
	t.Helper()
	config := Config{Synth: newSynth(t, options), Version: "1"}
	change(&config)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	s := New(config)
	go func() { ended <- s.Serve(ctx, l) }()
	stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		ended <- nil
		if len(s.open) > 0 {
			t.Errorf("%d connections are left", len(s.open))
		}
	}
	t.Cleanup(stop)
	return l.Addr().String(), stop
}

// newSynth is a pipeline with the engine of sines.
func newSynth(t *testing.T, options tone.Options) *synth.Synth {
	t.Helper()
	engines, err := engine.Open(t.Context(), engine.Config{Slots: 2, Log: slog.New(slog.DiscardHandler), Names: voices.Names{Google: voices.GoogleListed}, Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(options), nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engines.Close() })
	return synth.New(synth.Config{Engines: engines, Formats: encode.NewCatalogue(pcm.Format())})
}

func asIs(*Config) {}

// client speaks the protocol by hand.
type client struct {
	net.Conn
	t  *testing.T
	in *bufio.Reader
}

func dial(t *testing.T, address string) *client {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return &client{conn, t, bufio.NewReader(conn)}
}

func (c *client) say(lines ...string) {
	c.t.Helper()
	if _, err := io.WriteString(c.Conn, strings.Join(lines, "\n")+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

type got struct {
	kind    string
	data    map[string]any
	payload []byte
}

// next is the next event; its kind is empty at the end of the connection.
func (c *client) next() got {
	c.t.Helper()
	line, err := c.in.ReadBytes('\n')
	if err != nil {
		return got{}
	}
	var h header
	if err := json.Unmarshal(line, &h); err != nil {
		c.t.Fatalf("%q: %v", line, err)
	}
	e := got{kind: h.Type, payload: make([]byte, h.PayloadLength)}
	data := make([]byte, h.DataLength)
	if _, err := io.ReadFull(c.in, data); err != nil {
		c.t.Fatal(err)
	}
	if len(data) > 0 {
		if err := json.Unmarshal(data, &e.data); err != nil {
			c.t.Fatal(err)
		}
	}
	if _, err := io.ReadFull(c.in, e.payload); err != nil {
		c.t.Fatal(err)
	}
	return e
}

// sound reads from audio-start to audio-stop.
func (c *client) sound(rate float64) []byte {
	c.t.Helper()
	if e := c.next(); e.kind != "audio-start" || e.data["rate"] != rate || e.data["width"] != 2.0 || e.data["channels"] != 1.0 {
		c.t.Fatalf("%+v in place of audio-start", e)
	}
	var all []byte
	for {
		switch e := c.next(); e.kind {
		case "audio-chunk":
			if e.data["rate"] != rate {
				c.t.Fatalf("a chunk of %v Hz", e.data["rate"])
			}
			all = append(all, e.payload...)
		case "audio-stop":
			return all
		default:
			c.t.Fatalf("%+v in the middle of the sound", e)
		}
	}
}

func TestDescribe(t *testing.T) {
	address, _ := start(t, tone.Options{}, asIs)
	c := dial(t, address)
	c.say(`{"type":"describe"}`)
	e := c.next()
	body, _ := json.Marshal(e.data)
	var info struct {
		TTS []struct {
			Name        string
			Installed   bool
			Attribution struct{ Name, URL string }
			Streaming   bool `json:"supports_synthesize_streaming"`
			Voices      []struct {
				Name      string
				Installed bool
				Languages []string
			}
		}
		ASR *[]any
	}
	if err := json.Unmarshal(body, &info); err != nil || e.kind != "info" || len(info.TTS) != 1 || info.ASR == nil {
		t.Fatalf("%s %s", e.kind, body)
	}
	if p := info.TTS[0]; !p.Installed || !p.Streaming || p.Attribution.URL == "" || len(p.Voices) != 3 || p.Voices[0].Languages[0] != "de-DE" || !p.Voices[0].Installed {
		t.Errorf("%s", body)
	}
}

func TestSynthesize(t *testing.T) {
	address, _ := start(t, tone.Options{}, asIs)
	c := dial(t, address)
	c.say(`{"type":"a-later-version","payload_length":3}` + "\nabc" + `{"type":"synthesize","data":{"text":"abcdefghij","voice":{"name":"en-US-Tone-1"}}}`)
	if sound := c.sound(16000); len(sound) != 10*480*2 {
		t.Errorf("%d bytes of sound", len(sound))
	}
	// Data behind the line counts more; a language will do, and SSML.
	data := `{"text":"<speak>ab<break time='1s'/></speak>","text_format":"ssml","voice":{"language":"de-DE"}}`
	c.say(`{"type":"synthesize","data_length":` + itoa(len(data)) + `}` + "\n" + data + `{"type":"ping","data":{"text":"x"}}`)
	if sound := c.sound(22050); len(sound) < 22050*2 {
		t.Errorf("%d bytes of sound", len(sound))
	}
	if e := c.next(); e.kind != "pong" || e.data["text"] != "x" {
		t.Errorf("%+v", e)
	}
}

// A lexicon of the server stands behind the voice's name: ab is said as abcd.
func TestLexiconBehindTheVoice(t *testing.T) {
	address, _ := start(t, tone.Options{}, func(c *Config) {
		c.Synth = synth.New(synth.Config{
			Engines: c.Synth.Engines(), Formats: encode.NewCatalogue(pcm.Format()),
			Lexicons: synth.Lexicons{"short": []lexicon.Entry{{Written: "ab", Language: "*", Spoken: "abcd"}}},
		})
	})
	for name, letters := range map[string]int{"en-US-Tone-1": 2, "en-US-Tone-1@short": 4, "@short": 4} {
		c := dial(t, address)
		c.say(`{"type":"synthesize","data":{"text":"ab","voice":{"name":"` + name + `"}}}`)
		if sound := c.sound(16000); len(sound) != letters*480*2 {
			t.Errorf("%s: %d bytes of sound", name, len(sound))
		}
	}
	c := dial(t, address)
	c.say(`{"type":"synthesize","data":{"text":"ab","voice":{"name":"en-US-Tone-1@nobodys"}}}`)
	if e := c.next(); e.kind != "error" {
		t.Errorf("%+v", e)
	}
}

func itoa(n int) string {
	b, _ := json.Marshal(n)
	return string(b)
}

// TestStreamIsSpokenWhileItComes: the first sentence is heard before the second has
// been sent, and the whole is what the whole text is.
func TestStreamIsSpokenWhileItComes(t *testing.T) {
	address, _ := start(t, tone.Options{}, asIs)
	c := dial(t, address)
	c.say(`{"type":"synthesize","data":{"text":"Here is one. Here is two."}}`)
	whole := c.sound(16000)
	c.say(`{"type":"synthesize-start","data":{"voice":{"language":"en-US"}}}`, `{"type":"synthesize-chunk","data":{"text":"Here is o"}}`,
		`{"type":"synthesize-chunk","data":{"text":"ne. Here is "}}`)
	if e := c.next(); e.kind != "audio-start" {
		t.Fatalf("%+v", e)
	}
	first := c.next()
	if first.kind != "audio-chunk" {
		t.Fatalf("%+v", first)
	}
	// The last is sent for servers that do not stream.
	c.say(`{"type":"synthesize-chunk","data":{"text":"two."}}`, `{"type":"synthesize","data":{"text":"Here is one. Here is two."}}`, `{"type":"synthesize-stop"}`)
	all := first.payload
	for e := c.next(); e.kind != "audio-stop"; e = c.next() {
		if e.kind != "audio-chunk" {
			t.Fatalf("%+v", e)
		}
		all = append(all, e.payload...)
	}
	if e := c.next(); e.kind != "synthesize-stopped" {
		t.Errorf("%+v after audio-stop", e)
	}
	if !bytes.Equal(all, whole) {
		t.Errorf("%d bytes, %d of the whole text", len(all), len(whole))
	}
	c.say(`{"type":"synthesize-start","data":{"text_format":"ssml"}}`, `{"type":"synthesize-chunk","data":{"text":"<speak>a"}}`,
		`{"type":"synthesize-chunk","data":{"text":"b</speak>"}}`, `{"type":"synthesize-stop"}`)
	if sound := c.sound(16000); len(sound) != 2*480*2 {
		t.Errorf("a document: %d bytes", len(sound))
	}
	if e := c.next(); e.kind != "synthesize-stopped" {
		t.Errorf("%+v after audio-stop", e)
	}
}

// TestBadInput: an error event that says what is wrong, then the end.
func TestBadInput(t *testing.T) {
	address, _ := start(t, tone.Options{}, func(c *Config) { c.TextBytes = 100 })
	for _, c := range []struct{ sent, says string }{
		{"POST / HTTP/1.1\n", "line of JSON"},
		{"{}\n", "has a type"},
		{"{\"type\":\"\xff\"}\n", "line of JSON"},
		{`{"type":"describe","data_length":-1}` + "\n", "out of range"},
		{`{"type":"describe","data_length":99999999}` + "\n", "out of range"},
		{`{"type":"describe","payload_length":99999999999}` + "\n", "out of range"},
		{`{"type":"describe","data_length":"5"}` + "\n", "line of JSON"},
		{`{"type":"synthesize","data_length":5}` + "\n" + `{"text":"a"}` + "\n", "JSON object"},
		{`{"type":"describe","data":[1]}` + "\n", "JSON object"},
		{strings.Repeat("x", mostJSON+1) + "\n", "more than"},
		{`{"type":"synthesize","data":{"text":"a","voice":{"name":"nobody"}}}` + "\n", "no voice"},
		{`{"type":"synthesize","data":{"text":"a","voice":{"language":"xx"}}}` + "\n", "for the language 'xx'. The answer to describe lists the voices."},
		{`{"type":"synthesize-start","data":{"voice":{"language":"xx"}}}` + "\n", "for the language 'xx'. The answer to describe lists the voices."},
		{`{"type":"synthesize","data":{"text":"<speak><voice name='nobody' required='name'>a</voice></speak>","text_format":"ssml"}}` + "\n", "The answer to describe lists the voices."},
		{`{"type":"synthesize","data":{"text":"a","voice":3}}` + "\n", "an object"},
		{`{"type":"synthesize","data":{"text":"a","text_format":"html"}}` + "\n", "text or ssml"},
		{`{"type":"synthesize","data":{"text":"<speak><","text_format":"ssml"}}` + "\n", "line 1"},
		{`{"type":"synthesize","data":{"text":" "}}` + "\n", "nothing to speak"},
		{`{"type":"synthesize","data":{"text":7}}` + "\n", "a string"},
		{`{"type":"synthesize","data":{"text":"` + strings.Repeat("a", 101) + `"}}` + "\n", "101 bytes"},
		{`{"type":"synthesize-start"}` + "\n" + `{"type":"synthesize-start"}` + "\n", "twice"},
		{`{"type":"synthesize-start"}` + "\n" + "garbage\n", "line of JSON"},
	} {
		client := dial(t, address)
		io.WriteString(client.Conn, c.sent)
		e := client.next()
		if said, _ := e.data["text"].(string); e.kind != "error" || !strings.Contains(said, c.says) || strings.Contains(said, "input.") || strings.Contains(said, "ListVoices") {
			t.Errorf("%.80q: %s %v", c.sent, e.kind, e.data)
		}
		if e := client.next(); e.kind != "" {
			t.Errorf("%.80q: %+v after the error", c.sent, e)
		}
	}
}

// TestTooLittle: a length that is more than what comes, and a stream without text, are
// told when the time for it is over; who has asked for nothing is only sent away.
func TestTooLittle(t *testing.T) {
	for _, c := range []struct {
		sent  []string
		code  string
		after time.Duration
	}{
		{[]string{`{"type":"describe","data_length":500000}`, "{}"}, "DEADLINE_EXCEEDED", 30 * time.Second},
		{[]string{`{"type":"describe","payload_length":5}`, "abc"}, "DEADLINE_EXCEEDED", 30 * time.Second},
		{[]string{`{"type":"synthesize-start"}`}, "ABORTED", 2 * time.Minute},
		{[]string{`{"type":"describe","payload_length":0}`}, "", 2 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			client := pipe(t, Config{Synth: newSynth(t, tone.Options{})})
			began := time.Now()
			client.say(c.sent...)
			e := client.next()
			if e.kind == "info" {
				e = client.next()
			}
			if waited := time.Since(began); waited != c.after {
				t.Errorf("%q ends after %v", c.sent, waited)
			}
			if code, _ := e.data["code"].(string); code != c.code || (e.kind == "error") != (c.code != "") {
				t.Errorf("%q is told %+v", c.sent, e)
			}
		})
	}
}

// TestEngineFails: the client is told nothing of why, and waits for nothing.
func TestEngineFails(t *testing.T) {
	address, _ := start(t, tone.Options{Hook: func(context.Context, speech.Utterance, int) error { return errors.New("secret path /x") }}, asIs)
	for _, sent := range [][]string{
		{`{"type":"synthesize","data":{"text":"a"}}`},
		{`{"type":"synthesize-start"}`, `{"type":"synthesize-chunk","data":{"text":"One. Two. Three."}}`},
		{`{"type":"synthesize-start"}`, `{"type":"synthesize-chunk","data":{"text":"One."}}`, `{"type":"synthesize-stop"}`},
	} {
		c := dial(t, address)
		c.say(sent...)
		if e := c.next(); e.kind != "error" || e.data["code"] != "INTERNAL" || strings.Contains(e.data["text"].(string), "secret") {
			t.Errorf("%+v", e)
		}
		if e := c.next(); e.kind != "" {
			t.Errorf("%+v after the error", e)
		}
	}
}

// TestClientLeaves: its engine is stopped, in the whole and in the streaming form.
func TestClientLeaves(t *testing.T) {
	reached, stopped := make(chan struct{}), make(chan error)
	address, _ := start(t, tone.Options{Hook: func(ctx context.Context, u speech.Utterance, word int) error {
		if word != 0 {
			return nil
		}
		reached <- struct{}{}
		<-ctx.Done()
		stopped <- context.Cause(ctx)
		return context.Cause(ctx)
	}}, asIs)
	for _, sent := range [][]string{
		{`{"type":"synthesize","data":{"text":"a"}}`},
		{`{"type":"synthesize-start"}`, `{"type":"synthesize-chunk","data":{"text":"One. Two. Three."}}`},
		{`{"type":"synthesize-start"}`, `{"type":"synthesize-chunk","data":{"text":"One."}}`, `{"type":"synthesize-stop"}`},
	} {
		c := dial(t, address)
		c.say(sent...)
		<-reached
		c.Close()
		<-stopped
	}
}

// TestClientThatIsAheadLeaves: it has sent more words, as a model writes them, than wait
// for the voice; what it has said last is that it leaves.
func TestClientThatIsAheadLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reached, stopped := make(chan struct{}), make(chan error)
		c := pipe(t, Config{Synth: newSynth(t, tone.Options{Hook: func(ctx context.Context, _ speech.Utterance, _ int) error {
			close(reached)
			<-ctx.Done()
			stopped <- context.Cause(ctx)
			return context.Cause(ctx)
		}})})
		c.say(`{"type":"synthesize-start"}`)
		go func() {
			_, _ = io.WriteString(c.Conn, strings.Repeat(`{"type":"synthesize-chunk","data":{"text":" One two three four."}}`+"\n", 4000))
		}()
		<-reached
		synctest.Wait()
		left := time.Now()
		c.Close()
		<-stopped
		if after := time.Since(left); after > 0 {
			t.Errorf("the engine is stopped after %v", after)
		}
	})
}

// TestTooManyConnections: one more is told so, and there is room when one has left.
func TestTooManyConnections(t *testing.T) {
	address, _ := start(t, tone.Options{}, func(c *Config) { c.Connections = 1 })
	first := dial(t, address)
	first.say(`{"type":"ping"}`)
	first.next()
	if e := dial(t, address).next(); e.kind != "error" || e.data["code"] != "RESOURCE_EXHAUSTED" {
		t.Errorf("%+v", e)
	}
}

func TestStreamsOfOneClientAreCounted(t *testing.T) {
	address, _ := start(t, tone.Options{}, func(c *Config) { c.Callers = callers.New(callers.Limits{Streams: 1}) })
	first := dial(t, address)
	first.say(`{"type":"synthesize-start","data":{}}`, `{"type":"synthesize-chunk","data":{"text":"Hello there. And"}}`)
	if e := first.next(); e.kind != "audio-start" {
		t.Fatalf("the first stream answers %q", e.kind)
	}
	second := dial(t, address)
	second.say(`{"type":"synthesize","data":{"text":"Hello."}}`)
	if e := second.next(); e.kind != "error" || e.data["code"] != "RESOURCE_EXHAUSTED" {
		t.Errorf("a second stream is told %v", e)
	}
	first.say(`{"type":"synthesize-stop"}`)
	for e := first.next(); e.kind != "synthesize-stopped"; e = first.next() {
		if e.kind == "" {
			t.Fatal("the first stream does not end")
		}
	}
	// It is counted no more, on the same connection or another.
	first.say(`{"type":"synthesize","data":{"text":"Hello."}}`)
	if e := first.next(); e.kind != "audio-start" {
		t.Errorf("when the first has ended: %v", e)
	}
}

// TestAStreamThatCannotBeginIsRefused: while nobody may wait for a voice, and the
// voice is another's; in the whole and in the streaming form.
func TestAStreamThatCannotBeginIsRefused(t *testing.T) {
	all := callers.New(callers.Limits{Slots: 1, Waiting: -1})
	address, _ := start(t, tone.Options{}, func(c *Config) { c.Callers = all })
	_, leave, err := all.Turn(t.Context(), callers.At("192.0.2.1:1"), 1)
	if err != nil {
		t.Fatal(err)
	}
	forms := [][]string{
		{`{"type":"synthesize","data":{"text":"Hello."}}`},
		{`{"type":"synthesize-start","data":{}}`, `{"type":"synthesize-chunk","data":{"text":"Hello there."}}`, `{"type":"synthesize-stop"}`},
	}
	for _, form := range forms {
		client := dial(t, address)
		client.say(form...)
		if e := client.next(); e.kind != "error" || e.data["code"] != "RESOURCE_EXHAUSTED" {
			t.Errorf("%v is told %v", form, e)
		}
	}
	leave()
	for range 2 { // the first ones have given their turns back
		for _, form := range forms {
			client := dial(t, address)
			client.say(form...)
			if e := client.next(); e.kind != "audio-start" {
				t.Errorf("when there is a voice again, %v is told %v", form, e)
			}
			for e := client.next(); e.kind != "audio-stop"; e = client.next() {
				if e.kind == "" {
					t.Fatalf("%v does not end", form)
				}
			}
		}
	}
}

// pipes is a listener of connections within this process, whose time a test has.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if conn, open := <-p; open {
		return conn, nil
	}
	return nil, net.ErrClosed
}
func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// pipe is a client of a server within this process, which ends with the test.
func pipe(t *testing.T, config Config) *client {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	listener, ended := make(pipes), make(chan error)
	go func() { ended <- New(config).Serve(ctx, listener) }()
	here, there := net.Pipe()
	t.Cleanup(func() {
		here.Close()
		stop()
		close(listener)
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	listener <- there
	return &client{here, t, bufio.NewReader(here)}
}

// TestIdleTextIsSpoken: what is no sentence yet is spoken after the server's own time.
func TestIdleTextIsSpoken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		config := Config{Synth: newSynth(t, tone.Options{}), TextIdle: 2 * time.Second}
		c := pipe(t, config)
		c.say(`{"type":"synthesize-start","data":{}}`, `{"type":"synthesize-chunk","data":{"text":"Hello there, "}}`)
		began := time.Now()
		if e := c.next(); e.kind != "audio-start" || time.Since(began) != config.TextIdle {
			t.Errorf("%v comes after %v", e, time.Since(began))
		}
	})
}

// TestStop: what is spoken may end, who says nothing is sent away.
func TestStop(t *testing.T) {
	reached, resume := make(chan struct{}), make(chan struct{})
	address, stop := start(t, tone.Options{Hook: func(_ context.Context, _ speech.Utterance, word int) error {
		if word == 0 {
			reached <- struct{}{}
			<-resume
		}
		return nil
	}}, asIs)
	quiet, speaking := dial(t, address), dial(t, address)
	quiet.say(`{"type":"ping"}`)
	quiet.next()
	speaking.say(`{"type":"synthesize","data":{"text":"abc"}}`)
	<-reached
	done := make(chan struct{})
	go func() { stop(); close(done) }()
	if e := quiet.next(); e.kind != "" {
		t.Errorf("%+v", e)
	}
	close(resume)
	if sound := speaking.sound(16000); len(sound) != 3*480*2 {
		t.Errorf("%d bytes of sound", len(sound))
	}
	<-done
}

// TestClientTakesNothing: its speech ends, and its connection, when it can have heard all
// that it took before.
func TestClientTakesNothing(t *testing.T) {
	for _, taken := range []time.Duration{0, time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			config := Config{Synth: newSynth(t, tone.Options{})}
			c := pipe(t, config)
			c.say(`{"type":"synthesize","data":{"text":"` + strings.Repeat("This is a long text. ", 4000) + `"}}`)
			if e := c.next(); e.kind != "audio-start" {
				t.Fatalf("%+v", e)
			}
			for heard := 0; heard < int(taken.Seconds()*16000*2); {
				heard += len(c.next().payload)
			}
			const patience, event = 30 * time.Second, 300 * time.Millisecond
			time.Sleep(taken + patience - time.Millisecond)
			if _, err := io.WriteString(c.Conn, `{"type":"ping"}`+"\n"); err != nil {
				t.Errorf("%v: it is sent away early: %v", taken, err)
			}
			time.Sleep(event)
			for c.next().kind != "" { // what the client's own buffer holds
			}
			synctest.Wait()
			if busy := config.Synth.Engines().Busy(); busy != 0 {
				t.Errorf("%v: %d engines are busy", taken, busy)
			}
		})
	}
}
