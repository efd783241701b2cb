package lecterntest_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/lecterntest"
)

// What follows, up to the next comment, stands in docs/testing.md.

func TestSaysHello(t *testing.T) {
	s := lecterntest.NewServer(t)
	client := texttospeechpb.NewTextToSpeechClient(s.Conn())

	// The service is busy twice; does the program try again?
	s.OnCalls("SynthesizeSpeech", lecterntest.Fault{Code: codes.Unavailable, Times: 2})
	sound, err := sayHello(t.Context(), client)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(sound, []byte("RIFF")) {
		t.Errorf("%d bytes are no WAV", len(sound))
	}
}

// sayHello is a program that tries again.
func sayHello(ctx context.Context, client texttospeechpb.TextToSpeechClient) ([]byte, error) {
	for {
		answer, err := client.SynthesizeSpeech(ctx, &texttospeechpb.SynthesizeSpeechRequest{Input: text("Hello."), Voice: english, AudioConfig: wav})
		if status.Code(err) != codes.Unavailable {
			return answer.GetAudioContent(), err
		}
	}
}

// TestPage: the page shows the test above as it stands here.
func TestPage(t *testing.T) {
	page, err := os.ReadFile("../docs/testing.md")
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.ReadFile("page_test.go")
	if err != nil {
		t.Fatal(err)
	}
	_, shown, _ := strings.Cut(string(page), "```go\n")
	shown, _, _ = strings.Cut(shown, "```")
	if shown == "" || !strings.Contains(string(self), shown) {
		t.Errorf("the page shows another test than page_test.go has:\n%s", shown)
	}
}
