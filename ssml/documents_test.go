package ssml_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/ssml"
)

const shared = "../../shared/testdata/ssml/documents"

// documents are the documents of others that are shared by all of the project,
// by name. They are not part of the source: without them the map is empty.
func documents(t testing.TB) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(shared, "*.ssml"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(path), ".ssml")] = string(text)
	}
	return all
}

// TestDocuments reads whole documents that others wrote: "" is accepted,
// anything else is words of the reason.
func TestDocuments(t *testing.T) {
	all := documents(t)
	if len(all) == 0 {
		needs.Missing(t, "there are no documents in %s", shared)
	}
	wants := map[string]string{
		"kokoro-google-kitchen-sink":    "",
		"kokoro-google-media-par-seq":   "",
		"kokoro-google-say-as":          "",
		"kokoro-google-voice-lang-mark": "",

		"espeak-badly-escaped1":            "not well-formed",
		"espeak-badly-escaped2":            "not well-formed",
		"espeak-billion-laughs":            "DOCTYPE",
		"espeak-external-entity":           "DOCTYPE",
		"espeak-fuzz-100e74d9":             "",
		"espeak-fuzz-ca53d460":             "XML does not allow",
		"espeak-fuzz-cf29484e":             "malformed",
		"espeak-language-switch":           "",
		"espeak-linking-j":                 "outside <speak>",
		"espeak-malformed-tag1":            "not well-formed",
		"espeak-references":                "only one root",
		"espeak-spec-example-1":            "",
		"kokoro-azure-mstts-silence":       "<mstts:silence> is not an SSML element",
		"kokoro-azure-paragraphs-bookmark": "<bookmark> is not an SSML element",
		"kokoro-azure-structure":           `"volume" of <prosody> is "90"`,
		"kokoro-polly-tags":                "<amazon:domain> is not an SSML element",
		"kokoro-w3c-desc-audio":            `"src" of <audio> is "ichbineinberliner.wav"`,
		"w3c-03":                           `"src" of <audio> is "first.wav"`,
		"w3c-05":                           `no attribute "endmark"`,
		"w3c-06":                           `no attribute "startmark"`,
		"w3c-07":                           "ISO-8859-1",
		"w3c-10":                           "<metadata> is not an SSML element",
		"w3c-12":                           "<token> is not an SSML element",
		"w3c-13":                           "<lexicon> is not an SSML element",
		"w3c-14":                           "",
		"w3c-18":                           `"required" of <voice>`,
		"w3c-19":                           "",
		"w3c-21":                           "",
		"w3c-25":                           `"src" of <audio> is "radio.wav"`,
		"w3c-26":                           `"src" of <audio> is "radio.wav"`,
		"w3c-28":                           `"src" of <audio>`,
		"w3c-29":                           `"src" of <audio>`,
		"w3c-30":                           `no attribute "startmark"`,
		"w3c-33":                           "",
		"w3c-35":                           "",
	}
	for name, text := range all {
		t.Run(name, func(t *testing.T) {
			_, err := ssml.Parse(text, ssml.Limits{})
			want, known := wants[name]
			if !known {
				t.Logf("no verdict is known: %v", err)
			} else if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q", err, want)
			}
			if f := fault.From(err); f != nil && (f.Code != fault.InvalidArgument || f.Line < 1 || f.Column < 1) {
				t.Errorf("%v at %d:%d", f.Code, f.Line, f.Column)
			}
		})
	}
}
