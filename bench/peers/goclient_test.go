package peers_test

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
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
	"google.golang.org/grpc/credentials/insecure"
)

// bookText is long enough that a test can act while it is spoken.
var bookText = strings.Repeat("It was the best of times, it was the worst of times. ", 6000)

// goClients are Google's own, over one transport.
type goClients struct {
	speech     *texttospeech.Client
	long       *texttospeech.TextToSpeechLongAudioSynthesizeClient
	operations *longrunning.OperationsClient
}

func newGoClients(t *testing.T, address, transport string) goClients {
	t.Helper()
	options := []option.ClientOption{option.WithoutAuthentication()}
	var c goClients
	var err [3]error
	if transport == "gRPC" {
		options = append(options, option.WithEndpoint(address),
			option.WithGRPCDialOption(grpc.WithTransportCredentials(insecure.NewCredentials())))
		c.speech, err[0] = texttospeech.NewClient(t.Context(), options...)
		c.long, err[1] = texttospeech.NewTextToSpeechLongAudioSynthesizeClient(t.Context(), options...)
		c.operations, err[2] = longrunning.NewOperationsClient(t.Context(), options...)
	} else {
		options = append(options, option.WithEndpoint("http://"+address))
		c.speech, err[0] = texttospeech.NewRESTClient(t.Context(), options...)
		c.long, err[1] = texttospeech.NewTextToSpeechLongAudioSynthesizeRESTClient(t.Context(), options...)
		c.operations, err[2] = longrunning.NewOperationsRESTClient(t.Context(), options...)
	}
	if err := errors.Join(err[:]...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.speech.Close(); c.long.Close(); c.operations.Close() })
	return c
}

func (c goClients) start(t *testing.T, uri, text string) *texttospeech.SynthesizeLongAudioOperation {
	t.Helper()
	op, err := c.long.SynthesizeLongAudio(t.Context(), &texttospeechpb.SynthesizeLongAudioRequest{
		Parent:       "projects/p1/locations/global",
		Input:        &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: text}},
		Voice:        &texttospeechpb.VoiceSelectionParams{LanguageCode: "de-DE"},
		AudioConfig:  &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_LINEAR16},
		OutputGcsUri: uri,
	})
	if err != nil {
		t.Fatal(err)
	}
	return op
}

// mustBeWAV fails unless file is a WAV file whose header tells its length.
func mustBeWAV(t *testing.T, file []byte) {
	t.Helper()
	if len(file) < 1000 || string(file[:4]) != "RIFF" || int(binary.LittleEndian.Uint32(file[40:]))+44 != len(file) {
		t.Errorf("not a whole WAV file: %d bytes", len(file))
	}
}

func TestGoClient(t *testing.T) {
	server := serve(t, t.TempDir())
	for _, transport := range []string{"gRPC", "REST"} {
		t.Run(transport, func(t *testing.T) {
			c := newGoClients(t, server.address, transport)
			t.Run("voices", c.voices)
			t.Run("speech", c.speak)
			t.Run("refusal", c.refusal)
			t.Run("long", func(t *testing.T) { c.whole(t, server.data, transport) })
			t.Run("cancel", func(t *testing.T) { c.cancel(t, server.data, transport) })
		})
	}
}

func (c goClients) voices(t *testing.T) {
	for code, least := range map[string]int{"": 100, "en": 10, "en-US": 4, "no": 1} {
		resp, err := c.speech.ListVoices(t.Context(), &texttospeechpb.ListVoicesRequest{LanguageCode: code})
		if err != nil || len(resp.Voices) < least {
			t.Errorf("%q: %d voices, %v", code, len(resp.GetVoices()), err)
		}
	}
}

func (c goClients) speak(t *testing.T) {
	for _, voice := range []string{"en-US-Flite-Slt", "en-us-espeak-1"} {
		resp, err := c.speech.SynthesizeSpeech(t.Context(), &texttospeechpb.SynthesizeSpeechRequest{
			Input:       &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Ssml{Ssml: `<speak>Hello<break time="1s"/> world.</speak>`}},
			Voice:       &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US", Name: voice},
			AudioConfig: &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_LINEAR16, SampleRateHertz: 24000},
		})
		if err != nil {
			t.Fatal(err)
		}
		mustBeWAV(t, resp.AudioContent)
		if seconds := float64(len(resp.AudioContent)) / 48000; seconds < 1.5 || seconds > 5 {
			t.Errorf("%s: two words and a pause of a second last %.2f s", voice, seconds)
		}
	}
}

func (c goClients) refusal(t *testing.T) {
	_, err := c.speech.SynthesizeSpeech(t.Context(), &texttospeechpb.SynthesizeSpeechRequest{
		Input:       &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Ssml{Ssml: "<speak>one\n</p>two</speak>"}},
		Voice:       &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US"},
		AudioConfig: &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_LINEAR16},
	})
	var refused *apierror.APIError
	if !errors.As(err, &refused) {
		t.Fatalf("%v", err)
	}
	violations := refused.Details().BadRequest.GetFieldViolations()
	if len(violations) != 1 || violations[0].Field != "input.ssml" || !strings.Contains(refused.Error(), "line 2, column 1") {
		t.Errorf("%v, %v", refused, violations)
	}
}

func (c goClients) whole(t *testing.T, data, transport string) {
	op := c.start(t, "gs://books/"+transport+"/whole.wav", strings.Repeat("Guten Tag, lieber Leser. ", 400))
	if _, err := op.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	meta, err := op.Metadata()
	if err != nil || meta.ProgressPercentage != 100 {
		t.Errorf("%v, %v", meta, err)
	}
	again := c.long.SynthesizeLongAudioOperation(op.Name())
	if _, err := again.Poll(t.Context()); err != nil || !again.Done() {
		t.Errorf("by its name: done %v, %v", again.Done(), err)
	}
	file, err := os.ReadFile(filepath.Join(data, "buckets", "books", transport, "whole.wav"))
	if err != nil {
		t.Fatal(err)
	}
	mustBeWAV(t, file)
	if err := c.operations.DeleteOperation(t.Context(), &longrunningpb.DeleteOperationRequest{Name: op.Name()}); err != nil {
		t.Error(err)
	}
	_, err = c.long.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: op.Name()})
	if !is(err, codes.NotFound) {
		t.Errorf("after its deletion: %v", err)
	}
	var told *apierror.APIError
	if !errors.As(err, &told) || told.Reason() != "NOT_FOUND" || told.Domain() != "lectern" {
		t.Errorf("its reason: %v", err)
	}
}

func (c goClients) cancel(t *testing.T, data, transport string) {
	op := c.start(t, "gs://books/"+transport+"/cancelled.wav", bookText)
	if _, err := op.Poll(t.Context()); err != nil || op.Done() {
		t.Fatalf("before the cancel: done %v, %v", op.Done(), err)
	}
	id := op.Name()[strings.LastIndex(op.Name(), "/")+1:]
	for _, name := range []string{op.Name(), "operations/" + id, op.Name()} {
		if err := c.operations.CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: name}); err != nil {
			t.Fatal(err)
		}
		got, err := c.operations.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: op.Name()})
		if err != nil || !got.Done || got.GetError().GetCode() != 1 || got.Name != op.Name() {
			t.Errorf("right after the cancel: %v, %v", got, err)
		}
	}
	if _, err := op.Poll(t.Context()); !is(err, codes.Canceled) {
		t.Errorf("the client sees %v", err)
	}
	if _, err := os.Stat(filepath.Join(data, "buckets", "books", transport, "cancelled.wav")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an object of a cancelled operation: %v", err)
	}
	found := false
	for list := c.long.ListOperations(t.Context(), &longrunningpb.ListOperationsRequest{Name: "projects/p1/locations/global", Filter: "done=true"}); ; {
		listed, err := list.Next()
		if err == iterator.Done {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		found = found || listed.Name == op.Name()
	}
	if !found {
		t.Error("the cancelled operation is not listed")
	}
	if err := c.operations.CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: "operations/nosuch"}); !is(err, codes.NotFound) {
		t.Errorf("cancelling what is not there: %v", err)
	}
}

func is(err error, code codes.Code) bool {
	var refused *apierror.APIError
	return errors.As(err, &refused) && (refused.GRPCStatus().Code() == code || refused.HTTPCode() == 404 && code == codes.NotFound)
}
