package ttsapi

import (
	"strings"
	"unicode/utf8"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// readInput checks input against a limit in bytes and puts it into req.
func readInput(in *pb.SynthesisInput, limit int, long bool, req *synth.Request) error {
	if in == nil {
		return fault.Invalid("input", "This field is required: set input.text or input.ssml.")
	}
	if in.Prompt != nil {
		return fault.Invalid("input.prompt", "No voice of this server follows prompts; leave the field out.")
	}
	if len(in.GetCustomPronunciations().GetPronunciations()) > 0 {
		return fault.Invalid("input.custom_pronunciations", "Custom pronunciations are not served by this release; leave the field out.")
	}
	var field, text string
	switch source := in.InputSource.(type) {
	case *pb.SynthesisInput_Text:
		field, text, req.Text = "input.text", source.Text, source.Text
	case *pb.SynthesisInput_Ssml:
		field, text, req.SSML = "input.ssml", source.Ssml, source.Ssml
	case *pb.SynthesisInput_Markup:
		return fault.Invalid("input.markup", "Markup is not served by this release; use input.text or input.ssml.")
	case *pb.SynthesisInput_MultiSpeakerMarkup:
		return fault.Invalid("input.multi_speaker_markup", "Several speakers are not served by this release; use input.text or input.ssml.")
	default:
		return fault.Invalid("input", "Nothing to speak: set input.text or input.ssml.")
	}
	if len(text) > limit {
		hint := "consider using the Long Audio API (SynthesizeLongAudio)"
		if long {
			hint = "split the text over several operations"
		}
		return fault.New(fault.InvalidArgument,
			"Either `input.text` or `input.ssml` is longer than the limit of %d bytes. This limit is different from quotas. To fix, reduce the byte length of the characters in this request, or %s. The text has %d bytes.",
			limit, hint, len(text)).In(field)
	}
	if !utf8.ValidString(text) {
		return fault.Invalid(field, "The text is not valid UTF-8.")
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		line, column := place(text, i)
		return fault.Invalid(field, "The text holds a NUL character (U+0000), which cannot be spoken; remove it.").At(line, column)
	}
	if strings.TrimSpace(text) == "" {
		return fault.Invalid(field, "The text is empty: there is nothing to speak.")
	}
	return nil
}

// readVoice checks voice and puts the wish into req. Whether there is such a
// voice is the catalogue's to say.
func readVoice(v *pb.VoiceSelectionParams, req *synth.Request) error {
	if v == nil {
		return fault.Invalid("voice", "This field is required: at least its language_code, such as en-US.")
	}
	for _, special := range []struct {
		field string
		set   bool
	}{
		{"voice.custom_voice", v.CustomVoice != nil},
		{"voice.voice_clone", v.VoiceClone != nil},
		{"voice.multi_speaker_voice_config", v.MultiSpeakerVoiceConfig != nil},
		{"voice.model_name", v.ModelName != ""},
	} {
		if special.set {
			return fault.Invalid(special.field, "This server has ready-made voices only; leave the field out and choose one by voice.name (ListVoices shows them).")
		}
	}
	if _, known := pb.SsmlVoiceGender_name[int32(v.SsmlGender)]; !known {
		return fault.Invalid("voice.ssml_gender", "%d is not a gender: 0 unspecified, 1 MALE, 2 FEMALE, 3 NEUTRAL.", int32(v.SsmlGender))
	}
	if v.LanguageCode == "" {
		return fault.Invalid("voice.language_code", "This field is required: a language such as en-US.")
	}
	req.Voice = engine.Wish{Language: v.LanguageCode, Name: v.Name, Gender: genderOf(v.SsmlGender)}
	return nil
}

// place is the line and column of the byte at offset, both from 1, columns in
// characters.
func place(text string, offset int) (line, column int) {
	before := text[:offset]
	line = 1 + strings.Count(before, "\n")
	return line, 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

// quote shortens what a client sent for a message.
func quote(s string) string {
	const most = 80
	if len(s) > most {
		s = s[:most] + "…"
	}
	return `"` + strings.ToValidUTF8(s, "�") + `"`
}
