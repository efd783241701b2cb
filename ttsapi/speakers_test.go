package ttsapi

import (
	"testing"

	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// Google's sample for several speakers gives nobody a voice: the voice's name says
// who they are.
func TestSpeakersOfAVoiceForSeveral(t *testing.T) {
	read := func(speakers ...string) (synth.Request, error) {
		r := speechRequest()
		turns(speakers, nil)(r)
		r.Voice.Name = "en-US-Studio-MultiSpeaker"
		var req synth.Request
		if err := readInput(r.Input, 5000, false, &req); err != nil {
			t.Fatal(err)
		}
		return req, readVoice(r.Voice, &req)
	}
	req, err := read("R", "S", "T", "U", "R")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, turn := range req.Turns {
		names[turn.Voice.Name] = true
	}
	if len(names) != 4 || req.Turns[0].Voice != req.Turns[4].Voice {
		t.Errorf("the turns are spoken by %v", req.Turns)
	}
	_, err = read("R", "X")
	mustRefuse(t, err, "input.multi_speaker_markup.turns[1].speaker", "R, S, T, U")

	with := &pb.VoiceSelectionParams{LanguageCode: "en-US", Name: "en-US-Tone-1"}
	mustRefuse(t, giveVoices(with, &req), "voice.multi_speaker_voice_config", "required")
}
