package ttsapi

import (
	"context"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// of is a call by an operator of these projects, with an idempotency key if there
// is one.
func of(key string, projects ...string) context.Context {
	ctx := auth.With(context.Background(), auth.Principal{Name: "op", Projects: projects, Role: auth.Operator})
	if key != "" {
		ctx = metadata.NewIncomingContext(ctx, metadata.Pairs(IdempotencyKeyHeader, key))
	}
	return ctx
}

func TestProjectsAreApart(t *testing.T) {
	s := newStandWith(t, tone.Options{}, func(c *lro.Config) { c.Sees = Sees })
	tied := auth.Buckets{"books": "a", "ghosts": "b"}
	s.Service.mayWrite = func(_ context.Context, p auth.Principal, _, bucket string) (bool, error) {
		return tied.Open(p, bucket), nil
	}
	claimed := 0
	s.Service.claim = func(_ context.Context, p auth.Principal, _, bucket string) (bool, error) {
		claimed++
		return tied.Open(p, bucket), nil
	}
	start := func(ctx context.Context, project, object string) (*Operation, error) {
		r := longRequest()
		r.Parent, r.OutputGcsUri = "projects/"+project+"/locations/l", object
		return s.synthesizeLongAudio(ctx, v1, s.operations, r)
	}
	for _, c := range []struct {
		caller          context.Context
		project, object string
		allowed         bool
	}{
		{of("", "a"), "a", "gs://free/1.wav", true},
		{of("", "a"), "a", "gs://books/1.wav", true},
		{of("", "a"), "b", "gs://free/2.wav", false},
		{of("", "a"), "A", "gs://free/2.wav", false},
		{of("", "a"), "*", "gs://free/2.wav", false},
		{of("", "a"), "a", "gs://ghosts/2.wav", false},
		{of("", "b"), "b", "gs://books/2.wav", false},
		{of("", "b"), "b", "gs://ghosts/2.wav", true},
		{of("", "a", "b"), "b", "gs://books/3.wav", true},
		{of("", auth.AllProjects), "c", "gs://books/4.wav", true},
		{of(""), "a", "gs://free/5.wav", false},
		{context.Background(), "c", "gs://books/6.wav", true},
	} {
		_, err := start(c.caller, c.project, c.object)
		if (err == nil) != c.allowed || err != nil && !fault.Is(err, fault.PermissionDenied) && !fault.Is(err, fault.NotFound) {
			t.Errorf("%v starts in %s, to %s: %v", auth.From(c.caller).Projects, c.project, c.object, err)
		}
	}

	// What is refused, for whatever reason, claims no bucket.
	claimed = 0
	for name, wrong := range map[string]func(*pb.SynthesizeLongAudioRequest){
		"voice": func(r *pb.SynthesizeLongAudioRequest) { r.Voice.Name = "en-US-Nobody" },
		"SSML": func(r *pb.SynthesizeLongAudioRequest) {
			r.Input = &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Ssml{Ssml: "<speak>"}}
		},
		"object":   func(r *pb.SynthesizeLongAudioRequest) { r.OutputGcsUri = "gs://free/../1.wav" },
		"ghosts":   func(r *pb.SynthesizeLongAudioRequest) { r.OutputGcsUri = "gs://ghosts/1.wav" },
		"rate":     func(r *pb.SynthesizeLongAudioRequest) { r.AudioConfig.SpeakingRate = 9 },
		"no sound": func(r *pb.SynthesizeLongAudioRequest) { r.Input = nil },
	} {
		r := longRequest()
		r.Parent = "projects/a/locations/l"
		wrong(r)
		if op, err := s.synthesizeLongAudio(of("", "a"), v1, s.operations, r); err == nil || claimed > 0 {
			t.Errorf("a wrong %s: %v, %v; %d buckets claimed", name, op, err, claimed)
		}
	}

	// The same key is another one in another project, and the same in its own.
	first, err := start(of("k", "a", "b"), "a", "gs://free/k1.wav")
	if err != nil {
		t.Fatal(err)
	}
	again, err := start(of("k", "a"), "a", "gs://free/k1.wav")
	if err != nil || again.Name != first.Name {
		t.Errorf("%v, %v", again, err)
	}
	other, err := start(of("k", "a", "b"), "b", "gs://free/k2.wav")
	if err != nil || other.Name == first.Name {
		t.Errorf("%v, %v", other, err)
	}
	if _, err := start(of("k", "a"), "a", "gs://free/k3.wav"); !fault.Is(err, fault.AlreadyExists) {
		t.Errorf("another request by the same key: %v", err)
	}
	// Whatever their names are: somebody may be called as who calls without credentials.
	called := func(project string) context.Context {
		ctx := auth.With(context.Background(), auth.Principal{Name: auth.Anonymous.Name, Projects: []string{project}, Role: auth.Operator})
		return metadata.NewIncomingContext(ctx, metadata.Pairs(IdempotencyKeyHeader, "n"))
	}
	if first, err = start(called("a"), "a", "gs://free/n1.wav"); err != nil {
		t.Fatal(err)
	}
	if other, err = start(called("b"), "b", "gs://free/n2.wav"); err != nil || other.Name == first.Name {
		t.Errorf("%v, %v", other, err)
	}
	if _, err := s.operations.GetOperation(of("", "b"), &longrunningpb.GetOperationRequest{Name: first.Name}); !fault.Is(err, fault.NotFound) {
		t.Errorf("another project's operation: %v", err)
	}
	if got, err := s.operations.GetOperation(of("", "a"), &longrunningpb.GetOperationRequest{Name: first.Name}); err != nil || got.Name != first.Name {
		t.Errorf("%v, %v", got, err)
	}
}
