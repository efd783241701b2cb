package openai

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// members are the fields of a request's JSON. One that is not known is refused: it
// may be misspelt; so is one that is there twice, of which nobody knows which is meant.
func members(body []byte) (map[string]json.RawMessage, error) {
	if !utf8.Valid(body) {
		return nil, invalid("", "invalid_json", "The body is not valid UTF-8.")
	}
	if !json.Valid(body) || !bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("{")) {
		return nil, invalid("", "invalid_json", "The body must be a JSON object such as {\"model\": \"tts-1\", \"input\": \"Hello.\", \"voice\": \"alloy\"}.")
	}
	given, twice := readMembers(body)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, known := fields[name]; !known {
			return nil, invalid(strings.ToValidUTF8(name[:min(len(name), 80)], ""), "unknown_parameter", "Unknown parameter: %s. There are %s.", quote(name), strings.Join(slices.Sorted(maps.Keys(fields)), ", "))
		}
		if loneSurrogate(given[name]) {
			return nil, invalid(name, "invalid_json", "The value of '%s' has a half of a surrogate pair, such as \\ud83d by itself, which is no character; it was probably cut within one.", name)
		}
		if string(given[name]) == "null" {
			delete(given, name)
		}
	}
	if twice != "" {
		return nil, invalid(twice, "invalid_json", "'%s' is given twice; leave one of them out.", twice)
	}
	return given, nil
}

// readMembers reads a JSON object, and says which of its members is there twice.
func readMembers(object []byte) (given map[string]json.RawMessage, twice string) {
	given = map[string]json.RawMessage{}
	decoder := json.NewDecoder(bytes.NewReader(object))
	_, _ = decoder.Token() // the brace; what is valid has no errors
	for decoder.More() {
		token, _ := decoder.Token()
		name, _ := token.(string)
		if _, has := given[name]; has {
			twice = name
		}
		var value json.RawMessage
		_ = decoder.Decode(&value)
		given[name] = value
	}
	return given, twice
}

// loneSurrogate reports whether an escape in valid JSON is half of a character.
func loneSurrogate(value []byte) bool {
	for {
		at := bytes.IndexByte(value, '\\')
		if at < 0 {
			return false
		}
		value = value[at:]
		first, escaped := codeUnit(value)
		switch {
		case !escaped:
			value = value[2:]
			continue
		case !utf16.IsSurrogate(first):
			value = value[unitLength:]
			continue
		}
		second, escaped := codeUnit(value[unitLength:])
		if !escaped || utf16.DecodeRune(first, second) == utf8.RuneError {
			return true
		}
		value = value[2*unitLength:]
	}
}

// unitLength is how long \u0041 is.
const unitLength = 6

// codeUnit is what an escape of the form \u0041 at the start of valid JSON stands for.
func codeUnit(value []byte) (unit rune, ok bool) {
	if len(value) < unitLength || value[0] != '\\' || value[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(value[2:unitLength]), 16, 16)
	return rune(n), err == nil
}
