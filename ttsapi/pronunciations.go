package ttsapi

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/phoneme"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// readPronunciations checks input.custom_pronunciations (docs/contract.md 2.5)
// and puts them into req.
func readPronunciations(all *pb.CustomPronunciations, req *synth.Request) error {
	seen := map[string]bool{}
	for i, p := range all.GetPronunciations() {
		field := fmt.Sprintf("input.custom_pronunciations.pronunciations[%d]", i)
		phrase := strings.Join(strings.Fields(p.GetPhrase()), " ")
		switch {
		case phrase == "":
			return fault.Invalid(field+".phrase", "This field is required: the words whose pronunciation is given.")
		case seen[phrase]:
			return fault.Invalid(field+".phrase", "The phrase %s has a pronunciation already.", quote(phrase))
		case strings.TrimSpace(p.GetPronunciation()) == "":
			return fault.Invalid(field+".pronunciation", "This field is required: how the phrase is spoken.")
		}
		seen[phrase] = true
		ipa, err := readPhonemes(field, p)
		if err != nil {
			return err
		}
		req.Pronunciations = append(req.Pronunciations, synth.Pronunciation{Phrase: phrase, IPA: ipa})
	}
	return nil
}

// readPhonemes is a pronunciation in IPA.
func readPhonemes(field string, p *pb.CustomPronunciationParams) (string, error) {
	var read func(string) (phoneme.Transcription, error)
	switch p.GetPhoneticEncoding() {
	case pb.CustomPronunciationParams_PHONETIC_ENCODING_IPA:
		read = phoneme.ParseIPA
	case pb.CustomPronunciationParams_PHONETIC_ENCODING_X_SAMPA:
		read = phoneme.ParseXSAMPA
	case pb.CustomPronunciationParams_PHONETIC_ENCODING_JAPANESE_YOMIGANA:
		return "", fault.Invalid(field+".phonetic_encoding", "No voice of this server reads Yomigana pitch accents; write the pronunciation in IPA or X-SAMPA.")
	case pb.CustomPronunciationParams_PHONETIC_ENCODING_PINYIN:
		return "", fault.Invalid(field+".phonetic_encoding", "No voice of this server reads Pinyin; write the pronunciation in IPA or X-SAMPA.")
	case pb.CustomPronunciationParams_PHONETIC_ENCODING_UNSPECIFIED:
		return "", fault.Invalid(field+".phonetic_encoding", "This field is required: PHONETIC_ENCODING_IPA or PHONETIC_ENCODING_X_SAMPA.")
	default:
		return "", fault.Invalid(field+".phonetic_encoding", "%d is not a phonetic encoding.", int32(p.GetPhoneticEncoding()))
	}
	transcription, err := read(p.GetPronunciation())
	if err != nil {
		f := fault.Invalid(field+".pronunciation", "It cannot be read: %v.", err)
		if at, ok := errors.AsType[*phoneme.Error](err); ok {
			line, column := place(p.GetPronunciation(), at.Offset)
			f = f.At(line, column)
		}
		return "", f
	}
	return transcription.String(), nil
}
