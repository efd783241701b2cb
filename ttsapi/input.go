package ttsapi

import (
	"strings"
	"unicode/utf8"

	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// readInput checks input against a limit in bytes and puts it into req.
func readInput(in *pb.SynthesisInput, limit int, long bool, req *synth.Request) error {
	if in == nil {
		return fault.Invalid("input", "This field is required: set input.text or input.ssml.")
	}
	switch source := in.InputSource.(type) {
	case *pb.SynthesisInput_Text:
		req.Text = source.Text
		if err := checkText("input.text", source.Text, limit, long); err != nil {
			return err
		}
	case *pb.SynthesisInput_Ssml:
		req.SSML = source.Ssml
		if err := checkText("input.ssml", source.Ssml, limit, long); err != nil {
			return err
		}
	case *pb.SynthesisInput_Markup:
		req.Markup = source.Markup
		if err := checkText("input.markup", source.Markup, limit, long); err != nil {
			return err
		}
	case *pb.SynthesisInput_MultiSpeakerMarkup:
		if err := readTurns(source.MultiSpeakerMarkup, limit, long, req); err != nil {
			return err
		}
	default:
		return fault.Invalid("input", "Nothing to speak: set input.text or input.ssml.")
	}
	return readPronunciations(in.CustomPronunciations, req)
}

// checkText refuses a text that is too long, empty or not text.
func checkText(field, text string, limit int, long bool) error {
	if len(text) > limit {
		return tooLong(field, len(text), limit, long)
	}
	if strings.TrimSpace(text) == "" {
		return fault.Invalid(field, "The text is empty: there is nothing to speak.")
	}
	return checkCharacters(field, text)
}

// checkCharacters refuses what is not text.
func checkCharacters(field, text string) error {
	if !utf8.ValidString(text) {
		return fault.Invalid(field, "The text is not valid UTF-8.")
	}
	if i := strings.IndexByte(text, 0); i >= 0 {
		line, column := place(text, i)
		return fault.Invalid(field, "The text holds a NUL character (U+0000), which cannot be spoken; remove it.").At(line, column)
	}
	return nil
}

func tooLong(field string, length, limit int, long bool) error {
	hint := "consider using the Long Audio API (SynthesizeLongAudio)"
	if long {
		hint = "split the text over several operations"
	}
	return fault.New(fault.InvalidArgument,
		"Either `input.text` or `input.ssml` is longer than the limit of %d bytes. This limit is different from quotas. To fix, reduce the byte length of the characters in this request, or %s. The text has %d bytes.",
		limit, hint, length).In(field)
}

// readVoice checks voice and puts the wish into req. Whether there is such a
// voice is the catalogue's to say.
func readVoice(v *pb.VoiceSelectionParams, req *synth.Request) (err error) {
	if req.Voice, err = wishOf(v); err != nil {
		return err
	}
	return giveVoices(v, req)
}

// wishOf is the voice that v asks for, were there one speaker.
func wishOf(v *pb.VoiceSelectionParams) (voices.Wish, error) {
	if v == nil {
		return voices.Wish{}, fault.Invalid("voice", "This field is required: at least its language_code, such as en-US.")
	}
	for _, special := range []struct {
		field string
		set   bool
	}{
		{"voice.custom_voice", v.CustomVoice != nil},
		{"voice.voice_clone", v.VoiceClone != nil},
	} {
		if special.set {
			return voices.Wish{}, fault.Invalid(special.field, "This server has ready-made voices only; leave the field out and choose one by voice.name (ListVoices shows them).")
		}
	}
	if _, known := pb.SsmlVoiceGender_name[int32(v.SsmlGender)]; !known {
		return voices.Wish{}, fault.Invalid("voice.ssml_gender", "%d is not a gender: 0 unspecified, 1 MALE, 2 FEMALE, 3 NEUTRAL.", int32(v.SsmlGender))
	}
	if v.LanguageCode == "" {
		return voices.Wish{}, fault.Invalid("voice.language_code", "This field is required: a language such as en-US.")
	}
	name := v.Name
	if v.ModelName != "" && name != "" && !strings.Contains(name, "-") {
		name = starVoice(v.LanguageCode, name)
	}
	return voices.Wish{Language: v.LanguageCode, Name: name, Gender: genderOf(v.SsmlGender)}, nil
}

// starVoice is the full name of a voice that is named by its star alone, as
// models' voices are (docs/contract.md 9).
func starVoice(language, star string) string { return language + "-Chirp3-HD-" + star }

// place is the line and column of the byte at offset, both from 1, columns in
// characters.
func place(text string, offset int) (line, column int) {
	before := text[:offset]
	line = 1 + strings.Count(before, "\n")
	return line, 1 + utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:])
}

func quote(s string) string { return `"` + fault.Excerpt(s) + `"` }
