package command

import (
	"errors"
	"strings"
	"testing"
)

func TestEndingsAndEncodings(t *testing.T) {
	for _, tc := range []struct {
		name, encoding string
		want           string // what is written
		refused        string // or what a usage error says, besides both
	}{
		{"", "", "", ""},
		{"-", "mp3", "MP3", ""},
		{"/dev/null", "", "", ""},
		{"/srv/v1.2/hello", "", "", ""},
		{".", "", "", ""},
		{"../x", "", "", ""},
		{"a.wav", "", "LINEAR16", ""},
		{"a.WAV", "mulaw", "MULAW", ""},
		{"a.mp3", "", "MP3", ""},
		{"a.mp3", "MP3_64_KBPS", "MP3_64_KBPS", ""},
		{"a.b.opus", "", "OGG_OPUS", ""},
		{"a.mp4", "", "M4A", ""},
		{"a.raw", "", "PCM", ""},
		{"a.sound", "LINEAR16", "LINEAR16", ""},
		{"gs://b/x", "", "", ""},
		{"gs://b/x", "MP3", "MP3", ""},
		{"gs://b.flac/x", "", "", ""},
		{"gs://b/book.v2", "", "", ""},
		{"gs://b/book.m4b", "M4A", "M4A", ""},
		{"gs://b/book.mp3", "", "MP3", ""},
		// A later server may have it.
		{"a.wav", "WAV_32", "WAV_32", ""},

		{"a.sound", "", "", "say with --encoding NAME"},
		{"a.flac", "", "", "end it in .wav"},
		{"a.aac", "", "", "end it in .wav"},
		{"a.m4b", "", "", "say with --encoding M4A"},
		{"gs://b/a.flac", "", "", "end it in .wav"},
		{"gs://b/a.AAC", "", "", "end it in .wav"},
		{"gs://b/a.m4b", "", "", "say with --encoding M4A"},
		{"a.wav", "MP3", "", "end the name in .mp3, or leave out --encoding to get LINEAR16"},
		{"a.wav", "PCM", "", "end the name in .pcm"},
		{"a.mp3", "linear16", "", "end the name in .wav"},
		{"a.m4a", "MP3", "", "end the name in .mp3"},
		{"a.ogg", "MULAW", "", "end the name in .wav"},
		{"a.pcm", "LINEAR16", "", "end the name in .wav"},
		{"a.flac", "MP3", "", "no .flac is written here; end the name in .mp3"},
		{"gs://b/a.wav", "MP3", "", "end the name in .mp3"},
		{"gs://b/a.m4b", "MP3", "", "end the name in .mp3"},
	} {
		got, err := encodingFor(tc.name, tc.encoding)
		if got != tc.want || (err == nil) != (tc.refused == "") {
			t.Errorf("%s %s: %q, %v", tc.name, tc.encoding, got, err)
			continue
		}
		if err == nil {
			continue
		}
		var usage usageError
		if text := err.Error(); !errors.As(err, &usage) || !strings.Contains(text, tc.name) || !strings.Contains(text, strings.ToUpper(tc.encoding)) || !strings.Contains(text, tc.refused) {
			t.Errorf("%s %s: %v", tc.name, tc.encoding, err)
		}
	}
}

// TestEveryEncodingHasAnEnding holds the table to the encodings that there are.
func TestEveryEncodingHasAnEnding(t *testing.T) {
	known := map[string]bool{"": true}
	for _, name := range newFormats().Names() {
		if known[name] = true; endingOf(name) == "" {
			t.Errorf("no file's name says %s", name)
		}
	}
	for extension, holds := range endings {
		for _, name := range holds {
			if !known[name] {
				t.Errorf("%s holds %q", extension, name)
			}
		}
	}
}
