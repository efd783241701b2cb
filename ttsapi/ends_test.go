package ttsapi

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
)

// withSidecar asks for captions.
func withSidecar(t *testing.T, format string) context.Context {
	return metadata.NewIncomingContext(t.Context(), metadata.Pairs(sidecarHeader, format))
}

// gate is an engine's hook at which sentences that begin with "Stop" wait.
func gate() (tone.Options, chan struct{}) {
	open := make(chan struct{})
	return tone.Options{Hook: func(ctx context.Context, u speech.Utterance, _ int) error {
		if !strings.HasPrefix(u.Text, "Stop") {
			return nil
		}
		select {
		case <-open:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}}, open
}

// start starts an operation that must be accepted.
func (s *stand) start(ctx context.Context, t *testing.T, uri, words string) string {
	t.Helper()
	op, err := s.try(ctx, uri, words)
	if err != nil {
		t.Fatal(err)
	}
	return op.Name
}

func (s *stand) try(ctx context.Context, uri, words string) (*Operation, error) {
	r := longRequest()
	r.OutputGcsUri, r.Input = uri, text(words)
	return s.synthesizeLongAudio(ctx, v1, s.operations, r)
}

// ends waits for the operation and fails unless it has the code; 0 is success.
func (s *stand) ends(t *testing.T, name string, code fault.Code) *Operation {
	t.Helper()
	op := s.wait(t, name)
	if !op.Done || op.GetError().GetCode() != int32(code) {
		t.Fatalf("%s ended as %v, want %v", name, op, code)
	}
	return op
}

func (s *stand) put(t *testing.T, key, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(s.buckets.Path(key)), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.buckets.Path(key), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// What could not be committed is refused at the start.
func TestNamesThatCannotBeWrittenAreRefused(t *testing.T) {
	options, open := gate()
	s := newStand(t, options)
	s.put(t, "books/a.json", "somebody's")
	plain, json, srt := t.Context(), withSidecar(t, "json"), withSidecar(t, "srt")
	under := s.start(srt, t, "gs://col/a.wav", "Stop here.")
	for _, c := range []struct {
		ctx context.Context
		uri string
	}{
		{srt, "gs://books/" + strings.Repeat("x", 252)}, // the companion's name is too long
		{srt, "gs://books/" + strings.Repeat("x", 255)},
		{json, "gs://books/a.wav"},  // somebody's object
		{plain, "gs://col/a.wav/b"}, // below an object that will be there
		{plain, "gs://col/a.srt/b"}, // below captions that will be there
		{plain, "gs://col/a.srt"},   // what will be captions
		{srt, "gs://col/a.ogg"},     // the same captions of another object
	} {
		_, err := s.try(c.ctx, c.uri, "Abc.")
		if !fault.Is(err, fault.FailedPrecondition) || fault.From(err).Field != "output_gcs_uri" {
			t.Errorf("%.60s: %v", c.uri, err)
		}
	}
	for _, c := range []struct {
		ctx context.Context
		uri string
	}{
		{plain, "gs://books/" + strings.Repeat("x", 255)}, {srt, "gs://books/" + strings.Repeat("x", 251)},
		{srt, "gs://col/a.wav"}, {plain, "gs://col/b/a"}, {json, "gs://col/a.wav"}, {plain, "gs://col/a.ogg"}, {srt, "gs://books/a.wav"},
	} {
		s.ends(t, s.start(c.ctx, t, c.uri, "Abc."), 0)
		<-s.discarded
	}
	close(open)
	s.ends(t, under, 0)
	s.mustBeClean(t)
	if b, err := os.ReadFile(s.buckets.Path("books/a.json")); string(b) != "somebody's" {
		t.Errorf("somebody's object is %q now, %v", b, err)
	}
	// Now that the operation is over, its names are free for what fits.
	s.ends(t, s.start(srt, t, "gs://col/a.wav", "Abc."), 0)
	<-s.discarded
	s.ends(t, s.start(plain, t, "gs://col/a.srt", "Abc."), 0)
	<-s.discarded
	if _, err := s.try(srt, "gs://col/a.wav", "Abc."); !fault.Is(err, fault.FailedPrecondition) {
		t.Errorf("captions where an object has replaced them: %v", err)
	}
}

// What comes into the way meanwhile is told at once, and nothing is left.
func TestCollisionsThatComeUpMeanwhile(t *testing.T) {
	options, open := gate()
	s := newStand(t, options)
	folder := s.start(t.Context(), t, "gs://col/a", "Stop here.")
	file := s.start(t.Context(), t, "gs://col/b/c", "Stop here.")
	captions := s.start(withSidecar(t, "srt"), t, "gs://col/d.wav", "Stop here.")
	s.put(t, "col/a/x", "in the way")
	s.put(t, "col/b", "in the way")
	s.put(t, "col/d.srt/x", "in the way")
	close(open)
	for _, name := range []string{folder, file, captions} {
		op := s.ends(t, name, fault.FailedPrecondition)
		if !strings.Contains(op.GetError().GetMessage(), "choose another object name") {
			t.Errorf("the message is %q", op.GetError().GetMessage())
		}
		<-s.discarded
	}
	s.mustHoldNothing(t)
}
