package command

import (
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

// defaultLanguage is spoken when neither a voice nor a language is asked for.
const defaultLanguage = "en-US"

// speechFlags say how something is to be spoken.
type speechFlags struct {
	voice, language, gender, encoding string
	rate, pitch, gain                 float64
	sampleRate                        int
	ssml, markup                      bool
	effects                           []string
}

func (s *speechFlags) register(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVarP(&s.voice, "voice", "v", "", "`NAME` of the voice; see `lectern voices`")
	f.StringVarP(&s.language, "language", "l", "", "language `CODE` such as en-US (default: the voice's own, else "+defaultLanguage+")")
	f.StringVar(&s.gender, "gender", "", "`GENDER`, male, female or neutral: a preference among the voices of the language")
	f.Float64VarP(&s.rate, "rate", "r", 1, "speaking rate, `TIMES` the voice's own, 0.25 to 2")
	f.Float64Var(&s.pitch, "pitch", 0, "`SEMITONES` to shift the pitch by, -20 to 20")
	f.Float64Var(&s.gain, "gain", 0, "change of volume in `DECIBELS`, -96 to 16")
	f.StringVarP(&s.encoding, "encoding", "e", "", "`NAME` of the encoding: LINEAR16 (WAV), MP3, OGG_OPUS, M4A, PCM, MULAW, ALAW (default: by the name of the output, else LINEAR16)")
	f.IntVar(&s.sampleRate, "sample-rate", 0, "`HERTZ` of the sound, 8000 to 48000 (default: the voice's own)")
	f.BoolVar(&s.ssml, "ssml", false, "the text is an SSML document")
	f.BoolVar(&s.markup, "markup", false, "the text has pause tags: [pause short], [pause], [pause long]")
	f.StringSliceVar(&s.effects, "effects", nil, "device `PROFILES`, such as telephony-class-application, applied in this order")
}

// request is the wish for text; its language is empty if none was named.
func (s *speechFlags) request(text string) (synth.Request, error) {
	gender, err := parseGender(s.gender)
	if err != nil {
		return synth.Request{}, err
	}
	for _, n := range []struct {
		flag            string
		value, min, max float64
		unit            string
	}{
		{"--rate", s.rate, 0.25, 2, " times the voice's own rate"},
		{"--pitch", s.pitch, -20, 20, " semitones"},
		{"--gain", s.gain, -96, 16, " dB"},
	} {
		if math.IsNaN(n.value) || n.value < n.min || n.value > n.max {
			return synth.Request{}, usagef("%s %v is out of range: %v to %v%s", n.flag, n.value, n.min, n.max, n.unit)
		}
	}
	rate := audio.SampleRate(s.sampleRate)
	if rate != 0 && (rate < encode.MinSampleRate || rate > encode.MaxSampleRate) {
		return synth.Request{}, usagef("--sample-rate %d is out of range: %d to %d", rate, encode.MinSampleRate, encode.MaxSampleRate)
	}
	req := synth.Request{
		Voice:      voices.Wish{Language: s.language, Name: s.voice, Gender: gender},
		Prosody:    speech.Prosody{Rate: s.rate, PitchSemitones: s.pitch, GainDB: s.gain},
		Effects:    s.effects,
		Encoding:   "LINEAR16",
		SampleRate: rate,
	}
	if s.encoding != "" {
		req.Encoding = strings.ToUpper(s.encoding)
	}
	for _, id := range s.effects {
		if !slices.Contains(synth.Effects(), id) {
			return synth.Request{}, usagef("--effects %q is none of %s", id, strings.Join(synth.Effects(), ", "))
		}
	}
	switch {
	case s.ssml && s.markup:
		return synth.Request{}, usagef("a text is --ssml or --markup, not both")
	case s.ssml:
		req.SSML = text
	case s.markup:
		req.Markup = text
	default:
		req.Text = text
	}
	return req, nil
}

func parseGender(name string) (speech.Gender, error) {
	if name == "" {
		return speech.GenderUnspecified, nil
	}
	for _, g := range []speech.Gender{speech.Male, speech.Female, speech.Neutral} {
		if strings.EqualFold(name, g.String()) {
			return g, nil
		}
	}
	return 0, usagef("--gender %q is none of male, female, neutral", name)
}

// settleLanguage gives a request without a language the one of the voice that
// it names, if there is such a voice, else the default.
func settleLanguage(req *synth.Request, all func() ([]speech.Voice, error)) error {
	if req.Voice.Language != "" {
		return nil
	}
	req.Voice.Language = defaultLanguage
	if req.Voice.Name == "" {
		return nil
	}
	known, err := all()
	for _, v := range known {
		if strings.EqualFold(v.Name, req.Voice.Name) && len(v.Languages) > 0 {
			req.Voice.Language = v.Languages[0]
		}
	}
	return err
}
