package server_test

import (
	"errors"
	"testing"

	longrunning "cloud.google.com/go/longrunning/autogen"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	texttospeech "cloud.google.com/go/texttospeech/apiv1"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"github.com/googleapis/gax-go/v2/apierror"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// officialClient is Google's Go client on one transport, unmodified.
type officialClient struct {
	speech     *texttospeech.Client
	longAudio  *texttospeech.TextToSpeechLongAudioSynthesizeClient
	operations *longrunning.OperationsClient
}

func newOfficialClient(t *testing.T, w *wire, transport string) officialClient {
	t.Helper()
	opts := []option.ClientOption{option.WithoutAuthentication()}
	speech, longAudio, ops := texttospeech.NewClient, texttospeech.NewTextToSpeechLongAudioSynthesizeClient, longrunning.NewOperationsClient
	if transport == "REST" {
		opts = append(opts, option.WithEndpoint(w.url))
		speech, longAudio, ops = texttospeech.NewRESTClient, texttospeech.NewTextToSpeechLongAudioSynthesizeRESTClient, longrunning.NewOperationsRESTClient
	} else {
		opts = append(opts, option.WithEndpoint(w.addr), option.WithGRPCDialOption(grpc.WithTransportCredentials(plaintext())))
	}
	var c officialClient
	var errs [3]error
	c.speech, errs[0] = speech(t.Context(), opts...)
	c.longAudio, errs[1] = longAudio(t.Context(), opts...)
	c.operations, errs[2] = ops(t.Context(), opts...)
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = errors.Join(c.speech.Close(), c.longAudio.Close(), c.operations.Close())
	})
	return c
}

func TestOfficialGoClient(t *testing.T) {
	for _, transport := range []string{"gRPC", "REST"} {
		t.Run(transport, func(t *testing.T) {
			w := start(t)
			c := newOfficialClient(t, w, transport)
			t.Run("speech", func(t *testing.T) { officialSpeech(t, c) })
			t.Run("errors", func(t *testing.T) { officialErrors(t, c) })
			t.Run("operations", func(t *testing.T) { officialOperations(t, c, w) })
		})
	}
}

func officialSpeech(t *testing.T, c officialClient) {
	voices, err := c.speech.ListVoices(t.Context(), &texttospeechpb.ListVoicesRequest{LanguageCode: "en-US"})
	if err != nil || len(voices.GetVoices()) != 1 || voices.Voices[0].SsmlGender != texttospeechpb.SsmlVoiceGender_FEMALE {
		t.Errorf("voices: %v, %v", voices, err)
	}
	said, err := c.speech.SynthesizeSpeech(t.Context(), &texttospeechpb.SynthesizeSpeechRequest{
		Input:       &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: "hello"}},
		Voice:       &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US", SsmlGender: texttospeechpb.SsmlVoiceGender_MALE},
		AudioConfig: &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_MP3, SpeakingRate: 1.25, EffectsProfileId: []string{"a"}},
	})
	if err != nil || string(said.GetAudioContent()) != "hello" {
		t.Errorf("synthesize: %v, %v", said, err)
	}
}

func officialErrors(t *testing.T, c officialClient) {
	_, err := c.operations.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: parent + "/operations/none"})
	var api *apierror.APIError
	if !errors.As(err, &api) || api.Reason() != "NOT_FOUND" || api.Domain() != "lectern" {
		t.Errorf("get of nothing: %v", err)
	}
}

func officialOperations(t *testing.T, c officialClient, w *wire) {
	startOne := func() *texttospeech.SynthesizeLongAudioOperation {
		op, err := c.longAudio.SynthesizeLongAudio(t.Context(), &texttospeechpb.SynthesizeLongAudioRequest{
			Parent: parent, OutputGcsUri: "gs://bucket/object",
			Input: &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: "hello"}},
			Voice: &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return op
	}

	op := startOne()
	if meta, err := op.Metadata(); err != nil || meta.GetProgressPercentage() != 10 {
		t.Errorf("metadata: %v, %v", meta, err)
	}
	if _, err := op.Poll(t.Context()); err != nil || op.Done() {
		t.Errorf("poll of a running operation: done %v, %v", op.Done(), err)
	}
	if err := c.operations.CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: op.Name()}); err != nil {
		t.Fatalf("cancel: %v", err)
	}
	_, err := op.Wait(t.Context())
	if status.Code(err) != codes.Canceled || !op.Done() {
		t.Errorf("wait for a cancelled operation: done %v, %v", op.Done(), err)
	}

	op = startOne()
	w.operations.finish(op.Name(), false)
	if resp, err := op.Wait(t.Context()); err != nil || resp == nil {
		t.Errorf("wait for a finished operation: %v, %v", resp, err)
	}
	again := c.longAudio.SynthesizeLongAudioOperation(op.Name())
	if _, err := again.Poll(t.Context()); err != nil || !again.Done() {
		t.Errorf("poll by name: %v", err)
	}

	listed := c.longAudio.ListOperations(t.Context(), &longrunningpb.ListOperationsRequest{Name: parent, Filter: "done=true"})
	count := 0
	for {
		_, err := listed.Next()
		if errors.Is(err, iterator.Done) {
			break
		}
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		count++
	}
	if count != 2 {
		t.Errorf("listed %d done operations, want 2", count)
	}
	if err := c.operations.DeleteOperation(t.Context(), &longrunningpb.DeleteOperationRequest{Name: op.Name()}); err != nil {
		t.Errorf("delete: %v", err)
	}
	if _, err := c.longAudio.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: op.Name()}); err == nil {
		t.Error("a deleted operation is still there")
	}
}
