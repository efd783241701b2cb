package opinion

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/lectern/lectern/ssml"
)

func TestSentences(t *testing.T) {
	all := Sentences()
	if len(all) != 20 {
		t.Errorf("there are %d sentences", len(all))
	}
	for _, s := range all {
		if n := len(strings.Fields(s.Text)); n < 8 || n > 20 || strings.ContainsAny(s.Text, "|*") {
			t.Errorf("%q has %d words", s.Text, n)
		}
		if s.before+s.after != s.Text || strings.Count(s.Text, s.stressed) != 1 {
			t.Errorf("%q is cut into %q and %q, %q is stressed", s.Text, s.before, s.after, s.stressed)
		}
		for _, document := range []string{s.Marked(), s.Broken(), s.Stressed()} {
			if _, err := ssml.Parse(document, ssml.Limits{}); err != nil || !strings.Contains(document, "<") {
				t.Errorf("%s: %v", document, err)
			}
		}
	}
}

// wav is a file with a chunk of odd size before its sound, whose length it does
// not know, as ffmpeg writes it into a pipe.
func wav(channels uint16) []byte {
	b := []byte("RIFF\xff\xff\xff\xffWAVELIST\x03\x00\x00\x00abc\x00fmt \x10\x00\x00\x00\x01\x00")
	b = binary.LittleEndian.AppendUint16(b, channels)
	b = binary.LittleEndian.AppendUint32(b, 22050)
	b = append(b, 0, 0, 0, 0, 2, 0, 16, 0)
	return append(b, "data\xff\xff\xff\xff\x00\x40\x00\x80"...)
}

func TestDecode(t *testing.T) {
	sound, err := decode(wav(1))
	if err != nil || sound.Rate != 22050 || len(sound.Samples) != 2 || sound.Samples[0] != 0.5 || sound.Samples[1] != -1 {
		t.Errorf("%v, %v", sound, err)
	}
	for _, bad := range []string{"", "RIFF1234WAVE", string(wav(1)[:40]), string(wav(2)), strings.Repeat("a", 100)} {
		if sound, err := decode([]byte(bad)); err == nil {
			t.Errorf("%q is %v", bad, sound)
		}
	}
}
