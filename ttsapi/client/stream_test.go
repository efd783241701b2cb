package client_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/ttsapi/client"
)

// heard is all of a sound, and its end.
func heard(s *client.Sound) ([]byte, error) {
	var all []byte
	for {
		next, err := s.Next()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		all = append(all, next...)
	}
}

// TestAStreamIsWhatSpeakSays: the same voice, rate, length and, but for the header of
// what has one, the same bytes.
func TestAStreamIsWhatSpeakSays(t *testing.T) {
	c := newHouse(t).client()
	for name, change := range map[string]func(*synth.Request){
		"WAV":               func(*synth.Request) {},
		"PCM":               func(r *synth.Request) { r.Encoding = "PCM" },
		"mu-law, 8000 Hz":   func(r *synth.Request) { r.Encoding, r.SampleRate = "MULAW", 8000 },
		"A-law":             func(r *synth.Request) { r.Encoding = "ALAW" },
		"Opus":              func(r *synth.Request) { r.Encoding = "OGG_OPUS" },
		"markup":            func(r *synth.Request) { r.Markup, r.Text = "One. [pause] Two.", "" },
		"a woman, slowly":   func(r *synth.Request) { r.Voice.Gender, r.Prosody.Rate = speech.Female, 0.5 },
		"German":            func(r *synth.Request) { r.Voice.Language, r.Voice.Name = "de-DE", "de-DE-Tone-1" },
		"paragraphs":        func(r *synth.Request) { r.Text = "One.\n\nTwo three, four.\n\nFive" },
		"as much as may be": func(r *synth.Request) { r.Text = strings.Repeat("This goes on and on. ", 238) },
		"as much in Opus": func(r *synth.Request) {
			r.Text, r.Encoding, r.Prosody.Rate = strings.Repeat("This goes on and on. ", 238), "OGG_OPUS", 0.5
		},
	} {
		t.Run(name, func(t *testing.T) {
			req := request("Hello there. How are you? All is well")
			change(&req)
			said, err := c.Speak(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			sound, err := c.Stream(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			defer sound.Close()
			all, err := heard(sound)
			if err != nil || len(all) == 0 {
				t.Fatalf("%d bytes, %v", len(all), err)
			}
			// How Opus is cut into pages depends on when it is sent.
			if req.Encoding != "OGG_OPUS" && !bytes.HasSuffix(said.File, all) {
				t.Errorf("%d bytes that are not those of Speak's %d", len(all), len(said.File))
			}
			if sound.Voice != said.Voices || sound.Length().Milliseconds() != said.Length.Milliseconds() {
				t.Errorf("%q for %v, want %q for %v", sound.Voice, sound.Length(), said.Voices, said.Length)
			}
		})
	}
}

func TestWhatStreamsDoNotHave(t *testing.T) {
	c := newHouse(t).client()
	for name, tc := range map[string]struct {
		change func(*synth.Request)
		want   fault.Code
	}{
		"SSML":         {func(r *synth.Request) { r.SSML, r.Text = "<speak>Hello</speak>", "" }, fault.Unimplemented},
		"pitch":        {func(r *synth.Request) { r.Prosody.PitchSemitones = 1 }, fault.Unimplemented},
		"volume":       {func(r *synth.Request) { r.Prosody.GainDB = -3 }, fault.Unimplemented},
		"effects":      {func(r *synth.Request) { r.Effects = []string{"telephony-class-application"} }, fault.Unimplemented},
		"MP3":          {func(r *synth.Request) { r.Encoding = "MP3" }, fault.Unimplemented},
		"no words":     {func(r *synth.Request) { r.Text = "..." }, fault.Unimplemented},
		"a long text":  {func(r *synth.Request) { r.Text = strings.Repeat("Hello you. ", 1000) }, fault.InvalidArgument},
		"nobody":       {func(r *synth.Request) { r.Voice.Name = "nobody" }, fault.InvalidArgument},
		"no such list": {func(r *synth.Request) { r.Lexicons = []string{"none"} }, fault.InvalidArgument},
	} {
		req := request("Hello")
		tc.change(&req)
		if sound, err := c.Stream(t.Context(), req); !fault.Is(err, tc.want) {
			t.Errorf("%s: %v, %v; want %s", name, sound, err, tc.want)
		}
	}
}

// TestAStreamIsHeardWhileItIsSpoken, and stops where nobody wants it any more.
func TestAStreamIsHeardWhileItIsSpoken(t *testing.T) {
	for name, end := range map[string]func(*client.Sound, context.CancelFunc){
		"closed":    func(s *client.Sound, _ context.CancelFunc) { s.Close() },
		"cancelled": func(_ *client.Sound, cancel context.CancelFunc) { cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			sound, err := h.client().Stream(ctx, request("Hello there. HOLD this one."))
			if err != nil {
				t.Fatal(err)
			}
			defer sound.Close()
			// The tone engine has 30 ms for a character.
			for sound.Length().Milliseconds() < 30*int64(len("Hello there.")) {
				if _, err := sound.Next(); err != nil {
					t.Fatal(err)
				}
			}
			end(sound, cancel)
			if next, err := sound.Next(); !fault.Is(err, fault.Canceled) {
				t.Errorf("behind the end %d bytes, %v", len(next), err)
			}
			<-h.left // the engine
		})
	}
}

// TestAStreamThatBreaksIsNotWhole: what has come is given, and then the reason.
func TestAStreamThatBreaksIsNotWhole(t *testing.T) {
	sound, err := newHouse(t).client().Stream(t.Context(), request("Hello there. This will FAIL."))
	if err != nil {
		t.Fatal(err)
	}
	defer sound.Close()
	all, err := heard(sound)
	if !fault.Is(err, fault.Internal) || len(all) == 0 {
		t.Errorf("%d bytes, %v", len(all), err)
	}
}

// passing is a server that goes away while it speaks.
type passing struct {
	ttspb.UnimplementedTextToSpeechServer
	leave func()
}

func (p passing) StreamingSynthesize(call ttspb.TextToSpeech_StreamingSynthesizeServer) error {
	err := call.Send(&ttspb.StreamingSynthesizeResponse{AudioContent: make([]byte, 100)})
	go p.leave()
	<-call.Context().Done()
	return err
}

// TestAConnectionThatBreaksIsToldSo, not that there is no server; who tells no rate
// has Google's.
func TestAConnectionThatBreaksIsToldSo(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	heard := make(chan struct{})
	server := grpc.NewServer()
	ttspb.RegisterTextToSpeechServer(server, passing{leave: func() { <-heard; server.Stop() }})
	go func() { _ = server.Serve(listener) }()
	c, err := client.Dial(t.Context(), listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sound, err := c.Stream(t.Context(), request("Hello"))
	if err != nil {
		t.Fatal(err)
	}
	defer sound.Close()
	if first, err := sound.Next(); err != nil || len(first) != 100 || sound.SampleRate != 24000 {
		t.Errorf("%d bytes at %d Hz, %v", len(first), sound.SampleRate, err)
	}
	close(heard)
	if _, err := sound.Next(); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "broke while the sound came") {
		t.Errorf("behind the end: %v", err)
	}
}
