package lectern_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"github.com/lectern/lectern"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
)

// tones is a configuration that needs nothing of the machine.
func tones() lectern.Config {
	return lectern.Config{Engines: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{}), nil },
	}}}
}

// running makes a server of c and runs it until the test ends.
func running(t *testing.T, c lectern.Config) *lectern.Server {
	t.Helper()
	s, err := lectern.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ran := make(chan error, 1)
	go func() { ran <- s.Run(context.Background()) }()
	t.Cleanup(func() {
		if err := errors.Join(s.Close(), <-ran); err != nil && !errors.Is(err, lectern.ErrClosed) {
			t.Errorf("the server ended: %v", err)
		}
	})
	return s
}

const hello = `{"input":{"text":"Hello, world."},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"LINEAR16"}}`

// speak asks over REST and returns the sound.
func speak(t *testing.T, client *http.Client, url string) []byte {
	t.Helper()
	answer, err := client.Post(url+"/v1/text:synthesize", "application/json", strings.NewReader(hello))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", answer.Status, body, err)
	}
	var said struct{ AudioContent []byte }
	if err := json.Unmarshal(body, &said); err != nil {
		t.Fatal(err)
	}
	return said.AudioContent
}

func isWAV(sound []byte) bool { return len(sound) > 1000 && bytes.HasPrefix(sound, []byte("RIFF")) }

// TestEveryWayIn: a listener of the server's own, the program's HTTP server, and the
// program's gRPC server lead to the same services.
func TestEveryWayIn(t *testing.T) {
	c := tones()
	c.Listen = "127.0.0.1:0"
	s := running(t, c)
	if sound := speak(t, http.DefaultClient, "http://"+s.Addr().String()); !isWAV(sound) {
		t.Errorf("over its listener it said %d bytes", len(sound))
	}

	embedding := httptest.NewServer(s.Handler())
	defer embedding.Close()
	if sound := speak(t, embedding.Client(), embedding.URL); !isWAV(sound) {
		t.Errorf("over its handler it said %d bytes", len(sound))
	}

	l := bufconn.Listen(1 << 16)
	program := grpc.NewServer()
	s.Register(program)
	go program.Serve(l)
	defer program.Stop()
	conn, err := grpc.NewClient("passthrough:", grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return l.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	tts := texttospeechpb.NewTextToSpeechClient(conn)
	said, err := tts.SynthesizeSpeech(t.Context(), request("Hello."))
	if err != nil || !isWAV(said.GetAudioContent()) {
		t.Errorf("over the program's gRPC server it said %d bytes, %v", len(said.GetAudioContent()), err)
	}
	// Its faults become statuses there too, of streams as of calls.
	if _, err := tts.SynthesizeSpeech(t.Context(), request("")); status.Code(err) != codes.InvalidArgument {
		t.Errorf("an empty text is %v", err)
	}
	stream, err := tts.StreamingSynthesize(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_ = stream.Send(&texttospeechpb.StreamingSynthesizeRequest{}) // its end is told by Recv
	if _, err := stream.Recv(); status.Code(err) != codes.InvalidArgument {
		t.Errorf("an empty message is %v", err)
	}
}

func request(text string) *texttospeechpb.SynthesizeSpeechRequest {
	return &texttospeechpb.SynthesizeSpeechRequest{
		Input:       &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: text}},
		Voice:       &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US"},
		AudioConfig: &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_LINEAR16},
	}
}

// TestLifecycle: Close ends Run and may come again, and a temporary directory does
// not outlive it.
func TestLifecycle(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	c := tones()
	c.Listen = "127.0.0.1:0"
	s, err := lectern.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) != 1 {
		t.Errorf("it has made %v", left)
	}
	ran := make(chan error, 1)
	go func() { ran <- s.Run(t.Context()) }()
	speak(t, http.DefaultClient, "http://"+s.Addr().String()) // now it runs
	if err := s.Run(t.Context()); err == nil {
		t.Error("it can be run twice")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-ran; err != nil {
		t.Error(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closing again: %v", err)
	}
	if err := s.Run(t.Context()); !errors.Is(err, lectern.ErrClosed) {
		t.Errorf("running what is closed: %v", err)
	}
	if left, _ := os.ReadDir(os.TempDir()); len(left) > 0 {
		t.Errorf("it has left %v", left)
	}
}

// TestAnswersWithoutRun: short requests need nothing else, nor does Close.
func TestAnswersWithoutRun(t *testing.T) {
	s, err := lectern.New(t.Context(), tones())
	if err != nil {
		t.Fatal(err)
	}
	program := httptest.NewServer(s.Handler())
	if sound := speak(t, program.Client(), program.URL); !isWAV(sound) {
		t.Errorf("it said %d bytes", len(sound))
	}
	program.Close()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if addr := s.Addr(); addr != nil {
		t.Errorf("without a listener its address is %v", addr)
	}
}

// TestAFailedStartLeavesNothing: neither a listener nor a lock nor files.
func TestAFailedStartLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	c := tones()
	c.Data = t.TempDir()
	c.Listen = "127.0.0.1:0"
	c.Wyoming = taken.Addr().String()
	for range 2 { // the second would find a lock
		_, err := lectern.New(t.Context(), c)
		if err == nil || !strings.Contains(err.Error(), "cannot listen on "+c.Wyoming) {
			t.Fatalf("got %v", err)
		}
	}
	c.Data = ""
	if _, err := lectern.New(t.Context(), c); err == nil {
		t.Error("it was made")
	}
	if left, _ := filepath.Glob(filepath.Join(os.TempDir(), "*")); len(left) > 0 {
		t.Errorf("it has left %v", left)
	}
}
