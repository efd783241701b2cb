package ttsapi

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

const speakersField = "voice.multi_speaker_voice_config.speaker_voice_configs"

var aliasPattern = regexp.MustCompile(`^[0-9A-Za-z]+$`)

// readTurns checks input.multi_speaker_markup and puts its turns into req. Who
// their speakers are says voice; giveVoices puts that in.
func readTurns(m *pb.MultiSpeakerMarkup, limit int, long bool, req *synth.Request) error {
	const field = "input.multi_speaker_markup.turns"
	turns, length := m.GetTurns(), 0
	if len(turns) == 0 {
		return fault.Invalid(field, "Nothing to speak: there must be at least one turn.")
	}
	for i, turn := range turns {
		if turn.Speaker == "" {
			return fault.Invalid(fmt.Sprintf("%s[%d].speaker", field, i), "This field is required: the alias of the speaker.")
		}
		if err := checkText(fmt.Sprintf("%s[%d].text", field, i), turn.Text, limit, long); err != nil {
			return err
		}
		if length += len(turn.Text); length > limit {
			return tooLong(field, length, limit, long)
		}
		req.Turns = append(req.Turns, synth.Turn{Voice: voices.Wish{Name: turn.Speaker}, Text: turn.Text})
	}
	return nil
}

// giveVoices replaces the speakers of req's turns by the voices that v gives
// them, two as the API has it (docs/contract.md 2.6).
func giveVoices(v *pb.VoiceSelectionParams, req *synth.Request) error {
	config := v.MultiSpeakerVoiceConfig
	if speakers, ok := voices.Ensemble(v.Name); ok && config == nil {
		return give(ensembleOf(speakers, v.LanguageCode), req)
	}
	switch {
	case config == nil && len(req.Turns) == 0:
		return nil
	case config == nil:
		return fault.Invalid("voice.multi_speaker_voice_config", "This field is required for input.multi_speaker_markup: which voice each of the two speakers has.")
	case len(req.Turns) == 0:
		return fault.Invalid("voice.multi_speaker_voice_config", "It is for input.multi_speaker_markup only; leave the field out, or give the input in turns.")
	}
	wishes, err := readSpeakers(v)
	if err != nil {
		return err
	}
	return give(wishes, req)
}

// give gives req's turns the voices of their speakers.
func give(wishes map[string]voices.Wish, req *synth.Request) error {
	for i, turn := range req.Turns {
		wish, ok := wishes[turn.Voice.Name]
		if !ok {
			return fault.Invalid(fmt.Sprintf("input.multi_speaker_markup.turns[%d].speaker", i), "%s is none of the speakers of that voice, which are %s.",
				quote(turn.Voice.Name), strings.Join(slices.Sorted(maps.Keys(wishes)), ", "))
		}
		req.Turns[i].Voice = wish
	}
	return nil
}

// readSpeakers are the voices of the two speakers of v, by their aliases.
func readSpeakers(v *pb.VoiceSelectionParams) (map[string]voices.Wish, error) {
	speakers := v.MultiSpeakerVoiceConfig.SpeakerVoiceConfigs
	if len(speakers) != 2 {
		return nil, fault.Invalid(speakersField, "There must be exactly two speakers, and there are %d.", len(speakers))
	}
	wishes := map[string]voices.Wish{}
	for i, s := range speakers {
		field := fmt.Sprintf("%s[%d]", speakersField, i)
		switch _, twice := wishes[s.SpeakerAlias]; {
		case !aliasPattern.MatchString(s.SpeakerAlias):
			return nil, fault.Invalid(field+".speaker_alias", "%s is not an alias: letters and digits without spaces.", quote(s.SpeakerAlias))
		case twice:
			return nil, fault.Invalid(field+".speaker_alias", "The alias %s is used twice.", quote(s.SpeakerAlias))
		case s.SpeakerId == "":
			return nil, fault.Invalid(field+".speaker_id", "This field is required: the name of a voice.")
		}
		name := s.SpeakerId
		if !strings.Contains(name, "-") {
			name = starVoice(v.LanguageCode, name)
		}
		wishes[s.SpeakerAlias] = voices.Wish{Language: v.LanguageCode, Name: name}
	}
	return wishes, nil
}

// ensembleOf are the voices of a voice that has several speakers, by their aliases.
func ensembleOf(speakers map[string]string, language string) map[string]voices.Wish {
	wishes := map[string]voices.Wish{}
	for alias, name := range speakers {
		wishes[alias] = voices.Wish{Language: language, Name: name}
	}
	return wishes
}
