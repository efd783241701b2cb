package ttsapi

import (
	"context"
	"log/slog"
	"testing"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/lro/sqlite"
	"github.com/lectern/lectern/quota"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// TestWhomACallIsCountedFor: the parent's project, else the one that is named if it is
// the principal's, else the principal's only one.
func TestWhomACallIsCountedFor(t *testing.T) {
	store, err := sqlite.Open(t.Context(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	q, err := quota.Open(t.Context(), nil, store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s := &Service{quota: q}
	for _, c := range []struct {
		projects      []string
		parent, named string
		want          string
	}{
		{[]string{"a"}, "", "", "a"},
		{[]string{"a", "b"}, "", "", ""},
		{[]string{"a", "b"}, "", "b", "b"},
		{[]string{"a", "b"}, "", "c", ""},
		{[]string{"a"}, "", "c", "a"},
		{[]string{"a", "b"}, "projects/a/locations/l", "b", "a"},
		{[]string{auth.AllProjects}, "projects/a/locations/l", "", "a"},
		{[]string{auth.AllProjects}, "", "", ""},
		{[]string{auth.AllProjects}, "", "any", "any"},
		{[]string{auth.AllProjects}, "", "a/principals/b", ""},
	} {
		ctx := auth.With(context.Background(), auth.Principal{Name: "jo", Projects: c.projects, Role: auth.Operator})
		if c.named != "" {
			ctx = metadata.NewIncomingContext(ctx, metadata.Pairs(userProjectHeader, c.named))
		}
		if got, want := s.accountOf(ctx, c.parent).Key(), "projects/"+c.want+"/principals/jo"; got != want {
			t.Errorf("%q, parent %q, named %q: %s, want %s", c.projects, c.parent, c.named, got, want)
		}
	}
}

func TestCharactersOfAnInput(t *testing.T) {
	for want, in := range map[int64]*pb.SynthesisInput{
		3:  {InputSource: &pb.SynthesisInput_Text{Text: "für"}},
		4:  {InputSource: &pb.SynthesisInput_Markup{Markup: "a [b"}},
		17: {InputSource: &pb.SynthesisInput_Ssml{Ssml: `<speak>ab<mark name="m"/></speak>`}},
		5:  {InputSource: &pb.SynthesisInput_MultiSpeakerMarkup{MultiSpeakerMarkup: &pb.MultiSpeakerMarkup{Turns: []*pb.MultiSpeakerMarkup_Turn{{Text: "ab", Speaker: "R"}, {Text: "cde", Speaker: "S"}}}}},
		0:  {},
	} {
		if got := charactersOf(in); got != want {
			t.Errorf("%v has %d characters, want %d", in, got, want)
		}
	}
}
