package ttsapi

import (
	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/lro"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// longKind is long audio as SynthesizeLongAudio of one version starts it.
type longKind struct{ *longaudio.Kind }

var (
	_ lro.Kind      = longKind{}
	_ lro.Namer     = longKind{}
	_ lro.Forgetter = longKind{}
	_ lro.Keeper    = longKind{}
)

func kindName(v version) string { return "long-audio." + string(v) }

func newLongKind(studio *longaudio.Studio, v version) longKind {
	return longKind{studio.Kind(kindName(v), longAnswers{v})}
}

// Taken implements lro.Namer: a name that is taken is the caller's mistake in one
// field.
func (k longKind) Taken(n lro.Name) error { return inOutput(k.Kind.Taken(n)) }

// inOutput says of which field an error tells.
func inOutput(err error) error {
	if err == nil {
		return nil
	}
	return fault.From(err).In("output_gcs_uri")
}

// longAnswers are SynthesizeLongAudio's messages of one version.
type longAnswers struct{ version version }

// Progress implements longaudio.Answers.
func (a longAnswers) Progress(s lro.Status) proto.Message {
	progress := 0.0
	if s.WorkTotal > 0 {
		progress = 100 * float64(s.WorkDone) / float64(s.WorkTotal)
	}
	start, update := timestamppb.New(s.CreateTime), timestamppb.New(s.UpdateTime)
	if a.version == v1 {
		//lint:ignore SA1019 deprecated, but clients read it, and Google's service fills it
		return &ttspb.SynthesizeLongAudioMetadata{StartTime: start, LastUpdateTime: update, ProgressPercentage: progress}
	}
	//lint:ignore SA1019 as above
	return &pb.SynthesizeLongAudioMetadata{StartTime: start, LastUpdateTime: update, ProgressPercentage: progress}
}

// Done implements longaudio.Answers.
func (a longAnswers) Done() proto.Message {
	if a.version == v1 {
		return &ttspb.SynthesizeLongAudioResponse{}
	}
	return &pb.SynthesizeLongAudioResponse{}
}
