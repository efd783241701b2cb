package ssml

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// form checks an attribute's value: it returns what the value should be, or
// nothing when it is.
type form func(value string) (want string)

func anyValue(string) string { return "" }

func notEmpty(value string) string {
	if value == "" {
		return "not empty"
	}
	return ""
}

// maxPh bounds the length of a pronunciation in bytes: it is one of a word.
const maxPh = 2000

func transcribed(value string) string {
	if value == "" || len(value) > maxPh {
		return "not empty, and at most " + strconv.Itoa(maxPh) + " bytes long"
	}
	return ""
}

// oneOf is a form of listed values.
func oneOf(values ...string) form {
	want := "one of " + strings.Join(values, ", ")
	return func(value string) string {
		if slices.Contains(values, value) {
			return ""
		}
		return want
	}
}

// read is a form of all that parse reads.
func read[T any](parse func(string) (T, bool), want string) form {
	return func(value string) string {
		if _, ok := parse(value); ok {
			return ""
		}
		return want
	}
}

// either is a form of listed values and of all that parse reads.
func either[T any](parse func(string) (T, bool), want string, values ...string) form {
	want += ", or one of " + strings.Join(values, ", ")
	return func(value string) string {
		if _, ok := parse(value); ok || slices.Contains(values, value) {
			return ""
		}
		return want
	}
}

// maxBreak is the longest pause that a break may ask for.
const maxBreak = time.Minute

func pauseLength(value string) string {
	d, ok := parseLength(value)
	if !ok || strings.HasSuffix(value, "min") || strings.HasSuffix(value, "h") {
		return `a number and a unit (s or ms) without a space, such as "3s" or "250ms"`
	}
	if d > maxBreak {
		return "at most " + strconv.Itoa(int(maxBreak/time.Second)) + "s"
	}
	return ""
}

// strengths are the pauses of break's strengths. Google publishes no
// lengths (docs/contract.md 4.1), only that they do not decrease; medium is about a full stop's pause.
var strengths = map[string]time.Duration{
	"none":     0,
	"x-weak":   150 * time.Millisecond,
	"weak":     300 * time.Millisecond,
	"medium":   500 * time.Millisecond,
	"strong":   800 * time.Millisecond,
	"x-strong": 1200 * time.Millisecond,
}

// pause is how long a break lasts: its time if it has one, else that of its
// strength, which is medium if it has none.
func pause(e *Element) time.Duration {
	if value, ok := e.Attribute("time"); ok {
		d, _ := parseLength(value)
		return d
	}
	if value, ok := e.Attribute("strength"); ok {
		return strengths[value]
	}
	return strengths["medium"]
}

// maxSoundLevel bounds soundLevel, in dB either way.
const maxSoundLevel = 40

func soundLevel(value string) string {
	if db, ok := parseDecibels(value, false); ok && db >= -maxSoundLevel && db <= maxSoundLevel {
		return ""
	}
	return `a level from -40dB to +40dB, such as "-6dB"`
}

const identifierWanted = "letters, digits, -, _ and #, written as they are"

// identifier is the xml:id of a media.
func identifier(value string) string {
	if isIdentifier(value) {
		return ""
	}
	return identifierWanted
}

func isIdentifier(value string) bool {
	for _, c := range value {
		if c != '-' && c != '_' && c != '#' && !unicode.IsLetter(c) && !unicode.Is(unicode.Nd, c) {
			return false
		}
	}
	return value != ""
}

func variant(value string) string {
	if n, err := strconv.ParseUint(value, 10, 31); err == nil && n > 0 && digits(value) == len(value) {
		return ""
	}
	return "a whole number from 1"
}

// features are what voices can be chosen by.
var features = []string{"name", "gender", "variant", "language"}

func featureList(value string) string {
	fields := strings.Fields(value)
	for _, f := range fields {
		if !slices.Contains(features, f) {
			fields = nil
		}
	}
	if len(fields) == 0 {
		return "a list of " + strings.Join(features, ", ") + ` with spaces between, such as "gender language"`
	}
	return ""
}

// source checks an address as far as can be told without fetching it. allowed
// says which schemes may be used.
func source(value string, allowed func(scheme string) bool) (want string) {
	const remedy = `an address that begins with https:// or data:`
	scheme, rest, ok := strings.Cut(value, ":")
	scheme = strings.ToLower(scheme)
	if !ok || !isScheme(scheme) || !allowed(scheme) {
		return remedy
	}
	switch scheme {
	case "https", "http":
		if u, err := url.Parse(value); err != nil || u.Hostname() == "" {
			return remedy + ", with a host and no characters that addresses do not allow"
		}
	case "data":
		if head, _, ok := strings.Cut(rest, ","); !ok || strings.ContainsAny(head, space) {
			return `data:TYPE;base64, and the sound in base64`
		}
	default:
		if rest == "" {
			return remedy
		}
	}
	return ""
}

// isScheme is the production scheme of RFC 3986, in lower case.
func isScheme(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.') {
			continue
		}
		return false
	}
	return s != ""
}

func fetched(scheme string) bool { return scheme == "https" || scheme == "data" }
