package peers_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
)

// deterministicVoices are of each engine, and of several kinds of each.
var deterministicVoices = []string{"en-US-Espeak-1", "de-DE-Espeak-2", "en-US-Flite-Slt", "en-US-Flite-Kal16"}

func request(voice, text string, encoding texttospeechpb.AudioEncoding) *texttospeechpb.SynthesizeSpeechRequest {
	return &texttospeechpb.SynthesizeSpeechRequest{
		Input:       &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: text}},
		Voice:       &texttospeechpb.VoiceSelectionParams{LanguageCode: voice[:5], Name: voice},
		AudioConfig: &texttospeechpb.AudioConfig{AudioEncoding: encoding},
	}
}

// The same request gives the same bytes, alone or among 16 others.
func TestSameRequestSameBytes(t *testing.T) {
	c := newGoClients(t, serve(t, t.TempDir()).address, "gRPC")
	type key struct{ voice, text string }
	speak := func(k key, settings func(*texttospeechpb.AudioConfig)) [sha256.Size]byte {
		r := request(k.voice, k.text, texttospeechpb.AudioEncoding_LINEAR16)
		settings(r.AudioConfig)
		resp, err := c.speech.SynthesizeSpeech(t.Context(), r)
		if err != nil {
			t.Errorf("%v: %v", k, err)
			return [sha256.Size]byte{}
		}
		return sha256.Sum256(resp.AudioContent)
	}
	for name, settings := range map[string]func(*texttospeechpb.AudioConfig){
		"plain": func(*texttospeechpb.AudioConfig) {},
		"every setting": func(a *texttospeechpb.AudioConfig) {
			a.SpeakingRate, a.Pitch, a.VolumeGainDb, a.SampleRateHertz = 1.3, 3, 10, 48000
			a.EffectsProfileId = []string{"handset-class-device"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			alone := map[key][sha256.Size]byte{}
			var keys []key
			for _, voice := range deterministicVoices {
				for i := range 4 {
					k := key{voice, fmt.Sprintf("This is text %d of %s. It has two sentences.", i, voice)}
					alone[k] = speak(k, settings)
					keys = append(keys, k)
				}
			}
			var all sync.WaitGroup
			for caller := range 16 {
				all.Go(func() {
					for i := range keys {
						k := keys[(i*(2*caller+1)+caller)%len(keys)]
						if got := speak(k, settings); got != alone[k] {
							t.Errorf("%v gives other bytes among others than alone", k)
						}
					}
				})
			}
			all.Wait()
		})
	}
}

// An operation that a kill -9 interrupts gives the same bytes as one that
// nothing does, in encodings with and without memory.
func TestSameBytesAfterAKill(t *testing.T) {
	for _, c := range []struct {
		encoding texttospeechpb.AudioEncoding
		voice    string
	}{
		{texttospeechpb.AudioEncoding_LINEAR16, "en-US-Espeak-1"},
		{texttospeechpb.AudioEncoding_OGG_OPUS, "en-US-Espeak-1"},
		{texttospeechpb.AudioEncoding_MP3, "en-US-Flite-Kal16"},
		{texttospeechpb.AudioEncoding_M4A, "en-US-Espeak-1"},
	} {
		t.Run(c.encoding.String(), func(t *testing.T) {
			var sums [2][sha256.Size]byte
			for round, interrupted := range []bool{false, true} {
				data := t.TempDir()
				server := serve(t, data)
				clients := newGoClients(t, server.address, "gRPC")
				r := request(c.voice, "", c.encoding)
				r.Input.InputSource = &texttospeechpb.SynthesisInput_Text{Text: strings.Repeat("It was the best of times, it was the worst of times. ", 1200)}
				op, err := clients.long.SynthesizeLongAudio(t.Context(), &texttospeechpb.SynthesizeLongAudioRequest{
					Parent: "projects/p1/locations/global", Input: r.Input, Voice: r.Voice, AudioConfig: r.AudioConfig,
					OutputGcsUri: "gs://books/book.bin",
				})
				if err != nil {
					t.Fatal(err)
				}
				if interrupted {
					awaitProgress(t, clients, op.Name())
					server.cmd.Process.Kill()
					server.cmd.Wait()
					if files, _ := filepath.Glob(filepath.Join(data, "buckets", "*", "*")); len(files) > 0 {
						t.Fatalf("it ended before the kill; the test shows nothing: %v", files)
					}
					server = serve(t, data)
					clients = newGoClients(t, server.address, "gRPC")
				}
				got, err := clients.operations.WaitOperation(t.Context(), &longrunningpb.WaitOperationRequest{Name: op.Name()})
				if err != nil || !got.Done || got.GetError() != nil {
					t.Fatalf("%v, %v", got, err)
				}
				file, err := os.ReadFile(filepath.Join(data, "buckets", "books", "book.bin"))
				if err != nil || len(file) < 100_000 {
					t.Fatalf("%d bytes, %v", len(file), err)
				}
				sums[round] = sha256.Sum256(file)
				server.stop(t)
			}
			if sums[0] != sums[1] {
				t.Error("the interrupted operation gave other bytes")
			}
		})
	}
}

// awaitProgress returns when some of an operation's work is done.
func awaitProgress(t *testing.T, c goClients, name string) {
	t.Helper()
	for {
		op, err := c.operations.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		var meta texttospeechpb.SynthesizeLongAudioMetadata
		if err := op.Metadata.UnmarshalTo(&meta); err != nil {
			t.Fatal(err)
		}
		if meta.ProgressPercentage > 0 {
			return
		}
	}
}
