package command

import (
	"errors"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// translations are what sentences of the API say at a terminal, where nobody calls
// methods and sets fields. Each is one of the API's, and of the same meaning.
var translations = []struct {
	api  *regexp.Regexp
	here string
}{
	{regexp.MustCompile(`Voice '(.*?)' does not exist\. Is it misspelled\? `), "No voice is called '$1'. "},
	{regexp.MustCompile(`ListVoices tells which voices there are`), "`lectern voices` lists them"},
	{regexp.MustCompile(`This voice requires a model name to be specified\. Set voice\.model_name, or use a full name`), "No voice is called so by itself. Use a full name"},
	{regexp.MustCompile(`(?s)Either .input\.text. or .input\.ssml. is longer than the limit of (\d+) bytes\..*SynthesizeLongAudio.*The text has (\d+) bytes\.`),
		"The server speaks at most $1 bytes at once, and the text has $2. `lectern long` speaks it, and so does `lectern say` without a server."},
	{regexp.MustCompile(`(?s)Either .input\.text. or .input\.ssml. is longer than the limit of (\d+) bytes\..* The text has (\d+) bytes\.`),
		"The server speaks at most $1 bytes in one operation, and the text has $2. Split it over several."},
	{regexp.MustCompile(`SynthesizeLongAudio`), "`lectern long`"},
	{regexp.MustCompile(`The header x-idempotency-key must be given once and have`), "--idempotency-key must have"},
}

// atTerminal is a sentence of the API in the words of the command line.
func atTerminal(sentence string) string {
	for _, t := range translations {
		sentence = t.api.ReplaceAllString(sentence, t.here)
	}
	return sentence
}

// packages are those of Go that put their names in front of what they say.
var packages = regexp.MustCompile(`^(?:tls|x509|pem|json|hex|base64): `)

// withoutCalls is the text of an error without the names of the functions that failed:
// of "open x: no such file or directory" only what is wrong with x.
func withoutCalls(text string, err error) string {
	for _, cause := range causes(err) {
		plain := ""
		switch e := cause.(type) { //nolint:errorlint // each of the chain is looked at by itself
		case *fs.PathError:
			plain = e.Path + ": " + e.Err.Error()
		case *os.LinkError:
			plain = e.New + ": " + e.Err.Error()
		case *os.SyscallError:
			plain = e.Err.Error()
		case *exec.Error:
			plain = e.Name + ": " + e.Err.Error()
		case *net.OpError:
			text = strings.ReplaceAll(text, "dial error: "+e.Error(), e.Error()) // the database's client's
			plain = e.Err.Error()
		case *net.DNSError:
			plain = e.Err
		default:
			if errors.Unwrap(cause) != nil || !packages.MatchString(cause.Error()) {
				continue
			}
			plain = packages.ReplaceAllString(cause.Error(), "")
		}
		text = strings.ReplaceAll(text, cause.Error(), plain)
	}
	return text
}

// causes are err and all that it wraps, the outermost first.
func causes(err error) []error {
	if err == nil {
		return nil
	}
	all := []error{err}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range several.Unwrap() {
			all = append(all, causes(one)...)
		}
		return all
	}
	return append(all, causes(errors.Unwrap(err))...)
}
