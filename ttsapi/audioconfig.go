package ttsapi

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// The ranges of docs/contract.md 2.7.
const (
	minSpeakingRate              = 0.25
	minPitch, maxPitch           = -20.0, 20.0
	minGainDB, maxGainDB         = -96.0, 16.0
	minSampleRate, maxSampleRate = 8000, 48000
)

// mostEffects is more than anybody needs; the API names no limit.
const mostEffects = 16

// readAudioConfig checks audio_config and puts it into req.
func readAudioConfig(c *pb.AudioConfig, mostRate float64, req *synth.Request) error {
	if c == nil {
		return fault.Invalid("audio_config", "This field is required: at least its audio_encoding.")
	}
	if c.AudioEncoding == pb.AudioEncoding_AUDIO_ENCODING_UNSPECIFIED {
		return fault.Invalid("audio_config.audio_encoding", "This field is required: choose an encoding such as LINEAR16 or MP3.")
	}
	if _, known := pb.AudioEncoding_name[int32(c.AudioEncoding)]; !known {
		return fault.Invalid("audio_config.audio_encoding", "%d is not an audio encoding.", int32(c.AudioEncoding))
	}
	for _, n := range []struct {
		field      string
		value      float64
		zeroIsNone bool
		min, max   float64
		unit       string
	}{
		{"audio_config.speaking_rate", c.SpeakingRate, true, minSpeakingRate, mostRate, " times the voice's own"},
		{"audio_config.pitch", c.Pitch, true, minPitch, maxPitch, " semitones"},
		{"audio_config.volume_gain_db", c.VolumeGainDb, true, minGainDB, maxGainDB, " dB"},
	} {
		if n.value == 0 && n.zeroIsNone {
			continue
		}
		if math.IsNaN(n.value) || n.value < n.min || n.value > n.max {
			return fault.Invalid(n.field, "%v is out of range: %v to %v%s.", n.value, n.min, n.max, n.unit)
		}
	}
	if r := c.SampleRateHertz; r != 0 && (r < minSampleRate || r > maxSampleRate) {
		return fault.Invalid("audio_config.sample_rate_hertz",
			"%d is out of range: %d to %d Hz, or 0 for the voice's own rate.", r, minSampleRate, maxSampleRate)
	}
	for i, id := range c.EffectsProfileId {
		if !slices.Contains(synth.Effects(), id) {
			return fault.Invalid(fmt.Sprintf("audio_config.effects_profile_id[%d]", i), "%s is not a profile. The profiles are: %s.",
				quote(id), strings.Join(synth.Effects(), ", "))
		}
	}
	if n := len(c.EffectsProfileId); n > mostEffects {
		return fault.Invalid("audio_config.effects_profile_id", "There are %d profiles, and at most %d can be applied.", n, mostEffects)
	}
	req.Encoding = c.AudioEncoding.String()
	req.Effects = c.EffectsProfileId
	req.SampleRate = audio.SampleRate(c.SampleRateHertz)
	req.Prosody = speech.Prosody{Rate: c.SpeakingRate, PitchSemitones: c.Pitch, GainDB: c.VolumeGainDb}
	return nil
}
