package command

import (
	"cmp"
	"path"
	"slices"
	"strings"
)

// endings are what files may hold, by how their names end. The first of each is what
// the name says by itself, and empty where it says nothing that is written here; the
// others it may hold too, when --encoding says so.
var endings = map[string][]string{
	".wav": {"LINEAR16", "MULAW", "ALAW"}, ".wave": {"LINEAR16", "MULAW", "ALAW"},
	".mp3": {"MP3", "MP3_64_KBPS"},
	".ogg": {"OGG_OPUS"}, ".opus": {"OGG_OPUS"}, ".oga": {"", "OGG_OPUS"},
	".m4a": {"M4A"}, ".mp4": {"M4A"}, ".m4b": {"", "M4A"},
	".pcm": {"PCM"}, ".raw": {"PCM"},
	".aac": {""}, ".aif": {""}, ".aiff": {""}, ".amr": {""}, ".au": {""}, ".caf": {""},
	".flac": {""}, ".mka": {""}, ".mp2": {""}, ".spx": {""}, ".webm": {""}, ".wma": {""},
}

// encodingFor is what the file or the object of a name shall hold, which --encoding
// says, or may leave to the name; empty for the default. What contradicts --encoding,
// or promises what is not written here, is refused. An object may have any other name,
// a file only with an --encoding: its ending is more likely a mistake.
func encodingFor(name, encoding string) (string, error) {
	encoding = strings.ToUpper(encoding)
	shown, isObject := name, strings.HasPrefix(name, "gs://")
	if !isObject {
		shown = "-o " + name
	}
	extension := strings.ToLower(path.Ext(name))
	if extension == "" || extension == "." || strings.Contains(extension, "/") { // no ending, or a directory
		return encoding, nil
	}
	holds, known := endings[extension]
	switch {
	case !known && (isObject || encoding != ""):
		return encoding, nil
	case encoding == "" && (!known || holds[0] == ""):
		return "", usagef("%s: nothing that ends in %s is written here by itself; end it in .wav, .mp3, .ogg, .opus, .m4a or .pcm%s", shown, extension, orSay(holds))
	case encoding == "":
		return holds[0], nil
	case slices.Contains(holds, encoding) || endingOf(encoding) == "": // what is no encoding is refused as such
		return encoding, nil
	case cmp.Or(holds...) == "":
		return "", usagef("%s and --encoding %s contradict each other: no %s is written here; end the name in %s", shown, encoding, extension, endingOf(encoding))
	}
	return "", usagef("%s and --encoding %s contradict each other; end the name in %s, or leave out --encoding to get %s", shown, encoding, endingOf(encoding), cmp.Or(holds...))
}

func orSay(holds []string) string {
	if known := cmp.Or(holds...); known != "" || len(holds) == 0 {
		return ", or say with --encoding " + cmp.Or(known, "NAME") + " what it shall hold"
	}
	return ""
}

// endingOf is how files of an encoding end, empty for what is none.
func endingOf(encoding string) string {
	for _, extension := range []string{".wav", ".mp3", ".ogg", ".m4a", ".pcm"} {
		if slices.Contains(endings[extension], encoding) {
			return extension
		}
	}
	return ""
}
