package ttsapi

import (
	"cmp"
	"context"
	"slices"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// listVoices serves ListVoices (docs/contract.md 2.3).
func (s *Service) listVoices(req *pb.ListVoicesRequest) (*pb.ListVoicesResponse, error) {
	voices := s.synth.Engines().Catalogue().List(req.GetLanguageCode())
	resp := &pb.ListVoicesResponse{Voices: make([]*pb.Voice, len(voices))}
	for i, v := range voices {
		resp.Voices[i] = &pb.Voice{
			LanguageCodes:          v.Languages,
			Name:                   v.Name,
			SsmlGender:             pb.SsmlVoiceGender(v.Gender),
			NaturalSampleRateHertz: int32(v.NaturalSampleRateHertz),
		}
	}
	return resp, nil
}

// synthesizeSpeech serves SynthesizeSpeech (docs/contract.md 2.4). When ctx
// ends, the engine stops at once.
func (s *Service) synthesizeSpeech(ctx context.Context, req *pb.SynthesizeSpeechRequest) (*pb.SynthesizeSpeechResponse, error) {
	for _, t := range req.EnableTimePointing {
		if _, known := pb.SynthesizeSpeechRequest_TimepointType_name[int32(t)]; !known {
			return nil, fault.Invalid("enable_time_pointing", "%d is not a timepoint type: 0 unspecified, 1 SSML_MARK.", int32(t))
		}
	}
	wish := synth.Request{Lexicons: lexiconsOf(ctx)}
	if err := s.read(req.Input, req.Voice, req.AudioConfig, s.limits.TextBytes, false, &wish); err != nil {
		return nil, err
	}
	account := s.accountOf(ctx, "")
	if err := account.Ask(charactersOf(req.Input)); err != nil {
		return nil, err
	}
	plan, err := s.synth.Plan(ctx, wish)
	if err != nil {
		return nil, named(err)
	}
	ctx, leave, err := s.callers.Turn(ctx, s.callerOf(ctx), effortOf(plan))
	if err != nil {
		return nil, err
	}
	defer leave()
	if err := s.reserve(ctx, min(plan.ExpectedBytes(), s.limits.AudioBytes)); err != nil {
		return nil, err
	}
	file, spoken, err := s.synth.File(ctx, engine.Interactive, plan, s.limits.AudioBytes)
	if err != nil {
		return nil, named(err)
	}
	account.Spoken(plan.SampleRate.Duration(spoken.Frames))
	tell(ctx, req.Input, plan)
	tellLength(ctx, plan, spoken)
	resp := &pb.SynthesizeSpeechResponse{AudioContent: file, AudioConfig: &pb.AudioConfig{
		AudioEncoding:    req.AudioConfig.AudioEncoding,
		SpeakingRate:     req.AudioConfig.SpeakingRate,
		Pitch:            req.AudioConfig.Pitch,
		VolumeGainDb:     req.AudioConfig.VolumeGainDb,
		SampleRateHertz:  int32(plan.SampleRate),
		EffectsProfileId: req.AudioConfig.EffectsProfileId,
	}}
	if slices.Contains(req.EnableTimePointing, pb.SynthesizeSpeechRequest_SSML_MARK) {
		resp.Timepoints = timepoints(plan.SampleRate, spoken.Cues)
	}
	return resp, nil
}

// callerOf is whose call ctx belongs to.
func (s *Service) callerOf(ctx context.Context) callers.Caller { return callers.Of(ctx, s.remote(ctx)) }

// readAloud is about how much text is spoken in a second, in bytes.
const readAloud = 15

// effortOf is how much a plan asks for, in bytes of text: its pauses count as what
// could be said meanwhile.
func effortOf(plan *synth.Plan) int64 {
	return plan.Weight() + int64(readAloud*plan.SampleRate.Duration(plan.Least()).Seconds())
}

// timepoints are the marks of an answer (docs/contract.md 4.10), in the order
// of their times.
func timepoints(rate audio.SampleRate, cues []synth.Cue) []*pb.Timepoint {
	var points []*pb.Timepoint
	for _, c := range cues {
		if c.Mark != "" {
			points = append(points, &pb.Timepoint{MarkName: c.Mark, TimeSeconds: float64(c.Frame) / float64(rate)})
		}
	}
	slices.SortStableFunc(points, func(a, b *pb.Timepoint) int { return cmp.Compare(a.TimeSeconds, b.TimeSeconds) })
	return points
}

// read checks what SynthesizeSpeech and SynthesizeLongAudio have in common.
func (s *Service) read(in *pb.SynthesisInput, v *pb.VoiceSelectionParams, c *pb.AudioConfig, limit int, long bool, wish *synth.Request) error {
	if err := readInput(in, limit, long, wish); err != nil {
		return err
	}
	if err := s.readPrompt(in.Prompt); err != nil {
		return err
	}
	if err := readVoice(v, wish); err != nil {
		return err
	}
	wish.StrictSSML = s.strictSSML
	if long {
		wish.Longest = s.limits.OperationAudio
	}
	return readAudioConfig(c, s.limits.SpeakingRate, wish)
}

func genderOf(g pb.SsmlVoiceGender) speech.Gender { return speech.Gender(g) }
