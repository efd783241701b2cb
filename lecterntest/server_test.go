package lecterntest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/lecterntest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var wav = &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_LINEAR16}

func text(s string) *texttospeechpb.SynthesisInput {
	return &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: s}}
}

var english = &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US"}

func speak(ctx context.Context, s *lecterntest.Server, said string) ([]byte, error) {
	answer, err := texttospeechpb.NewTextToSpeechClient(s.Conn()).SynthesizeSpeech(ctx,
		&texttospeechpb.SynthesizeSpeechRequest{Input: text(said), Voice: english, AudioConfig: wav})
	return answer.GetAudioContent(), err
}

const parent = "projects/p/locations/global"

// begin starts a long operation.
func begin(t *testing.T, s *lecterntest.Server, said, uri string) *longrunningpb.Operation {
	t.Helper()
	op, err := texttospeechpb.NewTextToSpeechLongAudioSynthesizeClient(s.Conn()).SynthesizeLongAudio(t.Context(),
		&texttospeechpb.SynthesizeLongAudioRequest{Parent: parent, Input: text(said), Voice: english, AudioConfig: wav, OutputGcsUri: uri})
	if err != nil {
		t.Fatal(err)
	}
	return op
}

func operations(s *lecterntest.Server) longrunningpb.OperationsClient {
	return longrunningpb.NewOperationsClient(s.Conn())
}

// await waits for an operation's end.
func await(t *testing.T, s *lecterntest.Server, op *longrunningpb.Operation) *longrunningpb.Operation {
	t.Helper()
	ended, err := operations(s).WaitOperation(t.Context(), &longrunningpb.WaitOperationRequest{Name: op.Name})
	if err != nil || !ended.Done {
		t.Fatalf("%v, %v", ended, err)
	}
	return ended
}

// TestSpeaks: over gRPC and REST, and into an object.
func TestSpeaks(t *testing.T) {
	t.Parallel()
	s := lecterntest.NewServer(t)
	said, err := speak(t.Context(), s, "Hello.")
	if err != nil || !bytes.HasPrefix(said, []byte("RIFF")) {
		t.Errorf("%d bytes, %v", len(said), err)
	}

	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	answer, err := client.Post(s.URL()+"/v1/text:synthesize", "application/json",
		strings.NewReader(`{"input":{"text":"Hello."},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"LINEAR16"}}`))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var rest struct{ AudioContent []byte }
	if err := json.NewDecoder(answer.Body).Decode(&rest); err != nil || !bytes.Equal(rest.AudioContent, said) {
		t.Errorf("REST says %d bytes, not the %d of gRPC, %v", len(rest.AudioContent), len(said), err)
	}

	op := await(t, s, begin(t, s, "A long text.", "gs://books/one.wav"))
	if op.GetError() != nil || !bytes.HasPrefix(s.Object("gs://books/one.wav"), []byte("RIFF")) {
		t.Errorf("%v, and the object has %d bytes", op, len(s.Object("gs://books/one.wav")))
	}
	if other := s.Object("gs://books/two.wav"); other != nil {
		t.Errorf("an object that nobody wrote has %d bytes", len(other))
	}
}

// TestRealCancels: an operation that is held is cancelled for good, and leaves no object.
func TestRealCancels(t *testing.T) {
	t.Parallel()
	s := lecterntest.NewServer(t)
	held := s.OnSpeech("", lecterntest.Fault{Hold: true})
	op := begin(t, s, "A long text.", "gs://books/one.wav")
	<-held.Met()
	if now, err := operations(s).GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: op.Name}); err != nil || now.Done {
		t.Fatalf("held, it is %v, %v", now, err)
	}
	if _, err := operations(s).CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: op.Name}); err != nil {
		t.Fatal(err)
	}
	if ended := await(t, s, op); codes.Code(ended.GetError().GetCode()) != codes.Canceled {
		t.Errorf("cancelled, it is %v", ended)
	}
	held.Lift()
	if said, err := speak(t.Context(), s, "Hello."); err != nil || len(said) == 0 {
		t.Errorf("then it says %d bytes, %v", len(said), err)
	}
	if s.Object("gs://books/one.wav") != nil {
		t.Error("a cancelled operation left an object")
	}
}

// TestOperationsOnDemand: they run until they are released, and fail as they are told.
func TestOperationsOnDemand(t *testing.T) {
	t.Parallel()
	s := lecterntest.NewServer(t)
	held := s.OnSpeech("first", lecterntest.Fault{Hold: true})
	failing := s.OnSpeech("second", lecterntest.Fault{Code: codes.ResourceExhausted})
	first := begin(t, s, "The first text.", "gs://books/first.wav")
	<-held.Met()
	second := await(t, s, begin(t, s, "The second text.", "gs://books/second.wav"))
	if codes.Code(second.GetError().GetCode()) != codes.ResourceExhausted || s.Object("gs://books/second.wav") != nil {
		t.Errorf("it is %v", second)
	}
	failing.Lift()
	if again := await(t, s, begin(t, s, "The second text.", "gs://books/second.wav")); again.GetError() != nil {
		t.Errorf("without the fault it is %v", again)
	}
	held.Lift()
	if first := await(t, s, first); first.GetError() != nil || s.Object("gs://books/first.wav") == nil {
		t.Errorf("released, it is %v", first)
	}
}

// TestCallsOnDemand: they fail so often and no more, and are held until their caller
// gives up.
func TestCallsOnDemand(t *testing.T) {
	t.Parallel()
	s := lecterntest.NewServer(t)
	s.OnCalls("SynthesizeSpeech", lecterntest.Fault{Code: codes.Unavailable, Times: 2})
	for n, want := range []codes.Code{codes.Unavailable, codes.Unavailable, codes.OK} {
		if _, err := speak(t.Context(), s, "Hello."); status.Code(err) != want {
			t.Errorf("call %d: %v, want %s", n, err, want)
		}
	}
	if _, err := operations(s).ListOperations(t.Context(), &longrunningpb.ListOperationsRequest{Name: parent}); err != nil {
		t.Errorf("another method: %v", err)
	}
	for name, f := range map[string]lecterntest.Fault{"held": {Hold: true}, "slow": {Delay: time.Hour}} {
		t.Run(name, func(t *testing.T) {
			waits := s.OnCalls("", f)
			ctx, giveUp := context.WithCancel(t.Context())
			ended := make(chan error, 2)
			call := func(ctx context.Context) {
				_, err := speak(ctx, s, "Hello.")
				ended <- err
			}
			go call(ctx)
			<-waits.Met()
			giveUp()
			if err := <-ended; status.Code(err) != codes.Canceled {
				t.Errorf("given up, it is %v", err)
			}
			go call(t.Context())
			waits.Lift()
			if err := <-ended; err != nil {
				t.Errorf("lifted: %v", err)
			}
		})
	}
}

// TestClock: operations have its times, and are gone a month later by it.
func TestClock(t *testing.T) {
	t.Parallel()
	now := time.Date(2031, 5, 4, 3, 2, 1, 0, time.UTC)
	s := lecterntest.NewServer(t, lecterntest.Clock(func() time.Time { return now }))
	op := await(t, s, begin(t, s, "A long text.", "gs://books/one.wav"))
	var metadata texttospeechpb.SynthesizeLongAudioMetadata
	if err := op.Metadata.UnmarshalTo(&metadata); err != nil || !metadata.StartTime.AsTime().Equal(now) {
		t.Errorf("it began at %v, %v", metadata.StartTime.AsTime(), err)
	}
	there := func() error {
		_, err := operations(s).GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: op.Name})
		return err
	}
	expire := func() {
		t.Helper()
		if err := s.Expire(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	now = now.AddDate(0, 0, 29)
	if expire(); there() != nil {
		t.Errorf("after 29 days: %v", there())
	}
	now = now.AddDate(0, 0, 32)
	if expire(); status.Code(there()) != codes.NotFound {
		t.Errorf("after two months: %v", there())
	}
}

// TestConfigured: limits and engines are the test's to choose.
func TestConfigured(t *testing.T) {
	t.Parallel()
	s := lecterntest.NewServer(t,
		lecterntest.Configure(func(c *lectern.Config) { c.Limits.TextBytes = 10 }),
		lecterntest.Engines(engine.Source{
			Name:  tone.Name,
			Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{NoProsody: true}), nil },
		}))
	if _, err := speak(t.Context(), s, "Hello."); err != nil {
		t.Error(err)
	}
	if _, err := speak(t.Context(), s, "Hello, world."); status.Code(err) != codes.InvalidArgument {
		t.Errorf("a text beyond the limit: %v", err)
	}
}

// TestAHundredServers: in one process, at once; TestMain sees that nothing of them is
// left.
func TestAHundredServers(t *testing.T) {
	servers := make([]*lecterntest.Server, 100)
	for i := range servers {
		servers[i] = lecterntest.NewServer(t)
	}
	var all errgroup.Group
	for i, s := range servers {
		all.Go(func() error {
			said, err := speak(t.Context(), s, fmt.Sprint("This is server ", i))
			if err == nil && !bytes.HasPrefix(said, []byte("RIFF")) {
				err = fmt.Errorf("server %d says %d bytes", i, len(said))
			}
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
}

// BenchmarkFirstAnswer is how long a test waits for a server and its first sentence,
// and for its end.
func BenchmarkFirstAnswer(b *testing.B) {
	for b.Loop() {
		s, err := lecterntest.Start(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		if _, err := speak(b.Context(), s, "Hello."); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// TestInstalledEngines: real voices, by their workers, that meet faults as tones do.
func TestInstalledEngines(t *testing.T) {
	t.Parallel()
	workers := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", workers, "../cmd/lectern-flite").CombinedOutput(); err != nil {
		needs.Missing(t, "lectern-flite cannot be built: %v: %s", err, out)
	}
	s := lecterntest.NewServer(t, lecterntest.Installed(workers))
	said, err := speak(t.Context(), s, "Hello.")
	if err != nil || len(said) < 10_000 {
		t.Errorf("%d bytes, %v", len(said), err)
	}
	s.OnSpeech("Hello", lecterntest.Fault{Code: codes.Aborted})
	if _, err := speak(t.Context(), s, "Hello."); status.Code(err) != codes.Aborted {
		t.Errorf("with a fault: %v", err)
	}
}
