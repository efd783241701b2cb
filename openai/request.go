package openai

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/flac"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
)

// format is one value of response_format.
type format struct {
	name, encoding, contentType string
	rate                        audio.SampleRate // 0: the voice's own, or the next that the encoding has
}

// pcmRate is the one that clients expect of sound that does not tell its own.
const pcmRate = 24000

// formats name the encodings as their packages do, which need C and are linked by
// whoever has them.
var formats = []format{
	{"mp3", "MP3", "audio/mpeg", 0},
	{"opus", "OGG_OPUS", "audio/ogg", 0},
	{"aac", "AAC", "audio/aac", 0},
	{"flac", flac.Name, "audio/flac", 0},
	{"wav", "LINEAR16", "audio/wav", 0},
	{"pcm", pcm.Name, "audio/pcm", pcmRate},
}

const minSpeed, maxSpeed = 0.25, 4

// request is a checked request.
type request struct {
	synth.Request
	format       format
	events       bool // stream_format sse
	instructions bool
}

// fields are those of a request, and which of them must be there.
var fields = map[string]bool{
	"model": true, "input": true, "voice": true,
	"response_format": false, "speed": false, "instructions": false, "stream_format": false,
}

// read checks a request. Fields that are null are taken as not given.
func (a *API) read(r *http.Request) (request, error) {
	q := request{format: formats[0]}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return q, err
	}
	given, err := members(body)
	if err != nil {
		return q, err
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if _, has := given[name]; fields[name] && !has {
			return q, invalid(name, "missing_required_parameter", "Missing required parameter: '%s'.", name)
		}
	}
	if err := a.readInput(given["input"], &q); err != nil {
		return q, err
	}
	var model string
	if err := decode(given, "model", "a string", &model); err != nil {
		return q, err
	}
	name, err := readVoice(given["voice"])
	if err != nil {
		return q, err
	}
	if q.Voice, err = a.wish(name); err != nil {
		return q, err
	}
	if err := a.readManner(given, &q); err != nil {
		return q, err
	}
	q.Encoding, q.SampleRate = q.format.encoding, q.format.rate
	q.Lexicons = strings.FieldsFunc(r.Header.Get(lexiconHeader), func(c rune) bool { return c == ',' || c == ' ' })
	return q, nil
}

// decode reads one field, if it is there.
func decode(given map[string]json.RawMessage, name, kind string, value any) error {
	raw, has := given[name]
	if !has {
		return nil
	}
	if err := json.Unmarshal(raw, value); err != nil {
		return invalid(name, "invalid_type", "Invalid type for '%s': it must be %s.", name, kind)
	}
	return nil
}

func (a *API) readInput(raw json.RawMessage, q *request) error {
	if err := decode(map[string]json.RawMessage{"input": raw}, "input", "a string", &q.Text); err != nil {
		return err
	}
	switch {
	case len(q.Text) > a.inputBytes:
		return invalid("input", "string_above_max_length", "The input has %d bytes, and %d are allowed. Send it in parts.", len(q.Text), a.inputBytes)
	case strings.ContainsRune(q.Text, 0):
		return invalid("input", "invalid_value", "The input holds a NUL character (U+0000), which cannot be spoken; remove it.")
	case strings.TrimSpace(q.Text) == "":
		return invalid("input", "empty_string", "The input is empty: there is nothing to speak.")
	}
	return nil
}

// readVoice is the name of a voice, which is a string or an object of its id.
func readVoice(raw json.RawMessage) (name string, err error) {
	if json.Unmarshal(raw, &name) == nil {
		return name, nil
	}
	var object struct {
		ID *string `json:"id"`
	}
	if json.Unmarshal(raw, &object) != nil || object.ID == nil {
		return "", invalid("voice", "invalid_type", "Invalid type for 'voice': it must be a name, or an object such as {\"id\": \"alloy\"}.")
	}
	return *object.ID, nil
}

// readManner reads how the input is to be spoken and sent.
func (a *API) readManner(given map[string]json.RawMessage, q *request) error {
	name, stream, speed, instructions := q.format.name, "audio", 1.0, ""
	for _, f := range []struct {
		name, kind string
		value      any
	}{
		{"response_format", "a string", &name},
		{"stream_format", "a string", &stream},
		{"speed", "a number", &speed},
		{"instructions", "a string", &instructions},
	} {
		if err := decode(given, f.name, f.kind, f.value); err != nil {
			return err
		}
	}
	at := slices.IndexFunc(formats, func(f format) bool { return f.name == name })
	switch {
	case at < 0:
		return invalid("response_format", "invalid_value", "Invalid value: %s. Supported values are: 'mp3', 'opus', 'aac', 'flac', 'wav', and 'pcm'.", quote(name))
	case stream != "audio" && stream != "sse":
		return invalid("stream_format", "invalid_value", "Invalid value: %s. Supported values are: 'audio' and 'sse'.", quote(stream))
	case !(speed >= minSpeed && speed <= maxSpeed):
		return invalid("speed", "decimal_out_of_range", "The speed %v is out of range: %v to %v times the voice's own.", speed, minSpeed, maxSpeed)
	case instructions != "" && a.strict:
		return invalid("instructions", "unsupported_value", "No voice of this server follows instructions, and it runs with --strict; leave the field out.")
	}
	q.format, q.events, q.instructions = formats[at], stream == "sse", instructions != ""
	q.Prosody = speech.Prosody{Rate: speed}
	return nil
}
