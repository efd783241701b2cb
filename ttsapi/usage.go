package ttsapi

import (
	"context"
	"strings"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/quota"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// userProjectHeader names the project that a call is counted for, among those of its
// principal.
const userProjectHeader = "x-goog-user-project"

// accountOf is whom the call of ctx is counted for. parent is the request's, such as
// projects/acme/locations/global, or empty.
func (s *Service) accountOf(ctx context.Context, parent string) *quota.Account {
	project, _, _ := strings.Cut(strings.TrimPrefix(parent, "projects/"), "/")
	if named := metadata.ValueFromIncomingContext(ctx, userProjectHeader); project == "" && len(named) == 1 && auth.From(ctx).In(named[0]) && !strings.Contains(named[0], "/") {
		project = named[0]
	}
	return s.quota.Of(ctx, project)
}

// charactersOf is what an input counts as.
func charactersOf(in *pb.SynthesisInput) int64 {
	switch source := in.InputSource.(type) {
	case *pb.SynthesisInput_Text:
		return quota.OfText(source.Text)
	case *pb.SynthesisInput_Markup:
		return quota.OfText(source.Markup)
	case *pb.SynthesisInput_Ssml:
		return quota.OfSSML(source.Ssml)
	case *pb.SynthesisInput_MultiSpeakerMarkup:
		return charactersOfTurns(source.MultiSpeakerMarkup)
	}
	return 0
}

func charactersOfTurns(m *pb.MultiSpeakerMarkup) (n int64) {
	for _, turn := range m.GetTurns() {
		n += quota.OfText(turn.GetText())
	}
	return n
}
