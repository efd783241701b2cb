package ttsapi

import (
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/synth"
)

// fields are what the API calls what the pipeline's faults are about.
var fields = map[string]string{
	voices.FieldName:       "voice.name",
	voices.FieldLanguage:   "voice.language_code",
	encode.FieldEncoding:   "audio_config.audio_encoding",
	encode.FieldSampleRate: "audio_config.sample_rate_hertz",
	synth.FieldText:        "input.text",
	synth.FieldSSML:        "input.ssml",
	synth.FieldMarkup:      "input.markup",
	synth.FieldTurns:       "input.multi_speaker_markup",
	synth.FieldSound:       "input",
}

// named is an error of the pipeline as the API tells it.
func named(err error) error { return fault.Named(err, fields) }
