package ttsapi

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

const (
	// voiceHeader names the metadata (and HTTP header) of an answer that tells
	// which voices spoke, by their own names, in the order of their turns.
	voiceHeader = "x-lectern-voice"
	// ignoredHeader names the one that tells what of the request was accepted and
	// not followed: fields ("input.prompt"), elements ("input.ssml <w>").
	ignoredHeader = "x-lectern-ignored"
	// secondsHeader names the one that tells how long the sound of SynthesizeSpeech
	// is, in seconds with three decimals.
	secondsHeader = "x-lectern-seconds"
	// unreadHeader names the one that tells the scripts of text that was left out
	// because no voice reads them, "Han, Thai", or that the text has "no words".
	unreadHeader = "x-lectern-unread"
)

const promptField = "input.prompt"

// maxPromptBytes is the longest prompt of the API (docs/contract.md 3).
const maxPromptBytes = 4000

// readPrompt checks a prompt. Programs made for voices that take directions send
// one with every request; no voice here follows it, which the answer says.
func (s *Service) readPrompt(prompt *string) error {
	switch {
	case prompt == nil:
		return nil
	case s.strict:
		return fault.Invalid(promptField, "No voice of this server follows prompts, and it runs with --strict; leave the field out.")
	case len(*prompt) > maxPromptBytes:
		return fault.Invalid(promptField, "The prompt has %d bytes; %d is the limit.", len(*prompt), maxPromptBytes)
	case !utf8.ValidString(*prompt):
		return fault.Invalid(promptField, "The prompt is not valid UTF-8.")
	}
	return nil
}

// ignoredOf are the fields of a request, and the elements of its SSML, that are
// not followed.
func ignoredOf(in *pb.SynthesisInput, plan *synth.Plan) []string {
	var ignored []string
	if in.Prompt != nil {
		ignored = append(ignored, promptField)
	}
	for _, what := range plan.Ignored {
		// A header holds ASCII, and a name any letters.
		shown := strings.Trim(strconv.QuoteToASCII(what), `"`)
		ignored = append(ignored, "input.ssml "+shown[:min(len(shown), mostShown)])
	}
	return ignored
}

// mostShown is how much of a name is told.
const mostShown = 60

// tell says in headers of the answer, which are in the access line too, who speaks
// a request and what of it is not followed.
func tell(ctx context.Context, in *pb.SynthesisInput, plan *synth.Plan) {
	const most = 16 // a document may name hundreds
	speaking := plan.Voices()
	if len(speaking) > most {
		speaking = append(speaking[:most:most], "...")
	}
	var headers metadata.MD
	if len(speaking) > 0 {
		headers = metadata.Pairs(voiceHeader, strings.Join(speaking, ", "))
	}
	if ignored := ignoredOf(in, plan); len(ignored) > 0 {
		headers = metadata.Join(headers, metadata.Pairs(ignoredHeader, strings.Join(ignored, ", ")))
	}
	if plan.Silent() && len(plan.Unread) == 0 {
		headers = metadata.Join(headers, metadata.Pairs(unreadHeader, "no words"))
	}
	if len(plan.Unread) > 0 {
		headers = metadata.Join(headers, metadata.Pairs(unreadHeader, strings.Join(plan.Unread, ", ")))
	}
	// It fails where there is no transport to tell it over, as in a test.
	_ = grpc.SetHeader(ctx, headers)
}

// tellLength says how long the sound of an answer is.
func tellLength(ctx context.Context, plan *synth.Plan, spoken synth.Spoken) {
	seconds := float64(spoken.Frames) / float64(plan.SampleRate)
	_ = grpc.SetHeader(ctx, metadata.Pairs(secondsHeader, strconv.FormatFloat(seconds, 'f', 3, 64)))
}
